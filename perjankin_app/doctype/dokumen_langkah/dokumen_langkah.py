from frappe.model.document import Document

from perjankin_app.workflow.guard import RowGuard


class DokumenLangkah(RowGuard, Document):
	pass
