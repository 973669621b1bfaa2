"""What a hostile colleague puts into the JSON of a record: each of these once went through."""

import factory
import frappe
import pytest
from factory import PEMDA, A, B, act, pk, user
from perjankin_app.perjankin_app.doctype.data_bidang import data_bidang
from test_letters import PAPERS, anew, ready, renstra, signed

from perjankin_app import permissions

PK, FORM = "Perjanjian Kinerja", "Data Bidang"
TWO_SIGNATURES = [
	factory.SIMPLE[0],
	dict(factory.SIMPLE[2], jika_tidak="Draf"),
	dict(
		kegiatan="Menandatangani", status="Uji Kedua", jenis="Tanda Tangan", peran="PK Kepala Daerah",
		sebagai="Pihak Kedua", jika_tidak="Draf", waktu=1, satuan_waktu="hari",
	),
	factory.SIMPLE[3],
]  # fmt: skip
WITHOUT_PARAF = [factory.SIMPLE[0], dict(factory.SIMPLE[2], jika_tidak="Draf"), factory.SIMPLE[3]]


@pytest.fixture
def put(client, committed):
	"""put(user, doctype, name, **values): by REST, to what was made before; the answer's status."""

	def make(login, doctype, name, **values):
		frappe.set_user("Administrator")
		frappe.db.commit()
		status = client(login).put(f"/api/resource/{doctype}/{name}", json=values).status_code
		frappe.db.rollback()
		return status

	yield make
	frappe.set_user("Administrator")
	for file in frappe.get_all("File", {"file_name": ("like", "%renstra%")}, pluck="name"):
		frappe.delete_doc("File", file, force=True)
	factory.purge()


# ------------------------------------------------------------------------------- constants of a class, named in the JSON


def test_the_chain_of_a_pk_is_not_exchanged(put):
	own = factory.publish()
	other = factory.publish(WITHOUT_PARAF, opd=B, name="SOP tanpa paraf")
	doc = act(pk(), "Selesai", by=user("penyusun"))
	doc = act(doc, "Kembalikan", by=user("kasubbag"), reason="Perbaiki")
	put(user("penyusun"), PK, doc.name, SERVER_FIELDS=[], alur=other)
	assert frappe.db.get_value(PK, doc.name, "alur") == own


def test_nor_its_clock_and_its_status(put):
	factory.publish()
	doc = pk()
	forged = {"langkah_sejak": "2030-01-01 08:00:00", "keberlakuan": "Berlaku", "pdf_sha256": "f" * 64}
	put(user("penyusun"), PK, doc.name, SERVER_FIELDS=[], **forged)
	row = frappe.db.get_value(PK, doc.name, list(forged), as_dict=True)
	assert row.langkah_sejak.year != 2030 and not row.keberlakuan and not row.pdf_sha256


def test_nor_the_names_of_its_parties(put):
	factory.publish(TWO_SIGNATURES)
	doc = act(act(pk(), "Selesai", by=user("penyusun")), "Tanda Tangani", by=user("kepala"))
	frappe.set_user(user("penyusun"))
	put(user("penyusun"), PK, doc.name, PARTY_FIELDS=[], pihak_kedua_nama="Orang Lain")
	doc = act(anew(doc), "Kembalikan", by=user("bupati", PEMDA), reason="Perbaiki")
	put(user("penyusun"), PK, doc.name, PARTY_FIELDS=[], pihak_kedua_nama="Orang Lain")
	assert frappe.db.get_value(PK, doc.name, "pihak_kedua_nama") != "Orang Lain"


def test_an_accepted_form_is_not_taken_over_by_another_unit(put):
	factory.publish()
	name = form_of(pk())
	frappe.set_user(user("kabid"))
	form = frappe.get_doc(FORM, name)
	form.append("target", {"indikator": factory.indicator("Indeks Layanan"), "target": "80"})
	form.save()
	data_bidang.sign(name)
	frappe.set_user(user("penyusun"))
	data_bidang.accept(name)
	mine = frappe.db.get_value("Jabatan", factory.post("tim"), "unit")
	rows = [{"indikator": factory.indicator("Indeks Layanan"), "target": "1"}]
	put(user("tim"), FORM, name, SERVER_FIELDS=[], status="Menunggu", unit=mine, target=rows)
	form = frappe.get_doc(FORM, name)
	assert (form.status, form.target[0].target) == ("Diterima", "80")


def form_of(doc):
	"""The Data Bidang of the Bidang, of a new collection."""
	frappe.set_user(user("penyusun", doc.opd))
	values = {"perjanjian_kinerja": doc.name, "tenggat": frappe.utils.today()}
	asked = frappe.get_doc(doctype="Permintaan Data", **values).insert()
	return frappe.db.get_value(FORM, {"permintaan": asked.name, "unit": ("like", "Bidang%")})


# --------------------------------------------------------------------------------------------------- the bounds of a unit


def test_a_unit_is_not_stretched_over_the_others(put):
	factory.publish(opd=B)
	doc = pk(opd=B)
	before = frappe.db.get_value("Unit Kerja", A, ["lft", "rgt"])
	put(user("admin"), "Unit Kerja", A, lft=1, rgt=100000)
	assert frappe.db.get_value("Unit Kerja", A, ["lft", "rgt"]) == before
	assert B not in permissions.permitted_opd(user("admin"), PK)
	assert not frappe.has_permission(PK, "read", doc=doc.name, user=user("admin"))


