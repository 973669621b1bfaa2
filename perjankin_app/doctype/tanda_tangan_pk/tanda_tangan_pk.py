from frappe.model.document import Document

from perjankin_app.workflow.guard import RowGuard


class TandaTanganPK(RowGuard, Document):
	pass
