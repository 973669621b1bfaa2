"""The machinery of the sweep (test_sweep.py): what can be called, with which arguments, and what the caller is told.

A call is a whole request to the web application within this process, as a logged-in user. What it wrote is rolled back, what
it would send or start is only noted, and the next call has its session again, whatever this one did to it.
"""

import importlib
import inspect
import json
import os
import pkgutil
import re
import smtplib
import socket
import subprocess
import sys
import types
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from urllib.parse import quote

import frappe
import frappe.app
import rq
from conftest import PASSWORD, set_test_mode
from frappe.database.database import Database
from frappe.model.base_document import get_controller
from frappe.model.document import Document
from werkzeug.test import Client

from perjankin_app.access import core_calls

# --------------------------------------------------------------------------------------------------------------------
# what can be called


@dataclass(frozen=True)
class Callable:
	"""A whitelisted function, by one of the names that a request may call it by."""

	name: str  # frappe.client.get, or of a method: frappe.model.document.Document.submit
	function: object = field(repr=False)
	doctype: str = ""  # of a method: whose controller has it; "*": every record's

	@property
	def parameters(self):
		found = list(inspect.signature(inspect.unwrap(self.function)).parameters.values())
		return found[1:] if self.doctype else found

	@property
	def methods(self):
		return frappe.allowed_http_methods_for_whitelisted_func[self.function]

	@property
	def code(self):
		return inspect.unwrap(self.function).__code__

	def names(self, request: dict, subject) -> bool:
		"""Whether a parameter of the function gets the record's name or DocType; what has no parameters reads the whole form."""
		sent = request.get("json", request["path"])
		if self.doctype:
			sent = {**sent, **json.loads(sent["args"])} if self.doctype == "*" else json.loads(sent["args"])
		elif self.parameters and isinstance(sent, dict):
			sent = {parameter.name: sent.get(parameter.name) for parameter in self.parameters}
		text = json.dumps(sent)
		return subject.name in text or subject.doctype in text

	def mentions(self, *words) -> bool:
		"""Whether the function itself uses one of these names."""
		return bool({*words} & _names_in(self.code))


def _names_in(code) -> set:
	found = {*code.co_names}
	for constant in code.co_consts:
		if inspect.iscode(constant):
			found |= _names_in(constant)
	return found


def import_all(packages=("frappe", "perjankin_app")):
	"""All their modules, tests among them: any of them can be named in a call, and is imported by it."""
	for package in packages:
		path = importlib.import_module(package).__path__
		for module in pkgutil.walk_packages(path, f"{package}.", onerror=lambda name: None):
			if not re.search(r"\.commands|\.patches\.|^perjankin_app\.(doctype|report)\.", module.name):
				with suppress(BaseException):  # something isn't installed, or it isn't meant to be imported
					importlib.import_module(module.name)


def callables(packages=("frappe", "perjankin_app")) -> tuple[dict, list]:
	"""{name: Callable} of what these packages whitelist, and the names of what no request can name."""
	import_all(packages)
	controllers = _controllers()
	found, unnamed = {}, []
	for function in {*frappe.whitelisted}:
		inner = inspect.unwrap(function)
		module, path = _public(inner.__module__), inner.__qualname__
		name = f"{module}.{path}"
		if module.split(".")[0] not in packages:
			continue
		if "." in path and "<locals>" not in path:
			owner = path.split(".")[0]
			if owner == Document.__name__:
				found[name] = Callable(name, function, "*")
			elif doctype := controllers.get(f"{module}.{owner}"):
				found[name] = Callable(name, function, doctype)
			else:
				unnamed.append(name)
		elif alias := _alias(function, name):
			found[alias] = Callable(alias, function)
		else:
			unnamed.append(name)
	return dict(sorted(found.items())), sorted(unnamed)


def _public(module: str) -> str:
	return re.sub("^monoframe", "frappe", module)


def _alias(function, name: str) -> str | None:
	"""`name` if it leads to the function; else another attribute of a module that does."""
	with suppress(Exception):
		if frappe.get_attr(name) is function:
			return name
	for module in list(sys.modules.values()):
		for attribute, value in list(getattr(module, "__dict__", {}).items()):
			if value is function:
				return f"{_public(module.__name__)}.{attribute}"


