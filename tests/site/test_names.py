"""Core lets whoever may read a document rename or merge it (`Document.rename` with validate_rename=0); ours keep their names."""

import json

import factory
import frappe
import pytest
from factory import PEMDA, A, B, act, pk, user

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


@pytest.mark.parametrize("doctype", ["Riwayat Alur", "Perjanjian Kinerja"])
@pytest.mark.parametrize("merge", [False, True])
def test_nor_does_a_system_manager_who_allows_it(in_review, doctype, merge):
	"""By a Property Setter, which core asks before it asks us."""
	act(in_review, "Kembalikan", by=user("kasubbag"), reason="Kurang")
	other = pk(opd=B)
	names = frappe.get_all(doctype, {"opd": A}, pluck="name", order_by="name")
	frappe.set_user(f"sistem@{factory.DOMAIN}")
	try:
		frappe.get_doc(
			doctype="Property Setter", doctype_or_field="DocType", doc_type=doctype,
			property="allow_rename", property_type="Check", value="1",
		).insert()  # fmt: skip
		frappe.clear_cache(doctype=doctype)
		new = (names[1] if len(names) > 1 else other.name) if merge else "LAIN"
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(doctype, names[0]).rename(new, merge=merge, validate_rename=False)
	finally:
		frappe.db.rollback()
		frappe.clear_cache(doctype=doctype)


def test_a_pk_is_not_discarded(client, in_review):
	for login in ("penyusun", "kasubbag", "admin"):
		client(user(login)).post(
			"/api/method/frappe.desk.form.save.discard",
			json=dict(doctype=in_review.doctype, name=in_review.name),
		)
		frappe.db.rollback()
		assert frappe.db.get_value(in_review.doctype, in_review.name, "docstatus") == 0


@pytest.mark.parametrize(
	"doctype", ["Target Kinerja", "Alur Persetujuan", "Langkah Alur", "Indikator Kinerja", "Unit Kerja"]
)
def test_no_record_of_ours_is_discarded(client, in_review, doctype):
	"""v16 sets docstatus 2 past validate, for whoever may write; also of a row."""
	name = {
		"Target Kinerja": in_review.target[0].name,
		"Alur Persetujuan": in_review.alur,
		"Unit Kerja": "Bidang - UJI-A",
	}.get(doctype) or frappe.get_all(
		doctype, {"parent": in_review.alur} if doctype == "Langkah Alur" else {"opd": A}, pluck="name"
	)[0]
	for login in (user("admin"), user("pemda", PEMDA), user("inspektur", PEMDA)):
		body = dict(doctype=doctype, name=name)
		client(login).post("/api/method/frappe.desk.form.save.discard", json=body)
		frappe.db.rollback()
		assert frappe.db.get_value(doctype, name, "docstatus") == 0, login


def test_who_may_write_a_unit_renames_it_while_it_has_no_history():
	frappe.set_user(user("pemda", PEMDA))
	assert frappe.rename_doc("Unit Kerja", "Bidang - UJI-B", "Bidang Uji Baru", show_alert=False)
	assert frappe.db.get_value("Jabatan", factory.post("kabid", B), "unit") == "Bidang Uji Baru"


def test_no_doctype_of_ours_is_forgotten():
	"""hooks.py takes them from this list, for it can't ask the database."""
	assert set(ALL_RECORDS) == set(frappe.get_all("DocType", {"module": MODULE}, pluck="name"))
