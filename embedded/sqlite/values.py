"""Values are bound (security). The engine pasted them into the SQL text, which broke quotes, `%`, None and lists."""

import datetime
import decimal
import re
import sqlite3

PLACEHOLDER = re.compile(r"%%|%\((\w+)\)s|%s")


def plain(value):
	"""What SQLite stores for a Python value."""
	if isinstance(value, datetime.timedelta | decimal.Decimal):
		return str(value)
	if isinstance(value, datetime.datetime):
		return value.isoformat(" ")
	if isinstance(value, datetime.date | datetime.time):
		return value.isoformat()
	return value


def bind(query, values):
	"""MySQL's `%s` and `%(name)s` as SQLite's `?`, with the values in their order; a list becomes `(?, ?, ...)`."""
	named = isinstance(values, dict)
	given = iter(() if named else values if isinstance(values, list | tuple) else [values])
	bound = []

	def mark(match):
		if match.group() == "%%":
			return "%"
		try:
			value = values[match.group(1)] if named else next(given)
		except (KeyError, StopIteration):
			raise sqlite3.ProgrammingError(f"no value for {match.group()} in: {query}") from None
		if isinstance(value, list | tuple | set | frozenset):
			bound.extend(map(plain, value))
			return f"({', '.join('?' * len(value))})"
		bound.append(plain(value))
		return "?"

	return PLACEHOLDER.sub(mark, query), bound


def register_converters():
	"""`creation` and `modified` are declared DATETIME, which the engine does not convert: they came back as text."""
	sqlite3.register_converter("datetime", lambda value: datetime.datetime.fromisoformat(value.decode()))
