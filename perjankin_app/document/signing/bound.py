"""The rows of Tanda Tangan PK against the log: who signed stands in a table that has no hashes of its own."""

import hashlib
import json

import frappe
from frappe import _
from frappe.utils import cstr, get_datetime

from perjankin_app.workflow import log

# but for `dicatat_oleh`: an account may be renamed, see `log.account`
BOUND = "pihak nama jabatan cara pada penugasan mencakup berkas sidik keterangan".split()


def fingerprint(rows) -> str:
	"""SHA-256 over what rows say."""
	values = [[_plain(field, row.get(field)) for field in BOUND] for row in rows]
	return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def _plain(field: str, value) -> str:
	return str(get_datetime(value).replace(microsecond=0)) if field == "pada" and value else cstr(value)


def problems(document, printed, approved: list[dict]) -> list[str]:
	"""What the log does not say of the rows of a Dokumen Final, in words.

	printed: the PK's frozen fields; approved: the rows that its chain gave, see `signing.approvals`.
	"""
	wrong, rows = [], list(document.tanda_tangan)
	for values in approved:
		own, rows = rows[:1], rows[1:]
		writer = frappe._dict(pelaku=values["dicatat_oleh"], penugasan=values["penugasan"])
		if fingerprint(own) != fingerprint([values]) or not _written_by(own, writer):
			wrong.append(_("{0}: barisnya bukan yang dicatat Riwayat Alur.").format(values["pihak"]))
	for note in log.notes_of(document.name):
		parties = sorted(party for party in ("Pihak Pertama", "Pihak Kedua") if party in note.aksi)
		own, rows = rows[: len(parties)], rows[len(parties) :]
		same = sorted(row.pihak for row in own) == parties and _written_by(own, note)
		if not (same and (fingerprint(own) == note.tanda_tangan or _from_before(own, note, printed))):
			wrong.append(_("{0}: barisnya bukan yang dicatat Riwayat Alur.").format(" dan ".join(parties)))
	return wrong + [_("{0}: tidak dicatat Riwayat Alur.").format(row.pihak) for row in rows]


def _written_by(rows, writer) -> bool:
	return all(row.dicatat_oleh in (writer.pelaku, log.account(writer)) for row in rows)


def _from_before(rows, note, printed) -> bool:
	"""Of a note that was written before it kept the fingerprint: what it does say."""
	return not note.tanda_tangan and all(
		row.cara == note.catatan.split(".")[0]
		and cstr(row.sidik) == cstr(note.sidik)
		and row.nama in (printed[f"{row.pihak.lower().replace(' ', '_')}_nama"], note.pelaku_nama)
		for row in rows
	)
