"""Files on which a signature stands, and files of ours in general: private, and nobody else's to use."""

import re

import frappe
from frappe import _

from perjankin_app.records import ALL_RECORDS, OPD_RECORDS

PK = "Perjanjian Kinerja"
OURS = (*OPD_RECORDS, "Sertifikat Elektronik")
NOBODY = "Administrator"
WRITER = "perjankin_app.document.signed.write_file"
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
	"""Whether a signature stands on this file: nobody deletes, moves, publishes or rewrites it.

	Asked for the file on the disk: core keeps many File records of one, and what happens to one of them happens to it.
	"""
	url = file.file_url or ""
	return url.startswith("/private/files/") and bool(
		frappe.db.exists(PK, {"pdf_final": url, "docstatus": (">", 0)})
		or frappe.db.exists("Tanda Tangan PK", {"berkas": url})
	)


def is_ours(url: str | None) -> bool:
	"""Whether the file is attached to a record of ours, by any of its File records."""
	return (url or "").startswith("/private/files/") and (
		is_signed_file(frappe._dict(file_url=url))
		or bool(frappe.db.exists("File", {"file_url": url, "attached_to_doctype": ("in", OURS)}))
	)


def protect_file(file, method=None):
	"""doc_events File.before_validate: earlier than core, which moves the file on the disk in validate.

	Deleting is refused by permission (`permissions.file_has_permission`): at on_trash the disk file is gone already.
	"""
	before = file.get_doc_before_save()
	refuse_foreign_pdf(file)
	check_attachment(file, before)
	if before and any(file.has_value_changed(field) for field in FROZEN):
		if is_signed_file(before):
			frappe.throw(
				_("{0} adalah berkas PK yang sudah ditandatangani dan tidak dapat diubah.").format(
					before.file_name
				),
				frappe.PermissionError,
			)
		if not _is_attached_to_ours(before) and is_ours(before.file_url):
			frappe.throw(
				_("{0} adalah lampiran catatan OPD dan hanya dapat diubah di sana.").format(before.file_name),
				frappe.PermissionError,
			)
	if before and _is_attached_to_ours(file):
		file.is_private = 1  # core's validate, which is next, moves it


def check_attachment(file, before):
	"""Core asks nobody whether the record may be changed, and writes the URL into whatever field `attached_to_field` says."""
	doctype, name = file.attached_to_doctype, file.attached_to_name
	if not doctype:
		return
	if file.attached_to_field not in [df.fieldname for df in _attach_fields(frappe.get_meta(doctype))]:
		file.attached_to_field = None
	if doctype not in ALL_RECORDS or file.flags.ignore_permissions:
		return
	if before and not any(file.has_value_changed(field) for field in (*FROZEN, "attached_to_field")):
		return
	record = name if frappe.db.exists(doctype, name) else None  # none yet: a form that was not saved
	if not frappe.has_permission(doctype, "write", doc=record):
		frappe.throw(
			_("Anda tidak dapat melampirkan berkas pada {0} itu.").format(_(doctype)), frappe.PermissionError
		)


def refuse_foreign_pdf(file):
	"""Also where core asks no permission: for the file that is named in a field of the kind Attach."""
	owner = file.file_url and (
		frappe.db.get_value(PK, {"pdf_final": file.file_url})
		or frappe.db.get_value("Tanda Tangan PK", {"berkas": file.file_url}, "parent")
	)
	if owner and not frappe.has_permission(PK, "read", doc=owner):
		frappe.throw(_("Berkas itu milik PK yang berada di luar wewenang Anda."), frappe.PermissionError)


def check_attached(doc, method=None):
	"""doc_events of every DocType, before_validate: core attaches any URL that a field names, and asks nobody."""
	before = doc.get_doc_before_save()
	for df in _attach_fields(doc.meta):
		url = doc.get(df.fieldname)
		if not url or not isinstance(url, str) or (before and before.get(df.fieldname) == url):
			continue
		if not _may_name(doc, url, frappe.session.user):
			frappe.throw(
				_("{0}: berkas itu bukan milik Anda. Unggah berkasnya dari sini.").format(_(df.label)),
				frappe.PermissionError,
			)


