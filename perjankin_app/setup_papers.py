"""The papers that a step requires, made by whoever would make them: for the demo, and for tests that walk a whole SOP.

Everything goes through the records' own checks, as the user whose turn it is; the content is plainly an example.
"""

import frappe
from frappe.utils import add_days, add_to_date, now_datetime, today

from perjankin_app import letters, office_hours, papers
from perjankin_app.perjankin_app.doctype.data_bidang import data_bidang
from perjankin_app.perjankin_app.doctype.naskah_dinas import naskah_dinas
from perjankin_app.perjankin_app.doctype.rapat_pembahasan import rapat_pembahasan
from perjankin_app.workflow import clock

PK = "Perjanjian Kinerja"
RECIPIENT = {
	"Disposisi": "Kepala Subbagian Perencanaan",
	"Undangan Rapat": "Tim Penyusun Perjanjian Kinerja",
	"Nota Dinas": "Seluruh Kepala Bidang dan Sekretaris",
	"Surat Pengantar": "Sekretaris Daerah",
}
TEXT = {
	"Disposisi": "Siapkan penyusunan Perjanjian Kinerja sesuai SOP dan laporkan hasilnya.",
	"Undangan Rapat": "Mengharap kehadiran Saudara pada rapat pembahasan Perjanjian Kinerja.",
	"Nota Dinas": "Dengan hormat, mohon data dan informasi pendukung penyusunan Perjanjian Kinerja disampaikan tepat waktu.",
}


def supply(name: str):
	"""Make every required paper that the running step of a PK lacks; the session's user is the same afterwards."""
	caller = frappe.session.user
	try:
		frappe.set_user("Administrator")
		pk = frappe.get_doc(PK, name)
		step, holder = pk.current_step(), pk.current_turn().holders[0].user
		for row in papers.rows(pk.alur, step.state):
			paper = papers.paper(pk, step, row)
			if paper.wajib and paper.missing and paper.pemenuhan in MAKERS:
				frappe.set_user(holder)
				MAKERS[paper.pemenuhan](pk, paper)
	finally:
		frappe.set_user(caller)


def _supporting(pk, paper):
	name = f"{paper.jenis_dokumen} {pk.opd}.txt"
	file = frappe.get_doc(
		doctype="File",
		file_name=name,
		is_private=1,
		content=f"Contoh berkas: {paper.jenis_dokumen}, {pk.opd}\n",
	).insert()
	only_this = frappe.db.get_value("Jenis Dokumen", paper.jenis_dokumen, "untuk_satu_pk")
	_make(
		"Dokumen Pendukung",
		jenis_dokumen=paper.jenis_dokumen,
		opd=pk.opd,
		periode=pk.periode,
		perjanjian_kinerja=pk.name if only_this else None,
		berkas=file.file_url,
	)


def _letter(pk, paper):
	if paper.found:  # there, but not numbered yet
		for name in paper.found:
			naskah_dinas.give_number(name)
		return
	values = letters.proposal(pk, paper.jenis_dokumen)
	layout = values["tata_letak"]
	name = _make(
		"Naskah Dinas",
		perjanjian_kinerja=pk.name,
		jenis_dokumen=paper.jenis_dokumen,
		kepada=RECIPIENT[layout],
		isi=TEXT.get(layout),
		**values,
	)
	if pk.docstatus:  # signed: the letter is wanted with its number
		naskah_dinas.give_number(name)


def _meeting(pk, paper=None) -> str:
	if name := frappe.db.get_value("Rapat Pembahasan", {"perjanjian_kinerja": pk.name}):
		return name
	begins = _last_opening(pk.opd)
	name = _make(
		"Rapat Pembahasan",
		perjanjian_kinerja=pk.name,
		judul="Rapat Pembahasan Perjanjian Kinerja",
		mulai=begins,
		selesai=add_to_date(begins, hours=2),
		tempat="Ruang Rapat",
		agenda="Pembahasan sasaran, indikator, target, dan anggaran.",
	)
	rapat_pembahasan.invite_team(name)
	return name


def _last_opening(opd: str):
	"""When the office last began to work: no meeting is held on a Sunday, and none is closed before its day."""
	hours, holidays = office_hours.calendar(opd)
	now = now_datetime()
	openings = (
		begins
		for back in range(366)
		for begins, _ends in clock.sessions(add_days(now.date(), -back), hours, holidays)
		if begins <= now
	)
	return next(openings, now.replace(microsecond=0))


def _attendance(pk, paper):
	meeting = frappe.get_doc("Rapat Pembahasan", _meeting(pk))
	for row in meeting.peserta:
		row.hadir = 1
	meeting.save()


def _minutes(pk, paper):
	meeting = frappe.get_doc("Rapat Pembahasan", _meeting(pk))
	meeting.notulen = "Target dan anggaran dibahas bersama; draf disempurnakan menurut keputusan rapat."
	meeting.append("keputusan", {"uraian": "Draf disempurnakan sebelum diparaf."})
	meeting.save()
	rapat_pembahasan.close(meeting.name)


def _request(pk, paper=None) -> str:
	if name := frappe.db.get_value("Permintaan Data", {"perjanjian_kinerja": pk.name}):
		return name
	return _make("Permintaan Data", perjanjian_kinerja=pk.name, tenggat=add_days(today(), 7))


def _signed_forms(pk, paper):
	"""Each unit's head fills and signs."""
	collector = frappe.session.user
	indicator = frappe.db.get_value(
		"Indikator Kinerja", {"opd": pk.opd, "tipe_nilai": ("in", ("Angka", "Persen"))}
	)
	for form in _forms(pk, ("Menunggu", "Dikembalikan", "Ditolak")):
		frappe.set_user(data_bidang.heads(form.unit)[0].user)
		form.append("target", {"indikator": indicator, "target": "80"})
		form.save()
		data_bidang.sign(form.name)
	frappe.set_user(collector)


def _accepted_forms(pk, paper):
	_request(pk)
	_signed_forms(pk, paper)
	for form in _forms(pk, ("Ditandatangani",)):
		data_bidang.accept(form.name)


def _forms(pk, states) -> list:
	names = frappe.get_all(
		"Data Bidang",
		{"perjanjian_kinerja": pk.name, "status": ("in", states)},
		pluck="name",
		order_by="unit",
	)
	return [frappe.get_doc("Data Bidang", name) for name in names]


def _budget(pk, paper):
	_make(
		"Dokumen Anggaran", opd=pk.opd, periode=pk.periode, nomor="DPA/Contoh/1", tanggal_pengesahan=today()
	)


def _archive(pk, paper):
	_make(
		"Arsip PK",
		perjanjian_kinerja=pk.name,
		nomor_berkas=f"PK/{pk.periode}",
		lokasi="Lemari arsip Subbagian Perencanaan",
		distribusi=[
			{"penerima": "Kepala OPD", "rangkap": 1},
			{"penerima": "Bagian Organisasi", "rangkap": 1},
		],
	)


def _make(doctype: str, **values) -> str:
	return frappe.get_doc(doctype=doctype, **values).insert().name


MAKERS = {
	"Dokumen Pendukung": _supporting,
	"Naskah Dinas": _letter,
	"Rapat Pembahasan": _meeting,
	"Daftar Hadir": _attendance,
	"Notulen": _minutes,
	"Permintaan Data": _request,
	"Formulir Bertanda Tangan": _signed_forms,
	"Data Bidang": _accepted_forms,
	"Dokumen Anggaran": _budget,
	"Arsip PK": _archive,
}
