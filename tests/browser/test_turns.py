"""The desk offers exactly what its user may do: nothing to those whose turn it is not, one action to one of two."""

from desk import PK, advance, history, insert, menu, message, names, offers
from playwright.sync_api import expect

BKPSDM = {
	"unit": "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
	"jabatan": "Kepala Badan Kepegawaian dan Pengembangan Sumber Daya Manusia - BKPSDM",
}
DPK = {"jabatan": "Kepala Dinas Perpustakaan dan Kearsipan - DPK", "periode": "2026"}
ANSWERED = "cur_frm.doc.workflow_state !== 'Tanda Tangan Formulir' || $('.modal.show .msgprint').length"


def test_whoever_waits_only_reads(at):
	page = at("kasubbag.dpk", PK)
	(pk,) = names(page, "Perjanjian Kinerja", **DPK)
	page = at("kasubbag.dpk", f"{PK}/{pk}")
	expect(page.locator(".perjankin-step")).to_contain_text("Paraf Sekretaris")
	offers(page)
	expect(page.get_by_role("button", name="Simpan", exact=True)).to_have_count(0)
	expect(page.get_by_role("button", name="Tambah baris")).to_have_count(0)
	offers(at("sekretaris.dpk", f"{PK}/{pk}"), "Paraf", "Kembalikan")


def test_another_agency_sees_nothing(at):
	(pk,) = names(at("kasubbag.dpk", PK), "Perjanjian Kinerja", **DPK)
	page = at("kasubbag.dinkes", PK)
	listed = page.locator(".result:visible")
	expect(listed).to_contain_text("Dinas Kesehatan")
	assert "Perpustakaan" not in listed.inner_text()
	page.goto(f"{PK}/{pk}")
	expect(page.get_by_text("Tidak berwenang").first).to_be_visible()
	assert page.get_by_text("Kepala DPK").count() == 0


def test_of_two_at_the_same_moment_one_wins(at, rest, new_page, supply):
	insert(rest("admin.pemda"), "Periode Kinerja", tahun=2029)
	(indicator,) = indicators(rest("kasubbag.bkpsdm"))
	name = insert(
		rest("kasubbag.bkpsdm"),
		"Perjanjian Kinerja",
		**{**BKPSDM, "periode": "2029"},
		target=[{"indikator": indicator, "target": "82,7"}],
		program=[{"nomenklatur": "5.03.02", "anggaran": 1500000}],
	)
	for login in ("kasubbag.bkpsdm", "penyusun.bkpsdm"):
		supply(name)
		advance(rest(login), name, "Selesai")
	supply(name)
	pk = f"{PK}/{name}"
	both = [at("kabid.bkpsdm", pk), at("kabid2.bkpsdm", pk)]
	for page in both:
		menu(page).get_by_role("button").click()
	for page in both:
		menu(page).locator(".dropdown-menu").get_by_text("Tanda Tangani", exact=True).click()
	for page in both:
		page.wait_for_function(ANSWERED)
	told = [page for page in both if page.locator(".modal.show .msgprint").count()]
	assert len(told) == 1
	message(told[0])
	new_page.refused()
	page = at("kabid.bkpsdm", pk)
	assert [row[1] for row in history(page)] == ["Draf", "Penyusunan Formulir", "Tanda Tangan Formulir"]


def indicators(api):
	"""One of the user's own OPD."""
	return [
		row["name"] for row in api.get("/api/resource/Indikator Kinerja?limit_page_length=1").json()["data"]
	]
