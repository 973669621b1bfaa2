import frappe
from frappe import _
from frappe.model.document import Document

from perjankin_app.document import signed
from perjankin_app.document.signing import certificate
from perjankin_app.workflow.conflict import ToldPlainly

DER_SEQUENCE = b"\x30"  # how every PKCS#12 begins
LARGEST = 100_000  # bytes


class SertifikatElektronik(ToldPlainly, Document):
	"""A party's own PKCS#12, locked by its password, which is never kept. Only its owner reads it (`if_owner`)."""

	def validate(self):
		before = self.get_doc_before_save()
		if before and before.berkas != self.berkas:
			frappe.throw(_("Berkas: pasang sertifikat baru sebagai catatan baru."))
		for field in ("subjek", "penerbit", "nomor_seri", "berlaku_mulai", "berlaku_sampai"):
			self.set(field, before.get(field) if before else None)
		self.pejabat = frappe.db.get_value("Pejabat", {"user": self.owner or frappe.session.user})
		if not self.pejabat:
			frappe.throw(_("Akun Anda belum ditautkan pada Pejabat. Minta PK Admin OPD mengisinya."))
		self.check_file()

	def check_file(self):
		file = {"file_url": self.berkas, "owner": frappe.session.user, "is_private": 1}
		if not (isinstance(self.berkas, str) and frappe.db.exists("File", file)):
			frappe.throw(_("Berkas: unggah berkas .p12 Anda sendiri sebagai berkas pribadi (private)."))
		content = signed.content_of(self.berkas)
		if not content.startswith(DER_SEQUENCE) or len(content) > LARGEST:
			frappe.throw(_("Berkas: ini bukan sertifikat PKCS#12 (.p12 atau .pfx)."))
		certificate.require_affordable(content)


@frappe.whitelist(methods=["POST"])
def check(name: str, password: str) -> dict:
	"""Open the own certificate once, to see that the password fits, and note whose it is and how long it holds."""
	record = frappe.get_doc("Sertifikat Elektronik", name)
	record.check_permission("write")
	found = certificate.details(certificate.open_certificate(record, password))
	record.db_set(found)
	return found
