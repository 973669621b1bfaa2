"""The signed PK is frozen: what was signed stays what it is, and whatever is changed behind it is found, in words."""

import json
import subprocess
from pathlib import Path

import factory
import frappe
import pytest
from factory import A, B, act, forward, pk, user
from frappe.www import printview

from perjankin_app.document import checks, final, pdf, signed, signing, template_version
from perjankin_app.patches import adopt_signed
from perjankin_app.workflow import log

PK, FINAL, SIGN = "Perjanjian Kinerja", "Dokumen Final", "Uji Tanda Tangan"


@pytest.fixture
def ready(in_force):
	return forward(pk(), SIGN)


@pytest.fixture
def done(ready):
	doc = act(ready, "Tanda Tangani", by=user("kepala"))
	frappe.set_user("Administrator")
	return doc


def html_of(doc, print_format=PK):
	frappe.local.response = frappe._dict(docs=[])
	return frappe.get_print(PK, doc.name, print_format=print_format, no_letterhead=True)


def text_of(content: bytes) -> str:
	run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
	return run.stdout.decode()


# ------------------------------------------------------------------------------------------------------------- frozen


def test_what_is_frozen(done):
	document = final.of(done.name)
	content = signed.content_of(done.pdf_final)
	assert (document.berkas, document.sidik) == (done.pdf_final, done.pdf_sha256)
	assert document.halaman == len(pdf.pages(content)) >= 2
	assert document.templat == template_version.version()
	assert document.opd == A
	frozen = json.loads(document.cuplikan)
	assert frozen["nilai"]["target"][0]["target"] == "82,7"
	assert frozen["tercetak"]["parties"][0]["name"] == done.pihak_pertama_nama


def test_the_file_carries_its_code(done):
	document = final.of(done.name)
	assert len(set(document.kode)) > 5 and len(document.kode) == 20
	text = text_of(signed.content_of(done.pdf_final))
	assert document.tautan.endswith(document.kode)
	assert "-".join(document.kode[n : n + 5] for n in range(0, 20, 5)) in text
	assert document.tautan in text.replace("\n", "").replace(" ", "")
	assert "BSrE" not in text


def test_two_pks_have_different_codes(in_force):
	codes = {final.of(forward(pk(opd=opd)).name).kode for opd in (A, B)}
	assert len(codes) == 2


def test_a_draft_carries_none(ready):
	assert "Kode:" not in html_of(ready) and not final.of(ready.name)


# ------------------------------------------------------------------------------------------------ later prints are copies


def test_core_prints_what_was_signed(done):
	"""Whatever has been changed since, by a right or a wrong way."""
	before = html_of(done)
	frappe.db.set_value("Unit Kerja", A, {"kop": "KOP BARU", "kota": "Kota Baru", "nama_resmi": "Nama Baru"})
	frappe.clear_document_cache("Unit Kerja", A)
	frappe.db.set_single_value("Pengaturan Perjankin", "akhiran_judul", "AKHIRAN BARU")
	frappe.clear_document_cache("Pengaturan Perjankin", "Pengaturan Perjankin")
	frappe.db.set_value("Target Kinerja", done.target[0].name, "target", "99,9")
	frappe.db.set_value(PK, done.name, "pihak_pertama_nama", "Orang Lain")
	assert html_of(done) == before and "82,7" in before
	assert "Salinan cetak" in before and done.pdf_sha256 in before


def test_so_does_any_other_layout(done):
	frappe.db.set_value("Target Kinerja", done.target[0].name, "target", "99,9")
	frappe.db.set_value(PK, done.name, "pihak_pertama_nama", "Orang Lain")
	html = html_of(done, print_format="Standard")
	assert "82,7" in html and "99,9" not in html and "Orang Lain" not in html
	assert "SALINAN" in html


def test_json_from_the_client_changes_nothing(done):
	forged = done.as_dict()
	forged.docstatus, forged.target[0].target, forged.pihak_pertama_nama = 0, "99,9", "Orang Lain"
	forged.flags = {"words_in_print": {"agency": "LAIN"}}
	frappe.set_user(user("kepala"))
	html = printview.get_html_and_style(doc=frappe.as_json(forged), print_format=PK, no_letterhead=1)["html"]
	assert "82,7" in html and "99,9" not in html and "Orang Lain" not in html
	assert "Salinan cetak" in html


# -------------------------------------------------------------------------------------------------------------- paraf


def test_the_paraf_box_is_on_drafts_and_copies_not_on_the_signed_file(ready):
	kasubbag = f"Uji kasubbag {factory.SHORT[A]}"
	draft = html_of(ready)
	assert "Paraf Hierarki" in draft and kasubbag in draft and "Paraf Koordinasi" not in draft
	done = act(ready, "Tanda Tangani", by=user("kepala"))
	assert "Paraf Hierarki" not in text_of(signed.content_of(done.pdf_final))
	frappe.set_user("Administrator")
	assert "Paraf Hierarki" in html_of(done)


