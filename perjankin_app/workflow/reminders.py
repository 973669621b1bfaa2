"""Who is told that a step is about to be late, or is: each once for each time the PK enters a step.

Subject, message and channel are Notifications of event "Method"; an admin switches a standard one off, or duplicates it
and edits the copy. Core's Notification takes its recipients from a field of the document, so they are put there.
"""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, now_datetime

from perjankin_app import assignments, office_hours, permissions
from perjankin_app.workflow import clock
from perjankin_app.workflow.deadlines import PK, RUNNING, TOLD_LATE

TOLD_SOON = "Diingatkan"
METHODS = {TOLD_SOON: "ingatkan_tenggat", TOLD_LATE: "tenggat_lewat"}
MINUTES = 60  # where Pengaturan Perjankin says nothing
ADMIN = "PK Admin OPD"


def remind():
	"""Hourly."""
	now = now_datetime()
	minutes = cint(frappe.get_cached_doc("Pengaturan Perjankin").ingatkan_sebelum) or MINUTES
	waiting = {**RUNNING, "tenggat_langkah": ("is", "set")}
	for opd in frappe.get_all(PK, waiting, pluck="opd", distinct=True):
		soon = _soon(now, minutes, opd)
		rows = frappe.get_all(
			PK,
			{**waiting, "opd": opd, "tenggat_langkah": ("<=", soon)},
			["name", "tenggat_langkah", "pengingat_langkah"],
			order_by="tenggat_langkah, name",
		)
		for row in rows:
			if told_next(row, now, soon):
				_tell(row.name, now, soon)


def told_next(pk, now: datetime, soon: datetime) -> str | None:
	"""What is to be told about `pk`: TOLD_SOON, TOLD_LATE, or None, also where that was told already."""
	if not pk.tenggat_langkah:
		return None
	moment = get_datetime(pk.tenggat_langkah)
	if moment < now:
		return None if pk.pengingat_langkah == TOLD_LATE else TOLD_LATE
	return TOLD_SOON if moment <= soon and not pk.pengingat_langkah else None


def recipients(doc, level: str) -> list[str]:
	"""Addresses of the step's holders; where it is late, of their next superiors and the PK Admin OPD too."""
	turn = doc.current_turn()
	people = list(turn.holders) if turn else []
	if level == TOLD_LATE:
		people += [h for holder in list(people) for h in _superiors(holder)]
		people += assignments.in_force(unit=doc.unit, roles=[ADMIN])
	users = {holder.user for holder in people if holder.user}
	return frappe.get_all(
		"User",
		{"enabled": 1, "name": ("in", [u for u in sorted(users) if permissions.may_read(PK, doc.name, u)])},
		pluck="email",
		order_by="name",
	)


def _superiors(holder) -> list:
	"""Those on the nearest superior post that somebody else holds."""
	for post in assignments.superiors(holder.jabatan):
		if others := [h for h in assignments.in_force(jabatan=post) if h.pejabat != holder.pejabat]:
			return others
	return []


def _soon(now: datetime, minutes: int, opd: str) -> datetime:
	"""What is due until then has at most `minutes` of office time left; the end of the last of them is not yet late."""
	try:
		return clock.due(now, minutes, "menit", *office_hours.calendar(opd)) + timedelta(seconds=1)
	except ValueError:  # no office hours
		return now


def _tell(name: str, now: datetime, soon: datetime):
	"""The mark and what is sent are one transaction: killed in between, neither is there."""
	frappe.db.savepoint("tell")
	try:
		doc = frappe.get_doc(PK, name, for_update=True)
		level = told_next(doc, now, soon)  # somebody may have moved it on meanwhile
		if level:
			frappe.db.set_value(PK, name, "pengingat_langkah", level, update_modified=False)
			doc.penerima_sistem = ",".join(recipients(doc, level))
			doc.penerima_surel = doc.penerima_sistem if _can_mail() else ""
			doc.run_notifications(METHODS[level])
	except Exception:  # one PK, or an admin's own template, must not keep the others from being told
		frappe.db.rollback(save_point="tell")
		frappe.clear_messages()
		frappe.log_error(_("Pengingat tenggat {0} belum terkirim").format(name))
	frappe.db.commit()  # nosemgrep: a lock on each PK for the length of one, not of all


def _can_mail() -> bool:
	"""Without an account core would write a Communication that nobody gets, and an error, for each."""
	from frappe.email.doctype.email_account.email_account import EmailAccount

	return bool(EmailAccount.find_default_outgoing())
