"""Versions of a PK: Murni, Perubahan 1, Perubahan 2; what is taken over, and what differs."""

import frappe
from frappe import _

from perjankin_app import assignments, content_diff
from perjankin_app.document import final
from perjankin_app.workflow import chains, log

PK = "Perjanjian Kinerja"
TAKEN_OVER = ("unit", "jabatan", "periode", "opd", "jenjang", "tempat")
# what a new version finds out by itself, or does not inherit
NOT_COPIED = (
	"name",
	"parent",
	"parentfield",
	"parenttype",
	"owner",
	"creation",
	"modified",
	"modified_by",
	"docstatus",
)


def may_change(doc) -> bool:
	"""Whether the session's user may begin the next version: signed, none begun, and the user drafts here."""
	if doc.docstatus != 1 or frappe.db.exists(PK, {"perubahan_dari": doc.name, "docstatus": ("<", 2)}):
		return False
	return may_draft(doc.opd, doc.jenjang, doc.unit)


def may_draft(opd: str, jenjang: str, unit: str) -> bool:
	"""Whether the session's user holds the first step of the SOP there."""
	chain = chains.load(chains.for_post(opd, jenjang))
	roles = chain.steps[0].roles if chain else ()
	return bool(assignments.in_force(user=frappe.session.user, unit=unit, roles=roles))


def next_version(name: str, reason: str = "", basis: str = ""):
	"""An unsaved PK Perubahan of the signed PK `name`; it has no parties yet."""
	doc = frappe.get_doc(PK, name)
	doc.check_permission("read")
	if not may_change(doc):
		frappe.throw(
			_("{0} belum ditandatangani, sudah ada perubahannya, atau bukan Anda penyusunnya.").format(name),
			title=_("PK Perubahan belum dapat dibuat"),
		)
	new = frappe.new_doc(PK)
	new.update({field: doc.get(field) for field in TAKEN_OVER})
	new.update({"jenis": "Perubahan", "perubahan_dari": name})
	new.update({"alasan_perubahan": reason, "dasar_perubahan": basis})
	for table in ("target", "program"):
		for row in doc.get(table):
			new.append(
				table, {field: value for field, value in row.as_dict().items() if field not in NOT_COPIED}
			)
	return new


def comparison(doc) -> dict | None:
	"""Side by side what `doc` changes against the version before it; None where there is none.

	Both sides as they were signed where they are signed: {"dari": PK, "versi": [its, ours], "baris": [...]}, rows as
	`content_diff.table` gives them.
	"""
	before = doc.jenis == "Perubahan" and doc.perubahan_dari
	if not before:
		return None
	old, new = (
		_content(name) or log.content(other)
		for name, other in ((before, frappe.get_doc(PK, before)), (doc.name, doc))
	)
	return {
		"dari": before,
		"versi": [frappe.db.get_value(PK, before, "versi"), doc.versi],
		"baris": content_diff.table(content_diff.diff(old, new)),
	}


def _content(name: str) -> dict | None:
	frozen = final.snapshot(name)
	return frozen["isi"] if frozen else None
