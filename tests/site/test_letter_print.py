"""Printed letters, attendance lists and minutes: each layout, values from the database only, user text escaped."""

import io
import json
import re

import frappe
import pytest
from factory import A, B, act, assignment, indicator, pk, publish, user
from frappe.utils.pdf import get_pdf
from frappe.www.printview import get_html_and_style
from pypdf import PdfReader

LETTER, MEETING = "Naskah Dinas", "Rapat Pembahasan"
LAYOUTS = ("Disposisi", "Undangan Rapat", "Nota Dinas", "Surat Pengantar")
WATERMARK = re.compile(r"background-image: +url\(.data:image/svg")
EVIL = '"><script>alert(1)</script><b>tebal'
TEXT = ("Data", "Small Text", "Text")


@pytest.fixture
def doc():
	publish()
	return pk()


@pytest.fixture
def meeting(doc):
	return frappe.get_doc(
		doctype=MEETING,
		perjanjian_kinerja=doc.name,
		judul="Rapat pembahasan draf",
		mulai="2026-03-09 09:00:00",
		selesai="2026-03-09 11:30:00",
		tempat="Ruang rapat",
		agenda="Pembukaan\nPembahasan target",
		pemimpin="Kepala",
		notulis="Penyusun",
		notulen="Target dibahas.\n\nDisepakati.",
		peserta=[
			{"penugasan": assignment("tim"), "nama": "x", "hadir": 1},
			{"nama": "Tamu", "jabatan": "Narasumber"},
		],
		keputusan=[{"uraian": "Target dinaikkan", "indikator": indicator("Indeks Layanan")}],
	).insert()


def letter(doc, layout, **stored):
	"""Of that layout; `stored` are fields that only the server writes."""
	made = frappe.get_doc(
		doctype=LETTER,
		perjanjian_kinerja=doc.name,
		jenis_dokumen=layout,
		kepada="Sekretaris Daerah\nKepala Biro Organisasi",
		perihal="Penyampaian PK",
		isi="Bersama ini disampaikan PK.\n\nDemikian.",
		tembusan="Bupati",
		rincian=[{"jenis_dikirim": "Perjanjian Kinerja", "banyaknya": "1 (satu) berkas"}],
	).insert()
	frappe.db.set_value(LETTER, made.name, {"tata_letak": layout, **stored})
	return frappe.get_doc(LETTER, made.name)


SIGNED = {
	"status": "Diterima",
	"nomor": "000.8.3/007/UJI-A/2026",
	"tanggal": "2026-03-10",
	"penanda_tangan_nama": "Uji kepala",
	"penanda_tangan_nip": "198001012005011100",
	"penanda_tangan_pangkat": "Pembina, IV/a",
	"penanda_tangan_jabatan": "Plt. Kepala Dinas Uji",
	"diterima_tanggal": "2026-03-12",
	"penerima_nama": "Petugas Biro",
	"penerima_jabatan": "Arsiparis",
}


def html_of(doc, print_format=LETTER, **forged):
	values = {**json.loads(doc.as_json()), **forged}
	return get_html_and_style(json.dumps(values), print_format=print_format)["html"]


def in_order(html, *words):
	at = -1
	for word in words:
		assert word in html[at + 1 :], word
		at = html.index(word, at + 1)


def escaped(html: str) -> int:
	assert "<script" not in html and "<b>tebal" not in html
	return html.count("&lt;script&gt;")


def spoil(record):
	"""Markup in every text field of a stored record and its rows, past all checks."""
	for one in (record, *record.get_all_children()):
		fields = [
			df.fieldname
			for df in one.meta.fields
			if df.fieldtype in TEXT and df.fieldname not in ("status", "tata_letak")
		]
		frappe.db.set_value(one.doctype, one.name, dict.fromkeys(fields, EVIL))
	frappe.db.set_value(
		"Unit Kerja", A, {"kop": f"{EVIL}\n{EVIL}", "kota": EVIL, "logo": f"/files/{EVIL}.png"}
	)
	frappe.clear_document_cache("Unit Kerja", A)
	return frappe.get_doc(record.doctype, record.name)


# ----------------------------------------------------------------------------------------------------------- layouts


def test_disposisi(doc):
	incoming = {"surat_dari": "Sekda", "nomor_surat": "900/1", "tanggal_surat": "2026-01-05"}
	html = html_of(letter(doc, "Disposisi", **SIGNED, **incoming))
	in_order(
		html,
		"LEMBAR DISPOSISI",
		"Sekda",
		"900/1",
		"5 Januari 2026",
		"Diteruskan kepada",
		"1. Sekretaris Daerah",
	)
	in_order(html, "Bersama ini disampaikan PK.", "Plt. Kepala Dinas Uji", "Uji kepala")


