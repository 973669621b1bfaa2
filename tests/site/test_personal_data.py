"""What leaves the site of a person (UU 27/2022): a NIP is date of birth, appointment, sex and serial number in one.

It is printed where the regulation's format wants it. Lists, exports and the API show it whole only to who keeps the
Pejabat records.
"""

import json
import re

import factory
import frappe
import pytest
from factory import PEMDA, A, forward, pk, user
from frappe.desk.search import search_widget

from perjankin_app.document import pdf, signed
from perjankin_app.records import ALL_RECORDS

PK, SETTINGS = "Perjanjian Kinerja", "Pengaturan Perjankin"
KEEPERS = {user("admin"), user("pemda", PEMDA)}
READERS = [user("staf"), user("penyusun"), user("kepala"), user("inspektur", PEMDA), user("pembina", PEMDA)]
WHOLE = re.compile(r"(?<!\d)19\d{16}(?!\d)")


@pytest.fixture
def done(in_force):
	"""A signed PK, with a letter that its head has signed."""
	doc = forward(pk(), until="Uji Kirim")
	frappe.set_user(user("penyusun"))
	letter = dict(perjanjian_kinerja=doc.name, jenis_dokumen="Surat Pengantar", kepada="Sekda", perihal="PK")
	signature = {"penanda_tangan_nama": "Uji kepala", "penanda_tangan_nip": nip_of("kepala")}
	frappe.db.set_value("Naskah Dinas", factory.make("Naskah Dinas", **letter), signature)
	frappe.set_user("Administrator")
	return doc


def nip_of(key: str) -> str:
	return frappe.db.get_value("Pejabat", {"user": user(key)}, "nip")


def asked(login: str, call: str, **args) -> str:
	"""The answer of core's call, files included, as text."""
	frappe.set_user(login)
	frappe.local.response = frappe._dict(docs=[])
	frappe.local.form_dict = frappe._dict(args)
	found = frappe.call(frappe.get_attr(call), **args)
	response = frappe.local.response
	content = response.get("filecontent") or response.get("result") or ""
	if isinstance(content, bytes):
		content = content.decode()
	frappe.set_user("Administrator")
	return content + frappe.as_json(found)


def fields_of(doctype: str) -> list[str]:
	return [df.fieldname for df in frappe.get_meta(doctype).fields if df.fieldtype in ("Data", "Code")]


def report_view(doctype, fields, **more):
	return dict(
		call="frappe.desk.reportview.export_query",
		doctype=doctype,
		fields=json.dumps(fields),
		file_format_type="CSV",
		view="Report",
		**more,
	)


def by_columns(doctype):
	return report_view(doctype, [f"`tab{doctype}`.`{field}`" for field in ("name", *fields_of(doctype))])


def by_wildcard(doctype):
	return report_view(doctype, ["*"])


def by_function(doctype):
	nips = [field for field in fields_of(doctype) if field.endswith("nip")]
	return report_view(doctype, ["name", *(f"max(`tab{doctype}`.`{nip}`) as x{nip}" for nip in nips)])


def for_import(doctype):
	return dict(
		call="frappe.core.doctype.data_import.data_import.download_template",
		doctype=doctype,
		export_fields=json.dumps({doctype: ["name", *fields_of(doctype)]}),
		export_records="all",
	)


def data_export(doctype):
	return dict(
		call="frappe.core.doctype.data_export.exporter.export_data",
		doctype=doctype,
		parent_doctype=doctype,
		with_data=True,
		file_type="CSV",
	)


EXPORTS = [by_columns, by_wildcard, by_function, for_import, data_export]


# ---------------------------------------------------------------------------------------------------------------- shown


@pytest.mark.parametrize("login", [*READERS, *KEEPERS])
def test_no_list_shows_a_whole_nip(done, login):
	"""Of any DocType of ours, by the list of the desk and of the API; Pejabat to who keeps it."""
	for doctype in ALL_RECORDS:
		meta = frappe.get_meta(doctype)
		if meta.issingle or meta.istable or (doctype == "Pejabat" and login in KEEPERS):
			continue
		frappe.set_user(login)
		if frappe.has_permission(doctype, "read"):
			rows = frappe.get_list(doctype, fields=["*"], limit_page_length=0)
			assert not WHOLE.search(frappe.as_json(rows)), doctype


