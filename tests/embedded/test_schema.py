"""Tables keep their keys, unique columns and defaults when they are changed."""

import sqlite3

import frappe
import pytest

CODE = {"fieldname": "code", "fieldtype": "Data", "label": "Code"}
NUMBER = {"fieldname": "number", "fieldtype": "Int", "label": "Number", "default": "7"}
DUPLICATE = (frappe.UniqueValidationError, frappe.DuplicateEntryError)


def columns(doctype):
	return {
		column.name: column for column in frappe.db.sql(f"PRAGMA table_info(`tab{doctype}`)", as_dict=True)
	}


def change(doctype, fieldname, **values):
	document = frappe.get_doc("DocType", doctype)
	document.get("fields", {"fieldname": fieldname})[0].update(values)
	document.save()


def test_every_table_of_the_site_has_its_key():
	tables = frappe.db.sql(
		"select name from sqlite_master where type = 'table' and name like 'tab%'", pluck=True
	)
	without = []
	for table in tables:
		names = frappe.db.sql(f"PRAGMA table_info(`{table}`)", as_dict=True)
		if any(column.name == "name" for column in names) and not any(column.pk for column in names):
			without.append(table)
	assert len(tables) > 100 and not without


def test_key_default_and_index_survive(make_doctype):
	make_doctype("Embedded Note", CODE, NUMBER)
	change("Embedded Note", "code", unique=1)
	first = frappe.get_doc(doctype="Embedded Note", code="same").insert()
	change("Embedded Note", "number", fieldtype="Float", default="8.5")
	after = columns("Embedded Note")
	assert after["name"].pk and after["docstatus"].notnull and after["docstatus"].dflt_value == "0"
	assert after["number"].type == "REAL" and after["number"].dflt_value == "8.5"
	assert frappe.db.get_value("Embedded Note", first.name, ["code", "number"]) == ("same", 7.0)
	with pytest.raises(DUPLICATE):
		frappe.get_doc(doctype="Embedded Note", code="same").insert()
	frappe.db.rollback()
	with pytest.raises(sqlite3.IntegrityError):
		frappe.db.sql("insert into `tabEmbedded Note` (name) values (%s)", first.name)


def test_two_tables_may_have_a_unique_column_of_one_name(make_doctype):
	for doctype in ("Embedded One", "Embedded Two"):
		make_doctype(doctype, CODE)
		change(doctype, "code", unique=1)
		frappe.get_doc(doctype=doctype, code="same").insert()
		frappe.db.commit()
		with pytest.raises(DUPLICATE):
			frappe.get_doc(doctype=doctype, code="same").insert()
		frappe.db.rollback()


@pytest.mark.parametrize("from_the_start", [True, False])
def test_unique_can_be_taken_back(make_doctype, from_the_start):
	make_doctype("Embedded Note", {**CODE, "unique": int(from_the_start)})
	change("Embedded Note", "code", unique=1)
	change("Embedded Note", "code", unique=0)
	for _ in range(2):
		frappe.get_doc(doctype="Embedded Note", code="same").insert()
	assert columns("Embedded Note")["name"].pk


def test_an_unchanged_doctype_changes_no_table(make_doctype):
	make_doctype("Embedded Note", CODE, NUMBER)
	before = frappe.db.sql("select sql from sqlite_master where tbl_name = 'tabEmbedded Note'")
	frappe.get_doc("DocType", "Embedded Note").save()
	assert frappe.db.sql("select sql from sqlite_master where tbl_name = 'tabEmbedded Note'") == before
