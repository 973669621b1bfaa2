"""Papers in hostile hands: a signature, a number, a proof or a date that nobody gave."""

import factory
import frappe
import pytest
from factory import A, B, act, forward, pk, user
from frappe.utils import add_days, now_datetime, today
from perjankin_app.perjankin_app.doctype.naskah_dinas import naskah_dinas
from perjankin_app.perjankin_app.doctype.permintaan_data.permintaan_data import PermintaanData
from perjankin_app.perjankin_app.doctype.rapat_pembahasan import rapat_pembahasan
from test_letters import PAPERS, anew, archive, letter, ready, renstra, signed, status

from perjankin_app import numbering
from perjankin_app.workflow import deadlines, reminders

MEETING = "Rapat Pembahasan"
HEAD = "Uji kepala UJI-A"
REFUSED = (frappe.ValidationError, frappe.PermissionError)


@pytest.fixture
def doc():
	factory.publish(papers=PAPERS)
	factory.publish(opd=B, name="SOP Uji B", papers=PAPERS)
	return pk()


@pytest.fixture
def sending(doc):
	"""The PK at its last step, after the signature; its letter waits for a number."""
	given = ready(doc)
	doc = signed(act(doc, "Selesai", by=user("penyusun")))
	frappe.set_user(user("penyusun"))
	return frappe._dict(pk=doc, letter=given)


@pytest.fixture
def received(sending):
	"""A letter on its whole way; its PK's chain has ended."""
	given = sending.letter
	naskah_dinas.give_number(given.name)
	anew(given).update(
		{"dikirim_tanggal": today(), "diterima_tanggal": today(), "penerima_nama": "Biro"}
	).save()
	archive(sending.pk)
	act(sending.pk, "Kirim", by=user("penyusun"))
	return given


def meeting(doc, **values):
	values = {"mulai": "2026-03-02 09:00", "selesai": "2026-03-02 11:00", **values}
	return frappe.get_doc(
		doctype=MEETING, perjanjian_kinerja=doc.name, judul="Rapat", tempat="Aula",
		**{"peserta": [{"nama": "X", "hadir": 1}], **values},
	).insert()  # fmt: skip


# --------------------------------------------------------------------------------------------- in whose name it stands


def test_sop_004_the_head_signs_the_covering_letter():
	factory.publish_example("004_kesbangpol_jateng")
	doc = forward(pk(by="kepala"), until="Penomoran Surat Pengantar")
	frappe.set_user(user("kasubbag"))
	given = letter(doc)
	with pytest.raises(frappe.ValidationError):  # wanted with its number
		act(doc, "Selesai", by=user("kasubbag"))
	naskah_dinas.give_number(given.name)
	assert act(doc, "Selesai", by=user("kasubbag")).workflow_state == "Pengiriman"
	given.reload()
	assert (given.penanda_tangan_nama, given.langkah_penetapan) == (HEAD, "Tanda Tangan Kepala")


@pytest.mark.parametrize("kind", ["Nota Dinas", "Undangan Rapat"])
def test_a_letter_that_the_sop_does_not_foresee_there(sending, kind):
	"""Nota Dinas belongs to the first step only, Undangan Rapat to none."""
	forged = letter(sending.pk, kind, kepada="Bendahara", perihal="Perintah membayar", isi="Bayarkan segera.")
	with pytest.raises(frappe.ValidationError, match="di luar SOP"):
		naskah_dinas.give_number(forged.name)
	naskah_dinas.give_number(sending.letter.name)
	archive(sending.pk)
	act(sending.pk, "Kirim", by=user("penyusun"))  # nor does the end of the step settle it
	for key in ("penyusun", "tim"):
		frappe.set_user(user(key))
		with pytest.raises(REFUSED):
			naskah_dinas.give_number(forged.name)
	forged.reload()
	assert (forged.status, forged.nomor, forged.penanda_tangan_nama) == ("Konsep", None, None)


def test_what_is_made_at_the_last_step_leaves_with_a_number():
	factory.publish(papers=[("Uji Kirim", "Hasil", "Surat Pengantar")])
	doc = forward(pk(), until="Uji Kirim")
	frappe.set_user(user("penyusun"))
	given = letter(doc)
	with pytest.raises(frappe.ValidationError):
		act(doc, "Kirim", by=user("penyusun"))
	naskah_dinas.give_number(given.name)
	assert act(doc, "Kirim", by=user("penyusun")).workflow_state == "Selesai"
	assert anew(given).penanda_tangan_nama == HEAD


def test_a_letter_of_a_cancelled_pk_gets_no_number(sending):
	act(sending.pk, "Batalkan", by=user("admin"), reason="Keliru")
	frappe.set_user(user("penyusun"))
	with pytest.raises(frappe.ValidationError, match="dibatalkan"):
		naskah_dinas.give_number(sending.letter.name)


