"""What stands in everybody's desk: our workspace is changed by its managers only, and nobody learns the host's Workflows by us."""

import json
from urllib.parse import quote

import frappe
import pytest
from factory import B, user
from matrix import call, get

from perjankin_app import install

STAFF, MANAGER, HOST = user("staf", B), "penata.ruang@uji.example", "alur.tuan.rumah@uji.example"
SECRET = "Alur Rahasia Uji"  # a Workflow of the host
OURS = "Perjanjian Kinerja"


def account(login, *roles):
	if not frappe.db.exists("User", login):
		person = frappe.get_doc(doctype="User", email=login, first_name=login, send_welcome_email=0)
		person.extend("roles", [{"role": role} for role in roles])
		person.insert()


# ------------------------------------------------------------------------------------------------------------ Workflow


@pytest.fixture(scope="module")
def workflow(in_force):
	"""A Workflow of the host on Note, and a role of the host that reads Workflow; committed."""
	frappe.set_user("Administrator")
	if not frappe.db.exists("Role", "Uji Pengatur Alur"):
		frappe.get_doc(doctype="Role", role_name="Uji Pengatur Alur", desk_access=1).insert()
	for state in ("Uji Rahasia Awal", "Uji Rahasia Akhir"):
		if not frappe.db.exists("Workflow State", state):
			frappe.get_doc(doctype="Workflow State", workflow_state_name=state).insert()
	if not frappe.db.exists("Workflow Action Master", "Uji Lanjut"):
		frappe.get_doc(doctype="Workflow Action Master", workflow_action_name="Uji Lanjut").insert()
	states = [
		{"state": s, "doc_status": "0", "allow_edit": "System Manager"}
		for s in ("Uji Rahasia Awal", "Uji Rahasia Akhir")
	]
	step = {
		"state": "Uji Rahasia Awal",
		"action": "Uji Lanjut",
		"next_state": "Uji Rahasia Akhir",
		"allowed": "System Manager",
	}
	doc = dict(
		doctype="Workflow",
		workflow_name=SECRET,
		document_type="Note",
		is_active=0,
		workflow_state_field="workflow_state",
	)
	frappe.get_doc({**doc, "states": states, "transitions": [step]}).insert()
	from frappe.permissions import add_permission

	account(HOST, "Uji Pengatur Alur")
	add_permission("Workflow", "Uji Pengatur Alur")
	frappe.db.commit()
	yield
	frappe.set_user("Administrator")
	frappe.db.rollback()
	frappe.delete_doc("Workflow", SECRET, force=True)
	frappe.db.delete("Custom DocPerm", {"role": "Uji Pengatur Alur"})
	frappe.clear_cache(doctype="Workflow")
	frappe.db.commit()


def exported(doctype):
	return {
		"doctype": doctype, "file_format_type": "CSV", "fields": json.dumps([f"`tab{doctype}`.name"]), "title": "x",
	}  # fmt: skip


SHOWN = {
	"list": lambda c: c.get("/api/resource/Workflow"),
	"v2 list": lambda c: c.get("/api/v2/document/Workflow/"),
	"report": lambda c: c.get(call("frappe.desk.reportview.get", doctype="Workflow", fields='["name"]')),
	"link": lambda c: c.get(call("frappe.desk.search.search_link", doctype="Workflow", txt="Uji")),
	"one": lambda c: c.get(f"/api/resource/Workflow/{SECRET}"),
	"form": lambda c: c.get(call("frappe.desk.form.load.getdoc", doctype="Workflow", name=SECRET)),
	"value": lambda c: c.get(
		call("frappe.client.get_value", doctype="Workflow", filters='{"document_type": "Note"}', fieldname="name")
	),
	"states": lambda c: c.get(get("/api/resource/Workflow Document State", parent="Workflow", fields='["state"]', limit_page_length=0)),
	"steps": lambda c: c.get(get("/api/resource/Workflow Transition", parent="Workflow", fields='["state"]', limit_page_length=0)),
	"export": lambda c: c.post("/api/method/frappe.desk.reportview.export_query", data=exported("Workflow")),
	"print": lambda c: c.get(get("/printview", doctype="Workflow", name=SECRET)),
}  # fmt: skip


