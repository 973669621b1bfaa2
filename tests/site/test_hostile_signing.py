"""What a hostile colleague does with signed PKs and signatures: each of these once went through."""

import http.server
import io
import json
import threading
from pathlib import Path

import factory
import frappe
import pikepdf
import pytest
from factory import PEMDA, A, B, act, forward, pk, user
from test_certificate import PASSWORD, install, make_p12
from test_certificate import sign as sign_with_certificate
from test_versions import PAPER, approve, cancel, change, scan, stored, ways

from perjankin_app.document import affected, bundle, checks, final, signed, signing, verification
from perjankin_app.document.signing import certificate

PK, SIGN, BUNDLE = "Perjanjian Kinerja", "Uji Tanda Tangan", "Bundel PK"
YESTERDAY = frappe.utils.add_days(frappe.utils.today(), -1)


@pytest.fixture
def done(in_force):
	return forward(pk())


def ended(penugasan):
	frappe.set_user("Administrator")
	frappe.db.set_value("Penugasan Jabatan", penugasan, "selesai", YESTERDAY)


def successor(key, jabatan, status="Definitif", opd=A, kind="PNS"):
	return factory.assign(factory.account(key, opd, kind), jabatan, status, start=frappe.utils.today())


def signatures(doc):
	frappe.set_user("Administrator")
	return final.of(doc.name).tanda_tangan


# -------------------------------------------------------------------------------------- two File records of the same file


def is_there(url):
	return Path(frappe.get_site_path(url.lstrip("/"))).exists()


@pytest.fixture
def twin(done):
	"""A second File record of the signed file, of a reader: from before such a one was refused."""
	frappe.set_user(user("staf"))
	values = dict(doctype="File", file_url=done.pdf_final, file_name="x.pdf", is_private=1)
	for ignored in (False, True):
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(values).insert(ignore_permissions=ignored)
	values["content_hash"] = frappe.db.get_value("File", {"file_url": done.pdf_final}, "content_hash")
	twin = frappe.get_doc(values)
	twin.set_new_name()
	twin.set_user_and_timestamp()
	twin.db_insert()
	return twin.name


def test_a_reader_does_not_publish_the_signed_file(done, twin):
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("File", twin).update({"is_private": 0}).save()
	assert is_there(done.pdf_final)


def test_nor_delete_it(done, twin):
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("File", twin).update({"content_hash": "abc"}).save()
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc("File", twin)
	assert is_there(done.pdf_final)


def test_nor_whoever_had_uploaded_the_scan_before(done):
	frappe.set_user(user("penyusun"))
	twin = frappe.get_doc(doctype="File", file_name="p.pdf", content=PAPER, is_private=1).insert()
	doc = scan(done, party="Pihak Kedua")
	frappe.set_user(user("penyusun"))
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("File", twin.name).update({"is_private": 0}).save()
	frappe.set_user("Administrator")
	assert all(check.beres for check in checks.run(doc.name))


def bundled():
	frappe.set_user(user("penyusun"))
	order = frappe.get_doc(doctype=BUNDLE, opd=A, periode="2026").insert()
	bundle.make(order.name)
	order.reload()
	return order


def test_a_bundle_is_not_published_by_a_reader(done):
	url = bundled().berkas_zip
	frappe.set_user(user("kabid"))
	with pytest.raises(frappe.PermissionError):
		twin = frappe.get_doc(doctype="File", file_url=url, file_name="x.zip", is_private=1).insert()
		frappe.get_doc("File", twin.name).update({"is_private": 0}).save()
	assert is_there(url)


def test_nobody_lays_a_file_where_a_bundle_will_be(done):
	frappe.set_user(user("staf", B))
	last = frappe.db.get_value("Bundel PK", {}, "name", order_by="name desc")
	coming = int(last.split("-")[1]) if last else 0
	traps = [
		frappe.get_doc(
			doctype="File", file_name=f"BUNDEL-{number:05d}.zip", content=b"mine", is_private=1
		).insert()
		for number in range(coming, coming + 9)
	]
	order = bundled()
	assert order.berkas_zip not in [trap.file_url for trap in traps]
	assert {signed.content_of(trap.file_url) for trap in traps} == {b"mine"}


# --------------------------------------------------------------------------------------------------- who signed, and what