def _controllers() -> dict:
	"""{dotted name of a controller: its DocType}"""
	found = {}
	for doctype in frappe.get_all("DocType", {"custom": 0, "istable": 0}, pluck="name"):
		with suppress(Exception):  # the module of another version of an app
			controller = get_controller(doctype)
			found.setdefault(f"{_public(controller.__module__)}.{controller.__qualname__}", doctype)
	return found


# --------------------------------------------------------------------------------------------------------------------
# whom the arguments name


@dataclass(frozen=True)
class Subject:
	"""A record that the arguments of a call name."""

	kind: str
	doctype: str
	name: str
	title: str  # a field whose value only its readers may know
	holder: str  # a login of the same OPD
	parent: tuple = ("", "")  # of a row
	url: str = ""  # of a file
	trace: str = ""  # name of a Communication about it

	def absent(self):
		"""The same with a name of the same shape that nothing has."""
		return replace(
			self,
			name=_other(self.name),
			url=self.url and self.url.replace(".txt", "-x.txt"),
			parent=(self.parent[0], _other(self.parent[1])),
			trace=_other(self.trace),
		)


def _other(name: str) -> str:
	return re.sub(r"\w{4}$", lambda end: "9999" if end[0].isdigit() else "zzzz", name)


# --------------------------------------------------------------------------------------------------------------------
# arguments by signature

DOCTYPE = (
	"doctype dt reference_doctype ref_doctype reminder_doctype for_doctype doctype_name goal_doctype reference_dt document _doctype "
	"document_type child_type parent_doctype attached_to_doctype link_doctype share_doctype"
).split()
NAME = (
	"name docname dn doc_name reference_name ref_name reference_docname reminder_docname source_name old old_name reference_doc "
	"preview_document document_name attached_to_name link_name share_name text txt search_term value reference perjanjian_kinerja"
).split()
NAMES = "docnames names source_names".split()
RECORDS = "docs links".split()
# what any value does for; the rest of a function's optional parameters is left out
PLAIN = {
	"action": "Save", "comment": "x", "content": "x", "description": "x", "end": "2026-12-31", "field_map": '{"start": "creation", "end": "modified"}',
	"from_date": "2026-01-01", "limit": 20, "limit_start": 0, "limit_page_length": 20, "message": "x", "page_len": 20, "page_length": 20,
	"prev": 0, "reason": "x", "remind_at": "2099-01-01 10:00:00", "reply": "x", "searchfield": "name", "start": 0, "states": "[]",
	"subject": "x", "tag": "uji", "tags": '["uji"]', "to_date": "2026-12-31", "title": "x", "file_type": "CSV", "as_dict": 1,
	"export_records": "all", "type": "coordinates", "frequency": "Monthly", "start_date": "2099-01-01", "date_field": "creation",
	"new": "Uji-lain", "new_name": "Uji-lain", "permlevel": 0, "permission_to": "read", "perm_type": "read", "aggregation": "count",
	"filename": "x.txt", "filedata": "x", "route": "x", "label": "x", "tree_method": "frappe.desk.treeview.get_children",
	"method": "frappe.client.get", "print_format": "Standard", "format": "Standard", "read": 1, "like": 1, "add": "Yes", "role": "PK Pegawai",
	"workflow_state_field": "workflow_state", "current_state": "Draf", "is_private": 1, "comment_type": "Comment", "page": 1, "option": "x",
	"following": 1, "publish": 1, "data": '{"keterangan": "x"}', "board_name": "x", "colname": "x", "column_title": "x", "recipients": "x@uji.example",
	"code": "x", "state": "x", "key": "x", "password": "x", "new_password": "x", "theme": "Dark", "language": "id", "send_email": 0,
}  # fmt: skip


