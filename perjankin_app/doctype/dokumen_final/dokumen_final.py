import frappe
from frappe import _
from frappe.model.document import Document

from perjankin_app.workflow.conflict import ToldPlainly


class DokumenFinal(ToldPlainly, Document):
	"""Written by `document.final` alone."""

	def validate(self):
		if not self.flags.by_server:
			frappe.throw(
				_("Dokumen Final hanya ditulis sistem dan tidak dapat diubah."), frappe.PermissionError
			)

	def on_trash(self):
		frappe.throw(_("Dokumen Final tidak dapat dihapus."), frappe.PermissionError)
