"""Power cuts, full disks and two people at the same moment: state, log and files agree, and whoever loses is told.

KILLS is the number of processes killed, over all jobs; a release is tested with KILLS=50.
"""

import errno
import hashlib
import json
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import factory
import frappe
import pytest
from factory import PEMDA, A, B, act, at_once, forward, pk, user
from perjankin_app.perjankin_app.doctype.alur_persetujuan import alur_persetujuan
from perjankin_app.perjankin_app.doctype.naskah_dinas import naskah_dinas
from test_hostile_papers import meeting

from perjankin_app.document import pdf
from perjankin_app.workflow import chains, log, publisher
from perjankin_app.workflow.composer import FIRST, compose

PK, ALUR = "Perjanjian Kinerja", "Alur Persetujuan"
PARAF, SIGN, SEND = "Uji Paraf", "Uji Tanda Tangan", "Uji Kirim"
LEVELS = "JPT,Administrator,Pengawas,Pelaksana"
KILLS = int(os.environ.get("KILLS") or 8)
CORE = "frappe.model.workflow"
CONTROLLER = "perjankin_app.perjankin_app.doctype.alur_persetujuan.alur_persetujuan"


# --------------------------------------------------------------------------------------------------------------------
# what has to agree


def disagreements() -> list[str]:
	"""Read anew, as after a restart."""
	frappe.db.rollback()
	frappe.set_user("Administrator")
	found = []
	for name in frappe.get_all(PK, pluck="name"):
		found += [f"{name}: {what}" for what in _about(frappe.get_doc(PK, name))]
	return [*found, *_about_the_workflow(), *_about_left_overs()]


def _about(doc):
	rows = frappe.get_all(
		"Riwayat Alur", {"perjanjian_kinerja": doc.name}, ["hash", *log.HASHED], order_by="urutan"
	)
	state, before = FIRST, ""
	for number, row in enumerate(rows, 1):
		if (row.urutan, row.dari) != (number, state):
			yield f"row {row.urutan} from {row.dari} is number {number} and follows {state}"
		if row.hash != log.fingerprint(row) or (row.hash_sebelumnya or "") != before:
			yield f"the hash of row {number} is wrong"
		state, before = row.ke, row.hash
	if doc.workflow_state != state:
		yield f"is {doc.workflow_state}, its log says {state}"
	if doc.docstatus != doc.chain().docstatus(state):
		yield f"docstatus {doc.docstatus} in {state}"
	waiting = {"reference_doctype": PK, "reference_name": doc.name, "status": "Open"}
	if stray := set(frappe.get_all("Workflow Action", waiting, pluck="workflow_state")) - {state}:
		yield f"Workflow Actions of {stray} in {state}"
	yield from _about_the_file(doc)


def _about_the_file(doc):
	attached = {"attached_to_doctype": PK, "attached_to_name": doc.name}
	urls = frappe.get_all("File", attached, pluck="file_url")
	if urls != ([doc.pdf_final] if doc.docstatus else []) or bool(doc.pdf_sha256) != bool(doc.docstatus):
		yield f"files {urls}, pdf_final {doc.pdf_final}, docstatus {doc.docstatus}"
	for url in urls:
		content = Path(frappe.get_site_path(url.lstrip("/"))).read_bytes()
		if hashlib.sha256(content).hexdigest() != doc.pdf_sha256:
			yield "the file is not the one that was signed"


