"""What the books of letters (reports Buku Agenda and Buku Ekspedisi) have in common."""

import frappe
from frappe.query_builder import DocType
from frappe.utils import cint

from perjankin_app import permissions


def entries(doctype: str, fields: list[str], filters: dict | None):
	"""(table, query over the records of every OPD that the user may read); the query is None where that is no OPD.

	Filters come as the client sent them: what is no text is no filter.
	"""
	filters = filters if isinstance(filters, dict) else {}
	opd = permissions.permitted_opd(frappe.session.user, doctype)
	if opd == []:
		return None, None
	table = DocType(doctype)
	query = frappe.qb.from_(table).select(*(table[field] for field in fields))
	if opd is not None:
		query = query.where(table.opd.isin(opd))
	for field, key in (("opd", "opd"), ("jenis_dokumen", "jenis")):
		if (value := filters.get(key)) and isinstance(value, str):
			query = query.where(table[field] == value)
	return table, query


def year_of(filters: dict | None) -> int:
	"""0 where none was chosen, or none that a calendar has."""
	value = filters.get("tahun") if isinstance(filters, dict) else None
	year = cint(value) if isinstance(value, int | str) else 0
	return year if 1 <= year <= 9999 else 0


def one_line(text: str | None) -> str:
	return "; ".join(line.strip() for line in (text or "").splitlines() if line.strip())


def columns(*described) -> list[dict]:
	"""(label, fieldname, fieldtype, options, width) as a report wants them."""
	return [
		dict(zip(("label", "fieldname", "fieldtype", "options", "width"), column, strict=True))
		for column in described
	]