def test_what_was_returned_is_initialled_anew(ready):
	ready = act(ready, "Kembalikan", by=user("kepala"), reason="Perbaiki")
	frappe.set_user("Administrator")
	assert "Paraf Hierarki" not in html_of(ready)


def test_who_initials_from_another_opd_coordinates(in_force):
	rows = [dict(row) for row in factory.SIMPLE]
	rows.insert(
		2,
		dict(
			kegiatan="Koordinasi",
			status="Uji Koordinasi",
			jenis="Paraf",
			peran="PK Pembina",
			jika_tidak="Draf",
		),
	)
	factory.publish(rows, jenjang="Administrator", name="SOP Uji koordinasi")
	doc = forward(pk("kabid"), SIGN)
	frappe.set_user("Administrator")
	html = html_of(doc)
	assert html.index("Paraf Hierarki") < html.index("Paraf Koordinasi") < html.index("Kabag Organisasi Uji")


# ------------------------------------------------------------------------------------------------------------ written


@pytest.mark.parametrize("by", ["Administrator", user("admin"), user("kepala"), user("penyusun")])
def test_nobody_writes_it(done, by):
	frappe.set_user(by)
	document = final.of(done.name)
	document.sidik = "0" * 64
	with pytest.raises(frappe.PermissionError):
		document.save()
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc(FINAL, done.name, ignore_permissions=True)
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(doctype=FINAL, perjanjian_kinerja=done.name, opd=A).insert()


# ------------------------------------------------------------------------------------------------- changes are found


def broken(doc) -> dict:
	"""{check: its words} of those that do not hold."""
	return {
		check.nama: " ".join((check.uraian, *check.rincian))
		for check in checks.run(doc.name)
		if not check.beres
	}


def test_an_untouched_document_holds(done):
	assert not broken(done)
	assert [check.nama for check in checks.run(done.name)] == [
		"Berkas PDF",
		"Sidik berkas",
		"Isi PK",
		"Tanda tangan",
		"Templat cetak",
		"Riwayat",
	]


