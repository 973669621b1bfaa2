"""The desk's own words, in Indonesian."""

import csv
import re
from collections import Counter

import frappe
import pytest

from embedded.words import TRANSLATIONS


@pytest.fixture(scope="module")
def rows():
	with open(TRANSLATIONS / "id.csv", encoding="utf-8", newline="") as file:
		return list(csv.reader(file))


def placeholders(text):
	return Counter(re.findall(r"\{\w*\}|<[^>]+>", text))


def test_every_row_is_whole(rows):
	assert {len(row) for row in rows} <= {2, 3}
	assert all(cell.strip() for row in rows for cell in row)
	assert not [row for row in rows if placeholders(row[0]) != placeholders(row[1])]


def test_no_word_is_there_twice(rows):
	keys = Counter((row[0], *row[2:]) for row in rows)
	assert not [key for key, count in keys.items() if count > 1]


def test_they_reach_the_desk_and_the_server(rows):
	from frappe.translate import get_all_translations

	frappe.cache.delete_value("merged_translations")
	words = get_all_translations("id")
	assert (words["Save"], words["Actions"], words["Add Row"]) == ("Simpan", "Tindakan", "Tambah Baris")
	assert words["Submit:Primary action in dialog"] == "Kirim"
	assert frappe._("Not permitted", "id") == "Tidak berwenang"
