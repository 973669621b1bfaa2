import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from perjankin_app import permissions
from perjankin_app.papers import require_free, stays_whole
from perjankin_app.workflow.conflict import ToldPlainly


class DokumenPendukung(ToldPlainly, Document):
	"""A paper from outside the app, uploaded: Renstra, the letter that starts it all, material for a meeting."""

	def validate(self):
		require_free(self)
		self.validate_pk()
		permissions.check_scope(self)
		self.validate_kind()
		self.validate_file()

	def on_trash(self):
		require_free(self, deleting=True)

	def files_stay_since(self):
		return now_datetime() if stays_whole(self) else None

	def validate_pk(self):
		if not self.perjanjian_kinerja:
			return
		permissions.require_read("Perjanjian Kinerja", self.perjanjian_kinerja)
		self.opd, self.periode = frappe.db.get_value(
			"Perjanjian Kinerja", self.perjanjian_kinerja, ["opd", "periode"]
		)

	def validate_kind(self):
		kind = frappe.db.get_value(
			"Jenis Dokumen", self.jenis_dokumen, ["pemenuhan", "untuk_satu_pk"], as_dict=True
		)
		if not kind or kind.pemenuhan != "Dokumen Pendukung":
			frappe.throw(
				_("Jenis Dokumen: {0} tidak diunggah, melainkan dibuat di aplikasi ini.").format(
					self.jenis_dokumen
				)
			)
		if kind.untuk_satu_pk and not self.perjanjian_kinerja:
			frappe.throw(_("PK: {0} berlaku bagi satu PK. Pilih PK-nya.").format(self.jenis_dokumen))

	def validate_file(self):
		if not frappe.db.exists("File", {"file_url": self.berkas}):
			frappe.throw(_("Berkas: unggah berkasnya."))
