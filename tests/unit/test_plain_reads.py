"""The linter finds what it is for, and nothing else."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from plain_reads import findings

LOCK = 'frappe.db.get_value("Jabatan", name, "name", for_update=True)'


def lines(*body: str) -> list:
	return [
		what for _line, what in findings("def rule(self, name):\n" + "".join(f"\t{line}\n" for line in body))
	]


@pytest.mark.parametrize(
	"read",
	[
		'frappe.db.get_value("Jabatan", name)',
		'frappe.db.exists("Jabatan", name)',
		'frappe.db.count("Jabatan")',
		'frappe.get_all("Jabatan")',
		'frappe.db.sql("select 1")',
		"frappe.qb.from_(table).select(table.name).run()",
		"query.where(table.name == name).run()",
		'frappe.db.get_value("Jabatan", name, for_update=False)',
	],
)
@pytest.mark.parametrize("lock", [LOCK, 'frappe.get_doc("Jabatan", name, for_update=True)', 'locks.latest("Jabatan", name)'])  # fmt: skip
def test_a_plain_read_after_a_lock_is_found(lock, read):
	assert len(lines(lock, f"return {read}")) == 1
	assert not lines(f"seen = {read}", lock)
	assert not lines(f"{lock} if 1 else 0")


def test_also_where_the_lock_is_only_one_way_of_several():
	assert lines(f"if self.is_new(): {LOCK}", 'return frappe.db.exists("Jabatan", name)')


def test_what_is_read_with_a_lock_is_not():
	assert not lines(
		LOCK, LOCK, 'locks.find("Jabatan", {"unit": name})', "self.run(name)", 'self.meta.get_value("x")'
	)


def test_nor_what_a_function_of_its_own_reads():
	assert not lines(LOCK, "def inner():", '\treturn frappe.db.exists("Jabatan", name)')


def test_a_waiver_has_a_reason_and_something_to_waive():
	read = 'return frappe.db.exists("Jabatan", name)'
	assert not lines(LOCK, f"{read}  # plain read: its name never changes")
	assert lines(LOCK, f"{read}  # plain read:")
	assert lines(f"{read}  # plain read: its name never changes") == [""]
