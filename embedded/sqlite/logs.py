"""Error Log and Data Import Log are no part of a transaction (on MariaDB they are MyISAM tables): what was logged stays.

A Data Import rolls back at each row that fails; without this only the last of them would have left a message.
"""

from functools import partial

import monoframe as frappe
from monoframe.model.base_document import BaseDocument

LOGS = ("Error Log", "Data Import Log")


def install():
	engine_insert = BaseDocument.db_insert

	def db_insert(self, *args, **kwargs):
		engine_insert(self, *args, **kwargs)
		if self.doctype in LOGS:
			frappe.db.after_rollback.add(partial(write_again, self))

	def write_again(log):
		engine_insert(log)
		frappe.db._conn.commit()  # the transaction has just begun: nothing else is in it

	BaseDocument.db_insert = db_insert
