"""The words of a printed Naskah Dinas, Daftar Hadir and Notulen. Pure: no frappe import.

Layouts: domain.md section 6 (Surat Pengantar by the manual of DIY, Nota Dinas and the lampiran's header by Permendagri
54/2009); the sheet of a Disposisi follows the same book's form.
"""

import re
from datetime import datetime

from perjankin_app.document.wording import BLANK, as_date, lines, numbered
from perjankin_app.target_value import format_date

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
# what people call the zones of the country
ZONES = {
	"Asia/Jakarta": "WIB",
	"Asia/Pontianak": "WIB",
	"Asia/Makassar": "WITA",
	"Asia/Jayapura": "WIT",
}
WATERMARKS = {"Konsep": "KONSEP", "Batal": "BATAL"}
INVITATION = "Undangan Rapat"
OPENING = "Dengan hormat, bersama ini kami mengundang Saudara untuk hadir pada:"
CLOSING = "Demikian disampaikan, atas perhatian dan kehadiran Saudara diucapkan terima kasih."


def compose_letter(letter, opd, meeting=None, zone: str = "") -> dict:
	"""Everything that a Naskah Dinas prints, as plain text that the template still has to escape.

	letter: the Naskah Dinas; opd: its Unit Kerja; meeting: the Rapat Pembahasan to which it invites (all need only
	`get`); zone: the site's time zone.
	"""
	layout = letter.get("tata_letak")
	recipients = _honoured(letter.get("kepada"))
	if letter.get("melalui"):
		recipients.append(f"melalui {letter.get('melalui')}")
	subject = lines(letter.get("perihal"))
	number, date = letter.get("nomor") or BLANK, day(letter.get("tanggal"))
	facts = [
		("Nomor", [number]),
		("Sifat", [letter.get("sifat") or "Biasa"]),
		("Lampiran", [letter.get("lampiran") or "–"]),
		("Hal", subject),
	]
	return {
		"layout": layout,
		"kop": letterhead(opd),
		"number": number,
		"date": date,
		"place_and_date": f"{opd.get('kota') or BLANK}, {date}",
		"recipients": recipients,
		"facts": facts,
		"memo": [
			("Kepada", recipients),
			("Dari", lines(letter.get("dari") or letter.get("penanda_tangan_jabatan"))),
			("Tembusan", numbered(letter.get("tembusan")) or ["–"]),
			("Tanggal", [date]),
			*facts,
		],
		"incoming": [
			(("Surat dari", letter.get("surat_dari")), ("Diterima tanggal", day(letter.get("diterima_tanggal_surat"), ""))),
			(("Nomor surat", letter.get("nomor_surat")), ("Nomor agenda", letter.get("nomor"))),
			(("Tanggal surat", day(letter.get("tanggal_surat"), "")), ("Sifat", letter.get("sifat") or "Biasa")),
		],
		"subject": subject,
		"body": paragraphs(letter.get("isi") or (OPENING if layout == INVITATION else "")),
		"meeting": place_in_time(meeting or {}, zone) if layout == INVITATION else [],
		"closing": CLOSING,
		"sent": [
			(lines(row.get("jenis_dikirim")), row.get("banyaknya") or "", lines(row.get("keterangan")))
			for row in letter.get("rincian") or []
		],
		"copies": numbered(letter.get("tembusan")),
		"signature": {
			"above": [*on_behalf(letter), *lines(letter.get("penanda_tangan_jabatan"))],
			"name": letter.get("penanda_tangan_nama") or BLANK,
			"rank": letter.get("penanda_tangan_pangkat") or "",
			"nip": letter.get("penanda_tangan_nip") or "",
		},
		"receipt": [
			("Diterima tanggal", day(letter.get("diterima_tanggal"))),
			("Nama", letter.get("penerima_nama") or BLANK),
			("Jabatan", letter.get("penerima_jabatan") or BLANK),
			("Tanda tangan", BLANK),
		],
		"annex": annex(letter, meeting) if layout == INVITATION else None,
		"watermark": WATERMARKS.get(letter.get("status") or "Konsep", ""),
	}  # fmt: skip


