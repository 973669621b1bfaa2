"""The agenda book: every number that was given, in the order of its series; a void one keeps its line and its reason."""

from frappe import _

from perjankin_app import registers

FIELDS = "urut nomor tanggal jenis_dokumen kepada perihal status alasan naskah_dinas seri opd".split()


def execute(filters=None):
	return _columns(), lines(filters)


def lines(filters=None) -> list[dict]:
	line, query = registers.entries("Register Naskah", FIELDS, filters)
	if not query:
		return []
	if year := registers.year_of(filters):
		query = query.where(line.tahun == year)
	rows = query.orderby(line.opd, line.seri, line.tahun, line.urut).run(as_dict=True)
	for row in rows:
		row.kepada = registers.one_line(row.kepada)
	return rows


def _columns() -> list[dict]:
	return registers.columns(
		(_("No. Urut"), "urut", "Int", None, 90),
		(_("Nomor"), "nomor", "Data", None, 200),
		(_("Tanggal"), "tanggal", "Date", None, 110),
		(_("Jenis Naskah"), "jenis_dokumen", "Data", None, 150),
		(_("Kepada"), "kepada", "Data", None, 220),
		(_("Perihal"), "perihal", "Data", None, 300),
		(_("Status"), "status", "Data", None, 100),
		(_("Alasan Batal"), "alasan", "Data", None, 220),
		(_("Naskah Dinas"), "naskah_dinas", "Link", "Naskah Dinas", 120),
		(_("Seri"), "seri", "Link", "Seri Nomor", 110),
		(_("OPD"), "opd", "Link", "Unit Kerja", 240),
	)
