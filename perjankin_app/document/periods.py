"""Which PKs an official has signed as Pihak Pertama, and for which part of their years: after a transfer there are two."""

from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate

from perjankin_app import tenure
from perjankin_app.document.validity import CANCELLED

PK = "Perjanjian Kinerja"


def of_official(pejabat: str) -> list[dict]:
	"""The newest version of each Penugasan and year: pk, nama (of the post), periode, versi, keberlakuan, dari, sampai.

	`dari` and `sampai` are the days of the year in office, None where the term lies outside that year.
	"""
	offices = {
		row.name: row
		for row in frappe.get_all("Penugasan Jabatan", {"pejabat": pejabat}, ["name", "mulai", "selesai"])
	}
	signed = frappe.get_all(
		PK,
		{
			"docstatus": 1,
			"keberlakuan": ("!=", CANCELLED),
			"pihak_pertama": ("in", list(offices) or [""]),
		},
		["name", "periode", "versi", "keberlakuan", "pihak_pertama", "pihak_pertama_jabatan"],
		order_by="creation",
	)
	newest = {(row.periode, row.pihak_pertama): row for row in signed}
	found = []
	for row in newest.values():
		office, year = offices[row.pihak_pertama], int(row.periode)
		term = getdate(office.mulai), office.selesai and getdate(office.selesai)
		first, last = tenure.within(term, (date(year, 1, 1), date(year, 12, 31))) or (None, None)
		found.append(
			{
				"pk": row.name,
				"nama": row.pihak_pertama_jabatan,
				"periode": row.periode,
				"versi": row.versi,
				"keberlakuan": row.keberlakuan,
				"dari": first,
				"sampai": last,
			}
		)
	return sorted(found, key=lambda row: (-int(row["periode"]), row["dari"] or date.max))


@frappe.whitelist()
def for_form(doctype: str, name: str) -> list[dict]:
	"""Those of an official that the user may read."""
	if doctype != "Pejabat":
		frappe.throw(_("{0} tidak mempunyai PK.").format(doctype))
	frappe.get_doc(doctype, name).check_permission("read")
	return [row for row in of_official(name) if frappe.has_permission(PK, "read", doc=row["pk"])]
