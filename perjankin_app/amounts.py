import frappe
from frappe import _
from frappe.utils import escape_html, flt

from perjankin_app.target_value import TooLarge, parse_number

LIMIT = 10**12  # Frappe's columns are decimal(21,9); MariaDB would refuse more without saying where


def read_amount(value, where: str) -> float:
	"""Rupiah as typed (`1.234,5`, `15.262.074.784`) or as a number. Core's `flt` would read `1.234,5` as 1.2345.

	Raises frappe.ValidationError naming `where`.
	"""
	if value in (None, ""):
		return 0.0
	try:
		amount = float(value) if isinstance(value, int | float) else float(parse_number(value))
	except TooLarge:
		amount = LIMIT
	except ValueError:
		frappe.throw(
			_("{0}: “{1}” bukan angka. Tulis misalnya 1.500.000 atau 1.234,5.").format(
				where, escape_html(str(value))
			)
		)
	return _checked(amount, where)


def add_up(amounts, where: str) -> float:
	"""Their total; raises frappe.ValidationError naming `where` for one that can't be stored."""
	return _checked(flt(sum(map(flt, amounts)), 2), where)


def _checked(amount: float, where: str) -> float:
	if not 0 <= amount < LIMIT:
		frappe.throw(_("{0}: jumlah harus antara 0 dan {1}.").format(where, "999.999.999.999"))
	return amount
