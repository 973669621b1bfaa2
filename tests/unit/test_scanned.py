"""What is handed in as PDF or picture is looked at with bounds."""

import io
import json
import struct
import subprocess
import sys
import time
import zlib

import pikepdf
import pytest
from PIL import Image

from perjankin_app.document import scanned


def picture(width, height, kind="PNG") -> bytes:
	out = io.BytesIO()
	Image.new("1" if kind == "PNG" else "L", (width, height)).save(out, kind)
	return out.getvalue()


def pdf(pages: int) -> bytes:
	out, made = io.BytesIO(), pikepdf.new()
	for _ in range(pages):
		made.add_blank_page()
	made.save(out)
	return out.getvalue()


def vast_png() -> bytes:
	"""A PNG whose head says 40,000 x 40,000."""
	head = struct.pack(">IIBBBBB", 40_000, 40_000, 1, 0, 0, 0, 0)
	chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
	body = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
	return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def object_stream(megabytes: int) -> bytes:
	"""A PDF of few bytes with an object stream that unfolds to so many."""
	head = b"10 0 11 60 "
	body = head + b"<</Type/Pages/Count 1/Kids[11 0 R]>>".ljust(60)
	body += b"<</Type/Page/Parent 10 0 R/MediaBox[0 0 9 9]>>"
	packer = zlib.compressobj(9)
	packed = packer.compress(body)
	packed += b"".join(packer.compress(b" " * (1 << 20)) for _ in range(megabytes)) + packer.flush()
	out, at = bytearray(b"%PDF-1.5\n"), {}
	at[1] = len(out)
	out += b"1 0 obj\n<</Type/Catalog/Pages 10 0 R>>\nendobj\n"
	at[5] = len(out)
	out += b"5 0 obj\n<</Type/ObjStm/N 2/First %d/Length %d/Filter/FlateDecode>>\nstream\n" % (
		len(head),
		len(packed),
	)
	out += packed + b"\nendstream\nendobj\n"
	start = len(out)
	rows = [(0, 0, 0)] * 12
	rows[1], rows[5], rows[6], rows[10], rows[11] = (
		(1, at[1], 0),
		(1, at[5], 0),
		(1, start, 0),
		(2, 5, 0),
		(2, 5, 1),
	)
	table = b"".join(struct.pack(">BIH", *row) for row in rows)
	out += b"6 0 obj\n<</Type/XRef/Size 12/W[1 4 2]/Root 1 0 R/Length %d>>\nstream\n" % len(table)
	return bytes(out + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % start)


def many_kids(count: int) -> bytes:
	"""A PDF that says it has one page, and names that page so many times."""
	out, at = bytearray(b"%PDF-1.5\n"), []
	for number, body in enumerate(
		(
			b"<</Type/Catalog/Pages 2 0 R>>",
			b"<</Type/Pages/Count 1/Kids[%s]>>" % (b"3 0 R " * count),
			b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
		),
		1,
	):
		at.append(len(out))
		out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
	start = len(out)
	out += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in at)
	return bytes(out + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start)


def program(content: bytes):
	return subprocess.run([sys.executable, "-I", scanned.__file__], input=content, capture_output=True)


@pytest.mark.parametrize("content", [picture(100, 50), picture(100, 50, "JPEG"), pdf(1)])
def test_what_is_small_becomes_a_pdf(content):
	assert scanned.as_pdf(content).startswith(b"%PDF")
	assert json.loads(program(content).stdout)["terbaca"]


@pytest.mark.parametrize("content", [b"", b"teks", b"%PDF-1.4 rusak", b"\x89PNG", pdf(0)])
def test_what_can_not_be_read(content):
	assert scanned.as_pdf(content) is None
	assert not json.loads(program(content).stdout)["terbaca"]


def test_a_page_of_a4_at_600_dpi_is_a_scan():
	assert scanned.as_pdf(picture(4960, 7016))


def test_a_vast_picture_is_not_decoded():
	content, began = picture(13_300, 13_300), time.monotonic()
	assert len(content) < 40_000
	assert scanned.size_of_picture(content) == (13_300, 13_300)
	assert scanned.as_pdf(content) is None and scanned.as_pdf(vast_png()) is None
	assert time.monotonic() - began < 0.5


def test_of_a_pdf_the_pages_are_bounded():
	assert scanned.as_pdf(pdf(20))
	assert scanned.as_pdf(pdf(scanned.PAGES + 1)) is None
	assert scanned.look(pdf(3))["halaman"] == 3


@pytest.mark.parametrize("content", [object_stream(1500), many_kids(1_000_000)], ids=["memory", "time"])
def test_a_pdf_that_unfolds_ends_the_program_and_not_the_server(content):
	assert len(content) < 7_000_000
	began, done = time.monotonic(), program(content)
	assert time.monotonic() - began < 2 * scanned.SECONDS
	assert (
		done.returncode
		or json.loads(done.stdout)["halaman"] > scanned.PAGES
		or not json.loads(done.stdout)["terbaca"]
	)
