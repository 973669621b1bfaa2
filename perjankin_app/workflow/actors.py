"""Whose turn it is. The one place that turns (document, step) into people; desk, guard and lists all ask here."""

from dataclasses import dataclass

import frappe

from perjankin_app import assignments
from perjankin_app.workflow import log
from perjankin_app.workflow.composer import CANCELLERS, EMPLOYEE, Step

PARTY_FIELDS = {"Pihak Pertama": "pihak_pertama", "Pihak Kedua": "pihak_kedua"}


@dataclass(frozen=True)
class Turn:
	"""`holders` are assignments in force (see `assignments.in_force`); `stand_in`: the superiors of a barred checker."""

	holders: tuple
	stand_in: bool = False

	def of(self, user: str):
		return next((h for h in self.holders if h.user == user), None)


def turn(doc, step: Step) -> Turn:
	"""Who may act on `doc` in `step`: a role of the step by a Penugasan whose lingkup covers the document's unit.

	Periksa, Paraf and Asistensi are not done by whoever completed the last content step nor by pihak pertama; where
	that leaves nobody, the nearest superior who is neither does it.
	"""
	if step.sebagai in PARTY_FIELDS:
		return Turn(tuple(party_holders(doc, step.sebagai)))
	if step.sebagai == "Formulir":
		# a form of one's own part (SOP 003: each Kabid signs the Bidang's): the role inside the OPD is enough
		return Turn(tuple(h for h in assignments.in_force(roles=step.roles) if h.scope == doc.opd))
	holders = [
		h
		for h in assignments.in_force(unit=doc.unit, roles=step.roles)
		# every Jabatan brings that one: it is the OPD's own employees'
		if h.opd == doc.opd or h.roles.intersection(step.roles) != {EMPLOYEE}
	]
	if not step.is_check:
		return Turn(tuple(holders))
	barred = barred_users(doc)
	free = [h for h in holders if h.user not in barred]
	if free or not holders:
		return Turn(tuple(free))
	for post in assignments.superiors(holders[0].jabatan):
		above = [h for h in assignments.in_force(jabatan=post) if h.user not in barred]
		if above:
			return Turn(tuple(above), stand_in=True)
	return Turn(())


def party_holders(doc, sebagai: str) -> list:
	"""The very person named as a party, or whoever holds that jabatan once the Penugasan named has ended.

	Never the other party: who has become Plt. of the own superior meanwhile does not sign for both.
	"""
	penugasan = doc.get(PARTY_FIELDS[sebagai])
	jabatan = penugasan and frappe.db.get_value("Penugasan Jabatan", penugasan, "jabatan")
	if not jabatan:
		return []
	others = other_party(doc, sebagai)
	return in_place_of(
		penugasan, [h for h in assignments.in_force(jabatan=jabatan) if h.pejabat not in others]
	)


def other_party(doc, sebagai: str) -> set[str]:
	"""The Pejabat named as the other party of `doc`, and who signed in its place."""
	(other,) = PARTY_FIELDS.keys() - {sebagai}
	names = [doc.get(PARTY_FIELDS[other])]
	if doc.docstatus:
		rows = {"parenttype": "Dokumen Final", "parent": doc.name, "pihak": other}
		names += frappe.get_all("Tanda Tangan PK", rows, pluck="penugasan")
	return set(
		frappe.get_all("Penugasan Jabatan", {"name": ("in", [n or "" for n in names])}, pluck="pejabat")
	)


def in_place_of(penugasan: str | None, holders: list) -> list:
	"""Of a jabatan's holders the one with this Penugasan; without it, a single successor.

	Never one of many: who shares a post, as functional officials and staff do, succeeds nobody.
	"""
	same = [h for h in holders if h.penugasan == penugasan]
	if same:
		return same
	if penugasan and holders and not frappe.db.get_value("Jabatan", holders[0].jabatan, "struktural"):
		return []
	definitive = [h for h in holders if h.status == "Definitif"]
	first = (definitive or holders)[:1]
	return first if len(definitive) <= 1 else []


def barred_users(doc) -> set[str]:
	"""Whoever completed the last content step, and pihak pertama."""
	barred = {log.last_author(doc.name, doc.alur)}
	if doc.pihak_pertama:
		official = frappe.db.get_value("Penugasan Jabatan", doc.pihak_pertama, "pejabat")
		barred.add(frappe.db.get_value("Pejabat", official, "user"))
	return barred - {None}


def canceller(doc, user: str):
	"""The assignment by which `user` may cancel the signed `doc`."""
	return next(iter(assignments.in_force(user=user, unit=doc.unit, roles=CANCELLERS)), None)


def describe(holders) -> list[dict]:
	"""For people to read: who must act, as what."""
	return [{"nama": h.nama, "jabatan": title(h)} for h in holders]


def title(holder) -> str:
	prefix = "" if holder.status == "Definitif" else f"{holder.status} "
	return f"{prefix}{holder.nama_jabatan}"
