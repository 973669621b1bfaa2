"""Uninstalling: what we made goes, and only that. What would break a form of the host is told first, and refused.

`before_uninstall` asks and notes, `after_uninstall` removes. Core runs both with `--dry-run` too and tells neither of them;
so nothing is removed before core has really taken the app off the site. The tables of ours are core's to drop.
"""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click
import frappe
from frappe import _

from perjankin_app import install, made

APP = "perjankin_app"
PK = "Perjanjian Kinerja"
WAIVER = "perjankin_uninstall_without_archive"  # in site_config.json; its value is the site's name

# Fields that name a DocType or record, and that core does not declare as a link: what they link to
UNDECLARED = {
	("Access Log", "export_from"): "DocType",
	("Block Module", "module"): "Module Def",
	("Custom DocPerm", "parent"): "DocType",
	("Custom Role", "ref_doctype"): "DocType",
	("Deleted Document", "deleted_doctype"): "DocType",
	("Desktop Icon", "app"): "App",
	("Installed Application", "app_name"): "App",
	("List View Settings", "name"): "DocType",
	("Onboarding Step", "report_reference_doctype"): "DocType",
	("Personal Data Deletion Step", "document_type"): "DocType",
	("Prepared Report", "report_name"): "Report",
	("Transaction Log", "reference_doctype"): "DocType",
	("Webhook Request Log", "reference_doctype"): "DocType",
	("Workspace", "app"): "App",
	("Workspace", "for_user"): "User",
	("Workspace Sidebar", "app"): "App",
}
# The record's name beside the DocType's, where core does not declare it as a dynamic link
UNDECLARED_NAME = {
	("Deleted Document", "deleted_doctype"): "deleted_name",
	("Email Queue", "reference_doctype"): "reference_name",
	("Energy Point Log", "reference_doctype"): "reference_name",
	("Error Log", "reference_doctype"): "reference_name",
	("File", "attached_to_doctype"): "attached_to_name",
	("Milestone", "reference_type"): "reference_name",
	("Notification Log", "document_type"): "document_name",
	("Version", "ref_doctype"): "docname",
}
# A record with such a field is about more than what the field names: the field is emptied and the record stays
EMPTIED = {
	("Email Account", "append_to"),
	("User Type", "apply_user_permission_on"),
	("Workspace", "app"),
	("Workspace", "link_to"),
}
# Without the role such a row would be half a rule of the host's own Workflow
HOST_RULES = {("Workflow Document State", "allow_edit"), ("Workflow Transition", "allowed")}
# Links to what leaves no sense in the record without it, even if the field may be empty
ABOUT = ("DocType", "Report", "Scheduled Job Type")
# What people leave behind in core by working: of a demo user it goes with the demo
PERSONAL = (
	"Access Log", "Activity Log", "Comment", "Communication", "Contact", "Event", "File", "List Filter", "Note",
	"Notification Log", "Prepared Report", "Route History", "Tag Link", "ToDo", "Version", "View Log",
)  # fmt: skip


# Kept by core itself about a record: not worth telling one by one that it goes
TRACES = (
	"Deleted Document", "Document Follow", "DocShare", "Email Queue", "Error Log", "Milestone", "Permission Log",
	"Scheduled Job Log", "User Permission", "Workflow Action",
)  # fmt: skip
VERSION_PARTS = ("added", "removed", "row_changed", "changed")


class Refused(click.ClickException, frappe.ValidationError):
	"""`bench` prints its message without a traceback; nothing has been changed."""


@dataclass(frozen=True)
class Field:
	"""A field of a DocType that is not ours, which may name a record of the DocType `target`."""

	doctype: str
	name: str
	label: str
	target: str  # of a dynamic link: ""
	carrier: str = ""  # of a dynamic link: the field that names the DocType
	reqd: bool = False
	is_row: bool = False  # of a table in another record
	is_single: bool = False
	is_hosts: bool = False  # not Frappe's own: another app's or an administrator's

	@property
	def key(self) -> tuple[str, str]:
		return self.doctype, self.name


