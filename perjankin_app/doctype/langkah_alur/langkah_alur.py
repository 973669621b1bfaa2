from frappe.model.document import Document


class LangkahAlur(Document):
	pass
