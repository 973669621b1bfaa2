"""Core's desk calls that we answer for our own DocTypes; every other one passes through to core unchanged."""

from copy import copy

import frappe
from frappe.desk import treeview
from frappe.desk.form import load

GOVERNED = "Perjanjian Kinerja"
TREES = ("Unit Kerja", "Sasaran Kinerja")
# what the desk reads of a Workflow (public/js/frappe/model/workflow.js of v15 and v16): its states, and of the
# transitions only which actions there are; what a user may do now, it asks the server
STATE_ROW = (
	"doctype name idx state doc_status allow_edit update_field avoid_status_override is_optional_state"
).split()
TRANSITION_ROW = "doctype name idx state action next_state allowed".split()


@frappe.whitelist()
def getdoctype(doctype: str, with_parent: bool = False, cached_timestamp: str | None = None):
	"""Core sends every row of every agency's chain with each form: more than a megabyte for fifty of them."""
	options = {"cached_timestamp": cached_timestamp} if cached_timestamp else {}  # v15
	answer = load.getdoctype(doctype, with_parent, **options)
	frappe.response.docs = [
		_slim(meta) if meta.get("name") == GOVERNED else meta for meta in frappe.response.docs
	]
	return answer


def _slim(meta):
	documents = meta.get("__workflow_docs")
	if not documents:
		return meta
	meta = copy(meta)  # the original is cached
	workflow = documents[0].as_dict(no_nulls=True)
	workflow.states = [_some(row, STATE_ROW) for row in workflow.states]
	one_each = {row.action: row for row in workflow.transitions}
	workflow.transitions = [_some(row, TRANSITION_ROW) for row in one_each.values()]
	states = {state.name: _some(state, ("doctype", "name", "style", "icon")) for state in documents[1:]}
	meta.set("__workflow_docs", [workflow, *states.values()])
	return meta


def _some(row, fields) -> dict:
	return {field: row.get(field) for field in fields if row.get(field)}


@frappe.whitelist()
def get_children(doctype: str, parent: str = "", **filters):
	"""v16 shows every node of a tree to everybody; ours are listed as any list is."""
	if doctype not in TREES:
		return treeview.get_children(doctype, parent, **filters)
	meta = frappe.get_meta(doctype)
	above, title = meta.nsm_parent_field, meta.title_field
	visible = {
		row.name: row
		for row in frappe.get_list(
			doctype, fields=["name", above, title, "is_group"], order_by="lft", limit_page_length=0
		)
	}
	return [
		{"value": row.name, "title": row[title], "expandable": row.is_group}
		for row in visible.values()
		if (row[above] if row[above] in visible else "") == (parent or "")  # what is at the top for this user
	]


@frappe.whitelist()
def get_all_nodes(doctype: str, label: str, parent: str, tree_method: str, **filters):
	if doctype in TREES and tree_method == "frappe.desk.treeview.get_children":
		tree_method = "perjankin_app.desk.get_children"
	return treeview.get_all_nodes(doctype, label, parent, tree_method, **filters)
