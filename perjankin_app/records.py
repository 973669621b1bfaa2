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
	"Arsip PK",
	"Bundel PK",
	"Catatan Asistensi",
	"Data Bidang",
	"Dokumen Final",
	"Dokumen Pendukung",
	"Naskah Dinas",
	"Permintaan Data",
	"Rapat Pembahasan",
	"Register Naskah",
	"Seri Nomor",
)
# rows of tables: the records that they are rows of
TABLES = {
	"Alur Unit Kerja": ("Unit Kerja",),
	"Distribusi Naskah": ("Naskah Dinas", "Arsip PK"),
	"Dokumen Langkah": ("Alur Persetujuan",),
	"Hari Libur Kerja": ("Unit Kerja",),
	"Jam Kerja": ("Unit Kerja",),
	"Keputusan Rapat": ("Rapat Pembahasan",),
	"Langkah Alur": ("Alur Persetujuan",),
	"PK Program": ("Perjanjian Kinerja", "Data Bidang"),
	"Pagu Anggaran": ("Dokumen Anggaran",),
	"Peran Jabatan": ("Jabatan",),
	"Peserta Rapat": ("Rapat Pembahasan",),
	"Rincian Naskah": ("Naskah Dinas",),
	"Tanda Tangan PK": ("Dokumen Final",),
	"Target Kinerja": ("Perjanjian Kinerja", "Data Bidang"),
	"Unit Permintaan": ("Permintaan Data",),
}
# core's records about ours: which fields name the record
ABOUT = {
	"Tag Link": ("document_type", "document_name"),
	"Document Follow": ("ref_doctype", "ref_docname"),
	"Notification Log": ("document_type", "document_name"),
	"ToDo": ("reference_type", "reference_name"),
}
# core's pages of everybody's desk, with the tables of their rows; the sidebar and the icons are v16's
DESK_PAGES = (
	"Workspace",
	"Workspace Chart",
	"Workspace Custom Block",
	"Workspace Link",
	"Workspace Number Card",
	"Workspace Quick List",
	"Workspace Shortcut",
	"Workspace Sidebar",
	"Workspace Sidebar Item",
	"Desktop Icon",
	"Has Role",
)
# every DocType of ours
ALL_RECORDS = (
	*OPD_RECORDS,
	*TABLES,
	"Jenis Dokumen",
	"Kunci Bersama",
	"Nomenklatur",
	"Pengaturan Perjankin",
	"Periode Kinerja",
	"Satuan Kinerja",
	"Sertifikat Elektronik",
)
