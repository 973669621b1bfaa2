"""Answers that are kept for the rest of a request."""

from functools import wraps

import frappe


def asked_once(ask):
	"""Decorator for a question about who holds what: asked once per request for the same (hashable) arguments.

	Only as long as the request has written nothing. Any write may change the answer, whatever made it (a controller,
	`frappe.db.set_value`, a rename, a patch), and a rollback, also to a savepoint, may change it back; so from the first
	write to the end of that transaction every question goes to the database. What other requests commit meanwhile is
	seen by the next transaction. Callers don't change what they get: the next one gets the same object.
	"""

	@frappe.request_cache
	def kept(*args):
		frappe.db.before_commit.add(forget)
		frappe.db.before_rollback.add(forget)
		return ask(*args)

	def forget():
		getattr(frappe.local, "request_cache", {}).pop(kept.__wrapped__, None)  # v15 makes it at first use

	@wraps(ask)
	def answer(*args):
		if frappe.db.transaction_writes:
			forget()
			return ask(*args)
		return kept(*args)

	return answer
