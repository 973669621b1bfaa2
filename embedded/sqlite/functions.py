"""MariaDB's functions that SQLite lacks. LEFT(), TIMESTAMPDIFF(unit, ...) and WITH ROLLUP are syntax: no help here."""

import datetime
import re

from monoframe.query_builder.utils import ImportMapper, db_type_is

FORMATS = {
	"i": "%M",
	"s": "%S",
	"M": "%B",
	"c": "%-m",
	"e": "%-d",
	"k": "%-H",
	"D": "%-d",
	"W": "%A",
	"T": "%H:%M:%S",
}


def moment(value):
	return datetime.datetime.fromisoformat(str(value))


def part(function):
	"""A function of one moment; NULL stays NULL."""
	return lambda value: value and function(moment(value))


def date_format(value, pattern):
	translated = re.sub(r"%(.)", lambda match: FORMATS.get(match[1], match[0]), pattern or "")
	return value and moment(value).strftime(translated)


def datediff(later, earlier):
	return later and earlier and (moment(later).date() - moment(earlier).date()).days


def concat(*values):
	return None if None in values else "".join(map(str, values))


def concat_ws(separator, *values):
	return separator.join(str(value) for value in values if value is not None)


FUNCTIONS = {  # by name and number of arguments; -1: any number
	("now", 0): lambda: str(datetime.datetime.now()),
	("curdate", 0): lambda: str(datetime.date.today()),
	("year", 1): part(lambda value: value.year),
	("month", 1): part(lambda value: value.month),
	("dayofmonth", 1): part(lambda value: value.day),
	("quarter", 1): part(lambda value: (value.month + 2) // 3),
	("monthname", 1): part(lambda value: value.strftime("%B")),
	("unix_timestamp", 1): part(lambda value: value.timestamp()),
	("timestamp", 2): lambda date, time: date and f"{date} {time}",
	("date_format", 2): date_format,
	("datediff", 2): datediff,
	("if", 3): lambda condition, yes, no: yes if condition else no,
	("concat", -1): concat,
	("concat_ws", -1): concat_ws,
	("field", -1): lambda value, *values: values.index(value) + 1 if value in values else 0,
}


def create(connection):
	for (name, arity), function in FUNCTIONS.items():
		connection.create_function(name, arity, function)


def install():
	def call(self, *args, **kwargs):
		"""The query builder's GroupConcat, DateFormat, ... have no entry for SQLite: MariaDB's name does."""
		functions = self.func_map
		return (functions.get(db_type_is.SQLITE) or functions[db_type_is.MARIADB])(*args, **kwargs)

	ImportMapper.__call__ = call
