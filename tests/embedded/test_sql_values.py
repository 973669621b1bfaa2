"""What is given as a value stays a value."""

import datetime
import sqlite3

import frappe
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedded.sqlite.values import bind

NASTY = [
	'It\'s 50% off; ? %s %(x)s "dq" `bt` \\ back åäö € 😀 -- ; NULL',
	"'; drop table `tabToDo`; --",
	"' or '1'='1",
	"%",
	"%%s",
	"''",
	"None",
]


def note(description):
	return frappe.get_doc(doctype="ToDo", description=description).insert()


@pytest.mark.parametrize("text", NASTY)
def test_text_comes_back_as_it_was(text):
	name = note("x").name
	frappe.db.set_value("ToDo", name, "reference_name", text)
	assert frappe.db.get_value("ToDo", name, "reference_name") == text
	assert frappe.get_all("ToDo", {"reference_name": text, "name": name}, pluck="name") == [name]
	assert frappe.db.sql("select name from `tabToDo` where reference_name = %s and name = %s", (text, name))
	assert frappe.db.sql(
		"select name from `tabToDo` where reference_name = %(text)s and name = %(name)s",
		{"text": text, "name": name},
	)


def test_none_is_null():
	name = note("x").name
	frappe.db.sql(
		"update `tabToDo` set reference_name = %(value)s where name = %(name)s", {"value": None, "name": name}
	)
	assert frappe.db.sql("select name from `tabToDo` where reference_name is null and name = %s", name)


def test_lists_are_lists_of_values():
	names = [note("one").name, note("two").name]
	values = [*names, "'); drop table `tabToDo`; --"]
	found = frappe.db.sql("select name from `tabToDo` where name in %s", [values], pluck=True)
	assert set(found) == set(names)
	found = frappe.db.sql(
		"select name from `tabToDo` where name in %(names)s", {"names": tuple(values)}, pluck=True
	)
	assert set(found) == set(names)
	assert not frappe.db.sql("select name from `tabToDo` where name in %s", [[]])


def test_like_with_a_literal_percent():
	name = note("100% sure").name
	query = "select name from `tabToDo` where description like '%%sure' and name = %s"
	assert frappe.db.sql(query, name, pluck=True) == [name]


def test_dates_come_back_as_dates():
	document = note("x")
	document.db_set("date", "2026-01-31")
	row = frappe.db.get_value("ToDo", document.name, ["date", "creation"], as_dict=True)
	assert row.date == datetime.date(2026, 1, 31)
	assert isinstance(row.creation, datetime.datetime)
	assert frappe.db.sql(
		"select name from `tabToDo` where date = %s and name = %s", (row.date, document.name)
	)


@pytest.mark.parametrize("query, values", [("%s %s", ("one",)), ("%(a)s", {"b": 1})])
def test_a_missing_value_is_an_error(query, values):
	with pytest.raises(sqlite3.ProgrammingError):
		bind(query, values)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text(text):
	assert frappe.db.sql("select %s", text) == ((text,),) or frappe.db.sql("select %s", text)[0][0] == text
