"""One gate before every whitelisted call of core: what core answers about a record without asking whether it may be read.

A rule for a call can't be hung on its name: core whitelists the function, and each module that imports it is another name for
it (`frappe.automation.doctype.auto_repeat.auto_repeat.make` is `frappe.core.doctype.communication.email.make`). So the gate
looks up the function behind every name that a request calls, directly or in an argument, and QUESTIONS says what is asked
before that function runs. A question looks at the arguments. It raises where core's answer would tell too much; or it returns
the function of `access/answers.py` that answers in core's place; or it passes, and core goes on as if we were not there: no
frame of ours is on the stack, and another app's override of the same call stays in force.

Questions are about records of ours, and about core's records that may tell of ours. What is done to core's records (a comment,
a tag, a file) is not asked here but where it happens, in doc_events.
"""

import inspect
import json
import unicodedata
from contextlib import suppress
from functools import cache
from importlib import import_module

import frappe
import frappe.handler
from frappe import _
from frappe.desk.doctype.global_search_settings.global_search_settings import get_doctypes_for_global_search
from frappe.desk.reportview import build_match_conditions
from werkzeug.exceptions import HTTPException

from perjankin_app.access import answers, downloads
from perjankin_app.access.core_records import REFERENCE
from perjankin_app.document.signed import is_ours
from perjankin_app.permissions import is_site_admin, require_read
from perjankin_app.records import ALL_RECORDS, OPD_RECORDS, TABLES, TELL_OF_ANY

LONGEST_NAME = 140  # characters of a record's name
DEPTH = 4  # names in arguments of names in arguments: core's own pages need one


def gate():
	"""hook auth_hooks: after every way to log in (session, API key, bearer token), before core looks at the call."""
	try:
		for function, args in _called():
			if _is_closed_to_guests(function):
				continue  # core says so, by the function's own name
			if answer := _ask(function, args):
				# core runs `cmd`, whatever the path was
				frappe.form_dict.cmd = f"{answer.__module__}.{answer.__name__}"
	except UnicodeError:  # a lone UTF-16 surrogate in a name: it can't be encoded
		frappe.throw(_("Permintaan ini tidak dapat dibaca."))


def _is_closed_to_guests(function) -> bool:
	return (
		frappe.session.user == "Guest"
		and function in frappe.whitelisted
		and function not in frappe.guest_methods
	)


# --------------------------------------------------------------------------------------------------------------------
# what a request calls


def _called():
	"""(function, its arguments) of the request, as `frappe.app.application` is about to find them."""
	form = frappe.form_dict
	if form.get("cmd"):
		yield from ((function, form) for function in _functions(form.cmd))
	elif frappe.request.path.startswith("/api/"):
		from frappe.api import API_URL_MAP, v1, v2

		try:
			endpoint, values = API_URL_MAP.bind_to_environ(frappe.request.environ).match()
		except HTTPException:  # no such path: core says so
			return
		if endpoint is v1.handle_rpc_call:
			yield from ((function, form) for function in _functions(values["method"].split("/")[0]))
		elif endpoint is v2.handle_rpc_call:
			name = values["method"]
			if doctype := values.get("doctype"):  # a function of that DocType's module
				name = f"{_module_of(doctype)}.{name}"
			yield from ((function, form) for function in _functions(name))
		else:
			yield endpoint, {**form, **values}


def _module_of(doctype: str) -> str:
	from frappe.modules.utils import load_doctype_module

	with suppress(Exception):  # no such DocType: core says so
		return load_doctype_module(doctype).__name__
	return ""


def _functions(name) -> list:
	"""What runs under `name`, the overrides of other apps included."""
	if not isinstance(name, str):
		return []
	overrides = frappe.get_hooks("override_whitelisted_methods", {}).get(name) or []
	found = (_function(each) for each in (name, *overrides))
	return [*dict.fromkeys(function for function in found if inspect.isfunction(function))]


def _function(name: str):
	"""As core looks it up for a request, but silent where there is none: core will say so."""
	if "." not in name:
		return getattr(frappe.handler, name, None)
	frappe.get_installed_apps()  # without a database nothing is looked up, and nothing must pass for want of a name
	told = len(frappe.local.message_log)
	try:
		return frappe.get_attr(name)
	except Exception:
		del frappe.local.message_log[told:]


# --------------------------------------------------------------------------------------------------------------------
# what is asked


