"""What our hooks cost a list of the host's, counted in queries: with the hooks and without them."""

from contextlib import contextmanager

import factory
import frappe
import pytest
from factory import PEMDA, A, user

from perjankin_app.hooks import permission_query_conditions as OUR_CONDITIONS

PK = "Perjanjian Kinerja"
HOSTS = ["File", "Notification Log", "Tag Link", "ToDo"]
STAFF = [("penyusun", A), ("admin", A), ("kabid", A), ("pemda", PEMDA), ("pembina", PEMDA)]
MORE = 3  # queries: who holds what, the roles that this brings, which OPD it covers
VISITOR, SYSTEM = f"tamu.hitung@{factory.DOMAIN}", f"sistem@{factory.DOMAIN}"


@pytest.fixture
def visitor():
	"""A user of the host's who has no Penugasan."""
	person = frappe.get_doc(doctype="User", email=VISITOR, first_name="Uji tamu", send_welcome_email=0)
	person.append("roles", {"role": "Desk User" if frappe.db.exists("Role", "Desk User") else "All"})
	person.insert(ignore_permissions=True)
	return VISITOR


@contextmanager
def counted():
	"""The queries that the block runs, as they come."""
	seen, sql = [], frappe.db.sql

	def counting(query, *args, **kwargs):
		seen.append(str(query))
		return sql(query, *args, **kwargs)

	frappe.local.db.sql = counting
	try:
		yield seen
	finally:
		del frappe.local.db.sql


@contextmanager
def without_us():
	"""As if the app's hooks were not installed."""
	original = frappe.get_hooks

	def get_hooks(hook=None, *args, **kwargs):
		found = original(hook, *args, **kwargs)
		if hook not in ("permission_query_conditions", "has_permission"):
			return found
		return {key: [m for m in methods if "perjankin" not in m] for key, methods in found.items()}

	frappe.get_hooks = get_hooks
	try:
		yield
	finally:
		frappe.get_hooks = original


def new_request():
	getattr(frappe.local, "request_cache", {}).clear()


def cost(doctype: str) -> list[str]:
	"""The queries of one list, once everything is known that core keeps from one request to the next."""
	for _time in range(2):
		new_request()
		with counted() as seen:
			frappe.get_list(doctype, limit_page_length=20)
	return seen


def added(doctype: str) -> tuple[int, list[str]]:
	"""How many queries of ours come to the list's own, and all of them.

	Not counted: core asks for shares in every list that has a condition, whosever that is.
	"""
	ours = cost(doctype)
	with without_us():
		hosts = cost(doctype)
	assert hosts, "nothing was counted"
	shares = (sum("DocShare" in query for query in queries) for queries in (ours, hosts))
	return len(ours) - len(hosts) - next(shares) + next(shares), ours


@pytest.mark.parametrize(("key", "opd"), STAFF)
@pytest.mark.parametrize("doctype", HOSTS)
def test_a_list_of_the_hosts_costs_an_official_a_few_queries(doctype, key, opd):
	frappe.set_user(user(key, opd))
	more, queries = added(doctype)
	assert 0 < more <= MORE, "\n".join(queries)


@pytest.mark.parametrize("doctype", HOSTS)
def test_it_costs_who_has_no_penugasan_one(visitor, doctype):
	frappe.set_user(visitor)
	more, queries = added(doctype)
	assert more <= 1, "\n".join(queries)


@pytest.mark.parametrize("doctype", HOSTS)
def test_it_costs_a_system_manager_none(doctype):
	frappe.set_user(SYSTEM)
	more, queries = added(doctype)
	assert more == 0, "\n".join(queries)


@pytest.mark.parametrize(("key", "opd"), STAFF)
def test_a_list_of_pks(key, opd):
	frappe.set_user(user(key, opd))
	more, queries = added(PK)
	assert 0 < more <= MORE, "\n".join(queries)


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("doctype", OUR_CONDITIONS)
def test_every_condition_asks_who_holds_what_once(doctype, written):
	"""Also after something was written, when no answer is kept."""
	login = user("admin")
	if written:
		frappe.db.set_value("User", login, "bio", "ditulis")
	frappe.get_attr(OUR_CONDITIONS[doctype])(login, doctype)  # metas
	new_request()
	with counted() as seen:
		condition = frappe.get_attr(OUR_CONDITIONS[doctype])(login, doctype)
	assert condition and len(seen) <= MORE, "\n".join(seen)
