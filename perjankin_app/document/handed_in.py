"""Bounds for the PDFs and pictures that people hand in, told in words, before the server opens one.

The bytes and a picture's head are looked at here, the rest in a process of its own (`document.scanned`).
"""

import json
import subprocess
import sys
from math import ceil

import frappe
from frappe import _

from perjankin_app.document import scanned
from perjankin_app.target_value import format_number

LARGEST = 25 << 20  # bytes
LARGEST_LOGO, LOGO_PIXELS = 1 << 20, 4_000_000  # it is drawn 2 cm wide, on every page that is printed


def require_small(content: bytes, label: str):
	"""Of whatever is attached: a PDF, JPEG or PNG that is too large is refused, and one that can't be read; other
	kinds are never opened by the server, so that only their bytes count."""
	_require_bytes(content, label, LARGEST)
	if scanned.kind_of(content):
		_require_readable(content, label)


def require_scan(content: bytes, label: str):
	_require_bytes(content, label, LARGEST)
	if not scanned.kind_of(content):
		_refuse_unreadable(label)
	if _require_readable(content, label)["sisipan"]:
		frappe.throw(
			_(
				"{0}: di dalam PDF ini ada berkas lain. Pindai ulang, atau cetak menjadi PDF baru, lalu unggah lagi."
			).format(label)
		)


def require_logo(content: bytes, label: str):
	_require_bytes(content, label, LARGEST_LOGO)
	if not is_logo(content):
		size = scanned.size_of_picture(content)
		if size:
			_refuse_pixels(size, label, LOGO_PIXELS)
		frappe.throw(_("{0}: unggah gambar PNG, JPEG, atau SVG yang dapat dibuka.").format(label))


def is_logo(content: bytes) -> bool:
	"""Whether it may be printed as a logo: an SVG, or a picture of few pixels. Nothing is decoded."""
	if len(content) > LARGEST_LOGO:
		return False
	if size := scanned.size_of_picture(content):
		return size[0] * size[1] <= LOGO_PIXELS
	return b"<svg" in content[:1000]


def _require_readable(content: bytes, label: str) -> dict:
	"""What `scanned.look` found in it."""
	size = scanned.kind_of(content) != "PDF" and scanned.size_of_picture(content)
	if size and size[0] * size[1] > scanned.PIXELS:
		_refuse_pixels(size, label, scanned.PIXELS)
	found = _look(content)
	if found is None:
		frappe.throw(
			_(
				"{0}: berkas ini terlalu berat untuk dibuka. Cetak ulang menjadi PDF baru, atau pindai dengan 300 dpi, lalu unggah lagi."
			).format(label)
		)
	if (found["halaman"] or 0) > scanned.PAGES:
		frappe.throw(
			_("{0}: PDF ini {1} halaman, paling banyak {2}. Pecah menjadi beberapa berkas.").format(
				label, format_number(found["halaman"]), format_number(scanned.PAGES)
			)
		)
	if not found["terbaca"]:
		_refuse_unreadable(label)
	return found


def _look(content: bytes) -> dict | None:
	"""None where it takes more time or memory than one file may."""
	command = [sys.executable, "-I", scanned.__file__]
	try:
		done = subprocess.run(command, input=content, capture_output=True, timeout=scanned.SECONDS * 2)
	except subprocess.TimeoutExpired:
		return None
	return json.loads(done.stdout) if done.returncode == 0 else None


def _require_bytes(content: bytes, label: str, most: int):
	if len(content) > most:
		frappe.throw(
			_("{0}: berkas ini {1} MB, paling besar {2} MB. Perkecil berkasnya, lalu unggah lagi.").format(
				label, format_number(ceil(len(content) * 10 / (1 << 20)) / 10), most >> 20
			)
		)


def _refuse_pixels(size: tuple[int, int], label: str, most: int):
	frappe.throw(
		_(
			"{0}: gambar ini {1} × {2} piksel, paling banyak {3} juta piksel. Pindai atau simpan dengan resolusi lebih rendah, lalu unggah lagi."
		).format(label, format_number(size[0]), format_number(size[1]), most // 1_000_000)
	)


def _refuse_unreadable(label: str):
	frappe.throw(_("{0}: unggah PDF, JPEG, atau PNG yang dapat dibuka.").format(label))
