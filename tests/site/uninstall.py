"""Install the app on a site that has none, fill it with demo and use, uninstall it: the site must be as it was before.

python tests/site/uninstall.py                              a throw-away copy of the embedded site
PATH/env/bin/python tests/site/uninstall.py --bench PATH --site NAME     a bench's site without the app and without Unit Kerja

Compared are all tables, row by row, and all files. Prints what is left over, lost or changed as JSON; exit code 1 if
anything is. What may differ is written down in MAY_DIFFER: there a new row may not name a record or DocType of ours.
"""

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "site")]
PASSWORD = "Sandi-uji-12345!"
APP = "perjankin_app"
HOST_USER, WEBSITE_USER = "tuan.rumah@host.example", "tamu.terdaftar@host.example"

# core writes here whatever happens on a site; sequences and naming counters never go back
MAY_DIFFER = {
	"Access Log", "Activity Log", "Error Log", "Installed Application", "RQ Job", "Route History",
	"Scheduled Job Log", "Sessions", "__Auth", "Deleted Document", "Error Snapshot", "Version", "Permission Log",
	# v16 makes them for each public workspace at any installation
	"Desktop Icon", "Workspace Sidebar", "Workspace Sidebar Item",
}  # fmt: skip
STAMPS = {
	"name",
	"_seen",
	"last_known_versions",
	"modified",
	"modified_by",
	"last_active",
	"last_login",
	"last_ip",
	"last_execution",
	"creation",
	"_liked_by",
}
# (table, column): what core itself counts or notes there
CORE_NOTES = {("User", "last_reset_password_key_generated_on"), ("Scheduled Job Type", "next_execution")}
FILES_MAY_DIFFER = ("logs", "private/backups", "locks", "db", "assets", "task-logs", "touched_tables.json")
WORDS = (
	"perjankin",
	"demo.example",
	"Perjanjian Kinerja",
	"Unit Kerja",
	"Riwayat Alur",
	"Penugasan Jabatan",
	'"PK ',
)


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
		sites.copy(sites.template("base"), folder)
		os.chdir(folder)
		site = folder.name
	try:
		problems = check(site)
	finally:
		if folder:
			import frappe

			frappe.destroy()  # an open transaction would keep the database from being dropped
			os.chdir(ROOT)
			sites.remove(folder)
	print(json.dumps(problems, indent=1, default=str))
	return int(any(problems.values()))


def check(site) -> dict:
	connect(site)
	planted = host_things()
	before, files = tables(), site_files()
	problems = {}

	install()
	use_demo(site)
	use(site)
	host_row = hand_made_transition()
	admin_things()
	migrate(site)
	problems["lost by migrate"] = [] if hand_made_row_is_there(host_row) else [host_row]

	problems["refused"] = refusals(site)
	full, full_files = tables(), site_files()
	try_uninstall(dry_run=True)
	frappe_now().db.rollback()  # as `bench` does: it commits nothing
	problems["changed by a dry run"] = differences(full, tables(), full_files, site_files())

	remove_app(site)
	problems["after uninstalling"] = differences(before, tables(), files, site_files())
	problems["columns"] = core_columns_of_ours()
	problems["login"] = try_to_log_in(site, HOST_USER)
	connect(site)
	install()
	problems["reinstalled"] = reinstalled_works(site)
	remove_app(site)
	problems["after a second time"] = differences(before, tables(), files, site_files())
	take_away(planted)
	problems["demo login"] = [] if demo_user_is_locked_out(site) else ["demo user can log in"]
	return problems


# ------------------------------------------------------------------------------------------------------------ the site


def frappe_now():
	import frappe

	return frappe


def connect(site):
	import frappe

	if getattr(frappe.local, "db", None):
		frappe.db.commit()
		frappe.destroy()
	frappe.init(site)
	frappe.connect()
	frappe.flags.mute_emails = True
	frappe.local.conf.throttle_user_limit = 500
	frappe.set_user("Administrator")


def install():
	import frappe
	from frappe.installer import install_app

	install_app(APP)
	frappe.db.commit()


