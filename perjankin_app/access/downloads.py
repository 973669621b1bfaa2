"""Who was handed the bytes of a file of ours stands in core's Access Log, one row each.

| the way                                   | who writes the row                                    |
|-------------------------------------------|-------------------------------------------------------|
| the file's address, `/private/files/...`  | core, `frappe.utils.response.download_private_file`   |
| a print, in the browser or as a PDF       | core, `frappe.www.printview`: names the record        |
| `download_file`, by any name              | the gate, `core_calls`, before core answers           |
| `zip_files`                               | the gate, a row for each file that core will put in   |
| an attachment of a mail                   | `files.guard`: core makes a File of the Communication |

All rows have core's shape: `export_from` File, `reference_document` the File's name; `report/unduhan_pk` says of which PK.
"""

import os

import frappe
from frappe.core.doctype.file.utils import find_file_by_url

from perjankin_app.document.signed import OURS, is_ours


def record(url: str, method: str):
	"""Kept if the request succeeds, also where it is a GET: what core refuses to hand out is rolled back with the rest."""
	file = frappe.db.get_value("File", {"file_url": url, "attached_to_doctype": ("in", OURS)})
	log = frappe.get_doc(
		doctype="Access Log",
		user=frappe.session.user,
		export_from="File",
		reference_document=file,
		file_type=os.path.splitext(url)[1][1:],
		method=method,
	)
	log.db_insert()
	frappe.local.flags.commit = True


def asked_for(url):
	"""`download_file` is about to hand out the file of that address, or to refuse it."""
	if isinstance(url, str) and is_ours(url) and find_file_by_url(url):
		record(url, "download_file")


def zipped(names: list):
	"""`zip_files` is about to put these Files into a ZIP, and to leave out which may not be read."""
	for name in dict.fromkeys(name for name in names if isinstance(name, str)):
		file = frappe.db.exists("File", name) and frappe.get_doc("File", name)
		if file and is_ours(file.file_url) and file.has_permission("read"):
			record(file.file_url, "zip_files")
