"""Files of ours: every rule about a File that is attached to a record of ours, and when core asks or tells about it.

| core's event                    | rule               | what it is about                                              |
|---------------------------------|--------------------|---------------------------------------------------------------|
| has_permission of File          | has_permission     | who changes or deletes one (the list: permissions.file_query) |
| File.before_validate            | guard              | copies, attachments, what is signed, what is private          |
| File.after_insert               | take_over          | a new one is nobody's own, and private                        |
| File.on_update                  | keep_in_place      | core moved a file of the host with the same bytes             |
| before_validate of every record | check_fields       | an Attach field that names one                                |
| on_change of a record of ours   | take_over_attached | core attached what was uploaded before the record was stored  |
| hook write_file                 | write_file         | bytes are about to be written to the disk                     |

These rules see the effect: core makes and attaches Files with `ignore_permissions` from calls that have many names, so
they ask the session's user whatever that flag says. Files of other records are core's alone. One disk file can have many
File records, because core stores the same bytes once; each record is asked about by itself.

Who may attach a file to a record of ours, or take one off, is whoever may change that record now. A controller says so:
`takes_files()` where a role's `write` is not enough, because it is somebody's turn; `files_stay_since()` where what was
attached before a moment stays.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

import frappe
from frappe import _
from frappe.core.doctype.file.utils import get_content_hash
from frappe.utils import file_manager, get_datetime
from pypdf.errors import PyPdfError

from perjankin_app.access import downloads
from perjankin_app.document import handed_in
from perjankin_app.document.signed import NOBODY, OURS, content_of, is_ours, is_signed_file, path_of
from perjankin_app.permissions import NO_OBJECTION
from perjankin_app.records import ALL_RECORDS, OPD_RECORDS, TABLES

WRITER = "perjankin_app.access.files.write_file"
PLACE = ("attached_to_doctype", "attached_to_name")
FROZEN = ("file_url", "is_private", "content_hash", *PLACE)
# what the one active Workflow is made of: no field of it holds a file
WORKFLOW = ("Workflow", "Workflow Document State", "Workflow Transition", "Workflow State")


# ------------------------------------------------------------------------------------------- who changes and deletes one


def has_permission(doc, ptype: str | None, user: str, debug: bool = False) -> bool | None:
	stored = frappe.db.get_value("File", doc.name, "*", as_dict=True) if doc.name else None
	if (
		(not stored or stored.file_url != doc.file_url)
		and is_ours(doc.file_url)
		and not may_use(doc.file_url)
	):
		return False  # core believes the owner and the URL that a client's JSON says, and reads the file
	if not stored or ptype not in ("write", "delete"):
		return NO_OBJECTION
	# deleting is refused here: at on_trash core has removed the file from the disk already
	return NO_OBJECTION if not is_signed_file(stored) and may_take_off(stored) else False


def may_attach(doctype: str, name) -> bool:
	"""Whether the session's user may attach a file to that record of ours now."""
	if frappe.session.user == "Administrator":
		return True
	if doctype in TABLES:
		return False
	if not frappe.db.exists(doctype, name):  # a form that was not saved yet
		return str(name or "new-").startswith("new-") and _may("create", doctype)
	record = frappe.get_doc(doctype, name)
	return _may("write", doctype, record) and (not hasattr(record, "takes_files") or record.takes_files())


def may_take_off(file) -> bool:
	"""Whether the session's user may take that File, as stored, off the record of ours that it is attached to."""
	doctype, name = file.attached_to_doctype, file.attached_to_name
	if (
		frappe.session.user == "Administrator"
		or doctype not in OPD_RECORDS
		or not frappe.db.exists(doctype, name)
	):
		return True
	if not may_attach(doctype, name):
		return False
	record = frappe.get_doc(doctype, name)
	since = record.files_stay_since() if hasattr(record, "files_stay_since") else None
	if not since:
		return True
	# what somebody has just put there by mistake; `owner` is nobody's, see `take_over`. A step's beginning is known to the
	# second: what was attached in that second counts as before it.
	own = file.modified_by == frappe.session.user and get_datetime(file.creation).replace(
		microsecond=0
	) > get_datetime(since)
	return own and not any(record.get(df.fieldname) == file.file_url for df in _attach_fields(record.meta))


# ------------------------------------------------------------------------------------------------------- a File is saved


