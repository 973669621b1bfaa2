"""The gate before core's whitelisted calls: every name of a function, every way to call it, every way to log in.

What the calls answered is in test_hostile_reads.py and in the matrix; here they are tried by other names. The user is an
employee of OPD B, the records are OPD A's.
"""

import base64
import inspect
import json
import os
import pkgutil
import subprocess
import sys
import types
from importlib import import_module
from pathlib import Path

import factory
import frappe
import pytest
from factory import PEMDA, A, B, user
from frappe.utils import now_datetime
from matrix import PK, call, get

import perjankin_app
from perjankin_app.access import core_calls, core_records
from perjankin_app.access.core_calls import INDIRECT, QUESTIONS
from perjankin_app.hooks import auth_hooks
from perjankin_app.records import OPD_RECORDS

STAFF = user("staf", B)
PACKAGE = Path(perjankin_app.__file__).parent
ROOT = PACKAGE.parent


@pytest.fixture
def secret(in_review):
	"""Of OPD A: a PK with its traces, and words that only its readers may see. Committed."""
	frappe.set_user("Administrator")
	name, made = in_review.name, []

	def put(**values):
		made.append(frappe.get_doc(values).insert(ignore_permissions=True))
		return made[-1]

	file = put(
		doctype="File", file_name="uji-rahasia.txt", content="rahasia", is_private=1,
		attached_to_doctype=PK, attached_to_name=name,
	)  # fmt: skip
	mail = put(
		doctype="Communication", subject="x", content="rahasia", reference_doctype=PK, reference_name=name
	)
	put(
		doctype="ToDo",
		description="x",
		reference_type=PK,
		reference_name=name,
		allocated_to=user("kasubbag"),
	)
	in_review.add_tag("ujitag")
	stored = frappe.get_doc(
		doctype="Prepared Report", report_name="Papan Status", filters="{}", status="Completed"
	)
	stored.name = frappe.generate_hash(length=10)
	stored.db_insert()
	stored.db_set("owner", user("kasubbag"), update_modified=False)
	frappe.db.commit()
	yield types.SimpleNamespace(
		doc=in_review,
		name=name,
		file=file,
		mail=mail.name,
		indicator=in_review.target[0].indikator,
		prepared=stored.name,
	)
	frappe.set_user("Administrator")
	frappe.db.rollback()
	for doctype, field in (
		("Tag Link", "document_name"),
		("ToDo", "reference_name"),
		("Comment", "reference_name"),
	):
		frappe.db.delete(doctype, {field: name})
	frappe.db.delete("Communication", {"name": mail.name})
	frappe.db.delete("Prepared Report", {"name": stored.name})
	frappe.db.delete("File", {"file_url": file.file_url})
	frappe.db.commit()


HEATMAP = {"type": "Heatmap", "chart_type": "Count", "based_on": "creation", "filters_json": "[]"}


def heatmap(doctype):
	return json.dumps({**HEATMAP, "document_type": doctype})


def prepared(name):
	return json.dumps({"prepared_report_name": name})


def goal(doctype):
	return dict(
		title="x", doctype="User", docname=STAFF, goal_value_field="idx", goal_total_field="idx",
		goal_history_field="bio", goal_doctype=doctype, goal_doctype_link="owner", goal_field="name",
		date_field="creation", aggregation="count", filters="{}",
	)  # fmt: skip


def of(**keys):
	"""Arguments that name the PK: of(doctype="dt", name="dn")."""
	return lambda s: {keys["doctype"]: PK, keys["name"]: s.name, **keys.get("more", {})}


