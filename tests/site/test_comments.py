"""Comments about a PK: by every call that writes one, only by its readers, in their own name, and never as if Frappe itself
had noted something. Frappe's own notes about what it did still come.
"""

import json
from contextlib import contextmanager
from urllib.parse import quote

import frappe
import pytest
from factory import B, user, waiting_for
from matrix import call

PK = "Perjanjian Kinerja"
READER, STAFF, HEAD = user("penyusun"), user("staf", B), user("kepala")
WEBSITE, EDITOR = "tamu.catatan@uji.example", "redaksi@uji.example"
STRANGERS = (None, WEBSITE, STAFF, EDITOR)
FORGED = {"comment_email": HEAD, "comment_by": "Kepala Dinas", "owner": HEAD}
KINDS = ("Workflow", "Created", "Info", "Label", "Attachment", "Assigned", "Submitted", "Edit", "Bot")


def comment(doc, kind="Comment", **values):
	about = {"reference_doctype": doc.doctype, "reference_name": doc.name}
	return {"doctype": "Comment", "comment_type": kind, "content": "uji", **about, **FORGED, **values}


def method(client, called, /, **values):
	return client.post(f"/api/method/{called}", json=values)


def path(doctype, name=""):
	return f"/api/resource/{quote(doctype)}" + (f"/{quote(name)}" if name else "")


def args(kind):
	return {"comment_type": kind, "text": "uji", **{k: v for k, v in FORGED.items() if k != "owner"}}


# way: call(client, record, kind of comment)
WAYS = {
	"desk": lambda c, d, k: method(c, "frappe.desk.form.utils.add_comment", **{**comment(d), "doctype": None}),
	"website": lambda c, d, k: method(
		c, "frappe.templates.includes.comments.comments.add_comment", comment="uji", comment_email=HEAD,
		comment_by="Kepala Dinas", reference_doctype=d.doctype, reference_name=d.name, route="",
	),
	"v1": lambda c, d, k: c.post(path("Comment"), json=comment(d, k)),
	"v2": lambda c, d, k: c.post("/api/v2/document/Comment", json=comment(d, k)),
	"client.insert": lambda c, d, k: method(c, "frappe.client.insert", doc=json.dumps(comment(d, k))),
	"client.insert_many": lambda c, d, k: method(c, "frappe.client.insert_many", docs=json.dumps([comment(d, k)])),
	"client.save": lambda c, d, k: method(c, "frappe.client.save", doc=json.dumps(comment(d, k))),
	"savedocs": lambda c, d, k: method(
		c, "frappe.desk.form.save.savedocs", action="Save",
		doc=json.dumps({**comment(d, k), "__islocal": 1, "name": "new-comment-1"}),
	),
	"run_doc_method": lambda c, d, k: method(
		c, "run_doc_method", method="add_comment", dt=d.doctype, dn=d.name, args=json.dumps(args(k))
	),
	"run_doc_method, positional": lambda c, d, k: method(
		c, "run_doc_method", method="add_comment", dt=d.doctype, dn=d.name, args=k
	),
	"runserverobj": lambda c, d, k: method(
		c, "frappe.handler.run_doc_method", method="add_comment", dt=d.doctype, dn=d.name, args=json.dumps(args(k))
	),
	"run_doc_method, docs": lambda c, d, k: method(
		c, "run_doc_method", method="add_comment", docs=frappe.as_json(d.as_dict()), args=json.dumps(args(k))
	),
	"v1, run_method": lambda c, d, k: c.post(path(d.doctype, d.name), json={"run_method": "add_comment", **args(k)}),
	"v1, run_method by GET": lambda c, d, k: c.get(path(d.doctype, d.name), query_string={"run_method": "add_comment", **args(k)}),
	"v2, method": lambda c, d, k: c.post(
		f"/api/v2/document/{quote(d.doctype)}/{d.name}/method/add_comment/", json=args(k)
	),
	"v2, run_doc_method": lambda c, d, k: c.post(
		"/api/v2/method/run_doc_method", json={"method": "add_comment", "document": d.as_json(), "kwargs": args(k)}
	),
	"like": lambda c, d, k: method(c, "frappe.desk.like.toggle_like", doctype=d.doctype, name=d.name, add="Yes"),
	"discussion": lambda c, d, k: method(
		c, "frappe.website.doctype.discussion_topic.discussion_topic.submit_discussion",
		doctype=d.doctype, docname=d.name, reply="uji", title="uji",
	),
	"unsubscribe": lambda c, d, k: c.get(
		call("frappe.email.queue.unsubscribe", doctype=d.doctype, name=d.name, email=HEAD)
	),
	"share": lambda c, d, k: method(c, "frappe.share.add", doctype=d.doctype, name=d.name, user=STAFF, read=1),
}  # fmt: skip
OWN_KIND = {"desk": "Comment", "website": "Comment", "like": "Like"}