def guard(file, method=None):
	"""doc_events File.before_validate: earlier than core, which moves the file on the disk in `validate`."""
	if file.is_folder:
		return
	before = file.get_doc_before_save()
	check_field(file)
	if not file.flags.by_server:
		if not before or file.has_value_changed("file_url"):
			check_source(file)
		if not before or any(file.has_value_changed(field) for field in (*FROZEN, "attached_to_field")):
			check_place(file)
	if before:
		check_signed(file, before)
		if not is_attached_to_ours(file):
			part_from_ours(file, before)
		elif (before.file_url or "").startswith("/files/"):
			make_private(file)
			_follow(file, before.file_url)
		else:
			file.is_private = 1


def check_field(file):
	"""Core writes the URL of a file that it moves into whatever field `attached_to_field` says, of any kind."""
	doctype = file.attached_to_doctype
	if doctype in WORKFLOW or (
		doctype in ALL_RECORDS
		and file.attached_to_field not in [df.fieldname for df in _attach_fields(frappe.get_meta(doctype))]
	):
		file.attached_to_field = None


def check_source(file):
	"""Whoever knows the name or URL of a file could have core make a second File of it, and read that one from then on.

	Of a file of ours that is done only by who may read it, and only for a record of ours or the mail about one.
	"""
	if file.is_new() and _was_sent(file):
		return
	urls = {file.file_url}
	if file.is_new() and file.content:
		# core has read it from the disk, and stored it anew where it keeps no bytes as they were: see `write_file`
		same = {"content_hash": get_content_hash(file.content)}
		urls.update(frappe.get_all("File", same, pluck="file_url"))
	for url in urls:
		_require_source(file, url)
	if file.is_new() and file.attached_to_doctype == "Communication" and is_ours(file.file_url):
		downloads.record(file.file_url, "Communication")


def _require_source(file, url: str):
	if frappe.session.user == "Administrator" or file.flags.by_server or not is_ours(url):
		return
	if file.attached_to_doctype == "Sertifikat Elektronik" or _is_about_ours(file):
		if may_use(url, file.name):
			return
	elif _is_theirs_too(url):
		return
	_refuse_access()


def _was_sent(file) -> bool:
	"""Whether the bytes of a new File came with it, rather than from the disk, where its URL points.

	Core's `before_insert` asks for the content twice and keeps the first answer in `content`, the second in
	`flags.original_content`. Bytes that were sent are one and the same object then, or still encoded in the second;
	what is read from the disk is equal, and another object each time.
	"""
	read, content = file.flags.original_content, file.content
	return bool(content) and (read is content or read != content)


def check_place(file):
	"""Core asks nobody whether the record may be changed that a file is attached to."""
	doctype = file.attached_to_doctype
	if doctype in ALL_RECORDS and not may_attach(doctype, file.attached_to_name):
		frappe.throw(
			_(
				"Anda tidak dapat melampirkan berkas pada {0} itu. Lampiran ditambahkan oleh yang sedang memegang langkahnya."
			).format(_(doctype)),
			frappe.PermissionError,
			title=_("Bukan giliran Anda"),
		)


def check_signed(file, before):
	if is_signed_file(before) and any(file.has_value_changed(field) for field in FROZEN):
		_refuse_signed(before)


# ------------------------------------------------------------------------------------------------ private, nobody's own


def take_over(file, method=None):
	"""doc_events File.after_insert: what is attached to a record of ours is nobody's own, and private.

	Core lets a File's owner read it for ever; ours are read by who may read the record, today. What was uploaded for a
	record that is not stored yet stays the uploader's until it is: `take_over_attached`.
	"""
	doctype, name = file.attached_to_doctype, file.attached_to_name
	stored = frappe.db.exists(doctype, name) if doctype in OPD_RECORDS else is_ours(file.file_url)
	if stored and _is_about_ours(file):
		file.db_set("owner", NOBODY, update_modified=False)
	url = file.file_url or ""
	if is_attached_to_ours(file) and url.startswith("/files/") and not _is_named(file):
		make_private(file)
		changed = ("file_url", "file_name", "is_private", "content_hash")
		file.db_set({field: file.get(field) for field in changed}, update_modified=False)


