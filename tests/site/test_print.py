"""The printed and the signed PK: values from the database whatever a client sends, and one file that stays as signed."""

import base64
import hashlib
import io
import json
import re

import frappe
import pytest
from factory import A, B, act, forward, pk, publish, user
from frappe.utils.print_format import download_pdf
from frappe.www.printview import get_html_and_style
from perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja import PerjanjianKinerja
from pypdf import PdfReader

from perjankin_app.document import pdf

FORMAT = "Perjanjian Kinerja"
SOP = "SOP Perjanjian Kinerja"
SIGN = "Uji Tanda Tangan"
WATERMARK = re.compile(r"background-image: +url\(.data:image/svg")
MARK = re.compile(r"data:image/svg.xml;base64,([^\")]+)")


@pytest.fixture
def chain():
	return publish()


@pytest.fixture
def draft(chain):
	return pk()


@pytest.fixture
def submitted(draft):
	return act(forward(draft, SIGN), "Tanda Tangani", by=user("kepala"))


def html_of(doc, print_format=FORMAT, **forged):
	"""What the desk's print preview gets for the JSON of `doc` with `forged` values in it."""
	return get_html_and_style(json.dumps({**as_json(doc), **forged}), print_format=print_format)["html"]


def as_json(doc):
	return json.loads(doc.as_json())


def text_of(pdf: bytes) -> str:
	return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def content_of(url: str) -> bytes:
	with open(frappe.get_site_path(url.lstrip("/")), "rb") as file:
		return file.read()


# --------------------------------------------------------------------------------------------- whose values are printed


def test_print_shows_the_stored_pk(draft):
	html = html_of(draft)
	for words in (
		"PERJANJIAN KINERJA TAHUN 2026",
		"Uji kepala UJI-A",
		"82,7",
		"31 Desember 2026",
		"Rp1.500.000",
	):
		assert words in html


def test_forged_values_are_not_printed(draft):
	forged = as_json(draft)
	forged["target"][0]["target"] = "99,9"
	html = html_of(
		draft,
		target=forged["target"],
		docstatus=1,
		pihak_pertama_nama="Orang Lain",
		tempat="Kota Palsu",
		pdf_sha256="f" * 64,
		print_heading="Judul Palsu",
	)
	assert "82,7" in html
	assert WATERMARK.search(html), "a forged docstatus must not remove DRAF"
	for value in ("99,9", "Orang Lain", "Kota Palsu", "Judul Palsu", "f" * 64):
		assert value not in html


def test_forged_values_are_printed_without_before_print(draft, monkeypatch):
	"""The hole is real: core renders what the client sends."""
	monkeypatch.setattr(
		PerjanjianKinerja, "before_print", lambda self, settings=None: self.flags.update(trusted_values=True)
	)
	assert "Orang Lain" in html_of(draft, pihak_pertama_nama="Orang Lain")


def test_forged_values_are_not_printed_in_the_standard_format(draft):
	html = html_of(
		draft,
		print_format="Standard",
		pihak_pertama_nama="Orang Lain",
		print_heading="Judul Palsu",
		__link_titles={f"Alur Persetujuan::{draft.alur}": "Alur Palsu"},
	)
	assert "Uji kepala UJI-A" in html and "SOP Uji" in html
	assert not any(words in html for words in ("Orang Lain", "Judul Palsu", "Alur Palsu"))


def test_forged_opd_does_not_open_another_agencys_pk(draft):
	frappe.set_user(user("kepala", B))
	with pytest.raises(frappe.PermissionError):
		html_of(draft)
	with pytest.raises(frappe.PermissionError):
		html_of(draft, opd=B)
	frappe.set_user(user("kepala"))
	assert "82,7" in html_of(draft)


@pytest.mark.parametrize("name", [None, "", "PK-TIDAK-ADA", {"periode": "2026"}, ["like", "%"]])
def test_only_a_stored_pk_is_printed(draft, name):
	with pytest.raises(frappe.ValidationError, match="Simpan dahulu"):
		html_of(draft, name=name)


def test_no_other_doctype_in_the_layout_of_a_pk(draft):
	frappe.set_user("Administrator")
	with pytest.raises(frappe.ValidationError, match="hanya untuk Perjanjian Kinerja"):
		html_of(draft, doctype="ToDo", name=None, docstatus=1, flags={"trusted_values": True})


@pytest.fixture
def downloaded(monkeypatch):
	"""downloaded(doc, forged document): the HTML from which core's endpoint makes the PDF."""
	monkeypatch.setattr("frappe.utils.pdf.get_pdf", lambda html, **kwargs: html)

	def download(doc, forged=None):
		download_pdf(doc.doctype, doc.name, format=FORMAT, doc=forged)
		return frappe.local.response.filecontent

	return download


