"""Naskah Dinas and the checklist of a step: they ride the PK's chain, and are numbered without a gap."""

import factory
import frappe
import pytest
from factory import A, B, act, forward, pk, user
from perjankin_app.perjankin_app.doctype.naskah_dinas import naskah_dinas

from perjankin_app import numbering, papers

LETTER = "Naskah Dinas"
PAPERS = [
	("Draf", "Kelengkapan", "Renstra"),
	("Draf", "Hasil", "Surat Pengantar"),
	("Draf", "Hasil", "Nota Dinas", "optional"),
	("Uji Paraf", "Kelengkapan", "Surat Pengantar"),
	("Uji Paraf", "Hasil", "Nota Dinas Penjelasan", "optional"),
	("Uji Tanda Tangan", "Hasil", "PK Bertanda Tangan"),
	("Uji Tanda Tangan", "Hasil", "Surat Pengantar"),
	("Uji Kirim", "Kelengkapan", "PK Bertanda Tangan"),
	("Uji Kirim", "Kelengkapan", "Surat Pengantar"),
	("Uji Kirim", "Hasil", "Arsip PK"),
]


@pytest.fixture
def doc():
	factory.publish(papers=PAPERS)
	factory.publish(opd=B, name="SOP Uji B", papers=PAPERS)
	return pk()


def letter(doc, kind="Surat Pengantar", **values):
	values = {"kepada": "Sekretaris Daerah", "perihal": "Penyampaian PK", **values}
	return frappe.get_doc(doctype=LETTER, perjanjian_kinerja=doc.name, jenis_dokumen=kind, **values).insert()


def renstra(doc):
	file = frappe.get_doc(doctype="File", file_name="renstra.txt", content="Renstra", is_private=1).insert()
	return frappe.get_doc(
		doctype="Dokumen Pendukung",
		jenis_dokumen="Renstra",
		opd=doc.opd,
		periode=doc.periode,
		berkas=file.file_url,
	).insert()


def ready(doc):
	"""Everything that the first step wants."""
	frappe.set_user(user("penyusun"))
	renstra(doc)
	return letter(doc)


def signed(doc):
	return forward(doc, until="Uji Kirim")


# ---------------------------------------------------------------------------------------------------------- the gate


def test_a_step_is_not_completed_without_its_papers(doc):
	with pytest.raises(frappe.ValidationError) as refusal:
		act(doc, "Selesai", by=user("penyusun"))
	for missing in ("Renstra", "Surat Pengantar"):
		assert missing in str(refusal.value) or any(missing in str(m) for m in frappe.get_message_log())
	frappe.clear_messages()
	renstra(doc)
	with pytest.raises(frappe.ValidationError):
		act(doc, "Selesai", by=user("penyusun"))
	letter(doc)
	assert act(doc, "Selesai", by=user("penyusun")).workflow_state == "Uji Paraf"


def test_a_return_needs_no_papers(doc):
	given = ready(doc)
	doc = act(doc, "Selesai", by=user("penyusun"))
	frappe.db.set_value(LETTER, given.name, "status", "Batal")
	assert act(doc, "Kembalikan", by=user("kasubbag"), reason="Perbaiki").workflow_state == "Draf"


def test_the_checklist_says_what_is_there_and_what_to_do(doc):
	lines = {(line["arah"], line["jenis_dokumen"]): line for line in papers.for_form(doc)}
	assert lines["Kelengkapan", "Renstra"]["missing"] == "unggah berkasnya."
	assert lines["Hasil", "Nota Dinas"]["wajib"] is False
	given = ready(doc)
	lines = {line["jenis_dokumen"]: line for line in papers.for_form(doc)}
	assert lines["Surat Pengantar"]["found"] == (given.name,) and not lines["Surat Pengantar"]["missing"]


def test_a_renstra_of_another_agency_or_year_does_not_count(doc):
	frappe.set_user(user("penyusun", B))
	renstra(pk(opd=B))
	assert any(line["missing"] for line in papers.for_form(doc) if line["jenis_dokumen"] == "Renstra")


