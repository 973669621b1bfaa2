import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from perjankin_app import grants, permissions
from perjankin_app.nip import check_nip

WITH_NIP = ("PNS", "PPPK")


class Pejabat(Document):
	def validate(self):
		permissions.check_scope(self)
		self.validate_nip()
		self.validate_user()

	def on_update(self):
		before = self.get_doc_before_save()
		if before and before.user != self.user:
			grants.take_back(before.user, pejabat=self.name)
			grants.reconcile(before.user)
		grants.reconcile(self.user)

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
		if twin := self.other_with(nip=self.nip):
			frappe.throw(_("NIP: {0} sudah dipakai {1}. Periksa kembali NIP.").format(self.nip, twin))

	def validate_user(self):
		if not self.has_value_changed("user") or (self.is_new() and not self.user):
			return
		if not self.flags.ignore_permissions and not permissions.is_pemda_admin():
			frappe.throw(
				_("Akun Pengguna: hanya PK Admin Pemda yang dapat menghubungkan akun."),
				frappe.PermissionError,
			)
		if self.user and (twin := self.other_with(user=self.user)):
			frappe.throw(_("Akun Pengguna: {0} sudah dipakai {1}.").format(self.user, twin))

	def other_with(self, **same) -> str | None:
		"""How to call another Pejabat with the same value: by name only to those who may read the record."""
		twin = frappe.db.get_value(
			"Pejabat", {**same, "name": ("!=", self.name)}, ["name", "nama"], as_dict=True
		)
		if not twin:
			return None
		return twin.nama if frappe.has_permission("Pejabat", "read", doc=twin.name) else _("pejabat OPD lain")
