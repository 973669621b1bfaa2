"""The signed document: rendered once, at signing, kept as a private file and known by its SHA-256."""

import hashlib

import frappe
from frappe import _
from frappe.utils import escape_html
from frappe.utils.pdf import get_pdf
from frappe.www.printview import get_print_style, get_rendered_template

from perjankin_app.document.stored import trusted_copy
from perjankin_app.records import OPD_RECORDS

PRINT_FORMAT = "Perjanjian Kinerja"
FROZEN = ("file_url", "is_private", "attached_to_doctype", "attached_to_name", "content_hash")


def store_signed_pdf(doc):
	"""Call last in `before_submit`: `doc` is checked and is stored next, so the file shows what will be stored.

	Sets `pdf_final` and `pdf_sha256`. A failure is raised and the PK stays unsigned; with the rest of the transaction
	the file is rolled back too, also from the disk (File.on_rollback).
	"""
	try:
		pdf = render_pdf(trusted_copy(doc))
		file = _store(doc, pdf)
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
	doc.pdf_sha256 = hashlib.sha256(pdf).hexdigest()


def _store(doc, pdf: bytes):
	file = frappe.get_doc(
		doctype="File",
		file_name=f"{doc.name}.pdf",
		attached_to_doctype=doc.doctype,
		attached_to_name=doc.name,
		is_private=1,
		content=pdf,
	)
	# core does both only once the file is complete: what a full disk cut off would stay
	file.flags.new_file = True
	frappe.db.after_rollback.add(file.on_rollback)
	return file.insert(ignore_permissions=True)


PAGE = """<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8"><title>{title}</title>
<style>* {{ box-sizing: border-box; }} body {{ margin: 0; }} {style}
.print-format {{ padding: 0 !important; max-width: none !important; min-height: 0 !important; }}</style></head>
<body><div class="print-format">{body}</div></body></html>"""


def render_pdf(doc) -> bytes:
	"""What the print view's PDF button gives, in a page that needs no other file: the desk's own style sheet would be
	fetched from the site by its host name, and a signature must not wait for a name server.

	Not `frappe.get_print`: its access log commits on v15, and half a signing would be stored.
	"""
	print_format = frappe.get_doc("Print Format", PRINT_FORMAT)
	return get_pdf(
		PAGE.format(
			title=escape_html(doc.name),
			style=get_print_style(print_format=print_format),
			body=get_rendered_template(doc, print_format=print_format, no_letterhead=True),
		)
	)


def is_signed_file(file) -> bool:
	"""Whether a signature stands on this File: nobody deletes, moves, publishes or rewrites it."""
	return file.attached_to_doctype == "Perjanjian Kinerja" and bool(
		frappe.db.exists("Perjanjian Kinerja", {"pdf_final": file.file_url, "docstatus": (">", 0)})
	)


def protect_file(file, method=None):
	"""doc_events File.before_validate: earlier than core, which moves the file on the disk in validate.

	Deleting is refused by permission (`permissions.file_has_permission`): at on_trash the disk file is gone already.
	"""
	before = file.get_doc_before_save()
	refuse_foreign_pdf(file)
	if before and is_signed_file(before) and any(file.has_value_changed(field) for field in FROZEN):
		frappe.throw(
			_("{0} adalah berkas PK yang sudah ditandatangani dan tidak dapat diubah.").format(
				before.file_name
			),
			frappe.PermissionError,
		)
	if before and _is_ours(file):
		file.is_private = 1  # core's validate, which is next, moves it


def refuse_foreign_pdf(file):
	"""Also where core asks no permission: for the file that is named in a field of the kind Attach."""
	owner = file.file_url and frappe.db.get_value("Perjanjian Kinerja", {"pdf_final": file.file_url})
	if owner and not frappe.has_permission("Perjanjian Kinerja", "read", doc=owner):
		frappe.throw(_("Berkas itu milik PK yang berada di luar wewenang Anda."), frappe.PermissionError)


def may_use_url(file, user: str) -> bool:
	"""Core lets whoever knows the URL of a private file make a File of the own with it, and read it from then on."""
	url = file.file_url or ""
	known = frappe.get_all("File", {"file_url": url}, ["*"]) if url.startswith("/private/files/") else ()
	if not url.startswith("/private/files/") or file.name in [row.name for row in known]:
		return True
	return any(
		frappe.has_permission("File", "read", doc=frappe.get_doc(doctype="File", **row), user=user)
		for row in known
	)


def keep_private(file, method=None):
	"""doc_events File.after_insert: what is attached to a record of ours is never public, whatever the uploader ticked."""
	if _is_ours(file) and not file.is_private and (file.file_url or "").startswith("/files/"):
		file.flags.ignore_permissions = True
		file.save()  # `protect_file` makes it private


def _is_ours(file) -> bool:
	return file.attached_to_doctype in OPD_RECORDS and not file.is_folder
