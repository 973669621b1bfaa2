"""What is handed in is bounded before the server opens it, and the bound is told in words."""

import io
import resource
import time

import frappe
import pikepdf
import pytest
from factory import A, forward, pk, user
from perjankin_app.perjankin_app.doctype.perjanjian_kinerja import perjanjian_kinerja as controller
from PIL import Image

from perjankin_app.document import handed_in, scanned, signed
from perjankin_app.document.images import logo

DRAFTER = user("penyusun")


def picture(width, height, kind="PNG") -> bytes:
	out = io.BytesIO()
	Image.new("1" if kind == "PNG" else "L", (width, height)).save(out, kind)
	return out.getvalue()


def pdf(pages: int) -> bytes:
	out, made = io.BytesIO(), pikepdf.new()
	for _ in range(pages):
		made.add_blank_page()
	made.save(out)
	return out.getvalue()


def pdf_with_a_file() -> bytes:
	out, made = io.BytesIO(), pikepdf.new()
	made.add_blank_page()
	made.attachments["tagihan.exe"] = b"MZ"
	made.save(out)
	return out.getvalue()


LARGE = {
	"pixels": (picture(13_300, 13_300), r"13\.300 × 13\.300 piksel, paling banyak 40 juta"),
	"pages": (pdf(scanned.PAGES + 1), r"1\.001 halaman, paling banyak 1\.000"),
	"bytes": (b"%PDF-1.4\n" + b" " * handed_in.LARGEST, r"25,1 MB, paling besar 25 MB"),
	"unreadable": (b"%PDF-1.4 rusak", "yang dapat dibuka"),
}


def put(content, by=DRAFTER, **values):
	"""Past core's own bounds, as where an admin raised them."""
	frappe.set_user(by)
	values = {
		"file_name": f"besar-uji.{'png' if content[1:4] == b'PNG' else 'pdf'}",
		"is_private": 1,
		**values,
	}
	small = pdf(1) + f"%{frappe.generate_hash()}".encode()
	file = frappe.get_doc(doctype="File", content=small, **values).insert()
	signed.path_of(file.file_url).write_bytes(content)
	return file


def used() -> int:
	return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.mark.parametrize("what", LARGE)
def test_a_scan(in_force, what):
	content, words = LARGE[what]
	doc = forward(pk())
	file = put(content)
	before, began = used(), time.monotonic()
	with pytest.raises(frappe.ValidationError, match=f"Pindaian: .*{words}"):
		controller.hand_in_scan(doc.name, "Pihak Kedua", file.file_url)
	assert time.monotonic() - began < 5 and used() - before < 200


def test_a_broken_pdf_that_core_itself_looks_into(in_force):
	"""Late v15 looks for scripts in it; other versions take it, and whatever record it is named in refuses it."""
	doc, refused = forward(pk(), until="Uji Kirim"), None
	frappe.set_user(DRAFTER)
	try:
		frappe.get_doc(
			doctype="File", file_name="rusak-uji.pdf", is_private=1, content=LARGE["unreadable"][0],
			attached_to_doctype=doc.doctype, attached_to_name=doc.name,
		).insert()  # fmt: skip
	except Exception as error:
		refused = error
	assert refused is None or "bukan PDF yang dapat dibuka" in str(refused)


def test_a_scan_brings_no_other_file_along(in_force):
	doc = forward(pk())
	file = put(pdf_with_a_file())
	with pytest.raises(frappe.ValidationError, match=r"Pindaian: .*ada berkas lain"):
		controller.hand_in_scan(doc.name, "Pihak Kedua", file.file_url)


@pytest.mark.parametrize("what", LARGE)
def test_a_supporting_paper(in_force, what):
	content, words = LARGE[what]
	file = put(content)
	paper = dict(
		doctype="Dokumen Pendukung", jenis_dokumen="Renstra", opd=A, periode="2026", berkas=file.file_url
	)
	with pytest.raises(frappe.ValidationError, match=f"Berkas: .*{words}"):
		frappe.get_doc(paper).insert()


