"""What people hand in as a scan: whether it can be read, and as PDF. Pure: no frappe import."""

import io

import pikepdf
from PIL import Image

KINDS = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG")  # PDF, JPEG, PNG: by their first bytes, not by their names
DPI = 150  # of an image: its size on the page follows


def as_pdf(content: bytes) -> bytes | None:
	"""A PDF with at least one page: the scan itself, or its image on a page. None where nothing can be read in it."""
	if not content.startswith(KINDS):
		return None
	try:
		if not content.startswith(b"%PDF"):
			page = io.BytesIO()
			Image.open(io.BytesIO(content)).convert("RGB").save(page, "PDF", resolution=DPI)
			content = page.getvalue()
		with pikepdf.open(io.BytesIO(content)) as pdf:
			return content if len(pdf.pages) else None
	except (pikepdf.PdfError, OSError, ValueError, Image.DecompressionBombError):
		return None
