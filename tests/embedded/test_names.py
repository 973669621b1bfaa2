"""The name `frappe` in strings that the engine evaluates."""

import frappe

from embedded.apps import APP


def test_jinja():
	assert frappe.render_template("{{ frappe.utils.cint('7') + frappe.session.user|length }}", {}) == str(
		7 + len("Administrator")
	)


def test_methods_of_the_jinja_hook():
	"""They are there for a site that has a name only."""
	method, *_others = frappe.get_hooks("jinja", app_name=APP)["methods"]
	assert method.rsplit(".", 1)[1] in frappe.get_jenv().globals


def test_workflow_condition():
	from frappe.model.workflow import get_workflow_safe_globals

	condition = "frappe.session.user == 'Administrator' and frappe.utils.now()"
	assert frappe.safe_eval(condition, get_workflow_safe_globals(), {})


def test_notification_condition():
	from frappe.email.doctype.notification.notification import get_context

	document = frappe.get_doc(doctype="ToDo", description="x")
	assert frappe.safe_eval("frappe.session.user and doc.description == 'x'", None, get_context(document))
