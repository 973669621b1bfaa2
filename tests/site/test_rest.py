"""The same rules over HTTP, where a hostile colleague sits: forged fields, rows, submits, other OPD, lists and files."""

import json

import factory
import frappe
import pytest
from factory import A, B, forward, user

PK = "Perjanjian Kinerja"
PARAF, SIGN, SEND = "Uji Paraf", "Uji Tanda Tangan", "Uji Kirim"


def put(client, doc, **values):
	return client.put(f"/api/resource/{PK}/{doc.name}", json=values)


def stored(doc):
	frappe.db.rollback()  # a new snapshot
	return frappe.get_doc(PK, doc.name)


def words(response) -> str:
	"""The messages shown to the user."""
	return " ".join(json.loads(m)["message"] for m in json.loads(response.json.get("_server_messages", "[]")))


@pytest.mark.parametrize(
	"by, forged",
	[
		("kasubbag", {"workflow_state": SEND}),
		("kasubbag", {"workflow_state": "Selesai", "docstatus": 1}),
		("kasubbag", {"docstatus": 1}),
		("kasubbag", {"docstatus": 2}),
		("kasubbag", {"workflow_state": SIGN, "total_anggaran": 1}),
		("kasubbag", {"jabatan": "Kepala Bidang Uji - UJI-A"}),
		("kasubbag", {"opd": B}),
		("penyusun", {"workflow_state": SIGN}),
		("penyusun", {"workflow_state": "Draf"}),
		("penyusun", {"tempat": "lain"}),
		("kepala", {"workflow_state": SIGN}),
	],
)
def test_forged_fields_are_refused_in_words_and_change_nothing(client, in_review, by, forged):
	before = in_review.as_dict()
	response = put(client(user(by)), in_review, **forged)
	assert response.status_code in (403, 417), response.text
	by_core = forged in ({"docstatus": 2}, {"opd": B})  # refused before our code is asked
	assert words(response) or by_core
	after = stored(in_review)
	for field in ("workflow_state", "docstatus", "total_anggaran", "jabatan", "opd", "tempat", "modified"):
		assert str(after.get(field)) == str(before.get(field)), field


@pytest.mark.parametrize(
	"field, value", [("alur", "ALUR-99999"), ("owner", "Guest"), ("pdf_sha256", "0" * 64)]
)
def test_fields_of_the_server_are_not_the_clients(client, in_review, field, value):
	before = in_review.get(field)
	put(client(user("kasubbag")), in_review, **{field: value})
	assert stored(in_review).get(field) == before


def test_a_child_row_saved_or_deleted_alone(client, in_review):
	row, c = in_review.target[0], client(user("penyusun"))
	responses = (
		c.post("/api/method/frappe.client.set_value", json=dict(doctype=row.doctype, name=row.name, fieldname="target", value="1")),
		c.post("/api/method/frappe.client.save", json=dict(doc={**json.loads(frappe.as_json(row)), "target": "1"})),
		c.put(f"/api/resource/{row.doctype}/{row.name}", json=dict(target="1")),
		c.delete(f"/api/resource/{row.doctype}/{row.name}"),
		c.post("/api/method/frappe.client.insert", json=dict(doc=dict(doctype=row.doctype, parent=in_review.name, parenttype=PK, parentfield="target", indikator=row.indikator, target="1"))),
	)  # fmt: skip
	assert [r.status_code >= 400 for r in responses] == [True] * 5
	assert [(r.name, r.target) for r in stored(in_review).target] == [
		(r.name, r.target) for r in in_review.target
	]


def test_roles_are_not_slipped_into_a_jabatan_by_a_row(client, in_review):
	jabatan = factory.post("staf")
	response = client(user("admin")).post(
		"/api/method/frappe.client.insert",
		json=dict(doc=dict(doctype="Peran Jabatan", parent=jabatan, parenttype="Jabatan", parentfield="peran", peran="PK Admin Pemda")),
	)  # fmt: skip
	assert response.status_code >= 400
	assert not frappe.db.exists("Peran Jabatan", {"parent": jabatan})


