"""Sites, as copies of templates that are built once: `base` (the bare framework), `app` (with the app), `demo` (with data)."""

import os
import shutil
import sqlite3
import subprocess
import sys
from importlib.util import find_spec

import monoframe as frappe
from monoframe import installer
from monoframe.migrate import SiteMigration

from embedded import DB, HOME, ROOT, WORK, mariadb
from embedded.apps import APP
from embedded.fingerprint import build_folder, fingerprint, is_stamped, write_stamp

TEMPLATES = HOME / "templates"
SITES = HOME / "sites"
ENGINE_FILES = fingerprint(ROOT / "embedded" / "requirements.txt") + fingerprint(
	ROOT / "embedded", suffix=".py"
)
DEMO_DATA = f"{APP}.setup_demo"  # run() enters the data, logins() lists (user, password, who that is)
ADMINISTRATOR = ("Administrator", "admin", "")

SETTINGS = {  # what the setup wizard would ask
	"setup_complete": 1,
	"language": "id",
	"country": "Indonesia",
	"time_zone": "Asia/Jakarta",
	"currency": "IDR",
	"date_format": "dd-mm-yyyy",
	"time_format": "HH:mm:ss",
	"number_format": "#.###,##",
	"first_day_of_the_week": "Monday",
	"enable_scheduler": 1,
	"enable_onboarding": 0,
	"enable_telemetry": 0,
}


def app_files():
	"""Everything that decides about a site's content: not the bundles, which bundles.py builds."""
	package = ROOT / APP
	entries = [entry for entry in sorted(package.glob("*")) if entry.name not in ("public", "__pycache__")]
	return fingerprint(*entries, ROOT / "fixtures")


def connect(folder):
	os.chdir(folder)
	frappe.init()
	frappe.connect()


def in_new_process(command, *arguments):
	"""The engine serves one site per process. What it prints is of interest only when it fails."""
	line = [sys.executable, "-W", "ignore", "-m", "embedded", command, *map(str, arguments)]
	done = subprocess.run(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
	if done.returncode:
		raise SystemExit(f"{done.stdout}\nfailed: python -m embedded {command}")


# --- templates


def template(name):
	"""The template's folder, brought up to date."""
	build, stamp = {
		"base": (build_base, ENGINE_FILES),
		"app": (build_app, ENGINE_FILES + app_files()),
		"demo": (build_demo, ENGINE_FILES + app_files()),
	}[name]
	return build_folder(TEMPLATES / name, stamp, lambda folder: build_template(build, folder))


def build_template(build, folder):
	build(folder)
	if DB == "mariadb":
		mariadb.dump(folder)


def build_base(folder):
	print("Creating a bare site ...", flush=True)
	in_new_process("new-site", folder)


def build_app(folder):
	copy(template("base"), folder)
	print("Installing the app ...", flush=True)
	in_new_process("install", folder)


def build_demo(folder):
	copy(template("app"), folder)
	print("Entering the demo data ...", flush=True)
	in_new_process("demo-data", folder)


def copy(source, folder):
	"""A site of its own in a new folder, from a template."""
	shutil.copytree(source, folder, symlinks=True)
	if DB == "mariadb":
		mariadb.load(folder)


def remove(folder):
	if DB == "mariadb":
		mariadb.drop(folder)
	shutil.rmtree(folder, ignore_errors=True)


def reader(folder):
	"""query(sql, *values) gives rows, as dicts, of a site that this process does not serve."""
	if DB == "mariadb":
		cursor = mariadb.connect(database=mariadb.name_of(folder)).cursor()
	else:
		(file,) = (folder / "db").glob("*.db")
		cursor = sqlite3.connect(f"file:{file}?mode=ro", uri=True).cursor()
		cursor.row_factory = sqlite3.Row

	def query(sql, *values):
		cursor.execute(sql if DB == "mariadb" else sql.replace("%s", "?"), values)
		return cursor.fetchall()

	return query


# --- what the new processes do


def new_site(folder):
	folder.mkdir(parents=True)
	assets = WORK / "desk" / "assets"
	(folder / "assets").symlink_to(os.path.relpath(assets, folder))  # sites and templates lie equally deep
	os.chdir(folder)
	if DB == "mariadb":
		mariadb.create(folder)
	installer._init_database(
		db_name=os.environ["DB_NAME"], admin_password=ADMINISTRATOR[1], db_type=DB, setup_db=DB == "sqlite"
	)
	finish_setup()


def finish_setup():
	frappe.db.set_value("Currency", SETTINGS["currency"], "enabled", 1)
	settings = frappe.get_doc("System Settings")
	settings.update(SETTINGS)
	settings.flags.ignore_mandatory = True
	settings.save()
	frappe.db.set_single_value("Website Settings", "app_name", "Perjanjian Kinerja")  # "Masuk ke ..."
	frappe.db.set_default("desktop:home_page", "workspace")
	frappe.clear_cache()
	frappe.db.commit()


def install(folder):
	connect(folder)
	installer.install_app(APP)
	frappe.db.commit()


def migrate(folder):
	os.chdir(folder)
	SiteMigration().run(site=folder.name)
	connect(folder)
	frappe.db.set_single_value("System Settings", "enable_scheduler", 1)  # it was off when there was none
	frappe.db.commit()


def enter_demo_data(folder):
	if find_spec(DEMO_DATA):
		connect(folder)
		frappe.get_attr(f"{DEMO_DATA}.run")()
		frappe.db.commit()


# --- the demo


def demo_site():
	"""The site that `make demo` serves: made once, then only migrated, so that what was entered in it stays."""
	folder = SITES / "demo"
	stamp = ENGINE_FILES + app_files()
	if not folder.exists():
		temporary = folder.with_name("demo.new")
		shutil.rmtree(temporary, ignore_errors=True)
		copy(template("demo"), temporary)
		temporary.rename(folder)
	elif not is_stamped(folder, stamp):
		print("The app has changed: migrating the demo site ...", flush=True)
		in_new_process("migrate", folder)
		write_stamp(folder, stamp)
	return folder


def logins():
	"""(user, password, who that is) of everybody whom the demo data brings."""
	if find_spec(DEMO_DATA) and hasattr(frappe.get_module(DEMO_DATA), "logins"):
		return [ADMINISTRATOR, *frappe.get_attr(f"{DEMO_DATA}.logins")()]
	return [ADMINISTRATOR]
