import frappe
from frappe import _
from frappe.utils.nestedset import NestedSet

from perjankin_app import numbering, office_hours, permissions
from perjankin_app.changes import changed
from perjankin_app.workflow import deadlines
from perjankin_app.workflow.conflict import ToldPlainly

OPD_LEVEL = ("OPD", "Pemda")


class UnitKerja(ToldPlainly, NestedSet):
	nsm_parent_field = "parent_unit_kerja"

	def autoname(self):
		"""`BPSDM …` for an OPD, `Sekretariat - BPSDM` below it: two OPD both have a Sekretariat."""
		self.nama = " ".join((self.nama or "").split())
		if self.jenis in OPD_LEVEL:
			self.name = self.nama
			return
		self.derive_opd()
		short = frappe.db.get_value("Unit Kerja", self.opd, "singkatan") if self.opd else None
		self.name = f"{self.nama} - {short}" if short else self.nama

	def check_permission(self, permtype="read", permlevel=None):
		"""v15 wants a User Permission for the new node's own name, which nobody can have (frappe#13569): for a new
		node the role is asked here, and power over its place in `validate_scope`."""
		if permtype == "create" and frappe.has_permission(self.doctype, "create"):
			return
		super().check_permission(permtype, permlevel)

	def validate(self):
		self.validate_parent()
		self.derive_opd()
		self.validate_scope()
		self.validate_short_name()
		self.validate_chains()
		self.validate_hours()

	def on_update(self):
		super().on_update()
		self.pass_opd_down()
		frappe.cache.delete_key(
			"user_permissions"
		)  # core (before 2025-08) does not see a new child otherwise
		if office_hours.changed(self):
			deadlines.recompute_soon(self.opd)

	def after_rename(self, old, new, merge=False):
		"""The log's hashes cover the OPD, and what is frozen of a signed PK its unit, as they were written down."""
		super().after_rename(old, new, merge)
		frappe.cache.delete_key("user_permissions")  # they don't know the new name yet
		self.check_permission("write")
		if frappe.db.exists("Riwayat Alur", {"opd": new}) or frappe.db.exists(
			"Perjanjian Kinerja", {"unit": new, "docstatus": (">", 0)}
		):
			frappe.throw(
				_(
					"{0} sudah punya riwayat PK. Ubah kolom Nama saja, tanpa mengganti nama dokumennya."
				).format(old)
			)

	def validate_scope(self):
		"""A new OPD is nobody's yet: whoever makes it, or moves a unit, must have power over where it is put."""
		before = self.get_doc_before_save()
		opds = {before.opd} if before else set()
		if before or self.jenis not in OPD_LEVEL:
			opds.add(self.opd)
		if not before or before.parent_unit_kerja != self.parent_unit_kerja:
			opds.add(
				frappe.db.get_value("Unit Kerja", self.parent_unit_kerja, "opd")
				if self.parent_unit_kerja
				else None
			)
		permissions.require_scope(self, opds)
		self.validate_tree(before)

	def validate_tree(self, before):
		"""What stands above an OPD reaches it by its place in the tree: that place is not the OPD's own to change."""
		stays = before and not {df.fieldname for df in changed(self, before)} & {"jenis", "parent_unit_kerja"}
		if self.flags.ignore_permissions or stays:
			return
		was = before or self
		kinds = {self.jenis, was.jenis}
		beyond = kinds.intersection(OPD_LEVEL) or was.opd != self.opd
		if beyond and not permissions.is_pemda_admin():
			frappe.throw(
				_(
					"OPD dibuat dan dipindahkan, diubah jenisnya, atau diberi unit dari OPD lain oleh PK Admin Pemda. "
					"Mintalah kepadanya."
				),
				frappe.PermissionError,
			)
		if "Pemda" in kinds and not permissions.is_site_admin(frappe.session.user):
			frappe.throw(
				_("Unit berjenis Pemda hanya dapat dibuat atau diubah jenisnya oleh System Manager."),
				frappe.PermissionError,
			)

	def validate_parent(self):
		if self.jenis == "Pemda":
			if self.parent_unit_kerja:
				frappe.throw(_("Unit berjenis Pemda tidak punya Unit Induk. Kosongkan Unit Induk."))
		elif not self.parent_unit_kerja:
			frappe.throw(_("Isi Unit Induk: hanya unit berjenis Pemda yang berdiri tanpa induk."))
		elif self.is_below_me(self.parent_unit_kerja):
			frappe.throw(
				_("Unit Induk: {0} adalah unit ini sendiri atau unit di bawahnya. Pilih unit lain.").format(
					self.parent_unit_kerja
				)
			)
		elif not frappe.db.get_value("Unit Kerja", self.parent_unit_kerja, "is_group"):
			frappe.throw(
				_(
					"Unit Induk {0} belum ditandai “Punya unit di bawahnya”. Tandai dahulu pada unit itu."
				).format(self.parent_unit_kerja)
			)

	def is_below_me(self, unit: str) -> bool:
		"""Or is this unit itself; core says so too, without naming the field."""
		inner, own = (frappe.db.get_value("Unit Kerja", u, ["lft", "rgt"]) for u in (unit, self.name))
		return bool(inner and own) and own[0] <= inner[0] and inner[1] <= own[1]

	def derive_opd(self):
		if self.jenis in OPD_LEVEL:
			self.opd = self.name
		elif self.parent_unit_kerja:
			self.opd = frappe.db.get_value("Unit Kerja", self.parent_unit_kerja, "opd")

	def pass_opd_down(self):
		"""A unit that moved to another OPD takes everything below along."""
		before = self.get_doc_before_save()
		if not before or before.opd == self.opd or not self.lft:
			return
		for name in frappe.get_all(
			"Unit Kerja", {"lft": (">", self.lft), "rgt": ("<", self.rgt), "opd": before.opd}, pluck="name"
		):
			frappe.db.set_value("Unit Kerja", name, "opd", self.opd)

	def validate_short_name(self):
		if self.jenis in OPD_LEVEL and not self.singkatan:
			frappe.throw(_("Isi Singkatan: wajib untuk Pemda dan OPD, misalnya BPSDM."))
		if self.jenis in OPD_LEVEL and self.has_value_changed("singkatan"):
			numbering.require_own_code(self.singkatan, self.name)

	def validate_hours(self):
		if self.jenis not in OPD_LEVEL and (self.jam_kerja or self.hari_libur):
			frappe.throw(
				_("Jam Kerja dan Hari Libur diisi pada OPD, bukan pada unit di bawahnya. Kosongkan tabelnya.")
			)
		office_hours.validate(self)

	def validate_chains(self):
		seen = set()
		for row in self.alur:
			if row.jenjang in seen:
				frappe.throw(_("Alur baris {0}: jenjang {1} sudah ada.").format(row.idx, row.jenjang))
			seen.add(row.jenjang)
			chain = frappe.db.get_value("Alur Persetujuan", row.alur, ["opd", "status", "nama"], as_dict=True)
			if not chain:
				continue  # core reports the broken link
			if chain.opd != self.name and not frappe.db.exists(
				"Unit Kerja", {"name": chain.opd, "jenis": "Pemda"}
			):
				frappe.throw(
					_(
						"Alur baris {0}: {1} milik OPD lain. Pilih alur OPD ini atau alur bersama milik Pemda."
					).format(row.idx, row.alur)
				)
			if chain.status != "Berlaku":
				frappe.throw(
					_("Alur baris {0}: {1} belum berlaku. Terbitkan alur itu lebih dahulu.").format(
						row.idx, chain.nama
					)
				)