def test_nor_moved_by_a_field_that_the_client_names(put):
	put(user("admin"), "Unit Kerja", A, nsm_parent_field="x", x=B)
	put(user("admin"), "Unit Kerja", A, old_parent=B)
	ours, theirs = (frappe.db.get_value("Unit Kerja", name, ["lft", "rgt"]) for name in (A, B))
	assert not theirs[0] < ours[0] < theirs[1]


# ---------------------------------------------------------------------------------------------------------------- files


@pytest.fixture
def doc():
	factory.publish(papers=PAPERS)
	factory.publish(opd=B, name="SOP Uji B", papers=PAPERS)
	return pk()


def readable(url):
	return [
		name
		for name in frappe.get_all("File", {"file_url": url}, pluck="name")
		if frappe.has_permission("File", "read", doc=name)
	]


@pytest.mark.parametrize("attached", [True, False])
def test_a_field_opens_no_private_file_of_another_opd(doc, attached):
	frappe.set_user(user("penyusun"))
	loose = dict(doctype="File", file_name="rahasia.txt", content="rahasia A", is_private=1)
	url = renstra(doc).berkas if attached else frappe.get_doc(loose).insert().file_url
	frappe.set_user(user("penyusun", B))
	paper = dict(doctype="Dokumen Pendukung", jenis_dokumen="Renstra", opd=B, periode=doc.periode, berkas=url)
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(paper).insert()
	assert not readable(url)


@pytest.mark.parametrize("key", ["staf", "kasi"])
def test_nor_does_the_form_of_an_employee(doc, key):
	frappe.set_user(user("penyusun"))
	url = renstra(doc).berkas
	form = frappe.get_doc(FORM, form_of(pk(opd=B)))
	frappe.set_user(user(key, B))
	form.berkas = url
	with pytest.raises(frappe.PermissionError):
		form.save()
	assert not readable(url)


def downloads(login, url) -> bool:
	"""As core asks when a file is fetched: past every hook of ours."""
	frappe.set_user(login)
	files = [frappe.get_doc("File", name) for name in frappe.get_all("File", {"file_url": url}, pluck="name")]
	return any(file.is_downloadable() for file in files)


def test_with_the_penugasan_ends_what_was_uploaded_or_signed(doc):
	author, head = user("penyusun"), user("kepala")
	paper = ready(doc) and frappe.get_last_doc("Dokumen Pendukung").berkas
	final = signed(act(doc, "Selesai", by=author)).pdf_final
	frappe.set_user(author)
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(doctype="File", file_url=final, file_name="salinan.pdf", is_private=1).insert()
	assert downloads(author, paper) and downloads(author, final) and downloads(head, final)
	frappe.set_user("Administrator")
	for name in frappe.get_all("Penugasan Jabatan", {"opd": A}, pluck="name"):
		yesterday = frappe.utils.add_days(frappe.utils.today(), -1)
		frappe.get_doc("Penugasan Jabatan", name).update({"selesai": yesterday}).save()
	assert not downloads(author, paper) and not downloads(author, final) and not downloads(head, final)


def test_who_uploads_the_same_again_may_use_it(doc):
	"""Core keeps one file of both."""
	frappe.set_user(user("penyusun"))
	content = b"Peraturan yang sama"
	for opd in (A, B):
		frappe.set_user(user("penyusun", opd))
		url = (
			frappe.get_doc(doctype="File", file_name="aturan.txt", content=content, is_private=1)
			.insert()
			.file_url
		)
		paper = dict(
			doctype="Dokumen Pendukung", jenis_dokumen="Renstra", opd=opd, periode=doc.periode, berkas=url
		)
		frappe.get_doc(paper).insert()
	owners = frappe.get_all(
		"File", {"file_url": url, "attached_to_doctype": "Dokumen Pendukung"}, pluck="owner"
	)
	assert owners == ["Administrator"] * 2


@pytest.mark.parametrize("login", ["tim", "penyusun"])
def test_the_file_of_a_paper_of_a_signed_pk_stays(doc, login):
	ready(doc)
	paper = frappe.get_last_doc("Dokumen Pendukung")
	signed(act(doc, "Selesai", by=user("penyusun")))
	frappe.set_user(user(login))
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc("File", frappe.db.get_value("File", {"file_url": paper.berkas}))


def test_while_it_is_open_its_author_takes_the_file_back(doc):
	frappe.set_user(user("penyusun"))
	paper = renstra(doc)
	frappe.delete_doc("File", frappe.db.get_value("File", {"file_url": paper.berkas}))
	assert not readable(paper.berkas)


def test_the_file_of_a_signed_form_stays(doc):
	name = form_of(doc)
	frappe.set_user(user("kabid"))
	attached = dict(attached_to_doctype=FORM, attached_to_name=name, is_private=1)
	file = frappe.get_doc(doctype="File", file_name="lampiran.txt", content="lampiran", **attached).insert()
	form = frappe.get_doc(FORM, name)
	form.berkas = file.file_url
	form.append("target", {"indikator": factory.indicator("Indeks Layanan"), "target": "80"})
	form.save()
	data_bidang.sign(name)
	frappe.set_user(user("tim"))
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc("File", file.name)
