"""Who holds which jabatan now: the Penugasan Jabatan in force. They are the only source of power in this app.

A role counts only together with the lingkup (a subtree of Unit Kerja) of the jabatan that brings it; roles that a user
merely carries are not asked.
"""

import frappe
from frappe.query_builder import DocType
from frappe.utils import getdate

from perjankin_app.per_request import asked_once
from perjankin_app.workflow.composer import EMPLOYEE

STATUS_ORDER = {"Definitif": 0, "Pj.": 1, "Plt.": 2, "Plh.": 3}


def in_force(user=None, unit=None, jabatan=None, roles=None, on=None) -> list[frappe._dict]:
	"""Assignments in force on the date `on` (default today), definitive ones first.

	user: only this user's; unit: only those whose lingkup covers this Unit Kerja; jabatan: only of this Jabatan;
	roles: only those that bring one of these roles. Rows have: penugasan, pejabat, user, nama, jabatan, nama_jabatan,
	status, opd (of the jabatan), lingkup, scope (the OPD, or root, of the lingkup), roles (frozenset of Role names),
	account_enabled (0 where the User is disabled).
	"""
	on = getdate(on)
	found = _of_user(user, on) if user and not unit and not jabatan else _read(on, user, unit, jabatan)
	rows = [frappe._dict(row) for row in found if roles is None or not row.roles.isdisjoint(roles)]
	return sorted(rows, key=lambda row: STATUS_ORDER.get(row.status, 9))


def _read(on, user=None, unit=None, jabatan=None) -> list[frappe._dict]:
	"""The rows of `in_force`, those that began first before the others."""
	assignment, official, post, scope, account = (
		DocType(name) for name in ("Penugasan Jabatan", "Pejabat", "Jabatan", "Unit Kerja", "User")
	)
	query = (
		frappe.qb.from_(assignment)
		.inner_join(official)
		.on(official.name == assignment.pejabat)
		.inner_join(post)
		.on(post.name == assignment.jabatan)
		.inner_join(scope)
		.on(scope.name == post.lingkup)
		.left_join(account)
		.on(account.name == official.user)
		.select(
			assignment.name.as_("penugasan"),
			assignment.status,
			assignment.jabatan,
			official.name.as_("pejabat"),
			official.nama,
			official.user,
			post.nama.as_("nama_jabatan"),
			post.atasan,
			post.opd,
			scope.name.as_("lingkup"),
			scope.opd.as_("scope"),
			account.enabled.as_("account_enabled"),
		)
		.where(assignment.mulai <= on)
		.where(assignment.selesai.isnull() | (assignment.selesai >= on))
		.orderby(assignment.mulai, assignment.name)
	)
	if user:
		query = query.where(official.user == user)
	if jabatan:
		query = query.where(assignment.jabatan == jabatan)
	if unit:
		node = frappe.db.get_value("Unit Kerja", unit, ["lft", "rgt"], as_dict=True)
		if not node:
			return []
		query = query.where(scope.lft <= node.lft).where(scope.rgt >= node.rgt)
	rows = query.run(as_dict=True)
	brought = roles_of({row.jabatan for row in rows})
	for row in rows:
		row.roles = frozenset(brought[row.jabatan])
	return rows


@asked_once
def _of_user(user: str, on) -> list[frappe._dict]:
	"""Every permission hook asks this, often many times in one request."""
	return _read(on, user)


def roles_of(posts) -> dict[str, set[str]]:
	"""The roles that each Jabatan of `posts` brings; PK Pegawai always among them."""
	brought = {post: {EMPLOYEE} for post in posts}
	if posts:
		row = DocType("Peran Jabatan")
		query = frappe.qb.from_(row).select(row.parent, row.peran).where(row.parenttype == "Jabatan")
		for post, role in query.where(row.parent.isin(list(posts))).run():
			brought[post].add(role)
	return brought


def superiors(jabatan: str) -> list[str]:
	"""The chain of superior Jabatan, nearest first; stops at a circle instead of running for ever."""
	chain = []
	while (jabatan := frappe.db.get_value("Jabatan", jabatan, "atasan")) and jabatan not in chain:
		chain.append(jabatan)
	return chain
