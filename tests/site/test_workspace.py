"""The workspace points to what exists and answers for each role; "Menunggu Saya" lists exactly the user's own turns."""

import json

import factory
import frappe
import pytest
from factory import A, B, act, assignment, forward, pk, post, publish, publish_example, user
from perjankin_app.perjankin_app.report.menunggu_saya import menunggu_saya

from perjankin_app.hooks import add_to_apps_screen
from perjankin_app.install import ROLES
from perjankin_app.workflow import actors, deadlines

WORKSPACE, REPORT = "Perjankin", "Menunggu Saya"
CARDS = ("PK Menunggu Saya", "PK Draf", "PK Berjalan", "PK Selesai")
LEVELS = "Administrator,Pengawas,Fungsional,Pelaksana"


def everybody():
	keys = [(key, opd) for opd in (A, B) for key in factory.POSTS]
	above = [(key, factory.PEMDA) for key in ("bupati", "pembina", "pemda", "inspektur")]
	return [user(key, opd) for key, opd in keys + above]


def listed(login):
	frappe.set_user(login)
	return {row["name"] for row in menunggu_saya.execute()[1]}


def mine(login, *docs):
	return {
		d.name for d in docs if (turn := frappe.get_doc(d.doctype, d.name).current_turn()) and turn.of(login)
	}


# ------------------------------------------------------------------------------------------------------- the workspace


def workspace():
	return frappe.get_doc("Workspace", WORKSPACE)


def test_it_is_public_and_its_address_is_no_doctypes():
	doc = workspace()
	assert (doc.public, doc.module, doc.is_hidden) == (1, "Perjankin App", 0)
	address = doc.title.lower().replace(" ", "-")
	assert not [d for d in frappe.get_all("DocType", pluck="name") if d.lower().replace(" ", "-") == address]


def test_everything_it_points_to_exists():
	doc = workspace()
	targets = [(row.link_type, row.link_to) for row in doc.links if row.type == "Link"]
	targets += [(row.type, row.link_to) for row in doc.shortcuts]
	targets += [("Number Card", row.number_card_name) for row in doc.number_cards]
	assert len(targets) > 15
	for kind, name in targets:
		assert frappe.db.exists(kind, name), (kind, name)


def test_every_block_is_filled_and_everything_is_shown():
	doc = workspace()
	shown = {}
	for block in json.loads(doc.content):
		shown.setdefault(block["type"], []).append(next(iter(block["data"].values())))
	assert shown["number_card"] == [row.label for row in doc.number_cards] == list(CARDS)
	assert shown["shortcut"] == [row.label for row in doc.shortcuts]
	assert shown["card"] == [row.label for row in doc.links if row.type == "Card Break"]


@pytest.mark.parametrize("key", [*factory.POSTS, "bupati", "pembina", "pemda", "inspektur"])
def test_each_role_gets_all_of_it(key):
	from frappe.desk.desktop import get_desktop_page

	frappe.set_user(user(key, A if key in factory.POSTS else factory.PEMDA))
	page = get_desktop_page(json.dumps({"name": WORKSPACE, "title": WORKSPACE, "public": 1}))
	doc = workspace()
	assert [card["label"] for card in page["cards"]["items"]] == [
		row.label for row in doc.links if row.type == "Card Break"
	]
	assert sum(len(card["links"]) for card in page["cards"]["items"]) == len(
		[row for row in doc.links if row.type == "Link"]
	)
	assert len(page["shortcuts"]["items"]) == len(doc.shortcuts)
	assert len(page["number_cards"]["items"]) == len(CARDS)


def test_the_report_is_open_to_all_our_roles():
	report = frappe.get_doc("Report", REPORT)
	assert {row.role for row in report.roles} == set(ROLES)
	assert report.is_standard == "Yes"


def numbers(login):
	from frappe.desk.doctype.number_card.number_card import get_result

	frappe.set_user(login)
	values = {}
	for name in CARDS:
		card = frappe.get_doc("Number Card", name)
		card.check_permission("read")
		filters = json.loads(card.filters_json)
		assert card.is_standard and card.is_public
		if card.type == "Custom":
			values[name] = frappe.get_attr(card.method)(filters=filters)["value"]
		else:
			assert all(len(f) == 4 for f in filters)  # v16 refuses a fifth part
			values[name] = get_result(card.as_json(), card.filters_json)
	return tuple(int(values[name]) for name in CARDS)


def test_the_counts_are_those_of_the_own_scope():
	publish()
	publish(opd=B)
	publish_example("berjenjang", jenjang=LEVELS)
	draft = pk("kabid", by="kabid")
	running = forward(pk(), until="Uji Paraf")
	forward(pk("staf", by="staf"))
	assert numbers(user("kasubbag")) == (1, 1, 1, 1)
	assert numbers(user("kabid")) == (1, 1, 1, 1)
	assert numbers(user("kasubbag", B)) == (0, 0, 0, 0)
	assert numbers(user("inspektur", factory.PEMDA))[1:] == (1, 1, 1)
	assert (draft.workflow_state, running.workflow_state) == ("Draf", "Uji Paraf")


