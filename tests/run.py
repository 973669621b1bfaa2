"""python tests/run.py [lint]: the linters, then each group of tests in a process of its own; one summary at the end.

A failure does not keep the others from running. The exit code is 0 only if all of them passed.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
LINTERS = {
	"ruff check": [BIN / "ruff", "check", "."],
	"ruff format": [BIN / "ruff", "format", "--check", "."],
	"preflight": [BIN / "preflight", "--path", ".", "--target", "v16"],
}
GROUPS = ("unit", "embedded", "site", "browser")
NO_TESTS = 5  # pytest's exit code


def run(name, command):
	"""Shows the output as it comes; returns the exit code and pytest's counts."""
	print(f"\n== {name}", flush=True)
	counts = {}
	process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
	for line in process.stdout:
		print(line, end="", flush=True)
		if found := re.findall(r"(\d+) (passed|failed|skipped|error)", line):
			counts = {kind: int(number) for number, kind in found}
	return process.wait(), counts


def main():
	steps = dict(LINTERS)
	if sys.argv[1:] != ["lint"]:
		for group in GROUPS:
			steps[f"tests/{group}"] = [
				sys.executable,
				"-m",
				"pytest",
				f"tests/{group}",
				"-p",
				"no:cacheprovider",
			]
	totals, broken = {"passed": 0, "failed": 0, "skipped": 0}, []
	for name, command in steps.items():
		started = time.monotonic()
		code, counts = run(name, command)
		if code not in (0, NO_TESTS):
			broken.append(name)
		for kind, number in counts.items():
			totals["failed" if kind == "error" else kind] += number
		print(f"   {'FAILED' if name in broken else 'ok'}, {time.monotonic() - started:.1f} s", flush=True)
	print(f"\n{'Failed: ' + ', '.join(broken) if broken else 'All is well.'}")
	if len(steps) > len(LINTERS):
		print("{passed} passed, {failed} failed, {skipped} skipped".format(**totals))
	return bool(broken)


sys.exit(main())
