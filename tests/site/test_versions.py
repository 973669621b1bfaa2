"""A PK is in force once every party has signed, and until its next version is; the ways to sign, and who may."""

import hashlib
import io

import factory
import frappe
import pikepdf
import pytest
from factory import PEMDA, A, B, act, forward, pk, user
from perjankin_app.perjankin_app.doctype.perjanjian_kinerja import perjanjian_kinerja as controller

from perjankin_app.document import checks, final, periods, signing, validity, versions
from perjankin_app.workflow import log

PK, SIGN = "Perjanjian Kinerja", "Uji Tanda Tangan"
BUPATI, DRAFTER = user("bupati", PEMDA), user("penyusun")


def paper():
	"""A scan: one page."""
	pdf, content = pikepdf.new(), io.BytesIO()
	pdf.add_blank_page()
	pdf.save(content, static_id=True)
	return content.getvalue()


PAPER = paper()


@pytest.fixture
def done(in_force):
	return forward(pk())


def stored(doc):
	return frappe.get_doc(PK, doc.name)


def ways(opd, way):
	frappe.db.set_value("Unit Kerja", opd, "cara_tanda_tangan", way)


def approve(doc, by=BUPATI, party="Pihak Kedua"):
	frappe.set_user(by)
	controller.approve(doc.name, party)
	return stored(doc)


def upload(doc, by, content=PAPER, **values):
	frappe.set_user(by)
	values = {"file_name": "pindaian.pdf", **values}
	return frappe.get_doc(doctype="File", content=content, is_private=1, **values).insert()


def scan(doc, by=DRAFTER, party="Pihak Pertama\nPihak Kedua", day=None, **values):
	file = upload(doc, by, **values)
	controller.hand_in_scan(doc.name, party, file.file_url, day)
	return stored(doc)


def cancel(doc):
	frappe.set_user(user("admin"))
	controller.store_reason(doc.name, "Salah orang")
	act(doc, "Batalkan", by=user("admin"))
	return stored(doc)


def change(doc, by=DRAFTER, **values):
	"""A PK Perubahan of `doc`, drafted from what the button gives."""
	frappe.set_user(by)
	new = controller.make_change(doc.name)
	new.update(
		{
			"alasan_perubahan": "Pergantian atau mutasi pejabat",
			"dasar_perubahan": "SK Bupati Nomor 1",
			**values,
		}
	)
	return new.insert()


# ------------------------------------------------------------------------------------------------------------- in force


def test_in_force_once_the_kepala_daerah_has_signed_too(done):
	assert (done.keberlakuan, done.versi) == ("Menunggu Tanda Tangan", "Murni")
	assert [row.pihak for row in final.of(done.name).tanda_tangan] == ["Pihak Pertama"]
	after = approve(done)
	assert (after.keberlakuan, str(after.berlaku_sejak)) == ("Berlaku", frappe.utils.today())
	rows = final.of(done.name).tanda_tangan
	assert [(row.pihak, row.cara, row.mencakup) for row in rows] == [
		("Pihak Pertama", "Persetujuan Sistem", done.pdf_sha256),
		("Pihak Kedua", "Persetujuan Sistem", done.pdf_sha256),
	]
	assert rows[1].nama == done.pihak_kedua_nama


def test_a_signature_outside_the_chain_is_in_the_log(done):
	approve(done)
	row = frappe.get_last_doc("Riwayat Alur", {"perjanjian_kinerja": done.name}, order_by="urutan desc")
	assert (row.aksi, row.dari, row.ke, row.pelaku) == (
		"Tanda Tangan Pihak Kedua",
		"Selesai",
		"Selesai",
		BUPATI,
	)
	assert not log.verify(done.name)["bermasalah"]
	assert all(check.beres for check in checks.run(done.name))


