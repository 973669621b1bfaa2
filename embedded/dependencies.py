"""Frappe v16 uses its own fork of pypika; PyPI's 0.48.9 lacks what the SQLite builder needs."""

import pypika.dialects as dialects
from pypika.enums import Dialects
from pypika.queries import QueryBuilder


def initialise(self, **kwargs):
	"""PyPI's passes its own `wrapper_cls` beside the caller's: "multiple values for keyword argument"."""
	kwargs.setdefault("wrapper_cls", dialects.SQLLiteValueWrapper)
	QueryBuilder.__init__(self, dialect=Dialects.SQLLITE, **kwargs)
	self._insert_or_replace = False


def for_update(self, *args, **kwargs):
	"""PyPI's takes no arguments on SQLite. What it adds to the query is taken out again by sqlite/locking.py."""
	query = self.__copy__() if self.immutable else self
	query._for_update = True
	return query


def insert_sql(self, **kwargs):
	"""SQLite says INSERT OR IGNORE where MariaDB says INSERT IGNORE."""
	return f"INSERT {'OR IGNORE ' if self._ignore else ''}INTO {self._insert_table.get_sql(**kwargs)}"


def install():
	builder = dialects.SQLLiteQueryBuilder
	builder.__init__ = initialise
	builder.for_update = for_update
	builder._insert_sql = insert_sql
