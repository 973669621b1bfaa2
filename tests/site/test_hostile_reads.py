"""What an employee of another OPD asks of Frappe about a PK of OPD A: each of these was once answered.

And what a colleague who moved to another OPD still gets of the old one.
"""

import json
from urllib.parse import quote

import factory
import frappe
import pytest
from factory import A, B, act, assignment, pk, user
from matrix import SECRET, call, get, one
from test_letters import signed

PK = "Perjanjian Kinerja"
STAFF, DRAFTER = user("staf", B), user("penyusun", B)
STATE_COUNT = "/api/method/frappe.workflow.doctype.workflow.workflow.get_workflow_state_count"


@pytest.fixture
def about(committed, in_review):
	"""Core's records about the PK, which belong to the head of OPD A. Committed."""
	frappe.set_user("Administrator")
	head, name = user("kepala"), in_review.name
	frappe.db.set_value("User", head, "document_follow_notify", 1)
	frappe.clear_document_cache("User", head)
	made = [
		dict(doctype="Tag Link", document_type=PK, document_name=name, tag="uji"),
		dict(doctype="Document Follow", ref_doctype=PK, ref_docname=name, user=head),
		dict(doctype="Notification Log", type="Alert", for_user=head, subject=name, document_type=PK, document_name=name),
		dict(doctype="ToDo", description=name, reference_type=PK, reference_name=name, allocated_to=head),
	]  # fmt: skip
	made = [frappe.get_doc(row).insert(ignore_permissions=True, ignore_links=True) for row in made]
	frappe.db.commit()
	yield {doc.doctype: doc for doc in made}
	frappe.set_user("Administrator")
	frappe.db.rollback()
	for doc in made:
		frappe.db.delete(doc.doctype, {"name": doc.name})
	frappe.db.set_value("User", head, "document_follow_notify", 0)
	frappe.db.commit()


# ---------------------------------------------------------------------------------------- a row of a table, by itself
PATHS = {
	"v1": lambda t, n: f"/api/resource/{quote(t)}/{n}",
	"v2": lambda t, n: f"/api/v2/document/{quote(t)}/{n}/",
	"v2 copy": lambda t, n: f"/api/v2/document/{quote(t)}/{n}/copy",
	"client.get": lambda t, n: call("frappe.client.get", doctype=t, name=n, parent=PK),
	"getdoc": lambda t, n: call("frappe.desk.form.load.getdoc", doctype=t, name=n),
	"printview": lambda t, n: get("/printview", doctype=t, name=n),
}


@pytest.mark.parametrize("path", PATHS)
def test_a_row(client, in_review, path):
	answer = client(STAFF).get(PATHS[path]("Target Kinerja", in_review.target[0].name))
	assert answer.status_code != 200 or "82,7" not in answer.text


@pytest.mark.parametrize(
	"table, parent",
	[
		("PK Program", PK),
		("Langkah Alur", "Alur Persetujuan"),
		("Peran Jabatan", "Jabatan"),
		("Alur Unit Kerja", "Unit Kerja"),
	],
)
def test_a_row_by_its_place(client, in_review, table, parent):
	above = frappe.get_all(parent, {"opd": A}, pluck="name")
	row = frappe.get_all(table, {"parent": ("in", above)}, ["parent", "idx"], limit=1)[0]
	answer = client(STAFF).get(one(table, parent, parent=row.parent, idx=row.idx))
	assert answer.status_code != 200, answer.text


def test_whose_row_it_is_says_the_database(in_review):
	row = frappe.get_doc("Target Kinerja", in_review.target[0].name)
	row.parent = "PK orang lain"
	assert row.parent_doc.name == in_review.name


# ------------------------------------------------------------------------------------------------------ values, counted


