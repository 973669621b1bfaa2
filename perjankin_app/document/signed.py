"""Files on which a signature stands, and files of ours in general: private, and nobody else's to use."""

import frappe
from frappe import _

from perjankin_app.records import OPD_RECORDS

PK = "Perjanjian Kinerja"
FROZEN = ("file_url", "is_private", "attached_to_doctype", "attached_to_name", "content_hash")


def store(doc, file_name: str, content: bytes):
	"""A private File of a PK. With the rest of the transaction it is rolled back too, also from the disk."""
	file = frappe.get_doc(
		doctype="File",
		file_name=file_name,
		attached_to_doctype=doc.doctype,
		attached_to_name=doc.name,
		is_private=1,
		content=content,
	)
	# core does both only once the file is complete: what a full disk cut off would stay
	file.flags.new_file = True
	frappe.db.after_rollback.add(file.on_rollback)
	return file.insert(ignore_permissions=True)


def content_of(file_url: str) -> bytes:
	"""The bytes of a file of ours as they are on the disk. Raises OSError where there is none."""
	with open(frappe.get_site_path(file_url.lstrip("/")), "rb") as stream:
		return stream.read()


def is_signed_file(file) -> bool:
	"""Whether a signature stands on this File: nobody deletes, moves, publishes or rewrites it."""
	return file.attached_to_doctype == PK and bool(
		frappe.db.exists(PK, {"pdf_final": file.file_url, "docstatus": (">", 0)})
		or frappe.db.exists("Tanda Tangan PK", {"berkas": file.file_url})
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
	owner = file.file_url and (
		frappe.db.get_value(PK, {"pdf_final": file.file_url})
		or frappe.db.get_value("Tanda Tangan PK", {"berkas": file.file_url}, "parent")
	)
	if owner and not frappe.has_permission(PK, "read", doc=owner):
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
	return file.attached_to_doctype in (*OPD_RECORDS, "Sertifikat Elektronik") and not file.is_folder
