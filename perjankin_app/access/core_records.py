"""Rules about records of Frappe and of the host that name a record of ours (a Comment, a Contact, a ToDo …).

All are handlers of `doc_events`: they see what is about to be stored, by whatever call it came. Each leaves at once what
names nothing of ours; there everything stays as Frappe has it.
"""

import frappe
from frappe import _
from frappe.utils import get_formatted_email, get_fullname, parse_addr
from frappe.utils.caching import request_cache

from perjankin_app.permissions import require_read
from perjankin_app.records import ABOUT, ALL_RECORDS, OPD_RECORDS

# ------------------------------------------------------------------------------------------------ Link and Dynamic Link

# Written by Frappe, or by our server code, about something that it has already allowed, and often for somebody else: a User
# Permission by whoever saves a Penugasan, an Email Unsubscribe by whoever holds the signed link of a mail.
OF_ITS_OWN = ("Email Unsubscribe", "Permission Log", "User Permission", "View Log", "Workflow Action")
OWN_RULE = ("Comment", "ToDo")  # below; it asks for the same, and more


def check_named(doc, method=None):
	"""`*`, before_validate: whoever names a record of ours in a record of the host may read it.

	Frappe tells the title of a linked record, copies its values (`fetch_from`) and lists what is "connected" to it, and asks
	for none of them. What the stored record names already is not asked again: others may go on with the rest of it.
	"""
	if _is_free(doc) or not (now := named(doc)):
		return
	for doctype, name in now - named(doc.get_doc_before_save()):
		require_read(doctype, name)


def check_printed(doc, method=None, *args):
	"""`*`, before_print: Frappe also prints what a client sent and nobody stored, with the titles of what it names."""
	if _is_free(doc) or not (now := named(doc)):
		return
	for doctype, name in now - named(_readable(doc.doctype, doc.name)):
		require_read(doctype, name)


def _readable(doctype: str, name):
	"""The stored record, if there is one and the user may read it."""
	if isinstance(name, str | int) and name and frappe.db.exists(doctype, name):
		stored = frappe.get_doc(doctype, name)
		return stored if stored.has_permission("read") else None
	return None


def _is_free(doc) -> bool:
	"""Records of ours have `links.check_links`; received mail may quote anything (`flags` can't be sent by a client)."""
	return (
		frappe.session.user == "Administrator"
		or doc.doctype in ALL_RECORDS
		or doc.doctype in (*OF_ITS_OWN, *OWN_RULE)
		or bool(doc.flags.in_receive)
	)


def named(doc) -> set[tuple[str, str]]:
	"""(DocType, name) of every record of ours that `doc` and the rows of its tables name."""
	if not doc:
		return set()
	found = set()
	for record in (doc, *_rows(doc)):
		for field, doctype_of in naming_fields(record.doctype):
			doctype, name = doctype_of(record), record.get(field)
			if name and doctype in ALL_RECORDS:
				found.add((doctype, str(name)))
	return found


def _rows(doc):
	for df in doc.meta.get_table_fields():
		yield from doc.get(df.fieldname) or ()


@request_cache
def naming_fields(doctype: str) -> list[tuple]:
	"""[(field in which a record of `doctype` can name one of ours, function: record → DocType that the field names)]"""
	fields = frappe.get_meta(doctype).fields
	links = [
		(df.fieldname, lambda record, doctype=df.options: doctype)
		for df in fields
		if df.fieldtype == "Link" and df.options in ALL_RECORDS
	]
	dynamic = [
		(df.fieldname, lambda record, field=df.options: record.get(field))
		for df in fields
		if df.fieldtype == "Dynamic Link"
	]
	return links + dynamic


def leave_titles_out(doc, method=None):
	"""Contact and Address, validate: Frappe has just written the titles of what they name into their rows; anybody's to read."""
	for row in doc.get("links") or ():
		if row.link_doctype in ALL_RECORDS:
			row.link_title = row.link_name


# -------------------------------------------------------------------------------------------------------------- Comment

BY_HAND = "Comment"  # the one kind that people write; every other kind is Frappe's account of what it has done itself
IDENTITY = ("comment_type", "comment_email", "comment_by", "reference_doctype", "reference_name", "owner")


def check_comment(doc, method=None):
	"""before_validate: who comments on a record of ours may read it and speaks for nobody else."""
	before = doc.get_doc_before_save()
	if not (places := _ours_of(doc, "Comment") | _ours_of(before, "Comment")) or _is_of_unsubscribing(doc):
		return
	for place in places:
		require_read(*place)
	if before:
		_keep_as_written(doc, before)
	else:
		doc.owner = doc.comment_email = frappe.session.user
		doc.comment_by = get_fullname(frappe.session.user)
		if doc.comment_type != BY_HAND and not doc.flags.ignore_permissions:
			_refuse_kind()
	refuse_published(doc)


def _is_of_unsubscribing(doc) -> bool:
	"""Frappe notes "left this conversation" for whoever holds the signed link of a mail, logged in or not."""
	return doc.comment_type == "Label" and bool(
		frappe.db.exists(
			"Email Unsubscribe",
			{
				"reference_doctype": doc.reference_doctype,
				"reference_name": doc.reference_name,
				"email": doc.comment_email,
			},
		)
	)


