"""What a person uploads in the desk arrives: the kop's logo, a supporting paper, a certificate, the scan of a signed PK."""

import datetime
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from desk import PK, advance, attach, choose, dialog, field, loaded, pick, reload, save
from PIL import Image, ImageDraw
from playwright.sync_api import expect

OPD = "Badan Pengembangan Sumber Daya Manusia"
POST = "Kepala Bidang Pengembangan Kompetensi Teknis - BPSDM"
SCREENS = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])


def picture(text, kind="PNG", size=(240, 240)):
	image = Image.new("RGB", size, "white")
	ImageDraw.Draw(image).text((20, 20), text, fill="navy")
	buffer = BytesIO()
	image.save(buffer, kind)
	return buffer.getvalue()


def certificate(name):
	"""A PKCS#12 file whose certificate signs itself."""
	key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
	subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
	now = datetime.datetime.now(datetime.timezone.utc)
	made = (
		x509.CertificateBuilder()
		.subject_name(subject)
		.issuer_name(subject)
		.public_key(key.public_key())
		.serial_number(x509.random_serial_number())
		.not_valid_before(now)
		.not_valid_after(now + datetime.timedelta(365))
		.sign(key, hashes.SHA256())
	)
	lock = serialization.BestAvailableEncryption(b"rahasia")
	return pkcs12.serialize_key_and_certificates(name.encode(), key, made, None, lock)


@SCREENS
def test_logo_of_the_kop(login, phone):
	page = login("admin.dpk", "/app/unit-kerja/Dinas Perpustakaan dan Kearsipan", phone)
	loaded(page)
	if page.evaluate("cur_frm.doc.logo"):  # of the other screen
		field(page, "logo").locator("[data-action=clear_attachment]").click()
		dialog(page).get_by_role("button", name="Ya", exact=True).click()
		page.wait_for_function("cur_frm.doc && !cur_frm.doc.logo && !cur_frm.is_dirty()")
	logo = picture(f"logo {phone}")
	attach(page, field(page, "logo"), (f"logo-{phone}.png", "image/png", logo))
	page.wait_for_function("cur_frm.doc?.logo && !cur_frm.is_dirty()")
	reload(page)
	address = page.evaluate("cur_frm.doc.logo")
	answer = page.request.get(address)
	assert answer.ok and Image.open(BytesIO(answer.body())).size == (240, 240)
	expect(field(page, "logo")).to_contain_text(f"logo-{phone}")


@SCREENS
def test_supporting_paper(login, rest, phone):
	page = login("kasubbag.dpk", "/app/dokumen-pendukung/new", phone)
	loaded(page)
	pick(page, "jenis_dokumen", "Renja")
	pick(page, "opd", "Dinas Perpustakaan")
	pick(page, "periode", "2026")
	file = (f"renja-{phone}.jpg", "image/jpeg", picture(f"Renja {phone}", "JPEG"))
	attach(page, field(page, "berkas"), file, drop=not phone)
	if page.evaluate("cur_frm.is_new()"):
		save(page)
	reload(page)
	address = page.evaluate("cur_frm.doc.berkas")
	assert address.startswith("/private/files/renja-")
	assert page.request.get(address).body()[:3] == b"\xff\xd8\xff"
	assert rest("kasubbag.dinkes").get(address).status == 403


@SCREENS
def test_certificate(login, rest, phone):
	user = "kepala.kesbangpol" if phone else "kepala.dinkes"
	page = login(user, "/app/sertifikat-elektronik/new", phone)
	loaded(page)
	file = (f"saya-{phone}.p12", "application/x-pkcs12", certificate(f"Uji {user}"))
	attach(page, field(page, "berkas"), file)
	if page.evaluate("cur_frm.is_new()"):
		save(page)
	address = page.evaluate("cur_frm.doc.berkas")
	assert page.request.get(address).ok
	assert rest("admin.pemda").get(address).status == 403


@pytest.fixture(scope="session")
def paper_pk():
	"""The PK that both screens use: one hands in the scan for the one party, the other for the other."""
	return {}


@SCREENS
def test_scan_of_a_pk_signed_on_paper(login, rest, paper_pk, phone):
	if not paper_pk:
		paper_pk["name"] = signed_on_paper(rest)
	page = login("admin.bpsdm", f"{PK}/{paper_pk['name']}", phone)
	loaded(page)
	page.locator("[data-scan]").click()
	box = dialog(page)
	choose(box, "pihak", "Pihak Kedua" if phone else "Pihak Pertama")
	file = (f"pindaian-{phone}.png", "image/png", picture(f"ditandatangani {phone}", size=(800, 1100)))
	attach(page, field(box, "berkas"), file)
	expect(field(box, "berkas")).to_contain_text("pindaian-")
	box.get_by_role("button", name="Simpan", exact=True).click()
	expect(page.locator(".modal.show")).to_have_count(0)
	loaded(page)
	lines = page.locator(".perjankin-signatures .perjankin-line:has(a)")
	expect(lines).to_have_count(2 if phone else 1)
	address = lines.last.locator("a").get_attribute("href")
	assert page.request.get(address).ok
	state = "Berlaku" if phone else "Menunggu Tanda Tangan"
	expect(page.locator(".perjankin-signatures-title .indicator-pill")).to_have_text(state)


def signed_on_paper(rest):
	admin = rest("admin.pemda")
	assert admin.put(f"/api/resource/Unit Kerja/{OPD}", data={"cara_tanda_tangan": "Basah"}).ok
	query = {"filters": f'[["jabatan","=","{POST}"]]'}
	(row,) = rest("kepala.bpsdm").get("/api/resource/Perjanjian Kinerja", params=query).json()["data"]
	advance(rest("kabid.bpsdm"), row["name"], "Tanda Tangani")
	advance(rest("kepala.bpsdm"), row["name"], "Tanda Tangani")
	return row["name"]
