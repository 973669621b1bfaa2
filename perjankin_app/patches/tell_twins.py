"""Records of which there should be one, from before such rules held for requests of the same moment: told, not touched.

Each of them can go on; a draft that never ran can be deleted.
"""

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count

RULES = (
	("Perjanjian Kinerja", ("jenis", "pihak_pertama", "periode"), {"jenis": "Murni"}),
	("Perjanjian Kinerja", ("perubahan_dari",), {"jenis": "Perubahan"}),
	("Permintaan Data", ("perjanjian_kinerja",), {}),
	("Arsip PK", ("perjanjian_kinerja",), {}),
	("Seri Nomor", ("opd", "jenis_dokumen"), {}),
	("Register Naskah", ("opd", "tahun", "nomor"), {}),
)


def execute():
	if found := [line for rule in RULES for line in twins(*rule)]:
		frappe.log_error(_("Catatan ganda: hanya satu yang seharusnya ada"), "\n".join(found))


def twins(doctype: str, fields: tuple[str, ...], where: dict):
	record = DocType(doctype)
	columns = [record[field] for field in fields]
	query = frappe.qb.from_(record).select(*columns).where(record.docstatus < 2)
	for field, value in where.items():
		query = query.where(record[field] == value)
	for row in query.groupby(*columns).having(Count("*") > 1).run():
		same = {field: value or ("is", "not set") for field, value in zip(fields, row, strict=True)}
		names = frappe.get_all(
			doctype, {**where, **same, "docstatus": ("<", 2)}, pluck="name", order_by="name"
		)
		yield f"{doctype}: {', '.join(names)}"