TITLE, OFFICIAL = "Indeks Layanan UJI-A", "Uji kepala UJI-A"
# function: (arguments, what must not be told; nothing: refused with 403)
CALLS = {
	**{
		f"frappe.desk.query_report.{name}": (
			lambda s: {"report_name": "Papan Status", "filters": prepared(s.prepared), "file_format_type": "CSV"}, None,
		)
		for name in ("run", "export_query")
	},
	"frappe.desk.like.toggle_like": (of(doctype="doctype", name="name", more={"add": "Yes"}), None),
	"frappe.templates.includes.likes.likes.like": (of(doctype="reference_doctype", name="reference_name", more={"like": 1}), None),
	"frappe.desk.doctype.tag.tag.add_tag": (of(doctype="dt", name="dn", more={"tag": "ujitag"}), None),
	"frappe.desk.doctype.tag.tag.add_tags": (lambda s: {"dt": PK, "docs": json.dumps([s.name]), "tags": '["ujitag"]'}, None),
	"frappe.desk.doctype.tag.tag.remove_tag": (of(doctype="dt", name="dn", more={"tag": "ujitag"}), None),
	"frappe.desk.form.document_follow.get_follow_users": (of(doctype="doctype", name="doc_name"), None),
	"frappe.share.get_users": (of(doctype="doctype", name="name"), None),
	"frappe.client.is_document_amended": (of(doctype="doctype", name="docname"), None),
	"frappe.core.doctype.submission_queue.submission_queue.get_latest_submissions": (of(doctype="doctype", name="docname"), None),
	"frappe.automation.doctype.assignment_rule.assignment_rule.bulk_apply": (lambda s: {"doctype": PK, "docnames": json.dumps([s.name])}, None),
	"frappe.model.document.unlock_document": (of(doctype="doctype", name="name"), None),
	"frappe.website.doctype.web_form.web_form.get_form_data": (
		of(doctype="doctype", name="docname", more={"web_form_name": "uji-formulir"}),
		None,
	),
	"frappe.contacts.doctype.address.address.get_default_address": (of(doctype="doctype", name="name"), None),
	"frappe.core.doctype.sms_settings.sms_settings.get_contact_number": (of(doctype="ref_doctype", name="ref_name", more={"contact_name": "x"}), None),
	"frappe.social.doctype.energy_point_log.energy_point_log.get_reviews": (of(doctype="doctype", name="docname"), None),
	"frappe.email.relink": (lambda s: {"name": s.mail, "reference_doctype": "User", "reference_name": STAFF}, None),
	"frappe.core.doctype.communication.email.make": (
		lambda s: {"content": "x", "subject": "x", "recipients": "x@uji.example", "attachments": [s.file.name]}, None,
	),
	"frappe.utils.file_manager.add_attachments": (
		lambda s: {"doctype": "User", "name": STAFF, "attachments": json.dumps([s.file.name])}, None,
	),
	"frappe.core.api.file.unzip_file": (lambda s: {"name": s.file.name}, None),
	"frappe.utils.nestedset.rebuild_tree": (lambda s: {"doctype": "Unit Kerja"}, None),
	"frappe.desk.search.get_link_title": (lambda s: {"doctype": "Indikator Kinerja", "docname": s.indicator}, TITLE),
	"frappe.desk.form.load.getdoc": (of(doctype="doctype", name="name"), TITLE),
	"frappe.client.get_list": (lambda s: {"doctype": PK, "fields": '["name"]', "expand": '["opd"]'}, A),
	"frappe.utils.goal.get_monthly_goal_graph_data": (lambda s: goal(PK), None),
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": (lambda s: {"chart": heatmap(PK), "refresh": 1}, None),
	"frappe.geo.utils.get_coords": (lambda s: {"doctype": PK, "filters": "[]", "type": "coordinates"}, None),
	"frappe.desk.listview.get_group_by_count": (lambda s: {"doctype": PK, "current_filters": "[]", "field": "assigned_to"}, user("kasubbag")),
	"frappe.client.get_count": (lambda s: {"doctype": PK, "filters": json.dumps([[PK, "name", "=", s.name]])}, ":1"),
	"frappe.desk.form.linked_with.get": (lambda s: {"doctype": "Periode Kinerja", "docname": str(factory.YEAR)}, PK),
	"frappe.desk.form.linked_with.get_submitted_linked_docs": (of(doctype="doctype", name="name"), None),
	"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count": (
		lambda s: {"doctype": PK, "workflow_state_field": "workflow_state", "states": "[]"}, "Uji Paraf",
	),
	"frappe.desk.doctype.tag.tag.get_tagged_docs": (lambda s: {"doctype": PK, "tag": "%ujitag%"}, "PK"),
	"frappe.desk.treeview.get_children": (lambda s: {"doctype": "Unit Kerja", "parent": PEMDA}, A),
	"frappe.desk.treeview.get_all_nodes": (
		lambda s: {"doctype": "Unit Kerja", "label": "x", "parent": "", "tree_method": "frappe.desk.treeview.get_children"}, A,
	),
	"frappe.desk.search.search_link": (lambda s: {"doctype": "Pejabat", "txt": "UJI-A", "ignore_user_permissions": 1}, OFFICIAL),
	"frappe.desk.search.search_widget": (lambda s: {"doctype": "Pejabat", "txt": "UJI-A", "ignore_user_permissions": 1}, OFFICIAL),
	"frappe.client.validate_link_and_fetch": (
		lambda s: {"doctype": "Pejabat", "docname": frappe.db.get_value("Pejabat", {"user": user("kepala")}), "ignore_user_permissions": 1, "fields_to_fetch": '["nama"]'}, OFFICIAL,
	),
	"frappe.utils.global_search.search": (lambda s: {"text": "ujicari", "doctype": PK}, "PK-"),
	"frappe.core.doctype.user_permission.user_permission.get_user_permissions": (lambda s: {"user": user("kepala")}, A),
	"frappe.desk.form.load.getdoctype": (lambda s: {"doctype": PK}, "doc.alur"),
}  # fmt: skip
NOT_BY_NAME = {"frappe.api.v1.read_doc", "frappe.api.v1.document_list"}  # what a path leads to
# what is logged, not refused: test_downloads.py
LOGGED = {"frappe.handler.download_file", "frappe.core.api.file.zip_files"}


