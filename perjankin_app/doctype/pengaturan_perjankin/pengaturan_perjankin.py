from frappe.model.document import Document


class PengaturanPerjankin(Document):
	pass
