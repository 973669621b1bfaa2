"""What is answered in the place of core, where core's own answer would tell too much or too much at once.

`core_calls.gate` puts these in, for records of ours only; each begins with core's function of the same name and takes core's
parameters. They can be called by their own name as well, so each asks by itself for every record that it tells of.
"""

from collections import Counter
from copy import copy
from functools import wraps

import frappe
from frappe import _
from frappe.desk import reportview, treeview
from frappe.desk import search as search_of_core
from frappe.desk.form import linked_with, load
from frappe.desk.listview import get_group_by_count as group_by_count_of_core
from frappe.model.workflow import get_workflow_name, get_workflow_state_field
from frappe.utils import get_safe_filters, global_search

from perjankin_app.access.core_records import named
from perjankin_app.permissions import may_read, permitted_opd, require_read
from perjankin_app.records import ALL_RECORDS, OPD_RECORDS

GOVERNED = "Perjanjian Kinerja"
TREES = ("Unit Kerja", "Sasaran Kinerja")
# what the desk reads of a Workflow (public/js/frappe/model/workflow.js of v15 and v16): its states, and of the
# transitions only which actions there are; what a user may do now, it asks the server
STATE_ROW = (
	"doctype name idx state doc_status allow_edit update_field avoid_status_override is_optional_state"
).split()
TRANSITION_ROW = "doctype name idx state action next_state allowed".split()


def answer(function):
	"""A whitelisted function that the gate may put in core's place, whichever version of the API was called."""

	@wraps(function)
	def answered(*args, **kwargs):
		try:
			found = function(*args, **kwargs)
		except (
			ValueError,
			TypeError,
			LookupError,
			AttributeError,
		) as error:  # JSON of another shape than core takes
			raise frappe.ValidationError(_("Permintaan ini tidak dapat dibaca.")) from error
		if not frappe.request or not frappe.request.path.startswith("/api/v2/"):
			return found
		if found is not None:  # core runs `cmd` as v1 does, and would call it "message"
			frappe.response["data"] = found

	return frappe.whitelist()(answered)


# --------------------------------------------------------------------------------------------------------------------
# forms


@answer
def getdoctype(doctype: str, with_parent: bool = False, cached_timestamp: str | None = None):
	"""Core sends every row of every agency's chain with each form: more than a megabyte for fifty of them."""
	options = {"cached_timestamp": cached_timestamp} if cached_timestamp else {}  # v15
	told = load.getdoctype(doctype, with_parent, **options)
	frappe.response.docs = [
		_slim(meta) if meta.get("name") == GOVERNED else meta for meta in frappe.response.docs
	]
	return told


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


class Titled(frappe._dict):
	"""The answer to a form: core puts titles into `_link_titles` ("DocType::name": title), if it answers at all."""

	def __setitem__(self, key, value):
		super().__setitem__(key, ReadableTitles(value) if key == "_link_titles" else value)


class ReadableTitles(dict):
	def update(self, titles):
		super().update({key: title for key, title in titles.items() if may_read(*key.split("::", 1))})


@answer
def get_link_title(doctype: str, docname: str):
	"""Lists ask for the title of every link they show: no message where it may not be read, only the bare name."""
	readable = doctype in OPD_RECORDS and may_read(doctype, docname)
	# v15 has no answer about what is not there
	return (readable and search_of_core.get_link_title(doctype, docname)) or docname


# --------------------------------------------------------------------------------------------------------------------
# trees


@answer
def get_children(doctype: str, parent: str = "", **filters):
	"""v16 shows every node of a tree to everybody; ours are listed as any list is."""
	meta = frappe.get_meta(doctype)
	if not meta.is_nested_set():
		raise frappe.PermissionError
	above, title = meta.nsm_parent_field, meta.title_field or "name"
	fields = {"name", above, title, "is_group"}
	nodes = frappe.get_list(doctype, fields=[*fields], order_by="lft", limit_page_length=0)
	visible = {node.name: node for node in nodes}
	return [
		{"value": node.name, "title": node[title], "expandable": node.is_group}
		for node in visible.values()
		if (node[above] if node[above] in visible else "")
		== (parent or "")  # what is at the top for this user
	]


@answer
def get_all_nodes(doctype: str, label: str, parent: str, tree_method: str | None = None, **filters):
	return treeview.get_all_nodes(doctype, label, parent, f"{__name__}.get_children", **filters)


# --------------------------------------------------------------------------------------------------------------------
# lists and counts


@answer
def get_tagged_docs(doctype: str, tag: str):
	return frappe.get_list(
		doctype, {"_user_tags": ("like", tag)}, ["name"], as_list=True, limit_page_length=0
	)


