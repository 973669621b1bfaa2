"""Isolation by OPD: what a user's Penugasan covers, on the surfaces where core asks hooks.

Core's own User Permissions narrow what they match, but a user without any would see everything, and roles are global.
So each hook asks the Penugasan in force: a role opens a record only where a Penugasan brings that role.
Hooks always answer True or False: v16 takes None for "no", v15 stops at the first answer.
"""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.query_builder import DocType

from perjankin_app import assignments
from perjankin_app.per_request import asked_once
from perjankin_app.records import ABOUT, ALL_RECORDS, OPD_RECORDS, TABLES

CHAIN = "Alur Persetujuan"
PEMDA_ADMIN = "PK Admin Pemda"
# what only Admin Pemda gives away: power beyond one OPD, and the OPD's head
PRIVILEGED = {"PK Kepala OPD", "PK Kepala Daerah", "PK Pembina", "PK Inspektorat", PEMDA_ADMIN}


def is_site_admin(user: str) -> bool:
	"""System Managers set the app up before anybody has a Penugasan; DocType permissions keep them from PKs."""
	return user == "Administrator" or "System Manager" in frappe.get_roles(user)


def is_pemda_admin(user: str | None = None) -> bool:
	user = user or frappe.session.user
	return is_site_admin(user) or bool(assignments.in_force(user=user, roles=[PEMDA_ADMIN]))


def roles_for(doctype: str, ptype: str) -> set[str]:
	"""Roles that the DocType's permissions (an admin's Custom DocPerm included) let do `ptype`."""
	return {p.role for p in frappe.get_meta(doctype).permissions if p.get(ptype) and not p.permlevel}


def permitted_opd(user: str, doctype: str, ptype: str = "read") -> list[str] | None:
	"""None: no restriction. Otherwise the OPD that Penugasan of `user` cover by a role that may do `ptype`; an empty list
	means nothing."""
	return None if is_site_admin(user) else reach(user).opd(doctype, ptype)


@dataclass(frozen=True)
class Part:
	"""What one Penugasan in force reaches: the roles that it brings, the OPD that it covers, the Pemda nodes above those."""

	roles: frozenset[str]
	opd: tuple[str, ...]
	above: tuple[str, ...]


class Reach(tuple[Part, ...]):
	"""What all Penugasan in force of one user reach; from it follows, without a query, what that opens of each DocType."""

	def opd(self, doctype: str, ptype: str = "read") -> list[str]:
		return sorted({opd for part in self.bringing(doctype, ptype) for opd in part.opd})

	def above(self, doctype: str) -> list[str]:
		return sorted({node for part in self.bringing(doctype, "read") for node in part.above})

	def readable(self, doctype: str) -> list[str]:
		"""The OPD whose records of `doctype` are readable; of chains also those that are shared from above."""
		return self.opd(doctype) + (self.above(doctype) if doctype == CHAIN else [])

	def bringing(self, doctype: str, ptype: str) -> list[Part]:
		able = roles_for(doctype, ptype)
		return [part for part in self if not part.roles.isdisjoint(able)]


def reach(user: str) -> Reach:
	"""Nothing for a disabled account: core ends its sessions, but takes its OAuth bearer tokens for good."""
	held = [row for row in assignments.in_force(user=user) if row.scope and row.account_enabled]
	places = _places(tuple(sorted({row.scope for row in held})))
	return Reach(Part(row.roles, *places[row.scope]) for row in held)