def _ask(function, args: dict, depth: int = 0):
	"""Asks before `function` runs with `args`; returns what has to answer in its place, if anything."""
	answer = None
	if _is_another_apps(function):
		_require_named(args)
	for guarded in _guarded(function):
		name = _table()[guarded]
		if question := QUESTIONS.get(name):
			answer = question(args) or answer
		if answer or not (indirect := INDIRECT.get(name)):
			continue
		for called, positional in indirect(args):
			for inner in _functions(called):
				if depth == DEPTH:
					raise frappe.ValidationError
				if _ask(inner, _bound(inner, positional, args), depth + 1):
					raise frappe.PermissionError  # another answer has no place here
	return answer


def _guarded(function) -> list:
	"""The functions of core in the table that `function` is, or that it stands in for as another app's override."""
	function = _bare(function)
	hooks = frappe.get_hooks("override_whitelisted_methods", {})
	stood_in_for = _stand_ins(tuple((name, *overrides) for name, overrides in hooks.items())).get(
		function, []
	)
	# core overrides names of its own by the function that they once were: each is asked once
	return [*dict.fromkeys([function, *stood_in_for])] if function in _table() else stood_in_for


@cache
def _stand_ins(hooks: tuple) -> dict:
	"""{function of an app: the functions of core in the table that it overrides}"""
	found = {}
	for name, *overrides in hooks:
		if (core := _bare(_imported(name))) in _table():
			for override in overrides:
				found.setdefault(_bare(_imported(override)), []).append(core)
	found.pop(None, None)
	return found


def _imported(name: str):
	"""The function behind a name that code has written: kept for all requests, so nothing of a request may be asked for it."""
	module, _dot, attribute = name.rpartition(".")
	try:
		return getattr(import_module(module or "frappe.handler"), attribute, None)
	except ImportError:  # this version of core has no such module
		return None


def _bare(function):
	return inspect.unwrap(function) if inspect.isfunction(function) else None


@cache
def _table() -> dict:
	"""{function of core: its name here}; a version of core may lack one."""
	found = {_bare(_imported(name)): name for name in {**QUESTIONS, **INDIRECT}}
	found.pop(None, None)
	return found


def _bound(function, positional: list, keywords: dict) -> dict:
	return {**keywords, **dict(zip(inspect.signature(function).parameters, positional, strict=False))}


# --------------------------------------------------------------------------------------------------------------------
# arguments: whatever JSON holds


def _doctype(value) -> str | None:
	if value in (None, ""):
		return None
	# core may take a list for a filter ("like", "in"), and MariaDB finds "perjanjian kinerja" as well
	if not isinstance(value, str) or _folded().get(_fold(value), value) != value:
		frappe.throw(_("Sebut jenis dokumen dengan namanya yang tepat."))
	return value


def _fold(text: str) -> str:
	"""As MariaDB compares: no case, no accents, nothing invisible, no blanks at the end."""
	letters = unicodedata.normalize("NFKD", text).casefold()
	return "".join(c for c in letters if unicodedata.category(c)[0] not in "MC").rstrip()


@cache
def _folded() -> dict:
	return {_fold(doctype): doctype for doctype in (*ALL_RECORDS, *TELL_OF_ANY)}


def _several(value) -> list:
	"""The names in a list, or in its JSON; nothing where core can't read it either."""
	if isinstance(value, str):
		try:
			value = json.loads(value)
		except (ValueError, RecursionError):
			return []
	return [value] if isinstance(value, str | int | float | None) else list(value)


# --------------------------------------------------------------------------------------------------------------------
# questions


def readable(doctype: str, *, name: str = "", names: str = ""):
	"""The record that these arguments name may be read, or each of them; of core's records: the one of ours that each is about."""

	def question(args):
		subject = _doctype(args.get(doctype))
		for each in _several(args.get(names)) if names else [args.get(name)]:
			if subject in ALL_RECORDS:
				_require(subject, each)
			elif subject in REFERENCE and isinstance(each, str):
				about, record = frappe.db.get_value(subject, each, REFERENCE[subject]) or (None, None)
				if about in ALL_RECORDS:
					_require(about, record)

	return question


def _require(doctype: str, name):
	if name in (None, ""):
		return
	if not isinstance(name, str):  # a filter: core would take the first record that it finds
		frappe.throw(_("Sebut {0} dengan namanya.").format(_(doctype)))
	if doctype in OPD_RECORDS or doctype in TABLES:
		require_read(doctype, name)
	elif frappe.db.exists(doctype, name):
		frappe.has_permission(doctype, "read", doc=name, throw=True)


def _is_another_apps(function) -> bool:
	return _bare(function).__module__.partition(".")[0] not in (frappe.__name__, "frappe", "perjankin_app")