def on_behalf(letter) -> list[str]:
	"""What stands above the jabatan of who signs for somebody else: `a.n.`, and `u.b.` for whoever stands in between."""
	if not letter.get("atas_nama"):
		return []
	between = letter.get("untuk_beliau")
	return [f"a.n. {letter.get('atas_nama')}", *([between, "u.b."] if between else [])]


def annex(letter, meeting) -> dict | None:
	"""Who is invited, on a sheet of its own, where the letter says that it has a lampiran."""
	if not letter.get("lampiran") or not meeting or not meeting.get("peserta"):
		return None
	return {
		"header": [
			("Lampiran", f"{letter.get('jenis_dokumen') or INVITATION}"),
			("Nomor", letter.get("nomor") or BLANK),
			("Tanggal", day(letter.get("tanggal"))),
		],
		"people": people(meeting),
	}


def compose_meeting(meeting, opd, indicators: dict | None = None, zone: str = "") -> dict:
	"""Daftar Hadir and Notulen of a Rapat Pembahasan. indicators: what the Indikator Kinerja of its decisions are called."""
	over = meeting.get("status") == "Selesai"
	return {
		"kop": letterhead(opd),
		"title": meeting.get("judul") or "",
		"facts": place_in_time(meeting, zone),
		"over": over,
		"people": people(meeting),
		"came": [person["name"] for person in people(meeting) if person["came"]],
		"chair": meeting.get("pemimpin") or BLANK,
		"writer": meeting.get("notulis") or BLANK,
		"minutes": paragraphs(meeting.get("notulen")),
		"decisions": [
			{
				"text": lines(row.get("uraian")),
				"indicator": (indicators or {}).get(row.get("indikator")) or row.get("indikator") or "",
				"owner": row.get("penanggung_jawab") or "",
				"due": day(row.get("tenggat"), ""),
			}
			for row in meeting.get("keputusan") or []
		],
		"place_and_date": f"{opd.get('kota') or BLANK}, {day(meeting.get('mulai'))}",
		"watermark": "" if over else "KONSEP",
	}


def people(meeting) -> list[dict]:
	return [
		{
			"name": row.get("nama") or "",
			"position": row.get("jabatan") or "",
			"came": bool(int(row.get("hadir") or 0)),
		}
		for row in meeting.get("peserta") or []
	]


def place_in_time(meeting, zone: str) -> list[tuple[str, list[str]]]:
	"""The lines Hari/Tanggal, Waktu, Tempat, Acara; dots where there is no meeting yet."""
	date, time = when(meeting.get("mulai"), meeting.get("selesai"), zone)
	agenda = lines(meeting.get("judul")) + numbered(meeting.get("agenda"))
	return [
		("Hari/Tanggal", [date]),
		("Waktu", [time]),
		("Tempat", [meeting.get("tempat") or BLANK]),
		("Acara", agenda or [BLANK]),
	]


def when(start, end, zone: str = "") -> tuple[str, str]:
	"""(`Senin, 9 Maret 2026`, `Pukul 09.00 s.d. 11.30 WIB`)"""
	if not start or not end:
		return BLANK, BLANK
	start, end = (datetime.fromisoformat(str(moment)) for moment in (start, end))
	days = [f"{DAYS[moment.weekday()]}, {format_date(moment.date())}" for moment in (start, end)]
	time = f"Pukul {start:%H.%M} s.d. {end:%H.%M} {ZONES.get(zone, '')}".rstrip()
	return " s.d. ".join(dict.fromkeys(days)), time


def day(value, empty: str = BLANK) -> str:
	return format_date(date) if (date := as_date(value)) else empty


def paragraphs(text: str | None) -> list[list[str]]:
	"""A blank line separates paragraphs; within one, lines stay lines."""
	return [lines(part) for part in re.split(r"\n\s*\n", (text or "").replace("\r\n", "\n")) if part.strip()]


def letterhead(opd) -> list[str]:
	return lines(opd.get("kop")) or [opd.get("nama_resmi") or opd.get("nama") or ""]


def _honoured(text: str | None) -> list[str]:
	"""`Yth. Sekretaris Daerah`; of several each has a number."""
	names = lines(text) or [BLANK]
	if names[0].lower().startswith("yth"):
		return names
	return [f"Yth. {names[0]}"] if len(names) == 1 else ["Yth.", *numbered("\n".join(names))]