@pytest.fixture
def doc(committed, in_review):
	"""The PK in review; its comments of before are noted in `flags.before`."""
	frappe.set_user("Administrator")
	for login, kind, roles in ((WEBSITE, "Website User", []), (EDITOR, "System User", ["Website Manager"])):
		if not frappe.db.exists("User", login):
			person = frappe.get_doc(doctype="User", email=login, first_name=login, send_welcome_email=0)
			person.user_type = kind
			person.extend("roles", [{"role": role} for role in roles])
			person.insert()
	frappe.cache.delete_keys("rl:")  # the website lets an address comment five times an hour
	frappe.db.commit()
	in_review.flags.before = set(comments(in_review))
	yield in_review
	frappe.set_user("Administrator")
	frappe.db.rollback()
	for doctype, field in (
		("Comment", "reference_name"), ("Discussion Topic", "reference_docname"), ("Email Unsubscribe", "reference_name"),
	):  # fmt: skip
		frappe.db.delete(doctype, {field: in_review.name})
	frappe.db.commit()


@contextmanager
def website_manager(login):
	"""Meanwhile `login` may write Comment by core's permissions; committed."""
	frappe.set_user("Administrator")
	frappe.get_doc("User", login).add_roles("Website Manager")
	frappe.db.commit()
	try:
		yield
	finally:
		frappe.db.rollback()
		frappe.set_user("Administrator")
		frappe.get_doc("User", login).remove_roles("Website Manager")
		frappe.db.commit()


def comments(doc, *fields):
	about = {"reference_doctype": doc.doctype, "reference_name": doc.name}
	if not fields:
		return frappe.get_all("Comment", about, pluck="name")
	about["name"] = ("not in", [*doc.flags.before, ""])
	return frappe.get_all("Comment", about, ["owner", *fields])


def new_comments(doc):
	frappe.db.rollback()
	return comments(doc, "comment_email", "comment_by", "comment_type", "published", "content")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("login", STRANGERS)
def test_who_may_not_read_writes_nothing(client, doc, login, way):
	mails = frappe.db.count("Email Queue")
	for kind in ("Comment", "Workflow"):
		WAYS[way](client(login), doc, kind)
	assert not new_comments(doc)
	assert not frappe.db.get_value(PK, doc.name, "_comments") and not frappe.db.get_value(
		PK, doc.name, "_liked_by"
	)
	assert not frappe.db.exists("Discussion Topic", {"reference_docname": doc.name})
	assert frappe.db.count("Email Queue") == mails