def test_while_the_sop_is_still_on_its_way(in_force):
	doc = act(forward(pk(), SIGN), "Tanda Tangani", by=user("kepala"))
	assert doc.workflow_state == "Uji Kirim"
	assert approve(doc).keberlakuan == "Berlaku"
	doc = act(stored(doc), "Kirim", by=user("penyusun"))
	assert (doc.workflow_state, doc.keberlakuan) == ("Selesai", "Berlaku")
	assert not log.verify(doc.name)["bermasalah"]


@pytest.mark.parametrize(
	"by", [user("kepala"), user("penyusun"), user("admin"), user("pemda", PEMDA), user("kepala", B)]
)
def test_nobody_approves_for_somebody_else(done, by):
	with pytest.raises(frappe.PermissionError):
		approve(done, by)
	assert len(final.of(done.name).tanda_tangan) == 1


def test_nobody_signs_twice_or_as_a_party_that_there_is_not(done):
	approve(done)
	for party in ("Pihak Kedua", "Pihak Ketiga", "", "Pihak Pertama"):
		with pytest.raises((frappe.ValidationError, frappe.PermissionError)):
			approve(done, party=party)


def test_a_draft_is_not_signed(in_force):
	doc = forward(pk(), SIGN)
	with pytest.raises(frappe.ValidationError, match="belum dibekukan"):
		approve(doc)


def test_a_successor_signs_in_the_place_of_the_party(done):
	"""The Bupati whose Penugasan has ended is followed by the one of today."""
	post = frappe.db.get_value("Penugasan Jabatan", done.pihak_kedua, "jabatan")
	frappe.set_user("Administrator")
	frappe.db.set_value("Penugasan Jabatan", done.pihak_kedua, "selesai", "2026-01-01")
	official = factory.account("wakil", PEMDA, "Pejabat Negara")
	factory.assign(official, post, start="2026-01-02")
	with pytest.raises(frappe.PermissionError):
		approve(done)
	assert approve(done, by=user("wakil", PEMDA)).keberlakuan == "Berlaku"


# ---------------------------------------------------------------------------------------------------------------- Basah


def test_an_opd_that_signs_on_paper(in_force):
	ways(A, "Basah")
	doc = forward(pk())
	document = final.of(doc.name)
	assert (document.cara, document.tanda_tangan[0].cara) == ("Basah", "Persetujuan Sistem")
	assert validity.outstanding(doc, document) == ["Pihak Pertama", "Pihak Kedua"]
	doc = scan(doc)
	assert doc.keberlakuan == "Berlaku"
	rows = [row for row in final.of(doc.name).tanda_tangan if row.cara == "Basah"]
	assert {row.pihak for row in rows} == {"Pihak Pertama", "Pihak Kedua"}
	assert {row.mencakup for row in rows} == {doc.pdf_sha256}
	assert {row.sidik for row in rows} == {hashlib.sha256(PAPER).hexdigest()}


def test_one_party_on_paper_after_the_other(in_force):
	ways(A, "Basah")
	doc = scan(forward(pk()), party="Pihak Pertama")
	assert doc.keberlakuan == "Menunggu Tanda Tangan"
	with pytest.raises(frappe.ValidationError, match="sudah menandatangani"):
		scan(doc, party="Pihak Pertama", content=PAPER + b"\n% lain\n")
	assert scan(doc, party="Pihak Kedua", content=PAPER + b"\n% kedua\n").keberlakuan == "Berlaku"


def test_the_kepala_daerah_on_paper_where_the_opd_approves_in_the_app(done):
	assert scan(done, party="Pihak Kedua").keberlakuan == "Berlaku"


@pytest.mark.parametrize("by", [user("staf"), user("kabid"), user("penyusun", B), user("inspektur", PEMDA)])
def test_who_does_not_hand_in_scans(done, by):
	frappe.set_user(user("penyusun"))
	file = upload(done, user("penyusun"))
	frappe.set_user(by)
	with pytest.raises(frappe.PermissionError):
		controller.hand_in_scan(done.name, "Pihak Kedua", file.file_url)


