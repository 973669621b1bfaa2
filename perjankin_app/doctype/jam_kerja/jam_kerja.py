from frappe.model.document import Document

from perjankin_app.workflow.guard import RowGuard


class JamKerja(RowGuard, Document):
	pass
