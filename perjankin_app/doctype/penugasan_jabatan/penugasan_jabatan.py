import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, formatdate, getdate

from perjankin_app import assignments, grants, locks, moments, permissions, tenure
from perjankin_app.changes import changed
from perjankin_app.workflow.conflict import ToldPlainly

PREFIX = {"Definitif": "", "Plt.": "Plt. ", "Plh.": "Plh. ", "Pj.": "Pj. "}
WHO = ("pejabat", "jabatan")
POWER = (*WHO, "status", "mulai", "selesai")
# what keeps the name of a Penugasan for whoever holds it: parties, steps taken, signatures
NAMED_BY = (
	("Perjanjian Kinerja", "pihak_pertama"),
	("Perjanjian Kinerja", "pihak_kedua"),
	("Riwayat Alur", "penugasan"),
	("Tanda Tangan PK", "penugasan"),
	("Naskah Dinas", "penanda_tangan"),
	("Data Bidang", "penanda_tangan"),
	("Peserta Rapat", "penugasan"),
)


class PenugasanJabatan(permissions.DerivesOPD, ToldPlainly, Document):
	def check_if_latest(self):
		"""Core locks the own row here; the gate goes first: whoever saves another Penugasan of the jabatan waits there."""
		locks.alone(self.doctype, jabatan=cstr(self.jabatan))
		super().check_if_latest()

	def validate(self):
		self.derive()
		permissions.check_scope(self)
		self.validate_authority()
		self.keep_person()
		self.validate_dates()
		self.refuse_twin()
		self.validate_overlap()
		self.keep_record_of_grants()

	def on_update(self):
		before = self.get_doc_before_save()
		if before and before.pejabat != self.pejabat:
			grants.reconcile(frappe.db.get_value("Pejabat", before.pejabat, "user"), leaving=[before])
		grants.reconcile(frappe.db.get_value("Pejabat", self.pejabat, "user"))
		self.load_grants()

	def on_trash(self):
		if self.is_named():
			frappe.throw(
				_("Penugasan ini sudah dipakai pada PK, jadi tidak dapat dihapus. Isi TMT Selesai."),
				frappe.LinkExistsError,
			)

	def after_delete(self):
		grants.reconcile(frappe.db.get_value("Pejabat", self.pejabat, "user"), leaving=[self])

	def derive(self):
		post = frappe.db.get_value("Jabatan", self.jabatan, ["opd", "nama"], as_dict=True)
		name = frappe.db.get_value("Pejabat", self.pejabat, "nama")
		if post:
			self.opd = post.opd
			self.judul = f"{PREFIX.get(self.status, '')}{post.nama} – {name or ''}"[:140]

	def validate_authority(self):
		"""Admin OPD assigns others within the own OPD; heads, power beyond it and the own person are Admin Pemda's.

		What is stored is judged too: else a Penugasan is made harmless and taken over in one step.
		"""
		if self.flags.ignore_permissions or permissions.is_pemda_admin():
			return
		before = self.get_doc_before_save()
		for row in filter(None, (before, self)):
			post = frappe.get_doc("Jabatan", row.jabatan)
			if post.is_pemdas():
				frappe.throw(
					_("Penugasan pada {0} hanya dapat diisi dan diubah PK Admin Pemda.").format(row.jabatan),
					frappe.PermissionError,
				)
			official = frappe.db.get_value("Pejabat", row.pejabat, ["opd", "user"], as_dict=True)
			if official.opd != post.opd:
				frappe.throw(
					_(
						"Pejabat itu berasal dari OPD lain. Penugasan lintas OPD hanya dapat diisi dan diubah PK Admin "
						"Pemda."
					),
					frappe.PermissionError,
				)
			if official.user == frappe.session.user and self._gives(before):
				frappe.throw(
					_("Penugasan Anda sendiri diisi dan diubah PK Admin Pemda."), frappe.PermissionError
				)

	def _gives(self, before) -> bool:
		return not before or any(df.fieldname in POWER for df in changed(self, before))

	def keep_person(self):
		"""Whoever is put into a Penugasan that was acted with would have done what somebody else did."""
		before = self.get_doc_before_save()
		if not before or not any(df.fieldname in WHO for df in changed(self, before)):
			return
		if self.is_named():
			frappe.throw(
				_(
					"Penugasan ini sudah dipakai pada PK, jadi Pejabat dan Jabatannya tetap. Isi TMT Selesai, lalu buat "
					"penugasan baru."
				)
			)

	def is_named(self) -> bool:
		"""With a lock: a step that was taken by it since this request began counts."""
		return any(
			frappe.db.get_value(doctype, {field: self.name}, "name", order_by=None, for_update=True)
			for doctype, field in NAMED_BY
		)

	def validate_dates(self):
		if self.selesai and getdate(self.selesai) < getdate(self.mulai):
			frappe.throw(_("TMT Selesai mendahului TMT Mulai. Perbaiki salah satunya."))

	def refuse_twin(self):
		"""Nobody holds a jabatan twice at once, whatever the status. Of two that are there already each can be shortened.

		The gate of the jabatan is passed, see `check_if_latest`: no other request stores one meanwhile.
		"""
		before = self.get_doc_before_save()
		same = {field: self.get(field) for field in WHO}
		for other in frappe.get_all(
			self.doctype, {**same, "name": ("!=", self.name or "")}, ["name", "judul", "mulai", "selesai"]
		):
			was_there = before and same == {field: before.get(field) for field in WHO}
			if tenure.overlap(_term(self), _term(other)) and not (
				was_there and tenure.overlap(_term(before), _term(other))
			):
				frappe.throw(
					_(
						"{0} ({1}) sudah ada, {2}: pejabat, jabatan, dan waktunya sama. Buka penugasan itu bila ada yang berubah."
					).format(other.judul, other.name, _period(*_term(other))),
					frappe.DuplicateEntryError,
					title=_("Penugasan ini sudah ada"),
				)

	def validate_overlap(self):
		"""A structural jabatan has one definitive holder at a time; acting ones and staff may overlap."""
		if self.status != "Definitif" or not frappe.db.get_value("Jabatan", self.jabatan, "struktural"):
			return
		for other in frappe.get_all(
			"Penugasan Jabatan",
			{"jabatan": self.jabatan, "status": "Definitif", "name": ("!=", self.name or "")},
			["name", "judul", "mulai", "selesai"],
		):
			if tenure.overlap(_term(self), _term(other)):
				frappe.throw(
					_(
						"Bertumpang tindih dengan {0} ({1}). Isi TMT Selesai penugasan itu lebih dahulu."
					).format(other.judul, other.name)
				)

	def keep_record_of_grants(self):
		"""Server's own notes: a client can neither write nor lose them."""
		before = self.get_doc_before_save()
		self.peran_diberikan = before.peran_diberikan if before else ""
		self.izin_diberikan = before.izin_diberikan if before else ""

	def load_grants(self):
		stored = frappe.db.get_value(
			"Penugasan Jabatan", self.name, ["peran_diberikan", "izin_diberikan"], as_dict=True
		)
		if stored:
			self.update(stored)


