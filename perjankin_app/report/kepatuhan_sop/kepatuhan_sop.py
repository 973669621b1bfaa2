"""Each OPD's steps against the standard times of its SOP: how long they take, how often in time, and the bottleneck."""

import frappe
from frappe import _
from frappe.query_builder import DocType

from perjankin_app import permissions
from perjankin_app.workflow import compliance

LOG, PK = "Riwayat Alur", "Perjanjian Kinerja"


def execute(filters=None):
	return (
		_columns(),
		data(frappe.session.user, frappe._dict(filters or {})),
		_("Waktu dalam menit kerja. Pengembalian dihitung sebagai pekerjaan langkah itu."),
	)


def data(user: str, filters) -> list[dict]:
	found = compliance.lines(_rows(permissions.permitted_opd(user, LOG), filters))
	titles = dict(
		frappe.get_all(
			"Alur Persetujuan",
			{"name": ("in", [line.alur for line in found])},
			["name", "nama"],
			as_list=True,
		)
	)
	return [
		{
			**vars(line),
			"nama_alur": titles.get(line.alur),
			"leher_botol": _("Leher botol") if line.leher_botol else "",
		}
		for line in sorted(found, key=lambda line: (line.opd, line.alur, -line.lewat))
	]


def _rows(opd: list[str] | None, filters) -> list[tuple]:
	"""Steps of the SOPs, returns included; a cancellation is no step, nor what an admin added by hand."""
	log, pk = DocType(LOG), DocType(PK)
	query = (
		frappe.qb.from_(log)
		.inner_join(pk)
		.on(pk.name == log.perjanjian_kinerja)
		.select(log.opd, log.alur, log.dari, log.menit_kerja, log.menit_baku)
		.where(log.jenis != "")
	)
	if opd is not None:
		query = query.where(log.opd.isin(opd or [""]))
	for field, column in (("opd", log.opd), ("periode", pk.periode), ("jenjang", pk.jenjang)):
		if filters.get(field):
			query = query.where(column == str(filters[field]))
	return query.run()


def _columns() -> list[dict]:
	return [
		{"label": label, "fieldname": name, "fieldtype": kind, "options": options, "width": width}
		for label, name, kind, options, width in (
			(_("OPD"), "opd", "Link", "Unit Kerja", 230),
			(_("Nama Alur"), "nama_alur", "Data", None, 190),
			(_("Langkah"), "langkah", "Data", None, 180),
			(_("Keterangan"), "leher_botol", "Data", None, 120),
			(_("Dikerjakan"), "jumlah", "Int", None, 100),
			(_("Median"), "median", "Int", None, 90),
			(_("Persentil 90"), "persentil_90", "Int", None, 115),
			(_("Baku"), "baku", "Int", None, 80),
			(_("Tepat Waktu"), "tepat", "Percent", None, 110),
			(_("Lewat Baku"), "lewat", "Int", None, 110),
			(_("Alur"), "alur", "Link", "Alur Persetujuan", 120),
		)
	]