def test_pdf_endpoint_prints_the_stored_pk(draft, downloaded):
	assert "82,7" in downloaded(draft)
	frappe.set_user(user("kepala", B))
	with pytest.raises(frappe.PermissionError):
		downloaded(draft)


def test_pdf_endpoint_prints_no_client_json(draft, downloaded):
	frappe.set_user(user("kepala", B))
	with pytest.raises(frappe.PermissionError):
		downloaded(draft, frappe.get_doc({**as_json(draft), "opd": B}))
	frappe.set_user(user("kepala"))
	html = downloaded(draft, frappe.get_doc({**as_json(draft), "pihak_pertama_nama": "Orang Lain"}))
	assert "Uji kepala UJI-A" in html and "Orang Lain" not in html


# ------------------------------------------------------------------------------------------------------------ the words


def test_user_text_is_escaped(draft):
	evil = '<b>tebal</b> {{ 7*7 }} "><script>alert(1)</script>'
	for field in (
		"pihak_pertama_nama",
		"pihak_kedua_nama",
		"pihak_pertama_jabatan",
		"pihak_kedua_pangkat",
		"tempat",
	):
		draft.db_set(field, evil)
	frappe.db.set_value("Target Kinerja", draft.target[0].name, {f: evil for f in ("target", "sasaran_teks")})
	frappe.db.set_value("PK Program", draft.program[0].name, "nama", evil)
	frappe.db.set_value("Unit Kerja", A, {"kop": evil, "nama_resmi": evil, "logo": f"/files/{evil}.png"})
	frappe.clear_document_cache("Unit Kerja", A)
	html = html_of(draft)
	assert "<script" not in html and "<b>tebal" not in html
	assert html.count("{{ 7*7 }}") >= 8


def test_sop_is_escaped_and_complete(chain):
	frappe.set_user("Administrator")
	evil = '"><script>alert(1)</script>'
	frappe.db.set_value("Alur Persetujuan", chain, {"nama": evil, "dasar_hukum": evil, "nomor": evil})
	row = frappe.get_doc("Alur Persetujuan", chain).langkah[1]
	frappe.db.set_value("Langkah Alur", row.name, {"kegiatan": evil, "pelaksana": evil, "keterangan": evil})
	html = html_of(frappe.get_doc("Alur Persetujuan", chain), print_format=SOP)
	assert "<script" not in html
	assert html.count('class="flow') >= 4 * 3, "a cell for each step and pelaksana"
	for words in ("NOMOR SOP", "DASAR HUKUM", "Mutu Baku", "15 menit"):
		assert words in html


def test_forged_sop_is_not_printed(chain):
	frappe.set_user(user("admin"))
	doc = frappe.get_doc("Alur Persetujuan", chain)
	assert "Nomor Palsu" not in html_of(doc, print_format=SOP, nomor="Nomor Palsu")


def test_draft_sop_says_so(chain):
	frappe.set_user("Administrator")
	assert not WATERMARK.search(html_of(frappe.get_doc("Alur Persetujuan", chain), print_format=SOP))
	frappe.db.set_value("Alur Persetujuan", chain, "status", "Konsep")
	assert WATERMARK.search(html_of(frappe.get_doc("Alur Persetujuan", chain), print_format=SOP))


@pytest.mark.parametrize("status", ["Konsep", "Berlaku"])
def test_the_drawing_survives_what_core_does_to_urls(chain, draft, status):
	"""`get_pdf` calls scrub_urls, which breaks lists of images."""
	frappe.set_user("Administrator")
	frappe.db.set_value("Alur Persetujuan", chain, "status", status)
	for html in (html_of(draft), html_of(frappe.get_doc("Alur Persetujuan", chain), print_format=SOP)):
		assert frappe.utils.scrub_urls(html) == html


def test_kepala_daerah_signs_alone(draft):
	draft.db_set({"jenjang": "Kepala Daerah", "pihak_kedua_nama": "Nama Pihak Kedua"})
	html = html_of(draft)
	assert "Berjanji akan mewujudkan" in html
	assert "Nama Pihak Kedua" not in html and "pihak kedua" not in html.lower()


def test_total_of_the_karawang_example(draft):
	row = draft.program[0]
	for amount in (120699000, 936374300, 923097100, 354565000, 6502165284, 6425174100):
		frappe.get_doc({**row.as_dict(), "name": None, "anggaran": amount}).db_insert()
	frappe.db.delete("PK Program", {"name": row.name})
	assert "Rp15.262.074.784" in html_of(draft)


