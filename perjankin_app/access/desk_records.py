"""What of ours stands among the host's own in the desk: the PK's Workflow, and the pages that everybody finds us by."""

import frappe
from frappe import _

from perjankin_app.permissions import NO_OBJECTION, roles_for

# ------------------------------------------------------------------------------------------------------------ Workflow

GOVERNED = "Perjanjian Kinerja"
READS_WORKFLOW = "PK Pegawai"  # given by install.py, and only where the installed desk asks for it


def workflow_query(user: str, doctype: str | None = None) -> str:
	"""List of Workflow: whoever reads it only by our role sees the PK's one row."""
	return "" if _reads_for_the_host(user) else f"`tabWorkflow`.`document_type` = '{GOVERNED}'"


def workflow_row_query(user: str, doctype: str) -> str:
	"""Lists of Workflow Document State and Workflow Transition, Workflow's tables."""
	if _reads_for_the_host(user):
		return ""
	return f"`tab{doctype}`.`parent` in (select name from `tabWorkflow` where {workflow_query(user)})"


def workflow_has_permission(doc, ptype: str | None, user: str, debug: bool = False) -> bool | None:
	return NO_OBJECTION if doc.get("document_type") == GOVERNED or _reads_for_the_host(user) else False


def _reads_for_the_host(user: str) -> bool:
	return not (roles_for("Workflow", "read") - {READS_WORKFLOW}).isdisjoint(frappe.get_roles(user))


# ----------------------------------------------------------------------------------------------- pages of everybody's desk

APP, MODULE = "perjankin_app", "Perjankin App"
MANAGERS = {"Workspace Manager", "System Manager"}
PAGES = ("Workspace", "Workspace Sidebar", "Desktop Icon")  # the last two are v16's


def guard_page(doc, method=None, *args):
	"""before_validate, before_rename, on_trash of PAGES and of rows of their tables: ours is changed by MANAGERS only.

	Frappe's own calls ask that of a page that is still public when it is stored, which one made private is not.
	"""
	if frappe.session.user == "Administrator" or not MANAGERS.isdisjoint(frappe.get_roles()):
		return
	for doctype, name in _pages_of(doc):
		page = frappe.db.get_value(doctype, name, "*", as_dict=True)
		if page and _is_ours(doctype, page):
			frappe.throw(
				_("Halaman {0} dipakai bersama. Minta Workspace Manager untuk mengubahnya.").format(name),
				frappe.PermissionError,
			)


def _pages_of(doc) -> set[tuple[str, str]]:
	"""The page that `doc` is, or that it is a row of: as sent, and as stored."""
	if doc.doctype in PAGES:
		return {(doc.doctype, doc.name)}
	stored = frappe.db.get_value(doc.doctype, doc.name, ["parenttype", "parent"]) or (None, None)
	places = {(doc.get("parenttype"), doc.get("parent")), tuple(stored)}
	return {(doctype, name) for doctype, name in places if doctype in PAGES and name}


def _is_ours(doctype: str, page: frappe._dict) -> bool:
	"""As it is stored, and not somebody's own copy."""
	if page.get("for_user") or (doctype == "Workspace" and not page.public):
		return False
	if doctype == "Desktop Icon" and page.owner != "Administrator" and not page.get("standard"):
		return False
	if doctype == "Desktop Icon" and page.get("link_type") == "Workspace Sidebar" and page.get("link_to"):
		return frappe.db.get_value("Workspace Sidebar", page.link_to, "app") == APP
	return APP == page.get("app") or MODULE == page.get("module")
