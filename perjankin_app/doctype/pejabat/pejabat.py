from frappe.model.document import Document


class Pejabat(Document):
	pass
