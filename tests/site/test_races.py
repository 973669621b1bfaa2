"""Requests of the same moment: of several that only one may win, one wins, and the others are told so in words.

MariaDB shows a transaction the records as they were at its first read. So each request here reads first and then waits at
a barrier for all the others (`at_the_same_moment`): none of them can see what another one writes, and what a rule finds
out by a plain read is out of date for certain. SQLite has no such gap; `make test` runs this file on MariaDB as well.
"""

import json
import threading
from contextlib import contextmanager
from functools import partial

import factory
import frappe
import pytest
import test_collection as collection
from factory import PEMDA, A, B, act, at_once, pk, user

from perjankin_app import numbering
from perjankin_app.patches import tell_twins

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
		turn = getattr(threading.current_thread(), "turn", None)
		if turn:
			turn.wait(PATIENCE)
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


def one_after_the_other(*calls) -> list:
	"""All of them begin, and read, before the first one writes; each goes on when the one before it has been answered."""
	turns = [threading.Event() for _ in calls]
	turns[0].set()

	def in_turn(index, call):
		threading.current_thread().turn = turns[index]
		try:
			return call()
		finally:
			if index + 1 < len(turns):
				turns[index + 1].set()

	return race(*(partial(in_turn, index, call) for index, call in enumerate(calls)))


def words(answer) -> str:
	messages = json.loads(answer.json.get("_server_messages") or "[]")
	return " ".join(json.loads(message)["message"] for message in messages)


def told(answer) -> bool:
	"""In words, as what happens every day; no error of the server, no talk of locks.

	Where the database locks nothing that changed since the first read, core refuses a deletion before anything of ours is
	asked, in words, but as an error of the server.
	"""
	said = words(answer)
	if strict_snapshots() and answer.status_code == 500:
		return _CORES_REFUSAL in said
	return answer.status_code in (403, 404, 409, 417) and bool(said) and "lock" not in said.lower()


_CORES_REFUSAL = frappe._(
	"This document can not be deleted right now as it's being modified by another user. Please try again after some time."
)


def strict_snapshots() -> bool:
	"""MariaDB's innodb_snapshot_isolation, on by default since 11.6: then core's own counter of names refuses whoever
	began before somebody else's record of the same kind was stored, too."""
	found = frappe.db.db_type == "mariadb" and frappe.db.sql(
		"show variables like 'innodb_snapshot_isolation'"
	)
	return bool(found) and found[0][1] == "ON"


def all_win(answers) -> bool:
	done = [answer.status_code == 200 for answer in answers]
	return all(done) or (
		strict_snapshots() and any(done) and all(told(a) for a in answers if a.status_code != 200)
	)


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


def a_penugasan(chain):
	jabatan = factory.make("Jabatan", nama="Staf Rebutan", unit="Bidang - UJI-A", jenjang="Pelaksana")
	official = frappe.get_all("Pejabat", {"opd": A}, pluck="name", limit=1)[0]
	row = dict(pejabat=official, jabatan=jabatan, status="Definitif", mulai="2026-01-01")
	return user("pemda", PEMDA), "Penugasan Jabatan", [{**row, "mulai": f"2026-01-0{i + 1}"} for i in range(TIMES)]  # fmt: skip


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
	a_murni, a_change, a_request, an_archive, a_series, series_with_the_same_numbers, a_definitive_holder, a_penugasan, an_account,
	a_nip, years_of_a_code, a_short_name, a_period, a_unit_of_measure,
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


# --------------------------------------------------------------------------------------------------------------------
# two that must not happen side by side: whichever is first, what they leave behind agrees


both_ways = pytest.mark.parametrize("order", [1, -1], ids=["as written", "the other way round"])


def in_both_orders(order, *calls):
	"""The second one has read before the first one wrote. Whoever is refused hears why; answers as in `calls`."""
	answers = one_after_the_other(*calls[::order])[::order]
	for answer in answers:
		assert answer.status_code in (200, 202) or told(answer), outcome(answers)
	assert any(answer.status_code in (200, 202) for answer in answers), outcome(answers)
	return answers


def letter(doc, **values):
	common = dict(perjanjian_kinerja=doc.name, jenis_dokumen="Surat Pengantar", kepada="Sekda", perihal="PK")
	return frappe.get_doc(doctype="Naskah Dinas", **{**common, **values})