def try_uninstall(dry_run=False) -> str:
	"""What it is refused with, or nothing."""
	import frappe
	from frappe.installer import remove_app

	try:
		remove_app(APP, dry_run=dry_run, yes=True, no_backup=True)
	except frappe.ValidationError as error:
		frappe.db.rollback()
		frappe.flags.in_uninstall = False
		return str(getattr(error, "message", None) or error)
	return ""


def remove_app(site):
	refused = try_uninstall()
	assert not refused, refused
	connect(site)  # what was not committed is lost, as with `bench`


def migrate(site):
	from frappe.migrate import SiteMigration

	SiteMigration().run(site=site)
	connect(site)


# -------------------------------------------------------------------------------------------------- what the host has


def host_things() -> list[tuple[str, str]]:
	"""Before the app comes: records of the host that have names which the app uses too."""
	import frappe
	from frappe.utils.password import update_password

	made = []

	def make(doctype, **values):
		doc = frappe.get_doc(doctype=doctype, **values)
		doc.flags.no_welcome_mail = True
		doc.insert(ignore_permissions=True)
		made.append((doctype, doc.name))
		return doc

	if not frappe.db.exists("Workflow State", "Selesai"):
		make("Workflow State", workflow_state_name="Selesai", style="Success")
	if not frappe.db.exists("Workflow Action Master", "Kembalikan"):
		make("Workflow Action Master", workflow_action_name="Kembalikan")
	make("Role", role_name="PK Tim", desk_access=0)
	accounts = {HOST_USER: ("System Manager", "PK Tim"), WEBSITE_USER: ()}
	accounts.update({**dict.fromkeys(factory_accounts(), ()), "sistem@uji.example": ("System Manager",)})
	for login, roles in accounts.items():
		make(
			"User",
			email=login,
			first_name=login.split("@")[0],
			send_welcome_email=0,
			roles=[{"role": role} for role in roles],
		)
		if login in (HOST_USER, WEBSITE_USER):
			update_password(login, PASSWORD)
	make("Role Profile", role_profile="Profil Tuan Rumah", roles=[{"role": "System Manager"}])
	note = make("Note", title="Catatan Tuan Rumah", content="milik situs")
	note.add_comment("Comment", "komentar tuan rumah")
	make("ToDo", description="tugas tuan rumah", allocated_to=HOST_USER)
	make("Workspace", label="Ruang Tuan Rumah", title="Ruang Tuan Rumah", public=1, content="[]")
	make("Event", subject="Rapat Tuan Rumah", starts_on="2026-01-05 09:00:00", event_type="Public")
	make("Contact", first_name="Kontak Tuan Rumah")
	make("File", file_name="tuan_rumah.txt", content="milik situs", is_private=1)
	make("Kanban Board", kanban_board_name="Papan Tuan Rumah", reference_doctype="ToDo", field_name="status")
	series = frappe.qb.DocType("Series")
	if not _series("PK-"):
		frappe.qb.into(series).columns("name", "current").insert("PK-", 7).run()
	frappe.db.commit()
	return made


def factory_accounts() -> list[str]:
	"""The accounts to which the factory gives its posts are the host's."""
	import factory

	above = [factory.user(key, factory.PEMDA) for key in ("bupati", "pembina", "pemda", "inspektur")]
	return [*above, *(factory.user(key, opd) for key in factory.POSTS for opd in (factory.A, factory.B))]


def _series(name):
	import frappe

	series = frappe.qb.DocType("Series")
	return frappe.qb.from_(series).select(series.current).where(series.name == name).run()


def take_away(planted):
	import frappe

	for doctype, name in reversed(planted):
		frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, ignore_missing=True)
	frappe.db.commit()


# ------------------------------------------------------------------------------------------------------------- in use


def use_demo(site):
	import frappe

	from perjankin_app import setup_demo

	try:
		setup_demo.run()
		raise AssertionError("the demo does not ask on a site in use")
	except frappe.ValidationError:
		frappe.db.rollback()
	setup_demo.run(force=True, site=site)
	frappe.db.commit()