@pytest.mark.parametrize("how", EXPORTS, ids=lambda how: how.__name__)
@pytest.mark.parametrize(
	"doctype, login",
	[
		(PK, user("staf")),
		(PK, user("penyusun")),
		(PK, user("admin")),
		("Naskah Dinas", user("penyusun")),
		("Naskah Dinas", user("inspektur", PEMDA)),
		("Pejabat", user("inspektur", PEMDA)),
	],
)
def test_no_export_holds_a_whole_nip(done, how, doctype, login):
	assert frappe.get_all(doctype)
	try:
		answer = asked(login, **how(doctype))
	except (frappe.PermissionError, frappe.DataError) as refused:
		assert how is by_function, refused
		return
	finally:
		frappe.set_user("Administrator")
	assert not WHOLE.search(answer)
	if how is not by_function:
		frappe.set_user(login)
		assert all(row in answer for row in frappe.get_list(doctype, pluck="name"))


@pytest.mark.parametrize("login", READERS)
def test_a_form_shows_no_whole_nip(done, login):
	frappe.set_user(login)
	for doctype in (PK, "Naskah Dinas", "Pejabat", "Dokumen Final"):
		doc = frappe.get_doc(doctype, frappe.get_list(doctype, pluck="name")[0])
		doc.apply_fieldlevel_read_permissions()
		assert not WHOLE.search(frappe.as_json(doc)), doctype


def test_a_reader_tells_two_officials_apart(done):
	"""Appointment and serial number stay; date of birth and sex don't."""
	nip = nip_of("kepala")
	row = {"user": user("kepala")}
	assert frappe.db.get_value("Pejabat", row, "nip_tampil") == f"********{nip[8:14]}*{nip[15:]}"
	answer = asked(user("inspektur", PEMDA), **by_columns("Pejabat"))
	assert f"********{nip[8:14]}*{nip[15:]}" in answer


@pytest.mark.parametrize("login", sorted(KEEPERS))
@pytest.mark.parametrize("how", [by_columns, for_import, data_export], ids=lambda how: how.__name__)
def test_who_keeps_the_officials_exports_them_whole(done, how, login):
	assert nip_of("kepala") in asked(login, **how("Pejabat"))


def test_officials_are_found_by_what_is_shown(done):
	"""In a link field. v16 refuses a search by a field that the user may not read."""
	for login in (user("admin"), user("penyusun")):
		frappe.set_user(login)
		frappe.local.response = frappe._dict(docs=[])
		found = search_widget("Pejabat", nip_of("kepala")[8:14], page_length=50)
		found = frappe.as_json(found or frappe.local.response.get("results"))
		assert frappe.db.get_value("Pejabat", {"user": user("kepala")}) in found
		assert not WHOLE.search(found)


# ------------------------------------------------------------------------------------------------------------ the setting


def set_masking(on: int):
	frappe.set_user(user("pemda", PEMDA))
	frappe.get_doc(SETTINGS).update({"samarkan_nip": on}).save()
	frappe.set_user("Administrator")


def test_it_is_on_until_an_admin_says_otherwise(done):
	assert frappe.db.get_single_value(SETTINGS, "samarkan_nip") == 1
	inspector = user("inspektur", PEMDA)
	modified = frappe.db.get_value("Pejabat", {"user": user("kepala")}, "modified")
	set_masking(0)
	assert nip_of("kepala") in asked(inspector, **by_columns("Pejabat"))
	official = factory.make(
		"Pejabat", nama="Uji Baru", opd=A, status_kepegawaian="PNS", nip="198502282010011234"
	)
	assert frappe.db.get_value("Pejabat", official, "nip_tampil") == "198502282010011234"
	set_masking(1)
	assert not WHOLE.search(asked(inspector, **by_columns("Pejabat")))
	assert frappe.db.get_value("Pejabat", official, "nip_tampil") == "********201001*234"
	assert frappe.db.get_value("Pejabat", {"user": user("kepala")}, "modified") == modified


