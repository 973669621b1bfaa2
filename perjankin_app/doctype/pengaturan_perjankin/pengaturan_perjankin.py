import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from perjankin_app import office_hours, security
from perjankin_app.document import pdf, renderer
from perjankin_app.perjankin_app.doctype.pejabat.pejabat import show_nips
from perjankin_app.workflow import deadlines
from perjankin_app.workflow.composer import LONGEST
from perjankin_app.workflow.conflict import ToldPlainly


class PengaturanPerjankin(ToldPlainly, Document):
	def onload(self):
		self.set_onload("keamanan", security.report())
		self.set_onload("mesin_pdf", renderer.installed())

	def validate(self):
		office_hours.validate(self)
		self.keep_trials()
		self.check_renderer()
		if not 0 <= cint(self.ingatkan_sebelum) <= LONGEST["menit"]:
			frappe.throw(
				_("Ingatkan Sebelum Tenggat: isi antara 0 dan {0} menit kerja.").format(LONGEST["menit"])
			)

	def keep_trials(self):
		"""How the renderer was tried is the server's to say."""
		for field in (pdf.WEB, pdf.WORKER):
			self.set(field, frappe.db.get_single_value(self.doctype, field))

	def check_renderer(self):
		if not self.mesin_pdf or not self.has_value_changed("mesin_pdf"):
			return
		found = renderer.installed()
		if self.mesin_pdf not in found:
			frappe.throw(
				_("Mesin PDF: {0} tidak terpasang di server ini. Yang terpasang: {1}.").format(
					self.mesin_pdf, ", ".join(found) or _("tidak ada")
				)
			)
		engine = next(engine for engine in renderer.RENDERERS if engine.name == self.mesin_pdf)
		if problem := pdf.problem_of(engine):
			frappe.throw(
				_("Mesin PDF: {0} gagal membuat halaman percobaan ({1}).").format(self.mesin_pdf, problem)
			)

	def on_update(self):
		if self.has_value_changed("mesin_pdf"):
			pdf.use_in_print_view()
			pdf.try_out_everywhere()
		if self.has_value_changed("samarkan_nip"):
			show_nips()
		if office_hours.changed(self):
			deadlines.recompute_soon()


@frappe.whitelist(methods=["POST"])
def try_renderer():
	"""Make a page with the chosen renderer, here and in the queue; the form shows how that went."""
	frappe.get_doc("Pengaturan Perjankin").check_permission("write")
	pdf.try_out_everywhere()
