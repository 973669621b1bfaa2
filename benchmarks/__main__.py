"""python -m benchmarks: prints what it measured beside its bound; the exit code is 1 where one is broken."""

import argparse
import os
import sys
from contextlib import contextmanager
from pathlib import Path


def main() -> int:
	parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
	parser.add_argument("--bench", type=Path, help="path of a bench; without it the embedded one")
	parser.add_argument(
		"--site", help="name of a site of that bench, with the app installed; nothing is committed"
	)
	parser.add_argument("--repeat", type=int, default=40, help="repetitions of each measurement")
	options = parser.parse_args()
	if options.bench and not options.site:
		parser.error("--bench needs --site")
	with bench_site(options.bench, options.site) if options.bench else embedded_site():
		from benchmarks import board, bundles, measures

		return int(not all([part.run(options.repeat) for part in (measures, bundles, board)]))


@contextmanager
def bench_site(bench, site):
	os.chdir(bench / "sites")
	with connected(site):
		yield


@contextmanager
def embedded_site():
	from embedded import sites

	folder = sites.SITES / f"test-{os.getpid()}"
	sites.copy(sites.template("app"), folder)
	os.chdir(folder)
	try:
		with connected(folder.name):
			yield
	finally:
		sites.remove(folder)


@contextmanager
def connected(site):
	import frappe

	frappe.init(site)
	frappe.connect()
	frappe.flags.mute_emails = True
	frappe.local.db.commit = lambda *args, **kwargs: None
	try:
		yield
	finally:
		frappe.db.rollback()
		frappe.clear_cache()
		frappe.destroy()


if __name__ == "__main__":  # processes that are begun anew import this
	sys.exit(main())
