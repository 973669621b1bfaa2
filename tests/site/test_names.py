"""Core lets whoever may read a document rename or merge it (`Document.rename` with validate_rename=0); ours keep their names."""

import json

import factory
import frappe
import pytest
from factory import PEMDA, A, B, act, pk, user

RENAME = {"force": 1, "validate_rename": 0}


@pytest.fixture
def running(committed, in_force):
	doc = act(pk(), "Selesai", by=user("penyusun"))
	frappe.set_user("Administrator")
	frappe.db.commit()
	yield doc
	factory.purge_documents()


def rename(client, doctype, name, new):
	args = json.dumps({"name": new, **RENAME})
	return client.post(
		"/api/method/run_doc_method", json=dict(method="rename", dt=doctype, dn=name, args=args)
	)


def test_a_reader_renames_nothing(client, running):
	cases = (
		("Perjanjian Kinerja", running.name),
		("Alur Persetujuan", running.alur),
		("Jabatan", factory.post("staf")),
		("Penugasan Jabatan", factory.assignment("staf")),
		("Indikator Kinerja", factory.indicator("Indeks Layanan")),
		("Periode Kinerja", str(factory.YEAR)),
		("Unit Kerja", A),
	)
	c, new = client(user("staf")), "2099"  # MariaDB itself takes nothing else for a Periode's year
	for doctype, name in cases:
		assert rename(c, doctype, name, new).status_code == 403, doctype
		frappe.db.rollback()
		assert frappe.db.exists(doctype, name) and not frappe.db.exists(doctype, new), doctype


def test_a_pk_is_not_discarded(client, running):
	for login in ("penyusun", "kasubbag", "admin"):
		client(user(login)).post(
			"/api/method/frappe.desk.form.save.discard", json=dict(doctype=running.doctype, name=running.name)
		)
		frappe.db.rollback()
		assert frappe.db.get_value(running.doctype, running.name, "docstatus") == 0


def test_who_may_write_a_unit_renames_it_while_it_has_no_history():
	frappe.set_user(user("pemda", PEMDA))
	assert frappe.rename_doc("Unit Kerja", "Bidang - UJI-B", "Bidang Uji Baru", show_alert=False)
	assert frappe.db.get_value("Jabatan", factory.post("kabid", B), "unit") == "Bidang Uji Baru"
