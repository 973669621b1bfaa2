from frappe.model.document import Document


class PenugasanJabatan(Document):
	pass