def told(answer, word) -> bool:
	"""Whether a call told what it must not tell."""
	if word is None:
		return answer.status_code != 403
	return answer.status_code == 200 and word in answer.text


def post(client, name, values):
	return client.post(f"/api/method/{name}", json=values)


def here(name):
	return core_calls._function(name)


# ------------------------------------------------------------------------------------------------------- by other names


@pytest.fixture(scope="module")
def modules():
	"""All modules of the engine, its tests among them: any of them can be named in a call."""
	for module in pkgutil.walk_packages(frappe.__path__, "frappe.", onerror=lambda name: None):
		if ".commands" not in module.name and ".patches." not in module.name:
			try:
				import_module(module.name)
			except BaseException:  # not installed, or not meant to be imported
				pass
	return {
		name: module for name, module in sys.modules.items() if name.split(".")[0] in ("frappe", "monoframe")
	}


@pytest.fixture(scope="module")
def aliases(modules):
	"""{function of core: every name that is callable over HTTP}"""
	found = {}
	functions = {id(here(name)): name for name in CALLS if here(name)}
	for module in list(modules.values()):
		for attribute, value in list(getattr(module, "__dict__", {}).items()):
			if name := functions.get(id(value)):
				found.setdefault(name, set()).add(
					f"{module.__name__}.{attribute}".replace("monoframe.", "frappe.", 1)
				)
	return found


def test_every_question_is_tried():
	assert {*CALLS} == {*QUESTIONS} - NOT_BY_NAME - LOGGED - {PREPARED}


@pytest.mark.parametrize("name", CALLS)
def test_by_every_name(client, secret, aliases, name):
	if not here(name):
		pytest.skip("this version has no such call")
	arguments, word = CALLS[name]
	c = client(STAFF)
	names = sorted(aliases[name])
	assert name in names
	assert [each for each in names if told(post(c, each, arguments(secret)), word)] == []


def test_the_walk_finds_other_names(aliases):
	others = {alias for names in aliases.values() for alias in names} - {*CALLS}
	assert "frappe.automation.doctype.auto_repeat.auto_repeat.make" in others
	print(len(others), "other names")


@pytest.mark.parametrize(
	"name",
	[name for name, (_arguments, word) in CALLS.items() if word not in (None, A, PK, "doc.alur", ":1")],
)
def test_whoever_may_is_told(client, secret, name):
	"""Else the test above would prove nothing."""
	if not here(name) or (name.endswith("global_search.search") and frappe.db.db_type == "sqlite"):
		pytest.skip("this version has no such call, or no such search")
	if name.endswith("global_search.search"):
		pytest.skip("no DocType of ours is in the global search; see the matrix")
	arguments, word = CALLS[name]
	assert told(post(client(user("admin")), name, arguments(secret)), word)


def test_no_method_of_a_document_is_one_of_them(modules):
	"""`run_doc_method` and the paths of documents call what a class has."""
	guarded = set(core_calls._table())
	for module in modules.values():
		for thing in list(getattr(module, "__dict__", {}).values()):
			if inspect.isclass(thing):
				for attribute in list(vars(thing).values()):
					assert not (inspect.isfunction(attribute) and inspect.unwrap(attribute) in guarded), thing


# -------------------------------------------------------------------------------------------------------- by other ways

FOLLOWERS = "frappe.desk.form.document_follow.get_follow_users"
GET_TITLE = "frappe.desk.search.get_link_title"


def encoded(**values):
	return json.dumps(values)


