"""What a save would change, rows of tables included."""

import frappe
from frappe.utils import flt

NUMBERS = ("Int", "Check", "Float", "Currency", "Percent")


def changed(doc, before, skip=()) -> list:
	"""The fields (DocField) in which `doc` differs from the stored `before`; those named in `skip` are not looked at."""
	return [
		df
		for df in doc.meta.get("fields")
		if df.fieldname not in skip
		and not df.is_virtual
		and (df.fieldtype in frappe.model.table_fields or df.fieldtype not in frappe.model.no_value_fields)
		and _differs(df, doc.get(df.fieldname), before.get(df.fieldname))
	]


def _differs(df, new, old) -> bool:
	if df.fieldtype in frappe.model.table_fields:
		new, old = new or [], old or []
		if [row.name for row in new] != [row.name for row in old]:
			return True
		fields = [
			f
			for f in frappe.get_meta(df.options).get("fields")
			if f.fieldtype not in frappe.model.no_value_fields
		]
		return any(
			_differs(f, a.get(f.fieldname), b.get(f.fieldname))
			for a, b in zip(new, old, strict=True)
			for f in fields
		)
	if df.fieldtype in NUMBERS:
		return flt(new) != flt(old)
	return str(new if new is not None else "") != str(old if old is not None else "")
