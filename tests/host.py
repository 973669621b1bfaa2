"""Frappe's own tests on a real bench, on a site without this app and on one with it: the difference has to be empty.

python tests/host.py --bench PATH --without SITE --with SITE [NAME ...]

NAME: some of the list below; without, all of it. Both sites are written to: take copies that you can reset, with the same
other apps. Needs the bench's development dependencies (`bench setup requirements --dev`). Prints a table for docs/host.md, and
exits with 1 where one test went differently.
"""

import argparse
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

# what the app's hooks and overrides could touch: DocTypes of core, and modules of tests
DOCTYPES = (
	"Address|Auto Repeat|Comment|Communication|Contact|Custom DocPerm|Dashboard Chart|Data Import|DocShare|DocType"
	"|Document Follow|Event|File|Notification|Notification Log|Number Card|Print Format|Report|Role|Scheduled Job Type"
	"|Tag|ToDo|User|User Permission|Version|Workflow|Workflow Action|Workspace"
)
MODULES = (
	"test_api test_api_v2 test_assign test_auth test_client test_db_query test_document test_dashboard_connections test_fmt_money "
	"test_form_load test_global_search test_goal test_hooks test_linked_with test_listview test_naming test_pdf "
	"test_permissions test_printview test_rename_doc test_search test_seen test_translate test_utils test_website"
)
LIST = [
	*(("--doctype", name) for name in DOCTYPES.split("|")),
	*(("--module", f"frappe.tests.{name}") for name in MODULES.split()),
]
SECONDS = 1800  # for one of them


def run(bench: Path, site: str, kind: str, name: str) -> dict[str, str]:
	"""{test: passed, failed, error or skipped}; of what could not run at all: {"": why}."""
	with tempfile.NamedTemporaryFile(suffix=".xml") as report:
		command = [bench / "env/bin/python", "-m", "frappe.utils.bench_helper", "frappe", "--site", site]
		command += ["run-tests", kind, name, "--junit-xml-output", report.name]
		try:
			done = subprocess.run(
				command, cwd=bench / "sites", capture_output=True, text=True, timeout=SECONDS, check=False
			)
		except subprocess.TimeoutExpired:
			return {"": f"longer than {SECONDS} s"}
		text = Path(report.name).read_bytes()
	if not text.strip():
		last = (done.stderr or done.stdout).strip().splitlines()[-1:]
		return {"": " ".join(last)[:120] or "no test"}
	return {
		f"{case.get('classname')}.{case.get('name')}": outcome(case)
		for case in ElementTree.fromstring(text).iter("testcase")
	}


def outcome(case) -> str:
	return next((kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None), "passed")


def told(found: dict[str, str]) -> str:
	if "" in found:
		return found[""]
	return ", ".join(
		f"{count} {kind}" for kind, count in sorted(Counter(found.values()).items(), reverse=True)
	)


def bench_and_pair(parser, required=True):
	parser.add_argument("--bench", type=Path, required=True)
	parser.add_argument("--without", required=required, metavar="SITE")
	parser.add_argument("--with", required=required, metavar="SITE", dest="with_app")


def main():
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	bench_and_pair(parser)
	parser.add_argument("names", nargs="*", metavar="NAME")
	options = parser.parse_args()
	different = []
	print("| tests | without | with | difference |\n|---|---|---|---|")
	for kind, name in LIST:
		if options.names and name.removeprefix("frappe.tests.") not in options.names:
			continue
		without, with_app = (
			run(options.bench, site, kind, name) for site in (options.without, options.with_app)
		)
		changed = sorted(
			test for test in {*without, *with_app} if test and without.get(test) != with_app.get(test)
		)
		if without.get("") != with_app.get(""):
			changed.append(without.get("") or with_app.get(""))
		lines = [f"{name}: {test}: {without.get(test)} → {with_app.get(test)}" for test in changed]
		print(*lines, sep="\n", end="\n" * bool(lines), file=sys.stderr, flush=True)
		different += lines
		print(f"| {name} | {told(without)} | {told(with_app)} | {len(changed) or 'none'} |", flush=True)
	print("", *different, sep="\n")
	return bool(different)


if __name__ == "__main__":
	sys.exit(main())