def _require_named(args: dict):
	"""Before a function of another app: whoever names a record of ours in its arguments, beside the DocType, may read it.

	ERPNext's `get_open_activities` takes any DocType and name, as core's functions in QUESTIONS do, and asks as little. What
	other apps have of that kind can't be listed here. Documents among the arguments are not looked into: a record of the
	host may name one of ours that this user can't read, and its form still works.
	"""
	values = [each for value in args.values() for each in (value, *_several(value))]
	texts = {value for value in values if isinstance(value, str) and len(value) <= LONGEST_NAME}
	for doctype in {_folded().get(_fold(text)) for text in texts} & {*ALL_RECORDS}:
		for name in frappe.get_all(doctype, {"name": ("in", [*texts])}, pluck="name"):
			_require(doctype, name)


def listed(doctype: str):
	"""Core counts all rows, by any filter: only for whom the list of that DocType holds them all."""
	return lambda args: _require_all(_doctype(args.get(doctype)))


def _require_all(doctype: str | None):
	if _tells(doctype) and not _lists_all(doctype):
		frappe.throw(
			_("Anda tidak berwenang menghitung seluruh {0}.").format(_(doctype)), frappe.PermissionError
		)


def _lists_all(doctype: str) -> bool:
	if frappe.session.user == "Administrator":
		return True
	return frappe.has_permission(doctype, "read") and not build_match_conditions(doctype)


def _tells(doctype: str | None) -> bool:
	return doctype in ALL_RECORDS or doctype in TELL_OF_ANY


def answered(by, when):
	"""`by` answers where `when` says so of the DocType that is asked about."""
	return lambda args: by if when(_doctype(args.get("doctype"))) else None


def _of_an_opd(doctype: str | None) -> bool:
	return doctype in OPD_RECORDS


def _linked(doctype: str | None) -> bool:
	return doctype in ALL_RECORDS or bool(doctype and answers.linked_by_ours(doctype))


def _a_tree(doctype: str | None) -> bool:
	return doctype in answers.TREES


def _loads_the_workflow(doctype: str | None) -> bool:
	return answers.GOVERNED in (doctype, *TABLES.get(doctype, ()))


def _chart(args):
	"""A heatmap counts all rows; the other charts are lists."""
	if name := args.get("chart_name"):
		if not isinstance(name, str | int):
			frappe.throw(_("Sebut {0} dengan namanya.").format(_("Dashboard Chart")))
		chart = frappe.db.get_value("Dashboard Chart", name, ["type", "document_type"], as_dict=True)
	else:
		chart = args.get("chart")
		with suppress(ValueError, RecursionError):
			chart = json.loads(chart) if isinstance(chart, str) else chart
		with suppress(ValueError, TypeError):  # core makes a dict of it as well
			chart = dict(chart)
	if isinstance(chart, dict) and chart.get("type") == "Heatmap":
		_require_all(_doctype(chart.get("document_type")))


def _group_by(args):
	"""v15 counts assignments of all records, whoever may read them."""
	doctype = _doctype(args.get("doctype"))
	if args.get("field") == "assigned_to":
		if doctype in OPD_RECORDS or doctype in TELL_OF_ANY:
			return answers.get_group_by_count
		_require_all(doctype)


def _search(args):
	"""In v15 `ignore_user_permissions` leaves out every hook, and any filter may be sent."""
	if _tells(_doctype(args.get("doctype"))):
		frappe.form_dict.pop("ignore_user_permissions", None)


def _global_search(args):
	return answers.search if {*get_doctypes_for_global_search()} & {*OPD_RECORDS} else None


def _scopes(args):
	"""Core tells anybody's User Permissions: which agency somebody works for is not told."""
	user = args.get("user") or frappe.session.user
	if user == frappe.session.user or is_site_admin(frappe.session.user):
		return
	if not isinstance(user, str) or frappe.db.exists(
		"User Permission", {"user": user, "allow": ("in", OPD_RECORDS)}
	):
		frappe.throw(_("Anda tidak berwenang melihat wewenang {0}.").format(user), frappe.PermissionError)


def _attachments(args):
	"""Core makes a second File of each that is named, and who may read that one follows from where it is attached."""
	about = _doctype(args.get("doctype"))
	for name in _several(args.get("attachments")):
		if not (file := _file(name)):
			continue
		ours = is_ours(file.file_url)
		if ours or not file.attached_to_doctype or file.attached_to_doctype in ALL_RECORDS:
			file.check_permission("read")
		if ours and about not in OPD_RECORDS:
			frappe.throw(
				_("{0} hanya dapat dilampirkan pada catatan OPD.").format(file.file_name),
				frappe.PermissionError,
			)


