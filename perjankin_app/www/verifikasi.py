"""The public page on which a printed PK is checked: /verifikasi/<kode>, without login."""

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit

from perjankin_app.document import verification

no_cache = 1


def get_context(context):
	code = frappe.form_dict.get("kode")
	context.update(
		title=_("Verifikasi Perjanjian Kinerja"),
		kode=code if isinstance(code, str) else "",
		pk=find(code) if isinstance(code, str) and code else None,
		no_breadcrumbs=True,
		show_sidebar=False,
	)


@rate_limit(limit=60, seconds=60)
def find(code: str) -> dict | None:
	"""60 questions a minute from one address: enough for an office behind one, hopeless against 100 bits."""
	return verification.public(code)