# each reaches who follows the PK, the title of an indicator, or what a heatmap counts
WAYS = {
	"cmd": lambda c, s: c.post("/", json={"cmd": FOLLOWERS, "doctype": PK, "doc_name": s.name}),
	"cmd on any path": lambda c, s: c.get(get("/app", cmd=FOLLOWERS, doctype=PK, doc_name=s.name)),
	"cmd before the path": lambda c, s: post(c, "ping", {"cmd": FOLLOWERS, "doctype": PK, "doc_name": s.name}),
	"v1": lambda c, s: c.get(call(FOLLOWERS, doctype=PK, doc_name=s.name)),
	"v1, named": lambda c, s: c.get(get(f"/api/v1/method/{FOLLOWERS}", doctype=PK, doc_name=s.name)),
	"v1, with more path": lambda c, s: c.get(get(f"/api/method/{FOLLOWERS}/x", doctype=PK, doc_name=s.name)),
	"v2": lambda c, s: c.get(get(f"/api/v2/method/{FOLLOWERS}", doctype=PK, doc_name=s.name)),
	"v2, of a DocType": lambda c, s: c.post(
		"/api/v2/method/Auto Repeat/make", json={"content": "x", "subject": "x", "recipients": "x@uji.example", "attachments": [s.file.name]}
	),
	"v2, title": lambda c, s: c.get(get(f"/api/v2/method/{GET_TITLE}", doctype="Indikator Kinerja", docname=s.indicator)),
	"v2, meta": lambda c, s: c.get(get("/api/v2/method/frappe.desk.form.load.getdoctype", doctype=PK)),
	"mapper": lambda c, s: post(
		c, "frappe.model.mapper.make_mapped_doc",
		{"method": "frappe.model.create_new.get_user_permissions", "source_name": user("kepala")},
	),
	"mapper of several": lambda c, s: post(
		c, "frappe.model.mapper.map_docs", {"method": GET_TITLE, "source_names": '["Indikator Kinerja"]', "target_doc": s.indicator}
	),
	"mapper of a search": lambda c, s: post(
		c, "frappe.model.mapper.map_docs",
		{"method": "frappe.desk.search.search_widget", "source_names": '[""]', "target_doc": heatmap(PK), "args": '"frappe.desk.doctype.dashboard_chart.dashboard_chart.get"'},
	),
	"tree": lambda c, s: post(
		c, "frappe.desk.treeview.get_all_nodes", {"doctype": PK, "label": "x", "parent": s.name, "tree_method": FOLLOWERS}
	),
	"search": lambda c, s: post(
		c, "frappe.desk.search.search_widget", {"doctype": "", "txt": heatmap(PK), "query": "frappe.desk.doctype.dashboard_chart.dashboard_chart.get"}
	),
	"search, link": lambda c, s: post(
		c, "frappe.desk.search.search_link", {"doctype": "", "txt": heatmap(PK), "query": "frappe.desk.doctype.dashboard_chart.dashboard_chart.get"}
	),
	"upload": lambda c, s: c.post(
		"/api/method/upload_file", json={"method": "frappe.desk.doctype.dashboard_chart.dashboard_chart.get", "chart": heatmap(PK)}
	),
}  # fmt: skip


@pytest.fixture
def asked(monkeypatch):
	"""Names of the functions that a question was asked about, and whether it was refused."""
	found = []
	for name, question in QUESTIONS.items():

		def noted(args, name=name, question=question):
			found.append(name)
			return question(args)

		monkeypatch.setitem(QUESTIONS, name, noted)
	return found


@pytest.mark.parametrize("way", WAYS)
def test_by_every_way(client, secret, asked, way):
	answer = WAYS[way](client(STAFF), secret)
	assert {*asked} & {*CALLS}, answer.text
	words = (user("kepala"), TITLE, A, "doc.alur", "dataPoints")
	assert answer.status_code == 403 or not [word for word in words if word in answer.text], answer.text


def test_v2_tells_what_v1_tells(client, secret):
	c, values = client(user("penyusun")), {"doctype": "Indikator Kinerja", "docname": secret.indicator}
	assert c.get(call(GET_TITLE, **values)).json["message"] == TITLE
	assert c.get(get(f"/api/v2/method/{GET_TITLE}", **values)).json["data"] == TITLE


def keys(login):
	"""(key, secret) of the API for `login`. Committed."""
	frappe.set_user("Administrator")
	account = frappe.get_doc("User", login)
	account.api_key, account.api_secret = frappe.generate_hash(length=15), frappe.generate_hash(length=15)
	told = account.api_key, account.api_secret
	account.flags.ignore_permissions = True
	account.save()
	frappe.db.commit()
	return told


def bearer(login):
	frappe.set_user("Administrator")
	client = frappe.get_doc(
		doctype="OAuth Client", app_name="Uji", scopes="all openid", redirect_uris="http://x.example",
		default_redirect_uri="http://x.example", grant_type="Authorization Code", response_type="Code",
	).insert(ignore_permissions=True)  # fmt: skip
	token = frappe.get_doc(
		doctype="OAuth Bearer Token", client=client.name, user=login, scopes="all openid",
		access_token=frappe.generate_hash(length=20), refresh_token=frappe.generate_hash(length=20),
		expiration_time=frappe.utils.add_days(now_datetime(), 1), expires_in=86400, status="Active",
	).insert(ignore_permissions=True)  # fmt: skip
	frappe.db.commit()
	return token.access_token


