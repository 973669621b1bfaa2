from frappe.model.document import Document

from perjankin_app.workflow.guard import RowGuard


class PesertaRapat(RowGuard, Document):
	pass
