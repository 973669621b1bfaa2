from frappe.model.document import Document


class Jabatan(Document):
	pass
