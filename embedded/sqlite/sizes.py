"""How large each table is, for the health report: the engine's query reads the whole database anew for every table."""

import monoframe as frappe
from monoframe.core.report.database_storage_usage_by_tables import database_storage_usage_by_tables as report

from embedded.patching import rebind

MEGABYTE = 1024.0 * 1024.0


def execute(filters=None):
	frappe.only_for("System Manager")
	sizes = frappe.db.sql(
		"""SELECT part.tbl_name AS `table`, ROUND(SUM(pages.pgsize) / %(unit)s, 2) AS size,
			ROUND(SUM(CASE part.type WHEN 'table' THEN pages.pgsize ELSE 0 END) / %(unit)s, 2) AS data_size,
			ROUND(SUM(CASE part.type WHEN 'index' THEN pages.pgsize ELSE 0 END) / %(unit)s, 2) AS index_size
		FROM dbstat AS pages JOIN sqlite_master AS part ON part.name = pages.name
		WHERE pages.aggregate = TRUE GROUP BY part.tbl_name ORDER BY SUM(pages.pgsize) DESC""",
		{"unit": MEGABYTE},
		as_dict=True,
	)
	return report.COLUMNS, sizes


def install():
	rebind(report.execute, execute)
