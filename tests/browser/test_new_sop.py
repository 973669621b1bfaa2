"""A sixth agency: the Admin Pemda makes it, its own admin types an SOP that nobody has seen before, and a PK runs under it."""

from desk import (
	PK,
	add_row,
	choose,
	close_row,
	dialog,
	field,
	history,
	insert,
	message,
	new_agreement,
	open_row,
	pick,
	save,
	signed_pdf,
	value,
	walk,
	write,
	write_cell,
)
from playwright.sync_api import expect

from perjankin_app.setup_demo import DOMAIN, PASSWORD

OPD, SHORT = "Dinas Perhubungan", "DISHUB"
ALUR = "/app/alur-persetujuan"
PERSONS = {  # account: (post, jenjang, role, superior)
	"kepala": ("Kepala Dinas Perhubungan", "JPT", "PK Kepala OPD", "Bupati Contoh - PEMDA"),
	"sekretaris": ("Sekretaris Dinas Perhubungan", "Administrator", "PK Sekretaris", "kepala"),
	"penyusun": ("Penyusun Program", "Pelaksana", "PK Penyusun", "sekretaris"),
}
ADMIN = ("Pranata Komputer", "Fungsional", "PK Admin OPD", None)
STEPS = [
	{
		"kegiatan": "Menyusun konsep",
		"status": "Draf",
		"jenis": "Tugas",
		"peran": "PK Penyusun",
	},
	{
		"kegiatan": "Memeriksa konsep",
		"status": "Pemeriksaan Sekretaris",
		"jenis": "Periksa",
		"peran": "PK Sekretaris",
		"jika_tidak": "Tanda Tangan Kadishub",  # wrong: it points forward
	},
	{
		"kegiatan": "Menandatangani",
		"status": "Tanda Tangan Kadishub",
		"jenis": "Tanda Tangan",
		"peran": "PK Kepala OPD",
		"jika_tidak": "Pemeriksaan Sekretaris",
	},
	{"kegiatan": "Mengirim", "status": "Pengiriman Berkas", "jenis": "Kirim", "peran": "PK Penyusun"},
]


def test_an_agency_with_an_sop_of_its_own(at, rest, supply):
	new_agency(at("admin.pemda", "/app/unit-kerja/new"))
	pemda, system = rest("admin.pemda"), rest("Administrator")
	employ(pemda, system, "admin", *ADMIN)

	admin = at("admin.dishub", f"{ALUR}/new")
	typed_sop(admin)
	refused(admin)
	published(admin)

	posts = {}
	for account, (post, level, role, above) in PERSONS.items():
		posts[account] = employ(pemda, system, account, post, level, role, posts.get(above, above))
	insert(pemda, "Indikator Kinerja", nama="Rasio Konektivitas", opd=OPD, sasaran=new_goal(pemda))
	pk = new_agreement(at("penyusun.dishub", f"{PK}/new"), OPD, f"Kepala {OPD}", "2026", "2.23.01")
	walk(
		at,
		pk,
		[
			("penyusun.dishub", ["Selesai"], "Pemeriksaan Sekretaris"),
			("sekretaris.dishub", ["Setujui", "Kembalikan"], "Tanda Tangan Kadishub"),
			("kepala.dishub", ["Tanda Tangani", "Kembalikan"], "Pengiriman Berkas"),
			("penyusun.dishub", ["Kirim"], "Selesai"),
		],
		supply,
	)
	papers = (
		rest("penyusun.dishub").get('/api/resource/Dokumen Pendukung?fields=["jenis_dokumen"]').json()["data"]
	)
	assert papers == [{"jenis_dokumen": "Renstra"}]  # what the own SOP asked for
	page = at("penyusun.dishub", pk)
	assert [row[2] for row in history(page)] == ["Selesai", "Setujui", "Tanda Tangani", "Kirim"]
	assert signed_pdf(page).body().startswith(b"%PDF")


def new_agency(page):
	write(page, "nama", OPD)
	write(page, "singkatan", SHORT)
	choose(page, "jenis", "OPD")
	pick(page, "parent_unit_kerja", "Kabupaten Contoh")
	write(page, "kota", "Kota Contoh")
	assert save(page) == OPD


def employ(pemda, system, account, post, level, role, above):
	"""Account, person, post and assignment, by REST: those screens are not what is tried here. Returns the post."""
	user = f"{account}.{SHORT.lower()}@{DOMAIN}"
	insert(
		system,
		"User",
		email=user,
		first_name=post,
		language="id",
		send_welcome_email=0,
		new_password=PASSWORD,
	)
	official = insert(pemda, "Pejabat", nama=post, opd=OPD, user=user, status_kepegawaian="Non ASN")
	jabatan = insert(
		pemda,
		"Jabatan",
		nama=post,
		unit=OPD,
		jenjang=level,
		atasan=above,
		lingkup=OPD,
		peran=[{"peran": role}],
	)
	insert(pemda, "Penugasan Jabatan", pejabat=official, jabatan=jabatan, mulai="2026-01-02")
	return jabatan


def typed_sop(page):
	write(page, "nama", "Penyusunan PK Dinas Perhubungan")
	if not value(page, "opd"):
		pick(page, "opd", OPD)
	for row in STEPS:
		add_row(page, "langkah", **row)
	add_row(page, "dokumen", langkah="Draf", jenis_dokumen=("Renstra",))
	row = open_row(page, "langkah", 3)
	choose(row, "sebagai", "Pihak Pertama")
	write(row, "waktu", "15")
	close_row(page)
	save(page)
	flow = page.locator(".perjankin-flow svg")
	for row in STEPS:
		expect(flow).to_contain_text(row["status"])


def refused(page):
	"""A return that points forward: told by row and field, and nothing is published."""
	page.get_by_role("button", name="Terbitkan").click()
	text = message(page)
	assert "Baris 2" in text and "Jika Tidak" in text
	assert value(page, "status") == "Konsep"


def published(page):
	write_cell(page, "langkah", 2, "jika_tidak", "Draf")
	page.get_by_role("button", name="Terbitkan").click()
	expect(dialog(page)).to_contain_text("Yang akan berubah")
	text = dialog(page).inner_text()
	for state in ("Pemeriksaan Sekretaris", "Tanda Tangan Kadishub", "Pengiriman Berkas"):
		assert state in text
	assert "belum ada pejabat berperan PK Sekretaris" in text
	dialog(page).get_by_role("button", name="Terbitkan").click()
	expect(field(page, "status")).to_contain_text("Berlaku")


def new_goal(api):
	return insert(
		api, "Sasaran Kinerja", nama="Meningkatnya konektivitas", tingkat="Sasaran Strategis", opd=OPD
	)
