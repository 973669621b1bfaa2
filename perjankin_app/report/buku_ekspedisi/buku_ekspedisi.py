"""The expedition book: how each numbered letter went out and who received it; what is still on its way comes first."""

from datetime import date

from frappe import _

from perjankin_app import registers

FIELDS = (
	"name nomor tanggal jenis_dokumen perihal kepada melalui status dikirim_tanggal cara_kirim petugas "
	"diterima_tanggal penerima_nama penerima_jabatan opd"
).split()


def execute(filters=None):
	return _columns(), lines(filters)


def lines(filters=None) -> list[dict]:
	letter, query = registers.entries("Naskah Dinas", FIELDS, filters)
	if not query:
		return []
	query = query.where(letter.nomor.isnotnull()).where(letter.nomor != "")
	query = query.where((letter.status != "Batal") | letter.dikirim_tanggal.isnotnull())
	if year := registers.year_of(filters):
		query = query.where(letter.tanggal >= date(year, 1, 1)).where(letter.tanggal <= date(year, 12, 31))
	rows = query.orderby(letter.tanggal, letter.nomor, letter.name).run(as_dict=True)
	for row in rows:
		row.keterangan = _whereabouts(row)
		row.kepada = registers.one_line(row.kepada)
		if row.melalui:
			row.kepada = _("{0} melalui {1}").format(row.kepada, row.melalui)
	return sorted(rows, key=lambda row: bool(row.keterangan in (_("Diterima"), _("Batal"))))


def _whereabouts(row) -> str:
	if row.status == "Batal":
		return _("Batal")
	if row.diterima_tanggal:
		return _("Diterima")
	return _("Belum diterima") if row.dikirim_tanggal else _("Belum dikirim")


def _columns() -> list[dict]:
	return registers.columns(
		(_("Dikirim"), "dikirim_tanggal", "Date", None, 110),
		(_("Nomor"), "nomor", "Data", None, 200),
		(_("Tanggal Naskah"), "tanggal", "Date", None, 110),
		(_("Jenis Naskah"), "jenis_dokumen", "Data", None, 150),
		(_("Perihal"), "perihal", "Data", None, 260),
		(_("Tujuan"), "kepada", "Data", None, 240),
		(_("Cara Kirim"), "cara_kirim", "Data", None, 110),
		(_("Petugas"), "petugas", "Data", None, 140),
		(_("Keterangan"), "keterangan", "Data", None, 130),
		(_("Diterima"), "diterima_tanggal", "Date", None, 110),
		(_("Nama Penerima"), "penerima_nama", "Data", None, 160),
		(_("Jabatan Penerima"), "penerima_jabatan", "Data", None, 160),
		(_("Naskah Dinas"), "name", "Link", "Naskah Dinas", 120),
		(_("OPD"), "opd", "Link", "Unit Kerja", 240),
	)
