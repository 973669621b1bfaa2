"""The code on a signed PK by which anybody who holds the paper can check it, and what that tells."""

import re
import secrets

import frappe
from frappe import _
from frappe.utils import get_url, getdate

from perjankin_app.document.images import qr
from perjankin_app.target_value import format_date

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look alike on paper: 0 and O, 1 and I
LENGTH, GROUP = 20, 5  # 32 letters: 100 bits


def new_code() -> str:
	return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def readable(code: str) -> str:
	"""In groups, as people type it: `ABCDE-FGHJK-...`."""
	return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def require_address():
	"""Without `host_name` core writes the Host header of whoever asks into every address, and a paper keeps it for ever.

	Raises ValidationError.
	"""
	if not frappe.conf.get("host_name"):
		frappe.throw(
			_(
				"Alamat situs ini belum ditetapkan, padahal kode QR pada PK memuatnya. Minta pengelola server menjalankan "
				"bench --site SITE set-config host_name https://ALAMAT, lalu ulangi."
			),
			title=_("Alamat situs belum ditetapkan"),
		)


def address(code: str) -> str:
	return get_url(f"/verifikasi/{code}")


def mark(code: str) -> dict:
	"""What is printed of it."""
	url = address(code)
	return {"kode": readable(code), "tautan": url, "qr": qr(url)}


def public(code: str) -> dict | None:
	"""What a holder of the paper may know, or None for a code that is not ours. Asks no permission: the code is the key.

	Nothing that the paper itself does not say, but for its status and the fingerprints of its files.
	"""
	code = re.sub(r"[\s-]", "", code).upper()
	if not re.fullmatch(f"[{ALPHABET}]{{{LENGTH}}}", code):
		return None
	name = frappe.db.get_value("Dokumen Final", {"kode": code})
	if not name:
		return None
	document, doc = frappe.get_doc("Dokumen Final", name), frappe.get_doc("Perjanjian Kinerja", name)
	printed = frappe.parse_json(document.cuplikan)["nilai"]
	files = [(document.sidik, _("berkas PK yang dibekukan"))]
	files += [
		(row.sidik, _("berkas dengan tanda tangan {0}").format(row.pihak))
		for row in document.tanda_tangan
		if row.sidik
	]
	return {
		"status": doc.keberlakuan,
		"keterangan": _meaning(doc),
		"kode": readable(code),
		"rincian": [
			(_("OPD"), frappe.db.get_value("Unit Kerja", doc.opd, "nama_resmi") or doc.opd),
			(_("Jabatan"), printed["pihak_pertama_jabatan"]),
			(_("Tahun"), str(printed["periode"])),
			(_("Versi"), doc.versi),
			(_("Tanggal perjanjian"), _date(printed["tanggal"])),
		],
		"tanda_tangan": [
			{
				"pihak": row.pihak,
				"nama": row.nama,
				"jabatan": row.jabatan,
				"cara": row.cara,
				"pada": _date(row.pada),
			}
			for row in document.tanda_tangan
		],
		"sidik": document.sidik,
		"berkas": dict(reversed(files)),
	}


def _meaning(doc) -> str:
	if doc.keberlakuan == "Berlaku":
		return _("PK ini berlaku sejak {0}.").format(_date(doc.berlaku_sejak))
	if doc.keberlakuan == "Digantikan":
		newer = frappe.db.get_value("Perjanjian Kinerja", doc.digantikan_oleh, "versi") or doc.digantikan_oleh
		return _("PK ini tidak berlaku lagi: sudah digantikan oleh {0} sejak {1}.").format(
			newer, _date(frappe.db.get_value("Perjanjian Kinerja", doc.digantikan_oleh, "berlaku_sejak"))
		)
	if doc.keberlakuan == "Dibatalkan":
		return _("PK ini dibatalkan dan tidak berlaku.")
	return _("PK ini belum berlaku: belum semua pihak menandatangani.")


def _date(value) -> str:
	return format_date(getdate(value)) if value else "–"