def vocabulary(s: Subject, login: str) -> dict:
	"""What a parameter of that name gets."""
	record = {"doctype": s.doctype, "name": s.name}
	by_name = {"name": s.name}
	return {
		**PLAIN,
		**dict.fromkeys(DOCTYPE, s.doctype),
		**dict.fromkeys(NAME, s.name),
		**{key: [s.name] for key in NAMES},
		**{key: [record] for key in RECORDS},
		"doc": {**record, "document_type": s.doctype, "function": "Count", "type": "Document Type"},
		"args": {
			**record, "docname": s.name, "assign_to": [login], "description": "x", "reference_doctype": s.doctype,
			"reference_name": s.name, "dashboard": "x",
		},
		"filters": by_name, "current_filters": by_name, "export_filters": by_name, "or_filters": by_name, "options": by_name,
		"fields": ["name", s.title], "export_fields": {s.doctype: ["name", s.title]}, "stats": ["owner", s.title],
		"fields_to_fetch": [s.title], "items": [s.doctype], "fieldname": s.title, "field": s.title, "field_name": s.title,
		"goal_field": "name", "goal_value_field": "idx", "goal_total_field": "idx", "goal_history_field": "bio", "goal_doctype_link": "owner",
		"chart": {
			"type": "Heatmap", "chart_type": "Count", "document_type": s.doctype, "based_on": "creation", "value_based_on": s.title,
			"filters_json": json.dumps([[s.doctype, "name", "=", s.name]]), "timespan": "Last Year", "time_interval": "Yearly",
		},
		"refresh": 1, "parent": s.parent[0] or s.name, "target_doc": record, "user": s.holder, "users": [s.holder],
		"assign_to": login, "email": login, "sender": login, "comment_email": login, "comment_by": login, "attendee": login,
		"file_url": s.url, "files": [record], "file_list": [record], "attachments": [s.name], "library_file_name": s.name,
		"communication": s.trace, "reports": [record], "routes": [{"route": s.name}],
		"email_account": "x", "address_dict": record,
	}  # fmt: skip


# what a name alone does not say: function: (subject, login) → arguments
SPECIAL = {
	"frappe.desk.doctype.tag.tag.add_tags": lambda s, login: {"docs": [s.name]},
	"frappe.client.bulk_update": lambda s, login: {"docs": [{"doctype": s.doctype, "docname": s.name, s.title: "x"}]},
	"frappe.desk.search.search_link": lambda s, login: {"ignore_user_permissions": 1},
	"frappe.desk.search.search_widget": lambda s, login: {"ignore_user_permissions": 1, "filter_fields": [s.title]},
	"frappe.desk.treeview.get_all_nodes": lambda s, login: {"parent": ""},
	"frappe.desk.doctype.number_card.number_card.get_result": lambda s, login: {"filters": [[s.doctype, "name", "=", s.name]]},
	"frappe.desk.reportview.delete_items": lambda s, login: {"items": [s.name]},
	"frappe.desk.reportview.export_query": lambda s, login: {"file_format_type": "CSV", "title": "x"},
}  # fmt: skip


def form_of(call: Callable, s: Subject, login: str) -> dict:
	"""The arguments of `call` about `s`, as the desk would send them: texts, and JSON."""
	words = {**vocabulary(s, login), **(SPECIAL[call.name](s, login) if call.name in SPECIAL else {})}
	sent = {}
	parameters = call.parameters
	for parameter in parameters:
		if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
			continue
		if parameter.name in words:
			value = words[parameter.name]
		elif parameter.default is parameter.empty:
			value = _of_type(parameter, s)
		else:
			continue
		sent[parameter.name] = _as_sent(value, parameter)
	if any(p.kind is p.VAR_KEYWORD for p in parameters) or call.mentions("form_dict", "get_form_params"):
		whole = {
			key: _as_sent(words[key])
			for key in (*DOCTYPE, *NAME, "fields", "filters", "fieldname", "file_url", "parent")
		}
		sent = {**whole, **sent}
	if call.name in SPECIAL:
		sent.update({key: _as_sent(value) for key, value in SPECIAL[call.name](s, login).items()})
	return sent


def _of_type(parameter, s):
	"""What a required parameter gets that no word is kept for."""
	hint = str(parameter.annotation)
	if "str" in hint or parameter.annotation is parameter.empty:
		return s.name
	return [s.name] if "list" in hint else {"name": s.name} if "dict" in hint else 1


