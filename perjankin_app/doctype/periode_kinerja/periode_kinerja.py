import frappe
from frappe import _
from frappe.model.document import Document


class PeriodeKinerja(Document):
	def validate(self):
		if not 2000 <= (self.tahun or 0) <= 2100:
			frappe.throw(_("Tahun: isi tahun anggaran antara 2000 dan 2100."))
