"""MariaDB's functions, and the query builder's."""

import frappe
import pytest
from frappe.query_builder.functions import Concat, Count, Date, GroupConcat, Max, Now


@pytest.mark.parametrize(
	"expression, expected",
	[
		("ifnull(null, 'x')", "x"),
		("if(2 > 1, 'yes', 'no')", "yes"),
		("concat('a', 1, 'b')", "a1b"),
		("concat('a', null)", None),
		("concat_ws('-', 'a', null, 'b')", "a-b"),
		("field('b', 'a', 'b')", 2),
		("field('z', 'a', 'b')", 0),
		("year('2026-03-31')", 2026),
		("month('2026-03-31 10:00:00')", 3),
		("quarter('2026-03-31')", 1),
		("year(null)", None),
		("datediff('2026-03-31', '2026-03-01')", 30),
		("date_format('2026-03-01 09:05:07', '%d-%m-%Y %H:%i:%s %M %c')", "01-03-2026 09:05:07 March 3"),
		("'raw text' regexp 'raw'", 1),
	],
)
def test_function(expression, expected):
	assert frappe.db.sql(f"select {expression}")[0][0] == expected


def test_now():
	assert frappe.db.sql("select now() > '2020-01-01', curdate() > '2020-01-01'")[0] == (1, 1)


def test_query_builder():
	frappe.get_doc(doctype="ToDo", description="<b>it's</b>").insert()
	table = frappe.qb.DocType("ToDo")
	query = frappe.qb.from_(table).select(
		Count(table.name),
		GroupConcat(table.owner),
		Max(Date(table.creation)),
		Concat(table.owner, "!"),
		Now(),
	)
	count, owners, day, shout, _now = query.run()[0]
	assert count and "Administrator" in owners and str(day) >= "2020" and shout.endswith("!")
