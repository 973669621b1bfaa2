"""Sites from before `made`: what of core's records came with us, as far as it can still be told by when it was created."""

import frappe

from perjankin_app import made, setup_demo
from perjankin_app.install import MODULE, ROLES
from perjankin_app.workflow.publisher import WORKFLOW


def execute():
	if made.of("Role"):
		return
	since = {"creation": (">=", frappe.db.get_value("Module Def", MODULE, "creation"))}
	for kind, names in (
		("Role", list(ROLES)),
		("Workflow State", _of_workflow("Workflow Document State", "state")),
		("Workflow Action Master", _of_workflow("Workflow Transition", "action")),
		("User", [login for login, _password, _who in setup_demo.logins()]),
	):
		made.remember(kind, *frappe.get_all(kind, {**since, "name": ("in", names or [""])}, pluck="name"))


def _of_workflow(table: str, field: str) -> list[str]:
	return frappe.get_all(table, {"parent": WORKFLOW, "parenttype": "Workflow"}, pluck=field, distinct=True)
