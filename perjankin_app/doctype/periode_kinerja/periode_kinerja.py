import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from perjankin_app.workflow.conflict import ToldPlainly


class PeriodeKinerja(ToldPlainly, Document):
	def validate(self):
		if not 2000 <= cint(self.tahun) <= 2100:
			frappe.throw(_("Tahun: isi tahun anggaran antara 2000 dan 2100."))