LOGINS = {
	"session": None,
	"token": lambda login: "token {}:{}".format(*keys(login)),
	"basic": lambda login: "Basic " + base64.b64encode(":".join(keys(login)).encode()).decode(),
	"bearer": lambda login: f"Bearer {bearer(login)}",
}


@pytest.mark.parametrize("login", LOGINS)
def test_by_every_login(client, secret, login):
	"""Asked too early, the gate would take the user of a key or a token for nobody."""

	def reached(who):
		headers = {"Authorization": LOGINS[login](who)} if LOGINS[login] else {}
		path = call(GET_TITLE, doctype="Indikator Kinerja", docname=secret.indicator)
		c = client(who) if not headers else client()
		answers = [
			c.get(path, headers=headers),
			c.get(call(FOLLOWERS, doctype=PK, doc_name=secret.name), headers=headers),
		]
		me = c.get(call("frappe.auth.get_logged_user"), headers=headers)
		assert me.json["message"] == who
		return [TITLE in answers[0].text, answers[1].status_code]

	assert reached(STAFF) == [False, 403]
	assert reached(user("penyusun")) == [True, 200]


def test_a_bearer_token_of_a_disabled_account_reaches_nothing(client, secret):
	"""Core ends the sessions of a User who is disabled, and refuses the API key; the bearer token it takes for good."""
	who = user("kasubbag")
	headers = {"Authorization": f"Bearer {bearer(who)}"}
	path = f"/api/resource/{PK}/{secret.name}"
	assert client().get(path, headers=headers).status_code == 200
	frappe.db.set_value("User", who, "enabled", 0)
	frappe.db.commit()
	try:
		assert client().get(path, headers=headers).status_code in (401, 403)
		acted = client().post(
			"/api/method/frappe.model.workflow.apply_workflow",
			json={"doc": json.dumps({"doctype": PK, "name": secret.name}), "action": "Paraf"}, headers=headers,
		)  # fmt: skip
		assert acted.status_code in (401, 403), acted.text
	finally:
		frappe.db.set_value("User", who, "enabled", 1)
		frappe.db.commit()


@pytest.mark.parametrize("doctype", ["File", "Communication", "ToDo", "Comment"])
def test_nobody_likes_what_hangs_on_a_record_he_may_not_read(client, secret, doctype):
	frappe.set_user("Administrator")
	if doctype == "Comment":
		secret.doc.add_comment("Comment", "x")
		frappe.db.commit()
	field = core_records.REFERENCE[doctype][1]
	values = {"doctype": doctype, "name": frappe.db.get_value(doctype, {field: secret.name}), "add": "Yes"}
	assert post(client(STAFF), "frappe.desk.like.toggle_like", values).status_code == 403
	assert STAFF not in (frappe.db.get_value(doctype, values["name"], "_liked_by") or "")


PREPARED = "frappe.core.doctype.prepared_report.prepared_report.make_prepared_report"


def test_a_report_that_was_prepared_for_somebody_else(client, secret):
	values = {"report_name": "Papan Status", "filters": prepared(secret.prepared)}
	own = post(client(user("kasubbag")), "frappe.desk.query_report.run", values)
	assert (
		"milik pengguna lain" not in own.text
	)  # core has no file for it, and says so by a status of its own
	for name, status in ((secret.prepared, 403), ({"owner": ["!=", "x"]}, 417)):
		values["filters"] = prepared(name)
		assert post(client(STAFF), "frappe.desk.query_report.run", values).status_code == status


def test_nobody_has_a_report_prepared_that_he_may_not_run(client, secret):
	frappe.set_user("Administrator")
	login = "tamu.laporan@uji.example"
	if not frappe.db.exists("User", login):
		frappe.get_doc(
			doctype="User", email=login, first_name=login, user_type="Website User", send_welcome_email=0
		).insert()
	assert post(client(login), PREPARED, {"report_name": "Papan Status"}).status_code == 403
	assert not frappe.db.exists("Prepared Report", {"owner": login})


def test_what_one_made_by_any_web_form(client, secret):
	"""The drafter of the PK works elsewhere now."""
	frappe.set_user("Administrator")
	form = frappe.get_doc(
		doctype="Web Form", title="Uji formulir", route="uji-formulir", doc_type="Note", module="Desk", published=1,
		login_required=1, allow_edit=1, allow_multiple=1, web_form_fields=[{"fieldname": "title", "fieldtype": "Data", "label": "x"}],
	).insert()  # fmt: skip
	frappe.db.set_value(PK, secret.name, "owner", STAFF, update_modified=False)
	frappe.db.commit()
	values = {"doctype": PK, "docname": secret.name, "web_form_name": form.name}
	try:
		for each in (values, {**values, "docname": None}):
			answer = post(client(STAFF), "frappe.website.doctype.web_form.web_form.get_form_data", each)
			assert answer.status_code == 403 and TITLE not in answer.text and "82,7" not in answer.text
	finally:
		frappe.delete_doc("Web Form", form.name, force=True)
		frappe.db.commit()


