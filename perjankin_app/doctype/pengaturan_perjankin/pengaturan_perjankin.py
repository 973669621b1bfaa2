from datetime import timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_time

from perjankin_app.workflow.clock import DEFAULT_HOURS

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


class PengaturanPerjankin(Document):
	def validate(self):
		seen = set()
		for row in self.jam_kerja:
			where = _("Jam Kerja baris {0}").format(row.idx)
			if row.hari in seen:
				frappe.throw(_("{0}: hari {1} sudah ada.").format(where, row.hari))
			seen.add(row.hari)
			moments = [get_time(row.mulai), get_time(row.selesai)]
			if bool(row.istirahat_mulai) != bool(row.istirahat_selesai):
				frappe.throw(_("{0}: isi mulai dan selesai istirahat, atau kosongkan keduanya.").format(where))
			if row.istirahat_mulai:
				moments[1:1] = [get_time(row.istirahat_mulai), get_time(row.istirahat_selesai)]
			if any(a >= b for a, b in zip(moments, moments[1:])):
				frappe.throw(_("{0}: jam harus berurutan dari mulai sampai selesai.").format(where))


def calendar() -> tuple[dict, frozenset]:
	"""(office hours, holidays) as `workflow.clock` takes them."""
	settings = frappe.get_cached_doc("Pengaturan Perjankin")
	hours = {}
	for row in settings.jam_kerja:
		start, end = _time(row.mulai), _time(row.selesai)
		pairs = [(start, end)]
		if row.istirahat_mulai:
			pairs = [(start, _time(row.istirahat_mulai)), (_time(row.istirahat_selesai), end)]
		hours[WEEKDAYS.index(row.hari)] = pairs
	holidays = frozenset(frappe.utils.getdate(row.tanggal) for row in settings.hari_libur)
	return hours or DEFAULT_HOURS, holidays


def _time(value):
	"""The database gives a timedelta (MariaDB), a text (SQLite) or what was typed."""
	return get_time(str(value) if isinstance(value, timedelta) else value)
