"""Alur Persetujuan as stored -> composer.Chain."""

import frappe
from frappe.utils.caching import request_cache

from perjankin_app.workflow import conflict
from perjankin_app.workflow.composer import Chain, ChainError, read_chain

GOVERNED = "Perjanjian Kinerja"


@request_cache
def load(alur: str | None) -> Chain | None:
	"""The chain of a document, None where it has none or its table is no longer readable.

	Kept for the request: the rows of a chain that a document can have are locked.
	"""
	if not alur or not frappe.db.exists("Alur Persetujuan", alur):
		return None
	doc = frappe.get_cached_doc("Alur Persetujuan", alur)
	try:
		return from_doc(doc)
	except ChainError:
		return None


def from_doc(doc) -> Chain:
	"""Raises ChainError."""
	return read_chain(doc.name, doc.nama, [row.as_dict() for row in doc.langkah])


def for_post(opd: str, jenjang: str) -> str | None:
	"""The chain in force for a PK of `jenjang` in `opd`: the OPD's own row, else the Pemda's above it."""
	node = frappe.db.get_value("Unit Kerja", opd, ["lft", "rgt"], as_dict=True)
	if not node:
		return None
	owners = [
		opd,
		*frappe.get_all(
			"Unit Kerja",
			{"lft": ("<", node.lft), "rgt": (">", node.rgt), "jenis": "Pemda"},
			pluck="name",
			order_by="lft desc",
		),
	]
	for owner in owners:
		for alur in frappe.get_all(
			"Alur Unit Kerja", {"parent": owner, "parenttype": "Unit Kerja", "jenjang": jenjang}, pluck="alur"
		):
			if frappe.db.get_value("Alur Persetujuan", alur, "status") == "Berlaku":
				return alur
	return None


def require_in_force(alur: str):
	"""For a document that begins by it now: with a lock, so that whoever replaces or retires the chain finds the document."""
	status = frappe.db.get_value("Alur Persetujuan", alur, "status", for_update=True)
	if status != "Berlaku":
		conflict.tell(alur)