@pytest.mark.parametrize("content", [picture(500, 500), pdf(2), b"PK\x03\x04 lembar kerja", b"teks"])
def test_what_is_small_is_taken(in_force, content):
	file = put(content)
	paper = dict(
		doctype="Dokumen Pendukung", jenis_dokumen="Renstra", opd=A, periode="2026", berkas=file.file_url
	)
	assert frappe.get_doc(paper).insert().berkas == file.file_url


def test_what_takes_too_long_to_open(in_force, monkeypatch):
	monkeypatch.setattr(scanned, "SECONDS", 0)
	file = put(pdf(1))
	paper = dict(
		doctype="Dokumen Pendukung", jenis_dokumen="Renstra", opd=A, periode="2026", berkas=file.file_url
	)
	with pytest.raises(frappe.ValidationError, match="terlalu berat"):
		frappe.get_doc(paper).insert()


# ------------------------------------------------------------------------------------------------------------- the logo


LOGOS = {
	"pixels": (picture(3_000, 3_000), r"3\.000 × 3\.000 piksel, paling banyak 4 juta"),
	"bytes": (picture(100, 100) + b" " * handed_in.LARGEST_LOGO, "1,1 MB, paling besar 1 MB"),
	"unreadable": (b"GIF89a", "PNG, JPEG, atau SVG"),
	"PDF": (pdf(1), "PNG, JPEG, atau SVG"),
}


@pytest.mark.parametrize("what", LOGOS)
def test_a_logo(in_force, what):
	content, words = LOGOS[what]
	file = put(content, by=user("admin"), file_name="lambang-uji.png")
	unit = frappe.get_doc("Unit Kerja", A)
	with pytest.raises(frappe.ValidationError, match=f"Lambang: .*{words}"):
		unit.update({"logo": file.file_url}).save()


@pytest.mark.parametrize(
	"content", [picture(400, 400), picture(400, 400, "JPEG"), b'<?xml version="1.0"?><svg/>']
)
def test_one_that_is_printed(in_force, content):
	name = "lambang-uji.svg" if b"svg" in content else "lambang-uji.png"
	file = put(
		content, by=user("admin"), file_name=name, attached_to_doctype="Unit Kerja", attached_to_name=A
	)
	unit = frappe.get_doc("Unit Kerja", A)
	unit.update({"logo": file.file_url}).save()
	assert logo(unit).startswith("data:image/")


@pytest.mark.parametrize("private", [0, 1])
@pytest.mark.parametrize("what", LOGOS)
def test_one_that_was_chosen_before_is_not_printed(in_force, what, private):
	about = {"attached_to_doctype": "Unit Kerja", "attached_to_name": A} if private else {}
	file = put(LOGOS[what][0], by="Administrator", file_name="lambang-uji.png", is_private=private, **about)
	unit = frappe.get_doc("Unit Kerja", A)
	unit.logo = file.file_url
	before = used()
	assert logo(unit) == "" and used() - before < 50


@pytest.mark.parametrize(
	"spelling",
	[
		"/files/../private/files/{0}",
		"/private//files/{0}",
		"file:///etc/passwd",
		"http://127.0.0.1:1/x",
		"data:,x",
		"//x/y",
	],
)
def test_a_field_names_a_file_by_its_own_address(in_force, spelling):
	"""Another spelling of the address of somebody's private file would be asked for nothing."""
	file = put(picture(10, 10), by="Administrator", file_name="lambang-lain-uji.png")
	frappe.set_user(user("admin"))
	unit = frappe.get_doc("Unit Kerja", A)
	with pytest.raises(frappe.ValidationError, match="tidak ada pada situs ini"):
		unit.update({"logo": spelling.format(file.file_name)}).save()


@pytest.mark.parametrize(
	"url",
	["/private/files/../../site_config.json", "/files/../../private/files/x.png", "/files/tidak-ada.png"],
)
def test_a_logo_is_a_file_of_the_site(in_force, url):
	unit = frappe.get_doc("Unit Kerja", A)
	unit.logo = url
	assert logo(unit) == ""
	with pytest.raises(OSError):
		signed.content_of(url)