def make_private(file):
	"""The same bytes as a private file. Core would move the public one, which may be other records' too, and refuses
	where a private one has its name; so it is stored as core stores what is uploaded with "private" ticked."""
	public, sent = file.file_url, file.content
	before = file.get_doc_before_save()
	file.update({"is_private": 1, "file_url": ""})
	file.flags.new_file = True  # core takes it from the disk again if the transaction is rolled back
	frappe.db.after_rollback.add(file.on_rollback)
	file.content = path_of(
		public
	).read_bytes()  # core takes a file with neither URL nor content for a remote one
	file.save_file(content=file.content)
	file.content = sent
	if frappe.db.exists("File", {"file_url": public, "name": ("!=", file.name)}):
		return
	if not before:
		_remove(public)
	elif before.file_url == public:  # still needed if this transaction is rolled back
		frappe.db.after_commit.add(lambda: _remove(public))


def _follow(file, url: str):
	"""As core does when it moves a file: the field that named it names it again."""
	doctype, name, field = file.attached_to_doctype, file.attached_to_name, file.attached_to_field
	if field and frappe.db.get_value(doctype, name, field) == url:
		frappe.db.set_value(doctype, name, field, file.file_url)


def _is_named(file) -> bool:
	"""Whether it was attached because the record's field names it: a public file that was chosen as it is."""
	field = file.attached_to_field
	stored = field and frappe.db.get_value(file.attached_to_doctype, file.attached_to_name, field)
	return bool(stored) and stored == file.file_url


def take_over_attached(doc, method=None):
	"""doc_events of every DocType of ours, on_change: core attaches what was uploaded before the record was stored."""
	if doc.doctype in OPD_RECORDS and _attach_fields(doc.meta):
		attached = {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name, "owner": ("!=", NOBODY)}
		frappe.db.set_value("File", attached, "owner", NOBODY, update_modified=False)


# ----------------------------------------------------------------------------------------- the same bytes, somebody else's


def part_from_ours(file, before):
	"""A file of the host becomes private or public. Core moves it on the disk, and with it every File with those bytes:
	one that is ours too stays where it is, and the host's goes on with a copy."""
	if not file.has_value_changed("is_private") or not file.content_hash:
		return
	same = {"content_hash": file.content_hash, "attached_to_doctype": ("in", OURS), "name": ("!=", file.name)}
	ours = frappe.get_all("File", same, ["name", "file_url", "is_private"])
	file.flags.files_of_ours = ours
	if before.file_url in [row.file_url for row in ours]:
		copy = _free_url(before.file_url)
		shutil.copyfile(path_of(before.file_url), path_of(copy))
		frappe.db.after_rollback.add(lambda: _remove(copy))
		file.file_url = copy


def keep_in_place(file, method=None):
	"""doc_events File.on_update: undoes for files of ours what core did to every File with the same bytes."""
	for row in file.flags.pop("files_of_ours", None) or ():
		values = {"file_url": row.file_url, "is_private": row.is_private}
		frappe.db.set_value("File", row.name, values, update_modified=False)


# ------------------------------------------------------------------------------------------------ named in Attach fields


def check_fields(doc, method=None):
	"""doc_events of every DocType, before_validate: core attaches any URL that a field names by a raw write, asks nobody,
	and swallows what is raised later."""
	fields = _attach_fields(doc.meta)
	if not fields:
		return
	before = doc.get_doc_before_save()
	for df in fields:
		url = doc.get(df.fieldname)
		if not url or not isinstance(url, str) or (before and before.get(df.fieldname) == url):
			continue
		if doc.doctype not in OURS:
			if is_ours(url) and not _is_theirs_too(url):
				_refuse_access()
		elif not doc.flags.ignore_permissions and not may_use(url):
			frappe.throw(
				_("{0}: berkas itu bukan milik Anda. Unggah berkasnya dari sini.").format(_(df.label)),
				frappe.PermissionError,
			)
		elif not frappe.db.exists("File", {"file_url": url}):  # another spelling of one, or none of this site
			frappe.throw(
				_("{0}: berkas itu tidak ada pada situs ini. Unggah berkasnya dari sini.").format(_(df.label))
			)
		else:
			check_size(df, url)


def check_size(df, url: str):
	"""Of a file that a record of ours names from now on; a picture is a logo, which every print draws."""
	try:
		content = content_of(url) if frappe.db.exists("File", {"file_url": url}) else None
	except OSError:
		content = None  # the controllers say what is missing
	if content is not None:
		require = handed_in.require_logo if df.fieldtype == "Attach Image" else handed_in.require_small
		require(content, _(df.label))


def may_use(url: str, but: str | None = None) -> bool:
	"""Whether the session's user may read a private file by one of its File records; `but` is not asked."""
	return not url.startswith("/private/files/") or any(_readable(row) for row in _records(url, but))