def test_a_replaced_version_is_not_signed_any_more(done):
	new = approve(forward(change(done)))
	with pytest.raises(frappe.ValidationError, match="tidak menunggu tanda tangan"):
		approve(done)
	assert frappe.get_all(PK, {"keberlakuan": "Berlaku"}, pluck="name") == [new.name]


def test_a_step_that_does_not_say_as_whom_is_no_partys_signature(in_force):
	rows = [dict(row) for row in factory.SIMPLE]
	rows[2].pop("sebagai")
	factory.publish(rows, jenjang="Administrator", name="SOP Uji tanpa sebagai")
	assert "Pihak Pertama" not in [row.pihak for row in signatures(forward(pk("kabid")))]


def two_signatures(**second):
	rows = [dict(row) for row in factory.BELOW]
	step = dict(
		kegiatan="Ttd", status="Uji Dua", jenis="Tanda Tangan", peran="PK Pegawai", sebagai="Pihak Kedua"
	)
	rows.insert(3, dict(step, jika_tidak="Draf", waktu=1, satuan_waktu="jam", **second))
	factory.publish(rows, jenjang="Administrator", name="SOP Uji dua")
	return forward(pk("kabid"), "Uji Dua")


def test_nothing_changes_between_two_signatures(in_force):
	with pytest.raises(frappe.ValidationError, match="Boleh Ubah"):
		two_signatures(boleh_ubah=1)


def test_a_signature_on_what_was_changed_later_does_not_count(in_force):
	"""In chains that were published before that was refused."""
	doc = two_signatures()
	row = frappe.db.get_value("Langkah Alur", {"parent": doc.alur, "status": "Uji Dua"})
	frappe.db.set_value("Langkah Alur", row, "boleh_ubah", 1)
	frappe.clear_cache()
	frappe.set_user(user("kepala"))
	doc = stored(doc)
	doc.target[0].target = "99,9"
	doc.save()
	doc = forward(doc)
	assert [row.pihak for row in signatures(doc)] == ["Pihak Kedua"]
	assert doc.keberlakuan == "Menunggu Tanda Tangan"


def test_the_page_names_who_really_signed(done):
	post = frappe.db.get_value("Penugasan Jabatan", done.pihak_kedua, "jabatan")
	ended(done.pihak_kedua)
	successor("wakil", post, opd=PEMDA, kind="Pejabat Negara")
	approve(done, by=user("wakil", PEMDA))
	row = verification.public(final.of(done.name).kode)["tanda_tangan"][-1]
	assert "wakil" in row["nama"]
	assert done.pihak_kedua_nama in signatures(done)[-1].keterangan


def test_a_returned_signature_does_not_fix_the_parties(in_force):
	doc = act(two_signatures(), "Kembalikan", by=user("kepala"), reason="Perbaiki")
	ended(doc.pihak_pertama)
	new = successor("kabidbaru", doc.jabatan)
	frappe.set_user(user("penyusun"))
	doc = stored(doc)
	doc.save()
	assert forward(doc).pihak_pertama == new


def test_a_colleague_of_the_same_post_succeeds_nobody(in_force):
	factory.publish(factory.BELOW, jenjang="Pelaksana", name="SOP Uji staf")
	frappe.set_user("Administrator")
	first, post = factory.assignment("staf"), factory.post("staf")
	factory.assign(factory.account("staf2"), post)
	doc = forward(pk("staf", pihak_pertama=first), SIGN)
	ended(first)
	assert not factory.waiting_for(doc)


BOTH = [
	factory.SIMPLE[0],
	dict(factory.BELOW[2], jika_tidak="Draf"),
	dict(factory.BELOW[2], status="Uji Dua", sebagai="Pihak Kedua", jika_tidak="Draf"),
	factory.SIMPLE[3],
]


def acting(key, of):
	"""The term of `of` is over, and the holder of `key` acts in its place."""
	ended(factory.assignment(of))
	official = frappe.db.get_value("Pejabat", {"user": user(key)})
	return factory.assign(official, factory.post(of), status="Plt.", start=frappe.utils.today())


@pytest.fixture
def half(in_force):
	"""The Kabid has signed in the chain; the Kepala has not."""
	factory.publish(BOTH, jenjang="Administrator", name="SOP Uji dua pihak")
	doc = act(forward(pk("kabid"), SIGN), "Tanda Tangani", by=user("kabid"))
	assert factory.waiting_for(doc) == [user("kepala")]
	return doc