@asked_once
def _places(nodes: tuple[str, ...]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
	"""For each of these Unit Kerja: the OPD-level units that are it or stand below it, and the Pemda nodes above those."""
	if not nodes:
		return {}
	top, unit = DocType("Unit Kerja").as_("top"), DocType("Unit Kerja").as_("unit")
	inside = (unit.lft >= top.lft) & (unit.rgt <= top.rgt) & unit.jenis.isin(["OPD", "Pemda"])
	around = (unit.lft < top.lft) & (unit.rgt > top.rgt) & (unit.jenis == "Pemda")
	query = frappe.qb.from_(top).inner_join(unit).on(inside | around).where(top.name.isin(nodes))
	columns = (top.name.as_("node"), top.lft.as_("begins"), unit.name, unit.jenis, unit.lft, unit.rgt)
	rows = query.select(*columns).run(as_dict=True)
	places = {}
	for node in nodes:
		near = [row for row in rows if row.node == node]
		opd = [row for row in near if row.lft >= row.begins]
		above = [p for p in near if p.jenis == "Pemda" and any(p.lft < u.lft and u.rgt < p.rgt for u in opd)]
		places[node] = tuple(row.name for row in opd), tuple(row.name for row in above)
	return places


def sql_list(values: list[str]) -> str:
	return "({})".format(", ".join(frappe.db.escape(v) for v in values) or "''")


# --------------------------------------------------------------------------------------------------------------------
# records with `opd`


def opd_query(user: str, doctype: str) -> str:
	opd = permitted_opd(user, doctype)
	return "" if opd is None else _of_opd(doctype, opd)


def _of_opd(doctype: str, opd: list[str]) -> str:
	return f"`tab{doctype}`.`opd` in {sql_list(opd)}"


def opd_has_permission(doc, ptype: str | None, user: str, debug: bool = False) -> bool:
	if is_site_admin(user):
		return True
	# the client's JSON may name another OPD than the record's; `check_scope` asks for that one too
	stored = isinstance(doc.name, str) and frappe.db.get_value(doc.doctype, doc.name, "opd")
	opd = stored or doc.get("opd") or _opd_of(doc)
	if not opd:
		return doc.is_new()  # nothing chosen yet; `check_scope` asks again when the record is stored
	return opd in (permitted_opd(user, doc.doctype, ptype or "read") or ())


def check_scope(doc):
	"""In `validate`, after `opd` was derived: the hook above saw only what the client had sent."""
	before = doc.get_doc_before_save()
	require_scope(doc, {doc.get("opd"), before and before.get("opd")})


def require_scope(doc, opds: set):
	"""Refuse a save of `doc` by a user whose Penugasan don't let records of all of `opds` be written."""
	if doc.flags.ignore_permissions or frappe.flags.in_install:
		return
	allowed = permitted_opd(frappe.session.user, doc.doctype, "create" if doc.is_new() else "write")
	for opd in opds - {None, ""}:
		if allowed is not None and opd not in allowed:
			frappe.throw(
				_("Unit itu berada di luar wewenang Anda. Pilih unit pada OPD Anda sendiri."),
				frappe.PermissionError,
			)


class DerivesOPD:
	"""Mixin for records whose `opd` follows from another field: under strict user permissions core wants it when it asks
	for `create`, which is before validate."""

	def check_permission(self, permtype="read", permlevel=None):
		if permtype == "create" and not self.get("opd"):
			self.opd = _opd_of(self)
		super().check_permission(permtype, permlevel)


def _opd_of(doc) -> str | None:
	"""Asked before `values.py` has looked at what the client sent."""
	for field, doctype in PLACES.get(doc.doctype, PLACES[None]).items():
		if (name := doc.get(field)) and isinstance(name, str):
			return frappe.db.get_value(doctype, name, "opd")
	return None


# from which field's record `opd` follows
PLACES = {
	"Unit Kerja": {"parent_unit_kerja": "Unit Kerja"},
	None: {"perjanjian_kinerja": "Perjanjian Kinerja", "unit": "Unit Kerja", "jabatan": "Jabatan"},
}


# --------------------------------------------------------------------------------------------------------------------
# Alur Persetujuan: also readable where it is shared from above, for the SOP is printed and followed there


def chain_query(user: str, doctype: str) -> str:
	return "" if is_site_admin(user) else _of_opd(CHAIN, reach(user).readable(CHAIN))


def chain_has_permission(doc, ptype: str | None, user: str, debug: bool = False) -> bool:
	if opd_has_permission(doc, ptype, user):
		return True
	if ptype not in (None, "read", "select", "print", "report", "export"):
		return False
	return doc.get("opd") in reach(user).above(CHAIN)


# --------------------------------------------------------------------------------------------------------------------
# core's records about ours: rows of tables, files, Workflow Actions, tags, follows


def _only_own(doctype_column: str, name_column: str, user: str, doctypes=OPD_RECORDS) -> str:
	"""Rows about a record of ours only where that record is readable; rows about anything else are not ours to hide.

	For each row the database looks up the OPD of the one record that it names, by primary key, and compares it with the
	user's list; DocTypes with the same list share it. A sub-select with the list for each DocType takes MariaDB three times
	as long for users who read sixty OPD.
	"""
	if is_site_admin(user):
		return ""
	conditions = [f"coalesce({doctype_column}, '') not in {sql_list(doctypes)}"]
	reached, lookups = reach(user), {}
	for doctype in doctypes if reached else ():  # most users of a host's lists have no Penugasan
		if opd := reached.readable(doctype):
			found = f"select `opd` from `tab{doctype}` where `tab{doctype}`.`name` = {name_column}"
			lookups.setdefault(tuple(opd), []).append(f"when '{doctype}' then ({found})")
	for opd, cases in lookups.items():
		conditions.append(f"case {doctype_column} {' '.join(cases)} end in {sql_list(opd)}")
	return f"({' or '.join(conditions)})"


def row_query(user: str, doctype: str) -> str:
	return _only_own(f"`tab{doctype}`.parenttype", f"`tab{doctype}`.parent", user, TABLES[doctype])


def file_query(user: str, doctype: str) -> str:
	if not (condition := _only_own("`tabFile`.attached_to_doctype", "`tabFile`.attached_to_name", user)):
		return ""
	own = f"`tabFile`.owner = {frappe.db.escape(user)}"
	return (
		f"({condition} and (coalesce(`tabFile`.attached_to_doctype, '') != 'Sertifikat Elektronik' or {own}))"
	)


def about_query(user: str, doctype: str) -> str:
	"""Of Communication too; a single one core itself shows only to who may read what it is about."""
	fields = ABOUT.get(doctype, ("reference_doctype", "reference_name"))
	return _only_own(*(f"`tab{doctype}`.{field}" for field in fields), user)


# A has_permission hook has nothing against it; the hooks of core and of other apps are asked as well. v15 takes the first answer
# for all of them, so there ours is none.
NO_OBJECTION = None if frappe.__version__.startswith("15.") else True


def about_has_permission(doc, ptype: str | None, user: str, debug: bool = False) -> bool | None:
	subject, name = (doc.get(field) for field in ABOUT[doc.doctype])
	if subject not in OPD_RECORDS or is_site_admin(user):
		return NO_OBJECTION
	return NO_OBJECTION if doc.get("for_user", user) == user and may_read(subject, name, user) else False


def workflow_action_query(user: str, doctype: str) -> str:
	return _only_own(
		"`tabWorkflow Action`.reference_doctype",
		"`tabWorkflow Action`.reference_name",
		user,
		["Perjanjian Kinerja"],
	)


def workflow_action_has_permission(doc, ptype: str | None, user: str, debug: bool = False) -> bool | None:
	if doc.reference_doctype != "Perjanjian Kinerja":
		return NO_OBJECTION
	return NO_OBJECTION if may_read(doc.reference_doctype, doc.reference_name, user) else False


# --------------------------------------------------------------------------------------------------------------------
# may a record of ours be read; rules about core's records ask it (access/core_records.py)


def may_read(doctype: str, name: str, user: str | None = None) -> bool:
	"""True for what is not ours, or not there."""
	if doctype in TABLES:  # by a row's name, core would ask for the role alone
		doctype, name = frappe.db.get_value(doctype, name, ["parenttype", "parent"]) or (doctype, name)
	if doctype not in ALL_RECORDS or not frappe.db.exists(doctype, name):
		return True
	# a question leaves no message behind; and asked inside a hook, core would add this record's name to what it tells about
	# the other one
	messages, told = len(frappe.local.message_log), frappe.flags.pop("has_permission_check_logs", None)
	try:
		return bool(frappe.has_permission(doctype, "read", doc=name, user=user or frappe.session.user))
	finally:
		del frappe.local.message_log[messages:]
		if told is not None:
			frappe.flags.has_permission_check_logs = told


def require_read(doctype: str, name: str, user: str | None = None):
	if not may_read(doctype, name, user):
		frappe.throw(
			_("{0} berada di luar wewenang {1}.").format(_(doctype), user or _("Anda")),
			frappe.PermissionError,
		)


def sees_app() -> bool:
	"""For the apps screen."""
	return is_site_admin(frappe.session.user) or bool(assignments.in_force(user=frappe.session.user))