def _about_the_workflow():
	"""Nothing between the old set of chains and the new one."""
	composed = compose(publisher._chains())
	stored = frappe.get_doc("Workflow", publisher.WORKFLOW)
	states = [(row.state, int(row.doc_status)) for row in stored.states]
	rows = [(r.state, r.action, r.next_state, r.allowed, r.condition) for r in stored.transitions]
	if states != [(s.name, s.docstatus) for s in composed.states]:
		yield "states of the Workflow and of the chains differ"
	if rows != [(t.state, t.action, t.next_state, t.allowed, t.condition) for t in composed.transitions]:
		yield "transitions of the Workflow and of the chains differ"
	for row in frappe.get_all("Alur Unit Kerja", {"parenttype": "Unit Kerja"}, ["parent", "alur"]):
		if (status := frappe.db.get_value(ALUR, row.alur, "status")) != "Berlaku":
			yield f"{row.parent} uses {row.alur}, which is {status}"
	for old in frappe.get_all(
		ALUR, {"menggantikan": ("is", "set"), "status": "Berlaku"}, pluck="menggantikan"
	):
		if (status := frappe.db.get_value(ALUR, old, "status")) != "Diganti":
			yield f"{old} was replaced and is {status}"


def _about_left_overs():
	"""A process killed between the file and the commit leaves one without a row: private, so that nobody can fetch it."""
	public = set(os.listdir(frappe.get_site_path("public", "files")))
	return [f"{name} lies open" for name in public if name.startswith("PK-")]


def files_on_disk() -> set[str]:
	return set(os.listdir(frappe.get_site_path("private", "files")))


# --------------------------------------------------------------------------------------------------------------------
# a process that is killed


class Victim:
	def __init__(self, site):
		line = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("victim.py")), site]
		self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

	def __call__(self, user, method, kwargs, die_at=0) -> int:
		"""Points passed by the job, 0 if it was killed."""
		frappe.db.commit()
		return self.do(user, method, kwargs, die_at)

	def do(self, user, method, kwargs, die_at=0) -> int:
		"""The same in a thread, which has no connection to commit."""
		job = dict(user=user, method=method, kwargs=kwargs, die_at=die_at)
		self.process.stdin.write(json.dumps(job) + "\n")
		self.process.stdin.flush()
		points = 0
		for line in self.process.stdout:
			word, *number = line.split()
			if word == "points":
				points = int(number[0])
			elif word == "end":
				assert int(number[0]) in (0, -9), "the job failed: see stderr"
				return points
		raise AssertionError("the process is gone")

	def close(self):
		self.process.stdin.close()
		self.process.wait()


@pytest.fixture(scope="module")
def victim(site):
	it = Victim(site)
	yield it
	it.close()


@pytest.fixture
def chain(committed):
	"""A chain for every level of OPD A, so that each post may have a PK."""
	name = factory.publish(jenjang=LEVELS)
	frappe.db.commit()
	yield name
	factory.purge()


def transition():
	doc = act(pk(), "Selesai", by=user("penyusun"))
	document = {"doctype": PK, "name": doc.name}
	return user("kasubbag"), f"{CORE}.apply_workflow", dict(doc=document, action="Paraf")


def signing():
	doc = forward(pk(), until=SIGN)
	document = {"doctype": PK, "name": doc.name}
	return user("kepala"), f"{CORE}.apply_workflow", dict(doc=document, action="Tanda Tangani")


def bulk():
	names = [act(pk(key), "Selesai", by=user("penyusun")).name for key in ("kepala", "sekretaris", "kabid")]
	return user("kasubbag"), f"{CORE}.bulk_workflow_approval", dict(docnames=json.dumps(names), doctype=PK, action="Paraf")  # fmt: skip


def publication():
	"""A revision, while one PK has not begun and another is on its way."""
	factory.purge()
	old = factory.publish(jenjang=LEVELS)
	pk("sekretaris")
	act(pk(), "Selesai", by=user("penyusun"))
	frappe.set_user("Administrator")
	draft = frappe.get_doc(ALUR, alur_persetujuan.revise(old))
	draft.langkah[1].status = "Uji Paraf Baru"
	draft.langkah[2].jika_tidak = "Uji Paraf Baru"
	draft.save()
	return user("admin"), f"{CONTROLLER}.publish", dict(name=draft.name)


JOBS = (transition, signing, bulk, publication)


