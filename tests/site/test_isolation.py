"""What core would let cross between OPD by a record of its own about ours: shares, follows, assignments, tags, files."""

import json

import factory
import frappe
import pytest
from factory import PEMDA, A, B, act, assignment, forward, pk, user

from perjankin_app import permissions
from perjankin_app.install import ROLES
from perjankin_app.records import OPD_RECORDS, TABLES

PK = "Perjanjian Kinerja"
KEPALA, FOREIGN = "kepala", user("penyusun", B)


@pytest.fixture
def doc(in_force):
	return pk()


@pytest.fixture
def committed_doc(committed, in_force):
	doc = pk()
	frappe.set_user("Administrator")
	frappe.db.commit()
	yield doc
	frappe.set_user("Administrator")
	for doctype, field in (("ToDo", "reference_name"), ("Tag Link", "document_name"), ("Document Follow", "ref_docname")):  # fmt: skip
		frappe.db.delete(doctype, {field: doc.name})
	factory.purge_documents()


# ---------------------------------------------------------------------------------------------------------------- shares


@pytest.mark.parametrize("by", ["Administrator", user("kepala"), user("admin")])
def test_nobody_shares_a_pk(doc, by):
	frappe.set_user(by)
	with pytest.raises(frappe.PermissionError):
		frappe.share.add(PK, doc.name, FOREIGN, write=1)
	frappe.set_user(FOREIGN)
	assert not frappe.has_permission(PK, "read", doc=doc.name)


@pytest.mark.parametrize("doctype", ["Jabatan", "Pejabat", "Indikator Kinerja"])
def test_nobody_shares_a_master(doctype):
	name = frappe.get_all(doctype, {"opd": A}, pluck="name")[0]
	with pytest.raises(frappe.PermissionError, match="Penugasan"):
		frappe.share.add(doctype, name, FOREIGN)


def test_what_is_not_ours_is_shared_as_before():
	todo = frappe.get_doc(doctype="ToDo", description="x").insert()
	assert frappe.share.add("ToDo", todo.name, FOREIGN)


# --------------------------------------------------------------------------------------------------- follows and digests


@pytest.fixture
def follower():
	"""follower(user) lets that user follow documents."""

	def make(login):
		frappe.set_user("Administrator")
		frappe.db.set_value("User", login, "document_follow_notify", 1)
		frappe.clear_document_cache("User", login)
		return login

	return make


def followed(doc, login):
	return frappe.db.exists("Document Follow", {"ref_docname": doc.name, "user": login})


def test_following_needs_reading(doc, follower):
	from frappe.desk.form.document_follow import update_follow

	frappe.set_user(follower(FOREIGN))
	with pytest.raises(frappe.PermissionError):
		update_follow(PK, doc.name, True)
	assert not followed(doc, FOREIGN)
	frappe.set_user(follower(user(KEPALA)))
	update_follow(PK, doc.name, True)
	assert followed(doc, user(KEPALA))


def test_a_transfer_ends_the_digests(doc, follower):
	"""Core sends them without asking whether the follower may still read."""
	login = follower(user(KEPALA))
	frappe.set_user("Administrator")
	frappe.get_doc(doctype="Document Follow", ref_doctype=PK, ref_docname=doc.name, user=login).insert()
	other = frappe.get_doc(
		doctype="Document Follow", ref_doctype="Periode Kinerja", ref_docname=str(factory.YEAR), user=login
	).insert()
	held = frappe.get_doc("Penugasan Jabatan", assignment(KEPALA))
	held.selesai = "2026-01-31"
	held.save()
	assert not followed(doc, login)
	assert frappe.db.exists("Document Follow", other.name)


# ----------------------------------------------------------------------------------------------------------- assignments


