import frappe
from frappe import _
from frappe.model.document import Document

from perjankin_app.workflow.conflict import ToldPlainly


class RiwayatAlur(ToldPlainly, Document):
	"""Append-only; `workflow.log` writes the rows itself. Renaming is refused in `names`."""

	def validate(self):
		frappe.throw(_("Riwayat Alur hanya ditulis sistem dan tidak dapat diubah."), frappe.PermissionError)

	def on_trash(self):
		frappe.throw(_("Riwayat Alur tidak dapat dihapus."), frappe.PermissionError)
