import frappe
from frappe import _
from frappe.model.document import Document


class RiwayatAlur(Document):
	"""Append-only; `workflow.log` writes the rows itself."""

	def validate(self):
		frappe.throw(_("Riwayat Alur hanya ditulis sistem dan tidak dapat diubah."), frappe.PermissionError)

	def on_trash(self):
		frappe.throw(_("Riwayat Alur tidak dapat dihapus."), frappe.PermissionError)

	def before_rename(self, *args):
		frappe.throw(_("Riwayat Alur tidak dapat diganti namanya."), frappe.PermissionError)
