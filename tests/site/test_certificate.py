"""PAdES signatures with the parties' own certificates, confirmed by poppler's pdfsig and not only by what made them."""

import datetime
import shutil
import subprocess

import frappe
import pytest
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from factory import PEMDA, A, B, forward, pk, user
from perjankin_app.perjankin_app.doctype.perjanjian_kinerja import perjanjian_kinerja as controller
from perjankin_app.perjankin_app.doctype.sertifikat_elektronik import sertifikat_elektronik

from perjankin_app.document import checks, final, signed
from perjankin_app.document.signing import pkcs12_cost

PK, DOCTYPE = "Perjanjian Kinerja", "Sertifikat Elektronik"
KEPALA, BUPATI = user("kepala"), user("bupati", PEMDA)
PASSWORD = "rahasia-uji"
DAY = datetime.timedelta(days=1)


def make_p12(name: str, password: str = PASSWORD, ends: int = 365) -> bytes:
	"""A certificate that signs itself; `ends`: days from today."""
	key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
	subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
	now = datetime.datetime.now(datetime.timezone.utc)
	certificate = (
		x509.CertificateBuilder()
		.subject_name(subject)
		.issuer_name(subject)
		.public_key(key.public_key())
		.serial_number(x509.random_serial_number())
		.not_valid_before(now - 30 * DAY)
		.not_valid_after(now + ends * DAY)
		.sign(key, hashes.SHA256())
	)
	lock = serialization.BestAvailableEncryption(password.encode())
	return pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, lock)


def install(login: str, content: bytes | None = None, is_private: int = 1):
	frappe.set_user(login)
	content = content or make_p12(f"Uji {login}")
	file = frappe.get_doc(
		doctype="File", file_name="saya.p12", content=content, is_private=is_private
	).insert()
	return frappe.get_doc(doctype=DOCTYPE, berkas=file.file_url).insert()


@pytest.fixture
def done(in_force):
	frappe.db.set_value("Unit Kerja", A, "cara_tanda_tangan", "Sertifikat")
	return forward(pk())


def sign(doc, by, party, password=PASSWORD):
	frappe.set_user(by)
	controller.sign_with_certificate(doc.name, party, password)
	return final.of(doc.name).tanda_tangan[-1]


def pdfsig(content: bytes, tmp_path) -> str:
	if not shutil.which("pdfsig"):
		pytest.skip("pdfsig (poppler-utils) is not there")
	path = tmp_path / "signed.pdf"
	path.write_bytes(content)
	return subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True).stdout


def test_both_parties_one_after_the_other(done, tmp_path):
	assert done.keberlakuan == "Menunggu Tanda Tangan"  # to approve in the chain is no certified signature
	install(KEPALA)
	install(BUPATI)
	first = sign(done, KEPALA, "Pihak Pertama")
	second = sign(done, BUPATI, "Pihak Kedua")
	assert (first.mencakup, second.mencakup) == (done.pdf_sha256, first.sidik)
	frozen, one, two = map(signed.content_of, (done.pdf_final, first.berkas, second.berkas))
	assert one.startswith(frozen) and two.startswith(one)
	told = pdfsig(two, tmp_path)
	assert told.count("Signature is Valid") == 2 and told.count("ETSI.CAdES.detached") == 2
	assert f"Uji {KEPALA}" in told and f"Uji {BUPATI}" in told
	assert frappe.db.get_value(PK, done.name, "keberlakuan") == "Berlaku"
	assert all(check.beres for check in checks.run(done.name))


def test_one_changed_byte_is_found(done, tmp_path):
	install(KEPALA)
	row = sign(done, KEPALA, "Pihak Pertama")
	path = frappe.get_site_path(row.berkas.lstrip("/"))
	content = bytearray(signed.content_of(row.berkas))
	place = content.index(b"/MediaBox") + 12  # within what the signature covers
	content[place] ^= 1
	with open(path, "wb") as stream:
		stream.write(content)
	assert "Signature is Valid" not in pdfsig(bytes(content), tmp_path)
	found = {check.nama: " ".join(check.rincian) for check in checks.run(done.name) if not check.beres}
	assert "berubah sesudah ditandatangani" in found["Tanda tangan"]
	assert "tidak cocok dengan isinya" in found["Tanda tangan"] or "rusak" in found["Tanda tangan"]


def test_a_wrong_password_signs_nothing(done):
	install(KEPALA)
	for password in ("keliru-9", "", "x" * 10_000):
		with pytest.raises(frappe.ValidationError, match="Kata sandi salah") as refusal:
			sign(done, KEPALA, "Pihak Pertama", password)
		assert not password or password not in str(refusal.value)
	assert len(final.of(done.name).tanda_tangan) == 1