def test_undangan_takes_the_meeting(doc, meeting, monkeypatch):
	from perjankin_app.document import templating

	monkeypatch.setattr(templating, "get_system_timezone", lambda: "Asia/Jakarta")
	html = html_of(letter(doc, "Undangan Rapat", **SIGNED))
	in_order(html, "Kota Uji, 10 Maret 2026", "000.8.3/007/UJI-A/2026", "Yth.", "2. Kepala Biro Organisasi")
	in_order(
		html, "Senin, 9 Maret 2026", "Pukul 09.00 s.d. 11.30 WIB", "Ruang rapat", "Rapat pembahasan draf"
	)
	in_order(html, "1. Pembukaan", "Plt. Kepala Dinas Uji", "NIP. 198001012005011100", "Tembusan:", "Bupati")
	assert "DAFTAR PESERTA" not in html


def test_undangan_with_lampiran_lists_who_is_invited(doc, meeting):
	html = html_of(letter(doc, "Undangan Rapat", **SIGNED, lampiran="1 (satu) lembar"))
	in_order(
		html,
		"1 (satu) lembar",
		'class="annex"',
		"000.8.3/007/UJI-A/2026",
		"10 Maret 2026",
		"Uji tim UJI-A",
		"Tamu",
	)


def test_the_meeting_that_names_the_letter_comes_first(doc, meeting):
	other = frappe.copy_doc(meeting).update({"mulai": "2026-04-01 09:00", "selesai": "2026-04-01 10:00"})
	other.insert()
	made = letter(doc, "Undangan Rapat")
	assert "1 April 2026" in html_of(made), "the latest, while none names the letter"
	meeting.update({"undangan": made.name}).save()
	assert "9 Maret 2026" in html_of(made)
	assert "1 April 2026" in html_of(letter(doc, "Undangan Rapat"))


def test_undangan_without_meeting_has_dots(doc):
	assert html_of(letter(doc, "Undangan Rapat")).count("........") >= 4


def test_nota_dinas(doc):
	html = html_of(letter(doc, "Nota Dinas", **SIGNED))
	in_order(html, "NOTA DINAS", "Kepada", "Dari", "Tembusan", "Tanggal", "Nomor", "Sifat", "Lampiran", "Hal")
	in_order(html, 'class="rule"', "Bersama ini disampaikan PK.", "Plt. Kepala Dinas Uji", "Uji kepala")
	assert html.count("Bupati") == 1, "tembusan stands in the head only"
	assert "stempel" not in html.lower()


def test_surat_pengantar(doc):
	html = html_of(letter(doc, "Surat Pengantar", **SIGNED))
	in_order(html, "Kota Uji, 10 Maret 2026", "000.8.3/007/UJI-A/2026", "SURAT PENGANTAR")
	in_order(html, "Jenis yang dikirim", "Banyaknya", "Keterangan", "Perjanjian Kinerja", "1 (satu) berkas")
	in_order(html, "Penerimaan", "12 Maret 2026", "Petugas Biro", "Arsiparis", "Tanda tangan")
	in_order(html, "Plt. Kepala Dinas Uji", "Uji kepala", "Pembina, IV/a", "NIP. 198001012005011100")


@pytest.mark.parametrize("status", ["Konsep", "Ditetapkan", "Bernomor", "Dikirim", "Diterima", "Batal"])
def test_a_draft_and_a_void_letter_say_so(doc, status):
	html = html_of(letter(doc, "Nota Dinas", status=status))
	assert bool(WATERMARK.search(html)) == (status in ("Konsep", "Batal"))


def test_daftar_hadir(meeting):
	html = html_of(meeting, "Daftar Hadir")
	in_order(
		html,
		"DAFTAR HADIR",
		"Senin, 9 Maret 2026",
		"Tanda Tangan",
		"Uji tim UJI-A",
		"Anggota Tim Uji",
		"Tamu",
	)
	assert ">1. <" in html.replace("\n", "") and "Tidak hadir" not in html
	frappe.db.set_value(MEETING, meeting.name, "status", "Selesai")
	in_order(html_of(meeting, "Daftar Hadir"), "Uji tim UJI-A", "1. Hadir", "Tamu", "2. Tidak hadir")


def test_an_empty_attendance_list_has_rows_to_fill(meeting):
	meeting.update({"peserta": []}).save()
	assert html_of(meeting, "Daftar Hadir").count("height: 10mm") == 15


