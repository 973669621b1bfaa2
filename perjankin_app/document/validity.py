"""When a PK is in force: once every party has signed; until another version is, or it is cancelled."""

import frappe
from frappe import _
from frappe.utils import add_days, getdate

from perjankin_app import locks
from perjankin_app.document.provider import CERTIFICATE, SYSTEM, WET

PK = "Perjanjian Kinerja"
WAITING, IN_FORCE, REPLACED, CANCELLED = "Menunggu Tanda Tangan", "Berlaku", "Digantikan", "Dibatalkan"
# the OPD's way to sign: what else counts as a party's signature
COUNTS = {
	SYSTEM: {SYSTEM, WET, CERTIFICATE},
	WET: {WET, CERTIFICATE},
	CERTIFICATE: {WET, CERTIFICATE},  # who has no certificate, an elected head perhaps, signs by hand
}


def parties(doc) -> list[str]:
	"""Who has to sign; a Kepala Daerah signs alone."""
	return ["Pihak Pertama", *(["Pihak Kedua"] if doc.pihak_kedua_nama else [])]


def outstanding(doc, document) -> list[str]:
	"""The parties of `doc` whose signature is not on its Dokumen Final yet."""
	counted = {row.pihak for row in document.tanda_tangan if row.cara in COUNTS[document.cara or SYSTEM]}
	return [party for party in parties(doc) if party not in counted]


def settle(doc, document):
	"""After a signature: in force if it was the last one, and then the version before is replaced, not earlier."""
	if outstanding(doc, document):
		return _set(doc, keberlakuan=WAITING)
	_set(doc, keberlakuan=IN_FORCE, berlaku_sejak=getdate())
	if before := _predecessor(doc):
		until = max(add_days(getdate(), -1), getdate(before.berlaku_sejak or None))
		_set(before, keberlakuan=REPLACED, digantikan_oleh=doc.name, berlaku_sampai=until)


def due(doc, document) -> str:
	"""What `keberlakuan` says of a signed PK, by its signatures and the versions after it."""
	if doc.docstatus == 2:
		return CANCELLED
	if frappe.db.exists(PK, {"perubahan_dari": doc.name, "keberlakuan": ("in", (IN_FORCE, REPLACED))}):
		return REPLACED
	return WAITING if outstanding(doc, document) else IN_FORCE


def cancelled(doc):
	"""What a cancelled version had replaced is in force again."""
	was = doc.keberlakuan
	_set(doc, keberlakuan=CANCELLED, berlaku_sampai=getdate() if was == IN_FORCE else None)
	if was == IN_FORCE and (before := _predecessor(doc)) and before.digantikan_oleh == doc.name:
		again = IN_FORCE if before.berlaku_sejak else WAITING  # it may have been replaced half signed
		_set(before, keberlakuan=again, digantikan_oleh=None, berlaku_sampai=None)


def _predecessor(doc):
	name = doc.jenis == "Perubahan" and doc.perubahan_dari
	return locks.latest(PK, name) if name else None


def _set(doc, **values):
	"""Past the guard, in whose transaction this is called; `modified` stays, or the form would seem to be stale."""
	doc.db_set(values, update_modified=False)


def version(doc) -> str:
	"""`Murni`, `Perubahan 1`, `Perubahan 2`: how many versions there were before."""
	if doc.jenis != "Perubahan":
		return "Murni"
	number, seen, before = 1, {doc.name}, doc.perubahan_dari
	while before and before not in seen:
		seen.add(before)
		kind, before = frappe.db.get_value(PK, before, ["jenis", "perubahan_dari"]) or ("Murni", None)
		number += kind == "Perubahan"
	return _("Perubahan {0}").format(number)