def use(site):
	"""Signed and cancelled PKs; and what core keeps when people work, of demo users and of the host's."""
	import factory
	import frappe

	factory.world()
	factory.publish()
	doc = factory.forward(factory.pk())
	factory.act(doc, "Batalkan", by=factory.user("admin"), reason="uji")
	factory.pk("kepala", filled=False).add_comment("Comment", "uji")
	frappe.set_user("Administrator")
	# the host's own account gets a Penugasan, and a registered visitor too, who is in no desk before
	for login, key in ((HOST_USER, "staf"), (WEBSITE_USER, "kasi")):
		official = factory.make(
			"Pejabat", nama=f"Uji {login}", opd=factory.A, user=login, status_kepegawaian="Pejabat Negara"
		)
		factory.assign(official, factory.post(key), "Plt.")
	frappe.db.commit()
	for login in ("kepala.bpsdm@demo.example", HOST_USER):
		work(login)
	connect(site)


def work(login):
	import frappe

	frappe.set_user(login)
	pk = frappe.get_list("Perjanjian Kinerja", pluck="name", limit=1)[0]

	def make(doctype, **values):
		return frappe.get_doc(doctype=doctype, **values).insert(ignore_permissions=True)

	about = {"reference_doctype": "Perjanjian Kinerja", "reference_name": pk}
	make(
		"ToDo",
		description="baca PK",
		allocated_to=login,
		reference_type="Perjanjian Kinerja",
		reference_name=pk,
	)
	mail = make(
		"Communication", subject="tentang PK", content="isi", communication_type="Communication", **about
	)
	frappe.get_doc(
		doctype="File", file_name=f"lampiran-{login}.txt", content=f"lampiran {login}", is_private=1,
		attached_to_doctype="Communication", attached_to_name=mail.name,
	).insert(ignore_permissions=True)  # fmt: skip
	make("Comment", comment_type="Comment", content="komentar", comment_email=login, **about)
	event = frappe.get_doc("Event", {"subject": "Rapat Tuan Rumah"})
	event.append("event_participants", {"reference_doctype": "Perjanjian Kinerja", "reference_docname": pk})
	event.save(ignore_permissions=True)
	make(
		"List Filter",
		filter_name="punya saya",
		reference_doctype="Perjanjian Kinerja",
		for_user=login,
		filters="[]",
	)
	make("Email Queue", reference_doctype="Perjanjian Kinerja", reference_name=pk, message="x", sender=login,
		recipients=[{"recipient": login}])  # fmt: skip
	make("View Log", viewed_by=login, **about)
	make(
		"Notification Log",
		subject="PK",
		for_user=login,
		type="Alert",
		document_type="Perjanjian Kinerja",
		document_name=pk,
	)
	make("Tag Link", document_type="Perjanjian Kinerja", document_name=pk, tag=make_tag("penting"), title=pk)
	make("Route History", route=f"Form/Perjanjian Kinerja/{pk}", user=login)
	make("Route History", route="query-report/Papan Status", user=login)
	make("Access Log", export_from="Perjanjian Kinerja", user=login, file_type="CSV", method="GET")
	frappe.log_error("uji", reference_doctype="Perjanjian Kinerja", reference_name=pk)
	frappe.model.utils.user_settings.update_user_settings("Perjanjian Kinerja", {"last_view": "List"})
	frappe.model.utils.user_settings.sync_user_settings()
	make("Document Follow", ref_doctype="Perjanjian Kinerja", ref_docname=pk, user=login)
	make("Note", title=f"Catatan {login}", content="pribadi") if login != HOST_USER else None
	frappe.db.commit()


def make_tag(name):
	import frappe

	if not frappe.db.exists("Tag", name):
		frappe.get_doc(doctype="Tag", name=name).insert(ignore_permissions=True)
	return name


