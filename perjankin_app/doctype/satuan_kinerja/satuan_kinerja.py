from frappe.model.document import Document


class SatuanKinerja(Document):
	pass