@pytest.mark.parametrize("how", SHOWN)
def test_an_employee_learns_no_workflow_of_the_host(client, workflow, how):
	answer = SHOWN[how](client(STAFF))
	assert SECRET not in answer.text.replace("Workflow/" + SECRET, "") or answer.status_code in (403, 404), (
		answer.text
	)
	assert "Uji Rahasia" not in answer.text


def test_nobody_exports_workflows_by_us(client, workflow):
	answer = client(STAFF).post("/api/method/frappe.desk.reportview.export_query", data=exported("Workflow"))
	assert answer.status_code == 403 and OURS not in answer.text


def test_the_hosts_own_readers_read_as_before(client, workflow):
	for login in (HOST, "Administrator"):
		names = [row["name"] for row in client(login).get("/api/resource/Workflow").json["data"]]
		assert {SECRET, OURS} <= set(names), login
		assert client(login).get(f"/api/resource/Workflow/{SECRET}").status_code == 200
		assert "Uji Rahasia Awal" in SHOWN["states"](client(login)).text


def test_what_the_desk_asks_is_answered_where_it_asks(client, workflow):
	"""Early v16 asks before each action whether it wants a confirmation, as the user."""
	field = "enable_action_confirmation" if install.desk_reads_workflow() else "name"
	filters = json.dumps({"document_type": OURS})
	path = call("frappe.client.get_value", doctype="Workflow", filters=filters, fieldname=field)
	answer = client(user("kasubbag")).get(path)
	if install.desk_reads_workflow():
		assert answer.status_code == 200 and answer.json["message"] == {field: 0}
	else:
		assert answer.status_code == 403


def test_who_also_reads_for_the_host_sees_all(client, workflow):
	frappe.set_user("Administrator")
	frappe.get_doc("User", STAFF).add_roles("Uji Pengatur Alur")
	frappe.db.commit()
	try:
		assert SECRET in client(STAFF).get("/api/resource/Workflow").text
	finally:
		frappe.set_user("Administrator")
		frappe.get_doc("User", STAFF).remove_roles("Uji Pengatur Alur")
		frappe.db.commit()


def rules():
	fields = ("role", "permlevel", "read", "write", "create", "export", "report", "print")
	return sorted(map(str, frappe.get_all("Custom DocPerm", {"parent": "Workflow"}, list(fields))))


def test_the_patch_takes_back_what_is_not_needed(monkeypatch):
	"""As sites had it: read and export. Where the desk doesn't ask, Frappe's own rules stand again."""
	from frappe.permissions import add_permission

	from perjankin_app.patches import narrow_workflow_permission

	install._remove_workflow_permission()
	frappe.db.delete("Custom DocPerm", {"parent": "Workflow"})
	add_permission("Workflow", install.READS_WORKFLOW)
	assert any("PK Pegawai" in rule and "'export': 1" in rule for rule in rules())
	if install.desk_reads_workflow():
		narrow_workflow_permission.execute()
		assert not any("PK Pegawai" in rule and "'export': 1" in rule for rule in rules())
		assert any("PK Pegawai" in rule for rule in rules())
	monkeypatch.setattr(install, "desk_reads_workflow", lambda: False)
	narrow_workflow_permission.execute()
	assert not rules()
	install.let_read_workflow()
	assert not rules()


