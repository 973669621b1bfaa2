"""Changing tables. The engine's ALTER rebuilt a table without its primary key, NOT NULLs, defaults and indexes, and named
indexes after the column alone, though index names are global in SQLite: the second unique `title` got no index."""

import re

import monoframe as frappe
from monoframe.database.sqlite.database import SQLiteDatabase
from monoframe.database.sqlite.schema import SQLiteTable
from monoframe.utils import get_table_name


def pragma(name, argument):
	return frappe.db.sql(f"PRAGMA {name}(`{argument}`)", as_dict=True)


def indexes_of(table):
	"""Yields (index, its columns); `origin` "u" marks a UNIQUE of CREATE TABLE itself, "c" a CREATE INDEX."""
	for index in pragma("index_list", table):
		yield index, [column.name for column in pragma("index_info", index.name)]


def create_index(table, columns, unique=False):
	kind, suffix = ("UNIQUE INDEX", "unique") if unique else ("INDEX", "index")
	columns_sql = ", ".join(f"`{column}`" for column in columns)
	frappe.db.sql_ddl(
		f"CREATE {kind} IF NOT EXISTS `{table}_{'_'.join(columns)}_{suffix}` ON `{table}` ({columns_sql})"
	)


def drop_index(table, column, unique):
	for index, columns in list(indexes_of(table)):
		if columns == [column] and bool(index.unique) == unique and index.origin == "c":
			frappe.db.sql_ddl(f"DROP INDEX `{index.name}`")


def alter(self):
	"""Replaces SQLiteTable.alter."""
	table = self.table_name
	for column in self.columns.values():
		column.build_for_alter_table(self.current_columns.get(column.fieldname.lower()))
	for column in self.add_column:
		definition = column.get_definition().removesuffix(" UNIQUE")  # SQLite cannot add such a column
		frappe.db.sql_ddl(f"ALTER TABLE `{table}` ADD COLUMN `{column.fieldname}` {definition}")

	changed = {c.fieldname: c for c in self.change_type + self.set_default + self.change_nullability}
	dropped = [[column.fieldname] for column in self.drop_unique]
	inline_uniques = [columns for index, columns in indexes_of(table) if index.origin == "u"]
	if changed or lacks_key(table) or any(columns in dropped for columns in inline_uniques):
		rebuild(self, changed)
		for columns in inline_uniques:
			create_index(table, columns, unique=True)

	for column in self.drop_index:
		drop_index(table, column.fieldname, unique=False)
	for column in self.drop_unique:
		drop_index(table, column.fieldname, unique=True)
	present = [(columns, bool(index.unique)) for index, columns in indexes_of(table)]
	for column in self.add_unique:
		if ([column.fieldname], True) not in present:
			create_index(table, [column.fieldname], unique=True)
	for column in self.add_index:
		if ([column.fieldname], False) not in present:
			create_index(table, [column.fieldname])


def lacks_key(table):
	"""Some tables of the database that the engine brings were rebuilt in the engine's way already."""
	columns = pragma("table_info", table)
	return any(column.name == "name" for column in columns) and not any(column.pk for column in columns)


def rebuild(self, changed):
	"""Copy the table to one with the changed columns; the other columns, the primary key and the indexes as they were."""
	table = self.table_name
	definitions, values = [], []
	columns = pragma("table_info", table)
	for column in columns:
		value = f"`{column.name}`"
		if column.name in changed:
			definition = changed[column.name].get_definition(for_modification=True)
			if default := re.search(r"NOT NULL DEFAULT (.+)$", definition):
				value = f"COALESCE({value}, {default.group(1)})"
		else:
			definition = unchanged_definition(self, column)
		definitions.append(f"`{column.name}` {definition}")
		values.append(value)
	names = ", ".join(f"`{column.name}`" for column in columns)
	indexes = frappe.db.sql(
		"SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
		table,
		pluck=True,
	)
	frappe.db.commit()
	frappe.db.sql_ddl(f"DROP TABLE IF EXISTS `{table}__new`")
	frappe.db.sql_ddl(f"CREATE TABLE `{table}__new` ({', '.join(definitions)})")
	frappe.db.sql(f"INSERT INTO `{table}__new` ({names}) SELECT {', '.join(values)} FROM `{table}`")
	frappe.db.sql_ddl(f"DROP TABLE `{table}`")
	frappe.db.sql_ddl(f"ALTER TABLE `{table}__new` RENAME TO `{table}`")
	for index in indexes:
		frappe.db.sql_ddl(index)


def unchanged_definition(self, column):
	definition = column.type
	if column.name == "name":
		automatic = self.meta.autoname == "autoincrement"
		definition = "INTEGER PRIMARY KEY AUTOINCREMENT" if automatic else f"{column.type} PRIMARY KEY"
	if column.notnull:
		definition += " NOT NULL"
	if column.dflt_value is not None:
		definition += f" DEFAULT {column.dflt_value}"
	return definition


def get_table_columns_description(self, table_name):
	"""What DbColumn.build_for_alter_table compares with. It was the bare PRAGMA, so that everything looked changed."""
	single = [
		(columns[0], bool(index.unique)) for index, columns in indexes_of(table_name) if len(columns) == 1
	]
	columns = pragma("table_info", table_name)
	for column in columns:
		column.update(
			default=column.dflt_value,
			not_nullable=bool(column.notnull),
			unique=(column.name, True) in single,
			index=(column.name, False) in single,
		)
	return columns


def add_index(self, doctype, fields, index_name=None):
	"""Without the length that MariaDB wants after a column's name."""
	create_index(get_table_name(doctype), [re.sub(r"\(.*?\)", "", field).strip("`") for field in fields])


def add_unique(self, doctype, fields, constraint_name=None):
	create_index(get_table_name(doctype), [fields] if isinstance(fields, str) else list(fields), unique=True)


def install():
	SQLiteTable.alter = alter
	SQLiteDatabase.get_table_columns_description = get_table_columns_description
	SQLiteDatabase.add_index = add_index
	SQLiteDatabase.add_unique = add_unique