def test_nobody_signs_for_both_parties_in_the_chain(half):
	acting("kabid", of="kepala")
	assert not factory.waiting_for(half)
	frappe.set_user(user("kabid"))
	assert not stored(half).giliran_saya and not stored(half).step_in_force()["menunggu"]
	for action in ("Tanda Tangani", "Kembalikan"):
		with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
			act(half, action, by=user("kabid"))
	assert stored(half).docstatus == 0


def test_but_another_who_acts_in_the_superiors_place_does(half):
	acting("kabid", of="kepala")
	acting("sekretaris", of="kepala")
	assert factory.waiting_for(half) == [user("sekretaris")]
	doc = forward(half)
	assert (doc.keberlakuan, signatures(doc)[-1].nama) == ("Berlaku", "Uji sekretaris UJI-A")


def test_nor_on_the_form(in_force):
	factory.publish(factory.BELOW, jenjang="Administrator", name="SOP Uji satu pihak")
	doc = forward(pk("kabid"))
	acting("kabid", of="kepala")
	frappe.set_user(user("kabid"))
	assert stored(doc).step_in_force() and not signing.for_form(stored(doc))["milik_saya"]
	with pytest.raises(frappe.PermissionError, match="kedua pihak"):
		approve(doc, by=user("kabid"))
	assert stored(doc).keberlakuan == "Menunggu Tanda Tangan"


def test_nor_who_signed_in_a_partys_place(in_force):
	"""A successor of pihak pertama, who is not the one printed."""
	factory.publish(factory.BELOW, jenjang="Administrator", name="SOP Uji satu pihak")
	ways(A, "Sertifikat")
	doc = forward(pk("kabid"))
	ended(factory.assignment("kabid"))
	successor("kabidbaru", doc.jabatan)
	install(user("kabidbaru"))
	sign_with_certificate(doc, user("kabidbaru"), "Pihak Pertama")
	frappe.set_user("Administrator")
	ended(factory.assignment("kepala"))
	official = frappe.db.get_value("Pejabat", {"user": user("kabidbaru")})
	kepala = frappe.db.get_value("Penugasan Jabatan", doc.pihak_kedua, "jabatan")
	factory.assign(official, kepala, status="Plt.", start=frappe.utils.today())
	with pytest.raises(frappe.PermissionError, match="kedua pihak"):
		sign_with_certificate(doc, user("kabidbaru"), "Pihak Kedua")


def test_a_signature_does_not_stand_under_the_name_of_another(in_force):
	"""Put into the Penugasan that the PK names, from before that was refused."""
	factory.publish(factory.BELOW, jenjang="Pengawas", name="SOP Uji seksi")
	doc = forward(pk("kasi"))
	frappe.set_user("Administrator")
	official = frappe.db.get_value("Pejabat", {"user": user("admin")})
	frappe.db.set_value("Penugasan Jabatan", doc.pihak_kedua, "pejabat", official)
	approve(doc, by=user("admin"))
	row = signatures(doc)[-1]
	assert (row.nama, row.dicatat_oleh) == ("Uji admin UJI-A", user("admin"))
	assert doc.pihak_kedua_nama in row.keterangan


def test_one_scan_is_of_one_pk(in_force):
	factory.publish(factory.BELOW, jenjang="Pengawas", name="SOP Uji seksi")
	one, two = forward(pk()), forward(pk("kasi"))
	scan(one, party="Pihak Kedua")
	with pytest.raises(frappe.ValidationError, match="PK lain") as told:
		scan(two, party="Pihak Kedua")
	assert one.name not in str(told.value) and two.name in str(told.value)
	assert stored(two).keberlakuan == "Menunggu Tanda Tangan"


def test_what_does_not_count_is_not_signed(in_force):
	ways(A, "Sertifikat")
	doc = forward(pk())
	before = len(signatures(doc))
	with pytest.raises(frappe.ValidationError, match="dengan cara Sertifikat"):
		approve(doc)
	assert len(signatures(doc)) == before


def test_the_same_party_twice_in_one_call(in_force):
	ways(A, "Basah")
	doc = scan(forward(pk()), party="Pihak Pertama\nPihak Pertama")
	assert [row.pihak for row in signatures(doc) if row.cara == "Basah"] == ["Pihak Pertama"]


