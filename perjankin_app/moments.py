"""Dates and times as a program sends them, read strictly: core's parser makes this month's first out of "-1".

Pure: no frappe import.
"""

import re
from datetime import date, datetime

YEARS = range(1900, 2101)  # what a civil servant may mean; a month after 9999-12-31 there is none
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME = re.compile(r"[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?")


def read_date(value) -> date:
	"""`2026-12-31`, also with a time behind it, which is left out. Raises ValueError for anything else."""
	return read_moment(value).date()


def read_moment(value) -> datetime:
	"""`2026-12-31`, `2026-12-31 09:00[:00[.000000]]`, with `T` too and a zone behind it. Raises ValueError for anything else."""
	if isinstance(value, datetime):
		moment = value
	elif isinstance(value, date):
		moment = datetime(value.year, value.month, value.day)
	elif isinstance(value, str) and (found := DATE.match(value)):
		rest = value[found.end() :]
		if rest and not TIME.fullmatch(rest):
			raise ValueError(value)
		# Python 3.10 reads neither Z nor one digit of a second's fraction
		text = re.sub(r"\.\d+", "", value).replace("Z", "+00:00")
		moment = datetime.fromisoformat(text)
	else:
		raise ValueError(value)
	if moment.year not in YEARS:
		raise ValueError(value)
	return moment
