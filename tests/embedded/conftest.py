"""Tests of the bench in a box itself. Each of them fails when the patch that it is about is taken away."""

import pytest

import embedded  # makes `import frappe` work

if embedded.DB == "mariadb":
	collect_ignore_glob = ["test_[!m]*.py"]
else:
	collect_ignore = ["test_mariadb.py"]


@pytest.fixture(autouse=True)
def connected(site):
	"""Tests here commit, since locks and DDL are about commits; they clean up what they made."""
	import frappe

	frappe.set_user("Administrator")
	yield
	frappe.db.rollback()


@pytest.fixture
def make_doctype():
	"""make_doctype("Name", field, ...) adds a DocType with a table; it is dropped afterwards."""
	import frappe

	made = []

	def make(name, *fields):
		permissions = [{"role": "System Manager", "read": 1, "write": 1, "create": 1, "delete": 1}]
		doctype = frappe.get_doc(
			doctype="DocType",
			name=name,
			module="Core",
			custom=1,
			autoname="hash",
			fields=fields,
			permissions=permissions,
		).insert()
		made.append(name)
		return doctype

	yield make
	frappe.db.rollback()
	for name in made:
		frappe.delete_doc("DocType", name, force=True)
		frappe.db.sql_ddl(f"drop table if exists `tab{name}`")