@both_ways
def test_a_letter_is_numbered_and_given_up(client, chain, order):
	doc = pk()
	given = letter(doc).insert()
	given.db_set("status", "Ditetapkan")
	c = client(user("penyusun"))
	naskah = f"{CONTROLLERS}.naskah_dinas.naskah_dinas"
	in_both_orders(
		order, post(c, f"{naskah}.give_number", name=given.name), post(c, f"{naskah}.void", name=given.name, reason="Uji")
	)  # fmt: skip
	given.reload()
	lines = frappe.get_all("Register Naskah", {"naskah_dinas": given.name}, ["nomor", "status"])
	assert given.status in ("Batal", "Bernomor") and bool(given.nomor) == bool(lines)
	assert {line.status for line in lines} <= {"Batal" if given.status == "Batal" else "Terpakai"}


@both_ways
def test_a_pk_is_cancelled_and_changed(client, chain, order):
	by, doctype, (row, *_others) = a_change(chain)
	name = row["perubahan_dari"]
	frappe.set_user(user("admin"))
	frappe.get_attr(f"{CONTROLLERS}.perjanjian_kinerja.perjanjian_kinerja.store_reason")(name, "Keliru")
	in_both_orders(order, step(client(user("admin")), frappe.get_doc(PK, name), "Batalkan"), insert(client(by), doctype, row))  # fmt: skip
	running = frappe.get_all(PK, {"perubahan_dari": name, "docstatus": ("<", 2)})
	assert not (running and frappe.db.get_value(PK, name, "docstatus") == 2)


@both_ways
def test_a_step_is_taken_and_a_letter_of_it_is_written(client, committed, order):
	factory.publish(papers=[("Draf", "Hasil", "Surat Pengantar")])
	try:
		doc = pk()
		first = letter(doc).insert()
		c = client(user("penyusun"))
		row = letter(doc).as_dict(no_nulls=True)
		in_both_orders(order, step(c, doc, "Selesai"), insert(c, "Naskah Dinas", row))
		passed = frappe.db.get_value(PK, doc.name, "workflow_state") != "Draf"
		statuses = set(frappe.get_all("Naskah Dinas", {"perjanjian_kinerja": doc.name}, pluck="status"))
		assert statuses == {"Ditetapkan" if passed else "Konsep"}, first.name
	finally:
		factory.purge()


@both_ways
@pytest.mark.parametrize("by", [user("penyusun"), user("admin")])
def test_a_draft_is_deleted_and_begun(client, chain, order, by):
	doc = pk()
	in_both_orders(order, delete(client(by), PK, doc.name), step(client(user("penyusun")), doc, "Selesai"))
	there = frappe.db.get_value(PK, doc.name, "workflow_state")
	assert bool(frappe.db.exists("Riwayat Alur", {"perjanjian_kinerja": doc.name})) == bool(there)
	assert there in (None, "Uji Paraf")


@both_ways
def test_a_series_is_deleted_and_used(client, chain, sweep, order):
	doc = pk()
	given = letter(doc).insert()
	given.db_set("status", "Ditetapkan")
	frappe.set_user("Administrator")
	series = factory.make("Seri Nomor", opd=A, pola="{urut}/{unit}/{tahun}")
	number = post(
		client(user("penyusun")), f"{CONTROLLERS}.naskah_dinas.naskah_dinas.give_number", name=given.name
	)
	in_both_orders(order, delete(client(user("admin")), "Seri Nomor", series), number)
	used = frappe.get_all("Register Naskah", {"opd": A}, pluck="seri")
	assert all(frappe.db.exists("Seri Nomor", name) for name in used)
	frappe.db.delete("Register Naskah")
	frappe.db.commit()


@both_ways
def test_a_step_is_taken_by_a_penugasan_that_gets_another_person(client, chain, sweep, order):
	frappe.set_user("Administrator")
	key = f"rebutan{order}"  # a drafter of this test's own: core ends the session of whoever loses a role
	jabatan = factory.hold(
		key, A, "Penyusun Rebutan", "Subbag - UJI-A", "Pelaksana", ["PK Penyusun"], None, A
	)
	held = frappe.get_doc("Penugasan Jabatan", {"jabatan": jabatan})
	other = factory.make("Pejabat", nama="Uji Pengganti", opd=A, status_kepegawaian="Non ASN")
	doc = pk()
	in_both_orders(
		order,
		step(client(user(key)), doc, "Selesai"),
		save(client(user("pemda", PEMDA)), held, pejabat=other),
	)
	for row in frappe.get_all("Riwayat Alur", {"perjanjian_kinerja": doc.name}, ["penugasan", "pelaku"]):
		official = frappe.db.get_value("Penugasan Jabatan", row.penugasan, "pejabat")
		assert frappe.db.get_value("Pejabat", official, "user") == row.pelaku
	factory.purge_documents()


