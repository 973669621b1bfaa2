"""What the print formats call (hook `jinja`): each function turns a stored document into plain values to print.

Frappe's Jinja does not escape by itself: the templates put `| e` after every value.
"""

import frappe
from frappe import _
from frappe.utils import get_system_timezone

from perjankin_app.document import final, letter_wording, sop_layout, versions, wording
from perjankin_app.document.images import logo, watermark
from perjankin_app.document.stored import require_trusted


def perjankin_pk(doc) -> dict:
	"""The words of a Perjanjian Kinerja in print, see `final.words_in_print`."""
	require_trusted(doc, "Perjanjian Kinerja")
	return final.words_in_print(doc)


def perjankin_comparison(doc) -> dict:
	"""What a PK Perubahan changes against the version before it, see `versions.comparison`."""
	require_trusted(doc, "Perjanjian Kinerja")
	found = versions.comparison(doc)
	if not found:
		frappe.throw(_("{0} bukan PK Perubahan, jadi tidak ada versi sebelumnya.").format(doc.name))
	opd = frappe.get_cached_doc("Unit Kerja", doc.opd)
	return {
		"kop": wording.lines(opd.kop),
		"logo": logo(opd),
		"agency": (opd.nama_resmi or opd.nama).upper(),
		"year": frappe.db.get_value("Periode Kinerja", doc.periode, "tahun") or doc.periode,
		"versions": found["versi"],
		"rows": found["baris"],
		"facts": [
			(_("Jabatan"), wording.lines(doc.pihak_pertama_jabatan)),
			(_("Alasan perubahan"), [doc.alasan_perubahan or "–"]),
			(_("Dasar perubahan"), wording.lines(doc.dasar_perubahan) or ["–"]),
		],
	}


def perjankin_sop(doc) -> dict:
	"""An Alur Persetujuan as the official SOP sheet: header values, pelaksana columns and rows with their drawing."""
	require_trusted(doc, "Alur Persetujuan")
	opd = frappe.get_cached_doc("Unit Kerja", doc.opd)
	return dict(
		sop_layout.sheet([row.as_dict() for row in doc.langkah]),
		kop=wording.lines(opd.kop) or [opd.nama_resmi or opd.nama],
		logo=logo(opd),
		dates={
			field: wording.format_date(day) if (day := wording.as_date(doc.get(field))) else ""
			for field in ("tanggal_pembuatan", "tanggal_revisi", "tanggal_efektif", "tanggal_pengesahan")
		},
		lists={
			field: wording.numbered(doc.get(field))
			for field in (
				"dasar_hukum",
				"kualifikasi_pelaksana",
				"keterkaitan",
				"peralatan",
				"peringatan",
				"pencatatan",
			)
		},
		watermark=watermark({"Konsep": "KONSEP", "Diganti": "DIGANTI"}.get(doc.status, "")),
	)


def perjankin_letter(doc) -> dict:
	"""A Naskah Dinas in its layout, see `letter_wording.compose_letter`."""
	require_trusted(doc, "Naskah Dinas")
	opd = frappe.get_cached_doc("Unit Kerja", doc.opd)
	words = letter_wording.compose_letter(doc, opd, _meeting_of(doc), get_system_timezone())
	return dict(words, logo=logo(opd), watermark=watermark(words["watermark"]))


def _meeting_of(letter):
	"""To which an Undangan Rapat invites: the one that names it, else the PK's latest that names no letter."""
	if letter.tata_letak != letter_wording.INVITATION:
		return None
	of_pk = {"perjanjian_kinerja": letter.perjanjian_kinerja}
	for named in (letter.name, ("is", "not set")):
		if found := frappe.get_all(
			"Rapat Pembahasan", {**of_pk, "undangan": named}, pluck="name", order_by="mulai desc", limit=1
		):
			return frappe.get_doc("Rapat Pembahasan", found[0])
	return None


def perjankin_meeting(doc) -> dict:
	"""A Rapat Pembahasan as attendance list or minutes, see `letter_wording.compose_meeting`."""
	require_trusted(doc, "Rapat Pembahasan")
	opd = frappe.get_cached_doc("Unit Kerja", doc.opd)
	named = [row.indikator for row in doc.keputusan if row.indikator]
	indicators = frappe.get_all(
		"Indikator Kinerja", {"name": ("in", named or [""])}, ["name", "nama"], as_list=True
	)
	words = letter_wording.compose_meeting(doc, opd, dict(indicators), get_system_timezone())
	return dict(words, logo=logo(opd), watermark=watermark(words["watermark"]))
