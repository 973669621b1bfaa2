"""Of two people at the same moment one wins; the other is told so. Core's own words are English on every site."""

from contextlib import contextmanager

import frappe
from frappe import _


@contextmanager
def told_plainly(what: str):
	"""Around core's check whether a document was read before somebody else stored it."""
	try:
		yield
	except frappe.TimestampMismatchError:
		frappe.clear_last_message()
		tell(what)


def tell(what: str):
	frappe.throw(
		_("{0} baru saja diubah orang lain. Muat ulang halaman ini, lalu ulangi perubahan Anda.").format(
			what
		),
		frappe.TimestampMismatchError,
		title=_("Ada perubahan lain"),
	)