@both_ways
def test_a_chain_is_revised_while_a_pk_begins(client, chain, order):
	a_pk = a_murni(chain)[2][0]
	frappe.set_user("Administrator")
	alur = f"{CONTROLLERS}.alur_persetujuan.alur_persetujuan"
	draft = frappe.get_attr(f"{alur}.revise")(chain)
	in_both_orders(
		order, post(client(user("admin")), f"{alur}.publish", name=draft), insert(client(user("penyusun")), PK, a_pk)
	)  # fmt: skip
	used = frappe.get_all(PK, pluck="alur")
	assert all(frappe.db.get_value("Alur Persetujuan", name, "status") == "Berlaku" for name in used), used


@both_ways
def test_a_chain_is_revised_while_a_draft_is_saved(client, chain, order):
	doc = pk()
	frappe.set_user("Administrator")
	alur = f"{CONTROLLERS}.alur_persetujuan.alur_persetujuan"
	draft = frappe.get_attr(f"{alur}.revise")(chain)
	in_both_orders(
		order, post(client(user("admin")), f"{alur}.publish", name=draft), save(client(user("penyusun")), doc, tempat="Kota")
	)  # fmt: skip
	name = frappe.db.get_value(PK, doc.name, "alur")
	assert frappe.db.get_value("Alur Persetujuan", name, "status") == "Berlaku"


@pytest.fixture
def filled(client, committed):
	"""A request whose forms have been accepted, and those forms."""
	factory.publish(collection.ROUND, papers=collection.PAPERS)
	request = collection.ask(pk(filled=False))
	names = collection.both(accept=True)
	frappe.db.commit()
	yield request, names
	frappe.db.rollback()
	factory.purge()


def test_a_form_is_given_back_before_it_is_compiled(client, filled):
	request, (name, _other) = filled
	keys = json.dumps([row["kunci"] for row in collection.rows_of(request)])
	c = client(user("penyusun"))
	given_back, compiled = one_after_the_other(
		post(c, f"{CONTROLLERS}.data_bidang.data_bidang.give_back", name=name, reason="Uji"),
		post(c, f"{CONTROLLERS}.permintaan_data.permintaan_data.compile", name=request.name, keys=keys),
	)
	assert given_back.status_code == 200 and told(compiled), outcome([given_back, compiled])
	assert not frappe.get_doc(PK, request.perjanjian_kinerja).target


def test_forms_are_given_back_and_accepted_at_once(client, filled):
	"""The request is done when all are accepted, and not before."""
	request, names = filled
	c, forms = client(user("penyusun")), f"{CONTROLLERS}.data_bidang.data_bidang"
	race(*(post(c, f"{forms}.give_back", name=name, reason="Uji") for name in names))
	accepted = set(frappe.get_all("Data Bidang", {"name": ("in", names)}, pluck="status")) == {"Diterima"}
	assert (frappe.db.get_value("Permintaan Data", request.name, "status") == "Selesai") == accepted


def test_a_unit_is_asked_twice_at_once(client, chain, sweep):
	request = collection.ask(pk())
	frappe.set_user("Administrator")
	unit = factory.make("Unit Kerja", nama="Bidang Susulan", jenis="Bidang", parent_unit_kerja=A)
	row = [*(r.as_dict() for r in request.unit), {"unit": unit}]
	c = client(user("penyusun"))
	answers = race(*(save(c, request, unit=row) for _ in range(2)))
	assert frappe.db.count("Data Bidang", {"permintaan": request.name, "unit": unit}) == 1
	assert one_wins(answers) and all(told(a) for a in answers if a.status_code != 200), outcome(answers)
	factory.purge_documents()


@both_ways
def test_a_jabatan_moves_while_somebody_gets_it(client, chain, sweep, order):
	frappe.set_user("Administrator")
	post_ = frappe.get_doc("Jabatan", factory.make("Jabatan", nama="Kasi Pindah", unit="Bidang - UJI-A", jenjang="Pengawas"))  # fmt: skip
	official = frappe.get_all("Pejabat", {"opd": A}, pluck="name", limit=1)[0]
	c = client(user("pemda", PEMDA))
	in_both_orders(
		order,
		save(c, post_, unit="Bidang - UJI-B", lingkup=B),
		insert(
			c,
			"Penugasan Jabatan",
			dict(pejabat=official, jabatan=post_.name, status="Plt.", mulai="2026-01-01"),
		),
	)
	for row in frappe.get_all("Penugasan Jabatan", {"jabatan": post_.name}, ["opd"]):
		assert row.opd == frappe.db.get_value("Jabatan", post_.name, "opd")


