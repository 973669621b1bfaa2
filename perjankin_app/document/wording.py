"""The words of a printed Perjanjian Kinerja. Pure: no frappe import.

Sources: the statement and the lampiran follow PermenPAN-RB 53/2014, as printed in real documents of regional
governments; who signs with whom and the content by level are in its part C.1.
"""

from datetime import date
from decimal import Decimal

from perjankin_app.target_value import format_date, format_number

HEAD_OF_REGION = "Kepala Daerah"
# jenjang: (head of table A, head of table B)
HEADINGS = {
	HEAD_OF_REGION: ("Sasaran Strategis", "Program"),
	"JPT": ("Sasaran Strategis", "Program"),
	"Administrator": ("Sasaran Program", "Kegiatan"),
	"Pengawas": ("Sasaran Kegiatan", "Sub Kegiatan"),
}
INDIVIDUAL_HEADINGS = ("Sasaran", "Kegiatan")
WATERMARKS = {0: "DRAF", 2: "DIBATALKAN"}
BLANK = "." * 24
BY_OTHER_MEANS = ("Basah", "Sertifikat")

OPENING = (
	"Dalam rangka mewujudkan manajemen pemerintahan yang efektif, transparan, dan akuntabel serta berorientasi pada "
	"hasil, kami yang bertanda tangan di bawah ini:"
)
PROMISE = (
	"erjanji akan mewujudkan target kinerja yang seharusnya sesuai lampiran perjanjian ini, dalam rangka mencapai "
	"target kinerja jangka menengah seperti yang telah ditetapkan dalam dokumen perencanaan. Keberhasilan dan "
	"kegagalan pencapaian target kinerja tersebut menjadi tanggung jawab kami."
)
VERIFY = "Keasliannya dapat diperiksa dengan memindai kode ini, atau pada:"
APPROVED = (
	"Disetujui secara elektronik dalam sistem."  # not where it is signed by hand, or with a certificate
)
SUPERVISION = (
	" akan melakukan supervisi yang diperlukan serta akan melakukan evaluasi terhadap capaian kinerja dari "
	"perjanjian ini dan mengambil tindakan yang diperlukan dalam rangka pemberian penghargaan dan sanksi."
)


def compose(pk, opd, settings, year) -> dict:
	"""Everything that the print format prints, as plain text that the template still has to escape.

	pk: the Perjanjian Kinerja; opd: its Unit Kerja; settings: Pengaturan Perjankin (all need only `get`);
	year: the year of the Periode Kinerja.
	"""
	first = party(pk, "pihak_pertama", settings, "Pihak Pertama")
	second = party(pk, "pihak_kedua", settings, "Pihak Kedua")
	if pk.get("jenjang") == HEAD_OF_REGION:
		first, second = dict(first, title="", annex_title=""), None
	return {
		"kop": lines(opd.get("kop")),
		"heading": heading(year, pk.get("jenis"), settings.get("akhiran_judul")),
		"agency": (opd.get("nama_resmi") or opd.get("nama") or "").upper(),
		"opening": OPENING,
		"parties": introductions(first, second, pk.get("jenjang")),
		"promises": promises(first, second),
		"place_and_date": place_and_date(pk, opd, year),
		"signatures": [
			who and dict(who, above=[*lines(who["title"]), *who["position"]]) for who in (second, first)
		],
		"annex_signatures": [
			who and dict(who, above=lines(who["annex_title"]) or who["position"]) for who in (second, first)
		],
		"basis": basis_of_change(pk),
		"targets": target_table(pk, bool(settings.get("tampilkan_satuan"))),
		"programs": program_table(pk),
		"verification_note": VERIFY
		if opd.get("cara_tanda_tangan") in BY_OTHER_MEANS
		else f"{APPROVED} {VERIFY}",
		"watermark": WATERMARKS.get(int(pk.get("docstatus") or 0), ""),
	}


def party(pk, side: str, settings, default_title: str) -> dict:
	"""A party as the PK's snapshot has it; `rank` and `nip` stay empty for an elected head.

	`annex_title` is what the agency calls the signer on the lampiran, empty for the position itself.
	"""
	return {
		"title": settings.get(f"sebutan_{side}") or default_title,
		"annex_title": settings.get(f"sebutan_lampiran_{side.removeprefix('pihak_')}") or "",
		"name": pk.get(f"{side}_nama") or BLANK,
		"position": lines(pk.get(f"{side}_jabatan")),
		"rank": pk.get(f"{side}_pangkat") or "",
		"nip": pk.get(f"{side}_nip") or "",
	}


