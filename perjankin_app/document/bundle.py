"""All signed PKs of an OPD and a year: one PDF with bookmarks to read, one ZIP with the files as they were signed.

A background job makes it in parts of PART PKs. A finished part is a file on the disk, so a job that was killed goes on
where it stopped; the list of PKs is written down first, so that all parts are of the same list.
"""

import csv
import hashlib
import io
import json
import os
import secrets
import shutil
import zipfile
from pathlib import Path

import frappe
import pikepdf
from frappe import _
from frappe.utils import add_to_date, get_datetime, now_datetime
from frappe.utils.synchronization import filelock

from perjankin_app.document import scanned, signed

BUNDLE, PK, FINAL = "Bundel PK", "Perjanjian Kinerja", "Dokumen Final"
NEW, RUNNING, DONE, FAILED = "Baru", "Diproses", "Selesai", "Gagal"
PART = 50
STALLED = 30  # minutes without progress, after which a job counts as dead
MANIFEST = ("pk", "jabatan", "nama", "versi", "keberlakuan", "berkas", "sidik", "keterangan")


def start(name: str):
	"""Queue the job, once."""
	frappe.enqueue(
		"perjankin_app.document.bundle.make",
		queue="long",
		timeout=3600,
		job_id=f"perjankin-{name}",
		deduplicate=True,
		enqueue_after_commit=True,
		name=name,
	)


def resume_stalled():
	"""scheduler_events hourly: go on with what a dead worker has left."""
	late = add_to_date(now_datetime(), minutes=-STALLED)
	for name in frappe.get_all(BUNDLE, {"status": RUNNING, "modified": ("<", late)}, pluck="name"):
		start(name)


def make(name: str):
	"""The job. A failure is told on the Bundel PK; what is done stays for the next attempt."""
	with filelock(f"perjankin-{name}"):
		try:
			_make(name)
		except Exception as error:
			frappe.db.rollback()
			text = getattr(error, "strerror", None) or str(error) or type(error).__name__
			_set(name, status=FAILED, pesan=_("Bundel belum selesai: {0}. Tekan Lanjutkan.").format(text))
			frappe.log_error(f"Bundel PK {name}")
			frappe.db.commit()


def _make(name: str):
	doc = frappe.get_doc(BUNDLE, name)
	folder = folder_of(doc)
	folder.mkdir(parents=True, exist_ok=True)
	rows = _listed(doc, folder)
	_set(name, status=RUNNING, jumlah=len(rows), pesan="")
	frappe.db.commit()
	if not rows:
		forget(doc)
		return _set(
			name, status=FAILED, pesan=_("Belum ada PK yang ditandatangani pada OPD dan periode ini.")
		)
	parts = []
	for first in range(0, len(rows), PART):
		parts.append(folder / f"{first:06d}")
		if not parts[-1].with_suffix(".json").exists():
			_make_part(rows[first : first + PART], parts[-1])
		_progress(doc, min(first + PART, len(rows)), len(rows))
	entries = [entry for part in parts for entry in json.loads(part.with_suffix(".json").read_text())]
	pages = _join_pdf(parts, entries, folder / "semua.pdf")
	_join_zip(parts, entries, folder / "semua.zip")
	wrong = [entry for entry in entries if entry["keterangan"]]
	_set(
		name,
		status=DONE,
		halaman=pages,
		disusun_pada=now_datetime().replace(microsecond=0),
		berkas_pdf=_publish(doc, folder / "semua.pdf"),
		berkas_zip=_publish(doc, folder / "semua.zip"),
		pesan=_("{0} berkas tidak ikut; lihat manifes.").format(len(wrong)) if wrong else "",
	)
	frappe.db.commit()
	forget(doc)


def folder_of(doc) -> Path:
	"""Where its parts lie until it is done; of this very record, also if its name was given before."""
	stamp = get_datetime(doc.creation).strftime("%Y%m%d%H%M%S%f")
	return Path(frappe.get_site_path("private", "bundel", f"{doc.name}-{stamp}"))


