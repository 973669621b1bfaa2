"""Screens and printed pages, on a desk and on a telephone; PICTURES=1 makes the README's pictures in docs/images/."""

import os
import subprocess
from io import BytesIO

import pytest
from desk import PK, loaded, names
from playwright.sync_api import expect

from embedded import ROOT

ALUR = "/app/alur-persetujuan"
KEPALA = {"jabatan": "Kepala Dinas Perpustakaan dan Kearsipan - DPK", "periode": "2026"}
SIGNED = {"jabatan": "Kepala Bidang Perpustakaan - DPK", "periode": "2026"}
SOP = {"opd": "Dinas Perpustakaan dan Kearsipan", "status": "Berlaku"}
IMAGES = ROOT / "docs" / "images"
OVERFLOW = "document.scrollingElement.scrollWidth - innerWidth"


def inside(page, locator):
	"""Visible, and not beyond the right edge of the page."""
	expect(locator).to_be_visible()
	box = locator.bounding_box()
	return box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"] + 1


def test_on_a_telephone(login):
	page = login("sekretaris.dpk", PK, phone=True)
	loaded(page)
	(pk,) = names(page, "Perjanjian Kinerja", **KEPALA)
	(sop,) = names(page, "Alur Persetujuan", **SOP)
	for path, *important in (
		("/app/perjankin", ".number-widget-box", ".shortcut-widget-box"),
		(
			PK,
			".page-head:visible .primary-action",
			".list-row:has-text('Kepala Bidang') .indicator-pill:visible",
		),
		(f"{PK}/{pk}", ".perjankin-step", ".actions-btn-group:visible button"),
		(f"{ALUR}/{sop}", ".form-column > form > div[data-fieldname=nama]", ".perjankin-flow svg"),
		("/app/query-report/Menunggu Saya", ".page-head:visible .menu-btn-group", ".report-wrapper"),
	):
		page.goto(path)
		for selector in important:
			assert inside(page, page.locator(selector).first), f"{selector} on {path}"
		assert page.evaluate(OVERFLOW) <= 1, path


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_printed_pages(login, phone):
	page = login("admin.dpk", PK, phone)
	loaded(page)
	(draft,) = names(page, "Perjanjian Kinerja", **KEPALA)
	(signed,) = names(page, "Perjanjian Kinerja", **SIGNED)
	(sop,) = names(page, "Alur Persetujuan", **SOP)
	sheet = printed(page, f"Perjanjian Kinerja/{draft}")
	expect(sheet.locator("body")).to_contain_text("Kepala Dinas Perpustakaan dan Kearsipan")
	assert has_watermark(sheet)
	sheet = printed(page, f"Perjanjian Kinerja/{signed}")
	expect(sheet.locator("body")).to_contain_text("Kepala Bidang Perpustakaan")
	expect(sheet.locator("body")).to_contain_text("Salinan cetak")
	assert has_watermark(sheet)
	sheet = printed(page, f"Alur Persetujuan/{sop}")
	expect(sheet.locator("body")).to_contain_text("DASAR HUKUM")
	drawn = "cells => cells.filter(cell => getComputedStyle(cell).backgroundImage.includes('svg')).length"
	assert sheet.locator("td.flow").evaluate_all(drawn) >= 9  # a box or diamond for each step


def printed(page, document):
	"""The sheet in the desk's print view."""
	with page.expect_response(lambda answer: "get_html_and_style" in answer.url) as answer:
		page.goto(f"/app/print/{document}")
	assert answer.value.ok
	assert inside(page, page.locator(".page-head:visible .primary-action"))
	assert page.evaluate(OVERFLOW) <= 1
	return page.frame_locator("iframe.print-format-container")


def has_watermark(sheet):
	expect(sheet.locator(".pk")).to_be_visible()
	return sheet.locator(".pk").evaluate("sheet => getComputedStyle(sheet).backgroundImage") != "none"


@pytest.mark.skipif("PICTURES" not in os.environ, reason="PICTURES=1 makes the README's pictures")
def test_pictures(login, tmp_path):
	page = login("sekretaris.dpk", PK)
	loaded(page)
	(pk,) = names(page, "Perjanjian Kinerja", **KEPALA)
	(sop,) = names(page, "Alur Persetujuan", **SOP)
	page.goto(f"{PK}/{pk}")
	loaded(page)
	expect(page.locator(".actions-btn-group:visible")).to_be_visible()
	picture(page.screenshot(), "pk-form.png")
	page.goto(f"{ALUR}/{sop}")
	loaded(page)
	page.locator(".perjankin-flow svg").scroll_into_view_if_needed()
	picture(page.screenshot(), "alur-form.png")
	for doctype, name, layout, number, file in (
		("Perjanjian Kinerja", pk, "Perjanjian Kinerja", "1", "pk-print.png"),
		("Alur Persetujuan", sop, "SOP Perjanjian Kinerja", "2", "sop-print.png"),  # the matrix
	):
		answer = page.request.get(
			"/api/method/frappe.utils.print_format.download_pdf",
			params={"doctype": doctype, "name": name, "format": layout},
		)
		assert answer.body().startswith(b"%PDF")
		sheet, image = tmp_path / "sheet.pdf", tmp_path / "sheet.png"
		sheet.write_bytes(answer.body())
		options = ["-png", "-singlefile", "-r", "90", "-f", number]
		subprocess.run(["pdftoppm", *options, sheet, image.with_suffix("")], check=True)
		picture(image.read_bytes(), file)


def picture(content, name):
	"""Few colours are enough for screens and paper."""
	from PIL import Image  # the engine's, too

	IMAGES.mkdir(parents=True, exist_ok=True)
	small = Image.open(BytesIO(content)).convert("RGB").quantize(64)
	small.save(IMAGES / name, optimize=True)
	assert (IMAGES / name).stat().st_size < 250_000
