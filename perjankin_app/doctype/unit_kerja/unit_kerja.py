from frappe.model.document import Document


class UnitKerja(Document):
	pass
