"""The snapshot's utils/pdf.py consists of stubs: print bodies came out empty and PDFs raised. WeasyPrint does it here."""

import io
import mimetypes
import os
from urllib.parse import unquote, urlparse

import monoframe as frappe
from monoframe.core.doctype.file.utils import find_file_by_url
from monoframe.utils import pdf
from pypdf import PdfReader, PdfWriter

from embedded.patching import rebind


def pdf_body_html(template=None, args=None, **kwargs):
	return template.render(args, filters={"len": len})


def local_file(url):
	"""The file of this site that a visitor would get for the URL: assets, public files, own private files."""
	path = os.path.normpath(unquote(urlparse(url).path).lstrip("/"))
	match path.split("/")[0]:
		case "assets":
			return frappe.get_site_path(path)
		case "files":
			return frappe.get_site_path("public", path)
		case "private":
			return find_file_by_url(f"/{path}") and frappe.get_site_path(path)


def fetcher():
	from weasyprint.urls import URLFetcher, URLFetcherResponse  # loads Pango: only when a PDF is asked for

	class Fetcher(URLFetcher):
		def fetch(self, url, headers=None):
			"""From the disk, never over the network: a print format must not reach what its reader cannot."""
			if url.startswith("data:"):
				return super().fetch(url, headers)
			file = local_file(url)
			if not file or not os.path.isfile(file):
				raise ValueError(f"not served in a PDF: {url}")
			return URLFetcherResponse(
				url, open(file, "rb"), {"Content-Type": mimetypes.guess_type(file)[0] or ""}
			)

	return Fetcher()


def get_pdf(html, options=None, output=None, **kwargs):
	from weasyprint import HTML

	data = HTML(string=html, base_url="http://site/", url_fetcher=fetcher()).write_pdf()
	password = (options or {}).get("password")
	if output is None and not password:
		return data
	writer = PdfWriter() if output is None else output
	writer.append_pages_from_reader(PdfReader(io.BytesIO(data)))
	if output is not None:
		return output
	writer.encrypt(password)
	buffer = io.BytesIO()
	writer.write(buffer)
	return buffer.getvalue()


def install():
	rebind(pdf.pdf_body_html, pdf_body_html)
	rebind(pdf.get_pdf, get_pdf)