@pytest.mark.parametrize(
	"way, kind",
	[
		*(
			(way, kind)
			for way in WAYS
			for kind in ("Comment", "Workflow")
			if kind == "Comment" or way not in OWN_KIND
		),
		*(("v2, method", kind) for kind in KINDS[1:]),
		*(("client.insert", kind) for kind in KINDS[1:]),
	],
)
def test_a_reader_speaks_for_nobody_else_and_not_for_frappe(client, doc, way, kind):
	with website_manager(READER):
		answer = WAYS[way](client(READER), doc, kind)
	name = frappe.db.get_value("User", READER, "full_name")
	for row in new_comments(doc):
		assert (row.owner, row.comment_email, row.comment_by, row.published) == (READER, READER, name, 0)
		assert row.comment_type == OWN_KIND.get(way, "Comment"), (way, answer.status_code)
	if way == "website":
		assert answer.status_code == 403 and not new_comments(doc)
	if way == "desk" or (
		way.startswith(("v", "client", "run")) and kind == "Comment" and way != "v1, run_method by GET"
	):
		assert len(new_comments(doc)) == 1, answer.text


@pytest.mark.parametrize("field", ["comment_email", "comment_by", "comment_type", "reference_name", "owner"])
def test_who_wrote_what_stays(client, doc, field):
	frappe.set_user(HEAD)
	theirs = doc.add_comment("Comment", "asli")
	frappe.db.commit()
	other = "User" if field == "reference_name" else {"comment_type": "Workflow"}.get(field, READER)
	values = (
		{"reference_doctype": "User", "reference_name": READER}
		if field == "reference_name"
		else {field: other}
	)
	before = frappe.db.get_value("Comment", theirs.name, "*")
	with website_manager(READER):
		c = client(READER)
		c.put(path("Comment", theirs.name), json=values)
		method(
			c, "frappe.client.set_value", doctype="Comment", name=theirs.name, fieldname=json.dumps(values)
		)
		method(c, "frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs", doctype="Comment",
			docnames=json.dumps([theirs.name]), action="update", data=json.dumps(values))  # fmt: skip
		frappe.db.rollback()
		assert frappe.db.get_value("Comment", theirs.name, "*") == before
		assert c.put(path("Comment", theirs.name), json={"content": "palsu"}).status_code == 403
		assert c.put(path("Comment", theirs.name), json={"published": 1}).status_code == 403


def test_a_comment_made_elsewhere_is_not_moved_here(client, doc):
	frappe.set_user(READER)
	note = frappe.get_doc(doctype="Note", title="uji komentar", public=1).insert()
	text = note.add_comment("Workflow", "Selesai", comment_email=HEAD)
	frappe.db.commit()
	try:
		with website_manager(READER):
			body = {"reference_doctype": PK, "reference_name": doc.name}
			assert client(READER).put(path("Comment", text.name), json=body).status_code == 403
		assert not new_comments(doc)
	finally:
		frappe.set_user("Administrator")
		frappe.delete_doc("Note", note.name, force=True)
		frappe.db.commit()


def test_an_author_mends_the_own_comment(client, doc):
	WAYS["desk"](client(READER), doc, "Comment")
	(mine,) = set(comments(doc)) - doc.flags.before
	update = "frappe.desk.form.utils.update_comment"
	assert method(client(READER), update, name=mine, content="lain").status_code == 200
	assert "lain" in new_comments(doc)[0].content
	assert method(client(HEAD), update, name=mine, content="palsu").status_code == 403
	publish = method(
		client(READER), "frappe.desk.form.utils.update_comment_publicity", name=mine, publish=True
	)
	assert publish.status_code != 200 and not new_comments(doc)[0].published  # 15.44 has no such call


def test_what_frappe_noted_is_not_deleted(client, doc):
	noted = [
		name for name in doc.flags.before if frappe.db.get_value("Comment", name, "comment_type") != "Comment"
	]
	assert noted, "submitting the PK to its review left a note"
	with website_manager(READER):
		for name in noted:
			assert client(READER).delete(path("Comment", name)).status_code == 403
			assert (
				method(client(READER), "frappe.client.delete", doctype="Comment", name=name).status_code
				== 403
			)
			assert client(EDITOR).delete(path("Comment", name)).status_code == 403
	assert set(comments(doc)) == doc.flags.before


