"""The sweep: every whitelisted function of the installed engine, called about records of an own and of another OPD.

What is answered about a record of another OPD says no more than what is answered where there is no such record: not a title, not a
value, not a count. docs/develop.md says how to run all of it and how to read what it prints.
"""

import json
import os
import random
import re
from collections import Counter
from datetime import date

import factory
import frappe
import pytest
import sweep
from conftest import PASSWORD
from factory import DOMAIN, PEMDA, A, B, user
from frappe.utils.password import update_password
from sweep import Subject, Sweeper

from perjankin_app.records import ALL_RECORDS

PK = "Perjanjian Kinerja"
PARTS, SEED = 10, 12
# words and numbers that only stand in records of that OPD
MARK = {A: "QZXA", B: "QZXB"}
NUMBER = {A: "73194", B: "62953"}
SECRET = {opd: re.compile(f"{MARK[opd]}|{NUMBER[opd]}", re.I) for opd in (A, B)}
WEBSITE = f"situs@{DOMAIN}"
STAFF, ADMIN, INSPECTOR = user("staf", B), user("admin", B), user("inspektur", PEMDA)
OF_B = (STAFF, ADMIN)

# ------------------------------------------------------------------------------------------------------ which functions

# function: why it is not called
SKIPPED = {}
# what ends sessions, commits, sends or starts something, runs last
HEAVY = "commit rollback logout clear_sessions delete_session sendmail enqueue enqueue_doc sql_ddl clear_cache popen Popen".split()


def selected() -> list:
	"""SWEEP=all: all of them; SWEEP=3: the third part of ten; otherwise the day's part."""
	found, _unnamed = _callables()
	names = [name for name in found if name not in SKIPPED]
	if (part := os.environ.get("SWEEP") or str(date.today().toordinal() % PARTS)) != "all":
		random.Random(SEED).shuffle(names)
		names = names[int(part) % PARTS :: PARTS]
	return sorted(names, key=lambda name: (found[name].mentions(*HEAVY), name))


def _callables(kept=[]):  # noqa: B006
	if not kept:
		kept.append(sweep.callables())
	return kept[0]


def pytest_generate_tests(metafunc):
	if "name" in metafunc.fixturenames:
		metafunc.parametrize("name", selected())


# ---------------------------------------------------------------------------------------------------------- the records


@pytest.fixture(scope="module")
def subjects(world):
	"""{(kind, OPD): Subject}, committed."""
	purge()
	found = {}
	for opd in (A, B):
		found.update({(subject.kind, opd): subject for subject in records_of(opd)})
	frappe.set_user("Administrator")
	frappe.get_doc(
		doctype="User", email=WEBSITE, first_name="Uji situs", send_welcome_email=0, user_type="Website User"
	).insert(ignore_permissions=True)
	for login in (STAFF, ADMIN, INSPECTOR, WEBSITE):
		update_password(login, PASSWORD)
	frappe.db.commit()
	yield found
	purge()


def records_of(opd):
	mark, number = MARK[opd], NUMBER[opd]
	chain = factory.publish(opd=opd, name=f"SOP {mark}")
	goal = factory.make("Sasaran Kinerja", nama=f"Sasaran {mark}", tingkat="Sasaran Strategis", opd=opd)
	doc = factory.act(factory.pk(opd=opd), "Selesai", by=user("penyusun", opd))
	frappe.set_user("Administrator")
	row = doc.target[0].name
	frappe.db.set_value("Langkah Alur", {"parent": chain, "idx": 2}, "kegiatan", f"Memaraf {mark}")
	frappe.db.set_value(
		"Target Kinerja", row, {"target": number, "indikator_teks": f"Indikator {mark}", "keterangan": mark}
	)
	frappe.db.set_value(PK, doc.name, {"tempat": f"Tempat {mark}", "pihak_pertama_nama": f"Nama {mark}", "total_anggaran": int(number)})
	about = {"reference_doctype": PK, "reference_name": doc.name}
	file = frappe.get_doc(
		doctype="File", file_name=f"berkas-{mark}.txt", content=f"isi {mark} {opd}", is_private=1, attached_to_doctype=PK,
		attached_to_name=doc.name,
	).insert(ignore_permissions=True)  # fmt: skip
	mail = frappe.get_doc(doctype="Communication", subject=f"Surat {mark}", content=mark, **about).insert(ignore_permissions=True)
	comment = frappe.get_doc(doctype="Comment", comment_type="Comment", content=f"Kata {mark}", **about).insert(ignore_permissions=True)
	todo = frappe.get_doc(
		doctype="ToDo", description=f"Tugas {mark}", reference_type=PK, reference_name=doc.name, allocated_to=user("kasubbag", opd)
	).insert(ignore_permissions=True)  # fmt: skip
	version = frappe.get_doc(
		doctype="Version", ref_doctype=PK, docname=doc.name, data=json.dumps({"changed": [["tempat", "", mark]]})
	).insert(ignore_permissions=True)  # fmt: skip
	head, common = user("kepala", opd), {"url": file.file_url, "trace": mail.name}
	yield Subject("record", PK, doc.name, "tempat", head, **common)
	yield Subject("row", "Target Kinerja", row, "target", head, parent=(PK, doc.name), **common)
	yield Subject("tree", "Sasaran Kinerja", goal, "nama", head, **common)
	yield Subject("master", "Nomenklatur", "9.99.01", "nama", head, **common)
	yield Subject("file", "File", file.name, "file_name", head, **common)
	yield Subject("chain", "Alur Persetujuan", chain, "nama", head, **common)
	yield Subject("mail", "Communication", mail.name, "subject", head, **common)
	yield Subject("comment", "Comment", comment.name, "content", head, **common)
	yield Subject("task", "ToDo", todo.name, "description", head, **common)
	yield Subject("version", "Version", version.name, "data", head, **common)


