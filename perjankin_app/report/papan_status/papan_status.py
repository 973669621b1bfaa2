"""All OPD x step of one period: how many PKs wait there, how many are late, since when; and how long until the PK OPD
is due, one month after the DPA."""

from datetime import date, datetime

import frappe
from frappe import _
from frappe.query_builder import Case, DocType
from frappe.query_builder.functions import Count, Max, Min, Sum
from frappe.utils import get_datetime, getdate, now_datetime

from perjankin_app import permissions
from perjankin_app.workflow.composer import LAST

PK = "Perjanjian Kinerja"
OF_THE_OPD = ("JPT", "Kepala Daerah")  # the levels whose PK is due after the DPA


def execute(filters=None):
	filters = frappe._dict(filters or {})
	period = str(filters.periode or newest_period() or "")
	return (
		_columns(),
		data(frappe.session.user, period, filters.opd and str(filters.opd)),
		_("Periode {0}").format(frappe.utils.escape_html(period)) if period else None,
	)


def newest_period() -> str | None:
	return frappe.db.get_value("Periode Kinerja", {"status": "Terbuka"}, "name", order_by="tahun desc")


def data(user: str, period: str, only: str | None = None) -> list[dict]:
	opd = permissions.permitted_opd(user, PK)
	if only:
		opd = [only] if opd is None or only in opd else []
	now = now_datetime().replace(microsecond=0)
	groups = grouped(period, opd, now).run(as_dict=True)
	units = {"jenis": "OPD", **({"name": ("in", opd)} if opd is not None else {})}
	names = {*frappe.get_all("Unit Kerja", units, pluck="name"), *(group.opd for group in groups)}
	return arranged(groups, names, _due_dates(period, names), getdate(now))


def grouped(period: str, opd: list[str] | None, now: datetime):
	"""The one query over PKs: all other questions are about some sixty OPD."""
	pk = DocType(PK)
	late = Case().when(pk.tenggat_langkah < str(now), 1).else_(0)
	signed = Case().when((pk.docstatus == 1) & pk.jenjang.isin(OF_THE_OPD), 1).else_(0)
	query = (
		frappe.qb.from_(pk)
		.select(
			pk.opd,
			pk.workflow_state.as_("langkah"),
			Count("*").as_("jumlah"),
			Sum(late).as_("terlambat"),
			Min(pk.langkah_sejak).as_("sejak"),
			Max(signed).as_("ditandatangani"),
		)
		.where(pk.docstatus < 2)
		.where(pk.periode == period)
		.groupby(pk.opd, pk.workflow_state)
	)
	return query if opd is None else query.where(pk.opd.isin(opd or [""]))


def arranged(groups: list, names: set[str], due: dict[str, date], today: date) -> list[dict]:
	"""Late steps first, the worst of them on top; then OPD without a PK whose time is over, what waits, what is done."""
	signed = {group.opd for group in groups if group.ditandatangani}
	rows = [
		{
			"opd": group.opd,
			"langkah": group.langkah or "",
			"jumlah": int(group.jumlah),
			"terlambat": int(group.terlambat or 0) if group.langkah != LAST else 0,
			"sejak": get_datetime(group.sejak).replace(microsecond=0) if group.sejak else None,
		}
		for group in groups
	]
	rows += [
		{"opd": opd, "langkah": "", "jumlah": 0, "terlambat": 0, "sejak": None}
		for opd in names - {group.opd for group in groups}
	]
	for row in rows:
		limit = due.get(row["opd"])
		row["batas_pk"] = limit
		row["hitung_mundur"] = countdown(limit, today, row["opd"] in signed)
		row["keterangan"] = _("Terlambat") if row["terlambat"] else "" if row["jumlah"] else _("Belum ada PK")

	def order(row):
		over = not row["jumlah"] and row["batas_pk"] and row["batas_pk"] < today
		return (
			-row["terlambat"],
			not over,
			row["langkah"] == LAST,
			row["sejak"] or datetime.max,
			row["opd"],
			row["langkah"],
		)

	return sorted(rows, key=order)


def countdown(limit: date | None, today: date, signed: bool) -> str:
	"""In words, for the PK OPD."""
	if signed:
		return _("PK OPD sudah ditandatangani")
	if not limit:
		return _("Belum ada DPA")
	days = (limit - today).days
	if days < 0:
		return _("Lewat {0} hari").format(-days)
	return _("{0} hari lagi").format(days) if days else _("Hari ini")


def _due_dates(period: str, names: set[str]) -> dict[str, date]:
	"""One month after each OPD's first DPA of the period."""
	rows = frappe.get_all(
		"Dokumen Anggaran",
		{"opd": ("in", sorted(names) or [""]), "periode": period, "jenis": "DPA", "batas_pk": ("is", "set")},
		["opd", "batas_pk"],
		order_by="batas_pk desc",
	)
	return {row.opd: getdate(row.batas_pk) for row in rows}


def _columns() -> list[dict]:
	return [
		{"label": label, "fieldname": name, "fieldtype": kind, "options": options, "width": width}
		for label, name, kind, options, width in (
			(_("OPD"), "opd", "Link", "Unit Kerja", 260),
			(_("Langkah"), "langkah", "Data", None, 180),
			(_("Jumlah PK"), "jumlah", "Int", None, 100),
			(_("Terlambat"), "terlambat", "Int", None, 100),
			(_("Paling Lama Sejak"), "sejak", "Datetime", None, 180),
			(_("Keterangan"), "keterangan", "Data", None, 120),
			(_("Batas PK OPD"), "batas_pk", "Date", None, 120),
			(_("DPA + 1 Bulan"), "hitung_mundur", "Data", None, 210),
		)
	]
