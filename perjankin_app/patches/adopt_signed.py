"""PKs that were signed before what is signed was frozen."""

import frappe

from perjankin_app.document import final


def execute():
	signed = {"docstatus": (">", 0), "pdf_final": ("is", "set")}
	for name in frappe.get_all(final.PK, signed, pluck="name"):
		if not final.of(name):
			final.adopt(frappe.get_doc(final.PK, name))
