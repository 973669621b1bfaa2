"""The same PK by WeasyPrint and by wkhtmltopdf: as many pages, and the same words."""

import re
import shutil
import subprocess
from collections import Counter

import factory
import frappe
import pytest
from factory import act, forward, pk, user

from perjankin_app.document import pdf

SIGN = "Uji Tanda Tangan"
# as core calls it for a print format whose margins are those of paper.html
OPTIONS = (
	"--print-media-type --background --images --quiet --encoding UTF-8 --page-size A4 --margin-top 15mm --margin-right 20mm "
	"--margin-bottom 15mm --margin-left 25mm --disable-javascript --disable-local-file-access --disable-smart-shrinking"
).split()


def by_weasyprint(html: str) -> bytes:
	weasyprint = pytest.importorskip("weasyprint")
	return weasyprint.HTML(string=html).write_pdf()


def by_wkhtmltopdf(html: str) -> bytes:
	if not shutil.which("wkhtmltopdf"):
		pytest.skip("wkhtmltopdf is not on this machine (Debian: apt-get install wkhtmltopdf)")
	command = ["wkhtmltopdf", *OPTIONS, "-", "-"]
	return subprocess.run(command, input=html.encode(), capture_output=True, check=False).stdout


def words(content: bytes) -> Counter:
	command = ["pdftotext", "-", "-"]
	text = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
	return Counter(re.findall(r"\w+", text))


def without_heads(found: Counter, html: str) -> Counter:
	"""Where a long table goes on to the next page, and shows its head again, differs by a row."""
	annex = html.split('class="annex"')[1]
	head = re.sub("<[^>]*>", " ", re.search("<thead>.*?</thead>", annex, re.DOTALL)[0])
	head = Counter(re.findall(r"\w+", head))
	while head <= found:
		found = found - head
	return found


def is_patched() -> bool:
	"""Upstream's wkhtmltopdf has a Qt of its own; on Debian's no head of a table is repeated, and a page may end in a line."""
	version = subprocess.run(["wkhtmltopdf", "--version"], capture_output=True, text=True, check=True).stdout
	return "with patched qt" in version


@pytest.fixture
def signed_html(in_force, monkeypatch):
	"""signed_html(doc): signs it, and gives the page from which the PDF was made."""

	def make(doc):
		seen, render = [], pdf.make_pdf
		monkeypatch.setattr(pdf, "make_pdf", lambda html: seen.append(html) or render(html))
		act(forward(doc, SIGN), "Tanda Tangani", by=user("kepala"))
		return seen[0]

	return make


@pytest.mark.parametrize("rows", [5, 45])
def test_pages_and_words(signed_html, rows):
	doc = pk()
	frappe.set_user(user("penyusun"))
	doc = frappe.get_doc(doc.doctype, doc.name)
	goal = frappe.db.get_value("Indikator Kinerja", doc.target[0].indikator, "sasaran")
	for number in range(rows - len(doc.target)):
		name = f"Persentase layanan ke-{number} yang diselesaikan sesuai standar pelayanan minimal"
		frappe.set_user("Administrator")
		indicator = factory.make(
			"Indikator Kinerja", nama=name, opd=doc.opd, tipe_nilai="Persen", satuan="Persen", sasaran=goal
		)
		doc.append("target", {"indikator": indicator, "target": "90"})
	frappe.set_user(user("penyusun"))
	html = signed_html(doc.save())
	one, other = by_weasyprint(html), by_wkhtmltopdf(html)
	assert len(pdf.pages(one)) == len(pdf.pages(other)) >= 2
	if rows < 10:
		assert words(one) == words(other)
	elif is_patched():
		assert without_heads(words(one), html) == without_heads(words(other), html)
	else:
		assert set(words(one)) == set(words(other))
