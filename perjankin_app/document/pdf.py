"""A PK as PDF, and what can be read in one."""

import io

import frappe
from frappe import _
from frappe.utils import escape_html, now_datetime
from frappe.www.printview import get_print_style, get_rendered_template
from pypdf import PdfReader

from perjankin_app.document import renderer
from perjankin_app.document.renderer import make_pdf

PRINT_FORMAT = "Perjanjian Kinerja"
WEB, WORKER = (
	"uji_web",
	"uji_antrean",
)  # fields of Pengaturan Perjankin: how the renderer was tried, and where
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
	return make_pdf(
		PAGE.format(
			title=escape_html(doc.name),
			style=get_print_style(print_format=print_format),
			body=get_rendered_template(doc, print_format=print_format, no_letterhead=True),
		)
	)


def pages(pdf: bytes) -> list[str]:
	"""The text of each page."""
	return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


# ---------------------------------------------------------------------------------------- whether PDFs can be made here


def try_out(field: str):
	"""Make one page with the chosen renderer in this process, and note in Pengaturan how that went.

	field: WEB in a web server, WORKER in a worker of the queue. Each has its own environment, and may lack what the other has.
	"""
	try:
		engine = renderer.in_use()
		problem = problem_of(renderer.chosen()[0])
		said = _("gagal: {0}").format(problem) if problem else engine
	except frappe.ValidationError:
		said = frappe.clear_last_message() or _("tidak ada mesin PDF")
	moment = now_datetime().strftime("%d-%m-%Y %H:%M")
	_note(field, f"{said} ({moment})")


def try_out_everywhere():
	"""Here at once, and in the queue as soon as one of its workers is free; none of them takes it: the note stays."""
	try_out(WEB)
	_note(WORKER, _("menunggu pekerja antrean sejak {0}").format(now_datetime().strftime("%d-%m-%Y %H:%M")))
	frappe.enqueue(
		"perjankin_app.document.pdf.try_out", queue="default", enqueue_after_commit=True, field=WORKER
	)


def use_in_print_view():
	"""v16's print view takes the renderer from the Print Format: ours follow the setting; at migrate core writes them anew."""
	if not frappe.get_meta("Print Format").has_field("pdf_generator"):
		return
	name = frappe.db.get_single_value(renderer.SETTINGS, renderer.FIELD)
	generator = {renderer.CHROMIUM.name: "chrome", renderer.WKHTMLTOPDF.name: "wkhtmltopdf"}.get(name)
	if generator:
		ours = {"module": "Perjankin App", "standard": "Yes"}
		frappe.db.set_value("Print Format", ours, "pdf_generator", generator, update_modified=False)
		frappe.clear_cache(doctype="Print Format")


def problem_of(engine) -> str:
	"""What a Renderer raises for a page of one word, or does wrong with it; "" if all is well."""
	word = "Percobaan"
	try:
		content = engine.render(PAGE.format(title=word, style="", body=f"<p>{word}</p>"))
		return "" if word in "".join(pages(content)) else _("halamannya kosong")
	except Exception as error:  # whatever the program and its reader raise
		return (str(error) or type(error).__name__).split("\n")[0][:60]


def _note(field: str, text: str):
	frappe.db.set_single_value(renderer.SETTINGS, field, text[:140], update_modified=False)
