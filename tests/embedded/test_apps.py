"""An app beside the framework."""

from pathlib import Path

import frappe

from embedded import ROOT
from embedded.apps import APP


def test_installed_apps_and_hooks():
	assert frappe.get_installed_apps() == ["monoframe", APP]
	assert frappe.get_hooks("app_name")[-1] == APP
	assert frappe.get_hooks("app_name", app_name=APP) == [APP]
	assert frappe.get_attr(f"{APP}.hooks.app_name") == APP


def test_paths():
	assert Path(frappe.get_app_path(APP, "hooks.py")).resolve() == ROOT / APP / "hooks.py"
	assert Path(frappe.get_app_source_path(APP, "fixtures")).resolve() == ROOT / "fixtures"


def test_apps_screen_and_sidebar_know_the_app():
	from frappe.apps import get_apps
	from frappe.boot import get_bootinfo

	(hook,) = frappe.get_hooks("add_to_apps_screen", app_name=APP)
	(shown,) = [app for app in get_apps() if app["name"] == APP]
	assert shown["title"] == hook["title"] and shown["route"] == hook["route"]
	assert APP in [app["app_name"] for app in get_bootinfo().app_data]


def test_setup_is_finished():
	assert frappe.is_setup_complete()
	settings = frappe.get_system_settings
	assert (settings("language"), settings("time_zone"), settings("currency")) == (
		"id",
		"Asia/Jakarta",
		"IDR",
	)
	assert frappe.format(1234.5, {"fieldtype": "Float", "precision": 1}) == "1.234,5"
	assert settings("enable_scheduler")


def test_jobs_run_after_the_commit():
	frappe.enqueue("frappe.defaults.set_global_default", key="embedded-job", value="done")
	assert not frappe.db.get_default("embedded-job")
	frappe.db.commit()
	assert frappe.db.get_default("embedded-job") == "done"


def test_a_failing_job_spoils_nothing():
	name = frappe.get_doc(doctype="ToDo", description="x").insert().name
	frappe.enqueue("frappe.throw", msg="no")
	frappe.db.commit()
	assert frappe.db.exists("ToDo", name)
	frappe.delete_doc("ToDo", name)
	frappe.db.commit()
