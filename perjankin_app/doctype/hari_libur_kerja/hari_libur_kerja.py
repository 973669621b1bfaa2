from frappe.model.document import Document


class HariLiburKerja(Document):
	pass