def before_uninstall():
	"""Refuse in words, or note what is going; changes nothing."""
	frappe.flags.perjankin_fields = None
	going = _going()
	if reasons := [*_fields_of_the_host(going), *_tables_of_the_host(going), *_unarchived()]:
		raise Refused("\n\n".join((_("Aplikasi Perjanjian Kinerja belum dilepas dari situs ini:"), *reasons)))
	_tell(going)
	frappe.flags.perjankin_going = going
	frappe.flags.perjankin_granted = _granted_of_the_host()


def after_uninstall():
	"""Remove what is left of us; changes nothing after a dry run."""
	if APP in frappe.get_installed_apps():
		return
	frappe.clear_cache()
	frappe.local.doc_events_hooks = None
	going = frappe.flags.perjankin_going
	_remove_user_permissions(going)  # first: left alone they lock their users out of the whole site
	frappe.db.commit()
	desk_users = _users_of_our_roles(going)
	install._remove_workflow_permission()
	_remove_workflow(going)
	_remove_grants(frappe.flags.perjankin_granted)
	_remove_users(going)
	_remove_all(going)
	_remove_unused_tags(going)
	_remove_histories(going)
	_remove_series()
	_remove_files()
	_settle_user_types(desk_users)
	made.forget()
	_forget_waiver()
	frappe.db.commit()
	frappe.clear_cache()


# ------------------------------------------------------------------------------------------------- what is going with us


def _going() -> dict[str, set[str]]:
	"""{DocType: names of its records that are ours}; our own DocTypes are in it by their name only."""
	modules = frappe.get_all("Module Def", {"app_name": APP}, pluck="name")
	going = {
		"App": {APP},
		"Module Def": set(modules),
		"DocType": set(frappe.get_all("DocType", {"module": ("in", modules)}, pluck="name")),
		"Role": made.of("Role"),
		"User": made.of("User") & set(frappe.get_all("User", pluck="name")),
		"Workflow": set(frappe.get_all("Workflow", {"document_type": PK}, pluck="name")),
		"Scheduled Job Type": set(
			frappe.get_all("Scheduled Job Type", {"method": ("like", f"{APP}.%")}, pluck="name")
		),
		"Patch Log": set(frappe.get_all("Patch Log", {"patch": ("like", f"{APP}.%")}, pluck="name")),
	}
	for field in _fields():  # core deletes whatever is of our module
		if field.target == "Module Def" and not field.is_row and not field.is_single:
			names = frappe.get_all(field.doctype, {field.name: ("in", modules)}, pluck="name")
			going.setdefault(field.doctype, set()).update(names)
	return going


def _fields() -> list[Field]:
	"""Every field outside of our DocTypes that names records, by core's own declarations; looked up once."""
	if not frappe.flags.perjankin_fields:
		frappe.flags.perjankin_fields = _find_fields()
	return frappe.flags.perjankin_fields


def _find_fields() -> list[Field]:
	kinds = {
		row.name: row
		for row in frappe.get_all(
			"DocType", fields=["name", "istable", "issingle", "custom", "module", "is_virtual"]
		)
	}
	apps = dict(frappe.get_all("Module Def", fields=["name", "app_name"], as_list=True))
	columns = ["fieldname", "fieldtype", "options", "reqd", "label", "is_virtual"]
	kind = {"fieldtype": ("in", ("Link", "Dynamic Link"))}
	rows = [
		*frappe.get_all("DocField", {**kind, "parenttype": "DocType"}, ["parent as doctype", *columns]),
		*(
			frappe._dict(row, is_custom=True)
			for row in frappe.get_all("Custom Field", kind, ["dt as doctype", *columns])
		),
	]
	rows += [
		frappe._dict(doctype=doctype, fieldname=name, fieldtype="Link", options=target, label=name, reqd=1)
		for (doctype, name), target in UNDECLARED.items()
	]
	fields = {}
	for row in rows:
		of = kinds.get(row.doctype)
		if not of or of.is_virtual or row.is_virtual or apps.get(of.module) == APP:
			continue
		is_dynamic = row.fieldtype == "Dynamic Link"
		columns_of = [row.fieldname, *([row.options] if is_dynamic else [])]
		if not of.issingle and not all(_has_column(row.doctype, column) for column in columns_of):
			continue
		field = Field(
			row.doctype,
			row.fieldname,
			row.label or row.fieldname,
			target="" if is_dynamic else row.options or "",
			carrier=row.options if is_dynamic else "",
			reqd=bool(row.reqd),
			is_row=bool(of.istable),
			is_single=bool(of.issingle),
			is_hosts=bool(of.custom or row.is_custom or apps.get(of.module) != frappe.__name__),
		)
		fields.setdefault(field.key, field)
	return list(fields.values())


