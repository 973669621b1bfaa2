"""PDFs are made here, from what the reader may see, and without the network."""

import subprocess

import frappe
import pytest
from frappe.utils.pdf import get_pdf

from embedded.printing import fetcher, local_file


def text_of(pdf, tmp_path):
	(tmp_path / "x.pdf").write_bytes(pdf)
	return subprocess.run(
		["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True
	).stdout


def test_print_of_a_document(tmp_path):
	document = frappe.get_doc(doctype="ToDo", description="Perjanjian — åäö €").insert()
	assert "åäö €" in text_of(frappe.get_print("ToDo", document.name, as_pdf=True), tmp_path)


def test_password(tmp_path):
	from pypdf import PdfReader

	(tmp_path / "x.pdf").write_bytes(get_pdf("<p>x</p>", {"password": "kunci"}))
	assert PdfReader(tmp_path / "x.pdf").is_encrypted


@pytest.mark.parametrize(
	"url",
	[
		"http://127.0.0.1:9/x.png",
		"http://site/site_config.json",
		"http://site/files/../../site_config.json",
		"http://site/assets/%2e%2e/db/site.db",
		"file:///etc/passwd",
	],
)
def test_nothing_else_is_fetched(url):
	with pytest.raises(ValueError):
		fetcher().fetch(url)


def test_private_files_only_for_those_who_may_read_them():
	file = frappe.get_doc(doctype="File", file_name="kop.txt", content="kop", is_private=1).insert()
	assert local_file(file.file_url)
	frappe.set_user("Guest")
	assert not local_file(file.file_url)
	frappe.set_user("Administrator")
	file.delete()
