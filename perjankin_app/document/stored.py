"""Printing shows what the database holds.

Core's print endpoints (`frappe.www.printview.get_html_and_style`, `download_pdf`) accept the document as JSON from the
client, check permissions on that JSON and render it. `before_print` is the first moment that belongs to us.
"""

import frappe
from frappe import _
from frappe.www.printview import set_link_titles, validate_print_permission


def use_stored_values(doc, method=None, settings=None):
	"""doc_events of every DocType of ours, before_print, and earlier from controllers that add something: replace every value of `doc`, rows and stray attributes included, by the stored ones.

	Then core's own check is repeated on them, since a forged `opd` may have opened the door. Flags cannot be forged:
	core reserves that key.
	"""
	if doc.flags.trusted_values:
		return
	doctype, name, flags = doc.doctype, doc.name, doc.flags
	if not (isinstance(name, str) and frappe.db.exists(doctype, name)):
		frappe.throw(_("Simpan dahulu {0} ini, lalu cetak.").format(_(doctype)), title=_("Belum tersimpan"))
	doc.__dict__.clear()
	doc.__init__(doctype, name)
	doc.flags.update(flags, trusted_values=True)
	if not frappe.flags.ignore_print_permissions:
		validate_print_permission(doc)
	set_link_titles(doc)


def trusted_copy(doc):
	"""A copy that prints as it is: of a document whose values the server has just checked and is about to store."""
	copy = frappe.get_doc(doc.as_dict())
	copy.flags.trusted_values = True
	return copy


def require_trusted(doc, doctype: str):
	"""Refuse to put anything else into an official layout: core lets any DocType be printed in any print format."""
	if doc.doctype != doctype or not doc.flags.trusted_values:
		frappe.throw(_("Format cetak ini hanya untuk {0}.").format(_(doctype)))
