from frappe.model.document import Document


class TargetKinerja(Document):
	pass