@pytest.mark.parametrize("prepare", JOBS, ids=lambda job: job.__name__)
def test_a_process_that_is_killed_leaves_all_or_nothing(chain, victim, prepare, record_property):
	def prepared():
		factory.purge_documents()
		return prepare()

	points = victim(*prepared())
	assert points and not disagreements()
	luck = random.Random(f"{prepare.__name__} {KILLS}")
	index = JOBS.index(prepare)
	for _ in range(KILLS // len(JOBS) + (index < KILLS % len(JOBS))):
		job = prepared()
		die_at = luck.randint(1, points)
		while lived := victim(*job, die_at=die_at):  # what the first one had to read is cached on a bench
			assert lived < die_at
			points, job = lived, prepared()
			die_at = luck.randint(1, points)
		assert not disagreements(), f"killed at {die_at} of {points}"
		again(*job)
		assert not disagreements(), f"killed at {die_at} of {points}, and done again"


def again(login, method, kwargs):
	"""What the person does after the restart; where it had been stored already, the app says so."""
	frappe.set_user(login)
	try:
		frappe.get_attr(method)(**kwargs)
	except frappe.ValidationError:
		assert done(kwargs)
	frappe.db.commit()
	assert done(kwargs)


def done(kwargs) -> bool:
	frappe.db.rollback()
	if "docnames" in kwargs:
		return {frappe.db.get_value(PK, n, "workflow_state") for n in json.loads(kwargs["docnames"])} == {
			SIGN
		}
	if "doc" in kwargs:
		return frappe.db.get_value(PK, kwargs["doc"]["name"], "workflow_state") in (SIGN, SEND)
	return frappe.db.get_value(ALUR, kwargs["name"], "status") == "Berlaku"


# --------------------------------------------------------------------------------------------------------------------
# a full disk, a PDF that can't be made


@pytest.fixture
def to_sign(chain):
	doc = forward(pk(), until=SIGN)
	frappe.db.commit()
	return doc


def refused_to_sign(doc) -> str:
	"""The message; nothing else is left of the attempt."""
	before = files_on_disk()
	with pytest.raises(frappe.ValidationError) as refusal:
		act(doc, "Tanda Tangani", by=user("kepala"))
	assert not disagreements()
	assert frappe.get_doc(PK, doc.name).workflow_state == SIGN
	assert files_on_disk() == before
	return str(refusal.value)


@pytest.mark.parametrize("call", ["open", "fsync"])
def test_a_full_disk_leaves_the_pk_unsigned_and_says_why(to_sign, monkeypatch, call):
	def full(*args, **kwargs):
		raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), frappe.get_site_path("private"))

	def full_for_pdf(path, mode="r", *args, **kwargs):
		return full() if str(path).endswith(".pdf") and "w" in mode else open(path, mode, *args, **kwargs)

	if call == "fsync":  # the file is there, a part of it is written
		monkeypatch.setattr(os, "fsync", full)
	else:
		module = sys.modules[frappe.get_doc(doctype="File").__class__.__module__]
		monkeypatch.setattr(module, "open", full_for_pdf, raising=False)
	words = refused_to_sign(to_sign)
	assert "belum ditandatangani" in words and os.strerror(errno.ENOSPC) in words
	assert "private" not in words
	monkeypatch.undo()
	act(to_sign, "Tanda Tangani", by=user("kepala"))
	assert not disagreements()


def test_a_left_over_of_a_killed_process_opens_to_nobody_and_hinders_nobody(client, to_sign):
	"""The disk knows no transactions: what a process wrote before it was killed stays, without a row."""
	left_over = Path(frappe.get_site_path("private", "files", f"{to_sign.name}.pdf"))
	left_over.write_bytes(b"%PDF-left-over")
	try:
		for login in ("kepala", "penyusun"):
			assert client(user(login)).get(f"/private/files/{left_over.name}").status_code in (403, 404)
		act(to_sign, "Tanda Tangani", by=user("kepala"))
		assert not disagreements()
	finally:
		left_over.unlink()


