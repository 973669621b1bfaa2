"""The words of printed letters and minutes: no site, no frappe."""

import pytest

from perjankin_app.document.letter_wording import annex, compose_letter, compose_meeting, paragraphs, when
from perjankin_app.document.wording import BLANK

OPD = {"nama": "Dinas Uji", "kota": "Kota Uji"}
MEETING = {
	"judul": "Rapat",
	"mulai": "2026-03-09 09:00:00",
	"selesai": "2026-03-09 11:30:00",
	"tempat": "Aula",
	"agenda": "Satu\nDua",
	"peserta": [{"nama": "Ani", "jabatan": "Analis", "hadir": 1}, {"nama": "Budi"}],
}


def letter(layout="Nota Dinas", **values):
	return compose_letter({"tata_letak": layout, "kepada": "Kepala", "perihal": "Hal itu", **values}, OPD)


@pytest.mark.parametrize(
	("end", "zone", "date", "time"),
	[
		("2026-03-09 11:30:00", "Asia/Jakarta", "Senin, 9 Maret 2026", "Pukul 09.00 s.d. 11.30 WIB"),
		("2026-03-09 11:30", "Asia/Jayapura", "Senin, 9 Maret 2026", "Pukul 09.00 s.d. 11.30 WIT"),
		(
			"2026-03-10 11:30",
			"Asia/Tokyo",
			"Senin, 9 Maret 2026 s.d. Selasa, 10 Maret 2026",
			"Pukul 09.00 s.d. 11.30",
		),
		(None, "", BLANK, BLANK),
	],
)
def test_when(end, zone, date, time):
	assert when("2026-03-09 09:00:00", end, zone) == (date, time)


def test_an_empty_letter_has_dots_and_no_errors():
	for layout in ("Disposisi", "Undangan Rapat", "Nota Dinas", "Surat Pengantar", None):
		words = compose_letter({"tata_letak": layout}, {})
		assert words["watermark"] == "KONSEP" and words["number"] == BLANK
		assert words["signature"]["name"] == BLANK
	assert compose_meeting({}, {})["facts"][0] == ("Hari/Tanggal", [BLANK])


def test_recipients():
	assert letter()["recipients"] == ["Yth. Kepala"]
	assert letter(kepada="Yth. Kepala\nBidang A")["recipients"] == ["Yth. Kepala", "Bidang A"]
	several = letter(kepada="Kepala\n\n Sekretaris ", melalui="Kabag")
	assert several["recipients"] == ["Yth.", "1. Kepala", "2. Sekretaris", "melalui Kabag"]


def test_the_sender_of_a_nota_dinas_is_the_signer_unless_named():
	acting = {"penanda_tangan_jabatan": "Plt. Sekretaris"}
	assert dict(letter(**acting)["memo"])["Dari"] == ["Plt. Sekretaris"]
	assert letter(**acting)["signature"]["above"] == ["Plt. Sekretaris"]
	assert dict(letter(dari="Kasubbag", **acting)["memo"])["Dari"] == ["Kasubbag"]


def test_who_signs_for_somebody_else():
	def above(**values):
		return letter(penanda_tangan_jabatan="Kepala Bagian Organisasi", **values)["signature"]["above"]

	assert above() == ["Kepala Bagian Organisasi"]
	assert above(atas_nama="Sekretaris Daerah") == ["a.n. Sekretaris Daerah", "Kepala Bagian Organisasi"]
	assert above(atas_nama="Sekretaris Daerah", untuk_beliau="Asisten Administrasi Umum") == [
		"a.n. Sekretaris Daerah",
		"Asisten Administrasi Umum",
		"u.b.",
		"Kepala Bagian Organisasi",
	]
	assert above(untuk_beliau="Asisten") == ["Kepala Bagian Organisasi"]


@pytest.mark.parametrize(
	("status", "mark"),
	[("Konsep", "KONSEP"), (None, "KONSEP"), ("Batal", "BATAL"), ("Ditetapkan", ""), ("Diterima", "")],
)
def test_watermark(status, mark):
	assert letter(status=status)["watermark"] == mark


def test_only_an_invitation_has_a_meeting():
	invitation = {"tata_letak": "Undangan Rapat", "lampiran": "1 lembar"}
	words = compose_letter(invitation, OPD, MEETING, "Asia/Jakarta")
	assert words["meeting"][3] == ("Acara", ["Rapat", "1. Satu", "2. Dua"])
	assert words["body"] == [
		["Dengan hormat, bersama ini kami mengundang Saudara untuk hadir pada:"],
	]
	assert words["annex"]["people"][0]["name"] == "Ani"
	assert compose_letter({"tata_letak": "Nota Dinas", "lampiran": "1"}, OPD, MEETING)["annex"] is None


def test_no_annex_without_lampiran_or_people():
	assert annex({"lampiran": ""}, MEETING) is None
	assert annex({"lampiran": "1 lembar"}, {"peserta": []}) is None
	assert annex({"lampiran": "1 lembar"}, None) is None


def test_minutes():
	decisions = [{"uraian": "Naik", "indikator": "IND-1", "tenggat": "2026-03-10"}, {"indikator": "IND-2"}]
	words = compose_meeting(
		{**MEETING, "keputusan": decisions, "status": "Selesai"}, OPD, {"IND-1": "Indeks"}
	)
	assert words["came"] == ["Ani"] and words["over"] and not words["watermark"]
	assert [row["indicator"] for row in words["decisions"]] == ["Indeks", "IND-2"]
	assert words["decisions"][0]["due"] == "10 Maret 2026"
	assert compose_meeting(MEETING, OPD)["watermark"] == "KONSEP"


def test_paragraphs():
	assert paragraphs("a\nb\r\n \r\n\nc") == [["a", "b"], ["c"]]
	assert paragraphs(None) == []
