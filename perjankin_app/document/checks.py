"""Whether a signed PK is still what was signed: file, values, template and log are each compared with what was frozen."""

import difflib
import hashlib
import re
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import cstr, flt

from perjankin_app import content_diff
from perjankin_app.document import final, pdf, renderer, signed, signing, template_version, validity
from perjankin_app.document.provider import CERTIFICATE
from perjankin_app.document.signing import bound, certificate
from perjankin_app.workflow import chains, log

MOST_LINES = 40  # of a difference that people are shown


@dataclass(frozen=True)
class Check:
	"""One comparison: what was compared, whether it holds, what it means in words, and the places that differ."""

	nama: str
	beres: bool
	uraian: str
	rincian: tuple[str, ...] = ()


def run(name: str) -> list[Check]:
	"""All checks of a signed PK, in the order in which people want to know. Raises ValidationError where nothing is frozen."""
	document = final.of(name)
	if not document:
		frappe.throw(_("{0} belum ditandatangani, jadi belum ada yang dapat diperiksa.").format(name))
	doc, frozen = frappe.get_doc(final.PK, name), final.snapshot(name)
	content = _bytes(document.berkas)
	return [
		_file(document, content),
		_seal(document, doc),
		_values(document, doc, frozen),
		_signatures(document, content, frozen),
		_template(document, content),
		_log(name),
	]


def _bytes(file_url: str) -> bytes | None:
	try:
		return signed.content_of(file_url)
	except OSError:
		return None


def _file(document, content: bytes | None) -> Check:
	name = _("Berkas PDF")
	if content is None:
		return Check(
			name, False, _("Berkas {0} tidak ada lagi di tempat penyimpanan.").format(document.berkas)
		)
	found = hashlib.sha256(content).hexdigest()
	if found != document.sidik:
		return Check(
			name,
			False,
			_("Berkas {0} bukan lagi yang ditandatangani: isinya berubah.").format(document.berkas),
			(
				_("Sidik sekarang: {0}").format(found),
				_("Sidik saat ditandatangani: {0}").format(document.sidik),
			),
		)
	return Check(name, True, _("Sama dengan yang ditandatangani, {0} halaman.").format(document.halaman))


def _seal(document, doc) -> Check:
	"""The fingerprint stands in three places; in the log, whose first one is the frozen file's, in a chain of hashes."""
	name = _("Sidik berkas")
	sealed = frappe.get_all(
		"Riwayat Alur",
		{"perjanjian_kinerja": doc.name, "sidik": ("is", "set")},
		pluck="sidik",
		order_by="urutan",
		limit=1,
	)
	places = {
		_("Dokumen Final"): document.sidik,
		_("PK"): doc.pdf_sha256,
		**({_("Riwayat Alur"): sealed[0]} if sealed else {}),  # PKs from before it was kept there
	}
	if len(set(places.values())) == 1:
		return Check(name, True, document.sidik)
	return Check(
		name,
		False,
		_("Sidik yang dicatat di tempat-tempat ini tidak sama: ada yang diubah langsung di basis data."),
		tuple(f"{place}: {value or '–'}" for place, value in places.items()),
	)


def _signatures(document, signed_file: bytes | None, frozen: dict) -> Check:
	"""Each file that came of a signature: as it was, and what is in it holds; and each row: as the log has it."""
	name, wrong = _("Tanda tangan"), []
	for row in document.tanda_tangan:
		content = _bytes(row.berkas) if row.berkas else None
		if row.berkas and content is None:
			wrong.append(_("{0}: berkas {1} tidak ada lagi.").format(row.pihak, row.berkas))
		elif row.berkas and hashlib.sha256(content).hexdigest() != row.sidik:
			wrong.append(_("{0}: berkas {1} berubah sesudah ditandatangani.").format(row.pihak, row.berkas))
		if content and row.cara == CERTIFICATE:
			wrong += [f"{row.pihak}: {text}" for text in certificate.problems(content, signed_file)]
	covered = {document.sidik, *(row.sidik for row in document.tanda_tangan)}
	wrong += [
		_("{0}: mencakup sidik yang bukan dari berkas mana pun.").format(row.pihak)
		for row in document.tanda_tangan
		if row.mencakup not in covered
	]
	printed = frappe._dict(frozen["nilai"], name=document.name)
	chain = chains.load(
		frappe.db.get_value(log.LOG, {"perjanjian_kinerja": document.name, "urutan": 1}, "alur")
	)
	approved = signing.approvals(printed, document, chain) if chain else []
	wrong += bound.problems(document, printed, approved)
	if wrong:
		return Check(name, False, _("Tanda tangan tidak utuh lagi."), tuple(wrong))
	return Check(name, True, _("{0} tanda tangan, semuanya utuh.").format(len(document.tanda_tangan)))


