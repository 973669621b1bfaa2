"""What the print formats call (hook `jinja`): each function turns a stored document into plain values to print.

Frappe's Jinja does not escape by itself: the templates put `| e` after every value.
"""

import base64
import mimetypes

import frappe
from frappe import _
from frappe.utils import get_system_timezone

from perjankin_app.document import letter_wording, sop_layout, wording
from perjankin_app.document.stored import require_trusted


def perjankin_pk(doc) -> dict:
	"""The words of a Perjanjian Kinerja in print, see `wording.compose`, with letterhead image and notes on copies."""
	require_trusted(doc, "Perjanjian Kinerja")
	year = frappe.get_cached_value("Periode Kinerja", doc.periode, "tahun") or doc.periode
	opd = frappe.get_cached_doc("Unit Kerja", doc.opd or doc.unit)
	words = wording.compose(doc, opd, frappe.get_cached_doc("Pengaturan Perjankin"), year)
	return dict(words, logo=logo(opd), watermark=watermark(words["watermark"]), notes=copy_notes(doc))


def perjankin_sop(doc) -> dict:
	"""An Alur Persetujuan as the official SOP sheet: header values, pelaksana columns and rows with their drawing."""
	require_trusted(doc, "Alur Persetujuan")
	opd = frappe.get_cached_doc("Unit Kerja", doc.opd)
	return dict(
		sop_layout.sheet([row.as_dict() for row in doc.langkah]),
		kop=wording.lines(opd.kop) or [opd.nama_resmi or opd.nama],
		logo=logo(opd),
		dates={
			field: wording.format_date(day) if (day := wording.as_date(doc.get(field))) else ""
			for field in ("tanggal_pembuatan", "tanggal_revisi", "tanggal_efektif", "tanggal_pengesahan")
		},
		lists={
			field: wording.numbered(doc.get(field))
			for field in (
				"dasar_hukum",
				"kualifikasi_pelaksana",
				"keterkaitan",
				"peralatan",
				"peringatan",
				"pencatatan",
			)
		},
		watermark=watermark({"Konsep": "KONSEP", "Diganti": "DIGANTI"}.get(doc.status, "")),
	)


def perjankin_letter(doc) -> dict:
	"""A Naskah Dinas in its layout, see `letter_wording.compose_letter`."""
	require_trusted(doc, "Naskah Dinas")
	opd = frappe.get_cached_doc("Unit Kerja", doc.opd)
	words = letter_wording.compose_letter(doc, opd, _meeting_of(doc), get_system_timezone())
	return dict(words, logo=logo(opd), watermark=watermark(words["watermark"]))


def _meeting_of(letter):
	"""To which an Undangan Rapat invites: the one that names it, else the PK's latest that names no letter."""
	if letter.tata_letak != letter_wording.INVITATION:
		return None
	of_pk = {"perjanjian_kinerja": letter.perjanjian_kinerja}
	for named in (letter.name, ("is", "not set")):
		if found := frappe.get_all(
			"Rapat Pembahasan", {**of_pk, "undangan": named}, pluck="name", order_by="mulai desc", limit=1
		):
			return frappe.get_doc("Rapat Pembahasan", found[0])
	return None


def perjankin_meeting(doc) -> dict:
	"""A Rapat Pembahasan as attendance list or minutes, see `letter_wording.compose_meeting`."""
	require_trusted(doc, "Rapat Pembahasan")
	opd = frappe.get_cached_doc("Unit Kerja", doc.opd)
	named = [row.indikator for row in doc.keputusan if row.indikator]
	indicators = frappe.get_all(
		"Indikator Kinerja", {"name": ("in", named or [""])}, ["name", "nama"], as_list=True
	)
	words = letter_wording.compose_meeting(doc, opd, dict(indicators), get_system_timezone())
	return dict(words, logo=logo(opd), watermark=watermark(words["watermark"]))


def copy_notes(doc) -> list[str]:
	"""What a print made after signing has to say about itself: the signed file is another one, or is superseded."""
	notes = []
	if doc.pdf_sha256:
		notes.append(
			_("Salinan cetak. Berkas yang ditandatangani bersidik SHA-256 {0}.").format(doc.pdf_sha256)
		)
	if newer := frappe.db.get_value("Perjanjian Kinerja", {"perubahan_dari": doc.name, "docstatus": 1}):
		notes.append(_("Perjanjian ini telah digantikan oleh {0}.").format(newer))
	return notes


def logo(unit) -> str:
	"""The emblem as a data URI, so that no PDF engine has to fetch it. Only a file that belongs to the unit, or a
	public one of this site: what a letterhead names must not open somebody's private file, nor another host."""
	if not unit.logo:
		return ""
	own = {"file_url": unit.logo, "attached_to_doctype": unit.doctype, "attached_to_name": unit.name}
	mime = mimetypes.guess_type(unit.logo)[0] or ""
	if mime.startswith("image/") and (file := frappe.db.get_value("File", own)):
		content = frappe.get_doc("File", file).get_content()
		content = content.encode() if isinstance(content, str) else content
		return f"data:{mime};base64,{base64.b64encode(content).decode()}"
	return unit.logo if unit.logo.startswith(("/files/", "/assets/")) else ""


def watermark(text: str) -> str:
	"""A tile with `text` across it, as a data URI for a repeated background; empty for no text."""
	if not text:
		return ""
	svg = (
		'<svg xmlns="http://www.w3.org/2000/svg" width="340" height="300">'
		'<text x="170" y="165" transform="rotate(-35 170 150)" text-anchor="middle" font-family="sans-serif" '
		f'font-weight="bold" font-size="{64 if len(text) < 8 else 44}" fill="#000" fill-opacity="0.09">{text}</text></svg>'
	)
	return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
