import frappe
from frappe import _
from frappe.utils import cint
from frappe.utils.nestedset import NestedSet

from perjankin_app import permissions
from perjankin_app.workflow.conflict import ToldPlainly

LEVELS = ("Tujuan", "Sasaran Strategis", "Sasaran Program", "Sasaran Kegiatan", "Sasaran Sub Kegiatan")


class SasaranKinerja(ToldPlainly, NestedSet):
	nsm_parent_field = "parent_sasaran_kinerja"

	def validate(self):
		permissions.check_scope(self)
		self.validate_parent()
		if self.tahun_selesai and cint(self.tahun_selesai) < cint(self.tahun_mulai):
			frappe.throw(_("Tahun Selesai mendahului Tahun Mulai."))

	def validate_parent(self):
		"""The cascade goes down: a sasaran stands below one of a higher level, of its own OPD or of the Pemda."""
		above = self.parent_sasaran_kinerja and frappe.db.get_value(
			"Sasaran Kinerja", self.parent_sasaran_kinerja, ["tingkat", "opd"], as_dict=True
		)
		if not above or self.tingkat not in LEVELS:  # core names the choices
			return
		if LEVELS.index(above.tingkat) >= LEVELS.index(self.tingkat):
			frappe.throw(
				_(
					"Sasaran di Atasnya: {0} tidak boleh berada di bawah {1}. Pilih sasaran yang lebih tinggi."
				).format(self.tingkat, above.tingkat)
			)
		if above.opd != self.opd and frappe.db.get_value("Unit Kerja", above.opd, "jenis") != "Pemda":
			frappe.throw(
				_("Sasaran di Atasnya: {0} milik OPD lain. Pilih sasaran OPD ini.").format(
					self.parent_sasaran_kinerja
				)
			)
