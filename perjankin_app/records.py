"""Names that hooks.py needs as well as the code: importing this imports nothing."""

# DocTypes that belong to one OPD: each has a field `opd` that says to which
OPD_RECORDS = (
	"Unit Kerja",
	"Jabatan",
	"Pejabat",
	"Penugasan Jabatan",
	"Dokumen Anggaran",
	"Sasaran Kinerja",
	"Indikator Kinerja",
	"Alur Persetujuan",
	"Perjanjian Kinerja",
	"Riwayat Alur",
)
# every DocType of ours, rows of tables too
ALL_RECORDS = (
	*OPD_RECORDS,
	"Alur Unit Kerja",
	"Hari Libur Kerja",
	"Jam Kerja",
	"Langkah Alur",
	"Nomenklatur",
	"PK Program",
	"Pagu Anggaran",
	"Pengaturan Perjankin",
	"Peran Jabatan",
	"Periode Kinerja",
	"Satuan Kinerja",
	"Target Kinerja",
)
