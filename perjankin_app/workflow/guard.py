"""The guard is the law, the Workflow is the signpost: what core's workflow engine leaves open is closed here.

Core trusts the browser in eight places (H1-H7, H1b, H3b in the tests): submit from any state, a forged state, owner-only
self-approval, `allow_edit` that only the browser reads, child rows with a life of their own, unchecked cancel, stale
Workflow Actions, roles without scope. On every save, submit, cancel, delete and transition the server asks: is it this
user's turn, by a Penugasan that covers the document; may the content change here; is there a reason for a return; do
state and docstatus agree.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import get_workflow, get_workflow_name
from frappe.utils import cint

from perjankin_app import assignments, locks, permissions
from perjankin_app.changes import changed
from perjankin_app.workflow import actors, chains, log, reasons
from perjankin_app.workflow.composer import (
	CANCEL,
	CANCELLERS,
	FIRST,
	SIGNATURE,
	Edge,
	chain_in,
	fold,
	is_generated,
)
from perjankin_app.workflow.conflict import ToldPlainly
from perjankin_app.workflow.parafs import standing

STATE = "workflow_state"


class ChainGuard(ToldPlainly):
	"""Mixin for a submittable DocType with `alur`, `unit`, `workflow_state`: class PK(ChainGuard, Document).

	Controllers call `self.guard_chain()` first in validate, and super() in the other events. They may define
	SERVER_FIELDS (written by the server only), PARTY_FIELDS (follow the Penugasan, are no content) and
	`check_complete()` (asked when the last editable step is left).
	"""

	SERVER_FIELDS = ()
	PARTY_FIELDS = ()

	# ---------------------------------------------------------------------------------------------- document events

	def before_update_after_submit(self):
		self.guard_chain()

	def before_cancel(self):
		self.guard_chain()

	def before_discard(self):  # v16 sets docstatus 2 past validate and before_cancel
		_refuse(_("PK dibatalkan lewat tombol Tindakan, sesuai SOP."))

	def on_update(self):
		self._after_step()

	def on_update_after_submit(self):
		self._after_step()

	def on_cancel(self):
		self._after_step()

	def on_change(self):
		self.flags.assigning_next = False

	def on_trash(self):
		if frappe.db.exists("Riwayat Alur", {"perjanjian_kinerja": self.name}) or self.docstatus:
			frappe.throw(_("PK yang sudah berjalan tidak dapat dihapus, supaya riwayatnya tetap ada."))
		if not (self.flags.ignore_permissions or self.my_holder() or self.is_admins()):
			_refuse(
				_("Hanya yang memegang langkah {0}, {1}, yang dapat menghapus PK ini.").format(
					FIRST, " atau ".join(CANCELLERS)
				)
			)

	def is_admins(self) -> bool:
		"""Whether the session's user may clear away what was begun by others here."""
		user = frappe.session.user
		return permissions.is_site_admin(user) or bool(actors.canceller(self, user))

	# ---------------------------------------------------------------------------------------------- whose turn it is

	@property
	def giliran_saya(self) -> int:
		"""For the conditions of generated transitions: the step's own actors.

		Core evaluates conditions as the previous actor when it creates the next one's Workflow Action; there the answer
		is whether the step waits for its own actors rather than for a stand-in.
		"""
		turn = self.current_turn()
		if self.flags.assigning_next:
			return int(bool(turn) and not turn.stand_in)
		return int(bool(turn) and not turn.stand_in and bool(turn.of(frappe.session.user)))

	@property
	def giliran_atasan(self) -> int:
		"""The same for the superior who stands in for a checker who may not check the own work."""
		turn = self.current_turn()
		if self.flags.assigning_next:
			return int(bool(turn) and turn.stand_in)
		return int(bool(turn) and turn.stand_in and bool(turn.of(frappe.session.user)))

	@property
	def boleh_batal(self) -> int:
		if self.flags.assigning_next or cint(self.docstatus) != 1 or not self.get("unit"):
			return 0
		return int(bool(actors.canceller(self, frappe.session.user)))

	def chain(self):
		return chains.load(self.get("alur"))

	def current_step(self):
		chain = self.chain()
		return chain.step(self.get(STATE) or FIRST) if chain else None

	def current_turn(self):
		"""`actors.Turn` of the running step, memoised for the state it was asked in; None without a running step."""
		key = (
			self.get(STATE),
			self.get("alur"),
			self.get("unit"),
			self.get("pihak_pertama"),
			self.get("pihak_kedua"),
		)
		memo = self.flags.turn
		if not memo or memo[0] != key:
			step = self.current_step() if self.get("unit") else None
			memo = self.flags.turn = (key, actors.turn(self, step) if step else None)
		return memo[1]

	def my_holder(self):
		turn = self.current_turn()
		return turn and turn.of(frappe.session.user)

	def may_edit_content(self) -> bool:
		step = self.current_step()
		return bool(cint(self.docstatus) == 0 and step and step.editable and self.my_holder())

	# ---------------------------------------------------------------------------------------------- the law

	def guard_chain(self):
		before = self.get_doc_before_save()
		self.flags.step_taken = None
		for field in type(self).SERVER_FIELDS:
			self.set(field, before.get(field) if before else None)
		if not before:
			self._guard_insert()
			return
		if fold(self.get(STATE) or FIRST) == fold(before.get(STATE) or FIRST):
			self._guard_edit(before)
		else:
			self._guard_transition(before)

	def content_open(self) -> bool:
		"""Whether this save may change the content; valid after `guard_chain`."""
		return bool(self.flags.content_open)

	def _guard_insert(self):
		self.flags.content_open = True
		if self.get("amended_from"):
			self.set(STATE, FIRST)  # the desk copies the cancelled document's state along
		if cint(self.docstatus) or (self.get(STATE) and fold(self.get(STATE)) != fold(FIRST)):
			_refuse(
				_("PK baru selalu mulai dari {0}. Gunakan tombol Tindakan untuk melanjutkan.").format(FIRST)
			)
		self.set(STATE, FIRST)
		self.start_step()

	def guard_creator(self):
		"""After the chain was set: a new document is made by the actors of the first step."""
		if self.is_new() and not self.my_holder():
			names = ", ".join(self.chain().steps[0].roles) if self.chain() else ""
			_refuse(
				_("Menurut SOP, PK ini dibuat oleh {0}. Penugasan Anda tidak mencakup {1}.").format(
					names, self.unit
				)
			)

	def _guard_edit(self, before):
		if cint(self.docstatus) != cint(before.docstatus):  # H1, H4: submit or cancel that is no transition
			_refuse(_("PK ditandatangani atau dibatalkan lewat tombol Tindakan, sesuai SOP."))
		if not before.may_edit_content():  # H3
			_refuse(_locked(before))
		self.flags.content_open = True

	def _guard_transition(self, before):
		edge, turn, holder = self._taken(before)
		locks.as_read(
			"Penugasan Jabatan", holder.penugasan
		)  # nobody else is put into it, or it ended, meanwhile
		expected = _docstatus(self, edge.next_state)
		if expected is None or cint(self.docstatus) != expected:  # H1, H1b, H4
			_refuse(
				_("Status {0} tidak sesuai dengan keadaan dokumen. Gunakan tombol Tindakan.").format(
					edge.next_state
				)
			)
		self.flags.content_open = before.may_edit_content()
		if not self.flags.content_open and (changed := self.changed_content(before)):
			_refuse(
				_("Pada langkah {0} isi PK tidak dapat diubah ({1}).").format(edge.state, ", ".join(changed))
			)
		reason = ""
		if edge.needs_reason:
			reason = reasons.take(before)
			if not reason:
				frappe.throw(
					_("{0}: isi alasan {1} lebih dahulu. Buka PK ini, lalu pilih Tindakan > {1}.").format(
						self.name, edge.action
					),
					title=_("Alasan belum diisi"),
				)
		self.flags.step_taken = (edge, holder, reason, turn.stand_in)
		if step := self.step_completed():
			self.require_papers(step)
		self.start_step()

	def _taken(self, before):
		"""(edge, turn, holder) of the transition from the *stored* document; a forged field can't open it."""
		user, target = frappe.session.user, fold(self.get(STATE))
		chain = before.chain()
		edges = (
			[e for e in chain.edges() if fold(e.state) == fold(before.get(STATE) or FIRST)] if chain else []
		)
		for edge in edges:
			if fold(edge.next_state) != target:
				continue
			if edge.action == CANCEL:
				holder, turn = actors.canceller(before, user), actors.Turn(())
			else:
				turn = before.current_turn()
				holder = turn.of(user)
			if holder:
				return edge, turn, holder
		if holder := _by_hand(before, target):
			return (
				Edge(before.get(STATE), _("Tindakan tambahan"), self.get(STATE), None),
				actors.Turn(()),
				holder,
			)
		if not any(fold(e.next_state) == target for e in edges):
			_refuse(
				_(
					"Menurut SOP, status {0} tidak dapat langsung menjadi {1}. Gunakan tombol Tindakan."
				).format(before.get(STATE), self.get(STATE))
			)
		_refuse(_locked(before))

	def require_papers(self, step):
		"""Called when `step` is about to be completed; controllers refuse while a paper of it is missing."""

	def start_step(self):
		"""Called when the document enters a step, its first one included; controllers set their own fields here."""

	def step_done(self, edge: Edge, holder):
		"""Called in the transaction of a step, after it was logged."""

	def step_completed(self):
		"""The Step that this save completes; None for a return, a cancellation and everything else."""
		taken = self.flags.step_taken
		return taken[0].step if taken and not taken[0].is_return else None

	def leaving_last_editable(self) -> bool:
		"""Whether this save completes the last step in which the content could be edited."""
		step, chain = self.step_completed(), self.chain()
		return bool(step and chain) and step == chain.last_editable

	def signed_already(self) -> bool:
		"""Whether a party signed, and it was not returned since: from then on the parties are fixed."""
		chain = self.chain()
		if not chain or self.is_new():
			return False
		rows = standing(log.rows_of(self.name), [step.state for step in chain.steps], SIGNATURE)
		return any((step := chain.step(row.dari)) and step.is_signature for row in rows)

	def changed_content(self, before) -> list[str]:
		"""Labels of content fields that differ from the stored document, rows of tables included."""
		skip = {STATE, *type(self).SERVER_FIELDS, *type(self).PARTY_FIELDS}
		return [_(df.label or df.fieldname) for df in changed(self, before, skip)]

	# ---------------------------------------------------------------------------------------------- after the step

	def _after_step(self):
		taken = self.flags.step_taken
		if not taken:
			return
		edge, holder, reason, stand_in = taken
		log.append(self, self.get_doc_before_save(), edge, holder, reason, stand_in)
		self.step_done(edge, holder)
		self._drop_stale_actions()
		self.flags.assigning_next = True  # until on_change: core's own on_update hook runs in between

	def _drop_stale_actions(self):
		"""H5: core takes any old row of the state we enter for "already created", and tells nobody a second time."""
		stale = frappe.get_all(
			"Workflow Action",
			{
				"reference_doctype": self.doctype,
				"reference_name": self.name,
				"workflow_state": self.get(STATE),
			},
			pluck="name",
		)
		if stale:
			frappe.db.delete("Workflow Action Permitted Role", {"parent": ("in", stale)})
			frappe.db.delete("Workflow Action", {"name": ("in", stale)})


