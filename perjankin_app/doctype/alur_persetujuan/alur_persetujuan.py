from frappe.model.document import Document


class AlurPersetujuan(Document):
	pass