def test_the_patch_leaves_the_hosts_own_rules(monkeypatch):
	from frappe.permissions import add_permission

	from perjankin_app.patches import narrow_workflow_permission

	add_permission("Workflow", "Website Manager")
	monkeypatch.setattr(install, "desk_reads_workflow", lambda: False)
	narrow_workflow_permission.execute()
	assert [rule for rule in rules() if "Website Manager" in rule] and [
		rule for rule in rules() if "System Manager" in rule
	]
	assert not [rule for rule in rules() if "PK Pegawai" in rule]


# ----------------------------------------------------------------------------------------------------------- workspace

SPACE, METHODS = "Perjankin", "/api/method/frappe.desk.doctype.workspace.workspace."
PAGES = ("Workspace", "Workspace Sidebar", "Desktop Icon")


def tables() -> list[str]:
	"""PAGES and the tables of their rows, those that this version has."""
	found = [doctype for doctype in PAGES if frappe.db.exists("DocType", doctype)]
	rows = {df.options for doctype in found for df in frappe.get_meta(doctype).get_table_fields()}
	return [*found, *sorted(rows - {"Has Role"})]


def seen() -> dict:
	frappe.db.rollback()
	return {table: frappe.get_all(table, fields=["*"], order_by="name") for table in tables()}


@pytest.fixture
def pages(committed, in_force):
	"""Every page of the desk; put back as it was."""
	frappe.set_user("Administrator")
	account(MANAGER, "Workspace Manager")
	frappe.db.commit()
	before = seen()
	yield before
	frappe.set_user("Administrator")
	frappe.db.rollback()
	for table, rows in before.items():
		frappe.db.delete(table)
		if rows:
			frappe.db.bulk_insert(table, list(rows[0]), [tuple(row.values()) for row in rows])
	frappe.clear_cache()
	frappe.db.commit()


def page(name):
	return f"/api/resource/{quote(name)}"


def update(client, name=SPACE, **values):
	body = {
		"name": name,
		"title": name,
		"icon": "file",
		"indicator_color": "red",
		"parent": "",
		"public": 0,
		**values,
	}
	return client.post(METHODS + "update_page", json=body)


DEEDS = {
	"update_page, private": lambda c: update(c),
	"update_page, renamed": lambda c: update(c, title="Uji Lain", public=1),
	"hide_page": lambda c: c.post(METHODS + "hide_page", json={"page_name": SPACE}),
	"save_page": lambda c: c.post(
		METHODS + "save_page", json={"name": SPACE, "title": SPACE, "public": 1, "new_widgets": "{}", "blocks": "[]"}
	),
	"delete_page": lambda c: c.post(METHODS + "delete_page", json={"page": json.dumps({"name": SPACE, "public": 0})}),
	"v1": lambda c: c.put(f"{page('Workspace')}/{SPACE}", json={"content": "[]"}),
	"v1, private": lambda c: c.put(f"{page('Workspace')}/{SPACE}", json={"public": 0, "for_user": c.user}),
	"v1, hidden": lambda c: c.put(f"{page('Workspace')}/{SPACE}", json={"public": 0, "is_hidden": 1}),
	"set_value": lambda c: c.post(
		"/api/method/frappe.client.set_value",
		json={"doctype": "Workspace", "name": SPACE, "fieldname": json.dumps({"public": 0, "module": "Core"})},
	),
	"delete": lambda c: c.delete(f"{page('Workspace')}/{SPACE}"),
	"rename": lambda c: c.post(
		"/api/method/frappe.client.rename_doc", json={"doctype": "Workspace", "old_name": SPACE, "new_name": "Uji Lain"}
	),
	"a row, changed": lambda c: c.put(
		f"{page('Workspace Shortcut')}/{frappe.db.get_value('Workspace Shortcut', {'parent': SPACE})}", json={"label": "x"}
	),
	"a row, deleted": lambda c: c.delete(
		f"{page('Workspace Shortcut')}/{frappe.db.get_value('Workspace Shortcut', {'parent': SPACE})}"
	),
	"a row, added": lambda c: c.post(
		page("Workspace Shortcut"),
		json={"parent": SPACE, "parenttype": "Workspace", "parentfield": "shortcuts", "type": "URL", "label": "x", "url": "/x"},
	),
}  # fmt: skip
FOR_V16 = {
	"sidebar": lambda c: c.put(f"{page('Workspace Sidebar')}/{SPACE}", json={"items": []}),
	"sidebar, private": lambda c: c.put(f"{page('Workspace Sidebar')}/{SPACE}", json={"for_user": c.user, "app": ""}),
	"sidebar, deleted": lambda c: c.delete(f"{page('Workspace Sidebar')}/{SPACE}"),
	"sidebar's row": lambda c: c.delete(
		f"{page('Workspace Sidebar Item')}/{frappe.db.get_value('Workspace Sidebar Item', {'parent': SPACE})}"
	),
	"icon": lambda c: c.put(f"{page('Desktop Icon')}/Perjankin", json={"hidden": 1}),
	"icon of the app": lambda c: c.put(f"{page('Desktop Icon')}/Perjanjian Kinerja", json={"hidden": 1, "app": ""}),
	"icon, deleted": lambda c: c.delete(f"{page('Desktop Icon')}/Perjanjian Kinerja"),
	"icon, renamed": lambda c: c.post(
		"/api/method/frappe.client.rename_doc", json={"doctype": "Desktop Icon", "old_name": "Perjankin", "new_name": "x"}
	),
}  # fmt: skip


