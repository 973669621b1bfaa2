"""The private MariaDB, which `DB=mariadb` has in the place of sqlite/."""

import os
import sys

import frappe
import pytest

from embedded import mariadb, sites


@pytest.fixture
def neighbour():
	"""Another site."""
	folder = sites.SITES / f"test-{os.getpid()}-neighbour"
	sites.copy(sites.template("base"), folder)
	yield folder
	sites.remove(folder)


def databases():
	cursor = mariadb.connect().cursor()
	cursor.execute("show databases")
	return {row["Database"] for row in cursor.fetchall()}


def test_nothing_is_repaired_that_is_not_broken():
	assert frappe.db.db_type == "mariadb" and "embedded.sqlite" not in sys.modules


def test_nobody_connects_over_the_network():
	assert frappe.db.sql("select @@skip_networking") == ((1,),)


def test_a_site_sees_its_own_tables_only(neighbour):
	"""The engine asks information_schema for a table's columns without naming the database."""
	assert mariadb.name_of(neighbour) in databases()
	seen = frappe.db.sql("select distinct table_schema from information_schema.columns", pluck=True)
	assert mariadb.name_of(neighbour) not in seen
	(users,) = sites.reader(neighbour)("select count(*) as number from tabUser where name = %s", "Guest")
	assert users["number"] == 1


def test_a_removed_site_leaves_no_database(neighbour):
	sites.remove(neighbour)
	assert mariadb.name_of(neighbour) not in databases() and not neighbour.exists()