def test_under_certificates_nobody_else_uploads_an_officials_scan(in_force):
	ways(A, "Sertifikat")
	doc = forward(pk())
	with pytest.raises(frappe.PermissionError):
		scan(doc, by=user("penyusun"))
	assert scan(doc, by=user("penyusun"), party="Pihak Kedua").docstatus == 1  # the Bupati has no NIP


@pytest.mark.parametrize("content", [b"%PDF-1.4 dipindai", b"\x89PNG", b"\xff\xd8\xff\xe0 foto"])
def test_a_scan_that_nobody_can_open(done, content):
	"""Called a picture: recent versions of core refuse a broken PDF that is called one before this app sees it."""
	with pytest.raises(frappe.ValidationError, match="dapat dibuka"):
		scan(done, party="Pihak Kedua", content=content, file_name="pindaian.png")


def test_the_frozen_file_of_another_pk_is_no_scan(in_force):
	factory.publish(factory.BELOW, jenjang="Administrator", name="SOP Uji kabid")
	other, doc = forward(pk("kabid")), forward(pk())
	with pytest.raises(frappe.ValidationError, match="belum bertanda tangan"):
		scan(doc, party="Pihak Kedua", content=signed.content_of(other.pdf_final))


# ------------------------------------------------------------------------------------------------------------- versions


def test_what_is_being_changed_is_not_cancelled(done):
	one = approve(forward(change(approve(done))))
	two = forward(change(one), SIGN)
	with pytest.raises(frappe.ValidationError, match=two.name):
		cancel(one)
	act(two, "Kembalikan", by=user("kepala"), reason="Perbaiki")


def test_a_successor_does_not_begin_a_second_murni(done):
	approve(done)
	ended(done.pihak_pertama)
	successor("kepalabaru", done.jabatan)
	frappe.set_user(user("penyusun"))
	doc = frappe.get_doc(doctype=PK, unit=done.unit, jabatan=done.jabatan, periode=done.periode)
	factory.fill(doc)
	with pytest.raises(frappe.DuplicateEntryError, match="Buat PK Perubahan"):
		doc.insert()


@pytest.mark.parametrize(
	"before, after",
	[
		([("9.99.01.2.01", 1_500_000)], [("9.99.01.2.01", 900_000)]),
		([("9.99.01", 3_000_000), ("9.99.01.2.01.0001", 1_500_000)], [("9.99.01", 3_000_000)]),
	],
)
def test_a_dppa_by_kegiatan_or_without_a_row(in_force, before, after):
	factory.publish(factory.BELOW, jenjang="Pengawas", name="SOP Uji kasi")
	doc = forward(pk("kasi"))
	budget(before, "DPA", "900/1", "2026-01-02")
	name = budget(after, "DPPA", "900/2", "2026-09-01")
	frappe.set_user(user("penyusun"))
	assert [row["pk"] for row in affected.for_form("Dokumen Anggaran", name)] == [doc.name]


def budget(rows, kind, number, day):
	frappe.set_user("Administrator")
	values = {"opd": A, "periode": "2026", "jenis": kind, "nomor": number, "tanggal_pengesahan": day}
	pagu = [{"nomenklatur": code, "pagu": amount} for code, amount in rows]
	return factory.make("Dokumen Anggaran", **values, pagu=pagu)


# ---------------------------------------------------------------------------------------------------- what the paper says


def test_an_acting_official_in_the_paraf_box(in_force):
	post = factory.post("kasubbag")
	ended(factory.assignment("kasubbag"))
	successor("pltkasubbag", post, "Plt.")
	doc = forward(pk(), SIGN)
	frappe.set_user("Administrator")
	html = frappe.get_print(PK, doc.name, print_format=PK, no_letterhead=True)
	assert "Plt. Kasubbag Perencanaan Uji" in html and "Uji pltkasubbag" in html


@pytest.mark.parametrize("way", ["Basah", "Sertifikat"])
def test_what_is_signed_otherwise_is_not_called_approved_in_the_app(in_force, way):
	ways(A, way)
	text = " ".join(final.pdf.pages(signed.content_of(forward(pk()).pdf_final)))
	assert (
		"Disetujui" not in text and "Keasliannya" in text
	)  # single words: engines differ in what is between them


def test_a_reason_is_text(in_force):
	doc = act(pk(), "Selesai", by=user("penyusun"))
	doc = act(doc, "Kembalikan", by=user("kasubbag"), reason="<img src=x onerror=alert(1)> Perbaiki")
	row = frappe.get_last_doc("Riwayat Alur", {"perjanjian_kinerja": doc.name}, order_by="urutan desc")
	assert "onerror" not in row.catatan and "Perbaiki" in row.catatan


