"""All signed PKs of an OPD and a year in one PDF and one ZIP, made in the background and resumed after a death."""

import csv
import hashlib
import io
import zipfile
from pathlib import Path

import factory
import frappe
import pikepdf
import pytest
from factory import PEMDA, A, B, forward, pk, user
from frappe.utils import add_to_date, now_datetime

from perjankin_app.document import bundle, final, signed

BUNDLE, PK = "Bundel PK", "Perjanjian Kinerja"


@pytest.fixture
def done(in_force):
	"""Three of OPD A, one of OPD B, one draft."""
	factory.publish(factory.BELOW, jenjang="Administrator", name="SOP Uji kabid")
	factory.publish(factory.BELOW, jenjang="Pengawas", name="SOP Uji kasi")
	docs = [forward(pk(key)) for key in ("kasi", "kepala", "kabid")]
	forward(pk(opd=B))
	pk("sekretaris")
	return docs


def order(by=user("penyusun"), opd=A, **values):  # noqa: B008
	"""As the job leaves it; in a test nothing is committed, so it is not queued."""
	frappe.set_user(by)
	doc = frappe.get_doc(doctype=BUNDLE, opd=opd, periode="2026", **values).insert()
	bundle.make(doc.name)
	return frappe.get_doc(BUNDLE, doc.name)


def parts_of(doc):
	archive = zipfile.ZipFile(io.BytesIO(signed.content_of(doc.berkas_zip)))
	rows = list(csv.DictReader(io.StringIO(archive.read("manifes.csv").decode("utf-8-sig"))))
	return archive, rows, pikepdf.open(io.BytesIO(signed.content_of(doc.berkas_pdf)))


def test_what_is_in_it(done):
	doc = order()
	assert (doc.status, doc.jumlah, doc.selesai, doc.pesan) == ("Selesai", 3, 3, "")
	archive, rows, pdf = parts_of(doc)
	kasi, kepala, kabid = done
	assert [row["pk"] for row in rows] == [kepala.name, kabid.name, kasi.name]  # by level
	assert len(pdf.pages) == doc.halaman == sum(final.of(d.name).halaman for d in done)
	with pdf.open_outline() as outline:
		titles = [item.title for item in outline.root]
	assert [kepala.pihak_pertama_nama in titles[0], kasi.pihak_pertama_nama in titles[2]] == [True, True]
	for row in rows:
		assert hashlib.sha256(archive.read(row["berkas"])).hexdigest() == row["sidik"]
	sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
	assert sums == {row["berkas"]: row["sidik"] for row in rows}
	assert not bundle.folder_of(doc).exists()


def test_the_files_are_private_and_the_opds(done):
	doc = order()
	for url in (doc.berkas_pdf, doc.berkas_zip):
		file = frappe.get_doc("File", {"file_url": url})
		assert file.is_private and frappe.has_permission("File", "read", doc=file, user=user("kepala"))
		assert not frappe.has_permission("File", "read", doc=file, user=user("kepala", B))


def test_a_changed_or_lost_file_is_not_passed_on(done):
	path = Path(frappe.get_site_path(done[0].pdf_final.lstrip("/")))
	path.write_bytes(path.read_bytes() + b" ")
	Path(frappe.get_site_path(done[1].pdf_final.lstrip("/"))).unlink()
	doc = order()
	assert doc.status == "Selesai" and "2 berkas tidak ikut" in doc.pesan
	_archive, rows, pdf = parts_of(doc)
	assert {row["pk"]: row["keterangan"] for row in rows} == {
		done[0].name: "berkas berubah sesudah ditandatangani",
		done[1].name: "berkas tidak ada",
		done[2].name: "",
	}
	assert len(pdf.pages) == final.of(done[2].name).halaman


def test_nothing_signed(in_force):
	doc = order()
	assert doc.status == "Gagal" and "Belum ada PK" in doc.pesan