def _as_sent(value, parameter=None):
	if isinstance(value, str | int):
		return value
	hint = str(getattr(parameter, "annotation", ""))
	takes_text = (
		parameter is None or parameter.annotation is parameter.empty or "str" in hint.replace("[str", "")
	)
	return json.dumps(value) if takes_text else value


def request_of(call: Callable, s: Subject, login: str) -> dict:
	"""Keywords of werkzeug's Client.open."""
	form, path = form_of(call, s, login), f"/api/method/{call.name}"
	if call.doctype:
		path = "/api/method/run_doc_method"
		method = call.name.rpartition(".")[2]
		if call.doctype == "*":
			form = {"dt": s.doctype, "dn": s.name, "method": method, "args": json.dumps(form)}
		else:
			form = {"docs": json.dumps(_about(call.doctype, s)), "method": method, "args": json.dumps(form)}
	methods = [each for each in ("POST", "GET", "PUT", "DELETE") if each in call.methods]
	if not methods or methods[0] != "GET":
		return {"path": path, "method": (methods or ["POST"])[0], "json": form}
	query = "&".join(f"{key}={quote(str(value))}" for key, value in form.items())
	return {"path": f"{path}?{query}", "method": "GET"}


def _about(doctype: str, s: Subject) -> dict:
	"""A new record of core's `doctype` that names the subject wherever it can."""
	meta, doc = (
		frappe.get_meta(doctype),
		{"doctype": doctype, "__islocal": 1, "name": f"new-{frappe.scrub(doctype)}"},
	)
	if meta.issingle:
		doc["name"] = doctype
	for df in meta.fields:
		if df.fieldtype == "Link" and df.options == "DocType":
			doc[df.fieldname] = s.doctype
		elif df.fieldtype == "Dynamic Link" or df.fieldname in NAME:
			doc[df.fieldname] = s.name
	return doc


# --------------------------------------------------------------------------------------------------------------------
# one call


@dataclass
class Answer:
	status: int
	text: str
	body_ran: bool
	guarded: bool  # a question of ours refused, or answered in core's place
	wrote: frozenset  # tables
	committed: bool
	started: tuple  # jobs, processes, connections

	@property
	def given(self) -> bool:
		return self.status < 400


# what Frappe keeps beside a record's content, also for those who only read it
SIDE = re.compile(
	r"\s*update\s+[`\"][^`\"]+[`\"]\s+set\s+[`\"]?(_liked_by|_comments|_assign|_user_tags|_seen)\b", re.I
)
WRITES = re.compile(
	r"\s*(?:insert\s+(?:or\s+\w+\s+|ignore\s+)?into|replace\s+into|update|delete\s+from)\s+[`\"]tab([^`\"]+)",
	re.I,
)


class Noted:
	"""What happened within one request."""

	def __init__(self):
		self.error, self.guarded, self.wrote, self.committed, self.started = None, False, set(), False, []


