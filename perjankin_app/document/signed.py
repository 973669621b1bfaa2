"""The signed document: rendered once, at signing, kept as a private file and known by its SHA-256."""

import hashlib

import frappe
from frappe import _
from frappe.utils import escape_html, nowdate
from frappe.utils.pdf import get_pdf
from frappe.www.printview import get_print_style, get_rendered_template

PRINT_FORMAT = "Perjanjian Kinerja"


def store_signed_pdf(doc):
	"""Call from `on_submit`: there the database already holds, uncommitted, what is being signed.

	So the file shows exactly what is stored. It is rolled back with the rest, the file on disk included
	(File.on_rollback). A failure is raised, and the PK stays unsigned.
	"""
	if not doc.tanggal:
		doc.db_set("tanggal", nowdate(), update_modified=False)
	try:
		pdf = render_pdf(doc.doctype, doc.name)
	except Exception as error:
		frappe.throw(
			_(
				"Berkas PDF tidak dapat dibuat, jadi {0} belum ditandatangani. Coba sekali lagi; bila tetap gagal, "
				"sampaikan pesan ini kepada admin: {1}"
			).format(doc.name, escape_html(str(error) or type(error).__name__)),
			title=_("PDF gagal dibuat"),
		)
	file = frappe.get_doc(
		doctype="File",
		file_name=f"{doc.name}.pdf",
		attached_to_doctype=doc.doctype,
		attached_to_name=doc.name,
		is_private=1,
		content=pdf,
	).insert(ignore_permissions=True)
	doc.db_set(
		{"pdf_final": file.file_url, "pdf_sha256": hashlib.sha256(pdf).hexdigest()}, update_modified=False
	)


def render_pdf(doctype: str, name: str) -> bytes:
	"""What the print view's PDF button gives. Not `frappe.get_print`: its access log commits on v15, and half a
	signing would be stored."""
	doc = frappe.get_doc(doctype, name)
	print_format = frappe.get_doc("Print Format", PRINT_FORMAT)
	html = frappe.render_template(
		"www/printview.html",
		{
			"body": get_rendered_template(doc, print_format=print_format, no_letterhead=True),
			"print_style": get_print_style(print_format=print_format),
			"title": name,
			"lang": "id",
			"layout_direction": "ltr",
		},
	)
	return get_pdf(html)