def hand_made_transition() -> str:
	import frappe

	workflow = frappe.get_doc("Workflow", "Perjanjian Kinerja")
	row = dict(workflow.transitions[1].as_dict(), name=None, condition='doc.tempat == "x"', action="Setujui")
	workflow.append(
		"transitions", {k: row[k] for k in ("state", "action", "next_state", "allowed", "condition")}
	)
	workflow.save()
	frappe.db.commit()
	return row["condition"]


def hand_made_row_is_there(condition) -> bool:
	import frappe

	return bool(frappe.db.exists("Workflow Transition", {"condition": condition}))


def admin_things():
	"""What an administrator of the host makes about our DocTypes, with core's own tools."""
	import frappe
	from frappe.permissions import add_permission

	def make(doctype, **values):
		return frappe.get_doc(doctype=doctype, **values).insert(ignore_permissions=True)

	frappe.set_user("Administrator")
	add_permission("Perjanjian Kinerja", "Website Manager", 0)  # copies the standard rows to Custom DocPerm
	add_permission("Unit Kerja", "Website Manager", 0)
	make("Custom Field", dt="Unit Kerja", fieldname="catatan_admin", label="Catatan Admin", fieldtype="Data")
	frappe.make_property_setter(
		{
			"doctype": "Unit Kerja",
			"fieldname": "kota",
			"property": "bold",
			"value": "1",
			"property_type": "Check",
		}
	)
	report = make("Report", report_name="Laporan Admin", ref_doctype="Perjanjian Kinerja",
		report_type="Report Builder", is_standard="No", roles=[{"role": "PK Pegawai"}])  # fmt: skip
	make("Auto Email Report", report=report.name, user=HOST_USER, email_to=HOST_USER, format="HTML",
		frequency="Daily", report_type="Report Builder", filters="{}")  # fmt: skip
	make("Number Card", label="Kartu Admin", document_type="Perjanjian Kinerja", function="Count",
		type="Document Type", filters_json="[]", is_public=1)  # fmt: skip
	make("Dashboard Chart", chart_name="Bagan Admin", chart_type="Count", document_type="Perjanjian Kinerja",
		based_on="creation", filters_json="[]", timespan="Last Year", time_interval="Monthly")  # fmt: skip
	own = frappe.copy_doc(frappe.get_doc("Notification", "PK Lewat Tenggat"))
	own.update({"is_standard": 0, "module": None, "message": "uji", "name": "Pesan Uji"})
	own.insert()
	make(
		"Kanban Board",
		kanban_board_name="Papan PK",
		reference_doctype="Perjanjian Kinerja",
		field_name="jenis",
	)
	make("Client Script", name="Skrip PK", dt="Perjanjian Kinerja", script="// uji", enabled=0)
	make("Webhook",
		name="Kait PK", webhook_doctype="Perjanjian Kinerja", webhook_docevent="on_update", enabled=0,
		request_url="http://127.0.0.1/", request_method="POST")  # fmt: skip
	make("Assignment Rule", name="Aturan PK", document_type="Perjanjian Kinerja", assign_condition="0",
		rule="Round Robin", users=[{"user": HOST_USER}], description="uji",
		assignment_days=[{"day": "Monday"}])  # fmt: skip
	page = frappe.get_doc("Workspace", "Ruang Tuan Rumah")
	# the host's own workspace, profile and contact name ours among other things
	page.append("shortcuts", {"label": "PK", "type": "DocType", "link_to": "Perjanjian Kinerja"})
	page.save()
	profile = frappe.get_doc("Role Profile", "Profil Tuan Rumah")
	profile.unlock()  # v15 leaves that to a background job
	profile.append("roles", {"role": "PK Penyusun"})
	profile.save()
	contact = frappe.get_doc("Contact", {"first_name": "Kontak Tuan Rumah"})
	contact.append("links", {"link_doctype": "Unit Kerja", "link_name": "Dinas Uji A"})
	contact.save()
	mistake = make("Custom Field", dt="Jabatan", fieldname="salah", label="Salah", fieldtype="Data")
	mistake.delete()  # stays in Deleted Document
	frappe.db.commit()


# ---------------------------------------------------------------------------------------------------------- refusals


