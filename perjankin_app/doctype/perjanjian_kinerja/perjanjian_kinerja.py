from frappe.model.document import Document


class PerjanjianKinerja(Document):
	pass
