"""One at a time: what a rule has found out is still so when its transaction is committed.

MariaDB (REPEATABLE READ) shows a transaction the records as they were at its first read. Waiting for somebody's row lock
does not renew that picture: of two requests of the same moment the second one waits, and then reads that there is no other
record, while there is. A locking read (`for_update`) sees what is there now; but where it finds no row, InnoDB locks the
gap in which one could be put, two transactions may hold the same gap, and then neither can insert: a deadlock.

So rules ask with a plain read after one of these, each of which refuses (`conflict.tell`) where that picture is out of date:

- `twin`, `find`: is there another record with the same values? For every rule of the kind "only one".
- `alone`: nobody else passes the same gate until this transaction ends. For rules over several records, and for two actions
  that must not happen side by side: both pass the same gate.
- `as_read`: this one record is still as this transaction sees it, and stays so until it ends.

`latest` reads one record as it is now, for what is decided by that record alone.

A rule is kept only if everybody who changes what it reads passes the same gate. Whoever needs several locks takes them in
this order, so that two don't wait for one another: the PK, then gates, then other records.
"""

import hashlib

import frappe

from perjankin_app.workflow import conflict

GATE = "Kunci Bersama"
LENGTH = 140  # of a name


def twin(doc, *fields: str, read="name", **where):
	"""`read` of another record with the same values in `fields` of `doc`, or None; `where`: further conditions on it.

	Asked only when `doc` is new or one of these values changes: twins that are there already must be able to end.
	"""
	if not any(doc.has_value_changed(field) for field in fields):
		return None
	same = {field: doc.get(field) or ("is", "not set") for field in fields}
	return find(doc.doctype, same, read, **where, name=("!=", doc.name or ""))


def find(doctype: str, same: dict, read="name", **where):
	"""`read` of a record with the values `same`, or None; passes their gate."""
	alone(doctype, **same)
	return frappe.db.get_value(doctype, {**same, **where}, read, as_dict=not isinstance(read, str))


def alone(what: str, **same):
	"""Pass the gate of these values of `what`, and keep it shut until this transaction ends.

	Its number is read as this transaction sees it and as it is now: if they differ, somebody has passed since the first
	read, and what this transaction goes on reading may be out of date.
	"""
	name = _name(what, same)
	seen = frappe.db.get_value(GATE, name, "nomor")
	if seen is None:
		return _build(name)
	with conflict.told_plainly():
		now = frappe.db.get_value(GATE, name, "nomor", for_update=True)
	if now != seen:
		conflict.tell()
	frappe.db.set_value(GATE, name, "nomor", seen + 1, update_modified=False)


def _name(what: str, same: dict) -> str:
	text = "|".join((what, *(f"{field}={same[field]}" for field in sorted(same))))
	return text if len(text) <= LENGTH else hashlib.sha256(text.encode()).hexdigest()


def _build(name: str):
	"""Nobody had passed it; of two who build it at once the database refuses one."""
	gate = frappe.new_doc(GATE)
	gate.update({"name": name, "nomor": 1})
	with conflict.told_plainly(errors=(frappe.DuplicateEntryError, *conflict.REFUSED)):
		gate.db_insert()  # its own validate refuses everybody


def as_read(doctype: str, name: str | None, wait: bool = True):
	"""The record stays as it is until this transaction ends; refused where it changed since this transaction's first read."""
	with conflict.told_plainly(name):
		now = frappe.db.get_value(doctype, name, "modified", for_update=True, wait=wait)
	if now != frappe.db.get_value(doctype, name, "modified"):  # plain read: what this transaction sees
		conflict.tell(name)


def latest(doctype: str, name: str):
	"""The record with its rows as it is now, locked: what else this transaction reads may be older."""
	with conflict.told_plainly(name):
		return frappe.get_doc(doctype, name, for_update=True)


def refuse_stale(doc, method=None):
	"""doc_events on_trash: core locks what it deletes, but judges it as it was when the request began."""
	as_read(doc.doctype, doc.name)
