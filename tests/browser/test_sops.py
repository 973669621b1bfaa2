"""SOPs from assignment to signed document, each actor at a desk of their own."""

from desk import (
	PK,
	actions,
	add_row,
	arrived,
	dialog,
	field,
	history,
	message,
	pick,
	press,
	save,
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
REASON = "Target Indeks Kepuasan Masyarakat belum sama dengan Renja."


def test_000_dinas_perpustakaan(at):
	new_period(at("admin.pemda", "/app/periode-kinerja/new"), 2027)
	pk = typed_agreement(at("kasubbag.dpk", f"{PK}/new"), 2027)
	walk(
		at,
		pk,
		"dpk",
		[
			("kasubbag", ["Selesai"], "Undangan Rapat"),
			("penyusun", ["Selesai"], "Persiapan Rapat"),
			("penyusun", ["Selesai"], "Rapat Penyusunan"),
			("kasubbag", ["Selesai"], "Rapat Pembahasan"),
			("tim", ["Selesai"], "Penyempurnaan Draf"),
			("penyusun", ["Selesai"], "Paraf Kasubbag"),
			("kasubbag", PARAF, "Paraf Sekretaris"),
		],
	)
	sent_back(at("sekretaris.dpk", pk))
	corrected(at("penyusun.dpk", pk))
	walk(
		at,
		pk,
		"dpk",
		[
			("penyusun", ["Selesai"], "Paraf Kasubbag"),
			("kasubbag", PARAF, "Paraf Sekretaris"),
			("sekretaris", PARAF, "Tanda Tangan Kepala"),
			("kepala", SIGN, "Selesai"),
		],
	)
	page = at("kepala.dpk", pk)
	assert actions(page) == []
	steps = history(page)
	assert [row[2] for row in steps] == [
		*["Selesai"] * 6,
		"Paraf",
		"Kembalikan",
		"Selesai",
		"Paraf",
		"Paraf",
		"Tanda Tangani",
	]
	assert [row[5] for row in steps if row[5]] == [REASON]
	assert steps[-1][3].startswith("Kepala DPK")
	pdf = signed_pdf(page)
	assert pdf.status == 200 and pdf.body().startswith(b"%PDF")


def new_period(page, year):
	write(page, "tahun", str(year))
	assert save(page) == str(year)


def typed_agreement(page, year):
	pick(page, "unit", "Dinas Perpustakaan dan Kearsipan")
	pick(page, "jabatan", "Kepala Dinas Perpustakaan")
	pick(page, "periode", str(year))
	expect(field(page, "pihak_kedua_nama")).to_contain_text("Bupati")
	assert value(page, "pihak_pertama_nama") == "Kepala DPK"
	assert value(page, "jenjang") == "JPT"
	add_row(page, "target", indikator=("Indeks Kepuasan",), target="82,7")
	add_row(page, "target", indikator=("Indeks Pembangunan Literasi",), target="1.234,5")
	add_row(page, "target", indikator=("Nilai AKIP",), target="BB")
	add_row(page, "program", nomenklatur=("2.23.02",), anggaran="1.850.000.000")
	add_row(page, "program", nomenklatur=("2.24.02",), anggaran="1.234,5")
	name = save(page)
	assert name.startswith(f"PK-{year}-")
	assert page.evaluate("cur_frm.doc.target.map((row) => row.target_angka)")[:2] == [82.7, 1234.5]
	assert value(page, "total_anggaran") == "Rp 1.850.001.234,50"
	return f"{PK}/{name}"


def sent_back(page):
	"""First a change of mind, then no reason, then a reason."""
	press(page, "Kembalikan")
	dialog(page).locator(".btn-modal-close").click()
	usable(page)
	assert actions(page) == PARAF
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