def test_the_apps_tile_leads_to_the_workspace():
	assert add_to_apps_screen[0]["route"].rsplit("/", 1) == ["/app", WORKSPACE.lower()]


# -------------------------------------------------------------------------------------------------------- Menunggu Saya


def test_two_opd_with_the_same_chain_do_not_see_each_other():
	publish()
	publish(opd=B)
	ours, theirs = pk(), pk(opd=B)
	ours, theirs = (forward(doc, until="Uji Paraf") for doc in (ours, theirs))
	assert listed(user("kasubbag")) == {ours.name}
	assert listed(user("kasubbag", B)) == {theirs.name}


def test_plt_in_the_other_opd_sees_both():
	publish()
	publish(opd=B)
	ours, theirs = (forward(doc, until="Uji Paraf") for doc in (pk(), pk(opd=B)))
	frappe.set_user("Administrator")
	official = frappe.db.get_value("Pejabat", {"user": user("kasubbag")})
	factory.assign(official, post("kasubbag", B), status="Plt.")
	assert listed(user("kasubbag")) == {ours.name, theirs.name}


def test_the_superior_who_stands_in_for_a_checker():
	rows = [{**factory.SIMPLE[0], "peran": "PK Kasubbag Perencanaan"}, *factory.SIMPLE[1:]]
	publish(rows)
	doc = forward(pk(by="kasubbag"), until="Uji Paraf")
	assert listed(user("kasubbag")) == set()
	assert listed(user("sekretaris")) == {doc.name}


def test_the_successor_of_a_party():
	publish_example("berjenjang", jenjang=LEVELS)
	doc = forward(pk("kasi", by="kasi"), until="Tanda Tangan Pihak Kedua")
	assert listed(user("kabid")) == {doc.name}
	frappe.set_user("Administrator")
	frappe.db.set_value("Penugasan Jabatan", assignment("kabid"), "selesai", "2020-12-31")
	official = frappe.db.get_value("Pejabat", {"user": user("tim")})
	factory.assign(official, post_of("Kepala Bidang Uji", A), start="2021-01-01")
	assert listed(user("kabid")) == set()
	assert listed(user("tim")) == mine(user("tim"), doc) == {doc.name}


def post_of(name, opd):
	return frappe.db.get_value("Jabatan", {"nama": name, "opd": opd})


def test_a_returned_pk_waits_for_its_drafter_again():
	publish()
	doc = forward(pk(), until="Uji Paraf")
	doc = act(doc, "Kembalikan", by=user("kasubbag"), reason="Lengkapi target")
	assert listed(user("penyusun")) == {doc.name}
	assert listed(user("kasubbag")) == set()


def test_the_line_tells_step_time_and_delay():
	publish()
	doc = pk()
	began = {"langkah_sejak": "2026-01-05 08:00:00"}
	frappe.db.set_value(doc.doctype, doc.name, began, update_modified=False)
	deadlines.recompute(A)
	frappe.set_user(user("penyusun"))
	columns, (line,) = menunggu_saya.execute()
	assert (line["workflow_state"], line["baku"], line["opd"]) == ("Draf", "1 hari", A)
	assert line["lewat"] and str(line["sejak"]) == "2026-01-05 08:00:00"
	assert {"opd": "Unit Kerja", "name": "Perjanjian Kinerja"}.items() <= {
		c["fieldname"]: c["options"] for c in columns
	}.items()
	assert all(column["fieldname"] in line for column in columns)
	doc = forward(doc, until="Uji Paraf")
	frappe.set_user(user("kasubbag"))
	assert not menunggu_saya.execute()[1][0]["lewat"]


def test_the_desk_runs_it_as_the_user():
	from frappe.desk.query_report import run

	publish()
	doc = pk()
	frappe.set_user(user("penyusun"))
	rows = [row for row in run(REPORT, ignore_prepared_report=True)["result"] if isinstance(row, dict)]
	assert [row["name"] for row in rows] == [doc.name]
	frappe.set_user(user("penyusun", B))
	assert not run(REPORT, ignore_prepared_report=True)["result"]


def test_only_candidates_are_asked(monkeypatch):
	"""PKs that wait for somebody else cost one query per step, not one each."""
	publish_example("berjenjang", jenjang=LEVELS)
	for key in ("kabid", "kasi", "staf", "tim", "sekretaris", "admin"):
		pk(key, by=key)
	asked = []
	monkeypatch.setattr(
		menunggu_saya.actors, "turn", lambda *args, real=actors.turn: asked.append(args) or real(*args)
	)
	assert len(listed(user("staf"))) == len(asked) == 1


def test_who_has_no_assignment_gets_nothing():
	publish()
	pk()
	assert listed("Administrator") == set()
	assert listed("Guest") == set()
