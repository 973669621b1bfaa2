"""Core's desk calls that we answer for our own DocTypes; every other one passes through to core unchanged."""

from copy import copy

import frappe
from frappe import client
from frappe.desk import like, listview, reportview, treeview
from frappe.desk.doctype.tag import tag as tags_of_core
from frappe.desk.form import assign_to, load
from frappe.desk.search import get_link_title as title_of
from frappe.utils import get_safe_filters, global_search

from perjankin_app.hooks import permission_query_conditions
from perjankin_app.permissions import may_read, permitted_opd, require_read
from perjankin_app.records import OPD_RECORDS

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


# --------------------------------------------------------------------------------------------------------------------
# calls for which core asks no permission on the record that is named; parameters are core's


@frappe.whitelist()
def get_link_title(doctype: str, docname: str):
	"""Lists ask for the title of every link they show: no message where it may not be read, only the bare name."""
	return title_of(doctype, docname) if may_read(doctype, docname) else docname


@frappe.whitelist()
def toggle_like(doctype: str, name: str, add: str | bool = False):
	require_read(doctype, name)
	return like.toggle_like(doctype, name, add)


@frappe.whitelist()
def add_tag(tag: str, dt: str, dn: str, color: str | None = None):
	require_read(dt, dn)
	return tags_of_core.add_tag(tag, dt, dn, color)


@frappe.whitelist()
def add_tags(tags: str | list, dt: str, docs: str | list, color: str | None = None):
	for name in frappe.parse_json(docs):
		require_read(dt, name)
	return tags_of_core.add_tags(tags, dt, docs, color)


@frappe.whitelist()
def remove_tag(tag: str, dt: str, dn: str):
	require_read(dt, dn)
	return tags_of_core.remove_tag(tag, dt, dn)


@frappe.whitelist()
def get_tagged_docs(doctype: str, tag: str):
	if doctype not in OPD_RECORDS:
		return tags_of_core.get_tagged_docs(doctype, tag)
	return frappe.get_list(
		doctype, {"_user_tags": ("like", tag)}, ["name"], as_list=True, limit_page_length=0
	)


@frappe.whitelist()
def get_assigned(doctype: str | None = None, name: str | None = None, args: str | dict | None = None):
	args = frappe.parse_json(args) if args else {"doctype": doctype, "name": name}
	require_read(args.get("doctype"), args.get("name"))
	return assign_to.get(args)


@frappe.whitelist()
def get_group_by_count(doctype: str, current_filters: str, field: str) -> list[dict]:
	"""Core counts assignments of all records, whoever may read them."""
	if doctype in OPD_RECORDS and field == "assigned_to":
		opd = permitted_opd(frappe.session.user, doctype)
		if opd is not None:
			filters = [*frappe.parse_json(current_filters), [doctype, "opd", "in", opd or [""]]]
			current_filters = frappe.as_json(filters)
	return listview.get_group_by_count(doctype, current_filters, field)


@frappe.whitelist()
def search(text: str, start: int = 0, limit: int = 20, doctype: str = ""):
	"""Only what the user may read, should an admin have added DocTypes of ours to the global search."""
	found = global_search.search(text, start, limit, doctype)
	return [row for row in found if may_read(row.get("doctype"), row.get("name"))]


@frappe.whitelist()
def get_count(
	doctype: str, filters: str | dict | list | None = None, debug: bool = False, cache: bool = False
):
	"""v15 counts the rows of any DocType for anybody, and with filters that answers questions about each.

	As v16 does it: by the list's own count, which asks for permission.
	"""
	if doctype not in permission_query_conditions:
		return client.get_count(doctype, filters, debug, cache)
	frappe.local.form_dict = frappe._dict(doctype=doctype, filters=get_safe_filters(filters))
	return reportview.get_count()
