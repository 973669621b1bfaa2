from frappe.model.document import Document


class PeranJabatan(Document):
	pass