def test_notulen(meeting):
	html = html_of(meeting, "Notulen")
	assert WATERMARK.search(html)
	in_order(
		html,
		"NOTULEN RAPAT",
		"Pemimpin Rapat",
		"Kepala",
		"Notulis",
		"Penyusun",
		"Uji tim UJI-A",
		"Target dibahas.",
	)
	in_order(html, "Disepakati.", "Target dinaikkan", "Indeks Layanan UJI-A")
	frappe.db.set_value(MEETING, meeting.name, "status", "Selesai")
	assert not WATERMARK.search(html_of(meeting, "Notulen"))


# -------------------------------------------------------------------------------------------------- whose values, and how


@pytest.mark.parametrize("layout", LAYOUTS)
def test_letters_are_escaped(doc, meeting, layout):
	record = letter(doc, layout, lampiran="x")
	spoil(meeting)
	assert escaped(html_of(spoil(record))) >= 10


@pytest.mark.parametrize("print_format", ["Daftar Hadir", "Notulen"])
def test_meetings_are_escaped(meeting, print_format):
	frappe.db.set_value("Indikator Kinerja", indicator("Indeks Layanan"), "nama", EVIL)
	assert escaped(html_of(spoil(meeting), print_format)) >= 10


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_a_client_sends_is_not_printed(doc, meeting, layout):
	record = letter(doc, layout)
	forged = {
		"status": "Diterima",
		"nomor": "PALSU/1",
		"penanda_tangan_nama": "Orang Palsu",
		"tata_letak": "Nota Dinas",
	}
	rows = [{"jenis_dikirim": "Barang Palsu", "banyaknya": "1"}]
	html = html_of(record, **forged, rincian=rows, isi="Isi Palsu", print_heading="Judul Palsu")
	assert WATERMARK.search(html), "a forged status must not remove KONSEP"
	assert not re.search("palsu", html, re.I)
	for print_format in ("Daftar Hadir", "Notulen"):
		html = html_of(
			meeting, print_format, status="Selesai", judul="Palsu", notulen="Palsu", tempat="Palsu"
		)
		assert "Palsu" not in html and "Tidak hadir" not in html


def test_without_before_print_it_would_be(doc, meeting, monkeypatch):
	trust = lambda self, settings=None: self.flags.update(trusted_values=True)  # noqa: E731
	record = letter(doc, "Nota Dinas")
	for one, print_format, field in ((record, LETTER, "perihal"), (meeting, "Notulen", "judul")):
		monkeypatch.setattr(type(one), "before_print", trust, raising=False)
		assert "Palsu" in html_of(one, print_format, **{field: "Palsu"}).title()


def test_another_opd_prints_nothing(doc, meeting):
	record = letter(doc, "Nota Dinas")
	frappe.set_user(user("kepala", B))
	for one, print_format in ((record, LETTER), (meeting, "Daftar Hadir"), (meeting, "Notulen")):
		for forged in ({}, {"opd": B}):
			with pytest.raises(frappe.PermissionError):
				html_of(one, print_format, **forged)


def test_no_other_doctype_in_these_layouts(doc, meeting):
	record = letter(doc, "Nota Dinas")
	frappe.set_user("Administrator")
	wrong = ((doc, LETTER), (doc, "Notulen"), (meeting, LETTER), (record, "Daftar Hadir"))
	for one, print_format in wrong:
		with pytest.raises(frappe.ValidationError, match="hanya untuk"):
			html_of(one, print_format)


def papers(doc, meeting):
	for layout in LAYOUTS:
		yield html_of(letter(doc, layout, lampiran="1 lembar"))
	for print_format in ("Daftar Hadir", "Notulen"):
		yield html_of(meeting, print_format)


def test_core_changes_no_url_of_them(doc, meeting):
	for html in papers(doc, meeting):
		assert frappe.utils.scrub_urls(html) == html


def test_each_becomes_a_pdf(doc, meeting):
	for html in papers(doc, meeting):
		pages = PdfReader(io.BytesIO(get_pdf(html))).pages
		text = " ".join(pages[0].extract_text().split())  # wkhtmltopdf puts tabs for blanks
		assert 1 <= len(pages) <= 2 and "Dinas Uji A" in text


def test_a_letter_is_printed_in_any_step(doc):
	record = letter(doc, "Nota Dinas")
	act(doc, "Selesai", by=user("penyusun"))
	frappe.set_user(user("staf"))
	assert "NOTA DINAS" in html_of(record)