@pytest.mark.parametrize("content", [b"<html>", b"MZ\x90", b""])
def test_what_is_no_scan(done, content):
	"""Called a picture: recent versions of core read what is called a PDF, and refuse it before this app sees it."""
	with pytest.raises(frappe.ValidationError, match="dapat dibuka"):
		scan(done, content=content or b" ", party="Pihak Kedua", file_name="pindaian.png")
	assert len(final.of(done.name).tanda_tangan) == 1


def test_the_unsigned_file_itself_is_no_scan(done):
	frappe.set_user(user("penyusun"))
	with pytest.raises(frappe.ValidationError, match="belum bertanda tangan"):
		controller.hand_in_scan(done.name, "Pihak Kedua", done.pdf_final)


def test_a_file_of_another_record_is_no_scan(done):
	file = upload(done, user("penyusun"))
	frappe.db.set_value("File", file.name, {"attached_to_doctype": PK, "attached_to_name": "PK-2026-99999"})
	for url in (
		file.file_url,
		"/private/files/../site_config.json",
		"/private/files/tidak-ada.pdf",
		None,
		["x"],
	):
		with pytest.raises((frappe.ValidationError, TypeError)):
			signing.sign(done.name, ["Pihak Kedua"], "Basah", berkas=url)


@pytest.mark.parametrize("day", ["2020-01-01", "2999-01-01"])
def test_the_day_of_signing(done, day):
	with pytest.raises(frappe.ValidationError, match="Tanggal"):
		scan(done, party="Pihak Kedua", day=day)


def test_a_scan_stays_as_it_is(done):
	scan(done, party="Pihak Kedua")
	row = final.of(done.name).tanda_tangan[-1]
	file = frappe.get_doc("File", {"file_url": row.berkas})
	frappe.set_user(user("penyusun"))
	assert not frappe.has_permission("File", "delete", doc=file.name)
	file = frappe.get_doc("File", file.name)
	file.is_private = 0
	with pytest.raises(frappe.PermissionError):
		file.save()


# -------------------------------------------------------------------------------------------------------------- versions


def test_the_next_version_takes_the_content_over(done):
	approve(done)
	new = change(done)
	assert (new.jenis, new.perubahan_dari, new.versi, new.workflow_state) == (
		"Perubahan",
		done.name,
		"Perubahan 1",
		"Draf",
	)
	assert [row.target for row in new.target] == [row.target for row in done.target]
	assert new.total_anggaran == done.total_anggaran
	assert not new.keberlakuan and not new.pdf_final


def test_the_old_version_holds_until_the_new_one_is_in_force(done):
	old = approve(done)
	new = forward(change(old))
	assert (stored(old).keberlakuan, new.keberlakuan) == ("Berlaku", "Menunggu Tanda Tangan")
	new = approve(new)
	old = stored(old)
	assert (old.keberlakuan, old.digantikan_oleh, new.keberlakuan) == ("Digantikan", new.name, "Berlaku")
	assert f"telah digantikan oleh {new.name}" in frappe.get_print(PK, old.name, print_format=PK)


def test_murni_then_two_changes(done):
	chain = [approve(done)]
	for number, reason in (
		(1, "Pergantian atau mutasi pejabat"),
		(2, "Perubahan strategi, program, atau anggaran"),
	):
		new = change(chain[-1], alasan_perubahan=reason)
		assert new.versi == f"Perubahan {number}"
		chain.append(approve(forward(new)))
	assert [stored(doc).keberlakuan for doc in chain] == ["Digantikan", "Digantikan", "Berlaku"]
	assert [stored(doc).digantikan_oleh for doc in chain] == [chain[1].name, chain[2].name, None]


def test_a_cancelled_version_gives_back_what_it_replaced(done):
	old = approve(done)
	new = cancel(approve(forward(change(old))))
	assert new.keberlakuan == "Dibatalkan"
	assert (stored(old).keberlakuan, stored(old).digantikan_oleh) == ("Berlaku", None)


def test_a_version_cancelled_before_it_was_in_force_gives_nothing_back(done):
	old = approve(done)
	cancel(forward(change(old)))
	assert stored(old).keberlakuan == "Berlaku"