def forget(doc):
	shutil.rmtree(folder_of(doc), ignore_errors=True)


# ------------------------------------------------------------------------------------------------------------ the parts


def contents(doc) -> list[dict]:
	"""What belongs in a bundle, by jabatan: each PK with its files, and which of them to read, the best first."""
	wanted = ("Menunggu Tanda Tangan", "Berlaku", *(("Digantikan",) if doc.versi_lama else ()))
	return signed_files(
		{"opd": doc.opd, "periode": doc.periode, "docstatus": 1, "keberlakuan": ("in", wanted)}
	)


def signed_files(filters: dict) -> list[dict]:
	"""The PKs that match, by jabatan, see `contents`."""
	rows = frappe.get_all(
		PK,
		filters,
		[
			"name as pk",
			"pihak_pertama_jabatan as jabatan",
			"pihak_pertama_nama as nama",
			"opd",
			"periode",
			"versi",
			"keberlakuan",
			"jenjang",
		],
	)
	levels = frappe.get_meta(PK).get_options("jenjang").split("\n")
	rows.sort(key=lambda row: (levels.index(row.jenjang), row.jabatan or "", row.pk))
	names = [row.pk for row in rows] or [""]
	frozen = {
		row.name: [row.berkas, row.sidik]
		for row in frappe.get_all(FINAL, {"name": ("in", names)}, ["name", "berkas", "sidik"])
	}
	signatures = {}
	for row in frappe.get_all(
		"Tanda Tangan PK",
		{"parent": ("in", names), "berkas": ("is", "set")},
		["parent", "cara", "berkas", "sidik"],
		order_by="parent, idx",
	):
		signatures.setdefault(row.parent, []).append(row)
	for row in rows:
		own = signatures.get(row.pk, [])
		files = [frozen[row.pk]] if row.pk in frozen else []
		files += [pair for pair in dict.fromkeys((s.berkas, s.sidik) for s in own)]
		row.berkas = [list(pair) for pair in files]
		row.baca = [url for url, _fingerprint in reversed(row.berkas)]  # the newest signature first
	return rows


def _listed(doc, folder: Path) -> list[dict]:
	path = folder / "daftar.json"
	if not path.exists():
		_write(path, frappe.as_json(contents(doc)).encode())
	return json.loads(path.read_text())


def _make_part(rows: list[dict], part: Path):
	"""`part`.pdf, `part`.zip, and last `part`.json, which says that the others are whole."""
	entries, pdf = [], pikepdf.new()
	with zipfile.ZipFile(part.with_suffix(".zip.tmp"), "w") as archive:
		for row in rows:
			whole = {}
			entries += write_files(archive, row, whole)
			for url in row["baca"]:
				if url in whole and (pages := scanned.as_pdf(whole[url][0])):
					with pikepdf.open(io.BytesIO(pages)) as source:
						whole[url][1]["halaman"] = len(source.pages)
						pdf.pages.extend(source.pages)
					break
	pdf.save(part.with_suffix(".pdf.tmp"))
	for kind in (".pdf", ".zip"):
		os.replace(part.with_suffix(f"{kind}.tmp"), part.with_suffix(kind))
	_write(part.with_suffix(".json"), json.dumps(entries).encode())


def write_files(archive: zipfile.ZipFile, row: dict, whole: dict | None = None) -> list[dict]:
	"""The files of a PK of `signed_files`; gives their lines of the manifest, and in `whole` {url: (content, its line)}."""
	facts, entries = {key: row[key] or "" for key in ("pk", "jabatan", "nama", "versi", "keberlakuan")}, []
	for url, fingerprint in row["berkas"] or [["", ""]]:
		entry = {**facts, "berkas": "", "sidik": fingerprint, "keterangan": "", "halaman": 0}
		entries.append(entry)
		content = _checked(url, fingerprint, entry)
		if content is None:
			continue
		entry["berkas"] = f"{row['pk']}/{Path(url).name}"
		archive.writestr(entry["berkas"], content)
		if whole is not None:
			whole[url] = content, entry
	return entries


