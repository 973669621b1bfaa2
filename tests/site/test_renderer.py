"""Which program makes the PDFs: chosen from what is installed, tried before anybody needs it, named with what it made."""

import frappe
import pytest
from factory import PEMDA, forward, pk, user
from frappe.utils import pdf as core

from perjankin_app import security
from perjankin_app.document import checks, final, pdf, renderer

SETTINGS = "Pengaturan Perjankin"


def none_installed(monkeypatch):
	monkeypatch.setattr(renderer, "RENDERERS", (renderer.Renderer("wkhtmltopdf", lambda: "", bytes),))


def settings():
	frappe.set_user(user("pemda", PEMDA))
	return frappe.get_doc(SETTINGS)


def row(key: str) -> dict:
	return next(row for row in security.report() if row["key"] == key)


def test_what_is_installed_makes_a_page():
	found = renderer.installed()
	assert found and set(found) <= {"wkhtmltopdf", "Chromium", "WeasyPrint"}
	for engine in renderer.RENDERERS:
		if engine.name in found:
			assert not pdf.problem_of(engine), engine.name


def test_the_frozen_file_names_its_renderer(in_force):
	doc = forward(pk())
	assert final.of(doc.name).mesin_pdf == renderer.in_use()
	assert renderer.in_use().split()[0] in renderer.installed()


def test_what_is_not_installed_is_not_chosen(world):
	doc = settings()
	doc.mesin_pdf = next(
		name for name in ("Chromium", "wkhtmltopdf", "X") if name not in renderer.installed()
	)
	with pytest.raises(frappe.ValidationError, match=r"tidak terpasang di server ini. Yang terpasang"):
		doc.save()


def test_what_makes_no_page_is_not_chosen(world, monkeypatch):
	broken = renderer.Renderer("Chromium", lambda: "1", lambda html: b"%PDF-1.4 nothing")
	monkeypatch.setattr(renderer, "RENDERERS", (broken,))
	doc = settings()
	doc.mesin_pdf = "Chromium"
	with pytest.raises(frappe.ValidationError, match="gagal membuat halaman percobaan"):
		doc.save()


def test_the_choice_is_what_is_used(world, monkeypatch):
	works = renderer.chosen()[0]
	other = renderer.Renderer("Chromium", lambda: "7", works.render)
	monkeypatch.setattr(renderer, "RENDERERS", (works, other))
	doc = settings()
	doc.mesin_pdf = "Chromium"
	doc.save()
	assert renderer.in_use() == "Chromium 7"
	monkeypatch.setattr(renderer, "RENDERERS", (works,))
	with pytest.raises(frappe.ValidationError, match="Chromium yang dipilih"):
		renderer.chosen()


def test_without_one_nothing_is_signed_and_settings_say_so_before(in_force, monkeypatch):
	assert row("pdf_engine")["aman"]
	doc = forward(pk(), "Uji Tanda Tangan")
	none_installed(monkeypatch)
	with pytest.raises(frappe.ValidationError, match="tidak mempunyai mesin PDF"):
		forward(doc)
	assert not frappe.db.get_value(doc.doctype, doc.name, "docstatus")
	frappe.set_user("Administrator")
	assert not row("pdf_engine")["aman"] and "Pango" in row("pdf_engine")["saran"]


def test_without_one_a_signed_pk_is_still_checked(in_force, monkeypatch):
	doc = forward(pk())
	none_installed(monkeypatch)
	assert all(check.beres for check in checks.run(doc.name))


def test_another_renderer_is_no_forgery(in_force):
	"""It breaks lines and pages elsewhere; the words stay."""
	doc = forward(pk())
	frappe.db.set_value("Dokumen Final", doc.name, "mesin_pdf", "wkhtmltopdf 0.12.6")
	assert all(check.beres for check in checks.run(doc.name))


def test_it_is_tried_in_the_web_server_and_in_the_queue(client, world):
	path = "/api/method/perjankin_app.perjankin_app.doctype.pengaturan_perjankin.pengaturan_perjankin.try_renderer"
	frappe.db.set_single_value(SETTINGS, {"uji_web": "", "uji_antrean": ""})
	frappe.db.commit()
	assert client(user("penyusun")).post(path).status_code == 403
	assert client(user("pemda", PEMDA)).post(path).status_code == 200
	assert renderer.in_use() in frappe.db.get_single_value(SETTINGS, "uji_web")
	pdf.try_out(pdf.WORKER)  # as the queue calls it
	assert renderer.in_use() in frappe.db.get_single_value(SETTINGS, "uji_antrean")


def test_how_it_was_tried_is_the_servers_to_say(world):
	doc = settings()
	doc.uji_web = "semua baik"
	doc.save()
	assert frappe.db.get_single_value(SETTINGS, "uji_web") != "semua baik"


def test_a_page_that_fails_is_told(world, monkeypatch):
	broken = renderer.Renderer("wkhtmltopdf", lambda: "1", lambda html: 1 / 0)
	monkeypatch.setattr(renderer, "RENDERERS", (broken,))
	pdf.try_out(pdf.WEB)
	assert "gagal: division by zero" in frappe.db.get_single_value(SETTINGS, "uji_web")


@pytest.mark.skipif(not hasattr(core, "get_chrome_pdf"), reason="this Frappe knows no Chromium")
def test_no_browser_is_downloaded(monkeypatch):
	"""Core fetches one where it finds none; a signature must not wait for that."""
	monkeypatch.setattr(frappe, "get_common_site_config", lambda: {"chromium_path": "/nowhere/chromium"})
	monkeypatch.setattr(frappe.utils, "get_bench_path", lambda: "/nowhere")
	assert "Chromium" not in renderer.installed()


def test_a_page_reaches_neither_network_nor_disk(tmp_path):
	if "WeasyPrint" not in renderer.installed():
		pytest.skip("WeasyPrint is not there")
	(tmp_path / "x.css").write_text("p::after { content: 'DARIBERKAS' }")
	html = f"<link rel=stylesheet href='file://{tmp_path}/x.css'><p>x</p>"
	assert "DARIBERKAS" not in "".join(pdf.pages(renderer.WEASYPRINT.render(html)))
