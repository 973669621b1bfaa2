"""A file that is uploaded in a form before the record is stored, as the desk does it: under the form's temporary name."""

import frappe
import pytest
from factory import A, B, user, world

PAPER, CERTIFICATE = "Dokumen Pendukung", "Sertifikat Elektronik"


@pytest.fixture(autouse=True)
def people(site):
	world()
	yield
	frappe.db.rollback()
	frappe.set_user("Administrator")


def upload(doctype, fieldname="berkas"):
	temporary = f"new-{frappe.scrub(doctype).replace('_', '-')}-{frappe.generate_hash(length=10)}"
	file = frappe.get_doc(
		doctype="File",
		file_name=f"{temporary}.png",
		content=frappe.generate_hash(),
		is_private=1,
		attached_to_doctype=doctype,
		attached_to_name=temporary,
		attached_to_field=fieldname,
	).save()
	return temporary, file


def store(doctype, temporary, **values):
	"""What the desk's save does with the name that the form had."""
	doc = frappe.get_doc(doctype=doctype, **values)
	doc.set("__temporary_name", temporary)
	return doc.insert()


def test_the_uploader_stores_the_record_with_it():
	frappe.set_user(user("kasubbag"))
	temporary, file = upload(PAPER)
	doc = store(PAPER, temporary, jenis_dokumen="Renja", opd=A, periode="2026", berkas=file.file_url)
	file.reload()
	assert (file.attached_to_name, file.owner) == (doc.name, "Administrator"), "now it is nobody's own"
	frappe.set_user(user("kasubbag", B))
	assert not frappe.has_permission("File", "read", doc=file.name)


def test_until_then_it_is_the_uploader_s_only():
	frappe.set_user(user("kasubbag"))
	temporary, file = upload(PAPER)
	frappe.set_user(user("kasubbag", B))
	assert not frappe.has_permission("File", "read", doc=file.name)
	with pytest.raises(frappe.PermissionError):
		store(PAPER, temporary, jenis_dokumen="Renja", opd=B, periode="2026", berkas=file.file_url)


def test_who_may_create_but_write_only_the_own():
	frappe.set_user(user("kepala"))
	_, file = upload(CERTIFICATE)
	assert frappe.has_permission("File", "read", doc=file.name)


def test_who_may_not_create_uploads_nothing():
	frappe.set_user(user("staf"))
	assert not frappe.has_permission(PAPER, "create")
	with pytest.raises(frappe.PermissionError):
		upload(PAPER)