def test_agencies_number_their_letters_at_the_same_moment(client, chain, sweep):
	"""They have nothing to do with one another, so all of them get their numbers."""
	factory.publish(opd=B, name="SOP Uji B")
	letters = {opd: [letter(doc).insert() for _ in range(4)] for opd in (A, B) if (doc := pk(opd=opd))}
	for opd in letters:
		numbering.series_for(opd, "Surat Pengantar")
	for given in (*letters[A], *letters[B]):
		given.db_set("status", "Ditetapkan")
	method = f"{CONTROLLERS}.naskah_dinas.naskah_dinas.give_number"
	clients = {opd: client(user("penyusun", opd)) for opd in letters}
	for pair in zip(*letters.values(), strict=True):
		answers = race(*(post(clients[given.opd], method, name=given.name) for given in pair))
		assert all_win(answers), outcome(answers)
	frappe.db.delete("Register Naskah")
	frappe.db.commit()


def test_agencies_begin_their_pks_at_the_same_moment(client, chain):
	factory.publish(opd=B, name="SOP Uji B")
	docs = [pk(opd=opd) for opd in (A, B)]
	rows = [content(doc) for doc in docs]
	for doc in docs:  # their series of names goes on
		frappe.delete_doc(PK, doc.name, ignore_permissions=True)
	calls = [insert(client(user("penyusun", opd)), PK, row) for opd, row in zip((A, B), rows, strict=True)]
	answers = race(*calls)
	assert all_win(answers), outcome(answers)


def test_a_pk_is_signed_twice_by_the_same_party(client, chain):
	doc = factory.forward(pk(), until="Uji Kirim")
	c = client(user("bupati", PEMDA))
	approve = post(
		c, f"{CONTROLLERS}.perjanjian_kinerja.perjanjian_kinerja.approve", name=doc.name, pihak="Pihak Kedua"
	)
	answers = race(approve, approve)
	assert one_wins(answers) and all(told(a) for a in answers if a.status_code != 200), outcome(answers)
	assert frappe.db.count("Tanda Tangan PK", {"parent": doc.name, "pihak": "Pihak Kedua"}) == 1


# --------------------------------------------------------------------------------------------------------------------
# what the bug has left: twins, and drafts that nobody could delete


EMPLOYEES = [dict(row, peran="PK Pegawai") if row["status"] == "Draf" else row for row in factory.BELOW]


@pytest.fixture
def by_employees(committed):
	factory.publish(EMPLOYEES, jenjang="Pelaksana")
	frappe.db.commit()
	yield
	frappe.db.rollback()
	factory.purge()


@pytest.mark.parametrize("by", [user("staf"), user("admin"), user("pemda", PEMDA), "Administrator"])
def test_a_draft_that_never_ran_is_deleted_by_its_drafter_and_by_admins(by_employees, by):
	doc = pk("staf", by="staf")
	frappe.set_user(by)
	frappe.delete_doc(PK, doc.name)
	assert not frappe.db.exists(PK, doc.name)


@pytest.mark.parametrize("by", [user("staf", B), user("admin", B), user("inspektur", PEMDA)])
def test_but_not_by_others(by_employees, by):
	doc = pk("staf", by="staf")
	frappe.set_user(by)
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc(PK, doc.name)


@pytest.mark.parametrize("by", [user("staf"), user("admin"), "Administrator"])
def test_nor_once_it_has_run(by_employees, by):
	doc = act(pk("staf", by="staf"), "Selesai", by=user("staf"))
	frappe.set_user(by)
	with pytest.raises(frappe.ValidationError, match="sudah berjalan"):
		frappe.delete_doc(PK, doc.name)


def test_twins_of_before_are_resolved(committed, chain):
	"""Two running PKs of one Penugasan and period, as the bug has left them: each can go on, and a draft can be deleted."""
	doc = pk()
	twin = frappe.copy_doc(doc)
	twin.set_new_name()
	twin.db_insert()
	for row in twin.get_all_children():
		row.update({"parent": twin.name, "parenttype": PK})
		row.set_new_name()
		row.db_insert()
	frappe.db.commit()
	twin = frappe.get_doc(PK, twin.name)
	twin.tempat = "Kota"
	twin.save()
	with pytest.raises(frappe.DuplicateEntryError):  # a third one
		frappe.get_doc(doctype=PK, **content(doc)).insert()
	assert list(tell_twins.twins(*tell_twins.RULES[0])) == [f"{PK}: {doc.name}, {twin.name}"]
	act(twin, "Selesai", by=user("penyusun"))
	frappe.set_user(user("penyusun"))
	frappe.delete_doc(PK, doc.name)
	frappe.db.commit()