@pytest.mark.parametrize(
	"doctype, field",
	[
		(PK, "pihak_pertama_nip"),
		("Pejabat", "user"),
		("Target Kinerja", "target"),
		("Riwayat Alur", "pelaku_nama"),
		("Notification Log", "subject"),
		("ToDo", "description"),
		("File", "file_url"),
		("Sertifikat Elektronik", "berkas"),
	],
)
def test_a_column_is_not_counted(client, about, doctype, field):
	values = {"doctype": doctype, "workflow_state_field": field, "states": "[]"}
	assert client(STAFF).post(STATE_COUNT, json=values).status_code == 403


def test_states_are_counted_as_they_are_listed(client, in_review):
	values = {"doctype": PK, "workflow_state_field": "workflow_state", "states": "[]"}
	own = client(user("penyusun")).post(STATE_COUNT, json=values).json["message"]
	assert own == [{"workflow_state": in_review.workflow_state, "count": 1}]
	assert not client(STAFF).post(STATE_COUNT, json=values).json["message"]
	values["states"] = json.dumps([in_review.workflow_state])
	assert not client(user("penyusun")).post(STATE_COUNT, json=values).json["message"]


def test_a_heatmap_counts_nothing(client, in_review):
	filters = json.dumps([[PK, "opd", "=", A]])
	chart = dict(
		type="Heatmap", chart_type="Count", document_type=PK, based_on="creation", filters_json=filters
	)
	path = "/api/method/frappe.desk.doctype.dashboard_chart.dashboard_chart.get"
	answer = client(STAFF).post(path, json={"chart": json.dumps(chart), "refresh": 1})
	assert answer.status_code == 403


@pytest.mark.parametrize("method", ["search_link", "search_widget"])
def test_a_search_that_ignores_user_permissions(client, in_review, method):
	path = call(f"frappe.desk.search.{method}", doctype="Pejabat", txt="UJI-A", ignore_user_permissions=1)
	assert "UJI-A" not in client(STAFF).get(path).text
	assert "UJI-A" in client(user("penyusun")).get(path).text


# -------------------------------------------------------------------------------------------------------------- titles


@pytest.fixture
def title(in_review):
	"""(record of OPD A, what its title says)"""
	return in_review.target[0].indikator, "Indeks Layanan UJI-A"


def test_no_title_by_an_alias_of_cores_method(client, title):
	answer = client(STAFF).get(
		call("perjankin_app.access.answers.title_of", doctype="Indikator Kinerja", docname=title[0])
	)
	assert title[1] not in answer.text


@pytest.mark.parametrize(
	"doctype, field", [("Catatan Asistensi", "indikator"), ("Data Bidang", "penanda_tangan")]
)
def test_no_title_in_a_print_of_what_the_client_sent(client, in_review, title, doctype, field):
	name, word = title if field == "indikator" else (in_review.pihak_pertama, in_review.pihak_pertama_nama)
	forged = json.dumps({"doctype": doctype, "name": "x", "opd": B, field: name})
	path = "/api/method/frappe.www.printview.get_html_and_style"
	answer = client(STAFF).post(path, json={"doc": forged, "print_format": "Standard"})
	assert word not in answer.text


def test_no_title_with_another_form(client, title):
	values = {"subject": "x", "starts_on": "2026-01-01 08:00:00", "event_type": "Private"}
	values.update(reference_doctype="Indikator Kinerja", reference_docname=title[0])
	made = client(STAFF).post("/api/resource/Event", json=values)
	if made.status_code != 200:
		return
	name = made.json["data"]["name"]
	answer = client(STAFF).get(call("frappe.desk.form.load.getdoc", doctype="Event", name=name))
	frappe.delete_doc("Event", name, force=True)
	frappe.db.commit()
	assert answer.status_code == 200 and title[1] not in answer.text


def test_own_titles_are_still_sent(client, in_review, title):
	answer = client(user("penyusun")).get(
		call("frappe.desk.form.load.getdoc", doctype=PK, name=in_review.name)
	)
	assert answer.json["_link_titles"][f"Indikator Kinerja::{title[0]}"] == title[1]