def test_an_assignment_does_not_open_a_pk(doc):
	from frappe.desk.form import assign_to

	for by in (user(KEPALA), "Administrator"):
		frappe.set_user(by)
		with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
			assign_to.add({"doctype": PK, "name": doc.name, "assign_to": json.dumps([FOREIGN])})
	assert not frappe.db.exists("ToDo", {"reference_name": doc.name, "allocated_to": FOREIGN})
	frappe.set_user(user(KEPALA))
	frappe.db.set_value(
		"Notification Settings", user("kasubbag"), "enabled", 0
	)  # a site without mail account
	assign_to.add({"doctype": PK, "name": doc.name, "assign_to": json.dumps([user("kasubbag")])})
	assert frappe.db.exists("ToDo", {"reference_name": doc.name, "allocated_to": user("kasubbag")})


def test_a_foreigner_neither_assigns_nor_ends_an_assignment(client, committed_doc):
	"""Core's methods take `ignore_permissions` from whoever calls them."""
	about = {"reference_type": PK, "reference_name": committed_doc.name}
	frappe.get_doc(doctype="ToDo", description="x", allocated_to=user("kasubbag"), **about).insert()
	frappe.db.commit()
	c, core = client(FOREIGN), "/api/method/frappe.desk.form.assign_to"
	named = {"doctype": PK, "name": committed_doc.name, "ignore_permissions": 1}
	assert c.post(f"{core}.remove", json={**named, "assign_to": user("kasubbag")}).status_code == 403
	assert c.post(f"{core}.add", json={**named, "assign_to": json.dumps([FOREIGN])}).status_code == 403
	response = c.post("/api/resource/ToDo", json={"description": "x", "allocated_to": FOREIGN, **about})
	assert response.status_code == 403
	frappe.db.rollback()
	rows = frappe.get_all("ToDo", {"reference_name": committed_doc.name}, ["allocated_to", "status"])
	assert [(row.allocated_to, row.status) for row in rows] == [(user("kasubbag"), "Open")]


def test_an_assignment_of_somebody_transferred_can_be_closed(doc):
	frappe.set_user("Administrator")
	todo = frappe.get_doc(
		doctype="ToDo", description="x", reference_type=PK, reference_name=doc.name, allocated_to=user("tim")
	).insert()
	held = frappe.get_doc("Penugasan Jabatan", assignment("tim"))
	held.selesai = "2026-01-31"
	held.save()
	todo.reload()
	todo.status = "Closed"
	todo.save()


# ------------------------------------------------------------------------------------------------------------------ tags


def test_tags_of_a_foreign_pk(client, committed_doc):
	c, core = client(FOREIGN), "/api/method/frappe.desk.doctype.tag.tag"
	about = {"dt": PK, "dn": committed_doc.name}
	assert c.post(f"{core}.add_tag", json={"tag": "ujiasing", **about}).status_code == 403
	docs = json.dumps([committed_doc.name])
	assert (
		c.post(f"{core}.add_tags", json={"tags": '["ujiasing"]', "dt": PK, "docs": docs}).status_code == 403
	)
	row = {"document_type": PK, "document_name": committed_doc.name, "tag": "ujiasing", "title": "x"}
	assert c.post("/api/resource/Tag Link", json=row).status_code in (403, 417)
	own = client(user(KEPALA))
	assert own.post(f"{core}.add_tag", json={"tag": "ujisendiri", **about}).status_code == 200
	assert c.post(f"{core}.remove_tag", json={"tag": "ujisendiri", **about}).status_code == 403
	frappe.db.rollback()
	assert frappe.get_all("Tag Link", {"document_name": committed_doc.name}, pluck="tag") == ["ujisendiri"]


# ----------------------------------------------------------------------------------------------------------------- files


def file_of(doctype, name, **values):
	values = {"file_name": "uji.txt", "content": "rahasia", "is_private": 0, **values}
	return frappe.get_doc(doctype="File", attached_to_doctype=doctype, attached_to_name=name, **values)


