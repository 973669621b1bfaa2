from frappe.model.document import Document


class AlurUnitKerja(Document):
	pass
