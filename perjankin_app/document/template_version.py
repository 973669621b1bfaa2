"""Which template printed a PK: a fingerprint over its sources."""

import hashlib

import frappe
from frappe.www import printview

from perjankin_app.document.pdf import PRINT_FORMAT

SHARED = "perjankin_app/print_format/paper.html"


def version() -> str:
	"""16 hexadecimal digits; another one as soon as one character of the print format or of what it imports differs."""
	digest = hashlib.sha256()
	for source in sources().values():
		digest.update(source.encode())
	return digest.hexdigest()[:16]


def sources() -> dict[str, str]:
	"""{name: text}; an admin's own print format of that name is what is printed, so it is what counts."""
	print_format = frappe.get_doc("Print Format", PRINT_FORMAT)
	environment = frappe.get_jenv()
	return {
		PRINT_FORMAT: printview.get_print_format("Perjanjian Kinerja", print_format),
		SHARED: environment.loader.get_source(environment, SHARED)[0],
	}