# ----------------------------------------------------------------------------------------------- counts of any DocType

HEATMAPS = "frappe.desk.doctype.dashboard_chart.dashboard_chart.get"


@pytest.mark.parametrize(
	"doctype",
	["Version", "Comment", "Communication", "Deleted Document", "User", "File", "ToDo", "Target Kinerja", "Riwayat Alur", "Periode Kinerja"],
)  # fmt: skip
def test_what_a_user_may_not_list_he_may_not_count(client, secret, doctype):
	c = client(STAFF)
	by_goal = here("frappe.utils.goal.get_monthly_goal_graph_data")
	if doctype == "Periode Kinerja":  # everybody's: any list holds all of it
		assert post(c, HEATMAPS, {"chart": heatmap(doctype), "refresh": 1}).status_code != 403
		return
	chart = {**HEATMAP, "document_type": doctype}
	for values in ({"chart": heatmap(doctype)}, {"chart": chart}, {"chart": json.dumps(list(chart.items()))}):
		answer = post(c, HEATMAPS, {**values, "refresh": 1})
		assert answer.status_code == 403, answer.text
	if by_goal:
		assert post(c, "frappe.utils.goal.get_monthly_goal_graph_data", goal(doctype)).status_code == 403
	counted = post(c, "frappe.client.get_count", {"doctype": doctype, "filters": "{}"})
	assert counted.status_code == 403 or counted.json["message"] == len(own(doctype))


def own(doctype):
	frappe.set_user(STAFF)
	try:
		return frappe.get_list(doctype, pluck="name", limit_page_length=0)
	finally:
		frappe.set_user("Administrator")


def test_a_stored_heatmap(client, secret):
	chart = frappe.get_doc(
		doctype="Dashboard Chart", chart_name="Uji rahasia", **{**HEATMAP, "document_type": "Version"}
	).insert()
	frappe.db.commit()
	try:
		assert post(client(STAFF), HEATMAPS, {"chart_name": chart.name}).status_code == 403
	finally:
		frappe.delete_doc("Dashboard Chart", chart.name, force=True)
		frappe.db.commit()


@pytest.mark.parametrize("doctype", ["Note", "Currency"])
def test_what_is_neither_ours_nor_about_ours_is_counted_as_core_does(client, secret, asked, doctype):
	answer = post(client(STAFF), HEATMAPS, {"chart": heatmap(doctype), "refresh": 1})
	assert asked == [HEATMAPS] and answer.status_code != 403  # SQLite has no function of core's for it


# ------------------------------------------------------------------------------------------------- names as JSON has them

ODD_DOCTYPES = [[PK], ["=", PK], ["like", "%Kinerja"], {"name": PK}, "perjanjian kinerja", "Perjanjian Kinerja ", "PERJANJIAN KINERJA", "Perjanjian\u200b Kinerja", "Pérjanjian Kinerja"]  # fmt: skip


@pytest.mark.parametrize("doctype", ODD_DOCTYPES, ids=str)
def test_a_doctype_by_any_other_word(client, secret, doctype):
	"""MariaDB finds some of these; core takes a list for a filter."""
	c = client(STAFF)
	for name, key in (
		(FOLLOWERS, "doc_name"),
		("frappe.share.get_users", "name"),
		("frappe.client.is_document_amended", "docname"),
	):
		answer = post(c, name, {"doctype": doctype, key: secret.name})
		assert 400 <= answer.status_code < 500, answer.text
	for chart in ({**HEATMAP, "document_type": doctype}, json.dumps({**HEATMAP, "document_type": doctype})):
		assert 400 <= post(c, HEATMAPS, {"chart": chart}).status_code < 500


@pytest.mark.parametrize("name", [["like", "PK%"], {"opd": A}, 0, 1, True], ids=str)
def test_a_record_by_anything_but_its_name(client, secret, name):
	c = client(STAFF)
	for function, key in (
		(FOLLOWERS, "doc_name"),
		("frappe.share.get_users", "name"),
		("frappe.desk.like.toggle_like", "name"),
	):
		answer = post(c, function, {"doctype": PK, key: name})
		assert 400 <= answer.status_code < 500, answer.text


# ------------------------------------------------------------------------------------------------------- the host's calls


