import frappe
from frappe import _
from frappe.model.document import Document


class KunciBersama(Document):
	"""A gate of `perjankin_app.locks`: how many transactions have passed it. Written there alone."""

	def validate(self):
		frappe.throw(_("Kunci Bersama hanya ditulis sistem."), frappe.PermissionError)

	def on_trash(self):
		frappe.throw(_("Kunci Bersama hanya ditulis sistem."), frappe.PermissionError)