class Sweeper:
	def __init__(self, site):
		self.site = site
		self.client = Client(frappe.app.application, use_cookies=False)
		self.sids, self.opened = {}, 0
		self.noted = Noted()

	# ---------------------------------------------------------------------------------------------- nothing stays

	@contextmanager
	def nothing_stays(self, monkeypatch):
		"""Meanwhile no request commits, sends or starts anything, and this process isn't connected itself."""
		sweeper = self
		real_sql, real_close = Database.sql, Database.close
		sql_class = type(frappe.local.db)

		def sql(db, query="", *args, **kwargs):
			if (found := WRITES.match(str(query))) and not SIDE.match(str(query)):
				sweeper.noted.wrote.add(found[1])
			return real_sql(db, query, *args, **kwargs)

		def commit(db, *args, **kwargs):
			sweeper.noted.committed = True

		def close(db):
			if getattr(db, "_conn", None):
				db.rollback()
			return real_close(db)

		def refused(what):
			def refuse(*args, **kwargs):
				sweeper.noted.started.append(what)
				raise ConnectionRefusedError(what)

			return refuse

		def enqueued(queue, func, *args, **kwargs):
			sweeper.noted.started.append("job")
			return types.SimpleNamespace(id="x", get_id=lambda: "x", get_status=lambda *a: "queued")

		real_connect, real_lookup = socket.socket.connect, socket.getaddrinfo

		def connect(sock, address):
			if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "localhost", "::1"):
				refused("connection")()
			return real_connect(sock, address)

		def look_up(host, *args, **kwargs):
			if host not in ("127.0.0.1", "localhost", "::1", None):
				sweeper.noted.started.append("connection")
				raise socket.gaierror(host)
			return real_lookup(host, *args, **kwargs)

		handle_exception, gate = frappe.app.handle_exception, core_calls.gate

		def seen(error, *args, **kwargs):
			sweeper.noted.error = error
			return handle_exception(error, *args, **kwargs)

		def gate_seen():
			called = frappe.form_dict.cmd
			gate()
			sweeper.noted.guarded = frappe.form_dict.cmd != called

		for owner, attribute, value in (
			(Database, "sql", sql), (Database, "close", close), (Database, "commit", commit),
			(socket.socket, "connect", connect), (socket, "getaddrinfo", look_up), (subprocess, "Popen", refused("process")),
			(smtplib, "SMTP", refused("mail")), (smtplib, "SMTP_SSL", refused("mail")), (rq.Queue, "enqueue_call", enqueued),
			(os, "system", refused("process")), (frappe.app, "handle_exception", seen), (core_calls, "gate", gate_seen),
		):  # fmt: skip
			monkeypatch.setattr(owner, attribute, value)
		for each in sql_class.__mro__:
			if each is not Database and "commit" in vars(each):
				monkeypatch.setattr(each, "commit", commit)
		frappe.db.rollback()
		user = frappe.session.user
		set_test_mode(False)
		frappe.destroy()
		try:
			yield
		finally:
			monkeypatch.undo()
			frappe.init(self.site)
			frappe.connect()
			set_test_mode(True)
			frappe.set_user(user)

	# ------------------------------------------------------------------------------------------------------- calls

	def login(self, user):
		response = self._open(
			None, path="/api/method/login", method="POST", json={"usr": user, "pwd": PASSWORD}
		)
		cookies = "\n".join(response.headers.getlist("Set-Cookie"))
		assert f"user_id={quote(user)}" in cookies or f"user_id={user}" in cookies, response.get_data(
			as_text=True
		)
		self.sids[user] = re.search("sid=([^;]+)", cookies)[1]

	def _open(self, user, **request):
		headers = {"Accept": "application/json", **({"Cookie": f"sid={self.sids[user]}"} if user else {})}
		# another address each time: Frappe counts the calls of each
		self.opened += 1
		address = f"10.{self.opened >> 16 & 255}.{self.opened >> 8 & 255}.{self.opened & 255}"
		environ = {"HTTP_X_FRAPPE_SITE_NAME": self.site, "REMOTE_ADDR": address}
		return self.client.open(headers=headers, environ_overrides=environ, buffered=True, **request)

	def call(self, call: Callable, user: str, request: dict) -> Answer:
		for _attempt in range(2):
			if user not in self.sids:
				self.login(user)
			self.noted = Noted()
			response = self._open(user, **request)
			cookies = "\n".join(response.headers.getlist("Set-Cookie"))
			who = re.search("user_id=([^;]*)", cookies)
			if not who or who[1] in (quote(user), user):
				break
			del self.sids[user]  # its session has ended: by an earlier call, or this one ends it
		noted = self.noted
		text = response.get_data().decode(errors="replace") + "".join(
			response.headers.get(key, "") for key in ("Location", "Content-Disposition")
		)
		frames = _frames(noted.error)
		refused = core_calls._ask.__code__ in frames
		return Answer(
			response.status_code,
			text,
			call.code in frames if noted.error else response.status_code < 400,
			noted.guarded or refused,
			frozenset(noted.wrote),
			noted.committed,
			tuple(noted.started),
		)


def _frames(error) -> set:
	found = set()
	while error:
		trace = error.__traceback__
		while trace:
			found.add(trace.tb_frame.f_code)
			trace = trace.tb_next
		error = error.__context__
	return found