# -------------------------------------------------------------------------------------------- core's records about ours


@pytest.mark.parametrize("doctype", ["Tag Link", "Document Follow", "Notification Log", "ToDo"])
def test_a_record_about_ours(client, about, doctype):
	doc, c = about[doctype], client(STAFF)
	for path in (
		one(doctype, name=doc.name),
		PATHS["v1"](doctype, doc.name),
		PATHS["getdoc"](doctype, doc.name),
	):
		assert c.get(path).status_code in (403, 404), path


def test_what_lies_with_one_is_not_every_readers(client, about):
	"""A colleague who may read the PK."""
	c = client(user("penyusun"))
	for doctype in ("ToDo", "Notification Log"):
		assert c.get(PATHS["v1"](doctype, about[doctype].name)).status_code == 403, doctype
	for doctype in ("Tag Link", "Document Follow"):
		assert c.get(PATHS["v1"](doctype, about[doctype].name)).status_code == 200, doctype


def test_what_is_about_other_apps_records_stays_as_core_has_it(client, about):
	row = dict(
		doctype="Notification Log", type="Alert", for_user=user("kepala"), subject="x", document_type="User"
	)
	log = frappe.get_doc(row).insert(ignore_permissions=True)
	frappe.db.commit()
	path = PATHS["v1"]("Notification Log", log.name)
	with_hook = client(user("penyusun")).get(path).status_code
	frappe.delete_doc("Notification Log", log.name, force=True)
	frappe.db.commit()
	assert with_hook == 200  # every employee of the site may, by core's own rule


def test_who_follows(client, about):
	doc = about["Document Follow"]
	path = call("frappe.desk.form.document_follow.get_follow_users", doctype=PK, doc_name=doc.ref_docname)
	assert client(STAFF).get(path).status_code == 403
	assert user("kepala") in client(user("penyusun")).get(path).text


def test_the_agencies_of_others(client, in_review):
	path = "frappe.core.doctype.user_permission.user_permission.get_user_permissions"
	assert A not in client(STAFF).get(call(path, user=user("kepala"))).text
	assert B in client(STAFF).get(call(path)).text
	assert A in client("Administrator").get(call(path, user=user("kepala"))).text


def test_linked_records_of_a_shared_master(client, committed, in_force):
	doc = signed(act(pk(), "Selesai", by=user("penyusun")))
	frappe.set_user("Administrator")
	frappe.db.commit()
	method = "frappe.desk.form.linked_with.get_submitted_linked_docs"
	path = call(method, doctype="Periode Kinerja", name=str(factory.YEAR))
	try:
		assert doc.name not in client(STAFF).get(path).text
		assert doc.name in client(user("penyusun")).get(path).text
		assert client(STAFF).get(call(method, doctype=PK, name=doc.name)).status_code == 403
	finally:
		frappe.set_user("Administrator")
		factory.purge_documents()


def test_links_are_not_expanded(client, in_review):
	name = frappe.db.get_value("Pejabat", {"user": user("kepala", B)})
	for path in (
		get(f"/api/resource/Pejabat/{name}", expand_links=1),
		call("frappe.client.get_list", doctype="Pejabat", fields='["name","user"]', expand='["user"]'),
		get("/api/resource/Pejabat", fields='["name","user"]', expand='["user"]'),
	):
		answer = client(STAFF).get(path)
		assert answer.status_code == 200 and name in answer.text and "last_ip" not in answer.text


# --------------------------------------------------------------------------------------- a PK of A that says it is of B


@pytest.fixture
def forged(in_review):
	return {"doctype": PK, "name": in_review.name, "opd": B, "unit": B, "modified": str(in_review.modified)}


def test_its_step_is_not_told(client, forged):
	body = {"doc": json.dumps({**forged, "workflow_state": "Draf"})}
	answer = client(DRAFTER).post("/api/method/frappe.client.save", json=body)
	assert answer.status_code == 403 and "Kasubbag" not in answer.text


