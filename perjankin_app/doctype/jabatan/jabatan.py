import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists

from perjankin_app import assignments, grants, locks, permissions
from perjankin_app.changes import changed
from perjankin_app.workflow.composer import EMPLOYEE
from perjankin_app.workflow.conflict import ToldPlainly

ALONE = "Kepala Daerah"  # who signs without a superior
HEADS = (ALONE, "JPT")  # whose PK is the Pemda's, or the OPD's


class Jabatan(permissions.DerivesOPD, ToldPlainly, Document):
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
		self.validate_authority()
		self.validate_superior()
		self.validate_level()
		self.validate_roles()

	def on_update(self):
		for row in assignments.in_force(jabatan=self.name):
			grants.reconcile(row.user)

	def derive_opd(self):
		self.opd = frappe.db.get_value("Unit Kerja", self.unit, "opd")
		self.lingkup = self.lingkup or self.opd

	def validate_move(self):
		before = self.get_doc_before_save()
		if not before or before.opd == self.opd:
			return
		if locks.find("Penugasan Jabatan", {"jabatan": self.name}):
			frappe.throw(
				_("Jabatan ini sudah dipakai pada Penugasan di {0}. Buat jabatan baru untuk {1}.").format(
					before.opd, self.opd
				)
			)

	def is_pemdas(self) -> bool:
		"""Whether this post heads an OPD or reaches beyond it: only Admin Pemda gives that away, or touches it later."""
		scope = frappe.db.get_value("Unit Kerja", self.lingkup, ["opd", "jenis"], as_dict=True)
		return (
			self.jenjang in HEADS
			or not permissions.PRIVILEGED.isdisjoint(row.peran for row in self.peran)
			or bool(scope and (scope.opd != self.opd or scope.jenis == "Pemda"))
		)

	def validate_authority(self):
		"""Asked of what is stored too: else the power is taken away first, and what is left is changed then."""
		before = self.get_doc_before_save()
		if (
			self.flags.ignore_permissions
			or permissions.is_pemda_admin()
			or (before and not changed(self, before))
		):
			return
		if self.is_pemdas() or (before and before.is_pemdas()):
			frappe.throw(
				_(
					"Jabatan kepala daerah, kepala OPD, dan yang wewenangnya melampaui satu OPD hanya dibuat dan diubah PK "
					"Admin Pemda. Mintalah kepadanya."
				),
				frappe.PermissionError,
			)
		if before and frappe.session.user in {row.user for row in assignments.in_force(jabatan=self.name)}:
			frappe.throw(
				_("Anda sendiri memegang jabatan ini. Minta PK Admin Pemda mengubahnya."),
				frappe.PermissionError,
			)
		moved = self.has_value_changed("atasan") or self.has_value_changed("opd")
		for post in {self.atasan, before and before.atasan} - {None, ""} if moved else ():
			if frappe.db.get_value("Jabatan", post, "opd") != self.opd:
				frappe.throw(
					_(
						"Jabatan Atasan Langsung: pilih jabatan pada OPD ini. Atasan di luar OPD hanya diisi PK Admin Pemda."
					),
					frappe.PermissionError,
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

	def validate_level(self):
		moved = self.has_value_changed("jenjang") or self.has_value_changed("unit")
		alone = self.jenjang == ALONE and moved
		if alone and frappe.db.get_value("Unit Kerja", self.unit, "jenis") != "Pemda":
			frappe.throw(_("Jenjang: {0} hanya untuk jabatan pada unit berjenis Pemda.").format(self.jenjang))

	def validate_roles(self):
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


def _is_ours(role: str) -> bool:
	from perjankin_app.install import ROLES

	return role in ROLES