def test_it_goes_on_where_it_stopped(done, monkeypatch):
	monkeypatch.setattr(bundle, "PART", 1)
	made, make_part = [], bundle._make_part

	def dies(rows, part):
		if len(made) == 2:
			raise OSError(28, "No space left on device")
		made.append(rows[0]["pk"])
		make_part(rows, part)

	monkeypatch.setattr(bundle, "_make_part", dies)
	monkeypatch.setattr(
		frappe.local.db, "rollback", lambda *args, **kwargs: None
	)  # nothing is committed in a test
	doc = order()
	assert doc.status == "Gagal" and "No space left" in doc.pesan and doc.selesai == 2
	monkeypatch.setattr(
		bundle, "_make_part", lambda rows, part: (made.append(rows[0]["pk"]), make_part(rows, part))
	)
	bundle.make(doc.name)
	monkeypatch.undo()
	doc = frappe.get_doc(BUNDLE, doc.name)
	assert (doc.status, len(made), len(set(made))) == ("Selesai", 3, 3)
	assert len(parts_of(doc)[1]) == 3


def test_half_a_part_is_made_anew(done):
	frappe.set_user(user("penyusun"))
	doc = frappe.get_doc(doctype=BUNDLE, opd=A, periode="2026").insert()
	folder = bundle.folder_of(doc)
	folder.mkdir(parents=True)
	(folder / "000000.pdf").write_bytes(b"%PDF-half")
	bundle.make(doc.name)
	assert frappe.db.get_value(BUNDLE, doc.name, "status") == "Selesai"


def test_a_stalled_one_is_begun_again(done, monkeypatch):
	frappe.set_user(user("penyusun"))
	names = [frappe.get_doc(doctype=BUNDLE, opd=A, periode="2026").insert().name for _ in range(2)]
	for name, minutes in zip(names, (-31, -1), strict=True):
		values = {"status": "Diproses", "modified": add_to_date(now_datetime(), minutes=minutes)}
		frappe.db.set_value(BUNDLE, name, values, update_modified=False)
	begun = []
	monkeypatch.setattr(bundle, "start", begun.append)
	bundle.resume_stalled()
	assert begun == [names[0]]


def test_a_failed_one_is_ordered_again_once_there_is_something(in_force):
	doc = order()
	forward(pk())
	bundle.make(doc.name)
	assert frappe.db.get_value(BUNDLE, doc.name, ["status", "jumlah"]) == ("Selesai", 1)


def test_versions_that_were_replaced(done):
	kepala = done[1]
	frappe.db.set_value(PK, kepala.name, "keberlakuan", "Digantikan")
	assert order().jumlah == 2
	assert order(versi_lama=1).jumlah == 3


def test_who_may_order_one(done):
	assert order(user("pemda", PEMDA)).status == "Selesai"
	for by in (user("penyusun", B), user("staf")):
		with pytest.raises(frappe.PermissionError):
			order(by)


def test_nobody_writes_the_result(done):
	made = order()
	frappe.set_user(user("penyusun"))
	doc = frappe.get_doc(BUNDLE, made.name)
	doc.berkas_pdf, doc.status = "/private/files/site.pdf", "Baru"
	doc.save()
	after = frappe.get_doc(BUNDLE, made.name)
	assert (after.berkas_pdf, after.status) == (made.berkas_pdf, "Selesai")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_no_cell_is_a_formula(text):
	assert bundle._cell(text) == f"'{text}"
	assert bundle._cell("Kepala Dinas") == "Kepala Dinas"


def test_in_the_background(client, committed, in_force):
	"""Over HTTP: ordered, queued after the commit, made by a job."""
	forward(pk())
	frappe.set_user("Administrator")
	frappe.db.commit()
	try:
		answer = client(user("penyusun")).post(f"/api/resource/{BUNDLE}", json={"opd": A, "periode": "2026"})
		assert answer.status_code == 200, answer.text
		name = answer.json["data"]["name"]
		frappe.db.rollback()
		if frappe.db.get_value(BUNDLE, name, "status") == "Baru":  # a bench without a worker
			bundle.make(name)
		assert frappe.db.get_value(BUNDLE, name, ["status", "jumlah"]) == ("Selesai", 1)
	finally:
		factory.purge_documents()
