"""Writes the composed Workflow: all chains in force or in use, admins' hand-made rows kept."""

from collections.abc import Iterable
from dataclasses import replace

import frappe
from frappe import _

from perjankin_app import assignments, made
from perjankin_app.workflow import chains
from perjankin_app.workflow.composer import (
	CANCEL,
	CANCELLED,
	DONE,
	EMPLOYEE,
	FIRST,
	LAST,
	RETURN,
	Chain,
	ChainError,
	check_papers,
	check_signatures,
	compose,
	fold,
	is_generated,
)
from perjankin_app.workflow.conflict import told_plainly

WORKFLOW = "Perjanjian Kinerja"
GOVERNED = "Perjanjian Kinerja"


def wait_turn():
	"""One publication at a time, up to the commit.

	Whoever locks documents before must wait first: two who hold rows of theirs and then want each other's block one another
	on MariaDB, where inserting a row in a table waits for its locked gaps too.
	"""
	frappe.db.get_value("DocType", GOVERNED, "name", for_update=True)


def publish():
	"""Compose and store the Workflow; the caller has changed the chains' status in the same transaction.

	Raises frappe.ValidationError in plain words for everything that would strand a document.
	"""
	wait_turn()
	plan = _plan(_chains())
	if plan["errors"]:
		frappe.throw(plan["errors"], title=_("Alur belum dapat diterbitkan"), as_list=True)
	composition, kept_states, kept_rows = plan["composition"], plan["kept_states"], plan["kept_rows"]
	_ensure_masters(composition)
	doc = (
		frappe.get_doc("Workflow", WORKFLOW)
		if frappe.db.exists("Workflow", WORKFLOW)
		else frappe.new_doc("Workflow")
	)
	doc.update(
		dict(
			workflow_name=WORKFLOW,
			document_type=GOVERNED,
			workflow_state_field="workflow_state",
			is_active=1,
			send_email_alert=0,  # H7: links in those mails act without login
			override_status=0,
			workflow_data=None,  # v15's builder canvas is of the old rows
		)
	)
	doc.set("states", [])
	for state in composition.states:
		doc.append("states", _state_row(state))
	for row in kept_states:
		doc.append("states", row)
	doc.set("transitions", [])
	for row in composition.transitions:
		doc.append(
			"transitions",
			dict(
				state=row.state,
				action=row.action,
				next_state=row.next_state,
				allowed=row.allowed,
				condition=row.condition,
				allow_self_approval=1,  # core's "owner" is not our drafter; the guard has the real rule
			),
		)
	for row in kept_rows:
		doc.append("transitions", row)
	doc.flags.ignore_permissions = True
	with told_plainly("Workflow"):
		doc.save()
	frappe.cache.hdel("workflow", GOVERNED)
	frappe.clear_cache(doctype=GOVERNED)


def preview(alur) -> dict:
	"""What publishing the Konsep `alur` (a document) would change; changes nothing.

	Keys: errors, warnings, added_states, dropped_states, added_transitions, dropped_transitions (counts of rows), kept
	(hand-made rows), replaces, moved (Draf PKs that will follow), staying (running PKs that keep the old chain).
	"""
	try:
		new = chains.from_doc(alur)
		check_papers(new, alur.dokumen)
		check_signatures(new)
	except ChainError as e:
		return {"errors": e.messages, "warnings": []}
	others = [c for c in _chains(without=alur.menggantikan) if c.id != new.id]
	plan = _plan([*others, new])
	result = {
		"errors": plan["errors"],
		"warnings": [*warnings(new, alur.opd), *plan["warnings"]],
		"replaces": alur.menggantikan,
		"moved": _count(alur.menggantikan, state=FIRST),
		"staying": _count(alur.menggantikan, state=("not in", [FIRST, LAST, CANCELLED])),
		"kept": [f"{r['state']} → {r['action']} → {r['next_state']}" for r in plan["kept_rows"]],
	}
	if plan["composition"]:
		old_states = {fold(s) for s in _stored("Workflow Document State", "state")}
		old_rows = set(_stored_transitions())
		new_rows = {
			(t.state, t.action, t.next_state, t.allowed, t.condition) for t in plan["composition"].transitions
		}
		states = plan["composition"].states
		result.update(
			added_states=[s.name for s in states if fold(s.name) not in old_states],
			dropped_states=sorted(
				s
				for s in set(_stored("Workflow Document State", "state"))
				if fold(s)
				not in {fold(n.name) for n in states} | {fold(r["state"]) for r in plan["kept_states"]}
			),
			added_transitions=len(new_rows - old_rows),
			dropped_transitions=len({r for r in old_rows if is_generated(r[4])} - new_rows),
		)
	return result


def warnings(chain: Chain, opd: str) -> list[str]:
	"""Roles that nobody holds in the OPD or for it from above: there the chain would wait for nobody."""
	present = set().union(*(row.roles for row in assignments.in_force(unit=opd)))
	present |= set().union(*(row.roles for row in assignments.in_force() if row.scope == opd))
	return [
		_("Baris {0}: belum ada pejabat berperan {1} untuk {2}. PK akan tertahan pada langkah {3}.").format(
			step.rows[0], role, opd, step.state
		)
		for step in chain.steps
		for role in step.roles
		if role not in present
	]


def _chains(without: str | None = None) -> list[Chain]:
	"""Chains in force, and retired ones until their last document has left."""
	used = frappe.get_all(
		GOVERNED, {"docstatus": ("<", 2), "alur": ("is", "set")}, pluck="alur", distinct=True
	)
	rows = frappe.get_all("Alur Persetujuan", {"status": "Berlaku"}, pluck="name")
	names = sorted({*used, *(r for r in rows if r != without or without in used)})
	return [_as_seen(chains.from_doc(frappe.get_doc("Alur Persetujuan", name))) for name in names]