@pytest.mark.parametrize("doctype", [PK, "Unit Kerja", "Indikator Kinerja"])
def test_files_of_ours_are_private_whatever_was_ticked(doc, doctype):
	name = doc.name if doctype == PK else frappe.get_all(doctype, {"opd": A}, pluck="name")[0]
	if doctype == "Unit Kerja":
		frappe.set_user(user("admin"))
	file = file_of(doctype, name).insert()
	assert file.is_private and file.file_url.startswith("/private/files/")
	assert frappe.db.get_value("File", file.name, "is_private") == 1
	assert file.get_content() == "rahasia"
	file.reload()
	file.is_private = 0
	file.save()
	assert frappe.db.get_value("File", file.name, "file_url").startswith("/private/files/")


def test_a_public_file_that_is_attached_later_becomes_private(doc):
	file = frappe.get_doc(doctype="File", file_name="uji.txt", content="rahasia", is_private=0).insert()
	assert file.file_url.startswith("/files/")
	file.update({"attached_to_doctype": PK, "attached_to_name": doc.name})
	file.save()
	assert frappe.db.get_value("File", file.name, "file_url").startswith("/private/files/")


def test_files_of_others_stay_as_they_are():
	todo = frappe.get_doc(doctype="ToDo", description="x").insert()
	assert not file_of("ToDo", todo.name).insert().is_private


def test_an_upload_over_http_is_private(client, committed_doc):
	from io import BytesIO

	data = {
		"file": (BytesIO(b"rahasia"), "uji.txt"),
		"is_private": "0",
		"doctype": PK,
		"docname": committed_doc.name,
	}
	response = client(user("penyusun")).post("/api/method/upload_file", data=data)
	assert response.status_code == 200, response.text
	url = response.json["message"]["file_url"]
	assert url.startswith("/private/files/")
	assert client(FOREIGN).get(url).status_code == 403
	assert client(user(KEPALA)).get(url).data == b"rahasia"
	assert client().get(url.replace("/private", "")).status_code == 404


# -------------------------------------------------------------------------------------------------- today and afterwards


def test_after_a_transfer_nothing_of_the_old_opd_is_left(client, committed_doc):
	"""The Kasubbag of A moves to B: sees B's from now on, A's no more, on the same login."""
	login = user("kasubbag")
	official = frappe.db.get_value("Pejabat", {"user": login})
	held = frappe.get_doc("Penugasan Jabatan", assignment("kasubbag"))
	there = pk(opd=B)
	frappe.set_user("Administrator")
	act(frappe.get_doc(PK, committed_doc.name), "Selesai", by=user("penyusun"))
	frappe.set_user("Administrator")
	c, path = client(login), f"/api/resource/{PK}"
	assert c.get(f"{path}/{committed_doc.name}").status_code == 200
	try:
		held.selesai = "2026-01-31"
		held.save()
		moved = factory.assign(official, factory.post("kasubbag", B), status="Plt.", start="2026-02-01")
		frappe.db.commit()
		assert c.get(f"{path}/{committed_doc.name}").status_code == 403
		assert [row["name"] for row in c.get(path).json["data"]] == [there.name]
		actions = c.get('/api/resource/Workflow Action?fields=["reference_name"]').text
		assert committed_doc.name not in actions
		values = {"doc": frappe.as_json({"doctype": PK, "name": committed_doc.name}), "action": "Paraf"}
		assert c.post("/api/method/frappe.model.workflow.apply_workflow", json=values).status_code == 403
	finally:
		frappe.db.rollback()
		frappe.delete_doc("Penugasan Jabatan", moved)
		held.reload()
		held.selesai = None
		held.save()
		frappe.db.commit()


# ------------------------------------------------------------------------------------------- every record, every reader

WITHOUT = "tanpa.tugas@uji.example"


@pytest.fixture
def without_penugasan():
	"""Somebody with all our roles, given by hand, and no Penugasan: core alone would show everything."""
	frappe.set_user("Administrator")
	if not frappe.db.exists("User", WITHOUT):
		frappe.get_doc(doctype="User", email=WITHOUT, first_name="Uji", send_welcome_email=0).insert()
	frappe.get_doc("User", WITHOUT).add_roles(*ROLES)
	return WITHOUT


