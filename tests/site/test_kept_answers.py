"""Who holds what is asked once per request, and anew from the first write on: whatever wrote, and whatever undid it."""

import factory
import frappe
import pytest
from factory import A, B, user
from test_query_counts import counted

from perjankin_app import assignments, permissions
from perjankin_app.per_request import asked_once

PK = "Perjanjian Kinerja"
ADMIN = user("admin")


def opens(login=ADMIN) -> list[str]:
	return permissions.permitted_opd(login, PK)


@pytest.fixture
def clean(committed):
	"""At the start of a request: nothing is written yet. What the test writes it must take back."""
	frappe.db.commit()
	assert not frappe.db.transaction_writes
	assert opens() == [A]


def test_the_second_time_nothing_is_asked(clean):
	for _time in range(2):  # the first time also brings the metas
		with counted() as seen:
			assert opens() == [A]
			permissions.file_query(ADMIN, "File")
			permissions.chain_query(ADMIN, "Alur Persetujuan")
	assert not seen, "\n".join(seen)


def test_users_and_days_are_kept_apart(clean):
	assert opens(user("admin", B)) == [B] and opens() == [A]
	assert assignments.in_force(user=ADMIN, on="2019-12-31") == []
	assert [row.user for row in assignments.in_force(user=ADMIN)] == [ADMIN]


def test_what_a_caller_does_with_a_row_stays_with_the_caller(clean):
	assignments.in_force(user=ADMIN)[0].scope = B
	assert opens() == [A]


def without_role():
	doc = frappe.get_doc("Jabatan", factory.post("admin"))
	doc.peran = []
	doc.flags.ignore_permissions = True
	doc.save()


def ended():
	doc = frappe.get_doc("Penugasan Jabatan", factory.assignment("admin"))
	doc.selesai = "2024-12-31"
	doc.save()


def deleted():
	frappe.delete_doc("Penugasan Jabatan", factory.assignment("admin"), force=True)


def account_cut():
	doc = frappe.get_doc("Pejabat", {"user": ADMIN})
	doc.user = None
	doc.save()


def set_past_every_controller():
	frappe.db.set_value("Pejabat", {"user": ADMIN}, "user", None)


def by_plain_sql():
	frappe.db.sql(
		"update `tabPenugasan Jabatan` set selesai = '2024-12-31' where name = %s",
		factory.assignment("admin"),
	)


def lingkup_moved():
	frappe.db.set_value("Jabatan", factory.post("admin"), "lingkup", B)


CHANGES = [
	ended,
	deleted,
	account_cut,
	set_past_every_controller,
	by_plain_sql,
	lingkup_moved,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_counts_at_once_and_no_more_once_it_is_undone(clean, change, monkeypatch):
	# late v15 commits where it ends the sessions of a user who has lost the last role
	monkeypatch.setattr(frappe.local.db, "commit", lambda *args, **kwargs: None)
	frappe.db.savepoint("unchanged")
	change()
	assert opens() != [A]
	frappe.db.rollback(save_point="unchanged")
	assert opens() == [A]
	change()
	assert opens() != [A]
	frappe.db.rollback()
	assert opens() == [A]


def test_a_jabatan_without_its_role(clean):
	assert permissions.permitted_opd(ADMIN, "Jabatan", "write") == [A]
	without_role()
	assert permissions.permitted_opd(ADMIN, "Jabatan", "write") == []
	frappe.db.rollback()
	assert permissions.permitted_opd(ADMIN, "Jabatan", "write") == [A]


def test_an_opd_that_is_moved_below_another(clean):
	head = user("pemda", factory.PEMDA)
	before = set(opens(head))
	factory.make(
		"Unit Kerja",
		nama="Dinas Uji Baru",
		singkatan="UJI-BARU",
		jenis="OPD",
		is_group=1,
		parent_unit_kerja=factory.PEMDA,
	)
	assert set(opens(head)) - before == {"Dinas Uji Baru"}
	frappe.db.rollback()
	assert set(opens(head)) == before


def test_after_a_commit_the_next_transaction_asks_again(clean):
	official = frappe.db.get_value("Pejabat", {"user": ADMIN})
	frappe.db.set_value("Pejabat", official, "user", None)
	frappe.db.commit()  # nobody asked between the write and this
	try:
		assert not frappe.db.transaction_writes
		assert opens() == []
	finally:
		frappe.db.set_value("Pejabat", official, "user", ADMIN)
		frappe.db.commit()
	assert opens() == [A]


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_a_transaction_that_only_read_forgets_too(clean, end):
	"""What others committed meanwhile is seen by the next one."""
	answers = iter("ab")
	question = asked_once(lambda: next(answers))
	assert question() == question() == "a"
	getattr(frappe.db, end)()
	assert question() == "b"
