"""The site under test: a fresh copy of an embedded site, or, with `--bench PATH --site NAME`, a site of a real bench.

tests/unit runs without any site: it never imports frappe.
"""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
WITH_SITE = (ROOT / "tests" / "site", ROOT / "tests" / "embedded")
SITE = pytest.StashKey()


def pytest_addoption(parser):
	group = parser.getgroup("site under test")
	group.addoption("--bench", type=Path, help="path of a bench; without it the embedded one")
	group.addoption("--site", help="name of a site of that bench, with the app installed; tests write to it")


def pytest_configure(config):
	if config.getoption("bench") and not config.getoption("site"):
		raise pytest.UsageError("--bench needs --site")


def pytest_pycollect_makemodule(module_path, parent):
	"""Before the test files are imported."""
	if any(folder in module_path.parents for folder in WITH_SITE) and SITE not in parent.config.stash:
		bench = parent.config.getoption("bench")
		parent.config.stash[SITE] = open_bench_site(parent.config, bench) if bench else open_embedded_site()


def open_bench_site(config, bench):
	os.chdir(bench / "sites")
	site = connect(config.getoption("site"))
	import frappe

	if not frappe.conf.get("host_name"):
		pytest.exit(
			"Nothing is signed without: bench --site SITE set-config host_name http://ADDRESS", returncode=1
		)
	return site


def open_embedded_site():
	from embedded import sites

	remove_left_overs(sites)
	folder = sites.SITES / f"test-{os.getpid()}"
	try:
		sites.copy(sites.template("app"), folder)
	except SystemExit as error:
		pytest.exit(f"The app could not be installed:\n{error}", returncode=1)
	os.chdir(folder)
	return connect(folder.name)


def connect(site):
	import frappe

	frappe.init(site)
	frappe.connect()
	return site


def remove_left_overs(sites):
	"""Sites of test runs that were killed."""
	for folder in sites.SITES.glob("test-*"):
		if not Path("/proc", folder.name.split("-")[1]).exists():
			sites.remove(folder)


def pytest_unconfigure(config):
	"""pytest has left the site's folder by now."""
	if SITE in config.stash and not config.getoption("bench"):
		import frappe

		from embedded import sites

		frappe.destroy()
		sites.remove(sites.SITES / config.stash[SITE])


@pytest.fixture(scope="session")
def site(request):
	"""Name of the site under test."""
	return request.config.stash[SITE]