def records_of(doctype, opd=A):
	return set(frappe.get_all(doctype, {"opd": opd}, pluck="name"))


@pytest.mark.parametrize("doctype", OPD_RECORDS)
def test_lists_hold_the_own_opds_records(doc, doctype, without_penugasan):
	factory.papers(doc)
	forward(doc, until="Uji Tanda Tangan")
	foreign = records_of(doctype)
	assert foreign or doctype == "Dokumen Anggaran"
	for login in (without_penugasan, user("admin", B), user("kepala", B)):
		frappe.set_user(login)
		assert not foreign & set(frappe.get_list(doctype, pluck="name", limit_page_length=0)), login
	frappe.set_user(user("admin"))
	assert foreign <= set(frappe.get_list(doctype, pluck="name", limit_page_length=0))
	frappe.set_user(user("pemda", PEMDA))
	assert foreign <= set(frappe.get_list(doctype, pluck="name", limit_page_length=0))


@pytest.mark.parametrize("doctype", OPD_RECORDS)
def test_records_open_to_the_own_opd(doc, doctype, without_penugasan):
	factory.papers(doc)
	forward(doc, until="Uji Tanda Tangan")
	names = sorted(records_of(doctype))[:3]
	for name in names:
		assert not frappe.has_permission(doctype, "read", doc=name, user=without_penugasan)
		assert not frappe.has_permission(doctype, "read", doc=name, user=user("admin", B))
		assert frappe.has_permission(doctype, "read", doc=name, user=user("admin"))
		assert frappe.has_permission(doctype, "read", doc=name, user=user("pemda", PEMDA))


@pytest.mark.parametrize(
	"doctype, about",
	[
		("Target Kinerja", "parent"),
		("PK Program", "parent"),
		("File", "attached_to_name"),
		("Workflow Action", "reference_name"),
		("Tag Link", "document_name"),
		("Document Follow", "ref_docname"),
	],
)
def test_cores_rows_about_a_pk(doc, doctype, about, without_penugasan, follower):
	frappe.set_user("Administrator")
	file_of(PK, doc.name).insert()
	doc.add_tag("ujitag")
	follower(user(KEPALA))
	frappe.get_doc(
		doctype="Document Follow", ref_doctype=PK, ref_docname=doc.name, user=user(KEPALA)
	).insert()
	act(doc, "Selesai", by=user("penyusun"))

	def listed(login):
		frappe.set_user(login)
		parent = {"parent_doctype": PK} if about == "parent" else {}
		return doc.name in frappe.get_list(doctype, pluck=about, limit_page_length=0, **parent)

	assert listed(user("kasubbag"))
	assert not listed(without_penugasan)
	assert not listed(user("kasubbag", B))


def test_a_system_manager_keeps_house_among_the_files_of_masters():
	name = file_of("Unit Kerja", A).insert().name
	frappe.set_user(f"sistem@{factory.DOMAIN}")
	assert name in frappe.get_list("File", {"attached_to_doctype": "Unit Kerja"}, pluck="name")


@pytest.mark.parametrize("table", sorted(TABLES))
def test_rows_of_tables_listed_directly(doc, table, without_penugasan):
	"""Core asks only whether the user may read such records at all."""
	factory.papers(doc)
	frappe.set_user("Administrator")
	_row_in_each_table(doc)
	parent = TABLES[table][0]
	own = set(frappe.get_all(parent, {"opd": A}, pluck="name"))
	rows = set(frappe.get_all(table, {"parenttype": parent, "parent": ("in", own)}, pluck="name"))
	assert rows

	def listed(login):
		frappe.set_user(login)
		return rows & set(frappe.get_list(table, pluck="name", parent_doctype=parent, limit_page_length=0))

	assert listed(user("admin")) == rows
	assert not listed(without_penugasan)
	assert not listed(user("admin", B))


