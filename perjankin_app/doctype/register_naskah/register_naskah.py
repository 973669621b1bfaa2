import frappe
from frappe import _
from frappe.model.document import Document

from perjankin_app.workflow.conflict import ToldPlainly


class RegisterNaskah(ToldPlainly, Document):
	"""The agenda book: a line for each number given, written by `numbering` only; a void number keeps its line."""

	def validate(self):
		if not self.flags.numbering:
			frappe.throw(
				_("Register Naskah hanya ditulis sistem saat naskah dinomori."), frappe.PermissionError
			)

	def on_trash(self):
		frappe.throw(
			_("Baris Register Naskah tidak dapat dihapus. Batalkan naskahnya."), frappe.PermissionError
		)
