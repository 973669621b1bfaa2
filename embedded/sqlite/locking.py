"""Several threads or processes on one database: nobody is told "database is locked", and no update is lost.

The engine opens a transaction before the first read. Once another connection has written, such a transaction can no longer
be upgraded to a writing one, however long it waits. So there is no BEGIN before reads here; the first statement that
writes, sets a savepoint or selects FOR UPDATE takes the write lock, and waits for it.
"""

import re

import monoframe as frappe
from monoframe.database.sqlite.database import SQLiteDatabase

WAIT = 30_000  # milliseconds; a writer holds the lock for the length of one request
FOR_UPDATE = re.compile(r"\bfor update(\s+(nowait|skip locked))?\s*;?\s*$", re.IGNORECASE)


def configure(connection):
	connection.isolation_level = "IMMEDIATE"  # how Python's sqlite3 begins before the first write
	connection.execute(f"PRAGMA busy_timeout = {WAIT}")


def begin_if_locking(connection, query):
	"""Begin where sqlite3 does not by itself; returns the query without the FOR UPDATE that SQLite does not know."""
	locking = FOR_UPDATE.search(query)
	if locking:
		query = query[: locking.start()] + query[locking.end() :]
	if (locking or query[:9].lower() == "savepoint") and not connection.in_transaction:
		connection.execute("BEGIN IMMEDIATE")
	return query


def install():
	engine_begin = SQLiteDatabase.begin
	engine_rollback = SQLiteDatabase.rollback

	def begin(self, *, read_only=False):
		if read_only or frappe.flags.read_only or getattr(self, "read_only", False):
			engine_begin(self, read_only=read_only)

	def rollback(self, **kwargs):
		"""The engine kept what db.get_value had cached, although it was rolled back."""
		engine_rollback(self, **kwargs)
		self.value_cache.clear()

	SQLiteDatabase.begin = begin
	SQLiteDatabase.rollback = rollback
