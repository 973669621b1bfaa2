import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_months, getdate, now_datetime

from perjankin_app import permissions
from perjankin_app.amounts import add_up, read_amount
from perjankin_app.papers import require_free, stays_whole
from perjankin_app.perjankin_app.doctype.nomenklatur.nomenklatur import check_valid_in
from perjankin_app.workflow.conflict import ToldPlainly


class DokumenAnggaran(ToldPlainly, Document):
	def validate(self):
		permissions.check_scope(self)
		# PermenPAN-RB 53/2014: the PK is due one month after the budget document was legalized
		self.batas_pk = add_months(getdate(self.tanggal_pengesahan), 1)
		self.validate_rows()
		require_free(self)

	def on_trash(self):
		require_free(self, deleting=True)

	def files_stay_since(self):
		return now_datetime() if stays_whole(self) else None

	def validate_rows(self):
		seen = {}
		for row in self.pagu:
			row.pagu = read_amount(row.pagu, _("Pagu baris {0}").format(row.idx))
			if row.nomenklatur in seen:
				frappe.throw(
					_("Pagu baris {0}: {1} sudah ada pada baris {2}.").format(
						row.idx, row.nomenklatur, seen[row.nomenklatur]
					)
				)
			seen[row.nomenklatur] = row.idx
			check_valid_in(row.nomenklatur, self.periode, _("Pagu baris {0}").format(row.idx))
			row.nama = frappe.db.get_value("Nomenklatur", row.nomenklatur, "nama")
		self.total = add_up((row.pagu for row in self.pagu), _("Total Pagu"))
