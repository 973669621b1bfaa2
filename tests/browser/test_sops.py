"""Two agencies' SOPs from assignment to signed document, each actor at a desk of their own."""

from desk import (
	PK,
	add_row,
	arrived,
	dialog,
	field,
	history,
	insert,
	loaded,
	message,
	new_agreement,
	offers,
	pick,
	press,
	save,
	shows,
	signed_pdf,
	usable,
	value,
	walk,
	write,
	write_cell,
)
from playwright.sync_api import expect

PARAF = ["Paraf", "Kembalikan"]
SIGN = ["Tanda Tangani", "Kembalikan"]
BKPSDM = "Badan Kepegawaian", "Kepala Badan Kepegawaian"
REASON = "Target Indeks Kepuasan Masyarakat belum sama dengan Renja."


def test_000_dinas_perpustakaan(at, new_page):
	new_period(at("admin.pemda", "/app/periode-kinerja/new"), "2027")
	pk = typed_agreement(at("kasubbag.dpk", f"{PK}/new"), "2027")
	until_first_check = [
		("kasubbag.dpk", ["Selesai"], "Undangan Rapat"),
		("penyusun.dpk", ["Selesai"], "Persiapan Rapat"),
		("penyusun.dpk", ["Selesai"], "Rapat Penyusunan"),
		("kasubbag.dpk", ["Selesai"], "Rapat Pembahasan"),
		("tim.dpk", ["Selesai"], "Penyempurnaan Draf"),
		("penyusun.dpk", ["Selesai"], "Paraf Kasubbag"),
		("kasubbag.dpk", PARAF, "Paraf Sekretaris"),
	]
	papers = {
		"Draf": meeting,
		"Undangan Rapat": invitation,
		"Rapat Penyusunan": attendance,
		"Rapat Pembahasan": minutes,
	}
	after_return = [
		("penyusun.dpk", ["Selesai"], "Paraf Kasubbag"),
		("kasubbag.dpk", PARAF, "Paraf Sekretaris"),
		("sekretaris.dpk", PARAF, "Tanda Tangan Kepala"),
		("kepala.dpk", SIGN, "Selesai"),
	]
	state = "Draf"
	for step in until_first_check:
		if make := papers.get(state):
			page = at(step[0], pk)
			refused(page, step[1][0])
			new_page.refused()
			make(page)
			back_to(page, pk)
		walk(at, pk, [step])
		state = step[2]
	sent_back(at("sekretaris.dpk", pk))
	corrected(at("penyusun.dpk", pk))
	walk(at, pk, after_return)

	page = at("kepala.dpk", pk)
	offers(page)
	steps = history(page)
	pressed = [offered[0] for _who, offered, _then in (*until_first_check, *after_return)]
	pressed.insert(len(until_first_check), "Kembalikan")
	assert [row[2] for row in steps] == pressed
	assert [row[5] for row in steps if row[5]] == [REASON]
	assert steps[-1][3].startswith("Kepala DPK")
	check_signed(page)


def refused(page, action):
	"""The step lacks a paper: the server says which, and nothing happens."""
	press(page, action)
	assert page.locator(".modal.show .modal-title").inner_text().startswith("Kelengkapan langkah")
	message(page)
	usable(page)


def paper(page, kind):
	"""The button of a missing paper in the checklist; the form that it opens."""
	line = page.locator(".perjankin-papers tr").filter(has_text=kind).first
	line.get_by_role("button").click()
	page.wait_for_function("cur_frm.doctype !== 'Perjanjian Kinerja'")
	loaded(page)


def back_to(page, pk):
	"""Within the desk, as by a link: to load it anew takes seconds."""
	page.evaluate("name => frappe.set_route('Form', 'Perjanjian Kinerja', name)", pk.rsplit("/", 1)[-1])
	page.wait_for_function("cur_frm.doctype === 'Perjanjian Kinerja'")
	loaded(page)


def meeting(page):
	paper(page, "Agenda Rapat")
	page.wait_for_function(
		"cur_frm.doc?.opd"
	)  # the form draws itself anew then, and drops what is being typed
	write(page, "judul", "Rapat Pembahasan PK")
	write(page, "mulai", "05-01-2026 09:00:00")
	write(page, "selesai", "05-01-2026 11:00:00")
	write(page, "tempat", "Ruang Rapat")
	save(page)
	page.get_by_role("button", name="Undang Tim").click()
	page.wait_for_function("(cur_frm.doc?.peserta || []).length > 3")


