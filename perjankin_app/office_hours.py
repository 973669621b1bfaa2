"""Office hours and holidays as people enter them, and as `workflow.clock` takes them: everybody's, and an OPD's own."""

import re
from itertools import pairwise

import frappe
from frappe import _
from frappe.utils import get_time, getdate
from frappe.utils.caching import request_cache

from perjankin_app.workflow.clock import DEFAULT_HOURS

TIMES = ("mulai", "istirahat_mulai", "istirahat_selesai", "selesai")
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?:[:.]00)?")


def validate(doc):
	"""The rows of Jam Kerja of `doc`: each weekday once, its times in order."""
	seen = set()
	for row in doc.jam_kerja:
		where = _("Jam Kerja baris {0}").format(row.idx)
		if row.hari in seen:
			frappe.throw(_("{0}: hari {1} sudah ada.").format(where, row.hari))
		seen.add(row.hari)
		for field in TIMES:
			if row.get(field) or field in ("mulai", "selesai"):
				row.set(field, read_time(row.get(field), f"{where}, {_(row.meta.get_label(field))}"))
		if bool(row.istirahat_mulai) != bool(row.istirahat_selesai):
			frappe.throw(_("{0}: isi mulai dan selesai istirahat, atau kosongkan keduanya.").format(where))
		if any(a >= b for a, b in pairwise(_moments(row))):
			frappe.throw(_("{0}: jam harus berurutan dari mulai sampai selesai.").format(where))


def read_time(value, where: str) -> str:
	"""`8:00`, `08.00` as one writing. The fields are no Time fields: core fills empty ones with the present time."""
	text = "" if value is None else str(value).strip()
	match = _TIME.fullmatch(text)
	if not match:
		frappe.throw(_("{0}: “{1}” bukan jam. Tulis misalnya 07:30.").format(where, text))
	return "{:02d}:{:02d}".format(*map(int, match.groups()))


def changed(doc) -> bool:
	"""Whether this save of `doc` changes hours or holidays."""
	before = doc.get_doc_before_save()
	return _calendar_of(doc) != (_calendar_of(before) if before else ({}, frozenset()))


@request_cache
def calendar(opd: str | None = None) -> tuple[dict, frozenset]:
	"""(office hours, holidays) of an OPD: its own hours where it has any, else everybody's; the holidays of both."""
	hours, holidays = _calendar_of(frappe.get_cached_doc("Pengaturan Perjankin"))
	own_hours, own_holidays = _own().get(opd, ({}, frozenset()))
	return own_hours or hours or DEFAULT_HOURS, holidays | own_holidays


def forget():
	"""After an edit: what this request has read is no longer true."""
	(getattr(frappe.local, "request_cache", None) or {}).clear()


@request_cache
def _own() -> dict[str, tuple[dict, frozenset]]:
	"""What the OPD have of their own: two queries for all of them."""
	found = {}
	filters = {"parenttype": "Unit Kerja"}
	for row in frappe.get_all("Jam Kerja", filters, ["parent", "hari", *TIMES]):
		found.setdefault(row.parent, ([], []))[0].append(row)
	for row in frappe.get_all("Hari Libur Kerja", filters, ["parent", "tanggal"]):
		found.setdefault(row.parent, ([], []))[1].append(row)
	return {opd: (_hours(days), _holidays(dates)) for opd, (days, dates) in found.items()}


def _calendar_of(doc) -> tuple[dict, frozenset]:
	return _hours(doc.jam_kerja), _holidays(doc.hari_libur)


def _hours(rows) -> dict:
	hours = {}
	for row in rows:
		moments = _moments(row)
		hours[WEEKDAYS.index(row.hari)] = list(zip(moments[::2], moments[1::2], strict=True))
	return hours


def _holidays(rows) -> frozenset:
	return frozenset(getdate(row.tanggal) for row in rows)


def _moments(row) -> list:
	return [get_time(row.get(field)) for field in TIMES if row.get(field)]
