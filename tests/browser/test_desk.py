"""What else a person clicks in a desk works: no error of the page or of the server (see the fixture new_page) anywhere."""

import csv

import pytest
from desk import PK, dialog, field, loaded, names
from playwright.sync_api import expect

PAGES = (  # not view/dashboard and view/gantt: v16's own code raises errors there, as on a bench
	f"{PK}/view/report {PK}/view/kanban {PK}/view/calendar {PK}/view/image "
	"/app/unit-kerja/view/tree /app/sasaran-kinerja/view/tree /app/rapat-pembahasan/view/calendar "
	"/app/todo /app/file /app/notification-log /app/perjankin /app/rq-job /app/rq-worker "
	"/app/scheduled-job-type /app/scheduled-job-log /app/error-log /app/system-health-report /app/data-export "
	"/app/backups /app/deleted-document /app/system-settings /app/permission-manager /app/print-format-builder "
	"/app/workflow /app/customize-form /app/recorder /app/log-settings /app/document-naming-settings /app/user"
).split()
POST = {"jabatan": "Pustakawan Ahli Pertama - DPK", "periode": "2026"}
STILL = "!jQuery.active && document.body.dataset.ajaxState !== 'triggered'"


def test_pages_of_an_administrator(login):
	page = login("Administrator")
	for path in PAGES:
		page.goto(path)
		page.wait_for_function("window.frappe?.boot")
		page.wait_for_function(STILL)
		expect(
			page.locator(".page-container:visible, .layout-main:visible, .modal.show").first
		).to_be_visible()
		expect(page.get_by_text("tidak ditemukan")).to_have_count(0)


def test_health_report(login):
	page = login("Administrator", "/app/system-health-report")
	loaded(page)
	expect(field(page, "scheduler_status")).to_contain_text("Active")
	page.wait_for_function("cur_frm.doc?.socketio_ping_check === 'Pass'")
	page.wait_for_function("cur_frm.doc?.background_jobs_check === 'finished'")
	assert page.evaluate("cur_frm.doc.total_background_workers") == 1


@pytest.fixture
def form(at):
	page = at("kabid.dpk", PK)
	(pk,) = names(page, "Perjanjian Kinerja", **POST)
	return at("kabid.dpk", f"{PK}/{pk}")


def test_a_comment_mentions_and_others_see_it_at_once(form, at):
	other = at("kasubbag.dpk", form.url)
	box = form.locator(".comment-input-wrapper .ql-editor")
	box.click()
	box.press_sequentially("Mohon @Pust", delay=50)
	form.locator(".ql-mention-list-item").filter(has_text="Pustakawan").first.click()
	form.locator(".comment-input-wrapper .btn-comment").click()
	for page in (form, other):
		expect(page.locator(".new-timeline .timeline-message-box .mention").first).to_contain_text(
			"Pustakawan"
		)


def test_labels_tasks_and_sharing_s_dialogs(form):
	form.locator(".form-tags .add-tags-btn").click()
	form.keyboard.type("Penting")
	form.keyboard.press("Enter")
	expect(form.locator(".form-tags .data-pill, .form-tags .form-tag-row").first).to_contain_text("Penting")
	form.locator(".form-assignments .add-assignment-btn").click()
	expect(dialog(form)).to_contain_text("Tugaskan")
	dialog(form).locator(".btn-modal-close").click()
	expect(form.locator(".modal.show")).to_have_count(0)
	form.locator(".form-attachments .add-attachment-btn").click()
	box = form.locator(".modal.show:has(.file-uploader)").last
	box.get_by_role("button", name="Pustaka").click()
	expect(box.locator(".file-browser")).to_contain_text("Attachments")


def test_exports(login):
	page = login("kabid.dpk", PK)
	loaded(page)
	page.locator(".list-row-checkbox:visible").first.check()
	page.locator(".actions-btn-group:visible button").first.click()
	page.locator(".actions-btn-group .dropdown-menu:visible").get_by_text("Ekspor", exact=True).click()
	expect(dialog(page)).to_contain_text("catatan akan diekspor")
	with page.expect_download() as download:
		dialog(page).locator(".btn-modal-primary").click()
	with open(download.value.path(), encoding="utf-8-sig") as file:
		assert len(list(csv.reader(file))) > 1
	page.goto(f"{PK}/view/report")
	loaded(page)
	page.locator(".page-actions:visible .menu-btn-group button").first.click()
	page.locator(".dropdown-menu:visible").get_by_text("Ekspor", exact=True).first.click()
	expect(dialog(page)).to_be_visible()
	with page.expect_download() as download:
		dialog(page).locator(".btn-modal-primary").click()
	with open(download.value.path(), "rb") as file:
		assert file.read(2) == b"PK"  # as a spreadsheet begins


def test_template_of_an_import(login):
	page = login("Administrator", "/app/data-import/new")
	loaded(page)
	page.evaluate(
		"cur_frm.set_value({reference_doctype: 'Satuan Kinerja', import_type: 'Insert New Records'})"
	)
	page.wait_for_function("cur_frm.doc?.import_type && cur_frm.doc.reference_doctype")
	page.get_by_role("button", name="Simpan", exact=True).click()
	page.wait_for_function("!cur_frm.is_new()")
	loaded(page)
	field(page, "download_template").get_by_role("button").click()
	expect(dialog(page)).to_contain_text("Ekspor")
	with page.expect_download() as download:
		dialog(page).locator(".btn-modal-primary").click()
	with open(download.value.path(), encoding="utf-8-sig") as file:
		assert "Nama" in file.read()


def test_another_language(login):
	page = login("staf.dpk", "/app/user/staf.dpk@demo.example")
	loaded(page)
	for language, word in (("en", "Save"), ("id", "Simpan")):
		page.evaluate(
			"language => cur_frm.set_value('language', language).then(() => cur_frm.save())", language
		)
		page.wait_for_function("language => window.frappe?.boot?.lang === language", arg=language)
		loaded(page)
		expect(page.get_by_role("button", name=word, exact=True)).to_be_visible()
