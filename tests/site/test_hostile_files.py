"""What a hostile colleague does with core's File: it writes into records, and onto the disk, before it asks."""

import io
import json

import factory
import frappe
import pytest
from factory import A, B, forward, pk, user
from perjankin_app.perjankin_app.doctype.perjanjian_kinerja import perjanjian_kinerja as controller
from PIL import Image

from perjankin_app.document import checks, signed
from perjankin_app.workflow import log

PK, LOG = "Perjanjian Kinerja", "Riwayat Alur"
STAFF = user("staf", B)
GUEST = "tamu@uji.example"


@pytest.fixture
def done(in_force):
	doc = forward(pk())
	frappe.set_user("Administrator")
	frappe.get_doc(
		doctype="User", email=GUEST, first_name="Uji tamu", send_welcome_email=0, user_type="Website User"
	).insert()
	return doc


def record_of(doctype, doc) -> str:
	return {
		LOG: lambda: frappe.db.get_value(LOG, {"perjanjian_kinerja": doc.name, "urutan": 2}),
		"Pejabat": lambda: frappe.db.get_value("Pejabat", {"user": user("kepala")}),
		"Unit Kerja": lambda: A,
		"Peran Jabatan": lambda: frappe.db.get_value("Peran Jabatan", {"parent": factory.post("kepala")}),
	}.get(doctype, lambda: doc.name)()


def put(login, **values):
	"""A public file of the own, pointed at a record and made private: core then writes its URL there."""
	frappe.set_user(login)
	file = frappe.get_doc(doctype="File", file_name="hostile.txt", content="x", is_private=0).insert()
	frappe.db.savepoint("attempt")
	try:
		file.reload().update({"is_private": 1, **values}).save()
	except (frappe.PermissionError, frappe.ValidationError):
		frappe.db.rollback(save_point="attempt")
		frappe.clear_messages()
	frappe.set_user("Administrator")


# ------------------------------------------------------------------------------------------ a field of somebody's record


@pytest.mark.parametrize(
	"doctype, field",
	[
		(LOG, "catatan"),
		(LOG, "hash"),
		(LOG, "pelaku_nama"),
		(PK, "workflow_state"),
		(PK, "pdf_final"),
		("Dokumen Final", "cuplikan"),
		("Pejabat", "user"),
		("Unit Kerja", "opd"),
		("Peran Jabatan", "parent"),
	],
)
@pytest.mark.parametrize("login", [STAFF, user("admin"), GUEST])
def test_no_url_in_a_field(done, login, doctype, field):
	name = record_of(doctype, done)
	before = frappe.db.get_value(doctype, name, field)
	put(login, attached_to_doctype=doctype, attached_to_name=name, attached_to_field=field)
	assert frappe.db.get_value(doctype, name, field) == before
	assert not log.verify(done.name)["bermasalah"]


def test_nor_by_one_upload(done):
	"""What is attached to a record of ours is made private by the app itself."""
	name = record_of(LOG, done)
	before = frappe.db.get_value(LOG, name, "catatan")
	frappe.set_user(STAFF)
	about = dict(attached_to_doctype=LOG, attached_to_name=name, attached_to_field="catatan")
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(doctype="File", file_name="x.txt", content="x", is_private=0, **about).insert()
	assert frappe.db.get_value(LOG, name, "catatan") == before


def test_nor_in_cores_records(done):
	"""A field that holds no file is not named at all: the chains would stop at a condition that is a URL."""
	workflow = frappe.db.get_value("Workflow", {"document_type": PK})
	row = frappe.get_all("Workflow Transition", {"parent": workflow}, ["name", "condition"], limit=1)[0]
	about = {"attached_to_doctype": "Workflow Transition", "attached_to_name": row.name}
	put(STAFF, **about, attached_to_field="condition")
	assert frappe.db.get_value("Workflow Transition", row.name, "condition") == row.condition


def test_nobody_attaches_to_what_he_may_not_write(done):
	about = dict(attached_to_doctype=PK, attached_to_name=done.name)
	for login in (STAFF, user("kepala", B), GUEST):
		frappe.set_user(login)
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(doctype="File", file_name="x.txt", content="x", is_private=1, **about).insert()


def test_a_form_that_is_not_saved_yet_takes_files(done):
	frappe.set_user(user("penyusun"))
	about = dict(attached_to_doctype="Dokumen Pendukung", attached_to_name="new-dokumen-pendukung-1")
	values = dict(attached_to_field="berkas", file_name="x.txt", content="x", is_private=1, **about)
	assert frappe.get_doc(doctype="File", **values).insert().attached_to_field == "berkas"


# ------------------------------------------------------------------------------------------------- the bytes on the disk


def picture(size=(900, 700)) -> bytes:
	out = io.BytesIO()
	Image.effect_noise(size, 60).convert("RGB").save(out, "JPEG")
	return out.getvalue()


@pytest.fixture
def scanned(client, committed, in_force):
	"""A PK that Pihak Kedua signed on paper: (its name, URL and File of the scan). Committed."""
	doc = forward(pk())
	frappe.set_user(user("penyusun"))
	values = dict(file_name="pindaian-uji.jpg", content=picture(), is_private=1)
	file = frappe.get_doc(doctype="File", **values).insert()
	controller.hand_in_scan(doc.name, "Pihak Kedua", file.file_url)
	frappe.set_user("Administrator")
	frappe.db.commit()
	yield frappe._dict(pk=doc.name, url=file.file_url, file=file.name)
	frappe.set_user("Administrator")
	frappe.db.rollback()
	for name in frappe.get_all("File", {"owner": ("in", (STAFF, user("staf")))}, pluck="name"):
		frappe.delete_doc("File", name, force=True)
	frappe.db.commit()
	factory.purge_documents()


def optimize(client, login, name, **forged):
	docs = json.dumps({**frappe.get_doc("File", name).as_dict(), **forged}, default=str)
	frappe.set_user("Administrator")
	client(login).post("/api/method/run_doc_method", data={"method": "optimize_file", "docs": docs})


def own_picture(login, name="milik-saya.jpg"):
	frappe.set_user(login)
	file = frappe.get_doc(doctype="File", file_name=name, content=picture((500, 400)), is_private=1).insert()
	frappe.set_user("Administrator")
	frappe.db.commit()
	return file


def test_a_reader_does_not_rewrite_a_signed_scan(client, scanned):
	before = signed.content_of(scanned.url)
	optimize(client, user("staf"), scanned.file)
	assert signed.content_of(scanned.url) == before


@pytest.mark.parametrize("login", [user("staf"), STAFF])
def test_nobody_puts_an_own_picture_in_its_place(client, scanned, login):
	before, scan = signed.content_of(scanned.url), scanned.url.split("/")[-1]
	optimize(client, login, own_picture(login).name, file_name=scan)
	assert signed.content_of(scanned.url) == before
	named = own_picture(login)
	frappe.db.set_value("File", named.name, "file_name", scan)  # as with a PUT, or a twin of other content
	frappe.db.commit()
	client(login).post(f"/api/v2/document/File/{named.name}/method/optimize_file")
	assert signed.content_of(scanned.url) == before
	assert all(check.beres for check in checks.run(scanned.pk))


def test_an_own_picture_is_still_optimized(client, committed, in_force):
	file = own_picture(STAFF)
	before = signed.content_of(file.file_url)
	optimize(client, STAFF, file.name)
	assert signed.content_of(file.file_url) != before
	frappe.delete_doc("File", file.name, force=True)
	frappe.db.commit()
