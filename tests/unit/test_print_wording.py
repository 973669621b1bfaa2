"""What a printed PK says, by level and by the agency's own wording."""

import datetime

import pytest

from perjankin_app.document import wording

OPD = {
	"nama": "Badan Kesbangpol",
	"kota": "Karawang",
	"kop": "PEMERINTAH KABUPATEN KARAWANG\n\n  BADAN KESBANGPOL ",
}
PK = {
	"jenjang": "JPT",
	"jenis": "Murni",
	"docstatus": 0,
	"tanggal": "2026-02-28",
	"pihak_pertama_nama": "Nama Kepala",
	"pihak_pertama_jabatan": "Plt. Kepala Badan",
	"pihak_pertama_pangkat": "Pembina (IV/a)",
	"pihak_pertama_nip": "196801011990031001",
	"pihak_kedua_nama": "Nama Bupati",
	"pihak_kedua_jabatan": "Bupati Karawang",
}


def compose(opd=OPD, settings=None, **values):
	return wording.compose({**PK, **values}, opd, settings or {}, 2026)


def test_statement_of_a_jpt():
	words = compose()
	assert words["heading"] == "PERJANJIAN KINERJA TAHUN 2026"
	assert words["agency"] == "BADAN KESBANGPOL"
	assert words["kop"] == ["PEMERINTAH KABUPATEN KARAWANG", "BADAN KESBANGPOL"]
	assert words["place_and_date"] == "Karawang, 28 Februari 2026"
	first, second = words["parties"]
	assert (first["name"], first["lead"], first["called"]) == (
		"Nama Kepala",
		"selanjutnya disebut",
		"pihak pertama",
	)
	assert second["lead"] == "selaku atasan pihak pertama, selanjutnya disebut"
	assert second["called"] == "pihak kedua"
	assert words["promises"][0].startswith(
		"Pihak pertama berjanji akan mewujudkan target kinerja yang seharusnya"
	)
	assert words["promises"][1].startswith("Pihak kedua akan melakukan supervisi yang diperlukan")


def test_pihak_kedua_signs_left_pihak_pertama_right():
	left, right = compose()["signatures"]
	assert left["above"] == ["Pihak Kedua", "Bupati Karawang"]
	assert right["above"] == ["Pihak Pertama", "Plt. Kepala Badan"]
	assert (right["rank"], right["nip"]) == ("Pembina (IV/a)", "196801011990031001")
	assert left["nip"] == ""
	assert [who["above"] for who in compose()["annex_signatures"]] == [
		["Bupati Karawang"],
		["Plt. Kepala Badan"],
	]


def test_kepala_daerah_signs_alone():
	words = compose(jenjang="Kepala Daerah", settings={"sebutan_lampiran_pertama": "PEGAWAI"})
	assert len(words["parties"]) == 1 and not words["parties"][0].get("called")
	assert [p[:33] for p in words["promises"]] == ["Berjanji akan mewujudkan target k"]
	for pair in (words["signatures"], words["annex_signatures"]):
		assert pair[0] is None and pair[1]["above"] == ["Plt. Kepala Badan"]


@pytest.mark.parametrize(
	("jenjang", "table_a", "table_b"),
	[
		("Kepala Daerah", "Sasaran Strategis", "Program"),
		("JPT", "Sasaran Strategis", "Program"),
		("Administrator", "Sasaran Program", "Kegiatan"),
		("Pengawas", "Sasaran Kegiatan", "Sub Kegiatan"),
		("Fungsional", "Sasaran", None),
		("Pelaksana", "Sasaran", None),
	],
)
def test_content_by_level(jenjang, table_a, table_b):
	words = compose(jenjang=jenjang)
	assert words["targets"]["heading"] == table_a
	assert (words["programs"] or {}).get("heading") == table_b
	assert compose(jenjang=jenjang, program=[{"nama": "x"}])["programs"]["rows"]


@pytest.mark.parametrize(("jenjang", "word"), [("JPT", "atasan p"), ("Pengawas", "atasan langsung p")])
def test_below_a_jpt_the_superior_is_direct(jenjang, word):
	assert f"selaku {word}" in compose(jenjang=jenjang)["parties"][1]["lead"]