def _is_theirs_too(url: str) -> bool:
	"""Whether the host has a File of its own of those bytes, which the session's user may read."""
	elsewhere = (*OURS, "Communication")
	return any(row.attached_to_doctype not in elsewhere and _readable(row) for row in _records(url))


def _records(url: str, but: str | None = None) -> list:
	return frappe.get_all("File", {"file_url": url, "name": ("!=", but or "")}, ["*"])


def _readable(row) -> bool:
	return _may("read", "File", frappe.get_doc(doctype="File", **row))


def _may(ptype: str, doctype: str, doc=None) -> bool:
	"""Asked inside a hook, core would add this record's name to what it tells about the other one."""
	told = frappe.flags.pop("has_permission_check_logs", None)
	try:
		return bool(frappe.has_permission(doctype, ptype, doc=doc))
	finally:
		if told is not None:
			frappe.flags.has_permission_check_logs = told


# ------------------------------------------------------------------------------------------------------- on the disk


def write_file(file, *content, **options):
	"""hook write_file: no bytes of anybody go over a file of ours. Nothing else is changed: the next app's hook writes, or
	core, with the arguments that core gave: `(file)` from File, `(name, content, content_type=, is_private=)` from
	`file_manager.save_file`.

	It has to be a hook of this kind. Core overwrites in four ways: `optimize_file` takes the name that the client's JSON
	says; a File that has the bytes of another one has a name that may be a third one's on the disk; `a?b` is written as
	`a_b`; `file_manager.save_file` looks in the public folder only. All of that is before the first event of File.
	"""
	others = [method for method in frappe.get_hooks("write_file") if method != WRITER]
	if isinstance(file, str):
		name = _free_name(file, options.get("is_private"))
		write = frappe.get_attr(others[0]) if others else file_manager.save_file_on_filesystem
		return write(name, *content, **options)
	if (
		file.is_new()
	):  # where its bytes come from, in case they get another URL now: core takes the head off a JPEG
		_require_source(file, file.file_url)
	elif not file.is_private and is_ours(file.file_url):
		_refuse_access()
	own = {"file_url": f"/private/files/{_name_on_disk(file.file_name)}", "name": file.name}
	if not (file.name and frappe.db.exists("File", own)):
		file.file_name = _free_name(file.file_name, file.is_private)
	elif is_signed_file(frappe._dict(own)):
		_refuse_signed(file)
	try:
		return frappe.get_attr(others[0])(file) if others else file.save_file_on_filesystem()
	except PyPdfError:  # late v15 looks for scripts in a PDF
		if file.attached_to_doctype not in OURS:
			raise
		frappe.throw(
			_(
				"{0} bukan PDF yang dapat dibuka. Simpan atau pindai ulang berkas itu, lalu unggah lagi."
			).format(file.file_name)
		)


def _free_name(name: str, is_private) -> str:
	"""`name`, or another one where a file of ours has it on the disk."""
	url = f"/private/files/{_name_on_disk(name)}"
	return _free_url(url).split("/")[-1] if is_private and is_ours(url) and path_of(url).exists() else name


def _free_url(url: str) -> str:
	path = Path(url)
	return str(path.with_name(f"{path.stem}-{frappe.generate_hash(length=10)}{path.suffix}"))


def _name_on_disk(name: str) -> str:
	return name.translate(str.maketrans(r"/\%?#", "_____"))  # as core does


def _remove(url: str):
	with suppress(FileNotFoundError):
		os.remove(path_of(url))


# ----------------------------------------------------------------------------------------------------------- which are ours


def _attach_fields(meta) -> list:
	return [df for df in meta.fields if df.fieldtype in ("Attach", "Attach Image")]


def is_attached_to_ours(file) -> bool:
	return file.attached_to_doctype in OURS and not file.is_folder


def _is_about_ours(file) -> bool:
	"""Attached to a record of an OPD, or to a mail about one. A certificate stays its owner's."""
	doctype, name = file.attached_to_doctype, file.attached_to_name
	if doctype == "Communication":
		doctype = frappe.db.get_value(doctype, name, "reference_doctype")
	return doctype in OPD_RECORDS and not file.is_folder


def _refuse_signed(file):
	frappe.throw(
		_("{0} adalah berkas PK yang sudah ditandatangani dan tidak dapat diubah.").format(file.file_name),
		frappe.PermissionError,
	)


def _refuse_access():
	"""On the host's own forms, in core's words: they are in every language that it knows."""
	frappe.throw(_("You don't have permission to access this file"), frappe.PermissionError)
