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


ABOUT = {  # core's tables that purge_documents leaves alone
	"Tag Link": "document_name",
	"ToDo": "reference_name",
	"Communication": "reference_name",
	"Activity Log": "reference_name",
	"Document Follow": "ref_docname",
	"Notification Log": "document_name",
}


class Current:
	"""The PK under test; made anew when a deed has changed it."""

	doc = None

	def take(self, client):
		if self.doc and matrix.changed(self.doc):
			self.remove()
		self.doc = self.doc or traced(client)
		return self.doc

	def remove(self):
		frappe.set_user("Administrator")
		for doctype, field in ABOUT.items():
			frappe.db.delete(doctype, {field: self.doc.name})
		in_global_search(False)
		factory.purge_documents()
		self.doc = None


@pytest.fixture(scope="module")
def current(in_force):
	current = Current()
	yield current
	if current.doc:
		current.remove()
	frappe.db.set_value("User", user("kepala"), "document_follow_notify", 0)
	frappe.db.commit()


def traced(client):
	"""A PK of OPD A with a trace of it in every table of core's that may hold one."""
	name = pk().name
	frappe.set_user("Administrator")
	# over HTTP: core writes no Version in test mode
	changed = client(user("penyusun")).put(f"/api/resource/{PK}/{name}", json={"tempat": "Kota Perubahan"})
	assert changed.status_code == 200, changed.text
	frappe.db.rollback()
	doc = frappe.get_doc(PK, name)
	assert frappe.db.exists("Version", {"docname": name})
	factory.papers(doc)
	doc = act(doc, "Selesai", by=user("penyusun"))
	frappe.set_user("Administrator")
	doc.add_comment("Comment", "catatan rahasia")
	about = {"reference_doctype": PK, "reference_name": doc.name}
	frappe.get_doc(doctype="Communication", subject="x", content="catatan rahasia", **about).insert()
	frappe.get_doc(doctype="Activity Log", subject="x", **about).insert()
	doc.add_tag("ujitag")
	todo = {"reference_type": PK, "reference_name": doc.name, "allocated_to": user("kasubbag")}
	frappe.get_doc(doctype="ToDo", description="x", **todo).insert()
	told = {"for_user": user("kepala"), "document_type": PK, "document_name": doc.name}
	frappe.get_doc(doctype="Notification Log", type="Alert", subject=doc.name, **told).insert()
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
def test_surface(client, current, surface):
	probe, who = TABLE[surface]
	if surface == "Pencarian umum" and frappe.db.db_type == "sqlite":
		pytest.skip("the snapshot has no full-text search on SQLite")
	without_penugasan()
	wrong = []
	for key, (heading, login) in SUBJECTS.items():
		answer = probe(client(login), current.take(client))
		if answer != (key in who):
			wrong.append(f"{heading}: {'reached it' if answer else 'did not reach it'}")
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
