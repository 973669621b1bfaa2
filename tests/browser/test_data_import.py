"""A Data Import from the file to the rows that failed, as whoever imports a master sees it: nobody reloads the page."""

import csv
from io import StringIO

import pytest
from desk import attach, choose, field, loaded, names, pick, save
from playwright.sync_api import expect

OPD = "Dinas Kesehatan"
HEADINGS = ["Nama dan Gelar", "Status Kepegawaian", "NIP", "OPD"]


@pytest.fixture
def without_footer(new_page):
	"""v16's form tells its footer of every attachment; a Data Import's form has no footer."""
	yield
	new_page.errors[:] = [error for error in new_page.errors if "refresh_comments_count" not in error]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_one_good_and_one_bad_row(login, without_footer, phone):
	page = login("Administrator", "/app/data-import/new", phone)
	loaded(page)
	pick(page, "reference_doctype", "Pejabat")
	choose(page, "import_type", "Insert New Records")
	save(page)
	good = ["Uji Impor", "PNS", f"19800101200501100{phone:d}", OPD]
	bad = ["Uji Salah", "PNS", "1980", OPD]
	rows = as_csv([HEADINGS, good, bad])
	attach(page, field(page, "import_file"), (f"pejabat-{phone}.csv", "text/csv", rows.encode()))
	preview = page.locator("[data-fieldname=import_preview]")
	expect(preview).to_contain_text("Uji Salah")
	page.wait_for_function(
		"cur_frm.doc && !cur_frm.is_dirty() && !cur_frm.saving"
	)  # the desk stores it with its file by itself

	page.locator(".primary-action:visible").get_by_text("Mulai Impor").click()
	expect(page.locator(".form-message:visible")).to_contain_text("1 dari 2 catatan berhasil diimpor")
	expect(page.locator("[data-fieldname=import_log_preview]")).to_contain_text("NIP")
	assert names(page, "Pejabat", nip=good[2]) and not names(page, "Pejabat", nama=bad[0])

	failed = downloaded(page, "Ekspor Baris yang Gagal")
	assert [row for row in failed if "Uji Salah" in row] and "Uji Impor" not in str(failed)
	assert failed[0][: len(HEADINGS)] == HEADINGS


def as_csv(rows):
	text = StringIO()
	csv.writer(text).writerows(rows)
	return text.getvalue()


def downloaded(page, button):
	button = page.get_by_role("button", name=button).first
	if not button.is_visible():  # on a telephone it is in the menu
		page.locator(".page-actions:visible .menu-btn-group button").first.click()
		button = page.locator(".dropdown-menu:visible").get_by_text("Ekspor Baris yang Gagal")
	with page.expect_download() as download:
		button.click()
	with open(download.value.path(), encoding="utf-8-sig") as file:
		return list(csv.reader(file))