def _has_column(doctype: str, column: str) -> bool:
	return f"tab{doctype}" in frappe.db.get_tables() and column in frappe.db.get_table_columns(doctype)


def _filters(field: Field, going: dict[str, set[str]]) -> Iterable[dict]:
	"""Filters for the rows in which `field` names something that goes."""
	if not field.carrier:
		for some in _portions(going.get(field.target, ())):
			yield {field.name: ("in", some)}
	elif going.get("DocType"):
		yield {field.carrier: ("in", sorted(going["DocType"]))}
	carrier, name = (
		(field.carrier, field.name) if field.carrier else (field.name, UNDECLARED_NAME.get(field.key))
	)
	if not name:
		return
	# one look at which DocTypes are named at all: most tables name none of these
	for doctype in going.keys() & set(
		frappe.get_all(field.doctype, pluck=carrier, distinct=True, order_by=None)
	):
		for some in _portions(going[doctype]):
			yield {carrier: doctype, name: ("in", some)}


def _portions(names, size: int = 500):
	names = sorted(names)
	return [names[first : first + size] for first in range(0, len(names), size)]


def _naming(field: Field, going: dict[str, set[str]]) -> set[str]:
	"""Names of the records, or rows, in which `field` names something that goes."""
	return {
		name
		for filters in _filters(field, going)
		for name in frappe.get_all(field.doctype, filters, pluck="name", order_by=None)
	}


# --------------------------------------------------------------------------------------------------------- the refusals


def _fields_of_the_host(going) -> list[str]:
	"""Forms of the host that would no longer open or be saved, and values of the host's own that would lose their meaning."""
	reasons = [
		_("Formulir {0}, kolom {1}, merujuk ke {2}. Hapus kolom itu atau ganti rujukannya dahulu.").format(
			row.doctype, row.label or row.fieldname, row.options
		)
		for row in _declared_by_the_host(going["DocType"])
	]
	for field in _fields():
		if field.is_single and field.is_hosts:
			value = frappe.db.get_single_value(field.doctype, field.name)
			names = {field.doctype} if value and value in going.get(field.target, ()) else ()
		elif field.is_hosts or field.key in HOST_RULES:
			names = _host_records(field, _naming(field, going), going)
		else:
			continue
		if names:
			told = ", ".join(
				f"{name} ({', '.join(_values(field, name, going))})" for name in sorted(names)[:5]
			)
			reasons.append(
				_(
					"{0}, kolom {1}, pada {2} catatan menyebut milik aplikasi ini: {3}. Ganti isinya dahulu."
				).format(field.doctype, field.label, len(names), told)
			)
	return reasons


def _declared_by_the_host(doctypes: set[str]) -> list:
	kinds = ("Link", *frappe.model.table_fields)
	to_ours = {"options": ("in", sorted(doctypes)), "fieldtype": ("in", kinds)}
	columns = ["fieldname", "label", "options"]
	rows = [
		*frappe.get_all("DocField", {**to_ours, "parenttype": "DocType"}, ["parent as doctype", *columns]),
		*frappe.get_all("Custom Field", to_ours, ["dt as doctype", *columns]),
		*frappe.get_all(
			"Property Setter",
			{"property": "options", "value": ("in", sorted(doctypes)), "doctype_or_field": "DocField"},
			["doc_type as doctype", "field_name as fieldname", "field_name as label", "value as options"],
		),
	]
	return [row for row in rows if row.doctype not in doctypes]


