"""Sessions of officials: core ends those of a user who loses the last role or gets the first one, by a save of the User.

An official who keeps a Penugasan keeps the session too, whatever happens to the others; the clients of these tests notice
a session that has ended.
"""

from contextlib import contextmanager

import factory
import frappe
import pytest
from factory import A, B, user
from frappe.core.doctype.user.user import User
from frappe.sessions import clear_sessions
from frappe.utils import add_days, today

from perjankin_app import grants

STAFF = user("staf")
YESTERDAY = add_days(today(), -1)
WHOAMI = "/api/method/frappe.auth.get_logged_user"


def official(key: str) -> str:
	return frappe.db.get_value("Pejabat", {"user": user(key)})


def roles(login) -> set:
	return {r for r in frappe.get_all("Has Role", {"parent": login}, pluck="role") if r.startswith("PK ")}


@contextmanager
def put_back():
	"""Afterwards the Penugasan and accounts of OPD A are as before, committed."""
	logins = {key: user(key) for key in ("staf", "tim")}
	before = {key: factory.assignment(key) for key in logins}
	try:
		yield
	finally:
		frappe.db.rollback()
		frappe.set_user("Administrator")
		for key, login in logins.items():
			frappe.db.set_value("User", login, "first_name", f"Uji {key} UJI-A")
			for name in frappe.get_all("Penugasan Jabatan", {"pejabat": official(key)}, pluck="name"):
				if name != before[key]:
					frappe.delete_doc("Penugasan Jabatan", name, force=True)
			doc = frappe.get_doc("Penugasan Jabatan", before[key])
			doc.selesai = None
			doc.save()
		frappe.db.commit()
	assert (roles(STAFF), roles(user("tim"))) == ({"PK Pegawai"}, {"PK Pegawai", "PK Tim"})


@pytest.fixture
def kept(committed, world):
	with put_back():
		yield


def acting(key="staf", **dates):
	name = factory.assign(official(key), factory.post("kepala", B), "Plh.", **dates)
	return frappe.get_doc("Penugasan Jabatan", name)


# ----------------------------------------------------------------------------------------- while there is a Penugasan


def delete(doc):
	doc.delete()


def end(doc):
	doc.selesai = YESTERDAY
	doc.save()


def give_to_another(doc):
	doc.pejabat = official("tim")
	doc.save()


def end_the_first(_doc):
	end(frappe.get_doc("Penugasan Jabatan", factory.assignment("staf")))


@pytest.mark.parametrize("way", [delete, end, give_to_another, end_the_first])
def test_whoever_keeps_a_penugasan_keeps_the_session(client, kept, monkeypatch, way):
	doc, c, user_types = acting(), client(STAFF), []
	frappe.db.commit()
	assert c.get(WHOAMI).status_code == 200
	saved = User.on_update

	def on_update(self):
		if self.name == STAFF:
			user_types.append(self.user_type)
		return saved(self)

	monkeypatch.setattr(User, "on_update", on_update)
	way(doc)
	assert set(user_types) <= {"System User"}
	with c.same_session():
		assert c.get(WHOAMI).json["message"] == STAFF


def test_a_transfer_at_midnight_keeps_the_session(client, kept):
	name = factory.assignment("staf")
	new = acting(start=add_days(today(), 1))
	frappe.db.set_value("Penugasan Jabatan", name, "selesai", YESTERDAY)
	frappe.db.set_value("Penugasan Jabatan", new.name, "mulai", today())  # the day has come
	c = client(STAFF)
	c.get(WHOAMI)
	grants.reconcile_all()
	assert roles(STAFF) == {"PK Pegawai", "PK Kepala OPD"}
	with c.same_session():
		assert c.get(WHOAMI).json["message"] == STAFF


def test_the_last_penugasan_takes_all_power_with_or_without_the_session(client, kept):
	path = f"/api/resource/Jabatan/{factory.post('staf')}"
	c = client(STAFF)
	assert c.get(path).status_code == 200
	end(frappe.get_doc("Penugasan Jabatan", factory.assignment("staf")))
	assert c.get(path).status_code == 403  # of this user, who may have had to log in again
	assert c.get(WHOAMI).json["message"] == STAFF


# ------------------------------------------------------------------------------------------------------------ every day


def test_an_account_that_can_not_be_saved_leaves_nobody_else_in_power(client, kept):
	accounts = [
		login
		for login in frappe.get_all("Pejabat", {"user": ("is", "set")}, pluck="user", distinct=True)
		if login in (STAFF, user("tim"))
	]
	broken, other = accounts  # as reconcile_all goes through them
	for login in accounts:
		client(login).get(WHOAMI)  # core commits when it ends a session
	for key in ("staf", "tim"):
		frappe.db.set_value("Penugasan Jabatan", factory.assignment(key), "selesai", YESTERDAY)
	frappe.db.set_value("User", broken, "first_name", "")
	frappe.db.commit()
	grants.reconcile_all()
	assert (bool(roles(broken)), roles(other)) == (True, set())
	assert frappe.db.exists("Error Log", {"method": ("like", f"%{broken}%")})


# ------------------------------------------------------------------------------------------------- the tests' own client


def test_a_client_whose_session_has_ended_logs_in_again(client):
	c = client(STAFF)
	clear_sessions(STAFF, force=True)
	assert c.get(WHOAMI).json["message"] == STAFF


def test_what_nobody_is_refused_does_not_count(client):
	c = client(STAFF)
	clear_sessions(STAFF, force=True)
	with c.same_session(), pytest.raises(AssertionError, match="has ended"):
		c.get(f"/api/resource/Unit Kerja/{A}")
	assert c.get(WHOAMI).json["message"] == STAFF
