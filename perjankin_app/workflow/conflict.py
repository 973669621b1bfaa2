"""Of two people at the same moment one wins, and the other is told so.

Core's own words for it are English on every site; of a deadlock, or of a lock that somebody holds too long, it makes an
error of the server.
"""

from contextlib import contextmanager

import frappe
from frappe import _

STALE = (frappe.TimestampMismatchError,)
# what the database reports: it has rolled this transaction back, or has waited long enough
REFUSED = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)
CHECKREAD = 1020  # MariaDB 11.6 and later, where v15.44 does not know it: a row to be locked changed since the first read


class ToldPlainly:
	"""Mixin for every record of ours: class Jabatan(ToldPlainly, Document)."""

	def check_if_latest(self):
		with told_plainly(self.name, STALE):
			super().check_if_latest()

	def insert(self, *args, **kwargs):
		with told_plainly():
			return super().insert(*args, **kwargs)

	def save(self, *args, **kwargs):
		with told_plainly(self.name):
			return super().save(*args, **kwargs)


@contextmanager
def told_plainly(what: str | None = None, errors: tuple[type[Exception], ...] = REFUSED):
	"""Whoever loses in it by one of `errors` hears that somebody was faster; `what`: see `tell`."""
	said = len(frappe.local.message_log)
	try:
		yield
	except Exception as error:
		if not (isinstance(error, errors) or _changed_since(error)):
			raise
		del frappe.local.message_log[said:]
		tell(what)


def _changed_since(error: Exception) -> bool:
	return isinstance(error, frappe.db.OperationalError) and error.args[:1] == (CHECKREAD,)


def tell(what: str | None = None):
	"""`what`: the record that somebody else has changed; None: something new, which is not stored."""
	frappe.throw(
		_("{0} baru saja diubah orang lain. Muat ulang halaman ini, lalu ulangi perubahan Anda.").format(what)
		if what
		else _(
			"Orang lain menyimpan pada saat yang sama, jadi yang ini belum tersimpan. Muat ulang halaman ini, periksa, lalu ulangi bila masih perlu."
		),
		frappe.TimestampMismatchError,
		title=_("Ada perubahan lain"),
	)
