import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists

from perjankin_app import assignments, grants, permissions
from perjankin_app.workflow.composer import EMPLOYEE


class Jabatan(permissions.DerivesOPD, Document):
	def onload(self):
		holders = assignments.in_force(jabatan=self.name)
		self.set_onload(
			"pemegang", [{"nama": h.nama, "status": h.status, "akun": bool(h.user)} for h in holders]
		)

	def autoname(self):
		self.nama = " ".join((self.nama or "").split())
		self.derive_opd()
		short = frappe.db.get_value("Unit Kerja", self.opd, "singkatan")
		self.name = append_number_if_name_exists("Jabatan", f"{self.nama} - {short}" if short else self.nama)

	def validate(self):
		self.derive_opd()
		permissions.check_scope(self)
		self.validate_move()
		self.validate_superior()
		self.validate_scope()
		self.validate_roles()

	def on_update(self):
		for row in assignments.in_force(jabatan=self.name):
			grants.reconcile(row.user)

	def derive_opd(self):
		self.opd = frappe.db.get_value("Unit Kerja", self.unit, "opd")
		self.lingkup = self.lingkup or self.opd

	def validate_move(self):
		before = self.get_doc_before_save()
		if (
			before
			and before.opd != self.opd
			and frappe.db.exists("Penugasan Jabatan", {"jabatan": self.name})
		):
			frappe.throw(
				_("Jabatan ini sudah dipakai pada Penugasan di {0}. Buat jabatan baru untuk {1}.").format(
					before.opd, self.opd
				)
			)

	def validate_superior(self):
		if not self.atasan:
			return
		if self.atasan == self.name or self.name in assignments.superiors(self.atasan):
			frappe.throw(
				_(
					"Jabatan Atasan Langsung: {0} adalah jabatan ini sendiri atau bawahannya. Pilih atasan lain."
				).format(self.atasan)
			)

	def validate_scope(self):
		"""Power beyond the own OPD is given by Admin Pemda only."""
		inside = frappe.db.get_value("Unit Kerja", self.lingkup, "opd") == self.opd
		changed = self.is_new() or self.has_value_changed("lingkup")
		if not inside and changed and not self.flags.ignore_permissions and not permissions.is_pemda_admin():
			frappe.throw(
				_(
					"Lingkup Wewenang {0} di luar OPD jabatan ini. Hanya PK Admin Pemda yang dapat memberikannya."
				).format(self.lingkup),
				frappe.PermissionError,
			)

	def validate_roles(self):
		before = self.get_doc_before_save()
		had = {row.peran for row in before.peran} if before else set()
		seen = set()
		for row in self.peran:
			if not (row.peran or "").startswith("PK ") or not _is_ours(row.peran):
				frappe.throw(
					_("Peran baris {0}: {1} bukan peran aplikasi ini. Pilih peran berawalan PK.").format(
						row.idx, row.peran
					)
				)
			if row.peran in seen or row.peran == EMPLOYEE:
				frappe.throw(_("Peran baris {0}: {1} sudah ada. Hapus baris ini.").format(row.idx, row.peran))
			seen.add(row.peran)
		risen = (seen ^ had) & permissions.PRIVILEGED
		if risen and not self.flags.ignore_permissions and not permissions.is_pemda_admin():
			frappe.throw(
				_("Peran {0} hanya dapat diberikan atau dicabut oleh PK Admin Pemda.").format(
					", ".join(sorted(risen))
				),
				frappe.PermissionError,
			)


def _is_ours(role: str) -> bool:
	from perjankin_app.install import ROLES

	return role in ROLES
