"""Files on the disk: which are ours, on which a signature stands, and how the server stores and reads one.

What may be done with them, and by whom, is said in `access.files`.
"""

from pathlib import Path

import frappe

from perjankin_app.records import OPD_RECORDS

PK = "Perjanjian Kinerja"
OURS = (*OPD_RECORDS, "Sertifikat Elektronik")
NOBODY = "Administrator"


def store(doc, file_name: str, content: bytes):
	"""A private File of a PK. With the rest of the transaction it is rolled back too, also from the disk."""
	file = frappe.get_doc(
		doctype="File",
		file_name=file_name,
		attached_to_doctype=doc.doctype,
		attached_to_name=doc.name,
		is_private=1,
		content=content,
	)
	# core does both only once the file is complete: what a full disk cut off would stay
	file.flags.new_file = file.flags.by_server = True
	frappe.db.after_rollback.add(file.on_rollback)
	return file.insert(ignore_permissions=True)


def attach(file, doc):
	"""Put a File that is attached to nothing on a PK: private and nobody's own from then on. Returns it."""
	file.update({"attached_to_doctype": doc.doctype, "attached_to_name": doc.name, "attached_to_field": None})
	file.flags.by_server = True
	file.save(ignore_permissions=True)
	file.db_set("owner", NOBODY, update_modified=False)
	return file


def content_of(file_url: str) -> bytes:
	"""The bytes of a file of this site as they are on the disk. Raises OSError where there is none."""
	return path_of(file_url).read_bytes()


def path_of(file_url: str) -> Path:
	"""Where the file of a URL that begins with /files/ or /private/files/ lies; raises OSError where it can't lie there."""
	folder = "private" if file_url.startswith("/private/") else "public"
	path = Path(frappe.get_site_path(folder, "files", file_url.split("/files/", 1)[-1])).resolve()
	if not path.is_relative_to(Path(frappe.get_site_path(folder, "files")).resolve()):
		raise FileNotFoundError(file_url)
	return path


def is_signed_file(file) -> bool:
	"""Whether a signature stands on this file: nobody deletes, moves, publishes or rewrites it.

	Asked for the file on the disk: core keeps many File records of one, and what happens to one of them happens to it.
	"""
	url = file.file_url or ""
	return url.startswith("/private/files/") and bool(
		frappe.db.exists(PK, {"pdf_final": url, "docstatus": (">", 0)})
		or frappe.db.exists("Tanda Tangan PK", {"berkas": url})
	)


def is_ours(url: str | None) -> bool:
	"""Whether the file is attached to a record of ours, by any of its File records."""
	return (url or "").startswith("/private/files/") and (
		is_signed_file(frappe._dict(file_url=url))
		or bool(frappe.db.exists("File", {"file_url": url, "attached_to_doctype": ("in", OURS)}))
	)