def purge():
	frappe.set_user("Administrator")
	frappe.db.rollback()
	for doctype in ("Communication", "Comment"):
		frappe.db.delete(doctype, {"reference_doctype": PK})
	frappe.db.delete("Version", {"ref_doctype": PK})
	frappe.db.delete("ToDo", {"reference_type": PK})
	factory.purge()
	for name in frappe.get_all("Sasaran Kinerja", {"nama": ("like", "Sasaran QZX%")}, pluck="name"):
		frappe.delete_doc("Sasaran Kinerja", name, force=True)
	if frappe.db.exists("User", WEBSITE):
		frappe.delete_doc("User", WEBSITE, force=True)
	frappe.db.commit()


# -------------------------------------------------------------------------------------------------------- the comparison


def plain(text: str, name: str) -> str:
	"""The answer without what differs between any two: the name asked for, times, random tokens."""
	text = text.replace(name, "«name»")
	text = re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?", "«time»", text)
	return re.sub(r"\b(?=\w*\d)(?=\w*[a-z])[0-9a-z]{10,}\b", "«token»", text)


def told(subject, other, absent) -> list[str]:
	"""What the answer about another's record says more than the one about no record."""
	found = []
	if SECRET[A].search(other.text):
		found.append("a word of it")
	if other.given and (not absent.given or plain(other.text, subject.name) != plain(absent.text, subject.absent().name)):
		found.append("another answer")
	if other.given and other.wrote != absent.wrote:
		found.append(f"it wrote {sorted(other.wrote ^ absent.wrote)}")
	if other.given and other.wrote & {*ALL_RECORDS}:
		found.append("it wrote to a record of ours")
	return found


COUNTED = Counter()
REACHED, TAKING = set(), set()
OWN_TOLD = set()


@pytest.fixture(scope="module")
def sweeper(site, subjects):
	found = Sweeper(site)
	return found


def test_tells_nothing_of_another_opd(name, sweeper, subjects, committed, monkeypatch):
	function = _callables()[0][name]
	cases = []
	for kind in dict.fromkeys(kind for kind, _opd in subjects):
		own, other = subjects[kind, B], subjects[kind, A]
		for login in (STAFF, ADMIN, INSPECTOR, WEBSITE):
			requests = [sweep.request_of(function, each, login) for each in (own, other, other.absent())]
			cases.append((kind, login, own, other, requests))
	wrong, asked = [], set()
	with sweeper.nothing_stays(monkeypatch):
		for kind, login, own, other, requests in cases:
			wrong += compare(function, sweeper, kind, login, own, other, requests, asked)
	with open("/tmp/sw/out.txt", "a") as f:
		for w in wrong:
			print(name, *w[:4], file=f)
			for x in w[4:]: print("     ", x.status, x.wrote, x.text[-600:], file=f)
	with open("/tmp/sw/ran.txt", "a") as f:
		print(name, name in TAKING, name in REACHED, file=f)
	assert not wrong


def compare(function, sweeper, kind, login, own, other, requests, asked):
	wrong = []
	name = function.name
	to_own, to_other, to_none = requests

	def ask(subject, request):
		answer = sweeper.call(function, login, request)
		COUNTED["calls"] += 1
		if subject and names(request, subject):
			TAKING.add(name)
			if answer.body_ran or answer.guarded:
				REACHED.add(name)
		return answer

	key = (login, json.dumps(to_other))
	if key in asked:  # its arguments name no record
		return []
	asked.add(key)
	about_other = ask(other, to_other)
	if login == INSPECTOR:
		if about_other.given and about_other.wrote & {*ALL_RECORDS}:
			wrong.append((kind, login, ["it wrote to a record of ours"], to_other, about_other))
		return wrong
	if login in OF_B and to_own != to_other:
		about_own = ask(own, to_own)
		if SECRET[B].search(about_own.text) and about_own.given:
			OWN_TOLD.add(name)
		if SECRET[A].search(about_own.text):
			wrong.append((kind, login, ["own, and a word of the other"], to_own, about_own))
	about_none = ask(None, to_none) if to_none != to_other else about_other
	if kind == "master":
		if SECRET[A].search(about_other.text):
			wrong.append((kind, login, ["word"], to_other, about_other))
		return wrong
	if more := told(other, about_other, about_none):
		wrong.append((kind, login, more, to_other, about_other, about_none))
	return wrong


def names(request, subject) -> bool:
	return subject.name in json.dumps(request) or subject.doctype in json.dumps(request)


def test_figures():
	print(COUNTED, len(TAKING), len(REACHED), len(OWN_TOLD))
	print("not reached", sorted(TAKING-REACHED))
	print(_callables()[1])
