"""Requests of the same moment: of several that only one may win, one wins, and the others are told so in words.

MariaDB shows a transaction the records as they were at its first read. So each request here reads first and then waits at
a barrier for all the others (`at_the_same_moment`): none of them can see what another one writes, and what a rule finds
out by a plain read is out of date for certain. SQLite has no such gap; `make test` runs this file on MariaDB as well.
"""

import json
import threading
from contextlib import contextmanager

import factory
import frappe
import pytest
from factory import PEMDA, A, B, at_once, pk, user

PK = "Perjanjian Kinerja"
TIMES = 6
PATIENCE = 60  # seconds until a barrier that somebody does not reach is broken
SYSTEM = f"sistem@{factory.DOMAIN}"
CONTROLLERS = "perjankin_app.perjankin_app.doctype"
APPLY = "frappe.model.workflow.apply_workflow"


# --------------------------------------------------------------------------------------------------------------------
# several requests, all begun before any of them writes


@contextmanager
def at_the_same_moment(count: int):
	"""Within it each of the next `count` requests waits, once it has read, until all of them have."""
	import frappe.api

	barrier, handle = threading.Barrier(count, timeout=PATIENCE), frappe.api.handle

	def read_and_wait(*args, **kwargs):
		frappe.db.sql("select name from tabUser where name = 'Administrator'")
		barrier.wait()
		return handle(*args, **kwargs)

	frappe.api.handle = read_and_wait
	try:
		yield
	finally:
		frappe.api.handle = handle


def race(*calls) -> list:
	"""The answers of requests of the same moment; nothing of this test's own connection is in the way."""
	frappe.db.commit()
	with at_the_same_moment(len(calls)):
		answers = at_once(*calls)
	frappe.db.rollback()
	return answers


def words(answer) -> str:
	messages = json.loads(answer.json.get("_server_messages") or "[]")
	return " ".join(json.loads(message)["message"] for message in messages)


def told(answer) -> bool:
	"""In words, as what happens every day; no error of the server, no talk of locks."""
	said = words(answer)
	return answer.status_code in (403, 409, 417) and bool(said) and "lock" not in said.lower()


def one_wins(answers) -> bool:
	return sorted(answer.status_code == 200 for answer in answers) == [False] * (len(answers) - 1) + [True]


def outcome(answers) -> list:
	return [(answer.status_code, words(answer) or answer.text[:500]) for answer in answers]


def post(client, method, **values):
	return lambda: client.post(f"/api/method/{method}", json=values)


def insert(client, doctype, row):
	return lambda: client.post(f"/api/resource/{doctype}", json=row)


def delete(client, doctype, name):
	return lambda: client.delete(f"/api/resource/{doctype}/{name}")


def save(client, doc, **values):
	form = frappe.as_json({**doc.as_dict(), **values})
	return post(client, "frappe.desk.form.save.savedocs", doc=form, action="Save")


def step(client, doc, action):
	return post(client, APPLY, doc=json.dumps({"doctype": doc.doctype, "name": doc.name}), action=action)


@pytest.fixture
def chain(committed):
	name = factory.publish()
	frappe.db.commit()
	yield name
	frappe.db.rollback()
	factory.purge()


@pytest.fixture
def sweep(committed):
	"""Records of these DocTypes that were made meanwhile are removed, the youngest first."""
	kinds = ("Penugasan Jabatan", "Pejabat", "Jabatan", "Nomenklatur", "Seri Nomor", "Unit Kerja", "Periode Kinerja", "Satuan Kinerja", "Jenis Dokumen")  # fmt: skip
	before = {kind: set(frappe.get_all(kind, pluck="name")) for kind in kinds}
	yield
	frappe.db.rollback()
	frappe.set_user("Administrator")
	for kind in kinds:
		for name in frappe.get_all(kind, pluck="name", order_by="creation desc"):
			if name not in before[kind]:
				frappe.delete_doc(kind, name, force=True)
	frappe.db.commit()


# --------------------------------------------------------------------------------------------------------------------
# only one: each rule, by TIMES requests with the same record, or with the two that it keeps apart


def content(doc) -> dict:
	"""What a client sends for a PK like `doc`."""
	row = {field: doc.get(field) for field in ("unit", "jabatan", "periode")}
	return {**row, "target": [{"indikator": r.indikator, "target": r.target} for r in doc.target]}


def a_murni(chain):
	doc = pk()
	factory.purge_documents()
	return user("penyusun"), PK, [content(doc)] * TIMES


