import re
from itertools import pairwise

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_time

from perjankin_app import security
from perjankin_app.workflow.clock import DEFAULT_HOURS

TIMES = ("mulai", "istirahat_mulai", "istirahat_selesai", "selesai")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?:[:.]00)?")
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


class PengaturanPerjankin(Document):
	def onload(self):
		self.set_onload("keamanan", security.report())

	def validate(self):
		seen = set()
		for row in self.jam_kerja:
			where = _("Jam Kerja baris {0}").format(row.idx)
			if row.hari in seen:
				frappe.throw(_("{0}: hari {1} sudah ada.").format(where, row.hari))
			seen.add(row.hari)
			for field in TIMES:
				if row.get(field) or field in ("mulai", "selesai"):
					row.set(field, read_time(row.get(field), f"{where}, {_(row.meta.get_label(field))}"))
			if bool(row.istirahat_mulai) != bool(row.istirahat_selesai):
				frappe.throw(
					_("{0}: isi mulai dan selesai istirahat, atau kosongkan keduanya.").format(where)
				)
			moments = [row.get(field) for field in TIMES if row.get(field)]
			if any(a >= b for a, b in pairwise(moments)):
				frappe.throw(_("{0}: jam harus berurutan dari mulai sampai selesai.").format(where))


def calendar() -> tuple[dict, frozenset]:
	"""(office hours, holidays) as `workflow.clock` takes them."""
	settings = frappe.get_cached_doc("Pengaturan Perjankin")
	hours = {}
	for row in settings.jam_kerja:
		moments = [get_time(row.get(field)) for field in TIMES if row.get(field)]
		hours[WEEKDAYS.index(row.hari)] = list(zip(moments[::2], moments[1::2], strict=True))
	holidays = frozenset(frappe.utils.getdate(row.tanggal) for row in settings.hari_libur)
	return hours or DEFAULT_HOURS, holidays


def read_time(value, where: str) -> str:
	"""`8:00`, `08.00` as one writing. The fields are no Time fields: core fills empty ones with the present time."""
	text = "" if value is None else str(value).strip()
	match = _TIME.fullmatch(text)
	if not match:
		frappe.throw(_("{0}: “{1}” bukan jam. Tulis misalnya 07:30.").format(where, text))
	return "{:02d}:{:02d}".format(*map(int, match.groups()))
