import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_years, cint, getdate

from perjankin_app import locks
from perjankin_app.papers import PaperOfPK, require_free
from perjankin_app.target_value import format_date


class ArsipPK(PaperOfPK, Document):
	"""Where the signed PK is kept, for how long, and who got a copy. Locked once the PK's chain has ended."""

	def validate(self):
		self.follow_pk()
		self.require_turn()
		self.validate_signed()
		self.validate_one()
		self.validate_date()
		self.validate_retention()
		require_free(self)

	def on_trash(self):
		self.require_turn()
		require_free(self, deleting=True)

	def validate_signed(self):
		signed = frappe.db.get_value(
			"Perjanjian Kinerja", self.perjanjian_kinerja, ["docstatus", "pdf_sha256"], as_dict=True
		)
		if signed.docstatus != 1:
			frappe.throw(_("PK: yang diarsipkan adalah PK yang sudah ditandatangani."))
		self.sidik_berkas = signed.pdf_sha256

	def validate_one(self):
		if twin := locks.twin(self, "perjanjian_kinerja"):
			frappe.throw(_("PK ini sudah diarsipkan pada {0}.").format(twin), frappe.DuplicateEntryError)

	def validate_date(self):
		today = getdate()
		# a PK may bear a date to come
		signed = min(
			getdate(frappe.db.get_value("Perjanjian Kinerja", self.perjanjian_kinerja, "tanggal")), today
		)
		if not signed <= getdate(self.tanggal) <= today:
			frappe.throw(
				_("Tanggal Arsip: isi tanggal antara {0} dan {1}.").format(
					format_date(signed), format_date(today)
				)
			)

	def validate_retention(self):
		years = [cint(self.retensi_aktif), cint(self.retensi_inaktif)]
		if min(years) < 0 or sum(years) > 100:
			frappe.throw(_("Retensi: isi 0 sampai 100 tahun."))
		self.berakhir = add_years(self.tanggal, sum(years))