def a_change(chain):
	doc = factory.forward(pk())
	change = dict(jenis="Perubahan", perubahan_dari=doc.name, alasan_perubahan="a. Pergantian pejabat", dasar_perubahan="SK 1")  # fmt: skip
	reasons = frappe.get_meta(PK).get_field("alasan_perubahan").options.split("\n")
	change["alasan_perubahan"] = next(filter(None, reasons))
	return user("penyusun"), PK, [{**content(doc), **change}] * TIMES


def a_request(chain):
	return user("penyusun"), "Permintaan Data", [dict(perjanjian_kinerja=pk().name, tenggat=frappe.utils.today())] * TIMES  # fmt: skip


def an_archive(chain):
	doc = factory.forward(pk(), until="Uji Kirim")
	row = dict(perjanjian_kinerja=doc.name, nomor_berkas="1", lokasi="Rak", tanggal=frappe.utils.today())
	return user("penyusun"), "Arsip PK", [{**row, "retensi_aktif": 1, "retensi_inaktif": 1}] * TIMES


def a_series(chain):
	return user("admin"), "Seri Nomor", [dict(opd=A, pola="{urut}/{unit}/{tahun}")] * TIMES


def series_with_the_same_numbers(chain):
	kinds = frappe.get_all("Jenis Dokumen", {"pemenuhan": "Naskah Dinas"}, pluck="name", limit=2)
	return user("admin"), "Seri Nomor", [dict(opd=A, pola="{urut}/U/{tahun}", jenis_dokumen=kind) for kind in kinds]  # fmt: skip


def a_definitive_holder(chain):
	jabatan = factory.make("Jabatan", nama="Kabid Rebutan", unit="Bidang - UJI-A", jenjang="Administrator", struktural=1)  # fmt: skip
	rows = [
		dict(pejabat=official, jabatan=jabatan, status="Definitif", mulai="2026-01-01")
		for official in frappe.get_all("Pejabat", {"opd": A}, pluck="name", limit=TIMES)
	]
	return user("pemda", PEMDA), "Penugasan Jabatan", rows


def an_account(chain):
	if not frappe.db.exists("User", "rebutan@uji.example"):
		factory.make("User", email="rebutan@uji.example", first_name="Uji rebutan", send_welcome_email=0)
	same = dict(status_kepegawaian="Non ASN", user="rebutan@uji.example")
	return user("pemda", PEMDA), "Pejabat", [dict(same, nama=f"Uji {i}", opd=(A, B)[i % 2]) for i in range(TIMES)]  # fmt: skip


def a_nip(chain):
	same = dict(status_kepegawaian="PNS", nip="198502282010011234")
	return user("pemda", PEMDA), "Pejabat", [dict(same, nama=f"Uji {i}", opd=(A, B)[i % 2]) for i in range(TIMES)]  # fmt: skip


def years_of_a_code(chain):
	factory.make("Nomenklatur", kode="9.99.77", nama="LAMA", berlaku_mulai=2019, berlaku_sampai=2019)
	return SYSTEM, "Nomenklatur", [dict(kode="9.99.77", nama="BARU", berlaku_mulai=2020 + i) for i in range(TIMES)]  # fmt: skip


def a_short_name(chain):
	rows = [dict(nama=f"Dinas Rebutan {i}", singkatan="RBT", jenis="OPD", is_group=1, parent_unit_kerja=PEMDA) for i in range(3)]  # fmt: skip
	return SYSTEM, "Unit Kerja", rows


def a_period(chain):
	return SYSTEM, "Periode Kinerja", [dict(tahun=2099)] * TIMES


def a_unit_of_measure(chain):
	return SYSTEM, "Satuan Kinerja", [dict(nama="Uji Rebutan")] * TIMES


RULES = (
	a_murni, a_change, a_request, an_archive, a_series, series_with_the_same_numbers, a_definitive_holder, an_account, a_nip,
	years_of_a_code, a_short_name, a_period, a_unit_of_measure,
)  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_of_several_at_once_one_is_stored(client, chain, sweep, rule):
	by, doctype, rows = rule(chain)
	frappe.set_user("Administrator")
	before = frappe.db.count(doctype)
	c = client(by)
	answers = race(*(insert(c, doctype, row) for row in rows))
	assert frappe.db.count(doctype) == before + 1, outcome(answers)
	assert one_wins(answers), outcome(answers)
	assert all(told(answer) for answer in answers if answer.status_code != 200), outcome(answers)
	again = insert(c, doctype, rows[0])()
	assert again.status_code in (409, 417) and told(again), outcome([again])
