"""Who took or printed a signed PK, or a bundle of them, as core's Access Log has it, see `access.downloads`: the newest first."""

import frappe
from frappe import _
from frappe.query_builder import DocType, Order
from pypika.terms import Criterion

from perjankin_app import permissions

PK, BUNDLE = "Perjanjian Kinerja", "Bundel PK"
MOST = 1000  # lines
WAYS = {"zip_files": "ZIP", "Communication": "Surel", "Print": "Cetak"}  # else the file itself


def execute(filters=None):
	filters = frappe._dict(filters or {})
	rows = [*_taken(PK, filters), *_taken(BUNDLE, filters), *_printed(filters)]
	rows.sort(key=lambda row: row.pada, reverse=True)
	return _columns(), [dict(row, cara=_(WAYS.get(row.cara, "Berkas"))) for row in rows[:MOST]]


def _taken(doctype: str, filters) -> list:
	"""Files that are attached to a signed PK or to a bundle."""
	log, file, record = DocType("Access Log"), DocType("File"), DocType(doctype)
	query = _query(log, record, filters).select(file.file_name.as_("berkas"))
	query = query.inner_join(file).on((log.export_from == "File") & (log.reference_document == file.name))
	return (
		query.inner_join(record)
		.on((file.attached_to_doctype == doctype) & (file.attached_to_name == record.name))
		.run(as_dict=True)
	)


def _printed(filters) -> list:
	log, record = DocType("Access Log"), DocType(PK)
	query = _query(log, record, filters).inner_join(record)
	return query.on((log.export_from == PK) & (log.reference_document == record.name)).run(as_dict=True)


def _query(log, record, filters):
	query = frappe.qb.from_(log).select(
		log.creation.as_("pada"),
		log.user,
		log.method.as_("cara"),
		record.name.as_("perjanjian_kinerja"),
		record.opd,
	)
	opd = permissions.permitted_opd(frappe.session.user, PK)
	wanted = [record.docstatus > 0] if record._table_name == f"tab{PK}" else []
	wanted += [record.opd.isin(opd or [""])] if opd is not None else []
	wanted += [record.name == filters.perjanjian_kinerja] if filters.perjanjian_kinerja else []
	wanted += [log.creation >= filters.sejak] if filters.sejak else []
	return query.where(Criterion.all(wanted)).orderby(log.creation, order=Order.desc).limit(MOST)


def _columns() -> list[dict]:
	return [
		{"label": label, "fieldname": name, "fieldtype": kind, "options": options, "width": width}
		for label, name, kind, options, width in (
			(_("Pada"), "pada", "Datetime", None, 180),
			(_("Akun"), "user", "Link", "User", 240),
			(_("Cara"), "cara", "Data", None, 90),
			(_("PK atau Bundel"), "perjanjian_kinerja", "Data", None, 170),
			(_("Berkas"), "berkas", "Data", None, 220),
			(_("OPD"), "opd", "Link", "Unit Kerja", 260),
		)
	]