def test_only_one_next_version_and_only_by_the_drafter(done):
	approve(done)
	for by in (user("kepala"), user("admin"), user("penyusun", B)):
		with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
			change(done, by=by)
	change(done)
	with pytest.raises(frappe.ValidationError, match="sudah ada perubahannya"):
		change(done)


def test_what_a_version_changes_stands_side_by_side(done):
	approve(done)
	new = change(done)
	frappe.db.set_value(
		"Target Kinerja", done.target[0].name, "target", "0,1"
	)  # behind the signed one's back
	new.target[0].target = "90"
	new.program[0].anggaran = 2_000_000
	new.save()
	found = versions.comparison(new)
	assert (found["dari"], found["versi"]) == (done.name, ["Murni", "Perubahan 1"])
	assert [(row["isian"], row["dari"], row["menjadi"]) for row in found["baris"]] == [
		("Target Kinerja", "82,7", "90"),
		("Anggaran", "Rp 1.500.000", "Rp 2.000.000"),
	]
	assert versions.comparison(done) is None


def test_the_comparison_is_printed(done):
	approve(done)
	new = change(done)
	new.target[0].target = "90"
	new.save()
	html = frappe.get_print(PK, new.name, print_format="Perbandingan PK", no_letterhead=True)
	assert "Semula" in html and "82,7" in html and "90" in html and "SK Bupati Nomor 1" in html
	with pytest.raises(frappe.ValidationError, match="bukan PK Perubahan"):
		frappe.get_print(PK, done.name, print_format="Perbandingan PK", no_letterhead=True)


# -------------------------------------------------------------------------------------------- one official, two posts


def test_a_transferred_official_has_two_pks_in_the_year_with_their_periods(done):
	frappe.set_user("Administrator")
	official = frappe.db.get_value("Penugasan Jabatan", done.pihak_pertama, "pejabat")
	year = int(done.periode)
	frappe.db.set_value("Penugasan Jabatan", done.pihak_pertama, "selesai", f"{year}-06-30")
	left = frappe.db.get_value("Pejabat", {"user": user("kabid")})
	frappe.db.set_value("Penugasan Jabatan", {"pejabat": left}, "selesai", f"{year}-06-30")
	factory.assign(official, factory.post("kabid"), start=f"{year}-07-01")
	factory.assign(factory.account("kepalabaru"), done.jabatan, start=f"{year}-07-01")
	factory.publish(factory.BELOW, jenjang="Administrator", name="SOP Uji kabid")
	second = forward(pk("kabid"))
	frappe.set_user(user("pemda", PEMDA))
	rows = periods.for_form("Pejabat", official)
	assert [(row["pk"], row["nama"], str(row["dari"]), str(row["sampai"])) for row in rows] == [
		(done.name, done.pihak_pertama_jabatan, f"{year}-01-01", f"{year}-06-30"),
		(second.name, second.pihak_pertama_jabatan, f"{year}-07-01", f"{year}-12-31"),
	]
	frappe.set_user(user("penyusun", B))
	with pytest.raises(frappe.PermissionError):
		periods.for_form("Pejabat", official)


def test_only_the_newest_version_of_a_post_counts(done):
	approve(done)
	new = approve(forward(change(done)))
	official = frappe.db.get_value("Penugasan Jabatan", done.pihak_pertama, "pejabat")
	assert [(row["pk"], row["versi"]) for row in periods.of_official(official)] == [(new.name, "Perubahan 1")]


# --------------------------------------------------------------------------------------------------------------- forged


@pytest.mark.parametrize(
	"field, value",
	[
		("keberlakuan", "Berlaku"),
		("berlaku_sejak", "2020-01-01"),
		("versi", "Perubahan 9"),
	],
)
def test_nobody_writes_the_status(in_force, field, value):
	doc = pk(**{field: value})
	assert doc.get(field) in (None, "", "Murni")
	doc = frappe.get_doc(PK, doc.name)
	doc.set(field, value)
	doc.save()
	assert stored(doc).get(field) in (None, "", "Murni")
