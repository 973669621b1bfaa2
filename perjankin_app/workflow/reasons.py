"""The reason of a return, between the moment it is typed and the action that consumes it.

Core's `apply_workflow` reloads the document, so a reason typed into the form would be lost. It waits in the cache for a
few minutes, under the document as its author saw it (name, `modified`) and the author, and is forgotten when the
transaction that used it is committed.
"""

import frappe

MINUTES = 10
MAX_LENGTH = 2000


def put(doc, reason: str):
	frappe.cache.set_value(_key(doc), reason.strip()[:MAX_LENGTH], expires_in_sec=MINUTES * 60)


def take(stored) -> str:
	"""The reason waiting for the document as `stored`, or ""."""
	key = _key(stored)
	reason = frappe.cache.get_value(key, expires=True) or ""
	if reason:
		frappe.db.after_commit.add(lambda: frappe.cache.delete_value(key))
	return reason


def _key(doc) -> str:
	return f"perjankin_reason:{doc.doctype}:{doc.name}:{doc.modified}:{frappe.session.user}"
