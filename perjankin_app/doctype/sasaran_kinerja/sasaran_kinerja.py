from frappe.model.document import Document


class SasaranKinerja(Document):
	pass
