"""Fixtures of the tests that need a site. They run unchanged on the embedded site and on a real bench.

Nothing that a test writes is committed: `frappe.db.commit` does nothing during a test, and afterwards everything is rolled
back. A test that has to commit, because it speaks HTTP or starts threads, asks for the fixture `committed` (which `client`
does already) and removes what it made.
"""

import pytest

try:
	import frappe
except ModuleNotFoundError:  # not on a bench
	import embedded  # noqa: F401, I001
	import frappe
from frappe import cache_manager
from frappe.utils.password import update_password
from werkzeug.test import Client

PASSWORD = "Sandi-uji-12345!"
_clients = {}  # user: the client logged in as that user, for the whole run


def set_test_mode(on):
	frappe.flags.in_test = on
	frappe.flags.mute_emails = on
	if hasattr(frappe, "in_test"):  # v16
		frappe.in_test = on


def reset():
	"""As at the start of a request."""
	frappe.cache.delete_value((*cache_manager.user_cache_keys, *cache_manager.doctype_cache_keys))
	for prefix in ("document_cache::", "defaults::"):
		frappe.cache.delete_keys(prefix)
	frappe.set_user("Administrator")
	frappe.clear_messages()
	frappe.local.response = frappe._dict(docs=[])
	getattr(frappe.local, "request_cache", {}).clear()  # v15 makes it at first use


@pytest.fixture(scope="session", autouse=True)
def test_mode(site):
	set_test_mode(True)
	yield
	set_test_mode(False)


@pytest.fixture(autouse=True)
def isolated(request, test_mode):
	reset()
	commits = "committed" in request.fixturenames
	if not commits:
		frappe.local.db.commit = lambda *args, **kwargs: None
	yield
	frappe.db.rollback()
	if not commits:
		del frappe.local.db.commit
	reset()
	if commits:
		frappe.db.commit()


@pytest.fixture
def committed():
	"""The test really commits; it cleans up what it made."""


class SiteClient(Client):
	"""Speaks to the web application, as a browser does, with this process's site.

	The application destroys frappe.local at the end of each request; so what the test has not committed is committed before,
	and afterwards the test is connected again, as the same user. It also works in a thread that is not connected.
	"""

	def __init__(self, site):
		from frappe.app import application

		super().__init__(application)
		self.site, self.user = site, None

	def open(self, *args, **kwargs):
		user = frappe.session.user if getattr(frappe.local, "db", None) else None
		if user:
			frappe.db.commit()
			set_test_mode(False)  # what in_test switches off (versions, ...) is to be tested too
			frappe.destroy()
		kwargs["environ_overrides"] = {
			"HTTP_X_FRAPPE_SITE_NAME": self.site,
			**kwargs.get("environ_overrides", {}),
		}
		try:
			return super().open(*args, buffered=True, **kwargs)
		finally:
			if user:
				frappe.init(self.site)
				frappe.connect()
				set_test_mode(True)
				frappe.set_user(user)

	def login(self, user, password):
		response = self.post("/api/method/login", data={"usr": user, "pwd": password})
		assert response.status_code == 200, response.text
		self.user = user
		return self


@pytest.fixture
def client(site, committed):
	"""client("user@example.com") gives a logged-in client; client() one of nobody. The user gets a password of ours."""

	def make(user=None):
		if user is None:
			return SiteClient(site)
		if user not in _clients:
			update_password(user, PASSWORD)
			_clients[user] = SiteClient(site).login(user, PASSWORD)
		return _clients[user]

	return make


@pytest.fixture(scope="session", autouse=True)
def world(test_mode):
	"""The Pemda of factory.py, committed once."""
	import factory

	frappe.set_user("Administrator")
	factory.world()


@pytest.fixture(scope="module")
def in_force(world):
	"""The short chain SIMPLE in both OPD, committed, for the tests of one module; gives its name in A."""
	import factory

	name = factory.publish()
	factory.publish(opd=factory.B, name="SOP Uji B")
	frappe.db.commit()
	yield name
	factory.purge()


@pytest.fixture
def in_review(committed, in_force):
	"""A PK of OPD A that waits for its Kasubbag, committed; it is removed afterwards."""
	import factory

	doc = factory.act(factory.pk(), "Selesai", by=factory.user("penyusun"))
	frappe.set_user("Administrator")
	frappe.db.commit()
	yield doc
	factory.purge_documents()