# ------------------------------------------------------------------------------------------------------- whose hand it is


@pytest.mark.parametrize("key", ["tim", "kasubbag", "admin"])
def test_only_the_holder_of_the_step_numbers_voids_and_sends(sending, key):
	name = sending.letter.name
	frappe.set_user(user(key))
	with pytest.raises(frappe.PermissionError):
		naskah_dinas.give_number(name)
	frappe.set_user(user("penyusun"))
	naskah_dinas.give_number(name)
	frappe.set_user(user(key))
	with pytest.raises(frappe.PermissionError):
		naskah_dinas.void(name, "iseng")
	with pytest.raises(frappe.PermissionError):
		anew(sending.letter).update({"dikirim_tanggal": today()}).save()
	assert status(sending.letter) == "Bernomor"


def test_a_received_letter_is_given_up_by_an_admin_only(received):
	for key in ("tim", "penyusun", "kasubbag"):
		frappe.set_user(user(key))
		with pytest.raises(frappe.PermissionError):
			naskah_dinas.void(received.name, "iseng")
	frappe.set_user(user("admin", B))
	with pytest.raises(frappe.PermissionError):
		naskah_dinas.void(received.name, "iseng")
	frappe.set_user(user("admin"))
	naskah_dinas.void(received.name, "Salah tujuan")
	assert status(received) == "Batal"


def test_a_receipt_stays_once_the_chain_has_ended(received):
	nothing = {"dikirim_tanggal": None, "diterima_tanggal": None, "penerima_nama": None}
	for key in ("tim", "penyusun"):
		frappe.set_user(user(key))
		for change in (nothing, {"penerima_nama": "Orang lain"}):
			with pytest.raises(frappe.PermissionError):
				anew(received).update(change).save()
	anew(received).update(
		{"penerima_jabatan": "Pengadministrasi"}
	).save()  # what was left empty is still written
	frappe.set_user(user("tim"))
	with pytest.raises(frappe.PermissionError):
		anew(received).update({"petugas": "Kurir"}).save()


# ------------------------------------------------------------------------------------------------- what a step rested on


def test_a_paper_stays_once_its_step_is_over(doc):
	ready(doc)
	paper = frappe.get_last_doc("Dokumen Pendukung")
	doc = act(doc, "Selesai", by=user("penyusun"))
	frappe.set_user(user("penyusun"))
	with pytest.raises(frappe.PermissionError, match="sudah dipakai"):
		anew(paper).delete()
	with pytest.raises(frappe.PermissionError, match="sudah dipakai"):
		anew(paper).update({"jenis_dokumen": "Renja"}).save()
	act(doc, "Kembalikan", by=user("kasubbag"), reason="Perbaiki")
	frappe.set_user(user("penyusun"))
	anew(paper).delete()


def test_a_paper_that_no_chain_asked_for_is_free(doc):
	factory.publish(factory.BELOW, jenjang="Pengawas", name="SOP Pgw")
	forward(pk("kasi"), until="Uji Kirim")  # signed, by a chain without papers
	frappe.set_user(user("penyusun"))
	renstra(doc).update({"nomor": "2"}).save()


def test_an_attendance_stays_once_its_step_is_over():
	factory.publish(papers=[("Draf", "Hasil", "Daftar Hadir")])
	doc = pk()
	held = meeting(doc)
	doc = forward(act(doc, "Selesai", by=user("penyusun")), until="Uji Kirim")
	frappe.set_user(user("penyusun"))
	with pytest.raises(frappe.PermissionError, match="sudah dipakai"):
		anew(held).delete()
	nobody = anew(held)
	nobody.peserta[0].hadir = 0
	with pytest.raises(frappe.PermissionError, match="sudah dipakai"):
		nobody.save()
	anew(held).update({"notulen": "Dibahas."}).save()  # the minutes may come later


WORK = dict(jenis="Tugas", peran="PK Penyusun", waktu=1, satuan_waktu="jam")
PREPARING = dict(WORK, kegiatan="Menyiapkan", status="Uji Siap", jika_tidak="Draf")
REPORTING = dict(WORK, kegiatan="Melapor", status="Uji Lapor")


def stays():
	return pytest.raises(frappe.PermissionError, match="sudah dipakai")


def kind_of(fulfilment):
	kinds = frappe.get_all("Jenis Dokumen", {"pemenuhan": fulfilment}, pluck="name", order_by="name")
	return kinds[0]


def asked(doc):
	return frappe.get_doc(doctype="Permintaan Data", perjanjian_kinerja=doc.name, tenggat=today()).insert()


