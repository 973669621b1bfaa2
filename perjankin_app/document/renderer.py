"""The program that makes a PDF of a page: chosen once in Pengaturan Perjankin, from what is installed here.

Core's own are wkhtmltopdf (v15, v16) and, in v16, a Chromium. WeasyPrint comes with every Frappe as a library; it works where
Debian's Pango is. The page is one of ours (`pdf.PAGE`) and needs no other file.
"""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import pdf as core

SETTINGS, FIELD = "Pengaturan Perjankin", "mesin_pdf"
SECONDS = 10  # for a program to say its version


@dataclass(frozen=True)
class Renderer:
	"""`version()`: of what is installed, "" where it is not; `render(html)`: the PDF of a whole page."""

	name: str
	version: Callable[[], str]
	render: Callable[[str], bytes]


# ------------------------------------------------------------------------------------------------------ wkhtmltopdf


def _wkhtmltopdf_version() -> str:
	if not hasattr(core, "get_wkhtmltopdf_version"):  # a Frappe that makes its PDFs otherwise
		return ""
	return _said_by("wkhtmltopdf", "--version").removeprefix("wkhtmltopdf ")


def is_patched(version: str) -> bool:
	"""Debian's build repeats no head of a table, and cuts lines at the end of a page."""
	return "with patched qt" in version


# --------------------------------------------------------------------------------------------------------- Chromium


def _chromium() -> str:
	"""The program that core's generator would start, only if it is there: core downloads one where it is not."""
	if not hasattr(core, "get_chrome_pdf"):
		return ""
	configured = frappe.get_common_site_config().get("chromium_path")
	if configured and (path := shutil.which(configured)):
		return path
	from frappe.utils import get_bench_path, print_utils

	places = getattr(print_utils, "EXECUTABLE_PATHS", {}).get("linux")
	path = places and Path(get_bench_path(), "chromium", *places)
	return str(path) if path and path.exists() else ""


def _chromium_version() -> str:
	return _said_by(path, "--version").removeprefix("Chromium ") if (path := _chromium()) else ""


def _by_chromium(html: str) -> bytes:
	from perjankin_app.document.pdf import PRINT_FORMAT

	return core.get_chrome_pdf(PRINT_FORMAT, html, {}, None, pdf_generator="chrome")


# ------------------------------------------------------------------------------------------------------- WeasyPrint


def _weasyprint_version() -> str:
	try:
		import weasyprint
	except (ImportError, OSError):  # the latter where Pango is missing
		return ""
	return weasyprint.__version__


def _by_weasyprint(html: str) -> bytes:
	import weasyprint

	def only_data(url, *args, **kwargs):
		"""A print format must reach neither the network nor a file of the server."""
		if not url.startswith("data:"):
			raise ValueError(f"not in a PDF: {url}")
		return weasyprint.default_url_fetcher(url, *args, **kwargs)

	return weasyprint.HTML(string=html, url_fetcher=only_data).write_pdf()


# ---------------------------------------------------------------------------------------------------------- choosing


def _said_by(*command: str) -> str:
	"""The first line that a program prints; "" where it is not there."""
	try:
		done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
	except (OSError, subprocess.TimeoutExpired):
		return ""
	return done.stdout.strip().split("\n")[0]


WKHTMLTOPDF = Renderer("wkhtmltopdf", _wkhtmltopdf_version, lambda html: core.get_pdf(html))
CHROMIUM = Renderer("Chromium", _chromium_version, _by_chromium)
WEASYPRINT = Renderer("WeasyPrint", _weasyprint_version, _by_weasyprint)
RENDERERS = (WKHTMLTOPDF, CHROMIUM, WEASYPRINT)  # where none was chosen, the first that is installed


def installed() -> dict[str, str]:
	"""{name: version} of what can be chosen here."""
	return {renderer.name: version for renderer in RENDERERS if (version := renderer.version())}


def chosen() -> tuple[Renderer, str]:
	"""The renderer in use and its version. Raises ValidationError, in words for whoever waits for a PDF."""
	name = frappe.db.get_single_value(SETTINGS, FIELD)
	for renderer in RENDERERS:
		if name in (None, "", renderer.name) and (version := renderer.version()):
			return renderer, version
	if name:
		frappe.throw(
			_(
				"Mesin PDF {0} yang dipilih pada Pengaturan Perjankin tidak terpasang di server. Minta PK Admin Pemda "
				"memilih yang lain di sana, atau pengelola server memasangnya."
			).format(name),
			title=_("Mesin PDF tidak ada"),
		)
	frappe.throw(
		_(
			"Server ini tidak mempunyai mesin PDF. Minta pengelola server memasang salah satu (lihat Pengaturan Perjankin > "
			"Dokumen), lalu ulangi."
		),
		title=_("Mesin PDF tidak ada"),
	)


def make_pdf(html: str) -> bytes:
	"""The PDF of a page. Raises ValidationError where no renderer is installed, and whatever it raises."""
	return chosen()[0].render(html)


def in_use() -> str:
	"""`WeasyPrint 68.0`: as it is kept with what it made."""
	renderer, version = chosen()
	return f"{renderer.name} {version}"[:140]