def test_the_password_is_kept_nowhere(done):
	install(KEPALA)
	sign(done, KEPALA, "Pihak Pertama")
	for doctype in (
		"Error Log",
		"Access Log",
		"Version",
		"Comment",
		"Riwayat Alur",
		"Dokumen Final",
		DOCTYPE,
	):
		rows = frappe.get_all(doctype, fields=["*"])
		assert PASSWORD not in frappe.as_json(rows), doctype
	assert not frappe.db.exists("__Auth", {"doctype": DOCTYPE})


@pytest.mark.parametrize("ends", [-1, -20])
def test_an_expired_certificate(done, ends):
	install(KEPALA, make_p12("lama", ends=ends))
	with pytest.raises(frappe.ValidationError, match="masih berlaku"):
		sign(done, KEPALA, "Pihak Pertama")


def test_without_a_certificate(done):
	with pytest.raises(frappe.ValidationError, match="belum memasang sertifikat"):
		sign(done, KEPALA, "Pihak Pertama")


def test_not_with_somebody_elses(done):
	install(user("penyusun"))
	with pytest.raises(frappe.ValidationError, match="belum memasang sertifikat"):
		sign(done, KEPALA, "Pihak Pertama")
	with pytest.raises(frappe.PermissionError):
		sign(done, user("penyusun"), "Pihak Pertama")


def test_only_its_owner_reads_it(done):
	record = install(KEPALA)
	file = frappe.get_doc("File", {"file_url": record.berkas})
	for login in (user("admin"), user("penyusun"), user("kepala", B), user("pemda", PEMDA)):
		assert not frappe.has_permission(DOCTYPE, "read", doc=record.name, user=login), login
		assert not frappe.has_permission("File", "read", doc=file, user=login), login
		frappe.set_user(login)
		assert not frappe.get_list(DOCTYPE)
		with pytest.raises(frappe.PermissionError):
			sertifikat_elektronik.check(record.name, PASSWORD)


def test_what_it_says_about_itself(done):
	record = install(KEPALA)
	assert record.pejabat == frappe.db.get_value("Pejabat", {"user": KEPALA})
	found = sertifikat_elektronik.check(record.name, PASSWORD)
	assert found["subjek"] == f"Uji {KEPALA}"
	assert frappe.db.get_value(DOCTYPE, record.name, "subjek") == f"Uji {KEPALA}"


@pytest.mark.parametrize("content", [b"MZ", b"<html>", b"0" * 200_000])
def test_what_is_no_certificate(done, content):
	with pytest.raises(frappe.ValidationError, match="bukan sertifikat"):
		install(KEPALA, content)


def costly(count: int) -> bytes:
	"""A real file of which the password is to be hashed `count` times."""
	pfx = asn1_pkcs12.Pfx.load(make_p12("mahal"))
	pfx["mac_data"]["iterations"] = count
	return pfx.dump(force=True)


def test_a_certificate_that_would_hold_up_the_server(done):
	"""60 million rounds took 17 s, and the whole process with them."""
	with pytest.raises(frappe.ValidationError, match="putaran yang terlalu banyak"):
		install(KEPALA, costly(60_000_000))


def test_what_hides_its_cost_is_given_up(done, monkeypatch):
	"""Counts within an encrypted part are seen only once that is open: then a limit of time holds."""
	monkeypatch.setattr(pkcs12_cost, "LARGEST_COUNT", 10**9)
	monkeypatch.setattr(pkcs12_cost, "SECONDS", 1)
	record = install(KEPALA, costly(500_000_000))
	with pytest.raises(frappe.ValidationError, match="putaran yang terlalu banyak"):
		sertifikat_elektronik.check(record.name, PASSWORD)


def test_the_counts_that_a_file_shows():
	assert pkcs12_cost.counts(costly(12_345))[0] == 12_345
	assert len(pkcs12_cost.counts(make_p12("x"))) >= 2  # of the MAC and of what is encrypted
	for content in (b"", b"MZ", b"\x30\x03\x02\x01\x03", make_p12("x")[:500]):
		with pytest.raises(ValueError):
			pkcs12_cost.counts(content)


def test_a_public_file_or_somebody_elses_is_refused(done):
	with pytest.raises(frappe.ValidationError, match="private"):
		install(KEPALA, is_private=0)
	frappe.set_user(user("penyusun"))
	file = frappe.get_doc(doctype="File", file_name="x.p12", content=make_p12("x"), is_private=1).insert()
	frappe.set_user(KEPALA)
	with pytest.raises((frappe.ValidationError, frappe.PermissionError)):
		frappe.get_doc(doctype=DOCTYPE, berkas=file.file_url).insert()


def test_a_silent_time_stamp_authority_leaves_it_unsigned(done):
	install(KEPALA)
	frappe.db.set_single_value("Pengaturan Perjankin", "alamat_tsa", "http://127.0.0.1:9/")
	with pytest.raises(frappe.ValidationError, match="cap waktu"):
		sign(done, KEPALA, "Pihak Pertama")
	assert len(final.of(done.name).tanda_tangan) == 1
	assert not [
		row
		for row in frappe.get_all("File", {"attached_to_name": done.name}, pluck="file_name")
		if "ttd" in row
	]