def _may_name(doc, url: str, user: str) -> bool:
	"""Whether a field of `doc` may name that file: one of ours only in a record of ours, and nobody else's loose upload."""
	file = frappe._dict(file_url=url)
	if doc.doctype in OURS:
		return bool(doc.flags.ignore_permissions) or may_use_url(file, user)
	if is_ours(url):
		return False
	known = frappe.get_all("File", {"file_url": url}, ["owner", "attached_to_doctype"])
	loose = not any(row.attached_to_doctype for row in known)
	return not loose or user in [row.owner for row in known] or may_use_url(file, user)


def write_file(file) -> dict:
	"""hook write_file. Core's `optimize_file` overwrites whatever has the name that the client's JSON, or a twin, gives.

	It asks for permission afterwards. Where another app keeps the files, that one writes.
	"""
	name = re.sub(r"[/\\%?#]", "_", file.file_name)  # as core does
	url = f"/private/files/{name}" if file.is_private else f"/files/{name}"
	owners = frappe.get_all("File", {"file_url": url}, pluck="name")
	if is_signed_file(frappe._dict(file_url=url)) or (owners and file.name not in owners):
		frappe.throw(
			_("Berkas bernama {0} sudah ada. Beri nama lain.").format(file.file_name), frappe.PermissionError
		)
	others = [method for method in frappe.get_hooks("write_file") if method != WRITER]
	return frappe.get_attr(others[0])(file) if others else file.save_file_on_filesystem()


def may_let_go(file) -> bool:
	"""Whether the record that names this file in a field may be changed now, by the session's user, to do without it."""
	if file.attached_to_doctype not in OPD_RECORDS or not frappe.db.exists(
		file.attached_to_doctype, file.attached_to_name
	):
		return True
	record = frappe.get_doc(file.attached_to_doctype, file.attached_to_name)
	fields = [df.fieldname for df in _attach_fields(record.meta) if record.get(df.fieldname) == file.file_url]
	if not fields:
		return True
	record.load_doc_before_save()
	record.update(dict.fromkeys(fields))
	try:
		record.run_method("validate")
	except frappe.PermissionError:
		frappe.clear_last_message()
		return False
	except frappe.ValidationError:  # it will want another file
		frappe.clear_last_message()
	return True


def _attach_fields(meta) -> list:
	return [df for df in meta.fields if df.fieldtype in ("Attach", "Attach Image")]


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


def may_copy(file) -> bool:
	"""A second File record of a file of ours is made only at a record of ours: elsewhere it would stay its maker's own."""
	return _is_record_of_opd(file) or not is_ours(file.file_url)


def take_over(file, method=None):
	"""doc_events File.after_insert: what is attached to a record of ours is nobody's own, and never public.

	Core lets a File's owner read it for ever; ours are read by who may read the record, today.
	"""
	if _is_record_of_opd(file) or (file.attached_to_doctype == "Communication" and is_ours(file.file_url)):
		file.db_set("owner", NOBODY, update_modified=False)
	if _is_attached_to_ours(file) and not file.is_private and (file.file_url or "").startswith("/files/"):
		file.flags.ignore_permissions = True
		file.save()  # `protect_file` makes it private


def take_over_attached(doc, method=None):
	"""doc_events of every DocType of ours, on_change: core attaches what was uploaded before the record was stored."""
	if doc.doctype in OPD_RECORDS and _attach_fields(doc.meta):
		attached = {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name, "owner": ("!=", NOBODY)}
		frappe.db.set_value("File", attached, "owner", NOBODY, update_modified=False)


def _is_record_of_opd(file) -> bool:
	"""A certificate stays its owner's."""
	return file.attached_to_doctype in OPD_RECORDS and not file.is_folder


def _is_attached_to_ours(file) -> bool:
	return file.attached_to_doctype in OURS and not file.is_folder
