"""Several writers on one site lose nothing and are never told that the database is locked."""

import subprocess
import sys
import threading
from pathlib import Path

import frappe
import pytest

from embedded import ROOT

WRITERS, TIMES = 4, 15


@pytest.fixture
def counter():
	name = frappe.get_doc(doctype="ToDo", description="0").insert().name
	frappe.db.commit()
	yield name
	frappe.db.rollback()
	frappe.db.delete("ToDo")
	frappe.db.commit()


def count_up(name):
	"""As a request does: read under a lock, change, commit; and another row without a lock."""
	for _ in range(TIMES):
		frappe.db.count("ToDo")  # an earlier read, outside the lock
		value = frappe.db.get_value("ToDo", name, "description", for_update=True)
		frappe.db.set_value("ToDo", name, "description", str(int(value) + 1))
		frappe.get_doc(doctype="ToDo", description="row").insert()
		frappe.db.commit()


def assert_nothing_is_lost(name):
	frappe.db.rollback()
	assert frappe.db.get_value("ToDo", name, "description") == str(WRITERS * TIMES)
	assert frappe.db.count("ToDo", {"description": "row"}) == WRITERS * TIMES


def test_threads(counter):
	errors = []

	def work():
		frappe.init()
		frappe.connect()
		try:
			count_up(counter)
		except Exception as error:
			errors.append(error)
		finally:
			frappe.destroy()

	threads = [threading.Thread(target=work) for _ in range(WRITERS)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	assert not errors
	assert_nothing_is_lost(counter)


def test_processes(counter):
	code = (
		"import sys; sys.path[:0] = sys.argv[1:3]\n"
		"import embedded, frappe, test_writers\n"
		"frappe.init(); frappe.connect(); test_writers.count_up(sys.argv[3])"
	)
	line = [sys.executable, "-c", code, str(ROOT), str(Path(__file__).parent), counter]
	processes = [subprocess.Popen(line, stderr=subprocess.PIPE, text=True) for _ in range(WRITERS)]
	for process in processes:
		_, errors = process.communicate()
		assert process.returncode == 0, errors
	assert_nothing_is_lost(counter)


def test_what_was_rolled_back_is_not_remembered(counter):
	frappe.db.set_value("ToDo", counter, "description", "5")
	assert frappe.db.get_value("ToDo", counter, "description", cache=True) == "5"
	frappe.db.rollback()
	assert frappe.db.get_value("ToDo", counter, "description", cache=True) == "0"


def test_savepoints(counter):
	frappe.db.savepoint("before")
	frappe.db.set_value("ToDo", counter, "description", "5")
	frappe.db.rollback(save_point="before")
	assert frappe.db.get_value("ToDo", counter, "description") == "0"


def test_of_two_who_save_the_same_document_one_is_told(counter):
	outcome, ready = [], threading.Barrier(2)

	def work():
		frappe.init()
		frappe.connect()
		try:
			document = frappe.get_doc("ToDo", counter)
			ready.wait()
			document.description += "1"
			document.save()
			frappe.db.commit()
			outcome.append("saved")
		except frappe.TimestampMismatchError:
			outcome.append("told")
		finally:
			frappe.destroy()

	threads = [threading.Thread(target=work) for _ in range(2)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	assert sorted(outcome) == ["saved", "told"]


def test_a_log_is_no_part_of_the_transaction(counter):
	for number in (1, 2):
		frappe.db.set_value("ToDo", counter, "description", "5")
		frappe.log_error(f"embedded {number}")
		frappe.db.rollback()
	assert frappe.db.get_value("ToDo", counter, "description") == "0"
	logs = {"method": ["like", "embedded %"]}
	frappe.db.rollback()
	assert frappe.db.count("Error Log", logs) == 2
	frappe.db.delete("Error Log", logs)
	frappe.db.commit()