def dpa(doc):
	return frappe.get_doc(
		doctype="Dokumen Anggaran", opd=doc.opd, periode=doc.periode, jenis="DPA", nomor="1",
		tanggal_pengesahan="2026-01-02", pagu=[{"nomenklatur": "9.99.01", "pagu": 5}],
	).insert()  # fmt: skip


@pytest.mark.parametrize(
	"fulfilment, make",
	[
		("Rapat Pembahasan", meeting),
		("Daftar Hadir", meeting),
		("Permintaan Data", asked),
		("Dokumen Anggaran", dpa),
		("Naskah Dinas", letter),
	],
)
def test_a_proof_is_deleted_only_after_a_return(fulfilment, make):
	"""By whoever holds the next working step too."""
	kind = "Surat Pengantar" if make == letter else kind_of(fulfilment)
	later = [("Uji Tanda Tangan", "Hasil", kind)] if make == letter else []
	factory.publish(
		[factory.SIMPLE[0], PREPARING, *factory.SIMPLE[1:]], papers=[("Draf", "Hasil", kind), *later]
	)
	doc = pk()
	proof = make(doc)
	doc = act(doc, "Selesai", by=user("penyusun"))
	by = user("pemda", factory.PEMDA) if make == dpa else user("penyusun")
	frappe.set_user(by)
	with stays():
		anew(proof).delete()
	act(doc, "Kembalikan", by=user("penyusun"), reason="Perbaiki")
	frappe.set_user(by)
	anew(proof).delete()
	assert not frappe.db.exists(proof.doctype, proof.name)


def test_an_attendance_is_not_exchanged_for_another():
	factory.publish(papers=[("Draf", "Hasil", "Daftar Hadir")])
	doc = pk()
	held = meeting(doc)
	forward(act(doc, "Selesai", by=user("penyusun")), until="Uji Kirim")
	frappe.set_user(user("penyusun"))
	other = [{"nama": "Bupati Uji", "jabatan": "Bupati", "hadir": 1}]
	for change in ({"peserta": other}, {"tempat": "Tempat lain"}, {"mulai": "2026-01-05 09:00"}):
		with stays():
			anew(held).update(change).save()


def test_a_budget_that_a_step_rested_on_is_not_rewritten():
	factory.publish(papers=[("Draf", "Kelengkapan", kind_of("Dokumen Anggaran"))])
	doc = pk()
	budget = dpa(doc)
	budget.update({"nomor": "2"}).save()
	doc = act(doc, "Selesai", by=user("penyusun"))
	frappe.set_user(user("penyusun"))
	for change in ({"nomor": "999/palsu"}, {"tanggal_pengesahan": "2026-06-01"}, {"pagu": []}):
		with stays():
			anew(budget).update(change).save()
	later = dpa(doc)  # which the step can't have rested on: a slip in it is mended
	frappe.db.set_value(later.doctype, later.name, "creation", add_days(now_datetime(), 1))
	anew(later).update({"nomor": "3"}).save()


def test_a_letter_is_not_rewritten_between_paraf_and_signature():
	factory.publish(
		[*factory.SIMPLE[:2], PREPARING, *factory.SIMPLE[2:]],
		papers=[
			("Draf", "Hasil", "Surat Pengantar"),
			("Uji Paraf", "Hasil", "Surat Pengantar"),
			("Uji Tanda Tangan", "Hasil", "Surat Pengantar"),
		],
	)
	doc = pk()
	given = letter(doc)
	doc = act(doc, "Selesai", by=user("penyusun"))
	frappe.set_user(user("kasubbag"))
	anew(given).update({"isi": "Dibetulkan sebelum diparaf."}).save()
	doc = act(doc, "Paraf", by=user("kasubbag"))
	frappe.set_user(user("penyusun"))
	with stays():
		anew(given).update({"perihal": "Sesuatu yang lain"}).save()
	act(doc, "Kembalikan", by=user("penyusun"), reason="Perbaiki")
	anew(given).update({"perihal": "Diperbaiki"}).save()


def test_an_archive_entry_stays_once_its_step_is_over():
	factory.publish([*factory.SIMPLE, REPORTING], papers=[("Uji Kirim", "Hasil", "Arsip PK")])
	doc = forward(pk(), until="Uji Kirim")
	kept = archive(doc)
	act(doc, "Kirim", by=user("penyusun"))
	with stays():
		anew(kept).delete()
	with stays():
		anew(kept).update({"lokasi": "Lain"}).save()


