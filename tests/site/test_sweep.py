"""The sweep: every whitelisted function of the installed engine, called about records of an own and of another OPD.

What is answered about a record of another OPD says no more than what is answered where there is no such record: not a title, not a
value, not a count. docs/develop.md says how to run all of it and how to read what it prints.
"""

import json
import os
import random
import re
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
	frappe.db.set_value(
		PK,
		doc.name,
		{"tempat": f"Tempat {mark}", "pihak_pertama_nama": f"Nama {mark}", "total_anggaran": int(number)},
	)
	about = {"reference_doctype": PK, "reference_name": doc.name}
	file = frappe.get_doc(
		doctype="File", file_name=f"berkas-{mark}.txt", content=f"isi {mark} {opd}", is_private=1, attached_to_doctype=PK,
		attached_to_name=doc.name,
	).insert(ignore_permissions=True)  # fmt: skip
	mail = frappe.get_doc(doctype="Communication", subject=f"Surat {mark}", content=mark, **about).insert(
		ignore_permissions=True
	)
	comment = frappe.get_doc(
		doctype="Comment", comment_type="Comment", content=f"Kata {mark}", **about
	).insert(ignore_permissions=True)
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

# Where an existing record is answered with 200 as no record is not; only that, never a word of it: function: why
ALLOWED = {
	"frappe.client.get_doc_permissions": "its answer 'none' is a refusal",
	"frappe.client.has_permission": "its answer 'no' is a refusal; about a row it knows the role only",
	"frappe.realtime.has_permission": "its answer 'no' is a refusal; about a row it knows the role only",
	"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs": "it lists what it was refused",
	"frappe.client.bulk_update": "it lists what it was refused",
	"frappe.desk.reportview.delete_items": "it lists what it was refused",
	"frappe.model.workflow.bulk_workflow_approval": "it lists what it was refused",
	"frappe.client.validate_link": "v15 tells a link field that the name exists, and no value of it",
	"frappe.printing.page.print.print.get_print_settings_to_show": "settings of the DocType, nothing of the record",
}
# records of Frappe's own that tell of ours: what Frappe lets anybody do with them (like them, comment on them, note them down) is
# Frappe's; but no word of them is told
OF_FRAPPE = ("file", "mail", "comment", "task", "version")


def plain(text: str, name: str) -> str:
	"""The answer without what differs between any two: the name that was asked for, times, random names."""
	text = text.replace(name, "«name»")
	text = re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?", "«time»", text)
	return re.sub(r'"[a-z0-9]{10}"|\b(?=\w*\d)(?=\w*[a-z])[0-9a-z]{10,}\b', "«random»", text)


def faults(name, kind, other, absent, subject) -> list[str]:
	"""What is wrong with an answer about another's record, beside the one about no record."""
	found = []
	if SECRET[A].search(other.text):
		found.append("it tells a word of it")
	if other.given and other.wrote & {*ALL_RECORDS}:
		found.append(f"it wrote {sorted(other.wrote & {*ALL_RECORDS})}")
	if other.given and kind not in (*OF_FRAPPE, "master") and name not in ALLOWED:
		if not absent.given or plain(other.text, subject.name) != plain(absent.text, subject.absent().name):
			found.append("it answers otherwise than about no record")
		if other.wrote != absent.wrote:
			found.append(f"it wrote {sorted(other.wrote ^ absent.wrote)}")
	return found


class Figures:
	def __init__(self):
		self.calls, self.differing = 0, 0
		# names of functions: called; with a DocType or name of ours; where that reached the body, or a question of ours; that told
		# an own record's words to whoever may read them; that wanted to commit; that wanted to send or to start something
		self.called, self.naming, self.reached, self.telling, self.committing, self.starting = (
			set() for _ in range(6)
		)


FIGURES = Figures()


@pytest.fixture(scope="module")
def sweeper(site, subjects):
	return Sweeper(site)


