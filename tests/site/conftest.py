"""Fixtures of the tests that need a site. They run unchanged on the embedded site and on a real bench.

Nothing that a test writes is committed: `frappe.db.commit` does nothing during a test, and afterwards everything is rolled
back. A test that has to commit, because it speaks HTTP or starts threads, asks for the fixture `committed` (which `client`
does already) and removes what it made.
"""

from contextlib import contextmanager
from urllib.parse import unquote

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
	getattr(
		frappe.db, "value_cache", {}
	).clear()  # v15.44 keeps values of single DocTypes there, also after a rollback


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

	Core ends the sessions of a user who loses the last role or gets the first one. A logged-in client whose session has ended
	logs in again, except within `same_session`; and an answer to somebody else than this client's user, as to nobody after a
	session that ended unnoticed, is an error: what nobody is refused proves nothing of a user.
	"""

	def __init__(self, site):
		from frappe.app import application

		super().__init__(application)
		self.site, self.user, self.password = site, None, None
		self.logs_in_again = True

	def open(self, *args, **kwargs):
		connected = getattr(frappe.local, "db", None) is not None
		if connected:
			frappe.db.commit()
			if self.logs_in_again and self.user and not self.has_session():
				self.login(self.user, self.password)
		response = self._open(connected, *args, **kwargs)
		assert not self.user or self.answered_user() == self.user, f"the session of {self.user} has ended"
		return response

	def _open(self, connected, *args, **kwargs):
		user = frappe.session.user if connected else None
		if connected:
			set_test_mode(False)  # what in_test switches off (versions, ...) is to be tested too
			frappe.destroy()
		kwargs["environ_overrides"] = {
			"HTTP_X_FRAPPE_SITE_NAME": self.site,
			**kwargs.get("environ_overrides", {}),
		}
		try:
			return super().open(*args, buffered=True, **kwargs)
		finally:
			if connected:
				frappe.init(self.site)
				frappe.connect()
				set_test_mode(True)
				frappe.set_user(user)

	def login(self, user, password):
		self.user = None  # until the answer says so
		response = self.post("/api/method/login", data={"usr": user, "pwd": password})
		assert response.status_code == 200, response.text
		assert self.answered_user() == user, response.text
		self.user, self.password = user, password
		return self

	@contextmanager
	def same_session(self):
		"""Within it a session that has ended is an error: the test is about that."""
		self.logs_in_again = False
		try:
			yield
		finally:
			self.logs_in_again = True

	def has_session(self) -> bool:
		"""Whether core would still know this client's user. Asked after a commit: it is others who end a session."""
		sid, table = self.get_cookie("sid"), frappe.qb.DocType("Sessions")
		return bool(sid and frappe.qb.from_(table).select(table.user).where(table.sid == sid.value).run())

	def answered_user(self) -> str | None:
		"""As whom the last answer was given: the application tells each browser so by a cookie."""
		cookie = self.get_cookie("user_id")
		return unquote(cookie.value) if cookie else None


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
