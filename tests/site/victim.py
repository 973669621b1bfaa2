"""python victim.py SITE, in the folder that `frappe.init` wants: does jobs on the site, each in a process of its own, and
each process kills itself (SIGKILL) at a given point.

A job is a line of JSON on stdin: user, method, kwargs, die_at (0: never). Points are what a crash can fall between: each SQL
statement, both sides of each commit, each file opened for writing and each fsync. The answer is `points N` of a process
that lived to its end, then `end STATUS` (-9: killed).
"""

import json
import os
import signal
import sys
import traceback
from pathlib import Path

try:
	import frappe
except ModuleNotFoundError:  # not on a bench
	sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
	import embedded  # noqa: F401, I001
	import frappe

import frappe.app  # once for all jobs: the processes are forks of this one


class Life:
	def __init__(self, die_at: int):
		self.die_at, self.passed = die_at, 0

	def point(self):
		self.passed += 1
		if self.passed == self.die_at:
			os.kill(os.getpid(), signal.SIGKILL)

	def before(self, call):
		def counted(*args, **kwargs):
			self.point()
			return call(*args, **kwargs)

		return counted

	def on_open(self, event, args):
		if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
			self.point()

	def watch(self):
		database = frappe.local.db
		commit = database.commit

		def watched_commit(*args, **kwargs):
			self.point()
			commit(*args, **kwargs)
			self.point()

		database.sql = self.before(database.sql)
		database.commit = watched_commit
		os.fsync = self.before(os.fsync)
		sys.addaudithook(self.on_open)


def do(site, job):
	frappe.init(site)
	frappe.connect()
	frappe.set_user(job["user"])
	life = Life(job["die_at"])
	life.watch()
	frappe.get_attr(job["method"])(**job["kwargs"])
	frappe.db.commit()
	print("points", life.passed, flush=True)


def main(site):
	for line in sys.stdin:
		if child := os.fork():
			print("end", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
			continue
		try:
			do(site, json.loads(line))
			os._exit(0)
		except BaseException:
			traceback.print_exc()
			os._exit(1)


if __name__ == "__main__":
	main(sys.argv[1])
