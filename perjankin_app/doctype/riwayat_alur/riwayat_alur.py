from frappe.model.document import Document


class RiwayatAlur(Document):
	pass