def test_a_pdf_that_fails_leaves_the_pk_unsigned_and_says_why(to_sign, monkeypatch):
	def broken(html):
		raise RuntimeError("mesin <b>PDF</b> berhenti")

	monkeypatch.setattr(pdf, "make_pdf", broken)
	words = refused_to_sign(to_sign)
	assert "belum ditandatangani" in words and "mesin &lt;b&gt;PDF" in words


# --------------------------------------------------------------------------------------------------------------------
# two at the same moment


def words(response) -> str:
	messages = json.loads(response.json.get("_server_messages", "[]"))
	return " ".join(json.loads(m)["message"] for m in messages)


def is_told_plainly(response) -> bool:
	"""That somebody was faster, in Indonesian; core's own words are English on every site."""
	said = words(response)
	return response.status_code == 417 and "Muat ulang" in said and "modified" not in said


def post(client, method, **values):
	return client.post(f"/api/method/{method}", json=values)


def save(client, form: str):
	return post(client, "frappe.desk.form.save.savedocs", doc=form, action="Save")


def test_who_saves_a_stale_form_is_told(client, chain):
	stale = pk()
	alur = frappe.get_doc(ALUR, chain)
	frappe.db.commit()
	stale.tempat = alur.peralatan = "Kota Uji"
	for form, by in ((frappe.as_json(stale), "penyusun"), (frappe.as_json(alur), "admin")):
		assert save(client(user(by)), form).status_code == 200
		late = save(client(user(by)), form)
		assert is_told_plainly(late), words(late)


ROUNDS = 4  # on MariaDB each of them failed once; SQLite lets one write at a time


def rivals(client, doctype, *rows):
	"""Each row is inserted by another admin at the same moment, ROUNDS times; how many were stored, each time."""
	frappe.set_user("Administrator")
	clients, counts = [client(user("pemda", PEMDA)), client(f"sistem@{factory.DOMAIN}")], []
	before = set(frappe.get_all(doctype, pluck="name"))
	for _ in range(ROUNDS):
		frappe.db.commit()
		at_once(
			*(
				lambda c=c, row=row: c.post(f"/api/resource/{doctype}", json=row)
				for c, row in zip(clients, rows, strict=True)
			)
		)
		frappe.db.rollback()
		made = set(frappe.get_all(doctype, pluck="name")) - before
		counts.append(len(made))
		for name in made:
			frappe.delete_doc(doctype, name)
	frappe.db.commit()
	return counts


def test_two_definitive_holders_at_once(client):
	frappe.set_user("Administrator")
	jabatan = factory.make(
		"Jabatan", nama="Kabid Rebutan", unit="Bidang - UJI-A", jenjang="Administrator", struktural=1
	)
	officials = [frappe.db.get_value("Pejabat", {"user": user(key)}) for key in ("staf", "tim")]
	held = dict(jabatan=jabatan, status="Definitif", mulai="2026-01-01")
	try:
		counts = rivals(client, "Penugasan Jabatan", *({**held, "pejabat": name} for name in officials))
		assert counts == [1] * ROUNDS
	finally:
		frappe.delete_doc("Jabatan", jabatan)
		frappe.db.commit()


@pytest.mark.parametrize(
	"same",
	[
		dict(status_kepegawaian="Non ASN", user="rebutan@uji.example"),
		dict(status_kepegawaian="PNS", nip="198502282010011234"),
	],
)
def test_two_officials_of_one_account_or_nip_at_once(client, same):
	frappe.set_user("Administrator")
	frappe.get_doc(
		doctype="User", email="rebutan@uji.example", first_name="Uji rebutan", send_welcome_email=0
	).insert(ignore_if_duplicate=True)
	try:
		rows = (dict(same, nama=f"Uji rebutan {opd}", opd=opd) for opd in (A, B))
		assert rivals(client, "Pejabat", *rows) == [1] * ROUNDS
	finally:
		frappe.delete_doc("User", "rebutan@uji.example", force=True)
		frappe.db.commit()


