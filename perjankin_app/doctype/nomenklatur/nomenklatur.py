import re

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from perjankin_app import locks
from perjankin_app.workflow.conflict import ToldPlainly

# urusan . bidang . program . kewenangan . kegiatan . sub kegiatan (Permendagri 90/2019); sub kegiatan had two digits
# until 2022 and has four since, so the code stays text
LEVELS = (
	("Urusan", r"[0-9X]"),
	("Bidang Urusan", r"[0-9X]\.[0-9X]{2}"),
	("Program", r"[0-9X]\.[0-9X]{2}\.[0-9]{2}"),
	("Kegiatan", r"[0-9X]\.[0-9X]{2}\.[0-9]{2}\.[12]\.[0-9]{2}"),
	("Sub Kegiatan", r"[0-9X]\.[0-9X]{2}\.[0-9]{2}\.[12]\.[0-9]{2}\.(?:[0-9]{2}|[0-9]{4})"),
)
PARENT_PARTS = {"Bidang Urusan": 1, "Program": 2, "Kegiatan": 3, "Sub Kegiatan": 5}


class Nomenklatur(ToldPlainly, Document):
	def autoname(self):
		self.kode = "".join((self.kode or "").split())
		self.name = self.kode
		if frappe.db.exists("Nomenklatur", self.name):
			self.name = f"{self.kode} ({cint(self.berlaku_mulai)})"

	def validate(self):
		self.derive_level()
		self.validate_validity()
		self.induk = self.find_parent()

	def derive_level(self):
		for level, pattern in LEVELS:
			if re.fullmatch(pattern, self.kode, re.ASCII):
				self.tingkat = level
				break
		else:
			frappe.throw(
				_(
					"Kode: “{0}” bukan kode nomenklatur. Tulis misalnya 2.24.02 atau 2.24.02.2.01.0001."
				).format(self.kode)
			)
		authority = self.kode.split(".")[3:4]
		self.kewenangan = {"1": "Provinsi", "2": "Kabupaten/Kota"}[authority[0]] if authority else ""

	def validate_validity(self):
		if self.berlaku_sampai and cint(self.berlaku_sampai) < cint(self.berlaku_mulai):
			frappe.throw(_("Berlaku Sampai Tahun mendahului Berlaku Mulai Tahun."))
		locks.alone(self.doctype, kode=self.kode)
		for other in frappe.get_all(
			"Nomenklatur",
			{"kode": self.kode, "name": ("!=", self.name or "")},
			["name", "berlaku_mulai", "berlaku_sampai"],
		):
			if cint(self.berlaku_mulai) <= (cint(other.berlaku_sampai) or 9999) and cint(
				other.berlaku_mulai
			) <= (cint(self.berlaku_sampai) or 9999):
				frappe.throw(
					_(
						"Kode {0} sudah berlaku pada tahun yang sama ({1}). Isi Berlaku Sampai Tahun di sana dahulu."
					).format(self.kode, other.name)
				)

	def find_parent(self) -> str | None:
		"""The code is the tree; the parent that is valid in our first year, if it is on file."""
		parts = PARENT_PARTS.get(self.tingkat)
		if not parts:
			return None
		code = ".".join(self.kode.split(".")[:parts])
		for row in frappe.get_all(
			"Nomenklatur",
			{"kode": code},
			["name", "berlaku_mulai", "berlaku_sampai"],
			order_by="berlaku_mulai desc",
		):
			if cint(row.berlaku_mulai) <= cint(self.berlaku_mulai) <= (cint(row.berlaku_sampai) or 9999):
				return row.name


def check_valid_in(nomenklatur: str, year, where: str):
	"""Refuse a code that is not valid in `year`; two versions of the codes are on file side by side."""
	row = frappe.db.get_value(
		"Nomenklatur", nomenklatur, ["kode", "berlaku_mulai", "berlaku_sampai"], as_dict=True
	)
	year = cint(year)
	if row and not cint(row.berlaku_mulai) <= year <= (cint(row.berlaku_sampai) or 9999):
		frappe.throw(
			_("{0}: kode {1} berlaku {2}–{3}, bukan tahun {4}. Pilih kode yang berlaku.").format(
				where, row.kode, row.berlaku_mulai, row.berlaku_sampai or _("sekarang"), year
			)
		)
