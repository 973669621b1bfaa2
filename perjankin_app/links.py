"""Whoever names a record in a Link may read it: core shows values of the linked record (`expand_links`, dotted fields in
lists) without asking, and takes attachments over from what is amended."""

import frappe
from frappe import _

from perjankin_app import permissions


def check_links(doc, method=None):
	"""doc_events of every DocType of ours, before_validate. Rows of tables are compared with the OPD by their controllers."""
	before = doc.get_doc_before_save()
	if doc.flags.ignore_permissions:
		return
	for df in _asked_here(doc):
		name = doc.get(df.fieldname)
		if name and name != (before and before.get(df.fieldname)) and not _is_open(df.options, name):
			# core's own words for what is not there
			frappe.throw(
				_("Could not find {0}").format(f"{_(df.label, context=df.parent)}: {name}"),
				frappe.LinkValidationError,
			)


def _asked_here(doc) -> list:
	"""Links to records of an OPD, but for those that the server writes itself, or asks about where they give power or a
	place (`permissions.check_scope`)."""
	derived = permissions.PLACES[None] if isinstance(doc, permissions.DerivesOPD) else ()
	elsewhere = {
		"opd",
		"lingkup",
		*permissions.PLACES.get(doc.doctype, derived),
		*getattr(type(doc), "SERVER_FIELDS", ()),
		*getattr(type(doc), "PARTY_FIELDS", ()),
	}
	links = doc.meta.get("fields", {"fieldtype": "Link", "options": ("in", permissions.OPD_RECORDS)})
	return [df for df in links if df.fieldname not in elsewhere]


def _is_open(doctype: str, name: str) -> bool:
	"""The Pemda's sasaran are every OPD's to stand below."""
	if permissions.may_read(doctype, name):
		return True
	opd = frappe.db.get_value(doctype, name, "opd")
	return doctype == "Sasaran Kinerja" and frappe.db.get_value("Unit Kerja", opd, "jenis") == "Pemda"