def introductions(first: dict, second: dict | None, jenjang: str) -> list[dict]:
	"""The parties with the sentence below each; everyone below a JPT signs with the direct superior."""
	if second is None:
		return [first]
	called = first["title"].lower()
	superior = "atasan" if jenjang == "JPT" else "atasan langsung"
	return [
		dict(first, lead="selanjutnya disebut", called=called),
		dict(
			second,
			lead=f"selaku {superior} {called}, selanjutnya disebut",
			called=second["title"].lower(),
		),
	]


def promises(first: dict, second: dict | None) -> list[str]:
	"""Two paragraphs, or the single one of a Kepala Daerah, who has nobody above."""
	if second is None:
		return ["B" + PROMISE]
	return [f"{first['title'].capitalize()} b{PROMISE}", second["title"].capitalize() + SUPERVISION]


def heading(year, jenis: str | None, suffix: str | None = None) -> str:
	"""`PERJANJIAN KINERJA TAHUN 2026`, with PERUBAHAN and the agency's own suffix where they apply."""
	change = "PERUBAHAN" if jenis == "Perubahan" else ""
	return " ".join(filter(None, (change, f"PERJANJIAN KINERJA TAHUN {year}", suffix)))


def basis_of_change(pk) -> list[str]:
	if pk.get("jenis") != "Perubahan":
		return []
	reason, basis = pk.get("alasan_perubahan"), pk.get("dasar_perubahan")
	return [
		f"{label}: {' '.join(text.split())}"
		for label, text in (("Alasan perubahan", reason), ("Dasar perubahan", basis))
		if text
	]


def place_and_date(pk, opd, year) -> str:
	"""`Karawang, 28 Februari 2026`; dots stand for what is only known at signing."""
	place = pk.get("tempat") or opd.get("kota") or BLANK
	day = as_date(pk.get("tanggal"))
	return f"{place}, {format_date(day) if day else f'{BLANK} {year}'}"


def target_table(pk, with_unit: bool) -> dict:
	"""Table A. Without a column of their own, units are printed after the target."""
	groups: dict[str, list[dict]] = {}
	for row in pk.get("target") or []:
		target, unit = row.get("target") or "", row.get("satuan") or ""
		groups.setdefault(row.get("sasaran_teks") or "", []).append(
			{
				"indicator": row.get("indikator_teks") or "",
				"unit": unit,
				"target": target if with_unit else f"{target} {unit}".strip(),
			}
		)
	return {
		"heading": HEADINGS.get(pk.get("jenjang"), INDIVIDUAL_HEADINGS)[0],
		"with_unit": with_unit,
		"groups": [{"goal": goal, "rows": rows} for goal, rows in groups.items()],
	}


def program_table(pk) -> dict | None:
	"""Table B with its total. Individuals have one only if something was entered."""
	rows = pk.get("program") or []
	if not rows and pk.get("jenjang") not in HEADINGS:
		return None
	return {
		"heading": HEADINGS.get(pk.get("jenjang"), INDIVIDUAL_HEADINGS)[1],
		"rows": [
			{
				"name": row.get("nama") or "",
				"amount": format_rupiah(row.get("anggaran")),
				"note": ", ".join(filter(None, (row.get("sumber_dana"), row.get("keterangan")))),
			}
			for row in rows
		],
		"total": format_rupiah(sum(as_decimal(row.get("anggaran")) for row in rows)),
	}


def format_rupiah(amount) -> str:
	"""15262074784 -> `Rp15.262.074.784`; cents only where there are any."""
	amount = as_decimal(amount)
	return "Rp" + format_number(amount, 0 if amount == int(amount) else 2)


def as_decimal(amount) -> Decimal:
	return round(Decimal(str(amount or 0)), 2)


def as_date(value) -> date | None:
	"""A date from what a document holds: a date, a datetime, ISO text or nothing."""
	return date.fromisoformat(str(value)[:10]) if value else None


def lines(text: str | None) -> list[str]:
	return [line.strip() for line in (text or "").splitlines() if line.strip()]


def numbered(text: str | None) -> list[str]:
	"""Lines as a numbered list, unless there is only one or the author numbered them."""
	entries = lines(text)
	if len(entries) < 2 or any(entry[0].isdigit() or entry[0] in "-–•" for entry in entries):
		return entries
	return [f"{number}. {entry}" for number, entry in enumerate(entries, 1)]
