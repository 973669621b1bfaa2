import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate
from pypika import functions

from perjankin_app import grants, locks, permissions
from perjankin_app.changes import changed
from perjankin_app.nip import check_nip, masked
from perjankin_app.workflow.conflict import ToldPlainly

WITH_NIP = ("PNS", "PPPK")
IDENTITY = ("nama", "nip", "status_kepegawaian")


class Pejabat(ToldPlainly, Document):
	def validate(self):
		permissions.check_scope(self)
		self.validate_authority()
		self.validate_nip()
		self.set_shown_nip()
		self.validate_user()

	def on_update(self):
		before = self.get_doc_before_save()
		if before and before.user != self.user:
			grants.reconcile(before.user, leaving=grants.recorded(pejabat=self.name))
		grants.reconcile(self.user)

	def validate_authority(self):
		"""Who moves between OPD, and what the Pemda's own officials are called, is Admin Pemda's; rank and grade are not."""
		before = self.get_doc_before_save()
		if not before or self.flags.ignore_permissions or permissions.is_pemda_admin():
			return
		fields = {df.fieldname for df in changed(self, before)}
		if "opd" in fields:
			frappe.throw(
				_("OPD: hanya PK Admin Pemda yang dapat memindahkan pejabat ke OPD lain."),
				frappe.PermissionError,
			)
		if fields.intersection(IDENTITY) and self.is_pemdas():
			frappe.throw(
				_("Nama dan NIP {0} hanya dapat diubah PK Admin Pemda.").format(before.nama),
				frappe.PermissionError,
			)

	def is_pemdas(self) -> bool:
		"""Whether this official holds, or will hold, a post that is the Pemda's to give."""
		rows = frappe.get_all("Penugasan Jabatan", {"pejabat": self.name}, ["jabatan", "selesai"])
		return any(
			frappe.get_doc("Jabatan", row.jabatan).is_pemdas()
			for row in rows
			if not row.selesai or getdate(row.selesai) >= getdate()
		)

	def validate_nip(self):
		self.nip = "".join((self.nip or "").split())
		if self.status_kepegawaian not in WITH_NIP:
			if self.nip:
				frappe.throw(_("NIP: {0} tidak ber-NIP. Kosongkan NIP.").format(self.status_kepegawaian))
			return
		try:
			check_nip(self.nip, civil_servant=self.status_kepegawaian == "PNS", today=getdate())
		except ValueError as e:
			frappe.throw(_("NIP: {0}.").format(_(str(e))))
		if twin := self.other_with("nip"):
			frappe.throw(_("NIP: {0} sudah dipakai {1}. Periksa kembali NIP.").format(self.nip, twin))

	def set_shown_nip(self):
		"""The NIP for who may not see it whole: `nip` has a permlevel, and this one none."""
		self.nip_tampil = masked(self.nip) if masks_nip() else self.nip

	def validate_user(self):
		if not self.has_value_changed("user") or (self.is_new() and not self.user):
			return
		if not self.flags.ignore_permissions and not permissions.is_pemda_admin():
			frappe.throw(
				_("Akun Pengguna: hanya PK Admin Pemda yang dapat menghubungkan akun."),
				frappe.PermissionError,
			)
		if self.user and (twin := self.other_with("user")):
			frappe.throw(_("Akun Pengguna: {0} sudah dipakai {1}.").format(self.user, twin))

	def other_with(self, field: str) -> str | None:
		"""How to call another Pejabat with the same value: by name only to those who may read the record."""
		twin = locks.twin(self, field, read=["name", "nama"])
		if not twin:
			return None
		return twin.nama if frappe.has_permission("Pejabat", "read", doc=twin.name) else _("pejabat OPD lain")


def masks_nip() -> bool:
	return bool(frappe.db.get_single_value("Pengaturan Perjankin", "samarkan_nip"))


def show_nips():
	"""After `samarkan_nip` has changed: of every Pejabat, by the database."""
	official = frappe.qb.DocType("Pejabat")
	digits = functions.Substring
	shown = (
		functions.Concat("********", digits(official.nip, 9, 6), "*", digits(official.nip, 16, 3))
		if masks_nip()
		else official.nip
	)
	frappe.qb.update(official).set(official.nip_tampil, shown).where(official.nip != "").run()
