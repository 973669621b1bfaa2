"""The public page on which a printed PK is checked: /verifikasi/<kode>, without login."""

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit

from perjankin_app.access.client_address import client_address
from perjankin_app.document import verification

no_cache = 1
ASKS = "perjankin_asks"


def get_context(context):
	code = frappe.form_dict.get("kode")
	context.update(
		title=_("Verifikasi Perjanjian Kinerja"),
		kode=code if isinstance(code, str) else "",
		pk=_ask(code) if isinstance(code, str) and code else None,
		no_breadcrumbs=True,
		show_sidebar=False,
	)


def _ask(code: str) -> dict | None:
	# core's limiter counts by a value of the form: here the server's own word for who asks
	frappe.form_dict[ASKS] = client_address(
		frappe.request.remote_addr,
		frappe.get_request_header("X-Forwarded-For"),
		frappe.conf.get("perjankin_trusted_proxies") or (),
	)
	return find(code)


@rate_limit(key=ASKS, limit=60, seconds=60, ip_based=False)
def find(code: str) -> dict | None:
	"""60 questions a minute from one address: enough for an office behind one, hopeless against 100 bits."""
	return verification.public(code)
