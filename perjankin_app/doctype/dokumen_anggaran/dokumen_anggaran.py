from frappe.model.document import Document


class DokumenAnggaran(Document):
	pass
