import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Count

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


def on_doctype_update():
	"""A number is there once per OPD and year. A site that has twins from before keeps them: see patches/tell_twins.py."""
	fields = ("opd", "tahun", "nomor")
	line = frappe.qb.DocType("Register Naskah")
	twins = (
		frappe.qb.from_(line)
		.select(line.opd, line.tahun, line.nomor)
		.groupby(line.opd, line.tahun, line.nomor)
	)
	if not twins.having(Count("*") > 1).run():
		frappe.db.add_unique("Register Naskah", fields, constraint_name="unique_nomor_naskah")