def _keep_as_written(doc, before):
	if any(doc.get(field) != before.get(field) for field in IDENTITY):
		frappe.throw(
			_("Penulis, jenis, dan tempat komentar tidak dapat diubah. Tulis komentar baru."),
			frappe.PermissionError,
		)
	if doc.content != before.content and frappe.session.user not in ("Administrator", before.owner):
		frappe.throw(_("Komentar hanya dapat diubah oleh penulisnya."), frappe.PermissionError)


def refuse_published(doc, method=None):
	"""before_change too (the website's own comments are stored first and then published): ours stand on no web page."""
	if doc.published and _ours_of(doc, "Comment"):
		frappe.throw(
			_(
				"Komentar tentang {0} tidak dapat ditampilkan di situs web. Tulis komentar pada formulirnya."
			).format(_(doc.reference_doctype)),
			frappe.PermissionError,
		)


def check_comment_removed(doc, method=None):
	"""on_trash: what Frappe itself noted stays; a like goes with whoever takes it back."""
	if not (places := _ours_of(doc, "Comment")):
		return
	for place in places:
		require_read(*place)
	if doc.comment_type not in (BY_HAND, "Like") and frappe.session.user != "Administrator":
		frappe.throw(_("Catatan sistem tidak dapat dihapus."), frappe.PermissionError)


def refuse_sent_kind(doc, method=None, *args, **kwargs):
	"""`add_comment` of every DocType of ours, when a client calls it: Frappe's own code doesn't come by way of this event."""
	if (args[0] if args else kwargs.get("comment_type", BY_HAND)) != BY_HAND:
		_refuse_kind()


def refuse_discard(doc, method=None):
	"""before_discard of every DocType of ours: v16 sets docstatus 2, also of a row, and no rule of `validate` is asked."""
	frappe.throw(
		_("{0} tidak dapat dibuang. Hapus catatan yang tidak terpakai.").format(_(doc.doctype)),
		frappe.PermissionError,
	)


def _refuse_kind():
	frappe.throw(
		_("Catatan jenis ini hanya dibuat oleh sistem. Tulis komentar biasa."), frappe.PermissionError
	)


# ------------------------------------------------------------------------------------------------ other records about ours


def _ours_of(doc, doctype: str) -> set[tuple[str, str]]:
	"""The record of ours that `doc`, a record of Frappe's `doctype`, is about: one or none."""
	subject, name = (doc.get(field) for field in REFERENCE[doctype]) if doc else (None, None)
	return {(subject, str(name))} if name and subject in ALL_RECORDS else set()


REFERENCE = {
	**ABOUT,
	"File": ("attached_to_doctype", "attached_to_name"),
	"Communication": ("reference_doctype", "reference_name"),
}


def check_mail(doc, method=None):
	"""Communication, before_validate: a mail from a form of ours is from whoever is logged in, or from an office's account."""
	if doc.get_doc_before_save() or _is_free(doc) or not _ours_of(doc, "Communication"):
		return
	login = frappe.session.user
	own = {login, frappe.db.get_value("User", login, "email")}
	sender = parse_addr(doc.sender or "")[1]
	if sender not in own and frappe.db.exists("Email Account", {"email_id": sender or ""}):
		return
	doc.sender = get_formatted_email(login)
	doc.sender_full_name = get_fullname(login)


def check_assignment(doc, method=None):
	"""ToDo, before_validate: who assigns, or ends it, must see the record; who gets it too, as long as it is open."""
	before = doc.get_doc_before_save()
	now = _ours_of(doc, "ToDo")
	for place in now | _ours_of(before, "ToDo"):
		require_read(*place)
	if now and doc.allocated_to and doc.status == "Open":
		require_read(*next(iter(now)), doc.allocated_to)
	if now and (before is None or doc.assigned_by != before.assigned_by):
		# Frappe quotes it in the record's timeline
		doc.assigned_by = before.assigned_by if before else frappe.session.user
		doc.assigned_by_full_name = get_fullname(doc.assigned_by)


def check_follow(doc, method=None):
	"""Document Follow: Frappe mails every change to the follower without asking again."""
	for place in _ours_of(doc, "Document Follow"):
		require_read(*place, doc.user)


def check_tag_link(doc, method=None):
	"""Tag Link: as Frappe's own call for it, who tags a record may write it."""
	for doctype, name in _ours_of(doc, "Tag Link") | _ours_of(doc.get_doc_before_save(), "Tag Link"):
		require_read(doctype, name)
		frappe.has_permission(doctype, "write", doc=name, throw=True)


def refuse_share(doc, method=None):
	"""DocShare: a share opens a record whatever the Penugasan says, and outlives a transfer."""
	if doc.share_doctype in OPD_RECORDS:
		frappe.throw(
			_(
				"{0} tidak dapat dibagikan. Beri wewenang kepada {1} melalui Penugasan Jabatan, lalu ulangi."
			).format(_(doc.share_doctype), doc.user or _("pengguna itu")),
			frappe.PermissionError,
			title=_("Tidak dapat dibagikan"),
		)