@pytest.fixture
def another_app(monkeypatch):
	"""another_app(name): another app overrides that call; its function says "theirs"."""
	module = types.ModuleType("frappe.another_app")
	monkeypatch.setitem(sys.modules, "frappe.another_app", module)
	monkeypatch.setattr(frappe, "another_app", module, raising=False)
	hooks = frappe.get_hooks

	def override(name):
		def theirs(**values):
			return "theirs"

		theirs.__module__ = "another_app"
		module.theirs = frappe.whitelist()(theirs)

		def with_theirs(hook=None, *args, **kwargs):
			found = hooks(hook, *args, **kwargs)
			if hook == "override_whitelisted_methods":
				found = {**found, name: [*found.get(name, []), "frappe.another_app.theirs"]}
			return found

		for module_ in {*sys.modules.values()}:  # the engine has it by more than one name
			if getattr(module_, "get_hooks", None) is hooks:
				monkeypatch.setattr(module_, "get_hooks", with_theirs)

	yield override
	core_calls._stand_ins.cache_clear()


def test_another_apps_override_stays_in_force(client, secret, another_app):
	another_app(FOLLOWERS)
	c = client(STAFF)
	assert post(c, FOLLOWERS, {"doctype": "User", "doc_name": STAFF}).json["message"] == "theirs"
	assert (
		post(client(user("penyusun")), FOLLOWERS, {"doctype": PK, "doc_name": secret.name}).json["message"]
		== "theirs"
	)


def test_and_our_question_is_still_asked(client, secret, another_app):
	another_app(FOLLOWERS)
	c = client(STAFF)
	for name in (FOLLOWERS, "frappe.another_app.theirs"):
		assert post(c, name, {"doctype": PK, "doc_name": secret.name}).status_code == 403


@pytest.mark.parametrize(
	"values",
	[
		{"ref_doctype": PK, "ref_docname": "NAME"},
		{"a": "NAME", "b": PK},
		{"docs": '["x", "NAME"]', "of": PK},
		{"ref_doctype": "Target Kinerja", "ref_docname": "ROW"},
	],
)
def test_another_apps_own_function_is_asked_for_the_record_it_names(client, secret, another_app, values):
	"""ERPNext's `get_open_activities` shows any record's ToDos and Events to any account."""
	another_app("frappe.another_app.theirs")
	stand_in = {"NAME": secret.name, "ROW": secret.doc.target[0].name}
	for word, name in stand_in.items():
		values = {key: value.replace(word, name) for key, value in values.items()}
	for who, status in ((STAFF, 403), (user("penyusun"), 200)):
		assert post(client(who), "frappe.another_app.theirs", values).status_code == status
	absent = {key: value.replace(secret.name, "PK-0") for key, value in values.items()}
	if absent != values:
		assert post(client(STAFF), "frappe.another_app.theirs", absent).status_code == 200


def test_another_apps_function_gets_its_own_records_documents(client, secret, another_app):
	"""A record of the host may name one of ours that this user can't read: its form still works."""
	another_app("frappe.another_app.theirs")
	record = {"doctype": "ToDo", "reference_type": PK, "reference_name": secret.name}
	assert post(client(STAFF), "frappe.another_app.theirs", {"doc": json.dumps(record)}).status_code == 200


def test_erpnexts_activities(client, secret):
	if "erpnext" not in frappe.get_installed_apps():
		pytest.skip("ERPNext is not installed")
	values = {"ref_doctype": PK, "ref_docname": secret.name}
	for who, status in ((STAFF, 403), (user("penyusun"), 200)):
		assert post(client(who), "erpnext.crm.utils.get_open_activities", values).status_code == status


def test_no_frame_of_ours_in_the_hosts_errors(client, secret, monkeypatch):
	"""Core tells the user, by the files in the traceback, which app is to blame."""
	from frappe import app

	met, handle = [], app.handle_exception

	def handled(error):
		met.append(error)
		return handle(error)

	monkeypatch.setattr(app, "handle_exception", handled)
	c, failed = client(STAFF), 0
	for name in CALLS:
		function = here(name)
		if not function:
			continue
		for value in ("x", "Note", "[", None):
			met.clear()
			post(c, name, {key: value for key in inspect.signature(function).parameters})
			failed += len(met)
			for error in met:
				frames = inspect.getinnerframes(error.__traceback__, context=0)
				assert not [f.filename for f in frames if PACKAGE in Path(f.filename).parents], (
					name,
					value,
					error,
				)
	assert failed > 40


ODD = ["[", "\ud800", [[[]]], {"a": None}, 1.5, None, "null"]