def test_a_meeting_deleted_while_it_completes_its_step(client):
	"""Either the step has its proof, or it is not completed."""
	factory.publish(papers=[("Draf", "Hasil", "Daftar Hadir")])
	try:
		for _ in range(ROUNDS):
			doc = pk()
			held = meeting(doc)
			frappe.db.commit()
			c = client(user("penyusun"))
			at_once(
				lambda c=c, doc=doc: post(
					c,
					"frappe.model.workflow.apply_workflow",
					doc=json.dumps({"doctype": PK, "name": doc.name}),
					action="Selesai",
				),
				lambda c=c, held=held: c.delete(f"/api/resource/Rapat Pembahasan/{held.name}"),
			)
			frappe.db.rollback()
			state = frappe.db.get_value(PK, doc.name, "workflow_state")
			assert state == "Draf" or frappe.db.exists("Rapat Pembahasan", held.name)
			factory.purge_documents()
	finally:
		factory.purge()


def test_of_two_who_save_one_pk_one_wins_and_the_other_is_told(client, chain):
	with factory.also("tim", "PK Penyusun"):
		doc = pk()
		frappe.db.commit()
		frappe.set_user("Administrator")
		clients = {name: client(user(name)) for name in ("penyusun", "tim")}
		forms = {name: frappe.as_json({**doc.as_dict(), "tempat": name}) for name in clients}
		answers = at_once(*(lambda n=n: save(clients[n], forms[n]) for n in clients))
	won = [name for name, answer in zip(clients, answers, strict=True) if answer.status_code == 200]
	lost = [answer for answer in answers if answer.status_code != 200]
	assert len(won) == 1 and is_told_plainly(lost[0]), [words(a) for a in answers]
	assert not disagreements()
	assert frappe.db.get_value(PK, doc.name, "tempat") == won[0]


def insert_until_taken(client, values):
	"""With innodb_snapshot_isolation (MariaDB 11.6 on) some of those who save at once are told to do it again."""
	for _time in range(20):
		answer = client.post(f"/api/resource/{PK}", json=values)
		if answer.status_code == 200 or "pada saat yang sama" not in words(answer):
			break
	return answer


def test_many_who_insert_at_once_get_a_number_each(client, chain):
	pk()  # core itself: of two who want a series' very first number on MariaDB, one is told to try again
	frappe.db.commit()
	factory.purge_documents()
	frappe.set_user("Administrator")
	factory.publish(opd=B, name="SOP Uji B", jenjang=LEVELS)
	posts = [
		(
			opd,
			dict(unit=frappe.db.get_value("Jabatan", name, "unit"), jabatan=name, periode=str(factory.YEAR)),
		)
		for opd in (A, B)
		for key in ("kepala", "sekretaris", "kasubbag", "kabid", "kasi", "staf")
		for name in [factory.post(key, opd)]
	]
	frappe.db.commit()
	clients = {opd: client(user("penyusun", opd)) for opd in (A, B)}
	lanes = [posts[start::4] for start in range(4)]

	def insert(lane):
		return [insert_until_taken(clients[opd], values) for opd, values in lane]

	answers = [
		answer for lane in at_once(*(lambda lane=lane: insert(lane) for lane in lanes)) for answer in lane
	]
	assert {a.status_code for a in answers} == {200}, [words(a) for a in answers]
	numbers = sorted(int(a.json["data"]["name"].rsplit("-", 1)[1]) for a in answers)
	assert numbers == list(range(numbers[0], numbers[0] + len(posts)))
	frappe.db.rollback()
	assert frappe.db.count(PK) == len(posts)


def draft(opd, name, state):
	rows = [dict(row) for row in factory.SIMPLE]
	rows[1]["status"] = rows[2]["jika_tidak"] = state
	return frappe.get_doc(doctype=ALUR, nama=name, opd=opd, langkah=rows).insert().name