def refusals(site) -> list[str]:
	"""Uninstalling is refused in words, by a dry run too, and takes nothing; then the reasons are taken away."""
	import frappe

	wrong = []

	def expect(*words):
		full = tables()
		for dry_run in (True, False):
			said = try_uninstall(dry_run=dry_run)
			if not said or [word for word in words if word not in said]:
				wrong.append(f"{words}, dry run {dry_run}: {said!r}")
		if APP not in frappe.get_installed_apps():
			raise SystemExit(f"uninstalled although {words}")
		if changed := differences(full, tables(), {}, {}):
			wrong.append(f"{words}: {changed}")

	field = frappe.get_doc(
		doctype="Custom Field",
		dt="Note",
		fieldname="unit_kami",
		label="Unit Kami",
		fieldtype="Link",
		options="Unit Kerja",
	).insert()
	expect("Note", "Unit Kami", "Unit Kerja")
	field.delete()
	kind = frappe.get_doc(
		doctype="DocType", name="Buku Tuan Rumah", module="Custom", custom=1, autoname="hash",
		fields=[{"fieldname": "unit", "label": "Unit Buku", "fieldtype": "Link", "options": "Unit Kerja"}],
		permissions=[{"role": "System Manager", "read": 1}],
	).insert()  # fmt: skip
	expect("Buku Tuan Rumah", "Unit Buku")
	kind.fields[0].options, kind.module = "User", "Perjankin App"
	kind.save()
	expect("Buku Tuan Rumah", "Perjankin App")  # core would drop its table with the module
	kind.delete(force=True)
	flow = frappe.get_doc(
		doctype="Workflow", workflow_name="Alur Catatan", document_type="Note", is_active=0, workflow_state_field="uji_status",
		states=[{"state": "Selesai", "doc_status": "0", "allow_edit": "PK Penyusun"}],
	).insert()  # fmt: skip
	expect("Alur Catatan", "PK Penyusun")
	flow.delete(force=True)
	for name in frappe.get_all("Custom Field", {"dt": "Note", "fieldname": "uji_status"}, pluck="name"):
		frappe.delete_doc("Custom Field", name)
	frappe.db.delete("Version", {"ref_doctype": "DocType", "docname": kind.name})
	frappe.db.sql_ddl("DROP TABLE `tabBuku Tuan Rumah`")
	for name in (flow.name, kind.name, field.name, "Note-uji_status"):
		frappe.db.delete("Comment", {"comment_type": "Deleted", "subject": ("like", f"% {name}")})
	frappe.db.commit()

	expect("arsip", site)
	from perjankin_app.document import archive

	path = Path(archive.export(str(Path(os.getcwd()).resolve().parent / f"arsip-{os.getpid()}.zip")))
	wrong += [f"archive: {problem}" for problem in look_into(path)]
	path.unlink()
	frappe.db.commit()
	return wrong


def look_into(path) -> list[str]:
	import zipfile

	import frappe

	problems = []
	with zipfile.ZipFile(path) as archive:
		names = archive.namelist()
		if "index.html" not in names:
			problems.append("no index.html")
		for final in frappe.get_all("Dokumen Final", ["name", "sidik"]):
			own = [name for name in names if name.startswith(f"{final.name}/") and name.endswith(".pdf")]
			if final.sidik not in [hashlib.sha256(archive.read(name)).hexdigest() for name in own]:
				problems.append(f"{final.name}: not there as it was signed")
	return problems


# -------------------------------------------------------------------------------------------------------- what is left


def tables() -> dict:
	"""{table: {key of a row: its values}} of the whole database."""
	import frappe

	frappe.db.commit()
	found = {}
	for table in frappe.db.get_tables(cached=False):
		if "global_search_" in table or not table.startswith(("tab", "__")):
			continue  # SQLite's own; and on 15.44 the server's
		rows = frappe.db.sql(f"select * from `{table}`", as_dict=True)
		found[table.removeprefix("tab")] = {_key(row): row for row in rows}
	return found


