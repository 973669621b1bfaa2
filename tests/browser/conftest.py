"""Chromium on the desk of an embedded site with demo data: a copy of its own, served by a process of its own.

A test fails too when a page raises an error nobody caught, or the server fails. A failed test leaves pictures in .work/failures, and the end of
the server's log in its report.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import desk
import pytest
from playwright.sync_api import expect, sync_playwright

from embedded import ROOT, WORK, sites
from perjankin_app.setup_demo import DOMAIN, PASSWORD

CHROMIUM = "/usr/bin/chromium"  # Debian's
IMAGES = "PICTURES" in os.environ  # else a desk without its images, which loads in five sixths of the time
ARGUMENTS = (
	"--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
	"--disable-component-update --disable-sync" + ("" if IMAGES else " --blink-settings=imagesEnabled=false")
).split()
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PHONE = {
	"viewport": {"width": 390, "height": 844},
	"is_mobile": True,
	"has_touch": True,
	"device_scale_factor": 2,
}
TIMEOUT = 30_000  # milliseconds; the machine may be busy
expect.set_options(timeout=TIMEOUT)
FAILURES = WORK / "failures"
# v16's own: realtime reloads a form that another tab has changed, and its header asks for a document that was left meanwhile
OF_REALTIME = "at Object.get_doc_title"
ADMINISTRATOR = sites.ADMINISTRATOR[:2]


@pytest.fixture(scope="session")
def site_folder():
	folder = sites.SITES / f"test-{os.getpid()}"
	sites.copy(sites.template("demo"), folder)
	config = folder / "site_config.json"
	# the scheduler runs, but a job is due only when a test says so
	config.write_text(json.dumps({**json.loads(config.read_text()), "scheduler_tick_interval": 86_400}))
	yield folder
	shutil.rmtree(folder)


@pytest.fixture(scope="session")
def base_url(site_folder):
	with open(site_folder / "logs" / "server.log", "w") as log:
		server = subprocess.Popen(
			[sys.executable, "-m", "embedded", "serve", str(site_folder), "--port", "0"],
			cwd=ROOT,
			stdout=subprocess.PIPE,
			stderr=log,
			text=True,
		)
	url = server.stdout.readline().strip()
	assert url.startswith("http://127.0.0.1:"), (site_folder / "logs" / "server.log").read_text()
	yield url
	server.terminate()
	server.wait()


@pytest.fixture(scope="session")
def playwright():
	with sync_playwright() as playwright:
		yield playwright


@pytest.fixture(scope="session")
def browser(playwright):
	browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
	yield browser
	browser.close()


@pytest.fixture
def new_page(request, browser, base_url, site_folder):
	"""new_page(**options) opens a page of nobody, in a context of its own; relative addresses are the server's.

	A test that expects errors of the page takes them out of new_page.errors; after a refused action: new_page.refused().
	"""
	pages, errors = [], []

	def make(**options):
		context = browser.new_context(
			base_url=base_url, locale="id-ID", timezone_id="Asia/Jakarta", **options
		)
		context.on("response", lambda answer: errors.extend(broken(answer)))
		context.set_default_timeout(TIMEOUT)
		context.on("weberror", lambda error: note(told(error.error)))
		pages.append(context.new_page())
		return pages[-1]

	def note(error):
		if OF_REALTIME not in error:
			errors.append(error)

	def refused():
		"""Core catches no refusal of an action; its error may come after the message."""
		for _ in range(TIMEOUT // 100):
			if "undefined" in errors:
				break
			pages[-1].wait_for_timeout(100)
		errors.remove("undefined")

	make.errors, make.refused = errors, refused
	yield make
	failed = errors or request.node.stash.get(FAILED, False)
	if failed:
		save_pictures(request.node, pages)
		request.node.add_report_section("teardown", "server", last_lines(site_folder / "logs"))
	for page in pages:
		page.context.close()
	assert not errors, "errors that no page caught:\n" + "\n".join(errors)


def broken(answer):
	"""An error of the server, or a file of the desk that is not there: nobody's refusal."""
	if answer.status >= 500 or (answer.status == 404 and "/assets/" in answer.url):
		yield f"{answer.status} {answer.url}"


def told(error):
	"""With where it happened; what is no Error (core rejects with `undefined`) has no such thing."""
	return error.stack if error.name else str(error)


@pytest.fixture
def login(new_page):
	"""login("kepala.dpk") opens the desk as that user of the demo data, login(user, phone=True) on a telephone."""

	def make(user, path="/app", phone=False):
		page = new_page(**(PHONE if phone else DESKTOP))
		sign_in(page.request, user)
		page.goto(path)
		page.wait_for_function("window.frappe?.boot && document.body.dataset.ajaxState !== 'triggered'")
		return page

	return make


@pytest.fixture
def rest(playwright, base_url):
	"""rest("admin.pemda"): requests of that user without a desk, which takes seconds to load."""
	users = {}

	def make(user):
		if user not in users:
			users[user] = playwright.request.new_context(base_url=base_url)
			sign_in(users[user], user)
		return users[user]

	yield make
	for api in users.values():
		api.dispose()


def sign_in(api, user):
	name, password = ADMINISTRATOR if user == "Administrator" else (f"{user}@{DOMAIN}", PASSWORD)
	answer = api.post("/api/method/login", form={"usr": name, "pwd": password})
	assert answer.ok, answer.text()


@pytest.fixture(scope="session")
def supply(site_folder):
	"""supply(address of a PK): the papers that its running step lacks, by a process of its own on the same site."""
	line = [sys.executable, "-W", "ignore", str(ROOT / "tests" / "site" / "victim.py"), site_folder.name]
	clerk = subprocess.Popen(line, cwd=site_folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

	def make(pk):
		values = {"name": pk.rsplit("/", 1)[-1]}
		job = {"user": "Administrator", "method": "perjankin_app.setup_papers.supply", "kwargs": values}
		clerk.stdin.write(json.dumps({**job, "die_at": 0}) + "\n")
		clerk.stdin.flush()
		while not (line := clerk.stdout.readline()).startswith("end"):
			assert line, "the clerk's process is gone"
		assert line == "end 0\n"

	yield make
	clerk.stdin.close()
	clerk.wait()


@pytest.fixture
def at(login):
	"""at("kepala.dpk", path): that user's desk, logged in once per test, showing the form at `path` as it is now."""
	pages, shown = {}, {}

	def make(user, path):
		if user not in pages:
			pages[user] = login(user, path)
			desk.loaded(pages[user])
		elif shown[user] == path and not path.endswith("/new"):
			desk.reload(pages[user])
		else:
			pages[user].goto(path)
			desk.loaded(pages[user])
		shown[user] = path
		return pages[user]

	return make


# --- what a failed test leaves

FAILED = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
	report = yield
	if report.failed:
		item.stash[FAILED] = True
	return report


def save_pictures(node, pages):
	FAILURES.mkdir(parents=True, exist_ok=True)
	name = re.sub(r"[^\w.-]+", "-", node.name)
	for number, page in enumerate(pages, 1):
		page.screenshot(path=FAILURES / f"{name}-{number}.png", full_page=True)


def last_lines(logs, count=40):
	text = "".join(
		(logs / name).read_text() for name in ("server.log", "requests.log") if Path(logs, name).exists()
	)
	return "\n".join(text.splitlines()[-count:])
