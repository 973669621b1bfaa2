import frappe
from frappe import _
from frappe.model.document import Document

from perjankin_app import permissions
from perjankin_app.target_value import parse_target
from perjankin_app.workflow.conflict import ToldPlainly


class IndikatorKinerja(ToldPlainly, Document):
	def validate(self):
		permissions.check_scope(self)
		self.validate_scale()
		self.validate_sasaran()
		if self.baseline:
			try:
				self.baseline = parse_target(self.baseline, self.tipe_nilai, self.skala or "").text
			except ValueError as e:
				frappe.throw(_("Nilai Awal: {0}.").format(_(str(e))))

	def validate_scale(self):
		if self.tipe_nilai != "Predikat":
			self.skala = ""
			return
		scale = [p.strip() for p in (self.skala or "").split(",") if p.strip()]
		if len(scale) < 2 or len({p.casefold() for p in scale}) != len(scale):
			frappe.throw(
				_(
					"Skala Predikat: tulis sedikitnya dua predikat berbeda dari terendah ke tertinggi, dipisah koma."
				)
			)
		self.skala = ", ".join(scale)

	def validate_sasaran(self):
		if self.sasaran and frappe.db.get_value("Sasaran Kinerja", self.sasaran, "opd") != self.opd:
			frappe.throw(_("Sasaran: {0} milik OPD lain. Pilih sasaran OPD ini.").format(self.sasaran))
