import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from perjankin_app import assignments, grants, permissions

PREFIX = {"Definitif": "", "Plt.": "Plt. ", "Plh.": "Plh. ", "Pj.": "Pj. "}


class PenugasanJabatan(permissions.DerivesOPD, Document):
	def validate(self):
		self.derive()
		permissions.check_scope(self)
		self.validate_authority()
		self.validate_dates()
		self.validate_overlap()
		self.keep_record_of_grants()

	def on_update(self):
		before = self.get_doc_before_save()
		for official in {self.pejabat, before.pejabat if before else self.pejabat}:
			grants.reconcile(frappe.db.get_value("Pejabat", official, "user"))
		self.load_grants()

	def on_trash(self):
		grants.take_back(frappe.db.get_value("Pejabat", self.pejabat, "user"), name=self.name)

	def after_delete(self):
		grants.reconcile(frappe.db.get_value("Pejabat", self.pejabat, "user"))

	def derive(self):
		post = frappe.db.get_value("Jabatan", self.jabatan, ["opd", "nama"], as_dict=True)
		name = frappe.db.get_value("Pejabat", self.pejabat, "nama")
		if post:
			self.opd = post.opd
			self.judul = f"{PREFIX.get(self.status, '')}{post.nama} – {name or ''}"[:140]

	def validate_authority(self):
		"""Admin OPD assigns within the own OPD; heads and power beyond it are Admin Pemda's."""
		if self.flags.ignore_permissions or permissions.is_pemda_admin():
			return
		lingkup = frappe.db.get_value("Jabatan", self.jabatan, "lingkup")
		privileged = assignments.roles_of({self.jabatan})[self.jabatan] & permissions.PRIVILEGED
		if privileged or frappe.db.get_value("Unit Kerja", lingkup, "opd") != self.opd:
			frappe.throw(
				_("Penugasan pada {0} hanya dapat diisi PK Admin Pemda.").format(self.jabatan),
				frappe.PermissionError,
			)
		home = frappe.db.get_value("Pejabat", self.pejabat, "opd")
		if home != self.opd:
			frappe.throw(
				_("Pejabat berasal dari {0}. Penugasan lintas OPD hanya dapat diisi PK Admin Pemda.").format(
					home
				),
				frappe.PermissionError,
			)

	def validate_dates(self):
		if self.selesai and getdate(self.selesai) < getdate(self.mulai):
			frappe.throw(_("TMT Selesai mendahului TMT Mulai. Perbaiki salah satunya."))

	def validate_overlap(self):
		"""A structural jabatan has one definitive holder at a time; acting ones and staff may overlap."""
		if self.status != "Definitif" or not frappe.db.get_value("Jabatan", self.jabatan, "struktural"):
			return
		for other in frappe.get_all(
			"Penugasan Jabatan",
			{"jabatan": self.jabatan, "status": "Definitif", "name": ("!=", self.name)},
			["name", "judul", "mulai", "selesai"],
		):
			starts_before_end = not other.selesai or getdate(self.mulai) <= getdate(other.selesai)
			ends_after_start = not self.selesai or getdate(self.selesai) >= getdate(other.mulai)
			if starts_before_end and ends_after_start:
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
