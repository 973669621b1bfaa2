"""Files of records of an OPD that were attached while whoever uploaded them stayed their owner."""

import frappe

from perjankin_app.document.signed import NOBODY
from perjankin_app.records import OPD_RECORDS


def execute():
	attached = {"attached_to_doctype": ("in", OPD_RECORDS), "owner": ("!=", NOBODY)}
	frappe.db.set_value("File", attached, "owner", NOBODY, update_modified=False)