def test_what_a_signed_pk_rests_on_stays(doc):
	ready(doc)
	paper = frappe.get_last_doc("Dokumen Pendukung")
	paper.update({"nomor": "1"}).save()
	signed(act(doc, "Selesai", by=user("penyusun")))
	frappe.set_user(user("penyusun"))
	with pytest.raises(frappe.PermissionError, match="sudah dipakai"):
		anew(paper).update({"nomor": "2"}).save()
	with pytest.raises(frappe.PermissionError, match="sudah dipakai"):
		anew(paper).delete()
	assert renstra(doc).name != paper.name


# ------------------------------------------------------------------------------------------------------- their own life


def test_a_letter_is_signed_with_the_pk_and_then_numbered(doc):
	given = ready(doc)
	doc = act(doc, "Selesai", by=user("penyusun"))
	assert status(given) == "Konsep"  # the Kepala's signature is still to come
	frappe.set_user(user("kasubbag"))
	with pytest.raises(frappe.ValidationError, match="status"):
		naskah_dinas.give_number(given.name)
	doc = signed(doc)
	given.reload()
	assert (given.status, given.penanda_tangan_nama) == ("Ditetapkan", "Uji kepala UJI-A")
	assert given.langkah_penetapan == "Uji Tanda Tangan"
	frappe.set_user(user("penyusun"))
	with pytest.raises(frappe.ValidationError):  # not sent without a number
		act(doc, "Kirim", by=user("penyusun"))
	number = naskah_dinas.give_number(given.name)
	assert number == f"000.8.3/001/UJI-A/{frappe.utils.getdate().year}"
	with pytest.raises(frappe.ValidationError, match="status"):
		naskah_dinas.give_number(given.name)
	archive(doc)
	assert act(doc, "Kirim", by=user("penyusun")).workflow_state == "Selesai"


def test_a_letter_that_no_signature_waits_for_is_settled_by_its_step(doc):
	ready(doc)
	note = letter(doc, "Nota Dinas")
	doc = act(doc, "Selesai", by=user("penyusun"))
	note.reload()
	assert (note.status, note.penanda_tangan_nama) == ("Ditetapkan", "Uji penyusun UJI-A")
	act(doc, "Kembalikan", by=user("kasubbag"), reason="Perbaiki")
	note.reload()
	assert (note.status, note.penanda_tangan) == ("Konsep", None)


def test_a_settled_letter_keeps_its_content(doc):
	given = ready(doc)
	signed(act(doc, "Selesai", by=user("penyusun")))
	frappe.set_user(user("penyusun"))
	for change in ({"perihal": "Lain"}, {"kepada": "Orang lain"}, {"dikirim_tanggal": frappe.utils.today()}):
		with pytest.raises(frappe.PermissionError):
			anew(given).update(change).save()
	given = anew(given)
	given.append("rincian", {"jenis_dikirim": "Lain", "banyaknya": "2"})
	with pytest.raises(frappe.PermissionError):
		given.save()


def test_the_way_of_a_letter(doc):
	given = ready(doc)
	signed(act(doc, "Selesai", by=user("penyusun")))
	frappe.set_user(user("penyusun"))
	naskah_dinas.give_number(given.name)
	today = frappe.utils.today()
	given = anew(given).update({"diterima_tanggal": today})
	with pytest.raises(frappe.ValidationError, match="Penerimaan"):
		given.save()
	given = anew(given).update({"dikirim_tanggal": today, "cara_kirim": "Diantar"}).save()
	assert given.status == "Dikirim"
	given.update(
		{"diterima_tanggal": today, "penerima_nama": "Staf Biro", "penerima_jabatan": "Pengadministrasi"}
	)
	given.append("distribusi", {"penerima": "Bagian Organisasi", "rangkap": 2})
	given.save()
	assert given.status == "Diterima"


