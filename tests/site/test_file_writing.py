"""Core writes every file of the site through the hook `write_file`, in two shapes; other apps have such hooks too."""

import frappe
import pytest
from factory import pk, user
from frappe.core.doctype.file import file as files_of_core
from frappe.utils import file_manager

from perjankin_app import hooks

OURS = hooks.write_file[0]
SAVED = []  # (name of the other app's hook, its arguments)


def by_name(fname, content, content_type=None, is_private=0):
	"""A hook of another app, with the arguments of `file_manager.save_file` (ERPNext's supplier invoices come that way)."""
	SAVED.append((fname, content, content_type, is_private))
	return {"file_name": fname, "file_url": f"https://store.example/{fname}"}


def by_record(file):
	"""A hook of another app, with the argument of File."""
	SAVED.append((file.file_name,))
	file.file_url = f"https://store.example/{file.file_name}"
	return {"file_name": file.file_name, "file_url": file.file_url}


@pytest.fixture
def other_app(monkeypatch):
	"""other_app(hook, first): another app brings `hook`, before or after ours."""
	SAVED.clear()
	for method in (by_name, by_record):
		monkeypatch.setattr(file_manager, f"uji_{method.__name__}", method, raising=False)

	def bring(method, first):
		known = frappe.get_hooks
		theirs = f"frappe.utils.file_manager.uji_{method.__name__}"
		both = [theirs, OURS] if first else [OURS, theirs]

		def get_hooks(hook=None, *args, **kwargs):
			if hook is None:
				return frappe._dict(known(), write_file=both)
			return both if hook == "write_file" else known(hook, *args, **kwargs)

		monkeypatch.setattr(frappe, "get_hooks", get_hooks)

	return bring


def save(name, content, **values):
	frappe.set_user("Administrator")
	todo = frappe.get_doc(doctype="ToDo", description="x").insert()
	return file_manager.save_file(name, content, "ToDo", todo.name, **values)


def on_disk(url) -> bytes:
	with open(
		frappe.get_site_path(*(["public"] if url.startswith("/files/") else []), url.lstrip("/")), "rb"
	) as stream:
		return stream.read()


@pytest.mark.parametrize("private", [0, 1])
def test_the_file_manager_saves(private):
	file = save("faktur-uji.xml", b"<faktur/>", is_private=private)
	assert on_disk(file.file_url) == b"<faktur/>"
	assert file.file_url.startswith("/private/files/" if private else "/files/")
	assert (file.attached_to_doctype, file.is_private) == ("ToDo", private)


def test_and_takes_text_and_base64():
	assert on_disk(save("surat-uji.txt", "teks", is_private=1).file_url) == b"teks"
	assert on_disk(save("surat-uji-2.txt", "data:text/plain,dXJp", decode=True).file_url) == b"uri"


def test_a_file_saves_itself():
	file = frappe.get_doc(doctype="File", file_name="sendiri-uji.txt", content="isi", is_private=1).insert()
	assert on_disk(file.file_url) == b"isi"


@pytest.mark.parametrize("first", [True, False])
def test_another_app_stores_what_the_file_manager_saves(other_app, first):
	other_app(by_name, first)
	assert save("awan-uji.xml", b"<x/>", is_private=1).file_url == "https://store.example/awan-uji.xml"
	assert SAVED == [("awan-uji.xml", b"<x/>", "application/xml", 1)]


@pytest.mark.parametrize("first", [True, False])
def test_and_what_a_file_holds(other_app, first):
	other_app(by_record, first)
	file = frappe.get_doc(doctype="File", file_name="awan-uji.txt", content="isi", is_private=1).insert()
	assert file.file_url == "https://store.example/awan-uji.txt"
	assert SAVED == [("awan-uji.txt",)]


# ---------------------------------------------------------------------------------------------- over no file of ours


@pytest.fixture
def paper(in_force):
	"""A private file of a PK, by a name in which core replaces no letter."""
	doc = pk()
	values = dict(attached_to_doctype=doc.doctype, attached_to_name=doc.name, is_private=1)
	return frappe.get_doc(doctype="File", file_name="naskah_uji.txt", content="isi PK", **values).insert()


@pytest.mark.parametrize("letter", "?#%")
def test_a_name_that_core_rewrites_hits_no_file_of_ours(paper, letter):
	"""Core looks whether there is `naskah?uji.txt`, and writes `naskah_uji.txt`."""
	frappe.set_user(user("staf"))
	file = frappe.get_doc(
		doctype="File", file_name=f"naskah{letter}uji.txt", content="lain", is_private=1
	).insert()
	assert on_disk(paper.file_url) == b"isi PK"
	assert on_disk(file.file_url) == b"lain"


def test_nor_does_one_that_the_file_manager_chooses(paper):
	"""It looks in the public folder only, and adds the end of the content's hash to a name that is taken."""
	frappe.db.set_value("File", paper.name, "file_name", "lain_uji.txt")
	file = save("naskah_uji.txt", b"lain", is_private=1)
	assert on_disk(paper.file_url) == b"isi PK"
	assert on_disk(file.file_url) == b"lain"


def test_a_name_that_a_file_of_the_host_has_is_cores_affair(in_force):
	"""Nothing is refused."""
	frappe.get_doc(doctype="File", file_name="tuan_uji.txt", content="satu", is_private=1).insert()
	file = frappe.get_doc(doctype="File", file_name="tuan?uji.txt", content="dua", is_private=1).insert()
	assert on_disk(file.file_url) == b"dua"


def test_the_hook_is_the_one_that_core_asks(other_app):
	assert frappe.get_hooks("write_file") == [OURS]
	assert files_of_core.get_hook_method("write_file") is frappe.get_attr(OURS)