# -------------------------------------------------------------------------------------- what Frappe notes by itself


def test_a_step_leaves_its_note(client, doc):
	body = {"doc": frappe.as_json(frappe.get_doc(PK, doc.name).as_dict()), "action": "Paraf"}
	login = user("kasubbag")
	answer = method(client(login), "frappe.model.workflow.apply_workflow", **body)
	assert answer.status_code == 200, answer.text
	(note,) = [row for row in new_comments(doc) if row.comment_type == "Workflow"]
	assert (note.owner, note.comment_email) == (login, login)


def test_a_like_and_its_end(client, doc):
	for add, liked in (("Yes", 1), ("No", 0)):
		answer = method(client(READER), "frappe.desk.like.toggle_like", doctype=PK, name=doc.name, add=add)
		assert answer.status_code == 200, answer.text
		assert len([row for row in new_comments(doc) if row.comment_type == "Like"]) == liked


def test_an_assignment_and_its_end(client, doc):
	values = {"doctype": PK, "name": doc.name}
	add = {**values, "assign_to": json.dumps([user("kasubbag")]), "assigned_by": HEAD}
	assert method(client(READER), "frappe.desk.form.assign_to.add", **add).status_code == 200
	end = method(client(READER), "frappe.desk.form.assign_to.remove", **values, assign_to=user("kasubbag"))
	assert end.status_code == 200
	found = [row for row in new_comments(doc) if row.comment_type in ("Assigned", "Assignment Completed")]
	assert [row.owner for row in found] == [READER, READER]
	assert not any("kepala" in row.content for row in found)


def test_an_attachment_leaves_its_note(doc):
	(holder, *_others) = waiting_for(doc)
	frappe.set_user(holder)
	about = {"attached_to_doctype": PK, "attached_to_name": doc.name}
	file = frappe.get_doc(doctype="File", file_name="uji-lampiran.txt", content="uji", is_private=1, **about)
	file.insert()
	assert [row.owner for row in comments(doc, "comment_type") if row.comment_type == "Attachment"] == [
		holder
	]
	frappe.db.rollback()


def test_who_leaves_a_conversation_by_the_link_of_a_mail(client, doc):
	"""The link is signed by Frappe; nobody is logged in."""
	from frappe.utils.verified_command import get_signed_params

	address = "penerima@uji.example"
	signed = get_signed_params({"doctype": PK, "name": doc.name, "email": address})
	answer = client().get(f"/api/method/frappe.email.queue.unsubscribe?{signed}")
	assert answer.status_code == 200, answer.text
	(note,) = new_comments(doc)
	assert (note.comment_type, note.comment_email) == ("Label", address)


# ----------------------------------------------------------------------------------------------- what is not about ours


def test_comments_about_the_hosts_records_as_core_has_them(client, doc):
	frappe.set_user(STAFF)
	note = frappe.get_doc(doctype="Note", title="uji tuan rumah", public=1).insert()
	note.flags.before = set()
	frappe.db.commit()
	try:
		c = client(STAFF)
		for way in ("desk", "run_doc_method", "v2, method"):
			assert WAYS[way](c, note, "Info").status_code == 200, way
		website = WAYS["website"](c, note, "Info").status_code
		assert website in (
			200,
			501,
		)  # v15 also mails the note's owner, where the site has an account to send from
		rows = new_comments(note)
		assert len(rows) == 3 + (website == 200) and {row.comment_email for row in rows} == {HEAD}
		assert {row.comment_type for row in rows} == {"Comment", "Info"}
		assert {row.published for row in rows} == ({0, 1} if website == 200 else {0})
		mine = frappe.db.get_value("Comment", {"reference_name": note.name})
		assert client("Administrator").put(path("Comment", mine), json={"comment_by": "x"}).status_code == 200
	finally:
		frappe.set_user("Administrator")
		frappe.delete_doc("Note", note.name, force=True)
		frappe.db.commit()