def _host_records(field: Field, names: set[str], going) -> set[str]:
	"""Of rows: those whose record stays."""
	if not field.is_row:
		return names
	rows = frappe.get_all(
		field.doctype, {"name": ("in", sorted(names) or [""])}, ["name", "parent", "parenttype"]
	)
	return {
		row.name
		for row in rows
		if row.parenttype not in going["DocType"] and row.parent not in going.get(row.parenttype, ())
	}


def _values(field: Field, name: str, going) -> list[str]:
	if field.is_single:
		return [frappe.db.get_single_value(field.doctype, field.name)]
	wanted = [
		column
		for column in ("parent", field.carrier, field.name)
		if column and (column != "parent" or field.is_row)
	]
	return [str(value) for value in frappe.db.get_value(field.doctype, name, wanted) if value]


def _tables_of_the_host(going) -> list[str]:
	"""DocTypes that an administrator made in our module: core drops their tables with it."""
	modules = sorted(going["Module Def"])
	return [
		_(
			"DocType {0} buatan admin ada dalam modul {1} dan datanya akan ikut terhapus. Pindahkan ke modul lain."
		).format(row.name, row.module)
		for row in frappe.get_all("DocType", {"custom": 1, "module": ("in", modules)}, ["name", "module"])
	]


def _tell(going):
	"""What others have made about ours with core's tools, and what goes with it: a dry run shows it."""
	found = {}
	for field in _fields():
		if field.target in ABOUT and not (field.is_row or field.is_single or field.is_hosts):
			if field.key not in EMPTIED and field.doctype not in (*PERSONAL, *TRACES):
				names = _naming(field, going) - going.get(field.doctype, set())
				found.setdefault(field.doctype, set()).update(names)
	found["User"] = going["User"]
	for doctype, names in sorted(found.items()):
		if names:
			print(_("Ikut dihapus: {0} {1}: {2}").format(len(names), doctype, ", ".join(sorted(names)[:5])))


def _unarchived() -> list[str]:
	from perjankin_app.document import archive

	site = frappe.local.site
	count = archive.count()
	if not count or archive.is_kept() or frappe.conf.get(WAIVER) == site:
		return []
	return [
		_(
			"Ada {0} PK yang sudah ditandatangani dan belum disimpan ke arsip, atau berubah sesudahnya. Buat arsipnya:\n"
			"  bench --site {1} execute perjankin_app.document.archive.export\n"
			"Tanpa arsip hanya bila memang dikehendaki untuk situs ini:\n"
			"  bench --site {1} set-config {2} {1}"
		).format(count, site, WAIVER)
	]


def _granted_of_the_host() -> list[tuple[str, str]]:
	"""(user, role) that a Penugasan really added, of roles that were the host's before us."""
	given = frappe.get_all(
		"Penugasan Jabatan", {"peran_diberikan": ("is", "set")}, ["pejabat", "peran_diberikan"]
	)
	users = dict(frappe.get_all("Pejabat", {"user": ("is", "set")}, ["name", "user"], as_list=True))
	ours = made.of("Role")
	return [
		(users[row.pejabat], role)
		for row in given
		if row.pejabat in users
		for role in row.peran_diberikan.splitlines()
		if role not in ours
	]


# ---------------------------------------------------------------------------------------------------------- the removal


def _remove_user_permissions(going):
	ours = {"allow": ("in", sorted(going["DocType"]))}
	going["User Permission"] = set(frappe.get_all("User Permission", ours, pluck="name"))
	frappe.db.delete("User Permission", ours)
	frappe.cache.delete_key("user_permissions")


