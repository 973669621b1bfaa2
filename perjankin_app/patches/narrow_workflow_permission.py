"""PK Pegawai read and exported every Workflow of the host: now not at all, or (early v16) without export; see install.py."""

import frappe

from perjankin_app import install


def execute():
	if not install.desk_reads_workflow():
		install._remove_workflow_permission()
		return
	row = {"parent": "Workflow", "role": install.READS_WORKFLOW, "permlevel": 0}
	for name in frappe.get_all("Custom DocPerm", row, pluck="name"):
		frappe.db.set_value("Custom DocPerm", name, "export", 0)
	frappe.clear_cache(doctype="Workflow")