def test_a_format_that_prints_past_the_frozen_values_is_refused():
	frappe.set_user("Administrator")
	cell = {"label": "Nama", "fieldname": "pihak_pertama_nama", "fieldtype": "Data"}
	sections = [{"label": "", "columns": [{"label": "", "fields": [cell]}]}]
	values = dict(name="PK Beta", doc_type=PK, standard="No", print_format_builder_beta=1, font_size=14)
	layout = json.dumps({"header": "", "footer": "", "sections": sections})
	with pytest.raises(frappe.ValidationError, match="beta"):
		frappe.get_doc(doctype="Print Format", **values, format_data=layout).insert()


def test_a_bundle_shows_what_was_signed_by_hand(in_force):
	ways(A, "Basah")
	pdf, content = pikepdf.new(), io.BytesIO()
	for _ in range(5):
		pdf.add_blank_page()
	pdf.save(content)
	scan(forward(pk()), content=content.getvalue())
	assert bundled().halaman == 5


# ----------------------------------------------------------------------------------------------------------- certificates


def test_a_certificate_whose_file_is_gone(in_force):
	ways(A, "Sertifikat")
	doc = forward(pk())
	record = install(user("kepala"))
	Path(frappe.get_site_path(record.berkas.lstrip("/"))).unlink()
	with pytest.raises(frappe.ValidationError, match="tidak ada lagi"):
		sign_with_certificate(doc, user("kepala"), "Pihak Pertama")


def test_a_certificate_with_another_name(in_force):
	"""The stamp on the PDF would say that the Bupati signed."""
	ways(A, "Sertifikat")
	doc = forward(pk())
	install(user("kepala"), make_p12("Uji bupati UJI"))
	with pytest.raises(frappe.ValidationError, match="atas nama Uji bupati UJI"):
		sign_with_certificate(doc, user("kepala"), "Pihak Pertama")
	assert len(signatures(doc)) == 1


def test_or_with_the_partys_nip(in_force):
	ways(A, "Sertifikat")
	doc = forward(pk())
	install(user("kepala"), make_p12(f"Penanda Tangan {doc.pihak_pertama_nip}"))
	sign_with_certificate(doc, user("kepala"), "Pihak Pertama")
	assert len(signatures(doc)) == 2


@pytest.mark.parametrize(
	"name, subject, same",
	[
		("Drs. H. Ahmad Yani, M.Si.", "AHMAD YANI", True),
		("Muhammad Ali Akbar, S.T.", "M. ALI AKBAR, S.T.", True),
		("Siti Nurhaliza Binti Ahmad", "Siti Nurhaliza", True),
		("Dr. Siti Aminah", "dr. SITI AMINAH S.Ked., M.Kes. <siti@contoh.go.id>", True),
		("Sukarno", "H. Sukarno", True),
		("Ahmad Yani", "Sri Wahyuni", False),
		("Ahmad Yani, M.Si.", "Ahmad Fauzi, M.Si.", False),
	],
)
def test_whose_name_a_certificate_bears(name, subject, same):
	assert certificate.names_agree(name, subject) == same == certificate.names_agree(subject, name)


class Nonsense(http.server.BaseHTTPRequestHandler):
	def do_POST(self):
		self.send_response(200)
		self.send_header("Content-Type", "application/timestamp-reply")
		self.end_headers()
		self.wfile.write(b"junk")

	def log_message(self, *_args):
		pass


def test_a_time_stamp_authority_that_answers_nonsense(in_force):
	server = http.server.HTTPServer(("127.0.0.1", 0), Nonsense)
	threading.Thread(target=server.serve_forever, daemon=True).start()
	ways(A, "Sertifikat")
	doc = forward(pk())
	install(user("kepala"))
	frappe.set_user("Administrator")
	frappe.db.set_single_value(
		"Pengaturan Perjankin", "alamat_tsa", f"http://127.0.0.1:{server.server_port}/"
	)
	try:
		with pytest.raises(frappe.ValidationError, match="cap waktu") as told:
			sign_with_certificate(doc, user("kepala"), "Pihak Pertama")
		assert PASSWORD not in str(told.value)
	finally:
		server.shutdown()