def _remove_workflow(going):
	"""The composed Workflow; of the states and actions that it brought, those that nobody else has taken up."""
	for table in ("Workflow Document State", "Workflow Transition"):
		frappe.db.delete(table, {"parent": ("in", sorted(going["Workflow"]) or [""])})
	frappe.db.delete("Workflow", {"name": ("in", sorted(going["Workflow"]) or [""])})
	for kind, table, field in (
		("Workflow State", "Workflow Document State", "state"),
		("Workflow Action Master", "Workflow Transition", "action"),
	):
		used = set(frappe.get_all(table, pluck=field, distinct=True, order_by=None))
		going[kind] = made.of(kind) - used
		frappe.db.delete(kind, {"name": ("in", sorted(going[kind]) or [""])})
	frappe.cache.hdel("workflow", PK)


def _remove_grants(granted: list[tuple[str, str]]):
	for user, role in granted:
		frappe.db.delete("Has Role", {"parenttype": "User", "parent": user, "role": role})


def _users_of_our_roles(going) -> set[str]:
	roles = {"role": ("in", sorted(going["Role"]) or [""]), "parenttype": "User"}
	return set(frappe.get_all("Has Role", roles, pluck="parent")) - going["User"]


def _settle_user_types(users: set[str]):
	"""A visitor of the website whom a role of ours had let into the desk is a visitor again: core's own rule."""
	for name in sorted(users):
		user = frappe.get_doc("User", name)
		is_standard = frappe.db.get_value("User Type", user.user_type, "is_standard")
		if is_standard and user.user_type == "System User" and not user.has_desk_access():
			frappe.db.set_value("User", name, "user_type", "Website User", update_modified=False)


def _remove_users(going):
	"""The demo's, with what they left in core; core's own `on_trash` ends their sessions and more."""
	users = sorted(going["User"])
	if not users:
		return
	for doctype in PERSONAL:
		if frappe.db.table_exists(doctype):
			own = set(frappe.get_all(doctype, {"owner": ("in", users)}, pluck="name", order_by=None))
			going.setdefault(doctype, set()).update(own)
	made_by_core = frappe.get_all("Contact", {"user": ("in", users)}, pluck="name")
	going["Contact"].update(made_by_core)
	for doctype in (
		"Notification Settings",
		"Dashboard Settings",
		"Desktop Layout",
	):  # named after their user
		if frappe.db.exists("DocType", doctype):
			going.setdefault(doctype, set()).update(users)
	for name in users:
		frappe.delete_doc("User", name, force=True, ignore_permissions=True, delete_permanently=True)
	frappe.db.delete("DefaultValue", {"parent": ("in", users)})


def _remove_unused_tags(going):
	"""Those that only the demo's users had."""
	used = frappe.get_all("Tag Link", pluck="tag", distinct=True, order_by=None)
	own = {"owner": ("in", sorted(going["User"]) or [""]), "name": ("not in", used or [""])}
	frappe.db.delete("Tag", {"name": ("in", frappe.get_all("Tag", own, pluck="name") or [""])})


def _remove_all(going):
	"""Delete what goes, and then what names it, until nothing does."""
	fields = [field for field in _fields() if not field.is_hosts and field.key not in HOST_RULES]
	tables = _tables()
	new = {doctype: set(names) for doctype, names in going.items()}
	for doctype, names in going.items():
		_delete(doctype, names, tables)
	while new:
		found = {}
		for field in fields:
			if field.is_single:
				_empty_single(field, new)
				continue
			names = _naming(field, new)
			if not names:
				continue
			if _is_emptied(field, new):
				frappe.db.set_value(
					field.doctype, {"name": ("in", sorted(names))}, field.name, None, update_modified=False
				)
			else:
				_delete(field.doctype, names, tables)
				if not field.is_row:
					found.setdefault(field.doctype, set()).update(names)
		for doctype, names in found.items():
			going.setdefault(doctype, set()).update(names)
		new = found


