"""Remarks on a target said `Target`, a word that Frappe and ERPNext translate as `Sasaran`."""

import frappe


def execute():
	about = {"bagian": "Target"}
	frappe.db.set_value("Catatan Asistensi", about, "bagian", "Target Kinerja", update_modified=False)