def _downloaded(args):
	"""Core logs who asks for a file by its address, but not who asks by this call."""
	downloads.asked_for(args.get("file_url"))


def _zipped(args):
	downloads.zipped(_several(args.get("files")))


def _file(name):
	return isinstance(name, str) and frappe.db.exists("File", name) and frappe.get_doc("File", name)


def _unzip(args):
	"""Core unpacks whatever File is named, and tells the name of one that is no archive."""
	file = _file(args.get("name"))
	if file and (is_ours(file.file_url) or file.attached_to_doctype in ALL_RECORDS):
		file.check_permission("read")


def _rebuild(args):
	"""Core means it for System Managers, but asks only of a call by its bare name; every covering follows from these trees."""
	doctype = _doctype(args.get("doctype"))
	if doctype in ALL_RECORDS and not is_site_admin(frappe.session.user):
		frappe.throw(_("Anda tidak berwenang menyusun ulang {0}.").format(_(doctype)), frappe.PermissionError)


def _relink(args):
	"""Core writes by SQL which record a mail is about; who reads the record reads the mail."""
	values = [args.get(key) for key in ("name", "reference_doctype", "reference_name")]
	if any(not isinstance(value, str | None) for value in values):
		frappe.throw(_("Sebut {0} dengan namanya.").format(_("Communication")))
	name, *after = values
	before = name and frappe.db.get_value("Communication", name, ["reference_doctype", "reference_name"])
	for doctype, subject in (before or (None, None), after):
		if _doctype(doctype) in ALL_RECORDS:
			_require(_doctype(doctype), subject)


def _unlock(args):
	"""v15 takes both names in one argument as well."""
	with suppress(ValueError, TypeError):
		args = {
			**json.loads(args.get("args") or "{}"),
			**{key: value for key, value in args.items() if value},
		}
	readable("doctype", name="name")(args)


def _report(args):
	"""Core makes a job of any report for anybody."""
	name = args.get("report_name")
	report = isinstance(name, str) and frappe.db.exists("Report", name) and frappe.get_doc("Report", name)
	if report and report.ref_doctype in ALL_RECORDS and not report.is_permitted():
		frappe.throw(_("Anda tidak berwenang menjalankan {0}.").format(_(name)), frappe.PermissionError)


def _prepared(args):
	"""Core gives a result that was stored for somebody else to whoever names it; what a report of ours tells depends on who asks."""
	filters = args.get("filters")
	with suppress(ValueError, RecursionError):
		filters = json.loads(filters) if isinstance(filters, str) else filters
	name = filters.get("prepared_report_name") if isinstance(filters, dict) else None
	if not name:
		return
	if not isinstance(name, str):
		frappe.throw(_("Sebut {0} dengan namanya.").format(_("Prepared Report")))
	stored = frappe.db.get_value("Prepared Report", name, ["owner", "report_name"], as_dict=True)
	if not stored or is_site_admin(frappe.session.user) or stored.owner == frappe.session.user:
		return
	if frappe.db.get_value("Report", stored.report_name, "ref_doctype") in ALL_RECORDS:
		frappe.throw(
			_("Hasil laporan itu milik pengguna lain. Jalankan laporannya sendiri."), frappe.PermissionError
		)


def _web_form(args):
	"""Core gives whatever record is named to the user who once made it, by any Web Form: also after a transfer."""
	if (doctype := _doctype(args.get("doctype"))) in ALL_RECORDS:
		form = args.get("web_form_name")
		if not isinstance(form, str) or frappe.db.get_value("Web Form", form, "doc_type") != doctype:
			raise frappe.PermissionError
		_require(doctype, args.get("docname"))


def _titles(args):
	"""Core sends the title of whatever a form names, readable or not: what it adds to its answer is looked through."""
	frappe.local.response = answers.Titled(frappe.local.response)


def _expanded(args):
	"""Late v15 and v16 put whole linked records into an answer. Lists ask for each of them; a single record does not."""
	if not (args.get("expand") or args.get("expand_links")):
		return
	doctype = _doctype(args.get("doctype"))
	if doctype in ALL_RECORDS or answers.names_unreadable(doctype, args.get("name")):
		for option in ("expand", "expand_links"):
			frappe.form_dict.pop(option, None)