def _is_emptied(field: Field, going) -> bool:
	if field.key in EMPTIED:
		return True
	if field.is_row or field.carrier or field.reqd or field.target in ABOUT:
		return False
	return field.doctype not in PERSONAL


def _empty_single(field: Field, going):
	if not field.carrier:
		for some in _portions(going.get(field.target, ())):
			frappe.db.delete(
				"Singles", {"doctype": field.doctype, "field": field.name, "value": ("in", some)}
			)


def _tables() -> dict[str, set[str]]:
	"""{DocType: the DocTypes of its rows}"""
	kind, found = {"fieldtype": ("in", frappe.model.table_fields)}, {}
	for doctype, rows in (
		*frappe.get_all("DocField", {**kind, "parenttype": "DocType"}, ["parent", "options"], as_list=True),
		*frappe.get_all("Custom Field", kind, ["dt", "options"], as_list=True),
	):
		found.setdefault(doctype, set()).add(rows)
	return found


def _delete(doctype: str, names: Iterable[str], tables: dict[str, set[str]]):
	"""Straight from the table, leaving no Deleted Document; a File with what it keeps on the disk."""
	if not frappe.db.table_exists(doctype):
		return
	if doctype == "File":
		return _delete_files(names)
	for some in _portions(names):
		frappe.db.delete(doctype, {"name": ("in", some)})
		for rows in tables.get(doctype, ()):
			if frappe.db.table_exists(rows):
				frappe.db.delete(rows, {"parenttype": doctype, "parent": ("in", some)})


def _delete_files(names: Iterable[str]):
	for name in sorted(names):
		if frappe.db.exists("File", name):
			# core would comment on the record, whose table is gone
			loose = {"attached_to_doctype": None, "attached_to_name": None, "attached_to_field": None}
			frappe.db.set_value("File", name, loose, update_modified=False)
			frappe.delete_doc("File", name, force=True, ignore_permissions=True, delete_permanently=True)


def _remove_histories(going):
	"""What core keeps without a field that names its subject."""
	doctypes = sorted(going["DocType"])
	for table, column in (
		("tabSingles", "doctype"),
		("__global_search", "doctype"),
		("__UserSettings", "doctype"),
		("__Auth", "doctype"),
	):
		_delete_raw(table, column, doctypes)
	_delete_raw("__Auth", "name", sorted(going["User"]))
	_delete_raw("__UserSettings", "user", sorted(going["User"]))
	frappe.db.delete("DefaultValue", {"defkey": ("in", [*doctypes, *map(frappe.scrub, doctypes)])})
	pages = {*doctypes, *going.get("Report", ()), *going.get("Workspace", ())}
	_delete(
		"Route History",
		[r.name for r in _rows("Route History", "route") if pages & set(r.route.split("/"))],
		{},
	)
	frappe.db.delete("Error Log", {"error": ("like", "%perjankin%")})
	_prune_versions(going)
	_prune_permission_log(going)
	_prune_deleted(going)


def _delete_raw(table: str, column: str, values: list[str]):
	if values and table in frappe.db.get_tables(cached=False):
		found = frappe.qb.Table(table)
		frappe.qb.from_(found).delete().where(found[column].isin(values)).run()


def _rows(doctype: str, *columns: str, **like: str) -> list:
	filters = {column: ("like", pattern) for column, pattern in like.items()}
	return frappe.get_all(doctype, filters, ["name", *columns], order_by=None)


def _prune_versions(going):
	"""Histories of the host's records (of a User: our roles given and taken) lose what names ours, and only that."""
	fields = _fields_by_doctype()
	named = [
		["data", "like", f'%"{name}"%']
		for kind in ("DocType", "Role", "Module Def")
		for name in sorted(going[kind])
	]
	for row in frappe.get_all(
		"Version", or_filters=named, fields=["name", "ref_doctype", "data"], order_by=None
	):
		data, before = json.loads(row.data or "{}"), row.data
		for part in ("added", "removed"):
			data[part] = [entry for entry in data.get(part) or () if not _names(entry[1], fields, going)]
		of = {field.name: field for field in fields.get(row.ref_doctype, ())}
		data["changed"] = [
			(name, *values)
			for name, *values in data.get("changed") or ()
			if name not in of or not any(_named(of[name], {name: value}, going) for value in values)
		]
		if json.loads(frappe.as_json(data)) != json.loads(before):
			_keep_or_delete("Version", row.name, "data", data, any(data.get(part) for part in VERSION_PARTS))


