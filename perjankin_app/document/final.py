"""Dokumen Final: what was signed, frozen. The file and its SHA-256, every printed value, each signature with what it covers."""

import hashlib
import json

import frappe
from frappe import _
from frappe.utils import escape_html, now_datetime

from perjankin_app.document import initials, pdf, renderer, signed, template_version, verification, wording
from perjankin_app.document.images import logo, watermark
from perjankin_app.document.stored import trusted_copy
from perjankin_app.workflow import log

FINAL, PK = "Dokumen Final", "Perjanjian Kinerja"
COPY = "SALINAN"


# ---------------------------------------------------------------------------------------------------------- freezing


def freeze(doc):
	"""Call last in `before_submit`: `doc` is checked and is stored next, so the file shows what will be stored.

	Sets `pdf_final` and `pdf_sha256` and makes the Dokumen Final. A failure is raised and the PK stays unsigned.
	"""
	verification.require_address()
	engine = renderer.in_use()  # its refusal is told as it is
	code = verification.new_code()
	words = dict(compose(doc), verification=verification.mark(code))
	try:
		content = pdf.render(_printing(doc, words))
		file = signed.store(doc, f"{doc.name}.pdf", content)
	except Exception as error:
		reason = getattr(error, "strerror", None) or str(error) or type(error).__name__  # not the path
		frappe.throw(
			_(
				"Berkas PDF tidak dapat dibuat, jadi {0} belum ditandatangani. Coba sekali lagi; bila tetap gagal, "
				"sampaikan pesan ini kepada admin: {1}"
			).format(doc.name, escape_html(reason)),
			title=_("PDF gagal dibuat"),
		)
	doc.pdf_final = file.file_url
	doc.pdf_sha256 = hashlib.sha256(content).hexdigest()
	_record(doc, code, words, content, template_version.version(), engine)


def adopt(doc):
	"""Make the Dokumen Final of a PK that was signed before there was one; its paper carries no code."""
	words = dict(compose(doc), verification=None)
	_record(doc, verification.new_code(), words, signed.content_of(doc.pdf_final), "", "")


def _record(doc, code: str, words: dict, content: bytes, template: str, engine: str):
	final = frappe.get_doc(
		doctype=FINAL,
		perjanjian_kinerja=doc.name,
		opd=doc.opd,
		kode=code,
		tautan=verification.address(code),
		dibekukan_pada=now_datetime().replace(microsecond=0),
		halaman=len(pdf.pages(content)),
		templat=template,
		mesin_pdf=engine,
		cara=frappe.db.get_value("Unit Kerja", doc.opd, "cara_tanda_tangan"),
		berkas=doc.pdf_final,
		sidik=doc.pdf_sha256,
		cuplikan=frappe.as_json({"tercetak": words, "nilai": _values(doc), "isi": log.content(doc)}),
	)
	save(final)


def refuse_unmarked_format(doc, method=None):
	"""doc_events Print Format.validate: core's beta builder prints what is stored now, and asks no `before_print`."""
	if doc.doc_type == PK and doc.get("print_format_builder_beta"):
		frappe.throw(
			_(
				"Format cetak PK tidak dapat dibuat dengan Print Format Builder (beta): cetakannya tidak memakai isi yang "
				"dibekukan. Pakai Print Format biasa."
			)
		)


def save(final):
	"""The only way to write a Dokumen Final."""
	final.flags.by_server = True
	final.save(ignore_permissions=True)


def of(name: str):
	"""The Dokumen Final of a PK, or None."""
	return frappe.get_doc(FINAL, name) if frappe.db.exists(FINAL, name) else None


def snapshot(name: str) -> dict | None:
	"""What was frozen of a PK: `tercetak`, the words in print; `nilai`, its fields; `isi`, as the log keeps it."""
	text = frappe.db.get_value(FINAL, name, "cuplikan")
	return json.loads(text) if text else None


def _values(doc) -> dict:
	"""The fields of a PK that a print could show, rows of tables included."""
	fields = [
		df.fieldname
		for df in doc.meta.get("fields")
		if not df.is_virtual
		and df.fieldname not in (*doc.SERVER_FIELDS, "workflow_state", "amended_from")
		and (df.fieldtype in frappe.model.table_fields or df.fieldtype not in frappe.model.no_value_fields)
	]
	values = doc.as_dict()
	return {field: values.get(field) for field in fields}


# ---------------------------------------------------------------------------------------------------------- in print


def compose(doc) -> dict:
	"""The words of a PK as it is now, see `wording.compose`, with the letterhead's image."""
	year = frappe.get_cached_value("Periode Kinerja", doc.periode, "tahun") or doc.periode
	opd = frappe.get_cached_doc("Unit Kerja", doc.opd or doc.unit)
	words = wording.compose(doc, opd, frappe.get_cached_doc("Pengaturan Perjankin"), year)
	return dict(words, logo=logo(opd))


def words_in_print(doc) -> dict:
	"""Of a PK that is not signed: as it is. Of a signed one: as it was signed, marked as a copy."""
	words = doc.flags.words_in_print
	if not words and doc.docstatus and (frozen := snapshot(doc.name)):
		words = dict(frozen["tercetak"], watermark=wording.WATERMARKS.get(doc.docstatus) or COPY)
	words = dict(words or compose(doc), paraf={}, notes=[])
	words["watermark"] = watermark(words["watermark"])
	if not doc.flags.words_in_print:  # what is being signed carries neither
		words.update(paraf=initials.box(doc), notes=copy_notes(doc))
	return words


def use_frozen_values(doc):
	"""Call from `before_print` once the values are the stored ones: a signed PK prints as it was signed, in any layout."""
	if doc.flags.words_in_print or not doc.docstatus or not (frozen := snapshot(doc.name)):
		return
	doc.update(frozen["nilai"])
	doc.select_print_heading = f"{COPY} {_(doc.doctype)}"


def render_again(name: str) -> bytes:
	"""The PDF of a signed PK from what was frozen, by the template of today."""
	doc = frappe.get_doc(PK, name)
	doc.docstatus = 1  # as it was then: core prints nothing that is cancelled
	return pdf.render(_printing(doc, snapshot(name)["tercetak"]))


def _printing(doc, words: dict):
	copy = trusted_copy(doc)
	copy.flags.words_in_print = words
	return copy


def copy_notes(doc) -> list[str]:
	"""What a print made after signing has to say about itself: the signed file is another one, or is superseded."""
	notes = []
	if doc.pdf_sha256:
		notes.append(
			_("Salinan cetak. Berkas yang ditandatangani bersidik SHA-256 {0}.").format(doc.pdf_sha256)
		)
	if doc.digantikan_oleh:
		notes.append(_("Perjanjian ini telah digantikan oleh {0}.").format(doc.digantikan_oleh))
	return notes