def _as_seen(chain: Chain) -> Chain:
	"""What is wrong between two chains is told to whoever publishes one: the other's title is its OPD's own."""
	if frappe.has_permission("Alur Persetujuan", "read", doc=chain.id):
		return chain
	return replace(chain, title=_("alur OPD lain"))


def _plan(composed: Iterable[Chain]) -> dict:
	plan = {"errors": [], "warnings": [], "composition": None, "kept_states": [], "kept_rows": []}
	other = frappe.db.get_value(
		"Workflow", {"document_type": GOVERNED, "is_active": 1, "name": ("!=", WORKFLOW)}, "name"
	)
	if other:
		plan["errors"].append(
			_(
				"Workflow {0} sedang aktif untuk {1}. Nonaktifkan dahulu: hanya satu Workflow yang dapat berlaku."
			).format(other, GOVERNED)
		)
	try:
		plan["composition"] = composition = compose(composed)
	except ChainError as e:
		plan["errors"] += e.messages
		return plan
	ours = {fold(s.name): s for s in composition.states}
	if frappe.db.exists("Workflow", WORKFLOW):
		_keep_hand_made(plan, ours)
	reachable = {*ours, *(fold(r["state"]) for r in plan["kept_states"])}
	for state, count in _states_in_use():
		if fold(state) not in reachable:
			plan["errors"].append(
				_(
					"{0} PK berstatus “{1}”, sedangkan status itu akan hilang. Selesaikan atau kembalikan PK itu dahulu."
				).format(count, state)
			)
	for state, docstatus in _docstatus_in_use():
		if fold(state) in ours and ours[fold(state)].docstatus != docstatus:
			plan["errors"].append(
				_(
					"Ada PK berstatus “{0}” yang {1}; alur ini mengubah artinya. Pakai nama status lain."
				).format(state, _("sudah ditandatangani") if docstatus else _("belum ditandatangani"))
			)
	return plan


def _keep_hand_made(plan: dict, ours: dict):
	"""An admin's own transitions, and the states that only they use."""
	stored = frappe.get_doc("Workflow", WORKFLOW)
	rows = [row for row in stored.transitions if not is_generated(row.condition)]
	named = {fold(s) for row in rows for s in (row.state, row.next_state)}
	for row in stored.states:
		if fold(row.state) in named and fold(row.state) not in ours:
			plan["kept_states"].append(_plain(row))
	known = {*ours, *(fold(r["state"]) for r in plan["kept_states"])}
	for row in rows:
		lost = [s for s in (row.state, row.next_state) if fold(s) not in known]
		if lost:
			plan["warnings"].append(
				_("Transisi buatan tangan {0} → {1} dilepas karena status {2} tidak ada lagi.").format(
					row.state, row.next_state, ", ".join(lost)
				)
			)
		else:
			plan["kept_rows"].append(_plain(row))


def _plain(row) -> dict:
	skip = {"name", "idx", "parent", "parentfield", "parenttype", "creation", "modified", "owner", "modified_by", "docstatus", "doctype"}  # fmt: skip
	return {k: v for k, v in row.as_dict().items() if k not in skip}


def _state_row(state) -> dict:
	row = dict(state=state.name, doc_status=str(state.docstatus), allow_edit=EMPLOYEE)
	if state.name in (LAST, CANCELLED):
		row["is_optional_state"] = int(state.name == CANCELLED)
	if frappe.get_meta("Workflow Document State").has_field("send_email"):
		row["send_email"] = 0
	return row


def _ensure_masters(composition):
	"""Workflow States and Actions are shared with other workflows of the host: added where missing, never changed."""
	for state in composition.states:
		if not frappe.db.exists("Workflow State", state.name):
			made.remember("Workflow State", state.name)
			frappe.get_doc(
				doctype="Workflow State", workflow_state_name=state.name, style=state.style
			).insert(ignore_permissions=True)
	for action in sorted({*DONE.values(), RETURN, CANCEL}):
		if not frappe.db.exists("Workflow Action Master", action):
			made.remember("Workflow Action Master", action)
			frappe.get_doc(doctype="Workflow Action Master", workflow_action_name=action).insert(
				ignore_permissions=True
			)


def _states_in_use() -> list[tuple]:
	return [(s, c) for s, d, c in _usage() if s not in (FIRST, LAST, CANCELLED)]


def _docstatus_in_use() -> list[tuple]:
	return [(s, d) for s, d, c in _usage()]


def _usage() -> list[tuple]:
	from frappe.query_builder import DocType
	from frappe.query_builder.functions import Count

	pk = DocType(GOVERNED)
	return (
		frappe.qb.from_(pk)
		.select(pk.workflow_state, pk.docstatus, Count("*"))
		.where(pk.workflow_state.isnotnull())
		.groupby(pk.workflow_state, pk.docstatus)
		.run()
	)


def _count(alur: str | None, state) -> int:
	return (
		frappe.db.count(GOVERNED, {"alur": alur, "workflow_state": state, "docstatus": ("<", 2)})
		if alur
		else 0
	)


def _stored(doctype: str, field: str) -> list[str]:
	return frappe.get_all(doctype, {"parent": WORKFLOW, "parenttype": "Workflow"}, pluck=field)


def _stored_transitions() -> list[tuple]:
	return [
		tuple(row)
		for row in frappe.get_all(
			"Workflow Transition",
			{"parent": WORKFLOW, "parenttype": "Workflow"},
			["state", "action", "next_state", "allowed", "condition"],
			as_list=True,
		)
	]