def test_a_void_number_stays_visible(doc):
	given = ready(doc)
	signed(act(doc, "Selesai", by=user("penyusun")))
	frappe.set_user(user("penyusun"))
	number = naskah_dinas.give_number(given.name)
	with pytest.raises(frappe.ValidationError, match="alasan"):
		naskah_dinas.void(given.name, " ")
	naskah_dinas.void(given.name, "Salah tujuan")
	line = frappe.get_last_doc("Register Naskah", {"naskah_dinas": given.name})
	assert (line.nomor, line.status, line.alasan) == (number, "Batal", "Salah tujuan")
	assert status(given) == "Batal"
	again = letter(doc)  # a new one, after the signature
	assert naskah_dinas.give_number(again.name) == number.replace("/001/", "/002/")
	assert anew(again).penanda_tangan_nama == "Uji kepala UJI-A"


def test_the_form_offers_what_the_server_does(doc):
	"""At every stage of a letter, to whoever may open it: no button that is refused, none that is missing."""
	given, seen = ready(doc), set()

	def send():
		saved = anew(given).update(way).save()
		return all(saved.get(field) for field in way)  # of a draft they are emptied

	def compare(stage):
		for key in ("penyusun", "kasubbag", "tim", "kepala", "admin"):
			frappe.set_user(user(key))
			shown = anew(given)
			shown.run_method("onload")
			offered = shown.get_onload("boleh")
			done = {
				"nomor": succeeds(lambda: naskah_dinas.give_number(given.name)),
				"batal": succeeds(lambda: naskah_dinas.void(given.name, "Salah tujuan")),
				"kirim": succeeds(send),
			}
			assert offered == done, (stage, key)
			seen.update(what for what in done if done[what])
		frappe.set_user(user("penyusun"))

	today = frappe.utils.today()
	way = {"dikirim_tanggal": today, "cara_kirim": "Diantar", "petugas": "Kurir"}
	compare("draft")
	doc = signed(act(doc, "Selesai", by=user("penyusun")))
	compare("settled")
	frappe.set_user(user("penyusun"))
	naskah_dinas.give_number(given.name)
	compare("numbered")
	anew(given).update(way).save()
	anew(given).update({"diterima_tanggal": today, "penerima_nama": "Biro"}).save()
	way = {"penerima_jabatan": "Pengadministrasi"}
	compare("received")
	archive(doc)
	act(doc, "Kirim", by=user("penyusun"))
	compare("ended")
	frappe.set_user(user("admin"))
	naskah_dinas.void(given.name, "Salah tujuan")
	compare("void")
	assert seen == {"nomor", "batal", "kirim"}


def succeeds(call) -> bool:
	frappe.db.savepoint("tried")
	try:
		return call() is not False
	except (frappe.PermissionError, frappe.ValidationError):
		return False
	finally:
		frappe.db.rollback(save_point="tried")


def test_only_who_holds_the_step_writes_letters(doc):
	for login in (user("kasubbag"), user("admin"), user("penyusun", B), user("kabid")):
		frappe.set_user(login)
		with pytest.raises(frappe.PermissionError):
			letter(doc)
	given = ready(doc)
	doc = act(doc, "Selesai", by=user("penyusun"))
	for login in (user("penyusun"), user("kasubbag")):  # the checker checks; and he may add his own note
		frappe.set_user(login)
		with pytest.raises(frappe.PermissionError):
			anew(given).update({"perihal": "Lain"}).save()
	frappe.set_user(user("kasubbag"))
	letter(doc, "Nota Dinas Penjelasan")
	with pytest.raises(frappe.PermissionError):
		letter(doc, "Nota Dinas")


def test_what_the_server_writes_is_not_forged(doc):
	frappe.set_user(user("penyusun"))
	forged = {"status": "Bernomor", "nomor": "1/A", "tanggal": "2020-01-02", "penanda_tangan_nama": "Bupati"}
	given = letter(doc, **forged)
	server = (given.status, given.nomor, given.tanggal, given.penanda_tangan_nama, given.opd)
	assert server == ("Konsep", None, None, None, A)
	given.update(forged).save()
	server = (given.status, given.nomor, given.tanggal, given.penanda_tangan_nama, given.opd)
	assert server == ("Konsep", None, None, None, A)
	with pytest.raises(frappe.PermissionError):
		letter(doc, opd=B)
	foreign = pk(opd=B)
	frappe.set_user(user("penyusun"))
	with pytest.raises(frappe.PermissionError):
		letter(foreign, opd=A)


