import frappe
from frappe import _
from frappe.model.document import Document

from perjankin_app import permissions
from perjankin_app.document import bundle
from perjankin_app.workflow.conflict import ToldPlainly

WRITTEN_BY_THE_JOB = "status jumlah selesai pesan berkas_pdf halaman berkas_zip disusun_pada".split()


class BundelPK(ToldPlainly, Document):
	"""An order for a bundle, and what came of it; `document.bundle` does the work."""

	def validate(self):
		permissions.check_scope(self)
		before = self.get_doc_before_save()
		for field in WRITTEN_BY_THE_JOB:
			self.set(field, before.get(field) if before else None)
		self.status = self.status or bundle.NEW

	def takes_files(self) -> bool:
		"""Of nobody: its files are the job's."""
		return False

	def after_insert(self):
		bundle.start(self.name)

	def after_delete(self):
		bundle.forget(self)


@frappe.whitelist(methods=["POST"])
def go_on(name: str):
	"""Begin again where a failed or dead job has stopped."""
	doc = frappe.get_doc("Bundel PK", name)
	doc.check_permission("write")
	if doc.status == bundle.DONE:
		frappe.throw(_("Bundel ini sudah selesai. Buat bundel baru untuk keadaan terkini."))
	bundle.start(name)
