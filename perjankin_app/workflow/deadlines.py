"""When the running step of each PK is due: kept on the PK, so that lists and the status board need no calendar."""

from datetime import datetime

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Max
from frappe.utils import get_datetime, now_datetime

from perjankin_app import office_hours
from perjankin_app.workflow import chains, clock
from perjankin_app.workflow.composer import CANCELLED, LAST, Step

PK = "Perjanjian Kinerja"
RUNNING = {"docstatus": ("<", 2), "workflow_state": ("not in", (LAST, CANCELLED))}
TOLD_LATE = "Terlambat"  # last value of `pengingat_langkah`
PAGE = 200  # PKs between two commits


def due(step: Step | None, started, opd: str | None) -> datetime | None:
	"""When `step`, begun at `started`, is due on the calendar of `opd`; None where the SOP sets no time."""
	if not (step and step.waktu and started):
		return None
	try:
		moment = clock.due(get_datetime(started), step.waktu, step.satuan_waktu, *office_hours.calendar(opd))
	except ValueError:  # office hours so sparse that the step is never due: no reason to stop an action
		return None
	return moment.replace(microsecond=0)


def recompute_soon(opd: str | None = None):
	"""Hours or holidays were edited; the save does not wait for thousands of PKs."""
	office_hours.forget()
	frappe.enqueue(
		"perjankin_app.workflow.deadlines.recompute", queue="long", enqueue_after_commit=True, opd=opd
	)


def recompute(opd: str | None = None):
	"""After such an edit, and daily: the deadlines of all running PKs, or of one OPD's, on the calendar as it is now."""
	office_hours.forget()
	now = now_datetime()
	running = {**RUNNING, "langkah_sejak": ("is", "set"), **({"opd": opd} if opd else {})}
	fields = ["name", "opd", "alur", "workflow_state", "langkah_sejak", "tenggat_langkah"]
	written = 0
	for row in frappe.get_all(PK, running, fields):
		moment = due(_step(row), row.langkah_sejak, row.opd)
		if moment == (row.tenggat_langkah and get_datetime(row.tenggat_langkah)):
			continue
		# not if somebody has moved it on meanwhile
		still = {"name": row.name, "workflow_state": row.workflow_state}
		values = {"tenggat_langkah": moment}
		if moment and moment > now:
			values["pengingat_langkah"] = None  # what was told is no longer so
		frappe.db.set_value(PK, still, values, update_modified=False)
		written += 1
		if written % PAGE == 0:
			frappe.db.commit()  # nosemgrep: whoever acts on one of them meanwhile need not wait for all


def fill():
	"""Patch: PKs from before deadlines were kept. Who is late already is seen on the board, not told a second time."""
	log, now = DocType("Riwayat Alur"), now_datetime()
	ended = dict(
		frappe.qb.from_(log)
		.select(log.perjanjian_kinerja, Max(log.selesai))
		.groupby(log.perjanjian_kinerja)
		.run()
	)
	fields = ["name", "opd", "alur", "workflow_state", "creation"]
	for row in frappe.get_all(PK, {"langkah_sejak": ("is", "not set")}, fields):
		started = get_datetime(ended.get(row.name) or row.creation).replace(microsecond=0)
		moment = due(_step(row), started, row.opd)
		frappe.db.set_value(
			PK,
			row.name,
			{
				"langkah_sejak": started,
				"tenggat_langkah": moment,
				"pengingat_langkah": TOLD_LATE if moment and moment < now else None,
			},
			update_modified=False,
		)


def _step(row) -> Step | None:
	chain = chains.load(row.alur)
	return chain.step(row.workflow_state) if chain else None