@pytest.mark.parametrize("extra", [{}, {"__islocal": 1}])
def test_it_gets_no_comment(client, forged, extra):
	docs = json.dumps({**forged, **extra})
	body = {"method": "add_comment", "docs": docs, "args": json.dumps({"text": "x"})}
	client(DRAFTER).post("/api/method/run_doc_method", json=body)
	frappe.db.rollback()
	assert not frappe.db.exists("Comment", {"reference_name": forged["name"], "owner": DRAFTER})


# -------------------------------------------------------------------------------------------------- files of other people


@pytest.fixture
def paper(committed, in_review):
	"""A private file of a PK of OPD A. Committed."""
	yield from stored("rahasia-uji.txt", attached_to_doctype=PK, attached_to_name=in_review.name)


@pytest.fixture
def p12(committed, in_force):
	yield from stored("sertifikat-uji.txt", attached_to_doctype="Sertifikat Elektronik", attached_to_name="x")


def stored(file_name, **values):
	frappe.set_user("Administrator")
	values = {"file_name": file_name, "content": f"rahasia {file_name}", "is_private": 1, **values}
	file = frappe.get_doc(doctype="File", **values)
	file.insert(ignore_permissions=True)
	if values["attached_to_name"] == "x":
		file.db_set("owner", user("penyusun"))
	frappe.db.commit()
	yield file
	frappe.set_user("Administrator")
	frappe.db.rollback()
	for name in frappe.get_all("Contact", {"first_name": "Uji berkas"}, pluck="name"):
		frappe.delete_doc("Contact", name, force=True)
	frappe.db.delete("File", {"file_url": file.file_url})
	for login in (STAFF, user("kasubbag")):
		frappe.db.set_value("User", login, "user_image", None)
	frappe.db.commit()


def opens(client, file) -> bool:
	answer = client.get(file.file_url)
	return answer.status_code == 200 and b"rahasia" in answer.data