class RowGuard:
	"""For each child table: class TargetKinerja(RowGuard, Document). validate and on_trash don't run when the parent
	handles its rows."""

	@Document.parent_doc.getter
	def parent_doc(self):
		"""Core asks this record for permission, and the role alone where a row that was loaded by itself has none."""
		if found := Document.parent_doc.fget(self):
			return found
		# whose row it is says the database, not the client's JSON
		row = self.name and frappe.db.get_value(self.doctype, self.name, ["parenttype", "parent"])
		return frappe.get_doc(*row) if row and frappe.db.exists(*row) else None

	def validate(self):
		_refuse(_("Simpan lewat {0}, bukan per baris.").format(_(self.parenttype or "")))

	def on_trash(self):
		_refuse(_("Hapus baris lewat {0}.").format(_(self.parenttype or "")))


def _by_hand(before, target: str):
	"""The holder for a transition that an admin added by hand: it must name this chain, its role must cover the unit."""
	name = get_workflow_name(before.doctype)
	for row in get_workflow(before.doctype).transitions if name else ():
		if (
			fold(row.state) == fold(before.get(STATE))
			and fold(row.next_state) == target
			and not is_generated(row.condition)
			and chain_in(row.condition) == before.alur
		):
			found = assignments.in_force(user=frappe.session.user, unit=before.unit, roles=[row.allowed])
			if found:
				return found[0]
	return None


def _docstatus(doc, state: str) -> int | None:
	chain = doc.chain()
	status = chain.docstatus(state) if chain else None
	if status is None and get_workflow_name(doc.doctype):
		for row in get_workflow(doc.doctype).states:
			if fold(row.state) == fold(state):
				return cint(row.doc_status)
	return status


def _locked(doc) -> str:
	step = doc.current_step()
	if not step:
		return _("PK ini berstatus {0} dan tidak dapat diubah.").format(doc.get(STATE))
	turn = doc.current_turn()
	waiting = ", ".join(sorted({actors.title(h) for h in turn.holders})) or ", ".join(step.roles)
	if turn.of(frappe.session.user):
		return _("Pada langkah {0} isi PK tidak dapat diubah. Gunakan tombol Tindakan.").format(step.state)
	return _("PK ini sedang pada langkah {0} dan menunggu {1}, bukan Anda.").format(step.state, waiting)


def _refuse(message: str):
	frappe.throw(message, frappe.PermissionError, title=_("Belum dapat dilakukan"))
