"""PKs that were signed before what is signed was frozen."""

import frappe

from perjankin_app.document import final, signing, validity


def execute():
	signed = {"docstatus": (">", 0), "pdf_final": ("is", "set")}
	for name in frappe.get_all(final.PK, signed, pluck="name", order_by="creation"):
		if not final.of(name):
			doc = frappe.get_doc(final.PK, name)
			doc.db_set("versi", validity.version(doc), update_modified=False)
			try:
				final.adopt(doc)
			except OSError:  # its file is gone: nothing to freeze, and no reason to stop a migration
				frappe.log_error(f"{name}: {doc.pdf_final} is not there")
				continue
			signing.begin(doc)
			if doc.docstatus == 2:
				validity.cancelled(doc)
