"""python tests/run.py [lint]: the linters, then each group of tests in a process of its own; one summary at the end.

Lanes of groups run at the same time, each group on copies of the sites of its own. A failure does not keep the
others from running. The exit code is 0 only if all of them passed. With DB=mariadb in the environment: the site tests
on copies of a site in a private MariaDB, and those of that server; the others do not depend on the database. The RACES
always run there: SQLite lets one write at a time and hides them.

The THOROUGH site tests and the LONG_WALK in the browser take as long as all others; they run with ALL=1 and with
DB=mariadb, so in CI on the database that a bench has.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SITE, BROWSER = (
	[str(path.relative_to(ROOT)) for path in sorted((ROOT / "tests" / folder).glob("test_*.py"))]
	for folder in ("site", "browser")
)
THOROUGH = [
	f"tests/site/test_{name}.py"
	for name in (
		"affected asistensi bad_input bundle certificate collection deadlines engines faults final holders hostile_fields "
		"hostile_files hostile_papers hostile_power hostile_reads hostile_signing install isolation letter_print letters "
		"log matrix meetings print registers reports returns security sweep verification versions"
	).split()
]
RACES = "tests/site/test_races.py"
SITE.remove(RACES)
DAILY = [path for path in SITE if path not in THOROUGH]
LONG_WALK = "tests/browser/test_versions.py"
BROWSER.remove(LONG_WALK)
GROUPS = {
	"unit": ["tests/unit"],
	"embedded": ["tests/embedded"],
	"site 1": DAILY[::2],
	"site 2": DAILY[1::2],
	"thorough": THOROUGH,
	"versions": [LONG_WALK],
	"races": [RACES],
	"browser 1": BROWSER[: len(BROWSER) // 2],
	"browser 2": BROWSER[len(BROWSER) // 2 :],
}
MARIADB = os.environ.get("DB") == "mariadb"
ALL = MARIADB or "ALL" in os.environ
SITES = ("site 1", "site 2", "races", *(["thorough", "versions"] if ALL else []))
ORDER = (
	(*SITES, "embedded") if MARIADB else ("browser 2", "browser 1", *SITES, "unit", "embedded")
)  # the long ones first
LANES = 3  # at the same time; with four, pages on two processors become so slow that tests give up waiting
NO_TESTS = 5  # pytest's exit code
# the engine's dependencies warn of their own future
ENVIRONMENT = {**os.environ, "PYTHONWARNINGS": "ignore"}
ON_MARIADB = {**ENVIRONMENT, "DB": "mariadb"}


def main():
	only_lint = sys.argv[1:] == ["lint"]
	results = [] if MARIADB and not only_lint else lint()
	if not only_lint:
		with ThreadPoolExecutor(LANES) as lanes:
			results += lanes.map(run_group, ORDER)
	print()
	for name, broken, seconds, *_ in results:
		print(f"{name:16}{'FAILED' if broken else 'ok':8}{seconds:6.1f} s")
	for *_, failures in results:
		print(*failures, sep="", end="")
	totals = {
		kind: sum(counts.get(kind, 0) for *_, counts, _failures in results)
		for kind in ("passed", "failed", "skipped", "error")
	}
	totals["failed"] += totals["error"]
	if not only_lint:
		print("{passed} passed, {failed} failed, {skipped} skipped".format(**totals))
		if not ALL:
			left_out = (Path(path).stem for path in (*THOROUGH, LONG_WALK))
			print("not run:", *left_out, "(make test ALL=1, or DB=mariadb)")
	return any(broken for _name, broken, *_ in results)


def lint():
	with tempfile.TemporaryDirectory() as folder:
		repository = copy_of_repository(Path(folder, "perjankin_app"))
		return [
			step("ruff check", [BIN / "ruff", "check", "."]),
			step("ruff format", [BIN / "ruff", "format", "--check", "."]),
			step("plain reads", [sys.executable, "tests/plain_reads.py"]),
			step(
				"preflight",
				[BIN / "preflight", "--path", ".", "--target", "v16", "--fail-on", "warning"],
				repository,
			),
		]


def run_group(name):
	environment = ON_MARIADB if name == "races" else ENVIRONMENT
	return step(f"tests {name}", [sys.executable, "-m", "pytest", *GROUPS[name]], environment=environment)


def copy_of_repository(folder):
	"""preflight reads every file below its folder; what is generated (.work) is not ours."""
	command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
	for name in subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
		"\0"
	):
		if name and (ROOT / name).is_file():
			(folder / name).parent.mkdir(parents=True, exist_ok=True)
			shutil.copy(ROOT / name, folder / name)
	return folder


def step(name, command, folder=ROOT, environment=ENVIRONMENT):
	"""Shows the output as it comes; returns (name, broken, seconds, pytest's counts, its lines of what failed)."""
	print(f"== {name}", flush=True)
	started, counts, failures = time.monotonic(), {}, []
	process = subprocess.Popen(
		command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
	)
	for line in process.stdout:
		print(f"{name:14} {line}", end="", flush=True)
		if line.startswith(("FAILED ", "ERROR ")):
			failures.append(line)
		if re.search(r"\bin [\d.]+s\b", line):  # pytest's last line
			counts = {
				kind: int(number) for number, kind in re.findall(r"(\d+) (passed|failed|skipped|error)", line)
			}
	broken = process.wait() not in (0, NO_TESTS)
	return name, broken, time.monotonic() - started, counts, failures


if __name__ == "__main__":
	sys.exit(main())
