"""A record's name is for good: logs, chains' conditions and Penugasan refer to it.

Core lets whoever may read a document rename it, or merge it into another, past every check: Document.rename is open to
`run_doc_method` and takes validate_rename=0 from the browser. `after_rename` is the one event that it can't leave out.
"""

import frappe
from frappe import _

# it asks itself; not `meta.allow_rename`, which a Property Setter may say of any DocType
RENAMED = ("Unit Kerja",)


def guard_rename(doc, method=None, old=None, new=None, merge=False):
	"""For every DocType of ours."""
	if doc.doctype not in RENAMED:
		frappe.throw(
			_("{0} {1} tidak dapat diganti namanya atau digabung.").format(_(doc.doctype), old),
			frappe.PermissionError,
		)