@pytest.mark.parametrize("role", ["PK Admin Pemda", "System Manager"])
def test_an_opd_admin_does_not_raise_a_jabatan(client, in_review, role):
	jabatan = factory.post("staf")
	response = client(user("admin")).put(
		f"/api/resource/Jabatan/{jabatan}", json={"peran": [{"peran": role}]}
	)
	assert response.status_code in (403, 417)
	assert not frappe.db.exists("Peran Jabatan", {"parent": jabatan})


def test_submit_and_cancel_from_any_state(client, in_review):
	c = client(user("kasubbag"))
	document = json.loads(frappe.as_json(in_review))
	for method, values in (
		("frappe.client.submit", {"doc": document}),
		("frappe.client.cancel", {"doctype": PK, "name": in_review.name}),
		("frappe.desk.form.save.cancel", {"doctype": PK, "name": in_review.name}),
		("frappe.desk.form.save.cancel", {"doctype": PK, "name": in_review.name, "workflow_state_fieldname": "workflow_state", "workflow_state": "Dibatalkan"}),
	):  # fmt: skip
		assert c.post(f"/api/method/{method}", json=values).status_code >= 400, method
	assert stored(in_review).docstatus == 0


def test_insert_as_submitted_or_in_another_state(client, in_review):
	c = client(user("penyusun"))
	values = dict(unit=in_review.unit, jabatan=factory.post("kasubbag"), periode=in_review.periode)
	for forged in ({"docstatus": 1}, {"workflow_state": SIGN}, {"workflow_state": "Selesai", "docstatus": 1}):
		response = c.post(f"/api/resource/{PK}", json={**values, **forged})
		assert response.status_code in (403, 417)
	assert frappe.db.count(PK) == 1


def test_bulk_return_without_reason(client, in_review):
	c = client(user("kasubbag"))
	c.post(
		"/api/method/frappe.model.workflow.bulk_workflow_approval",
		json=dict(docnames=json.dumps([in_review.name]), doctype=PK, action="Kembalikan"),
	)
	assert stored(in_review).workflow_state == PARAF


def test_the_desk_way_with_a_reason(client, in_review):
	c = client(user("kasubbag"))
	module = "perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja"
	assert (
		c.get(f"/api/method/{module}.store_reason?name={in_review.name}&reason=x").status_code == 403
	)  # POST only
	assert (
		c.post(
			f"/api/method/{module}.store_reason", json=dict(name=in_review.name, reason="Naikkan")
		).status_code
		== 200
	)
	action = dict(doc=frappe.as_json(in_review), action="Kembalikan")
	assert c.post("/api/method/frappe.model.workflow.apply_workflow", json=action).status_code == 200
	assert stored(in_review).workflow_state == "Draf"
	assert (
		frappe.get_last_doc(
			"Riwayat Alur", {"perjanjian_kinerja": in_review.name}, order_by="urutan desc"
		).catatan
		== "Naikkan"
	)
	# consumed: the next return needs its own
	action = dict(doc=frappe.as_json(stored(in_review)), action="Selesai")
	assert (
		client(user("penyusun"))
		.post("/api/method/frappe.model.workflow.apply_workflow", json=action)
		.status_code
		== 200
	)
	action = dict(doc=frappe.as_json(stored(in_review)), action="Kembalikan")
	response = c.post("/api/method/frappe.model.workflow.apply_workflow", json=action)
	assert response.status_code == 417 and "alasan" in words(response)


