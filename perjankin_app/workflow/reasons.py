"""The reason of a return, between the moment it is typed and the action that consumes it.

Core's `apply_workflow` reloads the document, so a reason typed into the form would be lost. It waits in the cache under
document and user, for a few minutes, and is gone when the transaction that used it is stored.
"""

import frappe

MINUTES = 10
MAX_LENGTH = 2000


def put(doctype: str, name: str, reason: str):
	frappe.cache.set_value(_key(doctype, name), reason.strip()[:MAX_LENGTH], expires_in_sec=MINUTES * 60)


def take(doctype: str, name: str) -> str:
	"""The waiting reason, or ""; forgotten once the running transaction is committed."""
	key = _key(doctype, name)
	reason = frappe.cache.get_value(key, expires=True) or ""
	if reason:
		frappe.db.after_commit.add(lambda: frappe.cache.delete_value(key))
	return reason


def _key(doctype: str, name: str) -> str:
	return f"perjankin_reason:{doctype}:{name}:{frappe.session.user}"
