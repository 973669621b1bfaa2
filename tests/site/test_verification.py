"""/verifikasi/<kode>: whoever holds the paper learns its status, and nobody learns anything else."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import factory
import frappe
import pytest
from factory import A, act, forward, pk, user

import perjankin_app
from perjankin_app.document import final, signing, verification
from perjankin_app.workflow.composer import DONE, SIGNATURE

PK = "Perjanjian Kinerja"


@pytest.fixture
def done(in_force):
	doc = forward(pk())
	frappe.set_user("Administrator")
	return doc


def code_of(doc) -> str:
	return final.of(doc.name).kode


def approve(doc):
	"""The Kepala Daerah's signature, which the SOP leaves outside."""
	frappe.set_user(user("bupati", factory.PEMDA))
	signing.sign(doc.name, ["Pihak Kedua"], signing.SYSTEM)
	frappe.set_user("Administrator")


def test_codes_are_long_and_never_look_alike():
	codes = {verification.new_code() for _ in range(200)}
	assert len(codes) == 200
	assert all(re.fullmatch(f"[{verification.ALPHABET}]{{20}}", code) for code in codes)
	assert len(set(verification.ALPHABET)) == 32 and not set("01IO") & set(verification.ALPHABET)


def test_what_it_tells(done):
	found = verification.public(code_of(done))
	assert found["status"] == "Menunggu Tanda Tangan" and "belum semua pihak" in found["keterangan"]
	details = dict(found["rincian"])
	assert (details["OPD"], details["Jabatan"]) == (A, done.pihak_pertama_jabatan)
	assert [row["pihak"] for row in found["tanda_tangan"]] == ["Pihak Pertama"]
	assert found["sidik"] == done.pdf_sha256 and found["berkas"] == {
		done.pdf_sha256: "berkas PK yang dibekukan"
	}
	approve(done)
	found = verification.public(code_of(done))
	assert found["status"] == "Berlaku" and len(found["tanda_tangan"]) == 2


def test_what_it_does_not_tell(done):
	text = frappe.as_json(verification.public(code_of(done)))
	for secret in (
		done.name,
		done.pihak_pertama_nip,
		done.pdf_final,
		user("kepala"),
		"82,7",
		"Sasaran",
		"1500000",
	):
		assert secret not in text


def test_it_shows_what_was_signed(done):
	frappe.db.set_value(PK, done.name, "pihak_pertama_jabatan", "Jabatan Lain")
	assert "Jabatan Lain" not in frappe.as_json(verification.public(code_of(done)))


def test_a_cancelled_pk(done):
	from perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja import store_reason

	approve(done)
	frappe.set_user(user("admin"))
	store_reason(done.name, "Salah orang")
	act(done, "Batalkan", by=user("admin"))
	found = verification.public(code_of(done))
	assert found["status"] == "Dibatalkan" and "tidak berlaku" in found["keterangan"]


@pytest.mark.parametrize(
	"code", ["", "A", "A" * 20, "%" * 20, "' or 1=1 --", "0" * 20, "X" * 10_000, "\x00" * 20]
)
def test_other_codes_tell_nothing(done, code):
	assert verification.public(code) is None


def test_it_is_read_as_people_type_it(done):
	code = code_of(done)
	for typed in (code.lower(), verification.readable(code), f" {verification.readable(code).lower()} "):
		assert verification.public(typed)["sidik"] == done.pdf_sha256


def test_a_drafts_code_is_there_only_once_it_is_signed(in_force):
	forward(pk(), "Uji Tanda Tangan")
	assert not frappe.db.exists("Dokumen Final")


# ---------------------------------------------------------------------------------------------------------- over HTTP


def test_nothing_is_frozen_without_the_sites_address(in_force, monkeypatch):
	"""Else the last signer's Host header would stand on the paper for ever."""
	doc = forward(pk(), "Uji Tanda Tangan")
	monkeypatch.setitem(frappe.conf, "host_name", None)
	with pytest.raises(frappe.ValidationError, match="set-config host_name"):
		forward(doc)
	assert not frappe.db.exists("Dokumen Final", doc.name)
	monkeypatch.setitem(frappe.conf, "host_name", "https://pk.contoh.go.id")
	assert final.of(forward(doc).name).tautan.startswith("https://pk.contoh.go.id")


@pytest.fixture
def to_sign(committed, in_force):
	yield forward(pk(), "Uji Tanda Tangan")
	factory.purge_documents()