def _row_in_each_table(doc):
	for table, parents in TABLES.items():
		parent = parents[0]
		name = (
			frappe.db.get_value(parent, {"opd": A})
			or frappe.get_doc(
				doctype=parent, opd=A, periode=str(factory.YEAR), nomor="1", tanggal_pengesahan="2026-01-02"
			)
			.insert()
			.name
		)
		if not frappe.db.exists(table, {"parenttype": parent, "parent": name}):
			field = next(
				df.fieldname for df in frappe.get_meta(parent).get_table_fields() if df.options == table
			)
			row = frappe.get_doc(doctype=table, parenttype=parent, parent=name, parentfield=field, idx=1)
			row.set_new_name()
			row.db_insert()


# ------------------------------------------------------------------------------------------- what mutants have shown


def test_an_action_that_waits_is_open_to_whom_it_waits_for(doc):
	doc = act(doc, "Selesai", by=user("penyusun"))
	name = frappe.db.get_value("Workflow Action", {"reference_name": doc.name, "status": "Open"})
	assert frappe.has_permission("Workflow Action", "read", doc=name, user=user("kasubbag"))
	for login in (user("kasubbag", B), user("staf")):
		assert not frappe.has_permission("Workflow Action", "read", doc=name, user=login)
	frappe.set_user("Administrator")
	row = frappe.get_doc("Workflow Action", name)
	row.reference_doctype, row.reference_name = "Note", "x"  # somebody else's workflow
	assert frappe.has_permission("Workflow Action", "read", doc=row, user=user("kasubbag"))


def test_what_is_not_ours_is_not_ours_to_refuse(without_penugasan):
	assert permissions.may_read("Note", "tidak-ada", without_penugasan)
	assert permissions.may_read("User", "Administrator", without_penugasan)
	assert permissions.may_read(PK, "tidak-ada", without_penugasan)


def test_no_tag_link_about_a_foreign_pk(doc):
	doc.add_tag("ujitag")
	frappe.set_user(FOREIGN)
	link = frappe.get_doc(
		doctype="Tag Link", document_type=PK, document_name=doc.name, tag="ujitag", title="x"
	)
	with pytest.raises(frappe.PermissionError, match="di luar wewenang"):
		link.insert(ignore_permissions=True)


def test_nobody_assigns_a_foreign_pk_to_its_own_people(doc):
	frappe.set_user(FOREIGN)
	todo = dict(doctype="ToDo", description="x", reference_type=PK, reference_name=doc.name)
	with pytest.raises(frappe.PermissionError, match="di luar wewenang Anda"):
		frappe.get_doc(**todo, allocated_to=user("tim")).insert(ignore_permissions=True)


def test_who_sees_the_app_among_others(without_penugasan):
	for login, sees in (
		(user("staf"), True),
		("Administrator", True),
		(without_penugasan, False),
		("Guest", False),
	):
		frappe.set_user(login)
		assert permissions.sees_app() is sees, login


def test_a_shared_chain_is_read_where_it_is_followed(in_force):
	"""A chain of the Pemda is printed and followed by its OPD, and changed by the Pemda only."""
	name = factory.publish(opd=PEMDA, jenjang="Pengawas", name="SOP Uji bersama")
	frappe.set_user(user("admin"))
	assert name in frappe.get_list("Alur Persetujuan", pluck="name")
	assert frappe.has_permission("Alur Persetujuan", "read", doc=name)
	assert frappe.has_permission("Alur Persetujuan", "print", doc=name)
	assert not frappe.has_permission("Alur Persetujuan", "write", doc=name)


def test_titles_of_links(in_force):
	from perjankin_app.access import answers

	name = frappe.get_all("Indikator Kinerja", {"opd": A}, pluck="name")[0]
	frappe.set_user(user("admin", B))
	assert answers.get_link_title("Indikator Kinerja", name) == name
	frappe.set_user(user("admin"))
	assert answers.get_link_title("Indikator Kinerja", name) != name