def test_tells_nothing_of_another_opd(name, sweeper, subjects, committed, monkeypatch):
	function = _callables()[0][name]
	kinds = dict.fromkeys(kind for kind, _opd in subjects)
	cases = [
		(
			kind,
			login,
			subjects[kind, A],
			*(sweep.request_of(function, each, login) for each in three(subjects, kind)),
		)
		for kind in kinds
		for login in (STAFF, ADMIN, INSPECTOR, WEBSITE)
	]
	with sweeper.nothing_stays(monkeypatch):
		wrong = [line for case in once_each(cases) for line in asked(sweeper, function, *case)]
	FIGURES.called.add(name)
	FIGURES.differing += len(wrong)
	assert not wrong, "\n".join((f"{len(wrong)} differences, the first of them:", *wrong[:3]))


def three(subjects, kind):
	return subjects[kind, B], subjects[kind, A], subjects[kind, A].absent()


def once_each(cases) -> list:
	"""Without those that say the same as one before: the function takes no DocType and no name."""
	return list(
		{
			(login, json.dumps(to_other)): case
			for case in reversed(cases)
			for _k, login, _s, _own, to_other, _none in [case]
		}.values()
	)


def asked(sweeper, function, kind, login, subject, to_own, to_other, to_none) -> list[str]:
	"""Asks by all that this login may ask about; returns what is wrong."""

	def ask(request, of=None):
		answer = sweeper.call(function, login, request)
		note(function, answer, bool(of and function.names(request, of)))
		return answer

	other = ask(to_other, subject)
	if login == INSPECTOR:  # reads everything, changes nothing
		found = (
			[f"it wrote {sorted(other.wrote & {*ALL_RECORDS})}"]
			if other.given and other.wrote & {*ALL_RECORDS}
			else []
		)
		return [told(kind, login, found, to_other, other)] if found else []
	wrong = []
	if login in OF_B and to_own != to_other:
		own = ask(to_own)
		if own.given and SECRET[B].search(own.text):
			FIGURES.telling.add(function.name)
		if SECRET[A].search(own.text):
			wrong.append(told(kind, login, ["about an own record it tells a word of another's"], to_own, own))
	absent = ask(to_none) if to_none != to_other and kind not in (*OF_FRAPPE, "master") else other
	if found := faults(function.name, kind, other, absent, subject):
		wrong.append(told(kind, login, found, to_other, other, absent))
	return wrong


def note(function, answer, names_it: bool):
	FIGURES.calls += 1
	if names_it:
		FIGURES.naming.add(function.name)
		if answer.body_ran or answer.guarded:
			FIGURES.reached.add(function.name)
	if answer.committed:
		FIGURES.committing.add(function.name)
	if answer.started:
		FIGURES.starting.add(function.name)


def told(kind, login, found, request, *answers) -> str:
	lines = (f"    {answer.status} {sorted(answer.wrote)} {answer.text[-500:]}" for answer in answers)
	return "\n".join((f"{kind}, {login}: {'; '.join(found)}: {json.dumps(request)}", *lines))


def test_figures(capsys):
	"""Last: what was reached. With less than that, the answers above would prove little."""
	found, unnamed = _callables()
	f = FIGURES
	if not f.called:
		pytest.skip("nothing was called")
	skipped = {**SKIPPED, **dict.fromkeys(unnamed, "no request can name it")}
	with capsys.disabled():
		print(
			f"\n{len(found) + len(unnamed)} functions, {len(f.called)} called in {f.calls} calls; {len(skipped)} skipped"
		)
		print(*(f"  skipped: {name}: {why}" for name, why in skipped.items()), sep="\n")
		print(
			f"{len(f.reached)} of {len(f.naming)} that take a DocType or name were reached with a record's; not so:"
		)
		print(*(f"  {name}" for name in sorted(f.naming - f.reached)), sep="\n")
		print(
			f"{len(f.telling)} told an own record's words to its readers; {len(f.committing)} wanted to commit, "
			f"{len(f.starting)} to send or start something; {f.differing} differences"
		)
	assert len(f.reached) >= 0.9 * len(f.naming)
	assert f.telling or len(f.called) < len(found) / 2, (
		"nobody was told anything: the sweep would not see an answer"
	)


def test_nothing_stayed(subjects):
	"""The calls were rolled back: the records are as they were made."""
	frappe.db.rollback()
	for (_kind, opd), subject in subjects.items():
		assert MARK[opd] in str(
			frappe.db.get_value(subject.doctype, subject.name, subject.title)
		) or subject.kind in ("master", "row"), subject
	assert frappe.db.count(PK, {"docstatus": 0}) == 2
