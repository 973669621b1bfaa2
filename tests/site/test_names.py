"""Core lets whoever may read a document rename or merge it (`Document.rename` with validate_rename=0); ours keep their names."""

import json

import factory
import frappe
from factory import PEMDA, A, B, user

from perjankin_app.install import MODULE
from perjankin_app.records import ALL_RECORDS

RENAME = {"force": 1, "validate_rename": 0}


def rename(client, doctype, name, new):
	args = json.dumps({"name": new, **RENAME})
	return client.post(
		"/api/method/run_doc_method", json=dict(method="rename", dt=doctype, dn=name, args=args)
	)


def test_a_reader_renames_nothing(client, in_review):
	cases = (
		("Perjanjian Kinerja", in_review.name),
		("Alur Persetujuan", in_review.alur),
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


def test_a_pk_is_not_discarded(client, in_review):
	for login in ("penyusun", "kasubbag", "admin"):
		client(user(login)).post(
			"/api/method/frappe.desk.form.save.discard",
			json=dict(doctype=in_review.doctype, name=in_review.name),
		)
		frappe.db.rollback()
		assert frappe.db.get_value(in_review.doctype, in_review.name, "docstatus") == 0


def test_who_may_write_a_unit_renames_it_while_it_has_no_history():
	frappe.set_user(user("pemda", PEMDA))
	assert frappe.rename_doc("Unit Kerja", "Bidang - UJI-B", "Bidang Uji Baru", show_alert=False)
	assert frappe.db.get_value("Jabatan", factory.post("kabid", B), "unit") == "Bidang Uji Baru"


def test_no_doctype_of_ours_is_forgotten():
	"""hooks.py takes them from this list, for it can't ask the database."""
	assert set(ALL_RECORDS) == set(frappe.get_all("DocType", {"module": MODULE}, pluck="name"))