def test_the_register_is_written_by_numbering_only(doc):
	frappe.set_user("Administrator")
	line = frappe.get_doc(doctype="Register Naskah", nomor="9", opd=A, status="Terpakai")
	with pytest.raises(frappe.PermissionError):
		line.insert()


def test_an_archived_pk_is_locked(doc):
	given = ready(doc)
	doc = signed(act(doc, "Selesai", by=user("penyusun")))
	frappe.set_user(user("penyusun"))
	naskah_dinas.give_number(given.name)
	kept = archive(doc)
	with pytest.raises(frappe.DuplicateEntryError):
		archive(doc)
	assert kept.sidik_berkas == doc.pdf_sha256
	act(doc, "Kirim", by=user("penyusun"))
	with pytest.raises(frappe.PermissionError):
		anew(kept).update({"lokasi": "Lain"}).save()
	with pytest.raises(frappe.PermissionError):
		kept.delete()


# ------------------------------------------------------------------------------------------------------- the numbers


def test_series_by_kind_and_by_year(doc):
	frappe.set_user(user("admin"))
	series = frappe.get_doc(
		doctype="Seri Nomor", opd=A, jenis_dokumen="Surat Pengantar", pola="{urut}/Dpk-Set.1/{tahun}", mulai=7
	).insert()
	given = frappe._dict(
		opd=A, jenis_dokumen="Surat Pengantar", klasifikasi="", kepada="x", perihal="y", name=None
	)
	assert numbering.give(given, "2026-03-01") == "007/Dpk-Set.1/2026"
	assert numbering.give(given, "2026-03-01") == "008/Dpk-Set.1/2026"
	assert numbering.give(given, "2027-01-02") == "007/Dpk-Set.1/2027"
	other = frappe._dict(given, jenis_dokumen="Nota Dinas")
	assert numbering.give(other, "2026-03-01") == "000.8.3/001/UJI-A/2026"
	frappe.set_user("Administrator")
	with pytest.raises(frappe.ValidationError, match="agenda"):
		series.delete()
	with pytest.raises(frappe.DuplicateEntryError):
		frappe.get_doc(doctype="Seri Nomor", opd=A, pola="{urut}").insert()


@pytest.mark.parametrize(
	"pattern", ["tanpa urut", "{urut}/{rahasia}", "{urut", "{urut.__class__}", "{urut!r}", "{0}{urut}"]
)
def test_a_pattern_that_gives_no_number_is_refused(pattern):
	frappe.set_user(user("admin"))
	with pytest.raises(frappe.ValidationError, match="Pola Nomor"):
		frappe.get_doc(doctype="Seri Nomor", opd=A, jenis_dokumen="Nota Dinas", pola=pattern).insert()


@pytest.mark.parametrize(
	"values, words",
	[
		({"lebar": 7}, "1 sampai 6"),
		({"lebar": 10**9}, "1 sampai 6"),  # cost two gigabytes
		({"lebar": -1}, "1 sampai 6"),
		({"lebar": "x"}, "bukan angka"),
		({"mulai": "1e9x"}, "bukan angka"),
		({"mulai": "-3"}, "1 atau lebih"),
	],
)
def test_a_series_has_bounds(monkeypatch, values, words):
	monkeypatch.setattr(
		numbering, "write", lambda *args, **parts: pytest.fail("tried") if parts["lebar"] > 6 else "1"
	)
	frappe.set_user(user("admin"))
	with pytest.raises(frappe.ValidationError, match=words):
		frappe.get_doc(
			doctype="Seri Nomor", opd=A, jenis_dokumen="Nota Dinas", pola="{urut}", **values
		).insert()


def anew(doc):
	return frappe.get_doc(doc.doctype, doc.name)


def status(given) -> str:
	return frappe.db.get_value(LETTER, given.name, "status")


def archive(doc):
	frappe.set_user(user("penyusun"))
	return frappe.get_doc(
		doctype="Arsip PK", perjanjian_kinerja=doc.name, nomor_berkas="PK-01", lokasi="Lemari 1"
	).insert()
