"""The year of one PK at the desks of those who live it: signed, the official leaves, the budget changes."""

from datetime import date, timedelta

from desk import PK, add_row, field, loaded, names, pick, save, value, walk, write, write_cell
from playwright.sync_api import expect

POST = "Kepala Bidang Politik Dalam Negeri dan Organisasi Kemasyarakatan"
OPD = "Badan Kesatuan Bangsa dan Politik"
HEAD, FIRST, SECOND = "kepala.kesbangpol", "kabid2.kesbangpol", "kabid.kesbangpol"
SK, DPPA = "821.2/15/2026", "DPPA/A.1/8.01/002/2026"
DAY = "%d-%m-%Y"


def test_murni_mutasi_perubahan_dppa_perubahan_2(at, new_page):
	(murni,) = names(at(FIRST, PK), "Perjanjian Kinerja", jabatan=["like", f"{POST}%"], periode="2026")
	signed_by(at, f"{PK}/{murni}", FIRST)

	office = succession(at("admin.kesbangpol", PK))
	page = at(SECOND, f"/app/penugasan-jabatan/{office}")
	next_version(page, "berakhir", murni)
	assert value(page, "dasar_perubahan") == f"SK {SK}"
	assert value(page, "pihak_pertama_jabatan").startswith("Plt. Kepala Bidang Politik")
	first = save(page)
	first_pk = f"{PK}/{first}"
	in_force(at(HEAD, f"{PK}/{murni}"), "Berlaku")  # until the next one is in force
	signed_by(at, first_pk, SECOND)
	in_force(at(HEAD, f"{PK}/{murni}"), "Digantikan")

	budget = revised_budget(at("penyusun.kesbangpol", "/app/dokumen-anggaran/new"))
	page = at(SECOND, f"/app/dokumen-anggaran/{budget}")
	next_version(page, "anggaran 8.01.04 berubah", first)
	write_cell(page, "program", 1, "anggaran", "175.500.000")
	second_pk = f"{PK}/{save(page)}"
	signed_by(at, second_pk, SECOND)

	for pk, version, state in (
		(f"{PK}/{murni}", "Murni", "Digantikan"),
		(first_pk, "Perubahan 1", "Digantikan"),
		(second_pk, "Perubahan 2", "Berlaku"),
	):
		page = at(HEAD, pk)
		assert page.evaluate("cur_frm.doc.versi") == version
		in_force(page, state)
	compared(page, "Rp 120.699.000", "Rp 175.500.000")
	told_to_anybody(at(HEAD, first_pk), new_page())
	compared_by_anybody(at(HEAD, second_pk), new_page())


def signed_by(at, pk, official):
	"""The four steps of the short chain."""
	walk(
		at,
		pk,
		[
			(official, ["Selesai"], "Pemeriksaan Atasan"),
			(HEAD, ["Setujui", "Kembalikan"], "Tanda Tangan Pihak Pertama"),
			(official, ["Tanda Tangani", "Kembalikan"], "Tanda Tangan Pihak Kedua"),
			(HEAD, ["Tanda Tangani", "Kembalikan"], "Selesai"),
		],
	)
	in_force(at(HEAD, pk), "Berlaku")


def in_force(page, state):
	expect(page.locator(".perjankin-signatures-title .indicator-pill")).to_have_text(state)


def succession(page):
	"""The Penugasan of the one who leaves ends, that of the successor begins; returns the new one."""
	(old,) = names(page, "Penugasan Jabatan", jabatan=["like", f"{POST}%"])
	page.goto(f"/app/penugasan-jabatan/{old}")
	loaded(page)
	write(page, "selesai", (date.today() - timedelta(1)).strftime(DAY))
	save(page)
	page.goto("/app/penugasan-jabatan/new")
	loaded(page)
	pick(page, "pejabat", "Kabid Ideologi")
	pick(page, "jabatan", POST)
	field(page, "status").locator("select").select_option("Plt.")
	write(page, "mulai", date.today().strftime(DAY))
	write(page, "nomor_sk", SK)
	return save(page)


def revised_budget(page):
	pick(page, "opd", OPD)
	pick(page, "periode", "2026")
	field(page, "jenis").locator("select").select_option("DPPA")
	write(page, "nomor", DPPA)
	write(page, "tanggal_pengesahan", date.today().strftime(DAY))  # core goes on to a first row of the table
	write_cell(page, "pagu", 1, "nomenklatur", ("8.01.02",))
	write_cell(page, "pagu", 1, "pagu", "923.097.100")
	add_row(page, "pagu", nomenklatur=("8.01.04",), pagu="175.500.000")
	return save(page)


def next_version(page, cause, pk):
	"""By the button of the only PK that is shown as overtaken."""
	row = page.locator(".perjankin-related .perjankin-line")
	expect(row).to_have_count(1)
	expect(row).to_contain_text(pk)
	expect(row).to_contain_text(cause)
	row.get_by_role("button", name="Buat PK Perubahan").click()
	page.wait_for_function("cur_frm.doctype === 'Perjanjian Kinerja' && cur_frm.is_new()")
	loaded(page)


def compared(page, before, after):
	with page.expect_popup() as popup:
		page.get_by_role("button", name="Bandingkan Versi").click()
	expect(popup.value.locator("body")).to_contain_text(before)
	expect(popup.value.locator("body")).to_contain_text(after)


def told_to_anybody(page, stranger):
	address = page.locator(".perjankin-signatures a[href^='/verifikasi/']").get_attribute("href")
	stranger.goto(address)
	expect(stranger.locator("body")).to_contain_text("sudah digantikan oleh Perubahan 2")


def compared_by_anybody(page, stranger):
	"""The file that somebody got, with the fingerprints that the public page knows."""
	frozen = page.request.get(page.evaluate("cur_frm.doc.pdf_final")).body()
	stranger.goto(page.locator(".perjankin-signatures a[href^='/verifikasi/']").get_attribute("href"))
	for content, answer in (
		(frozen, "Cocok: ini berkas PK yang dibekukan."),
		(b"%PDF-1.7 lain", "Tidak cocok"),
	):
		file = {"name": "pk.pdf", "mimeType": "application/pdf", "buffer": content}
		stranger.locator("#file").set_input_files(file)
		expect(stranger.locator("#answer")).to_contain_text(answer)
