"""What install puts into core: only where missing, and gone again after uninstalling."""

import json
import subprocess
import sys
from pathlib import Path

import factory
import frappe
import pytest
from factory import publish

from perjankin_app import install, made
from perjankin_app.patches import remember_made


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


def test_only_what_was_not_there_before_counts_as_made(site):
	frappe.get_doc(doctype="Workflow State", workflow_state_name="Uji Tuan Rumah").insert()
	names = {"Uji Paraf": "Uji Tuan Rumah", "Uji Kirim": "Uji Bawaan"}
	rows = [{**row, "status": names.get(row["status"], row["status"])} for row in factory.SIMPLE]
	publish([{**row, "jika_tidak": names.get(row.get("jika_tidak"), row.get("jika_tidak"))} for row in rows])
	assert made.of("Workflow State") & set(names.values()) == {"Uji Bawaan"}
	assert set(install.ROLES) == made.of("Role")


def test_a_site_from_before_it_was_remembered_knows_it_too(site):
	publish()
	before = {kind: made.of(kind) for kind in ("Role", "Workflow State", "Workflow Action Master")}
	made.forget()
	remember_made.execute()
	for kind, names in before.items():
		used = names if kind == "Role" else names & set(remember_made._of_workflow(*OF_WORKFLOW[kind]))
		assert made.of(kind) == used and used
	remember_made.execute()  # and no second time


OF_WORKFLOW = {
	"Workflow State": ("Workflow Document State", "state"),
	"Workflow Action Master": ("Workflow Transition", "action"),
}


@pytest.mark.parametrize("kind", ["postgres", "sqlite"])
def test_other_databases_are_refused_before_anything_is_made(site, monkeypatch, kind):
	monkeypatch.setattr(frappe.db, "db_type", kind)
	monkeypatch.setitem(frappe.conf, "perjankin_embedded", 0)
	monkeypatch.setattr(made, "remember", lambda *args: pytest.fail("made something"))
	with pytest.raises(frappe.IncompatibleApp, match=f"MariaDB.*{kind}"):
		install.before_install()


def test_uninstall_leaves_nothing_and_locks_nobody_out(request):
	if request.config.getoption("bench"):
		pytest.skip("takes the app off the site: run tests/site/uninstall.py by hand")
	script = Path(__file__).with_name("uninstall.py")
	done = subprocess.run([sys.executable, script], capture_output=True, text=True)
	assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
	assert not any(json.loads(done.stdout[done.stdout.index("\n{") :]).values())