def _prune_permission_log(going):
	"""v16's log of permissions: of ours it goes, of others (a User's roles) it loses the roles that were ours."""
	if not frappe.db.table_exists("Permission Log"):
		return
	fields = _fields_by_doctype()
	for row in _rows("Permission Log", "for_doctype", "reference_type", "changes"):
		changes = json.loads(row.changes or "{}")
		about = fields.get(row.reference_type or row.for_doctype, ())
		sides = [changes.get(side) or {} for side in ("from", "to")]
		if any(_named(field, side, going) for field in about for side in sides):
			frappe.db.delete("Permission Log", {"name": row.name})
			continue
		before = json.dumps(sides)
		for side in sides:
			if isinstance(side.get("roles"), list):
				side["roles"] = [entry for entry in side["roles"] if entry.get("role") not in going["Role"]]
		if json.dumps(sides) != before:
			_keep_or_delete("Permission Log", row.name, "changes", changes, sides[0] != sides[1])


def _keep_or_delete(doctype: str, name: str, field: str, data: dict, says_something: bool):
	if says_something:
		frappe.db.set_value(doctype, name, field, frappe.as_json(data), update_modified=False)
	else:
		frappe.db.delete(doctype, {"name": name})


def _prune_deleted(going):
	"""Deleted records of core that were about ours: their text still names it in the field that did."""
	fields = _fields_by_doctype()
	for row in _rows("Deleted Document", "deleted_doctype", "deleted_name", "data"):
		data = json.loads(row.data or "{}")
		if _names({"doctype": row.deleted_doctype, **data}, fields, going):
			frappe.db.delete("Deleted Document", {"name": row.name})
			told = {"comment_type": "Deleted", "reference_doctype": row.deleted_doctype}
			frappe.db.delete("Comment", {**told, "subject": ("like", f"% {row.deleted_name}")})


def _names(data: dict, fields: dict[str, list[Field]], going) -> bool:
	"""Whether a record, as JSON has kept it, names something that goes, in a field of its own or in a row."""
	rows = [
		row for value in data.values() if isinstance(value, list) for row in value if isinstance(row, dict)
	]
	return (
		any(_named(field, data, going) for field in fields.get(data.get("doctype"), ()))
		or (data.get("doctype") == "Custom Field" and data.get("options") in going["DocType"])
		or any(_names(row, fields, going) for row in rows)
	)


def _fields_by_doctype() -> dict[str, list[Field]]:
	found = {}
	for field in _fields():
		found.setdefault(field.doctype, []).append(field)
	return found


def _named(field: Field, data: dict, going) -> bool:
	value = data.get(field.name)
	if field.carrier:
		kind = data.get(field.carrier)
		return kind in going["DocType"] or value in going.get(kind, ())
	return isinstance(value, str) and value in going.get(field.target, ())


def _remove_series():
	series = frappe.qb.DocType("Series")
	for prefix in install.series_of_ours():
		frappe.qb.from_(series).delete().where(series.name == prefix).run()


def _remove_files():
	"""Parts of bundles that never became one, and the locks of their jobs."""
	shutil.rmtree(frappe.get_site_path("private", "bundel"), ignore_errors=True)
	for lock in Path(frappe.get_site_path("locks")).glob("perjankin-*"):
		lock.unlink(missing_ok=True)


def _forget_waiver():
	"""Else PKs of a later installation would need no archive."""
	if frappe.conf.get(WAIVER):
		from frappe.installer import update_site_config

		update_site_config(WAIVER, "None")