@pytest.mark.parametrize("login", ["kepala", "admin", "penyusun", "staf"])
def test_another_opd_sees_nothing_of_it(client, in_review, login):
	c, name = client(user(login, B)), in_review.name
	frappe.get_doc(doctype="File", file_name="rahasia.txt", content="x", is_private=1, attached_to_doctype=PK, attached_to_name=name).insert()  # fmt: skip
	url = frappe.get_last_doc("File", {"attached_to_name": name}).file_url
	frappe.db.commit()
	for path in (
		f"/api/resource/{PK}",
		"/api/resource/Riwayat Alur",
		f"/api/resource/Target Kinerja?parent={PK}",
		f"/api/resource/PK Program?parent={PK}",
		f'/api/resource/File?fields=["name","file_name","attached_to_name"]&filters=[["attached_to_doctype","=","{PK}"]]',
		f'/api/resource/Workflow Action?fields=["name","reference_name"]&filters=[["reference_doctype","=","{PK}"]]',
		f"/api/method/frappe.client.get_list?doctype={PK}&fields=*",
		f"/api/method/frappe.desk.reportview.get?doctype={PK}&fields=[\"name\"]",
		f"/api/method/frappe.desk.search.search_link?doctype={PK}&txt=PK",
	):  # fmt: skip
		response = c.get(path)
		assert name not in response.text, path
	for path in (
		f"/api/resource/{PK}/{name}",
		f"/api/resource/Riwayat Alur/{name}-001",
		f"/api/method/frappe.client.get?doctype={PK}&name={name}",
		f"/api/method/frappe.desk.form.load.getdoc?doctype={PK}&name={name}",
		f"/api/method/frappe.utils.print_format.download_pdf?doctype={PK}&name={name}&format={PK}",
		f"/printview?doctype={PK}&name={name}",
		url,
	):
		response = c.get(path)
		assert response.status_code >= 400 and "Meningkatnya mutu" not in response.text, path
	assert (
		c.post(
			"/api/method/frappe.model.workflow.apply_workflow",
			json=dict(doc=frappe.as_json(in_review), action="Paraf"),
		).status_code
		>= 400
	)


@pytest.mark.parametrize("login", ["pembina", "inspektur", "pemda"])
def test_those_at_the_root_see_it(client, in_review, login):
	response = client(user(login, factory.PEMDA)).get(f"/api/resource/{PK}/{in_review.name}")
	assert response.status_code == 200 and response.json["data"]["name"] == in_review.name


def test_the_inspectorate_changes_nothing(client, in_review):
	assert put(client(user("inspektur", factory.PEMDA)), in_review, tempat="x").status_code == 403


def test_a_user_without_any_penugasan_sees_nothing(client, in_review):
	login = "tanpa.tugas@uji.example"
	if not frappe.db.exists("User", login):
		frappe.get_doc(
			doctype="User", email=login, first_name="Uji tanpa tugas", send_welcome_email=0
		).insert()
	frappe.get_doc("User", login).add_roles("PK Kepala OPD", "PK Pegawai", "PK Admin OPD")
	frappe.db.commit()
	c = client(login)
	assert c.get(f"/api/resource/{PK}").json["data"] == []
	assert c.get("/api/resource/Pejabat").json["data"] == []
	assert c.get(f"/api/resource/{PK}/{in_review.name}").status_code == 403


def test_history_can_not_be_written_over_http(client, in_review):
	for login in (user("admin"), user("pemda", factory.PEMDA), "Administrator"):
		c = client(login)
		name = f"{in_review.name}-001"
		assert c.put(f"/api/resource/Riwayat Alur/{name}", json={"catatan": "x"}).status_code >= 400
		assert c.delete(f"/api/resource/Riwayat Alur/{name}").status_code >= 400
		assert (
			c.post("/api/resource/Riwayat Alur", json={"perjanjian_kinerja": in_review.name}).status_code
			>= 400
		)
	assert frappe.db.count("Riwayat Alur", {"perjanjian_kinerja": in_review.name}) == 1


def test_after_signing_nothing_is_editable_by_those_who_hold_submit(client, in_review):
	doc = forward(in_review, until=SEND)
	frappe.set_user("Administrator")
	frappe.db.commit()
	for login in ("penyusun", "kepala", "admin"):
		c = client(user(login))
		for forged in (
			{"tempat": "x"},
			{"workflow_state": "Draf"},
			{"workflow_state": SIGN},
			{"docstatus": 0},
			{"docstatus": 2},
		):
			assert put(c, doc, **forged).status_code >= 400, (login, forged)
	after = stored(doc)
	assert (after.workflow_state, after.docstatus, after.pdf_sha256) == (SEND, 1, doc.pdf_sha256)


