from frappe.model.document import Document


class PaguAnggaran(Document):
	pass
