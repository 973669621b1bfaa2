"""What people hand in as PDF or picture: what it is, how large, whether it can be read. Pure: no frappe import.

Run as a program it looks at the file on its standard input and prints what it found as JSON, in a process of its own with
little time and memory: a PDF of a few hundred KB can ask for gigabytes the moment it is opened. See `document.handed_in`.
"""

import io
import json
import sys

import pikepdf
from PIL import Image

KINDS = {b"%PDF": "PDF", b"\xff\xd8\xff": "JPEG", b"\x89PNG": "PNG"}  # by the first bytes, not by the name
DPI = 150  # of an image: its size on the page follows
PIXELS = 40_000_000  # a page of A4 at 600 dpi has 35 million
PAGES = 1_000
MEMORY, SECONDS = 1 << 30, 10  # for looking at one file


def kind_of(content: bytes) -> str | None:
	return next((kind for start, kind in KINDS.items() if content.startswith(start)), None)


def size_of_picture(content: bytes) -> tuple[int, int] | None:
	"""Width and height as its head tells them; nothing is decoded. None where it can't be read."""
	try:
		with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
			return picture.size
	except Image.DecompressionBombError:  # Pillow's own bound
		return PIXELS, 2
	except (OSError, ValueError, SyntaxError):
		return None


def as_pdf(content: bytes) -> bytes | None:
	"""A PDF with at least one page: the scan itself, or its image on a page. None where nothing can be read in it, or
	what is in it is too large."""
	kind = kind_of(content)
	if not kind:
		return None
	try:
		if kind != "PDF":
			width, height = size_of_picture(content) or (0, 0)
			if not 0 < width * height <= PIXELS:
				return None
			page = io.BytesIO()
			Image.open(io.BytesIO(content)).convert("RGB").save(page, "PDF", resolution=DPI)
			content = page.getvalue()
		with pikepdf.open(io.BytesIO(content)) as pdf:
			return content if 0 < len(pdf.pages) <= PAGES else None
	except (pikepdf.PdfError, OSError, ValueError, Image.DecompressionBombError):
		return None


def look(content: bytes) -> dict:
	"""`ukuran`: width and height of a picture; `halaman`: pages of a PDF; `sisipan`: files inside it; `terbaca`."""
	if kind_of(content) != "PDF":
		readable = _decodes(content)
		return {"ukuran": size_of_picture(content), "halaman": None, "sisipan": 0, "terbaca": readable}
	try:
		with pikepdf.open(io.BytesIO(content)) as pdf:
			pages, inside = len(pdf.pages), len(pdf.attachments)
	except (pikepdf.PdfError, OSError, ValueError):
		pages = inside = 0
	return {"ukuran": None, "halaman": pages, "sisipan": inside, "terbaca": pages > 0}


def _decodes(content: bytes) -> bool:
	try:
		with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
			picture.load()
	except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
		return False
	return True


if __name__ == "__main__":
	import resource

	resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
	resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
	print(json.dumps(look(sys.stdin.buffer.read())))