def _values(document, doc, frozen: dict) -> Check:
	name = _("Isi PK")
	differences = [
		" · ".join(filter(None, (line["bagian"], line["baris"], line["isian"] or line["jenis"])))
		+ f": “{line['dari']}” → “{line['menjadi']}”"
		for line in content_diff.table(content_diff.diff(frozen["isi"], log.content(doc)))
	]
	due = {"versi": validity.version(doc), "keberlakuan": validity.due(doc, document)}
	for field, value in {**frozen["nilai"], **due}.items():
		if not isinstance(value, list) and _plain(value) != _plain(doc.get(field)):
			label = _(doc.meta.get_label(field))
			differences.append(f"{label}: “{cstr(value)}” → “{cstr(doc.get(field))}”")
	if differences:
		text = _(
			"Isi di basis data bukan lagi yang ditandatangani. Yang berlaku tetap berkas yang dibekukan."
		)
		return Check(name, False, text, tuple(dict.fromkeys(differences)))
	return Check(name, True, _("Sama dengan yang ditandatangani."))


def _plain(value) -> str:
	"""As both a database and JSON give it back."""
	return str(flt(value)) if isinstance(value, int | float) else cstr(value)


def _template(document, content: bytes | None) -> Check:
	"""The same values by today's template against the frozen file, as text and page by page."""
	name = _("Templat cetak")
	if not document.templat:
		return Check(
			name, True, _("PK ini ditandatangani sebelum versi templat dicatat; tidak dibandingkan.")
		)
	try:
		engine = renderer.in_use()
	except frappe.ValidationError:
		frappe.clear_last_message()
		return Check(name, True, _("Server ini tidak mempunyai mesin PDF; tidak dibandingkan."))
	again, now = pdf.pages(final.render_again(document.name)), template_version.version()
	try:
		then = pdf.pages(content or b"")
	except Exception:  # whatever a broken PDF makes its reader raise; the file's own check says so
		then = []
	if document.mesin_pdf and document.mesin_pdf.split()[0] != engine.split()[0]:
		then, again = _words(then), _words(again)  # another engine breaks lines and pages elsewhere
	lines = _differences(then, again)
	if now != document.templat:
		text = _("Templat cetak berubah sejak penandatanganan (versi {0}, sekarang {1}). {2}").format(
			document.templat,
			now,
			_("Cetak ulang berbeda dari berkas yang dibekukan:")
			if lines
			else _("Teks cetak ulangnya masih sama."),
		)
		return Check(name, False, text, lines)
	if lines:
		return Check(name, False, _("Cetak ulang berbeda dari berkas yang dibekukan:"), lines)
	return Check(
		name, True, _("Versi {0}; cetak ulang memberi teks dan jumlah halaman yang sama.").format(now)
	)


def _words(pages: list[str]) -> list[str]:
	"""Every word once, as one page of a word a line."""
	return ["\n".join(sorted({word for page in pages for word in re.findall(r"\w+", page)}))]


def _differences(then: list[str], now: list[str]) -> tuple[str, ...]:
	lines = []
	if len(then) != len(now):
		lines.append(_("Jumlah halaman: {0} → {1}").format(len(then), len(now)))
	before, after = (
		[" ".join(line.split()) for page in pages for line in page.splitlines() if line.strip()]
		for pages in (then, now)
	)
	for line in difflib.unified_diff(before, after, lineterm="", n=0):
		if not line.startswith(("---", "+++", "@@")):
			lines.append(f"{line[0]} {line[1:]}")
	return tuple(lines[:MOST_LINES])


def _log(name: str) -> Check:
	problem = log.verify(name)["bermasalah"].get(name, "")
	return Check(
		_("Riwayat"), not problem, problem or _("Semua barisnya menyambung dan cocok dengan status PK.")
	)