def _checked(url: str, fingerprint: str, entry: dict) -> bytes | None:
	"""The file, if it is what was signed; else the manifest says why it is not there."""
	try:
		content = signed.content_of(url) if url else None
	except OSError:
		content = None
	if content is None:
		entry["keterangan"] = _("berkas tidak ada")
	elif hashlib.sha256(content).hexdigest() != fingerprint:
		entry["keterangan"] = _("berkas berubah sesudah ditandatangani")
	return None if entry["keterangan"] else content


def _write(path: Path, content: bytes):
	"""Whole or not at all."""
	temporary = path.with_suffix(path.suffix + ".tmp")
	temporary.write_bytes(content)
	os.replace(temporary, path)


# ------------------------------------------------------------------------------------------------------------- the whole


def _join_pdf(parts: list[Path], entries: list[dict], target: Path) -> int:
	"""The pages stay in the parts' files until they are written."""
	whole, sources = pikepdf.new(), []
	for part in parts:
		sources.append(pikepdf.open(part.with_suffix(".pdf")))
		whole.pages.extend(sources[-1].pages)
	page = 0
	with whole.open_outline() as outline:
		for entry in entries:
			if entry["halaman"]:
				title = " ".join(f"{entry['jabatan']} – {entry['nama']} ({entry['versi']})".split())
				outline.root.append(pikepdf.OutlineItem(title, page))
				page += entry["halaman"]
	whole.save(target)
	for source in sources:
		source.close()
	return page


def write_manifest(archive: zipfile.ZipFile, entries: list[dict]):
	table = io.StringIO()
	writer = csv.DictWriter(table, MANIFEST, extrasaction="ignore")
	writer.writeheader()
	writer.writerows({key: _cell(entry[key]) for key in MANIFEST} for entry in entries)
	# with the mark by which spreadsheets know UTF-8
	archive.writestr("manifes.csv", "\ufeff" + table.getvalue())
	archive.writestr("SHA256SUMS", "".join(f"{e['sidik']}  {e['berkas']}\n" for e in entries if e["berkas"]))


def _join_zip(parts: list[Path], entries: list[dict], target: Path):
	with zipfile.ZipFile(target, "w") as archive:
		write_manifest(archive, entries)
		for part in parts:
			with zipfile.ZipFile(part.with_suffix(".zip")) as source:
				for info in source.infolist():
					with source.open(info) as content, archive.open(info.filename, "w") as copy:
						shutil.copyfileobj(content, copy)


def _cell(text: str) -> str:
	"""No spreadsheet takes it for a formula."""
	return f"'{text}" if text[:1] in tuple("=+-@\t\r") else text


def _publish(doc, path: Path) -> str:
	"""The finished file as private attachment of the Bundel PK, under a name that nobody can have taken before."""
	name = f"{doc.name}-{secrets.token_hex(8)}{path.suffix}"
	url = f"/private/files/{name}"
	before = {
		"attached_to_doctype": BUNDLE,
		"attached_to_name": doc.name,
		"file_url": ("like", f"%{path.suffix}"),
	}
	for old in frappe.get_all("File", before, pluck="name"):
		frappe.delete_doc("File", old, ignore_permissions=True, force=True)
	os.replace(path, frappe.get_site_path("private", "files", name))
	file = frappe.get_doc(
		doctype="File",
		file_name=name,
		file_url=url,
		is_private=1,
		attached_to_doctype=doc.doctype,
		attached_to_name=doc.name,
	)
	file.flags.by_server = True
	return file.insert(ignore_permissions=True).file_url


def _progress(doc, number: int, count: int):
	_set(doc.name, selesai=number)
	frappe.db.commit()
	frappe.publish_progress(
		number * 100 / count, title=_("Menyusun bundel"), doctype=doc.doctype, docname=doc.name
	)


def _set(name: str, **values):
	frappe.db.set_value(BUNDLE, name, values)
