"""What the snapshot's SQLite back end does wrong, or leaves out that Frappe apps written for MariaDB use."""

from monoframe.database.sqlite.database import SQLiteDatabase

from embedded.sqlite import functions, locking, logs, schema, sizes, values


def execute_query(self, query, parameters=None):
	query = locking.begin_if_locking(self._conn, query)
	if parameters:
		query, parameters = values.bind(query, parameters)
	return self._cursor.execute(query, parameters or ())


def install():
	engine_connection = SQLiteDatabase.get_connection

	def get_connection(self, read_only=False):
		connection = engine_connection(self, read_only)
		values.register_converters()
		functions.create(connection)
		locking.configure(connection)
		return connection

	SQLiteDatabase.get_connection = get_connection
	SQLiteDatabase.execute_query = execute_query
	locking.install()
	logs.install()
	functions.install()
	schema.install()
	sizes.install()