def test_logo_opens_no_private_file_of_somebody_else(draft):
	frappe.set_user("Administrator")
	content = b"<svg>rahasia</svg>"
	picture = dict(doctype="File", file_name="uji-lambang.svg", content=content, is_private=1)
	other = frappe.get_doc(**picture, attached_to_doctype="Unit Kerja", attached_to_name=B).insert()
	secret = base64.b64encode(content).decode()
	for address in (other.file_url, "https://example.com/a.png"):
		frappe.db.set_value("Unit Kerja", A, "logo", address)
		frappe.clear_document_cache("Unit Kerja", A)
		html = html_of(draft)
		assert secret not in html and address not in html
	frappe.db.set_value("File", other.name, "attached_to_name", A)
	frappe.db.set_value("Unit Kerja", A, "logo", other.file_url)
	frappe.clear_document_cache("Unit Kerja", A)
	assert secret in html_of(draft)


# ------------------------------------------------------------------------------------------------------------- signing


def test_watermarks_of_a_draft_and_of_a_copy(draft):
	assert WATERMARK.search(html_of(draft))
	doc = forward(draft, SIGN)
	assert WATERMARK.search(html_of(doc))
	draft_mark = MARK.search(html_of(doc))[1]
	doc = act(doc, "Tanda Tangani", by=user("kepala"))
	copy_mark = MARK.search(html_of(doc))[1]
	assert copy_mark != draft_mark
	assert MARK.search(html_of(doc, docstatus=0))[1] == copy_mark


def test_signed_pdf_is_private_attached_and_known_by_its_hash(submitted):
	file = frappe.get_doc(
		"File", {"attached_to_doctype": submitted.doctype, "attached_to_name": submitted.name}
	)
	assert file.is_private and submitted.pdf_final == file.file_url
	assert submitted.pdf_final.startswith("/private/files/")
	assert submitted.pdf_sha256 == hashlib.sha256(content_of(file.file_url)).hexdigest()


def test_signed_pdf_shows_the_stored_pk_of_the_day_of_signing(submitted):
	text = text_of(content_of(submitted.pdf_final))
	assert "PERJANJIAN KINERJA TAHUN 2026" in text and "82,7" in text
	assert frappe.utils.getdate(submitted.tanggal) == frappe.utils.getdate()
	assert str(frappe.utils.getdate().year) in text and "....." not in text
	assert "Salinan" not in text


def test_signed_pdf_has_no_watermark(draft, monkeypatch):
	seen = []
	make = pdf.make_pdf
	monkeypatch.setattr(pdf, "make_pdf", lambda html: seen.append(html) or make(html))
	act(forward(draft, SIGN), "Tanda Tangani", by=user("kepala"))
	assert len(seen) == 1 and not WATERMARK.search(seen[0])


def test_later_prints_are_marked_as_copies(submitted):
	assert submitted.pdf_sha256 in html_of(submitted)


def test_a_failing_pdf_leaves_the_pk_unsigned(draft, monkeypatch):
	doc = forward(draft, SIGN)

	def fail(html):
		raise OSError("wkhtmltopdf tidak ada")

	monkeypatch.setattr(pdf, "make_pdf", fail)
	frappe.db.savepoint("sebelum")
	with pytest.raises(frappe.ValidationError, match=r"belum ditandatangani.*wkhtmltopdf tidak ada"):
		act(doc, "Tanda Tangani", by=user("kepala"))
	frappe.db.rollback(save_point="sebelum")
	doc = frappe.get_doc(doc.doctype, doc.name)
	assert (doc.docstatus, doc.workflow_state, doc.pdf_final) == (0, SIGN, None)
	assert not frappe.db.exists("File", {"attached_to_name": doc.name})


def test_rollback_takes_the_file_from_the_disk(draft):
	doc = act(forward(draft, SIGN), "Tanda Tangani", by=user("kepala"))
	assert content_of(doc.pdf_final)
	frappe.db.rollback()
	with pytest.raises(FileNotFoundError):
		content_of(doc.pdf_final)


def test_signing_does_not_commit(draft, monkeypatch):
	"""Core's `get_print` would: its access log commits on v15."""
	doc = forward(draft, SIGN)
	commits = []
	monkeypatch.setattr(frappe.local.db, "commit", lambda *args, **kwargs: commits.append(1))
	frappe.flags.in_test = False
	try:
		act(doc, "Tanda Tangani", by=user("kepala"))
	finally:
		frappe.flags.in_test = True
	assert not commits