def test_a_meeting_is_not_closed_before_it_began(doc):
	frappe.set_user(user("penyusun"))
	soon = now_datetime()
	planned = meeting(
		doc,
		mulai=add_days(soon, 30),
		selesai=add_days(soon, 31),
		notulen="Sudah dibahas",
		peserta=[{"nama": "X"}],
	)
	with pytest.raises(frappe.ValidationError, match="belum dimulai"):
		rapat_pembahasan.close(planned.name)


def test_a_form_filled_meanwhile_is_not_deleted(doc, monkeypatch):
	frappe.set_user(user("penyusun"))
	request = frappe.get_doc(doctype="Permintaan Data", perjanjian_kinerja=doc.name, tenggat=today()).insert()
	form = frappe.db.get_value("Data Bidang", {"unit": ("like", "Bidang%"), "permintaan": request.name})
	asked = PermintaanData.validate_removed

	def then_somebody_fills(self):
		asked(self)
		frappe.set_user(user("kabid"))
		frappe.get_doc("Data Bidang", form).update({"keterangan": "sejam bekerja"}).save()
		frappe.set_user(user("penyusun"))

	monkeypatch.setattr(PermintaanData, "validate_removed", then_somebody_fills)
	request.unit = [row for row in request.unit if not row.unit.startswith("Bidang")]
	with pytest.raises(frappe.ValidationError, match="sudah mengisi"):
		request.save()
	assert frappe.db.exists("Data Bidang", form)


# --------------------------------------------------------------------------------------------------- numbers and dates


def wanted(kind="Nota Dinas", **values):
	return frappe._dict(opd=A, jenis_dokumen=kind, kepada="x", perihal="y", **values)


def series(**values):
	return frappe.get_doc(doctype="Seri Nomor", opd=A, **values).insert()


def test_two_series_never_give_the_same_number(doc):
	frappe.set_user(user("admin"))
	numbering.give(wanted(), "2026-03-01")  # makes the common series
	with pytest.raises(frappe.DuplicateEntryError, match="nomor yang sama"):
		series(jenis_dokumen="Surat Pengantar")
	own = series(jenis_dokumen="Surat Pengantar", unit="Set")
	with pytest.raises(frappe.DuplicateEntryError, match="nomor yang sama"):
		own.update({"unit": None}).save()


def test_a_number_that_is_in_the_book_is_not_given_again(doc):
	"""Two series that differ, and a letter that takes the difference away."""
	frappe.set_user(user("admin"))
	numbering.give(wanted(), "2026-03-01")
	series(jenis_dokumen="Surat Pengantar", klasifikasi="005")
	with pytest.raises(frappe.DuplicateEntryError, match="buku agenda"):
		numbering.give(wanted("Surat Pengantar", klasifikasi="000.8.3"), "2026-03-01")
	assert numbering.give(wanted("Surat Pengantar"), "2026-03-01") == "005/001/UJI-A/2026"


def test_a_pattern_without_year_counts_anew_each_year(doc):
	frappe.set_user(user("admin"))
	series(pola="067.2/{urut}/Org.2")
	assert numbering.give(wanted(), "2026-03-01") == numbering.give(wanted(), "2027-03-01")


def test_a_series_without_pattern_takes_the_default():
	frappe.set_user(user("admin"))
	assert series(jenis_dokumen="Nota Dinas").pola == numbering.DEFAULT_PATTERN


@pytest.mark.parametrize("field", ["dikirim_tanggal", "diterima_tanggal"])
def test_nothing_was_sent_or_received_tomorrow(sending, field):
	naskah_dinas.give_number(sending.letter.name)
	way = {"dikirim_tanggal": today(), "penerima_nama": "Biro", field: add_days(today(), 1)}
	with pytest.raises(frappe.ValidationError, match="hari ini"):
		anew(sending.letter).update(way).save()


@pytest.mark.parametrize("date", ["9999-12-31", "2000-01-01"])
def test_a_pk_is_archived_between_its_date_and_today(sending, date):
	kept = frappe.get_doc(
		doctype="Arsip PK", perjanjian_kinerja=sending.pk.name, nomor_berkas="1", lokasi="L", tanggal=date
	)
	with pytest.raises(frappe.ValidationError, match="Tanggal Arsip"):
		kept.insert()


def test_told_late_then_a_holiday_moves_the_deadline():
	factory.publish()
	doc = pk()
	past = {"pengingat_langkah": "Terlambat", "tenggat_langkah": add_days(now_datetime(), -30)}
	frappe.db.set_value(doc.doctype, doc.name, past)
	deadlines.recompute(A)
	row = frappe.db.get_value(doc.doctype, doc.name, ["tenggat_langkah", "pengingat_langkah"], as_dict=True)
	assert row.tenggat_langkah > now_datetime()
	later = add_days(row.tenggat_langkah, 1)
	assert reminders.told_next(row, later, later) == "Terlambat"
