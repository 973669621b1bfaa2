"""What a client sends is JSON: a list, a number or half a letter may stand where a field wants one text or one date.

Core looks at that only when it stores, long after our own checks would have stumbled over it.
"""

import inspect
import math

import frappe
from frappe import _

from perjankin_app import moments
from perjankin_app.target_value import format_number

NUMBERS = ("Int", "Check", "Float", "Currency", "Percent")
NOTHING = object()
OF_CORE = ("doctype", "flags", "parent_doc", "dont_update_if_missing")  # which no client can send
# characters of one value; core cuts or refuses Data at its column's length, but cleans it of scripts before
LONGEST, LONGEST_DATA = {"Small Text": 10_000, "Text": 50_000, "Long Text": 10**7, "Code": 10**7}, 500
# signs that open a tag: on v15 the cost of cleaning a text grows with their square
TAGS_OF_A_VALUE, TAGS_OF_A_RECORD = 200, 2_000
MOST_ROWS = 5_000  # of one table
LARGEST = 10**15  # beyond it neither the columns nor Python's float can tell two numbers apart


def one_plain_value_each(doc, method=None):
	"""doc_events of every DocType of ours: before_insert, since names are made of values, and before_validate."""
	_drop_what_is_no_value(doc)
	_keep_the_tree(doc)
	tags = _check_fields(doc, "")
	for table in doc.meta.get_table_fields():
		name = frappe.unscrub(table.fieldname)  # never translated: a host has other words for `Target`
		rows = doc.__dict__.get(table.fieldname) or ()
		if len(rows) > MOST_ROWS:
			frappe.throw(_("{0}: paling banyak {1} baris.").format(name, MOST_ROWS))
		for number, row in enumerate(rows, 1):
			if not hasattr(row, "doctype"):
				frappe.throw(_("{0} baris {1}: isi baris tidak terbaca.").format(name, number))
			_drop_what_is_no_value(row)
			tags += _check_fields(row, _("{0} baris {1}, ").format(name, number))
	if tags > TAGS_OF_A_RECORD:
		frappe.throw(
			_("Terlalu banyak tanda < di dalam catatan ini ({0}). Tulis sebagai teks biasa.").format(tags)
		)
	for record in (doc, *doc.get_all_children()):
		record._sanitize_content()  # core does it after validate, and our messages quote what was typed


def _drop_what_is_no_value(record):
	"""Core takes any key of the JSON for an attribute: one named like a constant of the class would be asked instead of it."""
	fields = {df.fieldname for df in record.meta.fields}
	for key in set(record.__dict__) - fields - {*frappe.model.default_fields, *OF_CORE}:
		of_class = inspect.getattr_static(type(record), key, NOTHING)
		if (of_class is not NOTHING and not hasattr(of_class, "__get__")) or inspect.isfunction(of_class):
			del record.__dict__[key]


def _keep_the_tree(doc):
	"""The bounds of a node are core's to compute; who may see what hangs on them."""
	if doc.meta.get("is_tree"):
		before = doc.get_doc_before_save()
		for field, empty in (("lft", 0), ("rgt", 0), ("old_parent", None)):
			doc.set(field, before.get(field) if before else empty)


def _check_fields(record, where: str) -> int:
	"""Refuses what a field can't hold; gives the number of signs that open a tag."""
	tags = 0
	for df in record.meta.get("fields"):
		if df.is_virtual or df.fieldtype in (*frappe.model.no_value_fields, *frappe.model.table_fields):
			continue
		value = record.__dict__.get(df.fieldname)
		if value in (None, ""):
			continue
		expected = _expected(df, value)
		if expected:
			frappe.throw(_("{0}{1}: {2}.").format(where, _(df.label), expected))
		if df.fieldtype == "Date":
			record.set(df.fieldname, moments.read_date(value))
		if isinstance(value, str) and df.fieldtype == "Int":  # amounts as text are read by `amounts`
			record.set(df.fieldname, int(float(value)))
		elif isinstance(value, str):
			tags += value.count("<")
		if isinstance(value, int | float) and df.fieldtype not in (*NUMBERS, "Rating"):
			# from a spreadsheet: a NIP, a year, a target; a decimal is written as people write it, or 82.125 were thousands
			record.set(df.fieldname, str(value) if isinstance(value, int) else format_number(value))
	return tags


def _expected(df, value) -> str:
	"""What the field wants instead, or nothing."""
	if isinstance(value, list | dict):
		return _("isi satu nilai saja")
	if isinstance(value, str) and len(value) > (most := LONGEST.get(df.fieldtype, LONGEST_DATA)):
		return _("paling banyak {0} huruf, sekarang {1}").format(most, len(value))
	if isinstance(value, str) and value.count("<") > TAGS_OF_A_VALUE:
		return _("terlalu banyak tanda <; tulis sebagai teks biasa")
	if isinstance(value, str) and not _is_readable(value):
		return _("ada huruf yang tidak dapat dibaca; ketik ulang isinya")
	if df.fieldtype == "Int" and isinstance(value, str):
		try:
			value = float(value)
		except ValueError:
			return _("bukan angka")
	if isinstance(value, float) and not math.isfinite(value):
		return _("bukan angka")
	if isinstance(value, int | float) and df.fieldtype in NUMBERS and abs(value) >= LARGEST:
		return _("angkanya terlalu besar")
	if df.fieldtype == "Date" and not _is_moment(value, moments.read_date):
		return _("isi tanggal, misalnya 2026-12-31")
	if df.fieldtype == "Datetime" and not _is_moment(value, moments.read_moment):
		return _("isi tanggal dan jam, misalnya 2026-12-31 09:00")
	return ""


def _is_readable(text: str) -> bool:
	try:
		return "\x00" not in text and bool(text.encode())
	except UnicodeEncodeError:  # half of a pair, which no database stores
		return False


def _is_moment(value, read) -> bool:
	try:
		read(value)
	except ValueError:
		return False
	return True
