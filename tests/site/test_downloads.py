"""Who was handed the bytes of a signed PK stands in core's Access Log: one row, whichever way they were asked for."""

import json

import frappe
import pytest
from factory import PEMDA, B, forward, user
from frappe.deferred_insert import save_to_db
from perjankin_app.perjankin_app.report.unduhan_pk.unduhan_pk import execute as report

from perjankin_app.document import bundle

PK, LOG = "Perjanjian Kinerja", "Access Log"
READER = user("staf")


@pytest.fixture
def done(in_review):
	"""A signed PK, committed."""
	doc = forward(in_review, until="Uji Kirim")
	frappe.set_user("Administrator")
	save_to_db()  # what earlier tests have left in Redis
	frappe.db.delete(LOG)
	frappe.db.commit()
	yield doc
	frappe.db.delete(LOG)
	frappe.db.delete("Communication", {"reference_doctype": "Pejabat"})
	frappe.db.delete("File", {"attached_to_doctype": "Communication"})
	frappe.db.commit()


def logged() -> list:
	"""What was logged since; v16 keeps rows in Redis for some minutes."""
	frappe.set_user("Administrator")
	save_to_db()
	frappe.db.commit()
	fields = ["user", "export_from", "reference_document", "file_type", "method"]
	return frappe.get_all(LOG, fields=fields, order_by="creation")


def file_of(doc) -> str:
	return frappe.db.get_value("File", {"file_url": doc.pdf_final, "attached_to_doctype": PK})


def by_url(http, doc):
	return http.get(doc.pdf_final)


def by_short_name(http, doc):
	return http.get("/api/method/download_file", query_string={"file_url": doc.pdf_final})


def by_name(http, doc):
	return http.get("/api/method/frappe.handler.download_file", query_string={"file_url": doc.pdf_final})


def by_alias(http, doc):
	call = "/api/method/frappe.core.doctype.file.file.download_file"
	return http.get(call, query_string={"file_url": doc.pdf_final})


def by_command(http, doc):
	return http.post("/", data={"cmd": "frappe.handler.download_file", "file_url": doc.pdf_final})


def by_second_version(http, doc):
	return http.get("/api/v2/method/frappe.handler.download_file", query_string={"file_url": doc.pdf_final})


def by_zip(http, doc):
	call = "/api/method/frappe.core.api.file.zip_files"
	return http.get(call, query_string={"files": json.dumps([file_of(doc)])})


BYTES = [by_url, by_short_name, by_name, by_alias, by_command, by_second_version, by_zip]


@pytest.mark.parametrize("way", BYTES, ids=lambda way: way.__name__)
def test_the_file_is_handed_out_once_and_logged_once(client, done, way):
	file = file_of(done)
	answer = way(client(READER), done)
	if answer.status_code in (404, 417):
		assert not logged()
		pytest.skip("this version has no such call")
	assert answer.status_code == 200 and answer.data[:4] in (b"%PDF", b"PK\x03\x04"), answer.text[:300]
	rows = logged()
	assert len(rows) == 1, rows
	(row,) = rows
	assert (row.user, row.export_from, row.reference_document) == (READER, "File", file)
	assert row.file_type == "pdf"


@pytest.mark.parametrize("way", BYTES, ids=lambda way: way.__name__)
@pytest.mark.parametrize("login", [user("staf", B), None])
def test_who_is_refused_is_not_logged_as_having_got_it(client, done, way, login):
	answer = way(client(login), done)
	assert b"%PDF" not in answer.data
	assert not logged()


@pytest.mark.parametrize("path", ["/printview", "/api/method/frappe.utils.print_format.download_pdf"])
def test_a_print_is_logged_by_core(client, done, path):
	asked = {"doctype": PK, "name": done.name, "format": "Perjanjian Kinerja", "no_letterhead": 1}
	answer = client(READER).get(path, query_string=asked)
	if answer.status_code != 200:
		pytest.skip("no program here that makes a PDF")
	rows = logged()
	assert len(rows) == 1, rows
	(row,) = rows
	assert (row.user, row.export_from, row.reference_document) == (READER, PK, done.name)


def test_a_bundle_is_logged(client, done):
	frappe.set_user(user("penyusun"))
	doc = frappe.get_doc(doctype="Bundel PK", opd=done.opd, periode="2026").insert()
	bundle.make(doc.name)
	doc.reload()
	frappe.db.commit()
	file = frappe.db.get_value("File", {"file_url": doc.berkas_zip})
	assert client(READER).get(doc.berkas_zip).status_code == 200
	rows = logged()
	assert len(rows) == 1, rows
	(row,) = rows
	assert (row.user, row.reference_document, row.file_type) == (READER, file, "zip")


def test_a_mail_with_the_file_is_logged(client, done):
	sent = dict(
		doctype="Pejabat",  # who may mail: nobody about a PK itself
		name=frappe.db.get_value("Pejabat", {"user": READER}),
		recipients="luar@uji.example",
		subject="Uji",
		content="Uji",
		attachments=json.dumps([file_of(done)]),
		send_email=0,
	)
	answer = client(user("admin")).post("/api/method/frappe.core.doctype.communication.email.make", json=sent)
	assert answer.status_code == 200, answer.text
	rows = logged()
	assert len(rows) == 1, rows
	(row,) = rows
	assert (row.user, row.reference_document) == (user("admin"), file_of(done))
	assert row.method == "Communication"


def test_the_hosts_files_are_logged_as_core_does(client, done):
	file = frappe.get_doc(
		doctype="File", file_name="uji.txt", content="Uji tuan rumah", is_private=1
	).insert()
	file.db_set("owner", READER)
	frappe.db.commit()
	try:
		assert by_name(client(READER), frappe._dict(pdf_final=file.file_url)).status_code == 200
		assert not logged()
	finally:
		file.delete()
		frappe.db.commit()


# ------------------------------------------------------------------------------------------------------------ who sees it


def told(login) -> list:
	frappe.set_user(login)
	rows = [(row["user"], row["perjanjian_kinerja"], row["cara"]) for row in report()[1]]
	frappe.set_user("Administrator")
	return rows


def test_the_admin_of_the_opd_sees_who_took_it(client, done):
	by_url(client(READER), done)
	by_zip(client(READER), done)
	client(READER).get("/printview", query_string={"doctype": PK, "name": done.name, "no_letterhead": 1})
	logged()
	expected = [(READER, done.name, how) for how in ("Cetak", "ZIP", "Berkas")]
	for login in (user("admin"), user("pemda", PEMDA), user("inspektur", PEMDA)):
		assert sorted(told(login)) == sorted(expected)
	assert not told(user("admin", B))


@pytest.mark.parametrize("login, status", [(user("admin"), 200), (READER, 403)])
def test_who_may_ask(client, done, login, status):
	call = "/api/method/frappe.desk.query_report.run"
	answer = client(login).get(call, query_string={"report_name": "Unduhan PK", "filters": "{}"})
	assert answer.status_code == status
