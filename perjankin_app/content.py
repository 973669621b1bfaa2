"""What a PK is about: rows of Target Kinerja and PK Program, read by one set of rules wherever they stand.

A PK holds them, and so does the Data Bidang that is compiled into one.
"""

import frappe
from frappe import _

from perjankin_app.amounts import read_amount
from perjankin_app.perjankin_app.doctype.nomenklatur.nomenklatur import check_valid_in
from perjankin_app.target_value import parse_target

# what a PK of each level is about (Perwali Mojokerto 11/2017, the local copy of PermenPAN-RB 53/2014 C.1)
PROGRAM_LEVEL = {
	"Kepala Daerah": "Program",
	"JPT": "Program",
	"Administrator": "Kegiatan",
	"Pengawas": "Sub Kegiatan",
}


def read_targets(rows: list, opd: str):
	"""Check rows of Target Kinerja and write what follows from their indicators; `opd` owns the document."""
	seen = {}
	for row in rows:
		where = _("Target baris {0}").format(row.idx)
		indicator = frappe.db.get_value(
			"Indikator Kinerja",
			row.indikator,
			["nama", "opd", "sasaran", "satuan", "tipe_nilai", "skala"],
			as_dict=True,
		)
		if not indicator:
			frappe.throw(_("{0}, Indikator: pilih indikator.").format(where))
		if indicator.opd != opd:
			frappe.throw(_("{0}, Indikator: {1} milik OPD lain.").format(where, row.indikator))
		if row.indikator in seen:
			frappe.throw(_("{0}, Indikator: sudah ada pada baris {1}.").format(where, seen[row.indikator]))
		seen[row.indikator] = row.idx
		row.sasaran = row.sasaran or indicator.sasaran
		sasaran = row.sasaran and frappe.db.get_value(
			"Sasaran Kinerja", row.sasaran, ["nama", "opd"], as_dict=True
		)
		if sasaran and sasaran.opd != opd:
			frappe.throw(_("{0}, Sasaran: {1} milik OPD lain.").format(where, row.sasaran))
		row.sasaran_teks = sasaran.nama if sasaran else None
		row.indikator_teks, row.satuan, row.tipe_nilai = (
			indicator.nama,
			indicator.satuan,
			indicator.tipe_nilai,
		)
		_read_target(row, indicator, where)
		row.bobot = read_amount(row.bobot, _("{0}, Bobot").format(where))
		if row.bobot > 100:
			frappe.throw(_("{0}, Bobot: paling besar 100.").format(where))


def _read_target(row, indicator, where: str):
	row.target_angka = row.target_atas = 0
	for field, label in (
		("target", "Target"),
		("tw1", "TW I"),
		("tw2", "TW II"),
		("tw3", "TW III"),
		("tw4", "TW IV"),
	):
		if row.get(field) in (None, ""):
			continue
		try:
			value = parse_target(row.get(field), indicator.tipe_nilai, indicator.skala or "")
		except ValueError as e:
			frappe.throw(_("{0}, {1}: “{2}” {3}.").format(where, label, row.get(field), _(str(e))))
		row.set(field, value.text)
		if field == "target":
			row.target_angka, row.target_atas = float(value.low or 0), float(value.high or 0)


def read_programs(rows: list, jenjang: str, periode):
	"""Check rows of PK Program; `jenjang` is the level of the PK that they stand in, or will be compiled into."""
	level, seen = PROGRAM_LEVEL.get(jenjang), {}
	for row in rows:
		where = _("Program baris {0}").format(row.idx)
		code = frappe.db.get_value("Nomenklatur", row.nomenklatur, ["nama", "tingkat"], as_dict=True)
		if not code:
			frappe.throw(_("{0}: pilih nomenklatur.").format(where))
		if level and code.tingkat != level:
			frappe.throw(
				_("{0}: PK jenjang {1} memuat {2}, sedangkan {3} adalah {4}.").format(
					where, jenjang, level, row.nomenklatur, code.tingkat
				)
			)
		if row.nomenklatur in seen:
			frappe.throw(
				_("{0}: {1} sudah ada pada baris {2}.").format(where, row.nomenklatur, seen[row.nomenklatur])
			)
		seen[row.nomenklatur] = row.idx
		check_valid_in(row.nomenklatur, periode, where)
		row.nama = code.nama
		row.anggaran = read_amount(row.anggaran, _("{0}, Anggaran").format(where))


def unfilled(targets: list) -> list[str]:
	"""What targets still lack before the document may be handed on, one sentence each."""
	missing = []
	if not targets:
		missing.append(_("Target Kinerja: isi sedikitnya satu indikator dengan targetnya."))
	missing += [
		_("Target baris {0}, Target: belum diisi.").format(row.idx) for row in targets if not row.target
	]
	missing += [
		_("Target baris {0}, Sasaran: belum dipilih.").format(row.idx)
		for row in targets
		if not row.sasaran_teks
	]
	return missing