@pytest.mark.parametrize("deed", [*DEEDS, *FOR_V16])
@pytest.mark.parametrize("login", [STAFF, user("admin")])
def test_no_employee_takes_our_pages_from_the_others(client, pages, login, deed):
	if deed in FOR_V16 and "Workspace Sidebar" not in pages:
		pytest.skip("v16 only")
	before = seen()
	answer = {**DEEDS, **FOR_V16}[deed](client(login))
	assert seen() == before, answer.text


def test_managers_still_arrange_them(client, pages):
	for login in (MANAGER, "Administrator"):
		answer = client(login).post(
			METHODS + "save_page",
			json={"name": SPACE, "title": SPACE, "public": 1, "new_widgets": "{}", "blocks": "[]"},
		)
		assert answer.status_code == 200, answer.text
	if "Workspace Sidebar" in pages:
		assert FOR_V16["icon"](client("sistem@uji.example")).status_code == 200


def test_other_pages_as_core_has_them(client, pages):
	"""An employee's own page, a copy of ours among them; and what core lets anybody do to the host's."""
	c = client(STAFF)
	body = {
		"title": "Uji Sendiri",
		"label": f"Uji Sendiri-{STAFF}",
		"for_user": STAFF,
		"public": 0,
		"content": "[]",
	}
	made = c.post(page("Workspace"), json={**body, "module": "Perjankin App"})
	assert made.status_code == 200, made.text
	path = f"{page('Workspace')}/{quote(made.json['data']['name'])}"
	assert c.put(path, json={"indicator_color": "red"}).status_code == 200
	if "Workspace Sidebar" in pages:
		values = {"title": f"Uji-{STAFF}", "for_user": STAFF, "app": "perjankin_app", "items": []}
		mine = c.post(page("Workspace Sidebar"), json=values)
		assert mine.status_code == 200, mine.text
		assert (
			c.put(
				f"{page('Workspace Sidebar')}/{quote(mine.json['data']['name'])}", json={"header_icon": "x"}
			).status_code
			== 200
		)
		values = {
			"label": "Uji ikon",
			"icon_type": "Link",
			"link_type": "External",
			"link": "/x",
			"app": "perjankin_app",
		}
		mine = c.post(page("Desktop Icon"), json=values)
		assert mine.status_code == 200, mine.text
		assert (
			c.put(
				f"{page('Desktop Icon')}/{quote(mine.json['data']['name'])}", json={"hidden": 1}
			).status_code
			== 200
		)
