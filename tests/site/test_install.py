"""What install puts into core: only where missing, and gone again after uninstalling."""

import json
import subprocess
import sys
from pathlib import Path

import factory
import frappe
import pytest
from factory import publish

from perjankin_app import install


def test_a_reviewer_may_read_the_workflow_where_the_desk_asks_for_it(site):
	"""Early v16's reads it as the user, else no action can be pressed; see test_host_desk.py."""
	publish()
	frappe.set_user(factory.user("kasubbag"))
	assert (
		frappe.has_permission("Workflow", "read", doc="Perjanjian Kinerja") == install.desk_reads_workflow()
	)
	assert not frappe.has_permission("Workflow", "write", doc="Perjanjian Kinerja")


def test_migrate_keeps_what_an_admin_changed():
	publish()
	frappe.db.set_value("Role", "PK Tim", "desk_access", 0)
	frappe.db.set_value("Satuan Kinerja", "Persen", "simbol", "persen")
	workflow = frappe.get_doc("Workflow", "Perjanjian Kinerja")
	workflow.override_status = 1
	workflow.save()
	stamp = workflow.modified
	install.after_migrate()
	assert frappe.db.get_value("Role", "PK Tim", "desk_access") == 0
	assert frappe.db.get_value("Satuan Kinerja", "Persen", "simbol") == "persen"
	assert str(frappe.db.get_value("Workflow", "Perjanjian Kinerja", "modified")) == str(stamp)


def test_other_peoples_permissions_on_workflow_survive():
	"""Custom DocPerm replaces the standard rows: what core let others do before, they still may."""
	fields = ("role", "read", "write", "create", "delete")
	standard = frappe.get_all("DocPerm", {"parent": "Workflow"}, list(fields))
	in_force = [
		{field: row.get(field) for field in fields} for row in frappe.get_meta("Workflow").permissions
	]
	assert standard and all(row in in_force for row in standard)


def test_uninstall_leaves_nothing_and_locks_nobody_out(request):
	if request.config.getoption("bench"):
		pytest.skip("takes the app off the site: run tests/site/uninstall.py by hand")
	script = Path(__file__).with_name("uninstall.py")
	done = subprocess.run([sys.executable, script], capture_output=True, text=True)
	assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
	assert not any(json.loads(done.stdout[done.stdout.index("\n{") :]).values())