PROFILE = "/api/method/frappe.desk.page.user_profile.user_profile.update_profile_info"
MAIL = "/api/method/frappe.core.doctype.communication.email.make"
# what core makes a File of the user's own for, without asking
DOORS = {
	"picture": lambda c, f: c.put(f"/api/resource/User/{c.user}", json={"user_image": f.file_url}),
	"profile": lambda c, f: c.post(PROFILE, json={"profile_info": json.dumps({"user_image": f.file_url})}),
	"contact": lambda c, f: c.post("/api/resource/Contact", json={"first_name": "Uji berkas", "image": f.file_url}),
	"mail": lambda c, f: c.post(
		MAIL, json={"content": "x", "subject": "uji", "recipients": "x@uji.example", "attachments": [f.name]}
	),
	"file manager": lambda c, f: c.post(
		"/api/method/frappe.utils.file_manager.add_attachments",
		json={"doctype": "User", "name": c.user, "attachments": json.dumps([f.name])},
	),
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("which", ["paper", "p12"])
def test_a_file_of_another(request, client, which, door):
	file, c = request.getfixturevalue(which), client(STAFF)
	assert not opens(c, file)
	answer = DOORS[door](c, file)
	assert file.file_url not in answer.text
	assert not opens(c, file)


def test_the_list_names_no_certificate_of_another(client, p12):
	path = get("/api/resource/File", fields='["name","file_url"]', limit_page_length=0)
	assert p12.file_url not in client(STAFF).get(path).text
	assert p12.file_url in client(user("penyusun")).get(path).text


def test_an_own_picture_is_still_put_up(client, committed, in_force):
	c = client(STAFF)
	file = frappe.get_doc(doctype="File", file_name="foto-uji.txt", content="foto", is_private=1)
	frappe.set_user(STAFF)
	file.insert()
	frappe.set_user("Administrator")
	frappe.db.commit()
	assert DOORS["picture"](c, file).status_code == 200
	frappe.db.set_value("User", STAFF, "user_image", None)
	frappe.db.delete("File", {"file_url": file.file_url})
	frappe.db.commit()


# ------------------------------------------------------------------------------------------------------ after a transfer


@pytest.fixture
def transfer(committed, in_review):
	"""transfer(): the Kasubbag of A moves to B."""
	frappe.set_user("Administrator")
	official = frappe.db.get_value("Pejabat", {"user": user("kasubbag")})
	held = frappe.get_doc("Penugasan Jabatan", assignment("kasubbag"))
	made = []

	def move():
		frappe.set_user("Administrator")
		held.reload().update({"selesai": "2026-01-31"}).save()
		made.append(factory.assign(official, factory.post("kasubbag", B), status="Plt.", start="2026-02-01"))
		frappe.db.commit()

	yield move
	frappe.set_user("Administrator")
	frappe.db.rollback()
	for name in made:
		frappe.delete_doc("Penugasan Jabatan", name)
	held.reload().update({"selesai": None}).save()
	frappe.db.commit()


LOGS = "frappe.desk.doctype.notification_log.notification_log.get_notification_logs"


def test_tasks_and_notifications_of_the_old_opd(client, in_review, transfer):
	login = user("kasubbag")
	frappe.set_user("Administrator")
	task = dict(
		doctype="ToDo",
		description=SECRET,
		reference_type=PK,
		reference_name=in_review.name,
		allocated_to=login,
	)
	told = dict(doctype="Notification Log", type="Alert", for_user=login, subject=in_review.name, document_type=PK, document_name=in_review.name)  # fmt: skip
	made = [frappe.get_doc(row).insert(ignore_permissions=True) for row in (task, told)]
	frappe.db.commit()
	c = client(login)
	paths = (get("/api/resource/ToDo", fields='["*"]'), call(LOGS), PATHS["v1"]("ToDo", made[0].name))
	try:
		assert all(in_review.name in c.get(path).text for path in paths)
		transfer()
		assert [path for path in paths if in_review.name in c.get(path).text] == []
	finally:
		frappe.set_user("Administrator")
		frappe.db.rollback()
		for doc in made:
			frappe.delete_doc(doc.doctype, doc.name, force=True)
		frappe.db.commit()


@pytest.mark.parametrize("door", DOORS)
def test_copies_that_were_made_while_in_office(client, in_review, paper, transfer, door):
	c = client(user("kasubbag"))
	assert opens(c, paper)
	DOORS[door](c, paper)
	transfer()
	assert not opens(c, paper)


@pytest.fixture
def mailing(transfer):
	"""As where an admin lets the Kasubbag mail: asked for before the transfer, and taken back after it."""
	frappe.set_user("Administrator")
	row = frappe.get_doc("DocPerm", {"parent": PK, "role": "PK Kasubbag Perencanaan", "permlevel": 0})
	row.db_set("email", 1)
	frappe.clear_cache(doctype=PK)
	frappe.db.commit()
	yield
	row.db_set("email", 0)
	frappe.clear_cache(doctype=PK)
	frappe.db.commit()


def test_a_mail_about_the_pk(client, in_review, paper, transfer, mailing):
	"""Its attachment is read as long as the PK is."""
	c = client(user("kasubbag"))
	values = {
		"doctype": PK,
		"name": in_review.name,
		"content": "x",
		"subject": "uji",
		"recipients": "x@uji.example",
	}
	answer = c.post(MAIL, json={**values, "attachments": [paper.name]})
	assert answer.status_code == 200, answer.text
	frappe.db.rollback()
	assert frappe.db.exists("File", {"file_url": paper.file_url, "attached_to_doctype": "Communication"})
	assert opens(c, paper)
	transfer()
	assert not opens(c, paper)