def test_two_agencies_publish_at_once_and_no_chain_is_lost(client, chain):
	frappe.set_user("Administrator")
	names = {opd: draft(opd, f"SOP {state}", state) for opd, state in ((A, "Uji Cek A"), (B, "Uji Cek B"))}
	frappe.db.commit()
	clients = {opd: client(user("admin", opd)) for opd in names}

	def publish(opd):
		return post(clients[opd], f"{CONTROLLER}.publish", name=names[opd], jenjang="Fungsional")

	answers = dict(zip(names, at_once(*(lambda opd=opd: publish(opd) for opd in names)), strict=True))
	for opd, answer in answers.items():
		if answer.status_code != 200:  # MariaDB: what the faster one wrote is not in this one's snapshot
			assert is_told_plainly(answer), words(answer)
			assert publish(opd).status_code == 200
	assert not disagreements()
	stored = frappe.get_doc("Workflow", publisher.WORKFLOW)
	assert {"Uji Cek A", "Uji Cek B", PARAF} <= {row.state for row in stored.states}
	assert set(frappe.get_all(ALUR, {"status": "Berlaku"}, pluck="name")) == {chain, *names.values()}


def test_one_chain_revised_twice_at_once_has_one_successor(client, chain):
	frappe.db.commit()
	first, second = client(user("admin")), client(user("pemda", factory.PEMDA))
	answers = at_once(*(lambda c=c: post(c, f"{CONTROLLER}.revise", name=chain) for c in (first, second)))
	frappe.db.rollback()
	drafts = frappe.get_all(ALUR, {"menggantikan": chain}, pluck="name")
	assert [a.json.get("message") for a in answers] == drafts * 2, [words(a) for a in answers]
	answers = at_once(
		*(lambda c=c: post(c, f"{CONTROLLER}.publish", name=drafts[0]) for c in (first, second))
	)
	assert sorted(a.status_code for a in answers) == [200, 417], [words(a) for a in answers]
	assert "Konsep" in words(next(a for a in answers if a.status_code == 417))
	assert not disagreements()
	assert chains.for_post(A, "JPT") == drafts[0]


# --------------------------------------------------------------------------------------------------------------------
# numbers of letters


PROCESSES, EACH = 4, 50


def test_numbers_asked_for_at_once_have_no_gap_and_no_double(site, committed):
	factory.publish()
	frappe.set_user(user("penyusun"))
	doc = pk()
	names = []
	for _ in range(PROCESSES * EACH):
		given = frappe.get_doc(
			doctype="Naskah Dinas",
			perjanjian_kinerja=doc.name,
			jenis_dokumen="Surat Pengantar",
			kepada="Sekretaris Daerah",
			perihal="Penyampaian PK",
		).insert()
		given.db_set("status", "Ditetapkan")
		names.append(given.name)
	frappe.db.commit()
	victims = [Victim(site) for _ in range(PROCESSES)]
	try:
		ask_at_once(victims, names)
		frappe.db.rollback()
		lines = frappe.get_all("Register Naskah", {"opd": A}, ["urut", "nomor", "naskah_dinas"])
		assert sorted(line.urut for line in lines) == list(range(1, PROCESSES * EACH + 1))
		assert {line.naskah_dinas for line in lines} == set(names)
		given = dict(frappe.get_all("Naskah Dinas", {"name": ("in", names)}, ["name", "nomor"], as_list=True))
		assert given == {line.naskah_dinas: line.nomor for line in lines}
	finally:
		for victim in victims:
			victim.close()
		factory.purge()


def ask_at_once(victims, names):
	def ask(victim, mine):
		for name in mine:
			victim.do(user("penyusun"), f"{naskah_dinas.__name__}.give_number", {"name": name})

	threads = [
		threading.Thread(target=ask, args=(victim, names[number::PROCESSES]))
		for number, victim in enumerate(victims)
	]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
