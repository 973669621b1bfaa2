"""Contacts and addresses made before the rule keep no title of a record of ours."""

import frappe

from perjankin_app.records import ALL_RECORDS


def execute():
	row = frappe.qb.DocType("Dynamic Link")
	query = frappe.qb.update(row).set(row.link_title, row.link_name)
	query.where(row.link_doctype.isin(ALL_RECORDS)).run()
