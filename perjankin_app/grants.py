"""What a Penugasan gives to its user: the jabatan's roles and one User Permission on the OPD of its lingkup.

`reconcile` makes that true again at any time. A Penugasan records what it really added, so that roles which an admin
gave by hand stay when it ends.
"""

import frappe
from frappe import _

from perjankin_app import assignments, permissions
from perjankin_app.install import ROLES
from perjankin_app.records import OPD_RECORDS
from perjankin_app.workflow import conflict

WORKSPACE = "Perjankin"
AUTOMATIC_ROLES = ("All", "Guest", "Desk User")
USER_PERMISSION = {"allow": "Unit Kerja", "apply_to_all_doctypes": 1}


def reconcile_all():
	"""Daily: dates passed since yesterday give and take roles and scope without anybody saving anything.

	Each account is a transaction of its own: where saving one ends its sessions, core commits in the midst of that.
	"""
	for user in frappe.get_all("Pejabat", {"user": ("is", "set")}, pluck="user", distinct=True):
		try:
			reconcile(user)
		except Exception:  # an account that can't be saved must not leave everybody after it in power
			frappe.db.rollback()
			frappe.log_error(_("Wewenang {0} belum disesuaikan dengan Penugasannya").format(user))
		frappe.db.commit()  # nosemgrep: a savepoint would not outlive core's own commit


def reconcile(user: str | None, leaving=()):
	"""Give `user` exactly what the Penugasan in force bring, and take back what ended ones had added.

	`leaving`: Penugasan that have just been deleted or cut from this account, with what they had recorded. All is done by one
	save of the User: a moment without any role would make core end the sessions of somebody who still holds a Penugasan.
	"""
	if not user or not frappe.db.exists("User", user):
		return
	current, rows = assignments.in_force(user=user), _recorded(user)
	added = [*rows, *leaving]
	_reconcile_roles(user, current, rows, {role for row in added for role in _roles_added(row)})
	_reconcile_scope(user, current, rows, {row.izin_diberikan for row in added if row.izin_diberikan})
	for row in leaving:
		_record(row, "peran_diberikan", "")
		_record(row, "izin_diberikan", "")
	_drop_follows(user)
	_choose_landing_page(user, current)


def role_profiles(user: str) -> list[str]:
	"""A Role Profile wipes added roles at every save of the User, so roles can't be given to its users."""
	doc = frappe.get_cached_doc("User", user)
	several = [row.role_profile for row in doc.get("role_profiles") or ()]  # v16
	return several or [name for name in (doc.get("role_profile_name"),) if name]


def recorded(**filters) -> list[frappe._dict]:
	"""Penugasan with what each has added to its user's account."""
	return frappe.get_all("Penugasan Jabatan", filters, ["name", "peran_diberikan", "izin_diberikan"])


def _recorded(user: str) -> list[frappe._dict]:
	officials = frappe.get_all("Pejabat", {"user": user}, pluck="name")
	return recorded(pejabat=("in", officials or [""]))


def _roles_added(row) -> list[str]:
	return (row.peran_diberikan or "").splitlines()


def _reconcile_roles(user: str, current: list[frappe._dict], rows: list[frappe._dict], added: set[str]):
	"""`added`: roles that Penugasan have added to this account, whether they still bring them or not."""
	if role_profiles(user):
		return
	wanted = set().union(*(row.roles for row in current))
	has = set(frappe.get_all("Has Role", {"parent": user, "parenttype": "User"}, pluck="role"))
	ours = (added & wanted) | (wanted - has)  # the rest of `wanted` came by hand and is left alone
	_set_roles(user, add=ours - has, take=(added - wanted) & has)
	for row in rows:
		brought = next((c.roles for c in current if c.penugasan == row.name), set())
		_record(row, "peran_diberikan", "\n".join(sorted(ours & brought)))


def _reconcile_scope(user: str, current: list[frappe._dict], rows: list[frappe._dict], added: set[str]):
	"""`added`: User Permissions that Penugasan have added to this account."""
	wanted, ours = {c.penugasan: c.scope for c in current}, set(added)
	existing = {
		p.for_value: p.name
		for p in frappe.get_all(
			"User Permission", {"user": user, "allow": "Unit Kerja"}, ["name", "for_value"]
		)
	}
	for scope in sorted(set(wanted.values()) - set(existing)):
		permission = frappe.get_doc(doctype="User Permission", user=user, for_value=scope, **USER_PERMISSION)
		permission.insert(ignore_permissions=True)
		existing[scope] = permission.name
		ours.add(permission.name)
	for scope, name in existing.items():
		if name in ours and scope not in wanted.values():
			frappe.delete_doc("User Permission", name, ignore_permissions=True, force=True)
			ours.discard(name)
	for row in rows:
		name = existing.get(wanted.get(row.name))
		_record(row, "izin_diberikan", name if name in ours else "")


def _choose_landing_page(user: str, current: list):
	"""Whoever uses nothing but this app begins at its workspace, not at the host's; a choice of the user's own stays."""
	chosen = frappe.db.get_value("User", user, "default_workspace")
	roles = set(frappe.get_all("Has Role", {"parent": user, "parenttype": "User"}, pluck="role"))
	wanted = WORKSPACE if current and roles <= {*ROLES, *AUTOMATIC_ROLES} else None
	if (
		chosen in (None, "", WORKSPACE)
		and (chosen or None) != wanted
		and frappe.db.exists("Workspace", WORKSPACE)
	):
		frappe.db.set_value("User", user, "default_workspace", wanted, update_modified=False)
		frappe.clear_cache(user=user)


def _drop_follows(user: str):
	"""Core mails each change to its followers without asking whether they may still read the record."""
	follow = {"user": user, "ref_doctype": ("in", OPD_RECORDS)}
	for row in frappe.get_all("Document Follow", follow, ["name", "ref_doctype", "ref_docname"]):
		if not permissions.may_read(row.ref_doctype, row.ref_docname, user):
			frappe.delete_doc("Document Follow", row.name, ignore_permissions=True, force=True)


def _record(row, field: str, value: str):
	if (row.get(field) or "") != value:
		frappe.db.set_value("Penugasan Jabatan", row.name, field, value, update_modified=False)


def _set_roles(user: str, add: set[str] = frozenset(), take: set[str] = frozenset()):
	if not add and not take:
		return
	doc = frappe.get_doc("User", user)
	doc.flags.ignore_permissions = True
	doc.roles = [row for row in doc.roles if row.role not in take]
	for role in sorted(add):
		doc.append("roles", {"role": role})
	with conflict.told_plainly(user, (*conflict.STALE, *conflict.REFUSED)):
		doc.save()