@answer
def get_group_by_count(doctype: str, current_filters: str | list | dict, field: str):
	"""v15 counts assignments of all records, whoever may read them."""
	filters = frappe.parse_json(current_filters) or []
	if isinstance(filters, dict):
		filters = [[doctype, name, "=", value] for name, value in filters.items()]
	if doctype not in OPD_RECORDS:
		filters = [*filters, [doctype, "name", "in", _listed_of_assigned(doctype) or [""]]]
	elif (opd := permitted_opd(frappe.session.user, doctype)) is not None:
		filters = [*filters, [doctype, "opd", "in", opd or [""]]]
	try:
		return group_by_count_of_core(doctype, frappe.as_json(filters), field)
	except Exception as error:
		if not frappe.db.is_missing_column(error):
			raise
		raise ValueError(
			field
		) from error  # a filter by a field that isn't there: v15 hands it to the database


def _listed_of_assigned(doctype: str) -> list[str]:
	"""The records of that DocType that are assigned to anybody, and that the user's own list holds."""
	if not frappe.has_permission(doctype, "read"):
		return []
	assigned = {"reference_type": doctype, "status": ("!=", "Cancelled")}
	names = frappe.get_all("ToDo", assigned, pluck="reference_name")
	return frappe.get_list(doctype, {"name": ("in", names or [""])}, pluck="name", limit_page_length=0)


@answer
def get_count(
	doctype: str, filters: str | dict | list | None = None, debug: bool = False, cache: bool = False
):
	"""v15 counts the rows of any DocType for anybody, and with filters that answers questions about each.

	As v16 does it: by the list's own count, which asks for permission.
	"""
	frappe.local.form_dict = frappe._dict(doctype=doctype, filters=get_safe_filters(filters))
	return reportview.get_count()


@answer
def get_workflow_state_count(doctype: str, workflow_state_field: str, states: str | list):
	"""Core counts the values of any column of any DocType, in all records; it is meant for the states of a list's records."""
	workflow = get_workflow_name(doctype)
	if not workflow or workflow_state_field != get_workflow_state_field(workflow):
		raise frappe.PermissionError
	others = {workflow_state_field: ("not in", [str(state) for state in frappe.parse_json(states) or [""]])}
	found = Counter(frappe.get_list(doctype, others, pluck=workflow_state_field, limit_page_length=0))
	return [{workflow_state_field: state, "count": count} for state, count in found.items() if state]


@answer
def search(text: str, start: int = 0, limit: int = 20, doctype: str = ""):
	"""Only what the user may read, should an admin have added DocTypes of ours to the global search."""
	found = global_search.search(text, start, limit, doctype)
	return [row for row in found if may_read(row.get("doctype"), row.get("name"))]


# --------------------------------------------------------------------------------------------------------------------
# what is linked to a record


@answer
def get_submitted_linked_docs(doctype: str, name: str, **options):
	"""Core follows links to whatever is submitted; v15 doesn't even ask for the record that it begins with."""
	require_read(doctype, name)  # of a row, core asks for the role alone
	frappe.has_permission(doctype, doc=name, throw=True)
	found = frappe.call(linked_with.get_submitted_linked_docs, doctype=doctype, name=name, **options)
	docs = [row for row in found["docs"] if may_read(row["doctype"], row["name"])]
	return {**found, "docs": docs, "count": len(docs)}


@answer
def get_linked(doctype: str, docname: str):
	"""v16 adds how many there are that the user may not read."""
	frappe.has_permission(doctype, doc=docname, throw=True)  # v15.44 doesn't
	found = linked_with.get(doctype, docname)
	for linked in {*found} & {*ALL_RECORDS}:
		if isinstance(found[linked], dict):
			found[linked]["hidden_count"] = 0
			if not found[linked]["docs"]:
				del found[linked]
	return found


def linked_by_ours(doctype: str) -> bool:
	"""Whether a record of ours can name one of that DocType."""
	link = {"fieldtype": "Link", "options": doctype}
	return bool(
		frappe.db.exists("DocField", {**link, "parent": ("in", ALL_RECORDS)})
		or frappe.db.exists("Custom Field", {**link, "dt": ("in", ALL_RECORDS)})
	)


def _links_of(doctype: str) -> set[str]:
	meta = frappe.get_meta(doctype)
	rows = [frappe.get_meta(field.options) for field in meta.get_table_fields()]
	return {field.options for each in (meta, *rows) for field in each.get_link_fields()}


def names_unreadable(doctype: str | None, name) -> bool:
	"""Whether that record, of any DocType, names a record of ours that the user may not read."""
	if not (doctype and name and frappe.db.exists("DocType", doctype) and frappe.db.exists(doctype, name)):
		return False
	return any(not may_read(*each) for each in named(frappe.get_doc(doctype, name)))


def may_lead_to_ours(doctype: str) -> bool:
	"""Whether core, following links backwards from a record of that DocType through what is submitted, may meet ours."""
	submitted = frappe.get_all("DocType", {"name": ("in", ALL_RECORDS), "is_submittable": 1}, pluck="name")
	met = {to for ours in submitted for to in _links_of(ours)}
	return doctype in (*ALL_RECORDS, *met) or any(
		frappe.get_meta(each).is_submittable for each in met - {*ALL_RECORDS}
	)
