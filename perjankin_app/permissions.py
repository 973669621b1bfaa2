"""Isolation by OPD: what a user's Penugasan covers, on the surfaces where core asks hooks.

Core's own User Permissions narrow what they match, but a user without any would see everything, and roles are global.
So each hook asks the Penugasan in force: a role opens a record only where a Penugasan brings that role.
Hooks always answer True or False: v16 takes None for "no", v15 stops at the first answer.
"""

import frappe
from frappe import _
from frappe.query_builder import DocType

from perjankin_app import assignments
from perjankin_app.records import ABOUT, ALL_RECORDS, OPD_RECORDS, TABLES

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


def scopes(user: str, doctype: str, ptype: str = "read") -> list[str]:
	"""OPD (or root) nodes on which a Penugasan of `user` brings a role that may do `ptype`."""
	rows = assignments.in_force(user=user, roles=roles_for(doctype, ptype))
	return sorted({row.scope for row in rows if row.scope})


def covered(nodes: list[str]) -> list[str]:
	"""`nodes` with everything below them: names of OPD-level units."""
	if not nodes:
		return []
	top, below = DocType("Unit Kerja").as_("top"), DocType("Unit Kerja").as_("below")
	query = frappe.qb.from_(top).inner_join(below).on((below.lft >= top.lft) & (below.rgt <= top.rgt))
	query = query.where(top.name.isin(nodes)).where(below.jenis.isin(["OPD", "Pemda"]))
	return sorted(name for (name,) in query.select(below.name).distinct().run())


def permitted_opd(user: str, doctype: str, ptype: str = "read") -> list[str] | None:
	"""None: no restriction. Otherwise OPD names; an empty list means nothing."""
	return None if is_site_admin(user) else covered(scopes(user, doctype, ptype))


def sql_list(values: list[str]) -> str:
	return "({})".format(", ".join(frappe.db.escape(v) for v in values) or "''")


# --------------------------------------------------------------------------------------------------------------------
# records with `opd`


def opd_query(user: str, doctype: str) -> str:
	opd = permitted_opd(user, doctype)
	return "" if opd is None else f"`tab{doctype}`.`opd` in {sql_list(opd)}"


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
	opd = permitted_opd(user, "Alur Persetujuan")
	if opd is None:
		return ""
	return f"`tabAlur Persetujuan`.`opd` in {sql_list([*opd, *_above(opd)])}"


def chain_has_permission(doc, ptype: str | None, user: str, debug: bool = False) -> bool:
	if opd_has_permission(doc, ptype, user):
		return True
	if ptype not in (None, "read", "select", "print", "report", "export"):
		return False
	return doc.get("opd") in _above(permitted_opd(user, "Alur Persetujuan"))


def _above(opd: list[str]) -> list[str]:
	"""Pemda nodes above the given OPD."""
	parents = set()
	for lft, rgt in frappe.get_all("Unit Kerja", {"name": ("in", opd or [""])}, ["lft", "rgt"], as_list=True):
		parents.update(
			frappe.get_all(
				"Unit Kerja", {"lft": ("<", lft), "rgt": (">", rgt), "jenis": "Pemda"}, pluck="name"
			)
		)
	return sorted(parents)


# --------------------------------------------------------------------------------------------------------------------
# core's records about ours: rows of tables, files, Workflow Actions, tags, follows


def _only_own(doctype_column: str, name_column: str, user: str, doctypes=OPD_RECORDS) -> str:
	"""Rows about a record of ours only where that record is readable; rows about anything else are not ours to hide."""
	if is_site_admin(user):
		return ""
	not_ours = f"coalesce({doctype_column}, '') not in {sql_list(doctypes)}"
	if not assignments.in_force(user=user):  # most users of a host's lists of files
		return f"({not_ours})"
	readable = {doctype: QUERIES.get(doctype, opd_query)(user, doctype) for doctype in doctypes}
	own = "".join(
		f" or ({doctype_column} = '{doctype}' and {name_column} in (select name from `tab{doctype}` where {condition}))"
		for doctype, condition in readable.items()
	)
	return f"({not_ours}{own})"


QUERIES = {"Alur Persetujuan": chain_query}


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
	return _only_own(*(f"`tab{doctype}`.{field}" for field in ABOUT[doctype]), user)


def about_has_permission(doc, ptype: str | None, user: str, debug: bool = False) -> bool:
	from frappe.desk.doctype.todo.todo import has_permission as core

	if doc.doctype == "ToDo" and not core(
		doc, ptype or "read", user
	):  # v15 stops at the first hook that answers
		return False
	subject, name = (doc.get(field) for field in ABOUT[doc.doctype])
	if subject not in OPD_RECORDS or is_site_admin(user):
		return True
	return doc.get("for_user", user) == user and may_read(subject, name, user)


def workflow_action_query(user: str, doctype: str) -> str:
	return _only_own(
		"`tabWorkflow Action`.reference_doctype",
		"`tabWorkflow Action`.reference_name",
		user,
		["Perjanjian Kinerja"],
	)


def workflow_action_has_permission(doc, ptype: str | None, user: str, debug: bool = False) -> bool:
	from frappe.workflow.doctype.workflow_action.workflow_action import has_permission as core

	if not core(doc, user):  # v15 stops at the first hook that answers, so core's rule is asked here
		return False
	return doc.reference_doctype != "Perjanjian Kinerja" or may_read(
		doc.reference_doctype, doc.reference_name, user
	)


# --------------------------------------------------------------------------------------------------------------------
# may a record of ours be read; rules about core's records ask it (access/core_records.py)


def may_read(doctype: str, name: str, user: str | None = None) -> bool:
	"""True for what is not ours, or not there."""
	if doctype not in ALL_RECORDS or not frappe.db.exists(doctype, name):
		return True
	# asked inside a hook, core would add this record's name to what it tells about the other one
	told = frappe.flags.pop("has_permission_check_logs", None)
	try:
		return bool(frappe.has_permission(doctype, "read", doc=name, user=user or frappe.session.user))
	finally:
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
