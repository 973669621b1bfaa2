import frappe
from frappe import _
from frappe.model.document import Document

from perjankin_app import locks, rounds
from perjankin_app.papers import PaperOfPK
from perjankin_app.workflow import actors

# everything but the two texts: written by the server, or once
FIXED = "status perjanjian_kinerja opd putaran bagian indikator nomenklatur pemberi penanggap owner creation".split()


class CatatanAsistensi(PaperOfPK, Document):
	"""A remark on one row of a PK, or on all of it: given and closed by the reviewer, answered by the drafter."""

	def validate(self):
		before = self.get_doc_before_save()
		for field in FIXED if before else ():
			self.set(field, before.get(field))
		self.follow_pk()
		pk = self.pk()
		if before:
			self.change(before, pk)
		else:
			self.give(pk)

	def on_trash(self):
		self.require_giver(self.pk())

	def takes_files(self) -> bool:
		"""While it is open: from who gave it, in its round, and from the drafter who answers it."""
		pk = frappe.get_doc("Perjanjian Kinerja", self.perjanjian_kinerja)
		given = (
			rounds.reviewer(pk) and self.owner == frappe.session.user and self.putaran == rounds.number(pk)
		)
		return self.status == rounds.OPEN and bool(given or rounds.drafter(pk))

	def files_stay_since(self):
		"""Each takes off what they have attached in the running step, not what the other one has."""
		return frappe.db.get_value("Perjanjian Kinerja", self.perjanjian_kinerja, "langkah_sejak")

	def pk(self):
		"""With a lock: the PK stays in its step until this transaction is over."""
		return locks.latest("Perjanjian Kinerja", self.perjanjian_kinerja)

	def give(self, pk):
		holder = require_reviewer(pk)
		self.status, self.putaran, self.pemberi = rounds.OPEN, rounds.number(pk), actors.title(holder)
		self.tanggapan = self.penanggap = None
		self.check_row(pk)

	def check_row(self, pk):
		"""A remark on a row names one that the PK has now."""
		for part, field, rows, label in (
			("Target Kinerja", "indikator", pk.target, _("Indikator")),
			("Program", "nomenklatur", pk.program, _("Nomenklatur")),
		):
			if self.bagian != part:
				self.set(field, None)
			elif self.get(field) not in {row.get(field) for row in rows}:
				frappe.throw(
					_("{0}: pilih salah satu baris {1} pada {2}.").format(label, _(part), pk.name),
					title=_("Baris tidak ada pada PK"),
				)

	def change(self, before, pk):
		if not (rounds.reviewer(pk) or rounds.drafter(pk)):
			_refuse(_waiting(pk))
		if (self.catatan or "") != (before.catatan or ""):
			self.require_giver(pk)
		if (self.tanggapan or "") != (before.tanggapan or ""):
			answered_by = self.require_drafter(pk)
			self.penanggap = answered_by if self.tanggapan else None
		if self.flags.status:  # by `resolve` and `reopen`, which have asked
			self.status = self.flags.status

	def require_giver(self, pk):
		require_reviewer(pk)
		if self.owner != frappe.session.user:
			_refuse(
				_("Catatan ini diberikan {0}; hanya pemberinya yang dapat mengubahnya.").format(self.pemberi)
			)
		if self.status != rounds.OPEN or self.putaran != rounds.number(pk):
			_refuse(
				_(
					"Catatan hanya diubah selama Terbuka dan pada putarannya sendiri (putaran {0}). Beri catatan baru."
				).format(self.putaran)
			)

	def require_drafter(self, pk) -> str:
		holder = rounds.drafter(pk)
		if not holder:
			_refuse(_("Tanggapan ditulis penyusun. {0}").format(_waiting(pk)))
		if self.status != rounds.OPEN:
			_refuse(_("Catatan ini sudah Selesai, tidak perlu ditanggapi lagi."))
		return actors.title(holder)


def require_reviewer(pk):
	holder = rounds.reviewer(pk)
	if not holder:
		_refuse(
			_("Catatan Asistensi diberikan dan diselesaikan pemegang langkah Asistensi. {0}").format(
				_waiting(pk)
			)
		)
	return holder


@frappe.whitelist(methods=["POST"])
def resolve(name: str):
	"""The reviewer finds the remark answered, or the PK mended."""
	_set_status(name, rounds.CLOSED)


@frappe.whitelist(methods=["POST"])
def reopen(name: str):
	_set_status(name, rounds.OPEN)


def _set_status(name: str, status: str):
	doc = frappe.get_doc("Catatan Asistensi", name)
	doc.check_permission("write")
	require_reviewer(doc.pk())
	if doc.status != status:
		doc.flags.status = status
		doc.save()


def _waiting(pk) -> str:
	step, turn = pk.current_step(), pk.current_turn()
	if not step:
		return _("{0} berstatus {1}.").format(pk.name, pk.workflow_state)
	waiting = ", ".join(sorted({actors.title(h) for h in turn.holders})) or ", ".join(step.roles)
	return _("{0} sedang pada langkah {1} dan menunggu {2}.").format(pk.name, step.state, waiting)


def _refuse(message: str):
	frappe.throw(message, frappe.PermissionError, title=_("Belum dapat dilakukan"))
