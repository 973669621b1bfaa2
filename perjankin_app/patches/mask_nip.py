"""Officials entered before their NIP was masked in lists and exports."""

import frappe

from perjankin_app.perjankin_app.doctype.pejabat.pejabat import show_nips


def execute():
	frappe.db.set_single_value("Pengaturan Perjankin", "samarkan_nip", 1)
	show_nips()