QUESTIONS = {
	# one record
	"frappe.core.doctype.prepared_report.prepared_report.make_prepared_report": _report,
	"frappe.desk.query_report.run": _prepared,
	"frappe.desk.query_report.export_query": _prepared,
	"frappe.desk.like.toggle_like": readable("doctype", name="name"),
	"frappe.templates.includes.likes.likes.like": readable("reference_doctype", name="reference_name"),
	"frappe.desk.doctype.tag.tag.add_tag": readable("dt", name="dn"),
	"frappe.desk.doctype.tag.tag.add_tags": readable("dt", names="docs"),
	"frappe.desk.doctype.tag.tag.remove_tag": readable("dt", name="dn"),
	"frappe.desk.form.document_follow.get_follow_users": readable("doctype", name="doc_name"),
	"frappe.share.get_users": readable("doctype", name="name"),
	"frappe.client.is_document_amended": readable("doctype", name="docname"),
	"frappe.core.doctype.submission_queue.submission_queue.get_latest_submissions": readable(
		"doctype", name="docname"
	),
	"frappe.automation.doctype.assignment_rule.assignment_rule.bulk_apply": readable(
		"doctype", names="docnames"
	),
	"frappe.model.document.unlock_document": _unlock,
	"frappe.website.doctype.web_form.web_form.get_form_data": _web_form,
	"frappe.contacts.doctype.address.address.get_default_address": readable("doctype", name="name"),
	"frappe.core.doctype.sms_settings.sms_settings.get_contact_number": readable(
		"ref_doctype", name="ref_name"
	),
	"frappe.social.doctype.energy_point_log.energy_point_log.get_reviews": readable(
		"doctype", name="docname"
	),
	"frappe.email.relink": _relink,
	"frappe.core.doctype.communication.email.make": _attachments,
	"frappe.utils.file_manager.add_attachments": _attachments,
	# logged: core hands out the bytes
	"frappe.handler.download_file": _downloaded,
	"frappe.core.api.file.zip_files": _zipped,
	"frappe.core.api.file.unzip_file": _unzip,
	"frappe.utils.nestedset.rebuild_tree": _rebuild,
	# titles, and records that hang on one
	"frappe.desk.search.get_link_title": answered(answers.get_link_title, _of_an_opd),
	"frappe.desk.form.load.getdoc": _titles,
	"frappe.api.v1.read_doc": _expanded,
	"frappe.api.v1.document_list": _expanded,
	"frappe.client.get_list": _expanded,
	# counts
	"frappe.utils.goal.get_monthly_goal_graph_data": listed("goal_doctype"),
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": _chart,
	"frappe.geo.utils.get_coords": listed("doctype"),
	"frappe.desk.listview.get_group_by_count": _group_by,
	"frappe.client.get_count": answered(answers.get_count, _tells),
	"frappe.desk.form.linked_with.get": answered(answers.get_linked, _linked),
	"frappe.desk.form.linked_with.get_submitted_linked_docs": answered(
		answers.get_submitted_linked_docs, answers.may_lead_to_ours
	),
	"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count": answered(
		answers.get_workflow_state_count, _tells
	),
	# lists
	"frappe.desk.doctype.tag.tag.get_tagged_docs": answered(answers.get_tagged_docs, _tells),
	"frappe.desk.treeview.get_children": answered(answers.get_children, _a_tree),
	"frappe.desk.treeview.get_all_nodes": answered(answers.get_all_nodes, _a_tree),
	"frappe.desk.search.search_link": _search,
	"frappe.desk.search.search_widget": _search,
	"frappe.client.validate_link_and_fetch": _search,
	"frappe.utils.global_search.search": _global_search,
	"frappe.core.doctype.user_permission.user_permission.get_user_permissions": _scopes,
	"frappe.desk.form.load.getdoctype": answered(answers.getdoctype, _loads_the_workflow),
}


# --------------------------------------------------------------------------------------------------------------------
# names inside arguments: each (name, what core calls it with)


def _query(args):
	keys = ("doctype", "txt", "searchfield", "start", "page_length", "filters")
	yield args.get("query"), [args.get(key) for key in keys]


def _mapped(args):
	for source in _several(args.get("source_names")):
		yield args.get("method"), [source, args.get("target_doc"), args.get("args")]


INDIRECT = {
	"frappe.desk.search.search_link": _query,
	"frappe.desk.search.search_widget": _query,
	"frappe.client.validate_link_and_fetch": _query,
	"frappe.desk.treeview.get_all_nodes": lambda args: [
		(args.get("tree_method"), [args.get("doctype"), args.get("parent")])
	],
	"frappe.model.mapper.make_mapped_doc": lambda args: [(args.get("method"), [args.get("source_name")])],
	"frappe.model.mapper.map_docs": _mapped,
	"frappe.handler.upload_file": lambda args: [(args.get("method"), [])],
	"frappe.handler.uploadfile": lambda args: [(args.get("method"), [])],
}
