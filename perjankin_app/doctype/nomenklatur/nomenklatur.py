from frappe.model.document import Document


class Nomenklatur(Document):
	pass
