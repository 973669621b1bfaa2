import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_years, cint

from perjankin_app.papers import PaperOfPK


class ArsipPK(PaperOfPK, Document):
	"""Where the signed PK is kept, for how long, and who got a copy. Locked once the PK's chain has ended."""

	def validate(self):
		self.follow_pk()
		self.require_turn()
		self.validate_signed()
		self.validate_one()
		self.validate_retention()

	def on_trash(self):
		self.require_turn()

	def validate_signed(self):
		signed = frappe.db.get_value(
			"Perjanjian Kinerja", self.perjanjian_kinerja, ["docstatus", "pdf_sha256"], as_dict=True
		)
		if signed.docstatus != 1:
			frappe.throw(_("PK: yang diarsipkan adalah PK yang sudah ditandatangani."))
		self.sidik_berkas = signed.pdf_sha256

	def validate_one(self):
		frappe.db.get_value("Perjanjian Kinerja", self.perjanjian_kinerja, "name", for_update=True)
		same = {"perjanjian_kinerja": self.perjanjian_kinerja, "name": ("!=", self.name or "")}
		if twin := frappe.db.get_value("Arsip PK", same):
			frappe.throw(_("PK ini sudah diarsipkan pada {0}.").format(twin), frappe.DuplicateEntryError)

	def validate_retention(self):
		years = [cint(self.retensi_aktif), cint(self.retensi_inaktif)]
		if min(years) < 0 or sum(years) > 100:
			frappe.throw(_("Retensi: isi 0 sampai 100 tahun."))
		self.berakhir = add_years(self.tanggal, sum(years))
