from frappe.model.document import Document


class JenisDokumen(Document):
	pass
