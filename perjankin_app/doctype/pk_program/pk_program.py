from frappe.model.document import Document


class PKProgram(Document):
	pass