def test_one_byte_of_the_file(done):
	path = Path(frappe.get_site_path(done.pdf_final.lstrip("/")))
	content = bytearray(path.read_bytes())
	content[len(content) // 2] ^= 1
	path.write_bytes(content)
	assert "isinya berubah" in broken(done)["Berkas PDF"]


def test_the_file_is_gone(done):
	Path(frappe.get_site_path(done.pdf_final.lstrip("/"))).unlink()
	assert "tidak ada lagi" in broken(done)["Berkas PDF"]


def test_one_target_in_the_database(done):
	frappe.db.set_value("Target Kinerja", done.target[0].name, "target", "99,9")
	found = broken(done)
	assert set(found) == {"Isi PK"}
	assert "Indeks Layanan" in found["Isi PK"] and "“82,7” → “99,9”" in found["Isi PK"]


@pytest.mark.parametrize(
	"field, value, words",
	[("pihak_pertama_nip", "1", "NIP"), ("tanggal", "2020-01-01", "Tanggal"), ("tempat", "Lain", "Tempat")],
)
def test_one_field_in_the_database(done, field, value, words):
	frappe.db.set_value(PK, done.name, field, value)
	assert words in broken(done)["Isi PK"]


def test_one_line_of_the_template(done, monkeypatch):
	source = template_version.sources()[PK]
	assert source.count("<b>Jumlah</b>") == 1
	changed = source.replace("<b>Jumlah</b>", "<b>Total Semua</b>")
	monkeypatch.setattr(printview, "get_print_format", lambda *args: changed)
	found = broken(done)
	assert set(found) == {"Templat cetak"}
	assert "versi" in found["Templat cetak"] and "+ Total Semua" in found["Templat cetak"]


def test_a_fingerprint_that_was_exchanged_with_its_file(done):
	"""File, PK and Dokumen Final agree with each other; the log still knows."""
	path = Path(frappe.get_site_path(done.pdf_final.lstrip("/")))
	path.write_bytes(
		final.pdf.render(final._printing(done, {**final.snapshot(done.name)["tercetak"], "agency": "LAIN"}))
	)
	forged = final.hashlib.sha256(path.read_bytes()).hexdigest()
	frappe.db.set_value(PK, done.name, "pdf_sha256", forged)
	frappe.db.set_value(FINAL, done.name, "sidik", forged)
	found = broken(done)
	assert "Berkas PDF" not in found
	assert "Riwayat Alur" in found["Sidik berkas"]
	frappe.db.set_value(
		"Riwayat Alur", {"perjanjian_kinerja": done.name, "sidik": done.pdf_sha256}, "sidik", forged
	)
	assert "hash" in broken(done)["Riwayat"]


# ------------------------------------------------------------------------- what the log and the signatures say beside it


ROW = "Tanda Tangan PK"
FORGED = {
	"nama": "Orang Lain",
	"jabatan": "Raja",
	"pada": "2020-01-01 00:00:00",
	"dicatat_oleh": "Guest",
	"cara": "Basah",
}


@pytest.fixture
def both(done):
	"""Approved by the Bupati too, outside the chain."""
	frappe.set_user(user("bupati", factory.PEMDA))
	signing.sign(done.name, ["Pihak Kedua"], signing.SYSTEM)
	frappe.set_user("Administrator")
	return done


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("field", FORGED)
def test_a_changed_signature_is_found(both, number, field):
	assert broken(both) == {}
	row = final.of(both.name).tanda_tangan[number]
	frappe.db.set_value(ROW, row.name, field, FORGED[field])
	assert row.pihak in broken(both)["Tanda tangan"]


@pytest.mark.parametrize("number", [0, 1])
def test_a_signature_that_is_gone_is_found(both, number):
	frappe.db.delete(ROW, {"name": final.of(both.name).tanda_tangan[number].name})
	assert "Tanda tangan" in broken(both)


def test_an_added_signature_is_found(done):
	"""The Bupati never signed; the public page says so afterwards."""
	document = final.of(done.name)
	forged = {**document.tanda_tangan[0].as_dict(), "pihak": "Pihak Kedua", "idx": 2}
	row = document.append("tanda_tangan", forged)
	row.set_new_name(force=True)
	row.db_insert()
	frappe.db.set_value(PK, done.name, {"keberlakuan": "Berlaku", "berlaku_sejak": "2026-01-01"})
	assert "Pihak Kedua" in broken(done)["Tanda tangan"]


def test_a_signature_from_before_its_row_was_logged(both):
	"""What the note does hold is compared, and nothing else."""
	note = frappe.get_last_doc("Riwayat Alur", {"tanda_tangan": ("is", "set")})
	note.tanda_tangan = None
	frappe.db.set_value("Riwayat Alur", note.name, {"tanda_tangan": None, "hash": log.fingerprint(note)})
	row = final.of(both.name).tanda_tangan[1]
	frappe.db.set_value(ROW, row.name, "pada", "2026-01-01 00:00:00")  # as of a scan
	assert broken(both) == {}
	for field in ("nama", "dicatat_oleh", "cara"):
		frappe.db.set_value(ROW, row.name, field, FORGED[field])
		assert "Pihak Kedua" in broken(both)["Tanda tangan"]
		frappe.db.set_value(ROW, row.name, field, row.get(field))


def test_an_account_that_was_renamed_spoils_no_signature(both):
	frappe.rename_doc("User", user("kepala"), "kepala.baru@uji.example", force=True)
	frappe.rename_doc("User", user("bupati", factory.PEMDA), "bupati.baru@uji.example", force=True)
	assert broken(both) == {}


@pytest.mark.parametrize(
	"values, check",
	[
		({"keberlakuan": "Berlaku"}, "Isi PK"),
		({"keberlakuan": "Digantikan"}, "Isi PK"),
		({"versi": "Perubahan 3"}, "Isi PK"),
		({"docstatus": 0}, "Riwayat"),
		({"docstatus": 2}, "Riwayat"),
		({"alur": "lain"}, "Riwayat"),
	],
)
def test_what_the_pk_says_of_itself(done, values, check):
	frappe.db.set_value(PK, done.name, values)
	assert check in broken(done)


def test_a_cancelled_pk_is_checked_too(done):
	doc = act(done, "Batalkan", by=user("admin"), reason="Salah")
	frappe.set_user("Administrator")
	assert broken(doc) == {}
	frappe.db.set_value(PK, doc.name, "keberlakuan", "Berlaku")
	assert "Dibatalkan" in broken(doc)["Isi PK"]


def test_a_unit_that_a_signed_pk_names_keeps_its_name(in_force):
	factory.publish(factory.BELOW, jenjang="Pengawas", name="SOP Pgw")
	doc = forward(pk("kasi"))
	frappe.set_user(user("admin"))
	with pytest.raises(frappe.ValidationError, match="kolom Nama"):
		frappe.rename_doc("Unit Kerja", "Bidang - UJI-A", "Bidang Lain - UJI-A", show_alert=False)
	assert doc.docstatus == 1


def test_a_pk_signed_before_there_was_a_dokumen_final(done):
	frappe.db.delete(FINAL, {"name": done.name})
	frappe.db.delete("Tanda Tangan PK", {"parent": done.name})
	frappe.db.set_value(
		"Riwayat Alur", {"perjanjian_kinerja": done.name, "sidik": ("is", "set")}, "sidik", None
	)
	assert not final.of(done.name) and "82,7" in html_of(done)
	for _ in range(2):
		adopt_signed.execute()
	assert final.of(done.name).sidik == done.pdf_sha256
	assert set(broken(done)) == {"Riwayat"}  # which this test has changed
	assert "Kode:" not in html_of(done)


def test_a_lost_file_stops_no_migration(done):
	frappe.db.delete(FINAL, {"name": done.name})
	Path(frappe.get_site_path(done.pdf_final.lstrip("/"))).unlink()
	adopt_signed.execute()
	assert not final.of(done.name)
	assert frappe.db.exists("Error Log", {"method": ("like", f"%{done.name}%")})


def test_a_draft_has_nothing_to_check(ready):
	with pytest.raises(frappe.ValidationError, match="belum ditandatangani"):
		checks.run(ready.name)