def _term(row) -> tenure.Term:
	return getdate(row.mulai), getdate(row.selesai) if row.selesai else None


@frappe.whitelist()
def notices(
	jabatan: str | None = None,
	pejabat: str | None = None,
	mulai: str | None = None,
	selesai: str | None = None,
	status: str = "Definitif",
	name: str | None = None,
) -> list[str]:
	"""For the form, saved or not: who else holds the jabatan, when nobody does, and why the account may get nothing."""
	found = []
	if jabatan:
		frappe.get_doc("Jabatan", jabatan).check_permission("read")
	if jabatan and mulai and _is_term(mulai, selesai):
		found += _about_terms(
			frappe._dict(jabatan=jabatan, mulai=mulai, selesai=selesai, status=status, name=name)
		)
	if pejabat and frappe.has_permission("Pejabat", "read", doc=pejabat):
		found += _about_account(pejabat, jabatan)
	return found


def _is_term(mulai: str, selesai: str | None) -> bool:
	try:
		return bool(moments.read_date(mulai) and (not selesai or moments.read_date(selesai)))
	except ValueError:  # refused when it is saved
		return False


def _about_terms(row) -> list[str]:
	mine, today = _term(row), getdate()
	if mine[1] and mine[1] < mine[0]:
		return []  # refused when it is saved
	others = frappe.get_all(
		"Penugasan Jabatan",
		{"jabatan": row.jabatan, "name": ("!=", row.name or "")},
		["name", "judul", "status", "mulai", "selesai"],
		order_by="mulai",
	)
	one_holder = frappe.db.get_value("Jabatan", row.jabatan, "struktural")
	found = [
		_(
			"Bersamaan dengan {0} ({1}), {2}. Selama itu keduanya berwenang; isi TMT Selesai bila seharusnya bergantian."
		).format(other.judul, other.name, _period(*_term(other)))
		for other in others
		if tenure.overlap(mine, _term(other))
		and (one_holder or {row.status, other.status} != {"Definitif"})  # staff share a jabatan
	]
	for start, end in tenure.gaps([mine, *map(_term, others)], today):
		now = (not start or start <= today) and (not end or end >= today)
		beside = end == mine[0] - tenure.DAY or (mine[1] and start == mine[1] + tenure.DAY)
		if now or beside:
			found.append(_("Jabatan ini {0}.").format(_gap(start, end)) + (" " + _waiting() if now else ""))
	return found


def _waiting() -> str:
	return _("PK yang menunggu jabatan ini tidak dapat berjalan; tugaskan seorang Plt. atau Plh.")


def _gap(start, end) -> str:
	if not start:
		return _("belum ada pemegangnya sampai {0}").format(formatdate(end))
	return _("tanpa pemegang {0}").format(_period(start, end))


def _period(start, end) -> str:
	if not end:
		return _("sejak {0}").format(formatdate(start))
	return _("{0} s.d. {1}").format(formatdate(start), formatdate(end))


def _about_account(pejabat: str, jabatan: str | None) -> list[str]:
	user = frappe.db.get_value("Pejabat", pejabat, "user")
	if not user:
		return [
			_(
				"Pejabat ini belum punya akun, jadi tugas ini tidak memberi wewenang. Minta PK Admin Pemda mengisi Akun Pengguna pada Pejabat."
			)
		]
	if not frappe.db.get_value("User", user, "enabled"):
		return [_("Akun {0} dinonaktifkan. Minta System Manager mengaktifkannya.").format(user)]
	profiles = grants.role_profiles(user)
	missing = assignments.roles_of({jabatan})[jabatan] - set(frappe.get_roles(user)) if jabatan else ()
	if profiles and missing:
		return [
			_(
				"Akun {0} memakai Role Profile {1}, sehingga peran {2} tidak dapat diberikan. Minta System Manager melepas Role Profile itu dari akun, atau menambahkan peran tersebut ke dalamnya."
			).format(user, ", ".join(profiles), ", ".join(sorted(missing)))
		]
	return []
