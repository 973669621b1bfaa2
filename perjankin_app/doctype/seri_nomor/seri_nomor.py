import frappe
from frappe import _
from frappe.model.document import Document

from perjankin_app import locks, numbering, permissions
from perjankin_app.workflow.conflict import ToldPlainly


class SeriNomor(ToldPlainly, Document):
	"""How an OPD numbers its letters: one series for all kinds, or one for a kind."""

	# written by `numbering`
	SERVER_FIELDS = ("tahun_terakhir", "urut_terakhir")

	def validate(self):
		self.keep_server_fields()
		permissions.check_scope(self)
		self.pola = self.pola or numbering.DEFAULT_PATTERN  # core drops a default with braces
		self.validate_pattern()
		self.validate_one_each()
		self.validate_own_numbers()
		for code in {self.unit, *numbering.sample(self).split("/")} - {None, ""}:
			numbering.require_own_code(code, self.opd)

	def keep_server_fields(self):
		before = self.get_doc_before_save()
		for field in type(self).SERVER_FIELDS:
			self.set(field, before.get(field) if before else None)

	def validate_pattern(self):
		if not 1 <= (self.lebar or 1) <= 6:
			frappe.throw(_("Lebar Nomor Urut: isi 1 sampai 6."))
		try:
			numbering.write(
				self.pola, urut=1, tahun=2026, bulan=1, unit="X", klasifikasi="Y", lebar=self.lebar or 1
			)
		except ValueError as e:
			frappe.throw(_("Pola Nomor: {0}").format(_(str(e))))
		if (self.mulai or 1) < 1:
			frappe.throw(_("Nomor Pertama: isi 1 atau lebih."))

	def validate_one_each(self):
		if twin := locks.twin(self, "opd", "jenis_dokumen"):
			frappe.throw(
				_("Seri {0} sudah ada untuk naskah itu. Ubah seri itu.").format(twin),
				frappe.DuplicateEntryError,
			)

	def validate_own_numbers(self):
		locks.alone(self.doctype, opd=self.opd)
		for name in frappe.get_all(
			"Seri Nomor", {"opd": self.opd, "name": ("!=", self.name or "")}, pluck="name"
		):
			other = frappe.get_doc("Seri Nomor", name)
			if numbering.sample(other) == numbering.sample(self):
				frappe.throw(
					_(
						"Pola Nomor: seri {0} memberi nomor yang sama, {1}. Ubah pola atau kode unitnya."
					).format(name, numbering.sample(self)),
					frappe.DuplicateEntryError,
				)

	def on_trash(self):
		locks.as_read(self.doctype, self.name)  # whoever takes a number locks it
		if frappe.db.get_value("Register Naskah", {"seri": self.name}, "name", for_update=True):
			frappe.throw(_("Seri yang sudah dipakai tidak dapat dihapus; nomornya ada pada buku agenda."))
