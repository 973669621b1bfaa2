import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from perjankin_app import office_hours, security
from perjankin_app.workflow import deadlines
from perjankin_app.workflow.composer import LONGEST


class PengaturanPerjankin(Document):
	def onload(self):
		self.set_onload("keamanan", security.report())

	def validate(self):
		office_hours.validate(self)
		if not 0 <= cint(self.ingatkan_sebelum) <= LONGEST["menit"]:
			frappe.throw(
				_("Ingatkan Sebelum Tenggat: isi antara 0 dan {0} menit kerja.").format(LONGEST["menit"])
			)

	def on_update(self):
		if office_hours.changed(self):
			deadlines.recompute_soon()
