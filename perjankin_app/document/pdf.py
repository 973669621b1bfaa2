"""A PK as PDF, and what can be read in one."""

import io

import frappe
from frappe.utils import escape_html
from frappe.utils.pdf import get_pdf
from frappe.www.printview import get_print_style, get_rendered_template
from pypdf import PdfReader

PRINT_FORMAT = "Perjanjian Kinerja"
PAGE = """<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8"><title>{title}</title>
<style>* {{ box-sizing: border-box; }} body {{ margin: 0; }} {style}
.print-format {{ padding: 0 !important; max-width: none !important; min-height: 0 !important; }}</style></head>
<body><div class="print-format">{body}</div></body></html>"""


def render(doc) -> bytes:
	"""What the print view's PDF button gives, in a page that needs no other file: the desk's own style sheet would be
	fetched from the site by its host name, and a signature must not wait for a name server.

	Not `frappe.get_print`: its access log commits on v15, and half a signing would be stored.
	"""
	print_format = frappe.get_doc("Print Format", PRINT_FORMAT)
	return get_pdf(
		PAGE.format(
			title=escape_html(doc.name),
			style=get_print_style(print_format=print_format),
			body=get_rendered_template(doc, print_format=print_format, no_letterhead=True),
		)
	)


def pages(pdf: bytes) -> list[str]:
	"""The text of each page."""
	return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
