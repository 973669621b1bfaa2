"""Every cell of the table in matrix.py, over HTTP with a client that is logged in as that user.

DOCS=1 writes the table anew into docs/matriks-izin.md.
"""

import os
from pathlib import Path

import factory
import frappe
import matrix
import pytest
from factory import act, pk, user
from matrix import PK, SUBJECTS, TABLE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "matriks-izin.md"


@pytest.fixture(scope="module")
def world_with_traces(in_force, site):
	"""A PK of OPD A with a trace of it in every table of core's that may hold one; gives a maker of it."""
	made = []

	def make():
		factory.purge_documents()
		made.append(traced(site))
		return made[-1]

	yield make
	frappe.set_user("Administrator")
	for doctype, field in (("Tag Link", "document_name"), ("ToDo", "reference_name"), ("Communication", "reference_name"), ("Document Follow", "ref_docname")):  # fmt: skip
		frappe.db.delete(doctype, {field: ("in", [doc.name for doc in made])})
	in_global_search(False)
	frappe.db.set_value("User", user("kepala"), "document_follow_notify", 0)
	factory.purge_documents()


def traced(site):
	doc = pk()
	frappe.db.commit()
	doc = frappe.get_doc(PK, doc.name)
	frappe.flags.in_test, in_test = False, frappe.flags.in_test  # else core writes no Version
	if hasattr(frappe, "in_test"):
		frappe.in_test = False
	doc.tempat = "Kota Perubahan"
	doc.save()
	frappe.flags.in_test = in_test
	if hasattr(frappe, "in_test"):
		frappe.in_test = in_test
	assert frappe.db.exists("Version", {"docname": doc.name})
	doc = act(doc, "Selesai", by=user("penyusun"))
	frappe.set_user("Administrator")
	doc.add_comment("Comment", "catatan rahasia")
	about = {"reference_doctype": PK, "reference_name": doc.name}
	frappe.get_doc(doctype="Communication", subject="x", content="catatan rahasia", **about).insert()
	doc.add_tag("ujitag")
	todo = {"reference_type": PK, "reference_name": doc.name, "allocated_to": user("kasubbag")}
	frappe.get_doc(doctype="ToDo", description="x", **todo).insert()
	file = frappe.get_doc(doctype="File", file_name="rahasia.txt", content=f"rahasia {doc.name}", is_private=0, attached_to_doctype=PK, attached_to_name=doc.name).insert()  # fmt: skip
	frappe.db.set_value("User", user("kepala"), "document_follow_notify", 1)
	frappe.clear_cache(user=user("kepala"))
	frappe.get_doc(
		doctype="Document Follow", ref_doctype=PK, ref_docname=doc.name, user=user("kepala")
	).insert()
	index_row = {
		"doctype": PK,
		"name": doc.name,
		"title": "x",
		"content": "ujicari",
		"route": "x",
		"published": 0,
	}
	in_global_search(True)
	table = frappe.qb.Table("__global_search")
	frappe.qb.into(table).columns(*index_row).insert(*index_row.values()).run()
	frappe.db.commit()
	doc = frappe.get_doc(PK, doc.name)
	doc.flags.file_url = file.file_url
	assert file.file_url.startswith("/private/")
	return doc


def in_global_search(on):
	"""As an admin would add or remove it there."""
	table = frappe.qb.Table("__global_search")
	frappe.qb.from_(table).delete().where(table.doctype == PK).run()
	settings = frappe.get_single("Global Search Settings")
	rows = [row for row in settings.allowed_in_global_search if row.document_type != PK]
	settings.set("allowed_in_global_search", [*rows, {"document_type": PK}] if on else rows)
	settings.save()


@pytest.mark.parametrize("surface", TABLE)
def test_surface(client, world_with_traces, surface, request):
	probe, who = TABLE[surface]
	if surface == "Pencarian umum" and frappe.db.db_type == "sqlite":
		pytest.skip("the snapshot has no full-text search on SQLite")
	holder = request.module.__dict__.setdefault("_current", {})
	without_penugasan()
	wrong = []
	for key, (heading, login) in SUBJECTS.items():
		if "doc" not in holder:
			holder["doc"] = world_with_traces()
		answer = probe(client(login), holder["doc"])
		if answer != (key in who):
			wrong.append(f"{heading}: {'reached it' if answer else 'did not reach it'}")
		frappe.db.rollback()
		stored = frappe.db.get_value(PK, holder["doc"].name, ["workflow_state", "modified"])
		if not stored or stored[0] != holder["doc"].workflow_state:
			del holder["doc"]
	assert not wrong, wrong


def without_penugasan():
	"""Somebody who was given roles by hand, but no Penugasan."""
	login = SUBJECTS["tanpa"][1]
	if not frappe.db.exists("User", login):
		frappe.get_doc(
			doctype="User", email=login, first_name="Uji tanpa tugas", send_welcome_email=0
		).insert()
	frappe.get_doc("User", login).add_roles(
		"PK Kepala OPD", "PK Pegawai", "PK Admin OPD", "PK Kasubbag Perencanaan"
	)
	frappe.db.commit()


def test_the_page_shows_the_table():
	if "DOCS" in os.environ:
		PAGE.write_text(matrix.markdown())
	assert PAGE.read_text() == matrix.markdown(), "run it with DOCS=1"