def test_the_signed_file_is_neither_deleted_nor_published_nor_moved(client, in_review):
	doc = forward(in_review, until=SEND)
	frappe.set_user("Administrator")
	frappe.db.commit()
	name = frappe.db.get_value("File", {"file_url": doc.pdf_final})
	attacks = (
		{"is_private": 0},
		{"attached_to_name": None},
		{"attached_to_doctype": "ToDo"},
		{"file_url": "/private/files/x.pdf"},
	)
	for login in (user("penyusun"), user("kepala"), user("admin")):
		c = client(login)
		assert c.delete(f"/api/resource/File/{name}").status_code >= 400
		data = {"fid": name, "dt": PK, "dn": doc.name}
		assert c.post("/api/method/frappe.desk.form.utils.remove_attach", data=data).status_code >= 400
	for login in (user("penyusun"), "Administrator"):
		for forged in attacks:
			assert client(login).put(f"/api/resource/File/{name}", json=forged).status_code >= 400, (
				login,
				forged,
			)
	assert client(user("penyusun")).get(doc.pdf_final).data.startswith(b"%PDF")


def test_the_tree_shows_the_own_opd_only(client, in_review):
	c = client(user("admin", B))
	core = "frappe.desk.treeview"
	top = c.get(f"/api/method/{core}.get_children?doctype=Unit Kerja&parent=").json["message"]
	assert [node["value"] for node in top] == [B]
	below = c.get(f"/api/method/{core}.get_children?doctype=Unit Kerja&parent={B}").json["message"]
	assert {node["value"] for node in below} == {"Sekretariat - UJI-B", "Bidang - UJI-B"}
	for doctype in ("Unit Kerja", "Sasaran Kinerja"):
		for method in ("frappe.desk.treeview.get_children", "perjankin_app.access.answers.get_children"):
			everything = c.get(
				f"/api/method/{core}.get_all_nodes?doctype={doctype}&label=x&parent=&tree_method={method}"
			)
			assert "UJI-A" not in everything.text and A not in everything.text
	root = client(user("pemda", factory.PEMDA)).get(
		f"/api/method/{core}.get_children?doctype=Unit Kerja&parent="
	)
	assert [node["value"] for node in root.json["message"]] == [factory.PEMDA]


def test_what_the_desk_loads_names_actions_and_states_but_no_chains(client, in_review):
	response = client(user("kasubbag")).get(f"/api/method/frappe.desk.form.load.getdoctype?doctype={PK}")
	meta = response.json["docs"][0]
	workflow, *states = meta["__workflow_docs"]
	assert {row["action"] for row in workflow["transitions"]} >= {
		"Selesai",
		"Paraf",
		"Kembalikan",
		"Batalkan",
	}
	assert {row["state"] for row in workflow["states"]} == {state["name"] for state in states}
	assert "doc.alur" not in response.text


def test_bulk_edit_meets_the_same_law(client, in_review):
	c, method = (
		client(user("penyusun")),
		"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
	)
	for action, data in (("submit", None), ("update", json.dumps({"tempat": "x"})), ("cancel", None)):
		values = dict(doctype=PK, docnames=json.dumps([in_review.name]), action=action, data=data)
		c.post(f"/api/method/{method}", data={k: v for k, v in values.items() if v})
	after = stored(in_review)
	assert (after.docstatus, after.tempat, after.workflow_state) == (0, None, PARAF)


def test_of_two_who_act_at_the_same_moment_one_wins_and_the_other_is_told(client, in_review):
	action = dict(doc=frappe.as_json(in_review), action="Paraf")
	url = "/api/method/frappe.model.workflow.apply_workflow"
	with factory.also("tim", "PK Kasubbag Perencanaan"):
		clients = [client(user("kasubbag")), client(user("tim"))]
		answers = factory.at_once(*(lambda c=c: c.post(url, json=action) for c in clients))
	assert sorted(a.status_code == 200 for a in answers) == [False, True], [a.text[:300] for a in answers]
	assert words(next(a for a in answers if a.status_code != 200))
	assert stored(in_review).workflow_state == SIGN
	assert frappe.db.count("Riwayat Alur", {"perjanjian_kinerja": in_review.name}) == 2
