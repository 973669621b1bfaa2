"""The difference between two contents of a PK: nothing is lost in it, and nothing is made up."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from perjankin_app.content_diff import ADDED, CHANGED, NUMBERS, PARTS, REMOVED, Change, diff, table

MIRROR = {ADDED: REMOVED, REMOVED: ADDED, CHANGED: CHANGED}
KEYS = st.sampled_from(["a", "b", "c", "1.01.02"])
TEXTS = st.sampled_from(["82,7", "BB", "7 - 8", "–"]) | st.text(min_size=1, max_size=8)
AMOUNTS = st.integers(1, 10**12) | st.floats(0.01, 10**6)


def row(part):
	values = {field: AMOUNTS if field in NUMBERS else TEXTS for field in part.isian}
	return st.fixed_dictionaries({part.kunci: KEYS}, optional=values)


CONTENT = st.fixed_dictionaries(
	{part.nama: st.lists(row(part), max_size=4, unique_by=lambda r, k=part.kunci: r[k]) for part in PARTS}
)


def keyed(content) -> dict:
	return {
		(part.label, row[part.kunci]): {field: row[field] for field in part.isian if field in row}
		for part in PARTS
		for row in content[part.nama]
	}


def applied(content, changes) -> dict:
	rows = keyed(content)
	for change in changes:
		key = (change.bagian, change.kunci)
		assert (key in rows) == (change.jenis != ADDED)
		values = rows.setdefault(key, {})
		for field in change.isian:
			assert values.get(field.nama) == field.dari
			values[field.nama] = field.menjadi
		rows[key] = {name: value for name, value in values.items() if value is not None}
		if change.jenis == REMOVED:
			assert rows.pop(key) == {}
	return rows


def mirrored(change: Change) -> Change:
	fields = tuple(replace(f, dari=f.menjadi, menjadi=f.dari) for f in change.isian)
	return replace(change, jenis=MIRROR[change.jenis], isian=fields, judul="")


@given(CONTENT)
def test_nothing_differs_from_itself_in_whatever_order(content):
	turned = {part: rows[::-1] for part, rows in content.items()}
	assert diff(content, content) == diff(content, turned) == []


@given(CONTENT, CONTENT)
def test_applied_to_the_old_it_gives_the_new(old, new):
	assert applied(old, diff(old, new)) == keyed(new)


@given(CONTENT, CONTENT)
def test_there_and_back(old, new):
	there, back = diff(old, new), diff(new, old)
	order = lambda change: (change.bagian, change.kunci)  # noqa: E731
	assert sorted(map(mirrored, there), key=order) == sorted(
		(replace(change, judul="") for change in back), key=order
	)


@given(CONTENT, CONTENT)
def test_every_key_that_differs_is_there_once(old, new):
	one, other = keyed(old), keyed(new)
	differs = {key for key in {*one, *other} if one.get(key) != other.get(key)}
	changes = diff(old, new)
	assert sorted(differs) == sorted((change.bagian, change.kunci) for change in changes)
	for change in changes:
		key = (change.bagian, change.kunci)
		assert change.jenis == (
			CHANGED if key in one and key in other else ADDED if key in other else REMOVED
		)
		assert all(field.label and field.dari != field.menjadi for field in change.isian)
		assert change.isian or change.jenis != CHANGED


@given(CONTENT, CONTENT)
def test_the_table_has_a_line_for_each(old, new):
	changes = diff(old, new)
	lines = table(changes)
	assert len(lines) == sum(len(c.isian) if c.jenis == CHANGED else 1 for c in changes)
	assert all(isinstance(value, str) for line in lines for value in line.values())


def test_for_people():
	old = {
		"pihak": [{"pihak": "Pihak Pertama", "nama": "A"}],
		"target": [{"indikator": "IND-1", "indikator_teks": "Indeks", "target": "82,7", "bobot": 40.0}],
		"program": [{"nomenklatur": "1.01.02", "nama": "PROGRAM X", "anggaran": 1500000.0}],
	}
	new = {
		"target": [
			{"indikator": "IND-1", "indikator_teks": "Indeks", "target": "85", "bobot": 33.5},
			{"indikator": "IND-2", "indikator_teks": "Nilai", "target": "BB"},
		],
		"program": [{"nomenklatur": "1.01.02", "nama": "PROGRAM X", "anggaran": 1500000.5}],
	}
	assert [tuple(line.values()) for line in table(diff(old, new))] == [
		("Pihak", "Pihak Pertama", REMOVED, "", "Nama: A", ""),
		("Target Kinerja", "Indeks", CHANGED, "Target Kinerja", "82,7", "85"),
		("Target Kinerja", "Indeks", CHANGED, "Bobot", "40", "33,5"),
		("Target Kinerja", "Nilai", ADDED, "", "", "Target Kinerja: BB"),
		("Program", "PROGRAM X", CHANGED, "Anggaran", "Rp 1.500.000", "Rp 1.500.000,5"),
	]
