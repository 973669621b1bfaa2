"""Migrate and uninstall the app from a site that was used, then log in as somebody who had a scope there.

python tests/site/uninstall.py                              a throw-away copy of the embedded site
PATH/env/bin/python tests/site/uninstall.py --bench PATH --site NAME     a bench's site; it loses the app and its data

Prints what is left over as JSON; exit code 1 if anything is.
"""

import argparse
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "site")]
PASSWORD = "Sandi-uji-12345!"


def main():
	parser = argparse.ArgumentParser()
	parser.add_argument("--bench", type=Path)
	parser.add_argument("--site")
	options = parser.parse_args()
	if options.bench:
		os.chdir(options.bench / "sites")
		site, folder = options.site, None
	else:
		from embedded import sites

		folder = sites.SITES / f"test-{os.getpid()}"
		sites.copy(sites.template("app"), folder)
		os.chdir(folder)
		site = folder.name
	try:
		left = check(site)
	finally:
		if folder:
			os.chdir(ROOT)
			sites.remove(folder)
	print(json.dumps(left, indent=1))
	return int(any(left.values()))


def check(site) -> dict:
	import frappe

	frappe.init(site)
	frappe.connect()
	from perjankin_app.install import MODULE, ROLES

	before, ours = core_rows(), {*ROLES, MODULE}
	for doctype, field in (("Custom DocPerm", "role"), ("DocPerm", "role")):
		ours.update(frappe.get_all(doctype, {field: ("in", list(ROLES))}, pluck="name"))
	for doctype in ("Print Format", "Report", "Workspace", "Number Card", "Notification"):
		ours.update(frappe.get_all(doctype, {"module": MODULE}, pluck="name"))
	login, hand_made = use()
	migrate(site)
	left = {"lost by migrate": [] if hand_made_row_is_there(hand_made) else [hand_made]}
	from frappe.installer import remove_app

	remove_app("perjankin_app", yes=True, no_backup=True)
	frappe.db.commit()
	after = core_rows()
	left.update({table: sorted(after[table] - (before[table] - ours)) for table in before})
	left["tables"] = [t for t in frappe.db.get_tables(cached=False) if "Perjanjian" in t or "Alur" in t]
	frappe.destroy()
	left["login"] = try_to_log_in(site, login)
	return left


def use():
	"""A signed and cancelled PK with a file, comments, versions; and an admin's own transition."""
	import factory
	import frappe
	from frappe.utils.password import update_password

	factory.world()
	factory.publish()
	doc = factory.forward(factory.pk())
	factory.act(doc, "Batalkan", by=factory.user("admin"), reason="uji")
	other = factory.pk("kepala", filled=False)
	other.add_comment("Comment", "uji")
	frappe.set_user("Administrator")
	workflow = frappe.get_doc("Workflow", "Perjanjian Kinerja")
	row = dict(workflow.transitions[1].as_dict(), name=None, condition='doc.tempat == "x"', action="Setujui")
	workflow.append(
		"transitions", {k: row[k] for k in ("state", "action", "next_state", "allowed", "condition")}
	)
	workflow.save()
	own = frappe.copy_doc(frappe.get_doc("Notification", "PK Lewat Tenggat"))
	own.update({"is_standard": 0, "module": None, "message": "uji", "name": "Pesan Uji"})
	own.insert()
	login = factory.user("kepala")
	update_password(login, PASSWORD)
	frappe.get_doc("User", login).add_roles("Report Manager")  # what is not ours stays
	frappe.db.commit()
	return login, row["condition"]


def migrate(site):
	from frappe.migrate import SiteMigration

	SiteMigration().run(site=site)
	import frappe

	if not getattr(frappe.local, "db", None):
		frappe.init(site)
		frappe.connect()


def hand_made_row_is_there(condition) -> bool:
	import frappe

	return bool(frappe.db.exists("Workflow Transition", {"condition": condition}))


def core_rows() -> dict[str, set[str]]:
	"""Names of what an app could leave in core's tables."""
	import frappe

	found = {
		doctype: set(frappe.get_all(doctype, pluck="name"))
		for doctype in (
			"Role",
			"Workflow",
			"Workflow State",
			"Workflow Action Master",
			"Workflow Action",
			"Custom DocPerm",
			"DocPerm",
			"Custom Field",
			"Property Setter",
			"User Permission",
			"Print Format",
			"Report",
			"Workspace",
			"Number Card",
			"Notification",
			"Module Def",
		)
	}
	ours = set(frappe.get_all("DocType", {"module": "Perjankin App"}, pluck="name")) | {"Perjanjian Kinerja"}
	for doctype, field in (
		("Version", "ref_doctype"),
		("Comment", "reference_doctype"),
		("File", "attached_to_doctype"),
		("Notification Log", "document_type"),
	):
		found[doctype] = set(frappe.get_all(doctype, {field: ("in", sorted(ours))}, pluck="name"))
	from frappe.query_builder import DocType

	series = DocType("Series")
	found["Series"] = {name for (name,) in frappe.qb.from_(series).select(series.name).run()}
	return found


def try_to_log_in(site, login) -> list[str]:
	"""Problems of the user who had a User Permission on a Unit Kerja."""
	from frappe.app import application
	from werkzeug.test import Client

	client, problems = Client(application), []
	headers = {"X-Frappe-Site-Name": site}
	for method, path, data in (
		("POST", "/api/method/login", {"usr": login, "pwd": PASSWORD}),
		("GET", "/api/method/frappe.auth.get_logged_user", None),
		("GET", "/app", None),
		("GET", "/api/resource/ToDo", None),
	):
		response = client.open(path, method=method, data=data, headers=headers, follow_redirects=True)
		if response.status_code != 200 or "DoesNotExistError" in response.text:
			problems.append(f"{path}: {response.status_code}")
	return problems


if __name__ == "__main__":
	sys.exit(main())