def test_a_forged_host_is_not_in_the_paper(client, to_sign):
	doc = to_sign
	(signer,) = factory.waiting_for(doc)
	frappe.set_user("Administrator")
	frappe.db.commit()
	browser = client(signer)
	browser.set_cookie("sid", browser.get_cookie("sid").value, domain="evil.example")
	answer = browser.post(
		"/api/method/frappe.model.workflow.apply_workflow",
		json={"doc": {"doctype": PK, "name": doc.name}, "action": DONE[SIGNATURE]},
		headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
	)
	assert answer.status_code == 200, answer.text
	assert final.of(doc.name).tautan.startswith(frappe.conf.host_name)


@pytest.fixture
def published(committed, in_force):
	doc = forward(pk())
	frappe.set_user("Administrator")
	frappe.db.set_value("Dokumen Final", doc.name, "tautan", "x")
	frappe.db.commit()
	yield doc
	factory.purge_documents()


def test_the_page_needs_no_login(client, published):
	code = code_of(published)
	for path in (f"/verifikasi/{code}", f"/verifikasi?kode={verification.readable(code).lower()}"):
		page = client().get(path)
		assert (
			page.status_code == 200
			and "Menunggu Tanda Tangan" in page.text
			and published.pdf_sha256 in page.text
		)
		assert "noindex" in page.text and published.name not in page.text
	assert "Tidak ditemukan" in client().get("/verifikasi/" + "A" * 20).text
	assert "Periksa" in client().get("/verifikasi").text
	hostile = client().get("/verifikasi", query_string={"kode": "<script>alert(1)</script>"})
	assert hostile.status_code == 200 and "<script>alert(1)" not in hostile.text


@pytest.mark.parametrize(
	"lie", [lambda n: {}, lambda n: {"X-Forwarded-For": f"10.9.{n // 250}.{n % 250}, 9.9.9.9"}]
)
def test_nobody_asks_for_ever(client, published, lie):
	answers = {client().get("/verifikasi/" + "A" * 20, headers=lie(n)).status_code for n in range(70)}
	frappe.cache.delete_keys("rl:")
	assert 429 in answers, answers


# ------------------------------------------------------------------------------------- what the page compares a file with


class Answer(HTMLParser):
	"""As a browser reads it: the attributes of the element in which the answer is written, and all text of the page."""

	def __init__(self, html):
		super().__init__()
		self.found, self.text = None, ""
		self.feed(html)

	def handle_starttag(self, tag, attrs):
		if dict(attrs).get("id") == "answer":
			self.found = dict(attrs)

	def handle_data(self, data):
		self.text += data


def test_the_page_knows_every_fingerprint(client, published):
	code = code_of(published)
	page = client().get(f"/verifikasi/{code}")
	frappe.set_user("Administrator")
	known = json.loads(Answer(page.text).found["data-known"])
	assert known == verification.public(code)["berkas"] and published.pdf_sha256 in known


@pytest.mark.parametrize("autoescape", [False, True])
def test_whatever_is_said_arrives_as_it_is(site, autoescape):
	"""Core's Jinja escapes nothing by itself; where one does, nothing is escaped twice."""
	words = """Dinas "A" & 'B' <b>tebal</b>"""
	said = dict(status=words, keterangan=words, rincian=[("OPD", words)], sidik="ab", berkas={"ab": words})
	template = (
		frappe.get_jenv().overlay(autoescape=autoescape).get_template("perjankin_app/www/verifikasi.html")
	)
	html = "".join(
		template.blocks["page_content"](template.new_context({"pk": {**said, "tanda_tangan": []}}))
	)
	page = Answer(html)
	assert json.loads(page.found["data-known"]) == {"ab": words}
	assert page.text.count(words) == 3 and "<b>" not in html


def test_what_templates_put_into_attributes_is_escaped():
	"""Also JSON: Jinja's `tojson` calls itself safe, so that `e` leaves its quotes as they are."""
	places = re.compile(r"""\s(?!class|style|colspan|rowspan)[\w-]+=["'][^"'{]*\{\{(.*?)\}\}""")
	templates, seen, wrong = Path(perjankin_app.__file__).parent, [], []
	for path in templates.rglob("*.html"):
		for value in places.findall(path.read_text()):
			seen.append(value)
			escaped = value.strip().endswith("| forceescape" if "tojson" in value else "| e")
			wrong += [] if escaped else [(path.name, value)]
	assert not wrong and len(seen) > 5