@pytest.mark.parametrize("name", CALLS)
def test_odd_values_are_not_our_failure(client, secret, monkeypatch, name):
	"""About DocTypes of ours, where our own code answers."""
	from frappe import app

	met, handle = [], app.handle_exception

	def handled(error):
		met.append(error)
		return handle(error)

	monkeypatch.setattr(app, "handle_exception", handled)
	if not here(name):
		pytest.skip("this version has no such call")
	arguments, c = CALLS[name][0](secret), client(user("penyusun"))
	for key in arguments:
		for value in ODD:
			met.clear()
			answer = post(c, name, {**arguments, key: value})
			frames = [f.filename for e in met for f in inspect.getinnerframes(e.__traceback__, context=0)]
			ours = any(PACKAGE in Path(file).parents for file in frames)
			assert answer.status_code < 500 or not ours, (key, value, answer.text)


# ------------------------------------------------------------------------------------------------------ what is callable

NAMES = """
import pkgutil, sys
from importlib import import_module
try:
	import frappe
except ModuleNotFoundError:
	import embedded, frappe
for module in pkgutil.walk_packages(frappe.__path__, "frappe.", onerror=lambda name: None):
	if ".commands" not in module.name and ".patches." not in module.name:
		try:
			import_module(module.name)
		except BaseException:
			pass
assert not [name for name in sys.modules if name.startswith("perjankin_app")]
print("\\n".join(f"NAME {f.__module__}.{f.__qualname__}" for f in frappe.whitelisted))
print("\\n".join(f"MODULE {name}" for name in sys.modules))
"""


def test_nothing_becomes_callable(modules):
	without = subprocess.run(
		[sys.executable, "-W", "ignore", "-c", NAMES],
		env={
			**os.environ,
			"PYTHONPATH": str(ROOT),
		},  # embedded/; in the folder of the sites, where the engine looks for logs
		capture_output=True,
		text=True,
	)
	lines = [line.split(" ", 1) for line in without.stdout.splitlines()]
	before = {line[1] for line in lines if line[0] == "NAME"}
	loaded = {line[1] for line in lines if line[0] == "MODULE"}  # some want a site
	assert len(before) > 300, without.stderr
	now = {f"{f.__module__}.{f.__qualname__}" for f in frappe.whitelisted if f.__module__ in loaded}
	assert now - before == set()


def test_what_we_answer_core_has_opened():
	"""A call that core keeps shut stays shut, in whichever way the table names it."""
	for function, name in core_calls._table().items():
		opened = [each for each in frappe.whitelisted if inspect.unwrap(each) is function]
		assert opened or name in NOT_BY_NAME, name


def test_who_is_assigned_stays_shut(client, secret):
	note = frappe.get_doc(doctype="Note", title="Uji rahasia", public=0).insert()
	frappe.get_doc(
		doctype="ToDo",
		description="x",
		reference_type="Note",
		reference_name=note.name,
		allocated_to=user("kepala"),
	).insert()
	frappe.db.commit()
	c = client(STAFF)
	try:
		for values in (
			{"doctype": "Note", "name": note.name},
			{"args": {"doctype": "Note", "name": note.name}},
		):
			answer = post(c, "frappe.desk.form.assign_to.get", values)
			assert answer.status_code == 403 and user("kepala") not in answer.text
	finally:
		frappe.delete_doc("Note", note.name, force=True)
		frappe.db.delete("ToDo", {"reference_name": note.name})
		frappe.db.commit()


def test_no_override_of_core_is_left():
	from perjankin_app import hooks

	assert not hasattr(hooks, "override_whitelisted_methods")
	assert auth_hooks == ["perjankin_app.access.core_calls.gate"]


def test_a_call_that_is_not_in_the_table_costs_no_query(monkeypatch):
	from werkzeug.test import EnvironBuilder
	from werkzeug.wrappers import Request

	core_calls._table()
	frappe.get_installed_apps()

	def refuse(*args, **kwargs):
		raise AssertionError(args)

	for path, form in (
		("/api/method/frappe.client.get_time_zone", {}),
		("/api/v2/method/frappe.client.get_time_zone", {}),
		(f"/api/resource/{PK}", {}),
		("/api/resource/ToDo/x", {}),
		("/app", {}),
		("/", {"cmd": "frappe.client.get_time_zone"}),
		("/", {"cmd": "no.such.name"}),
	):
		monkeypatch.setattr(
			frappe.local, "request", Request(EnvironBuilder(path).get_environ()), raising=False
		)
		monkeypatch.setattr(frappe.local, "form_dict", frappe._dict(form))
		with monkeypatch.context() as patch:
			patch.setattr(frappe.local.db, "sql", refuse)
			core_calls.gate()


def test_the_table_is_about_our_records():
	assert {*OPD_RECORDS} and {*INDIRECT} - {*QUESTIONS} == {
		"frappe.model.mapper.make_mapped_doc",
		"frappe.model.mapper.map_docs",
		"frappe.handler.upload_file",
		"frappe.handler.uploadfile",
	}