def invitation(page):
	paper(page, "Undangan Rapat")
	assert value(page, "perihal").startswith("Undangan Rapat Pembahasan")
	write(page, "kepada", "Tim Penyusun")
	assert save(page).startswith("ND-")


def attendance(page):
	paper(page, "Daftar Hadir")
	write_cell(page, "peserta", 1, "hadir", True)
	save(page)


def minutes(page):
	paper(page, "Notulen")
	write(page, "notulen", "Target dibahas dan disepakati.")  # core goes on to the first decision
	write_cell(page, "keputusan", 1, "uraian", "Target Indeks Kepuasan Masyarakat disamakan dengan Renja.")
	save(page)
	page.get_by_role("button", name="Tutup Rapat").click()
	dialog(page).locator(".btn-primary").click()
	page.wait_for_function("cur_frm.doc?.status === 'Selesai'")


def new_period(page, year):
	write(page, "tahun", year)
	assert save(page) == year


def typed_agreement(page, year):
	pick(page, "unit", "Dinas Perpustakaan dan Kearsipan")
	pick(page, "jabatan", "Kepala Dinas Perpustakaan")
	pick(page, "periode", year)
	expect(field(page, "pihak_kedua_nama")).to_contain_text("Bupati")
	shows(page, "pihak_pertama_nama", "Kepala DPK")
	shows(page, "jenjang", "JPT")
	add_row(page, "target", indikator=("Indeks Kepuasan",), target="82,7")
	add_row(page, "target", indikator=("Indeks Pembangunan Literasi",), target="1.234,5")
	add_row(page, "target", indikator=("Nilai AKIP",), target="BB")
	add_row(page, "program", nomenklatur=("2.23.02",), anggaran="1.850.000.000")
	add_row(page, "program", nomenklatur=("2.24.02",), anggaran="1.234,5")
	name = save(page)
	assert name.startswith(f"PK-{year}-")
	assert page.evaluate("cur_frm.doc.target.map(row => row.target_angka)")[:2] == [82.7, 1234.5]
	assert value(page, "total_anggaran") == "Rp 1.850.001.234,50"
	return f"{PK}/{name}"


def sent_back(page):
	"""First a change of mind, then no reason, then a reason."""
	press(page, "Kembalikan")
	dialog(page).locator(".btn-modal-close").click()
	usable(page)
	offers(page, *PARAF)
	press(page, "Kembalikan")
	dialog(page).get_by_role("button", name="Kembalikan").click()
	assert "Alasan" in message(page)
	write(dialog(page), "reason", REASON)
	dialog(page).get_by_role("button", name="Kembalikan").click()
	arrived(page, "Penyempurnaan Draf")


def corrected(page):
	expect(page.locator(".perjankin-returned")).to_contain_text(REASON)
	write_cell(page, "target", 1, "target", "0.70")
	save(page)
	assert page.evaluate("cur_frm.doc.target[0].target") == "0,7"


def check_signed(page):
	pdf = signed_pdf(page)
	assert pdf.status == 200 and pdf.body().startswith(b"%PDF")


def test_003_bkpsdm(at, rest, supply):
	"""The heads of the Bidang sign a form first; the Kepala is a Plt. from elsewhere."""
	insert(rest("admin.pemda"), "Periode Kinerja", tahun=2028)
	pk = new_agreement(at("kasubbag.bkpsdm", f"{PK}/new"), *BKPSDM, "2028", "5.03.02")
	walk(
		at,
		pk,
		[
			("kasubbag.bkpsdm", ["Selesai"], "Penyusunan Formulir"),
			("penyusun.bkpsdm", ["Selesai"], "Tanda Tangan Formulir"),
			("kabid.bkpsdm", SIGN, "Penghimpunan Formulir"),
			("penyusun.bkpsdm", ["Selesai"], "Penyusunan Konsep"),
			("penyusun.bkpsdm", ["Selesai"], "Paraf Kasubbag"),
			("kasubbag.bkpsdm", PARAF, "Paraf Sekretaris"),
			("sekretaris.bkpsdm", PARAF, "Tanda Tangan Kepala"),
			("kepala.bpsdm", SIGN, "Penggandaan"),
			("penyusun.bkpsdm", ["Selesai"], "Pengarsipan"),
			("penyusun.bkpsdm", ["Arsipkan"], "Selesai"),
		],
		supply,
	)
	page = at("kepala.bpsdm", pk)
	assert len(history(page)) == 10
	assert value(page, "pihak_pertama_jabatan").startswith("Plt. Kepala Badan Kepegawaian")
	check_signed(page)
