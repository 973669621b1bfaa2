from frappe.model.document import Document


class PeriodeKinerja(Document):
	pass
