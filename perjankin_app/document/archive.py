"""Every PK that was ever signed, in one ZIP that is read without the app: for keeping when the app is uninstalled.

On a bench: bench --site SITE execute perjankin_app.document.archive.export
or with --kwargs '{"to": "/path/of/the.zip"}'. Per PK: the files as they were signed, the frozen content, the signatures,
the log. `index.html` leads to all of them; SHA256SUMS is checked with `sha256sum -c`.
"""

import hashlib
import json
import os
import zipfile
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

import frappe
from frappe import _

from perjankin_app import made
from perjankin_app.document import bundle
from perjankin_app.workflow.log import HASHED, LOG

PK, FINAL, SIGNATURE = "Perjanjian Kinerja", "Dokumen Final", "Tanda Tangan PK"
KEPT = "Archive of signed PKs"  # in `made`: what the archives that were written held, see `_state`
FACTS = ("opd", "periode", "versi", "keberlakuan", "jabatan", "nama")
SIGNED = ("pihak", "nama", "jabatan", "cara", "pada", "mencakup", "berkas", "sidik", "keterangan")
STEPS = (
	"urutan",
	"mulai",
	"selesai",
	"dari",
	"aksi",
	"ke",
	"pelaku_nama",
	"pelaku_jabatan",
	"pelaku_status",
	"catatan",
)
STYLE = (
	"body{font:15px/1.5 sans-serif;margin:2em auto;max-width:70em;padding:0 1em}table{border-collapse:collapse;width:100%}"
	"th,td{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top}code{word-break:break-all}"
)


def count() -> int:
	"""How many PKs have been signed, cancelled ones included."""
	return len(_names()) if frappe.db.table_exists(PK) else 0


def is_kept() -> bool:
	"""Whether an archive holds everything that is signed now."""
	return _state() in made.of(KEPT)


def export(to: str | None = None) -> str:
	"""Write the archive to a file that is not there yet, outside of the site's folder; returns its path."""
	path = _place(to)
	temporary = path.with_suffix(".tmp")
	try:
		with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
			with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
				entries = _write(archive)
		with zipfile.ZipFile(temporary) as archive:
			if broken := archive.testzip():
				frappe.throw(
					_("Arsip rusak sewaktu ditulis: {0}. Periksa ruang disk lalu ulangi.").format(broken)
				)
		os.replace(temporary, path)
	finally:
		temporary.unlink(missing_ok=True)
	made.remember(KEPT, _state())
	wrong = [entry for entry in entries if entry["keterangan"]]
	print(_("{0} PK disimpan; {1} berkas tidak ikut (lihat manifes.csv).").format(count(), len(wrong)))
	return str(path)


def _place(to: str | None) -> Path:
	site = Path(frappe.get_site_path()).resolve()
	name = f"arsip-pk-{site.name}-{datetime.now():%Y%m%d-%H%M%S}.zip"
	path = Path(to).resolve() if to else site.parent.parent / name  # beside the bench's folder `sites`
	if site in path.parents:
		frappe.throw(
			_("Arsip ditaruh di luar folder situs: {0} ikut hilang bila situs dihapus.").format(path)
		)
	if path.exists() or not path.parent.is_dir():
		frappe.throw(_("{0} sudah ada, atau foldernya tidak ada. Sebutkan berkas lain.").format(path))
	return path


def _names() -> list[str]:
	return frappe.get_all(PK, {"docstatus": (">", 0)}, pluck="name", order_by="name")


def _state() -> str:
	"""Fingerprint of what is signed now: each PK with its files, its signatures, and the end of its log."""
	signed = {"parenttype": FINAL}
	facts = (
		frappe.get_all(PK, {"docstatus": (">", 0)}, ["name", "docstatus", "pdf_sha256", "keberlakuan"]),
		frappe.get_all(FINAL, fields=["name", "sidik"]),
		frappe.get_all(SIGNATURE, signed, ["parent", "idx", "sidik", "mencakup"]),
		frappe.get_all(LOG, {"perjanjian_kinerja": ("in", _names() or [""])}, ["name", "hash"]),
	)
	rows = [sorted(str(sorted(row.items(), key=str)) for row in part) for part in facts]
	return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


# -------------------------------------------------------------------------------------------------------- what is in it


def _write(archive: zipfile.ZipFile) -> list[dict]:
	entries, lines = [], []
	for row in bundle.signed_files({"docstatus": (">", 0)}):
		own = bundle.write_files(archive, row)
		_write_record(archive, row, own)
		entries += own
		lines.append([_link(f"{row.pk}/index.html", row.pk), *(escape(str(row.get(f) or "")) for f in FACTS)])
	bundle.write_manifest(archive, entries)
	title = _("Arsip Perjanjian Kinerja {0}").format(frappe.local.site)
	archive.writestr("index.html", _page(title, _table([_("PK"), *map(_label, FACTS)], lines)))
	return entries


def _write_record(archive: zipfile.ZipFile, row, files: list[dict]):
	final = frappe.db.get_value(
		FINAL, row.pk, ["kode", "dibekukan_pada", "templat", "cara", "sidik", "cuplikan"], as_dict=True
	)
	signatures = frappe.get_all(SIGNATURE, {"parenttype": FINAL, "parent": row.pk}, SIGNED, order_by="idx")
	steps = frappe.get_all(LOG, {"perjanjian_kinerja": row.pk}, ["name", "hash", *HASHED], order_by="urutan")
	frozen = {**(final or {}), "cuplikan": json.loads(final.cuplikan) if final and final.cuplikan else None}
	for name, content in (("dokumen", frozen), ("tanda_tangan", signatures), ("riwayat", steps)):
		archive.writestr(f"{row.pk}/{name}.json", frappe.as_json(content))
	there = [
		[
			_link(entry["berkas"].removeprefix(f"{row.pk}/"), _("buka"))
			if entry["berkas"]
			else escape(entry["keterangan"]),
			f"<code>{escape(entry['sidik'] or '')}</code>",
		]
		for entry in files
	]
	parts = (
		(_("Berkas dan sidik SHA-256"), ["", "SHA-256"], there),
		(_("Tanda tangan"), [*map(_label, SIGNED)], _cells(signatures, SIGNED)),
		(_("Riwayat"), [*map(_label, STEPS)], _cells(steps, STEPS)),
	)
	facts = _table([_("Keterangan"), ""], [[escape(_label(f)), escape(str(row.get(f) or ""))] for f in FACTS])
	body = facts + "".join(f"<h2>{escape(title)}</h2>{_table(head, rows)}" for title, head, rows in parts)
	archive.writestr(f"{row.pk}/index.html", _page(row.pk, body + _link("../index.html", _("Semua PK"))))


def _cells(rows: list, fields: tuple) -> list[list[str]]:
	return [
		[escape(str(row.get(field) if row.get(field) is not None else "")) for field in fields]
		for row in rows
	]


def _label(field: str) -> str:
	return field.replace("_", " ").capitalize()


def _link(target: str, text: str) -> str:
	return f'<a href="{escape(quote(target))}">{escape(text)}</a>'


def _table(head: list[str], rows: list[list[str]]) -> str:
	lines = ["".join(f"<th>{escape(cell)}</th>" for cell in head)]
	lines += ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
	return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def _page(title: str, body: str) -> str:
	head = f'<!doctype html><html lang="id"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
	return f"{head}<h1>{escape(title)}</h1>{body}</html>"