def test_own_wording_of_the_agency():
	words = compose(
		settings={
			"sebutan_pihak_pertama": "PIHAK KESATU",
			"akhiran_judul": "(PAGU AKTIF)",
			"sebutan_lampiran_kedua": "PEJABAT PENILAI",
		}
	)
	assert words["heading"] == "PERJANJIAN KINERJA TAHUN 2026 (PAGU AKTIF)"
	assert words["parties"][0]["called"] == "pihak kesatu"
	assert words["promises"][0].startswith("Pihak kesatu berjanji")
	assert words["signatures"][1]["above"][0] == "PIHAK KESATU"
	assert [who["above"] for who in words["annex_signatures"]] == [["PEJABAT PENILAI"], ["Plt. Kepala Badan"]]


def test_perubahan_says_so_and_why():
	words = compose(jenis="Perubahan", alasan_perubahan="Perubahan strategi", dasar_perubahan="DPPA\n12")
	assert words["heading"] == "PERUBAHAN PERJANJIAN KINERJA TAHUN 2026"
	assert words["basis"] == ["Alasan perubahan: Perubahan strategi", "Dasar perubahan: DPPA 12"]
	assert compose(alasan_perubahan="x")["basis"] == []


def test_targets_are_grouped_by_sasaran_and_printed_as_stored():
	rows = [
		{"sasaran_teks": "A", "indikator_teks": "a1", "target": "1.234,5", "satuan": "Orang"},
		{"sasaran_teks": "B", "indikator_teks": "b1", "target": "BB", "satuan": ""},
		{"sasaran_teks": "A", "indikator_teks": "a2", "target": "80 – 90", "satuan": "Persen"},
	]
	table = compose(target=rows, settings={"tampilkan_satuan": 1})["targets"]
	assert [(g["goal"], [r["indicator"] for r in g["rows"]]) for g in table["groups"]] == [
		("A", ["a1", "a2"]),
		("B", ["b1"]),
	]
	assert [r["target"] for g in table["groups"] for r in g["rows"]] == ["1.234,5", "80 – 90", "BB"]
	table = compose(target=rows, settings={"tampilkan_satuan": 0})["targets"]
	assert [r["target"] for g in table["groups"] for r in g["rows"]] == [
		"1.234,5 Orang",
		"80 – 90 Persen",
		"BB",
	]


def test_total_is_the_sum_of_the_rows_printed():
	rows = [
		{"nama": "x", "anggaran": 0.1, "sumber_dana": "APBD", "keterangan": "DAU"},
		{"nama": "y", "anggaran": 0.2},
	]
	table = compose(program=rows)["programs"]
	assert table["total"] == "Rp0,30"
	assert [row["note"] for row in table["rows"]] == ["APBD, DAU", ""]


@pytest.mark.parametrize(
	("amount", "printed"),
	[
		(15262074784, "Rp15.262.074.784"),
		(1500.0, "Rp1.500"),
		("1234.5", "Rp1.234,50"),
		(0, "Rp0"),
		(None, "Rp0"),
		(99999999999999, "Rp99.999.999.999.999"),
	],
)
def test_rupiah(amount, printed):
	assert wording.format_rupiah(amount) == printed


@pytest.mark.parametrize(
	"day",
	["2026-02-28", datetime.date(2026, 2, 28), datetime.datetime(2026, 2, 28, 9), "2026-02-28 09:00:00"],
)
def test_date_of_any_type(day):
	assert compose(tanggal=day)["place_and_date"].endswith("28 Februari 2026")


def test_unknown_place_and_date_leave_room():
	assert compose(tanggal=None, tempat="Cikampek")["place_and_date"].startswith("Cikampek, ....")
	assert compose(opd={}, tanggal=None)["place_and_date"].endswith(". 2026")


def test_watermark():
	assert [compose(docstatus=n)["watermark"] for n in (0, 1, 2)] == ["DRAF", "", "DIBATALKAN"]


def test_empty_pk_can_be_composed():
	words = wording.compose({}, {}, {}, "2026")
	assert words["signatures"][0]["name"] == wording.BLANK


def test_total_of_the_karawang_example():
	"""Badan Kesbangpol Kabupaten Karawang, 2026: six programs and the total that the real document prints."""
	amounts = (120699000, 936374300, 923097100, 354565000, 6502165284, 6425174100)
	table = compose(program=[{"nama": "x", "anggaran": amount} for amount in amounts])["programs"]
	assert table["total"] == "Rp15.262.074.784"


def test_numbered_lists():
	assert wording.numbered("Undang-Undang\n\nPeraturan") == ["1. Undang-Undang", "2. Peraturan"]
	assert wording.numbered("1. Undang-Undang\n2. Peraturan") == ["1. Undang-Undang", "2. Peraturan"]
	assert wording.numbered("Satu saja") == ["Satu saja"]
	assert wording.numbered(None) == []