def test_the_two_ways_to_mask_agree(done):
	"""All at once by the database, one by one in Python; also of who has no NIP."""
	rows = {row.name: row.nip_tampil for row in frappe.get_all("Pejabat", fields=["name", "nip_tampil"])}
	set_masking(0)
	set_masking(1)
	for name, shown in rows.items():
		assert (frappe.db.get_value("Pejabat", name, "nip_tampil") or "") == (shown or "")


# ------------------------------------------------------------------------------------------------------- nothing is lost


@pytest.mark.parametrize("login", sorted(KEEPERS))
def test_a_masked_nip_does_not_come_back(client, login):
	name = frappe.db.get_value("Pejabat", {"user": user("staf")})
	nip, shown = frappe.db.get_value("Pejabat", name, ["nip", "nip_tampil"])
	answer = client(login).put(f"/api/resource/Pejabat/{name}", json={"nip": shown})
	assert answer.status_code == 417 and "NIP: " in answer.text
	assert client(login).put(f"/api/resource/Pejabat/{name}", json={"nip_tampil": "1"}).status_code == 200
	assert frappe.db.get_value("Pejabat", name, ["nip", "nip_tampil"]) == (nip, shown)


def test_an_import_of_an_export_changes_nobody(done):
	"""Data Import, update: of the whole export of who keeps the records, and of a masked one."""
	from frappe.core.doctype.data_import.importer import Importer

	before = frappe.get_all("Pejabat", {"opd": A}, ["name", "nama", "nip", "nip_tampil"], order_by="name")
	for login in (user("admin"), user("inspektur", PEMDA)):
		columns = {"Pejabat": ["name", "nama", "nip", "nip_tampil"]}
		export = for_import("Pejabat") | {
			"export_fields": json.dumps(columns),
			"export_filters": json.dumps({"opd": A}),
		}
		text = asked(login, **export).removesuffix("null")
		file = frappe.get_doc(
			doctype="File", file_name="uji.csv", is_private=1, content=text.encode()
		).insert()
		frappe.set_user(user("admin"))
		run = frappe.get_doc(
			doctype="Data Import", reference_doctype="Pejabat", import_type="Update Existing Records"
		)
		run.flags.ignore_permissions = True
		run.insert().db_set("import_file", file.file_url)
		Importer("Pejabat", data_import=run).import_data()
		frappe.set_user("Administrator")
		after = frappe.get_all("Pejabat", {"opd": A}, ["name", "nama", "nip", "nip_tampil"], order_by="name")
		assert before == after


def test_a_draft_keeps_its_parties_when_its_drafter_saves(client, in_review):
	"""The form came without NIP and goes back without."""
	doc = factory.act(in_review, "Kembalikan", by=user("kasubbag"), reason="Uji")
	frappe.db.commit()
	nip = doc.pihak_pertama_nip
	assert nip == nip_of("kepala")
	drafter = client(user("penyusun"))
	sent = drafter.get(f"/api/resource/{PK}/{doc.name}").json["data"]
	assert not sent.get("pihak_pertama_nip")
	answer = drafter.put(f"/api/resource/{PK}/{doc.name}", json=sent | {"tempat": "Kota Lain"})
	assert answer.status_code == 200, answer.text
	assert frappe.db.get_value(PK, doc.name, ["pihak_pertama_nip", "tempat"]) == (nip, "Kota Lain")


def test_the_paper_has_it(done):
	"""As PermenPANRB 53/2014 has the form: in the signed file, and in a print by who sees no NIP in the desk."""
	text = "".join(pdf.pages(signed.content_of(done.pdf_final)))
	assert done.pihak_pertama_nip in text
	frappe.set_user(user("staf"))
	assert done.pihak_pertama_nip in frappe.get_print(PK, done.name, "Perjanjian Kinerja")
