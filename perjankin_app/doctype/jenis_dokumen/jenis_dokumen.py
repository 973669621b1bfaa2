from frappe.model.document import Document

from perjankin_app.workflow.conflict import ToldPlainly


class JenisDokumen(ToldPlainly, Document):
	pass