def _key(row) -> str:
	if "field" in row and "doctype" in row:  # Singles
		return f"{row['doctype']}.{row['field']}"
	if "fieldname" in row and "doctype" in row:  # __Auth
		return f"{row['doctype']}.{row['name']}.{row['fieldname']}"
	if "doctype" in row:
		return f"{row['doctype']}.{row.get('name') or row.get('user')}"
	if "defkey" in row:
		return f"{row['parent']}.{row['defkey']}"
	if row.get("parenttype") == "DocType":  # `migrate` writes core's own anew when their files have changed
		return ".".join(
			str(row.get(part)) for part in ("parent", "fieldname", "role", "permlevel", "if_owner", "idx")
		)
	return str(row.get("name") or row.get("sid") or sorted(map(str, row.values())))


def site_files() -> dict:
	import frappe

	root, found = Path(frappe.get_site_path()), {}
	for path in sorted(root.rglob("*")):
		name = str(path.relative_to(root))
		if path.is_file() and not name.startswith(FILES_MAY_DIFFER):
			found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
	found.pop("site_config.json", None)  # core writes its encryption key there at first use
	return found


def differences(before, after, files, files_after) -> list[str]:
	found = [f"table {name}" for name in sorted(before.keys() ^ after.keys())]
	for table in sorted(before.keys() & after.keys()):
		old, new = before[table], after[table]
		for key in sorted(new.keys() - old.keys()):
			if table not in MAY_DIFFER or _names_ours(new[key]):
				found.append(f"{table}: {key} is new: {_brief(new[key])}")
		if table in MAY_DIFFER:
			continue
		found += [f"{table}: {key} is gone" for key in sorted(old.keys() - new.keys())]
		for key in sorted(old.keys() & new.keys()):
			for column in old[key]:
				if column in STAMPS or (table, column) in CORE_NOTES or key.endswith(".modified"):
					continue
				if str(old[key][column]) != str(new[key].get(column)):
					found.append(f"{table}: {key}.{column}: {old[key][column]!r} -> {new[key].get(column)!r}")
	found += [f"file {name}" for name in sorted(files.keys() ^ files_after.keys())]
	found += [
		f"file {name} changed" for name in sorted(files) if files_after.get(name, files[name]) != files[name]
	]
	return found


def _names_ours(row) -> bool:
	text = " ".join(str(value) for value in row.values()).replace('"PK Tim"', "")  # the host's own
	return any(word in text for word in WORDS)


def _brief(row) -> str:
	return str({k: v for k, v in row.items() if v and k not in STAMPS | {"idx", "docstatus"}})[:300]


def core_columns_of_ours() -> list[str]:
	import frappe

	return [table for table in frappe.db.get_tables(cached=False) if "Perjanjian" in table or "Alur" in table]


# -------------------------------------------------------------------------------------------------------------- people


def _client(site):
	import frappe
	from frappe.app import application
	from werkzeug.test import Client

	frappe.destroy()
	return Client(application), {"X-Frappe-Site-Name": site}


def try_to_log_in(site, login) -> list[str]:
	"""Problems of the user who had a User Permission on a Unit Kerja."""
	client, headers = _client(site)
	problems = []
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


def demo_user_is_locked_out(site) -> bool:
	client, headers = _client(site)
	from perjankin_app.setup_demo import PASSWORD as published

	data = {"usr": "kepala.bpsdm@demo.example", "pwd": published}
	return client.post("/api/method/login", data=data, headers=headers).status_code == 401


def reinstalled_works(site) -> list[str]:
	"""After a reinstallation the roles of ours reach their records: no lone Custom DocPerm shuts them out."""
	import factory
	import frappe

	factory.world()
	factory.publish()
	doc = factory.pk("kepala")
	reader = factory.user("kepala")
	problems = (
		[] if frappe.has_permission("Perjanjian Kinerja", "read", doc=doc.name, user=reader) else ["no read"]
	)
	frappe.set_user("Administrator")
	frappe.db.commit()
	return problems


if __name__ == "__main__":
	sys.exit(main())
