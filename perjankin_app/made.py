"""What of core's records is of our making, kept from its creation on: uninstalling takes that and nothing else.

Kept as rows of core's DefaultValue under a parent of our own. A DocType of ours would not do: core drops its table before
anybody can look up what is to be removed.
"""

import frappe
from frappe import defaults

PARENT = "__perjankin"


def remember(kind: str, *names: str):
	"""Note that we made these records of the DocType `kind`; rolled back together with them."""
	for name in set(names) - of(kind):
		defaults.add_default(kind, name, PARENT)


def of(kind: str) -> set[str]:
	return set(frappe.get_all("DefaultValue", {"parent": PARENT, "defkey": kind}, pluck="defvalue"))


def forget():
	frappe.db.delete("DefaultValue", {"parent": PARENT})
