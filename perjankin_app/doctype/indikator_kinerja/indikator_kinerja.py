from frappe.model.document import Document


class IndikatorKinerja(Document):
	pass
