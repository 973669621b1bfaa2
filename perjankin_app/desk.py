"""Core's desk calls that we answer for our own DocTypes; every other one passes through to core unchanged."""

from collections import Counter
from copy import copy

import frappe
from frappe import client
from frappe.core.doctype.communication import email
from frappe.core.doctype.user_permission import user_permission
from frappe.desk import like, listview, reportview, treeview
from frappe.desk import search as search_of_core
from frappe.desk.doctype.dashboard_chart import dashboard_chart
from frappe.desk.doctype.tag import tag as tags_of_core
from frappe.desk.form import assign_to, document_follow, linked_with, load
from frappe.model.workflow import get_workflow_name, get_workflow_state_field
from frappe.utils import file_manager, get_safe_filters, global_search

from perjankin_app.document.signed import is_ours
from perjankin_app.hooks import permission_query_conditions
from perjankin_app.permissions import is_site_admin, may_read, permitted_opd, require_read
from perjankin_app.records import ALL_RECORDS, OPD_RECORDS

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
	ours = frappe.get_hooks("override_whitelisted_methods", {}).get(tree_method) or [tree_method]
	return treeview.get_all_nodes(doctype, label, parent, ours[-1], **filters)


# --------------------------------------------------------------------------------------------------------------------
# calls for which core asks no permission on the record that is named; parameters are core's


@frappe.whitelist()
def get_link_title(doctype: str, docname: str):
	"""Lists ask for the title of every link they show: no message where it may not be read, only the bare name."""
	return search_of_core.get_link_title(doctype, docname) if may_read(doctype, docname) else docname


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


@frappe.whitelist()
def get_workflow_state_count(doctype: str, workflow_state_field: str, states: str | list):
	"""Core counts the values of any column of any DocType, in all records; it is meant for the states of a list's records."""
	workflow = get_workflow_name(doctype)
	if not workflow or workflow_state_field != get_workflow_state_field(workflow):
		raise frappe.PermissionError
	others = {workflow_state_field: ("not in", frappe.parse_json(states) or [""])}
	found = Counter(frappe.get_list(doctype, others, pluck=workflow_state_field, limit_page_length=0))
	return [{workflow_state_field: state, "count": count} for state, count in found.items() if state]


@frappe.whitelist()
def search_link(doctype: str, txt: str, **options):
	return frappe.call(search_of_core.search_link, doctype=doctype, txt=txt, **_asking(doctype, options))


@frappe.whitelist()
def search_widget(doctype: str, txt: str, **options):
	return frappe.call(search_of_core.search_widget, doctype=doctype, txt=txt, **_asking(doctype, options))


def _asking(doctype: str, options: dict) -> dict:
	"""In v15 `ignore_user_permissions` leaves out every hook, and any filter may be sent."""
	if doctype in permission_query_conditions:
		options.pop("ignore_user_permissions", None)
	return options


@frappe.whitelist()
def get_chart(**options):
	"""A heatmap counts all records, with any filters; the other charts are lists."""
	name, chart = options.get("chart_name"), frappe.parse_json(options.get("chart") or {})
	chart = frappe.get_doc("Dashboard Chart", name) if name else chart
	if chart.get("type") == "Heatmap" and chart.get("document_type") in permission_query_conditions:
		raise frappe.PermissionError
	return frappe.call(dashboard_chart.get, **options)


@frappe.whitelist()
def getdoc(doctype: str, name: str | int):
	"""Core sends the title of whatever a form names, readable or not."""
	answer = load.getdoc(doctype, name)
	titles = frappe.response.get("_link_titles") or {}
	for key in list(titles):
		if not may_read(*key.split("::", 1)):
			titles.pop(key)
	return answer


def leave_links_short():
	"""hook before_request: v16 puts whole linked records into an answer, and asks for none of them."""
	named = [*frappe.request.path.split("/"), frappe.form_dict.get("doctype")]
	if any(doctype in named for doctype in ALL_RECORDS):
		for option in ("expand", "expand_links"):
			frappe.form_dict.pop(option, None)


@frappe.whitelist()
def get_submitted_linked_docs(doctype: str, name: str, **options):
	"""Core follows links to whatever is submitted; v15 doesn't even ask for the record that it begins with."""
	frappe.has_permission(doctype, doc=name, throw=True)
	answer = frappe.call(linked_with.get_submitted_linked_docs, doctype=doctype, name=name, **options)
	docs = [row for row in answer["docs"] if may_read(row["doctype"], row["name"])]
	return {**answer, "docs": docs, "count": len(docs)}


@frappe.whitelist()
def get_follow_users(doctype: str, doc_name: str):
	require_read(doctype, doc_name)
	return document_follow.get_follow_users(doctype, doc_name)


@frappe.whitelist()
def make_mail(attachments: str | list | None = None, **mail):
	_require_files(attachments, mail.get("doctype"))
	return frappe.call(email.make, attachments=attachments, **mail)


@frappe.whitelist()
def add_attachments(doctype: str, name: str, attachments: str | list):
	_require_files(attachments, doctype)
	return file_manager.add_attachments(doctype, name, attachments)


def _require_files(names: str | list | None, doctype: str | None):
	"""Core makes a second File of each that is named, and who may read that one follows from where it is attached."""
	for name in frappe.parse_json(names or "[]"):
		if isinstance(name, str):
			file = frappe.get_doc("File", name)
			file.check_permission("read")
			if doctype not in OPD_RECORDS and is_ours(file.file_url):
				raise frappe.PermissionError


@frappe.whitelist()
def get_user_permissions(user: str | None = None):
	"""What core tells about anybody: the agencies of others are not told."""
	found = user_permission.get_user_permissions(user)
	if user in (None, frappe.session.user) or is_site_admin(frappe.session.user):
		return found
	return {allow: rows for allow, rows in found.items() if allow not in OPD_RECORDS}
