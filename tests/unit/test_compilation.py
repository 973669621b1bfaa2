"""Compiling the units' data into the PK: rows of the PK as dicts, no site, no frappe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perjankin_app.compilation import (
	CHANGED,
	CONFLICT,
	FIELDS,
	GONE,
	LONGEST,
	NEW,
	PROGRAM,
	SAME,
	TARGET,
	Unclear,
	compare,
	offers,
	read,
	take,
)


def target(text, **values):
	return {**dict.fromkeys(FIELDS[TARGET], ""), "bobot": 0.0, "target": text, **values}


def program(amount, **values):
	return {"anggaran": float(amount), "sumber_dana": "APBD", "keterangan": "", **values}


def written(values, *units):
	return {"unit": list(units or ("Bidang A",)), "isi": values}


def compared(base, ours, forms, table=TARGET, waiting=()):
	return compare(table, base, ours, offers(table, forms), waiting)


def kinds(*args, **kwargs):
	return [(c.key, c.kind, c.units) for c in compared(*args, **kwargs)]


def proposed(changes):
	return [c.id for c in changes if c.proposed]


# ------------------------------------------------------------------------------------------------ kinds

OLD, HAND, NOW = target("1"), target("2"), target("3")


@pytest.mark.parametrize(
	("last", "old", "new", "kind"),
	[
		(None, None, NOW, NEW),
		(OLD, OLD, NOW, CHANGED),
		(OLD, OLD, None, GONE),
		(OLD, OLD, OLD, SAME),
		(OLD, NOW, NOW, SAME),
		(None, NOW, NOW, SAME),
		(OLD, HAND, NOW, CONFLICT),
		(OLD, HAND, OLD, CONFLICT),
		(OLD, HAND, None, CONFLICT),
		(None, HAND, NOW, CONFLICT),
		(OLD, None, NOW, CONFLICT),
		(OLD, None, OLD, CONFLICT),
	],
)
def test_kinds(last, old, new, kind):
	base = {"IND-1": written(last)} if last else {}
	ours = {"IND-1": old} if old else {}
	forms = {"Bidang A": {"IND-1": new} if new else {}}
	assert kinds(base, ours, forms) == [("IND-1", kind, ("Bidang A",))]


def test_what_nobody_offers_and_no_compilation_wrote_is_no_business_of_it():
	assert kinds({}, {"IND-1": HAND}, {"Bidang A": {}}) == []


def test_what_is_gone_on_both_sides_is_not_listed():
	assert kinds({"IND-1": written(OLD)}, {}, {"Bidang A": {}}) == []


def test_units_that_agree_are_one_offer_and_units_that_do_not_are_a_choice():
	forms = {"Bidang B": {"IND-1": NOW, "IND-2": NOW}, "Bidang A": {"IND-1": NOW, "IND-2": OLD}}
	assert kinds({}, {}, forms) == [
		("IND-1", NEW, ("Bidang A", "Bidang B")),
		("IND-2", CONFLICT, ("Bidang A",)),
		("IND-2", CONFLICT, ("Bidang B",)),
	]


def test_of_two_offers_for_a_target_one_is_taken():
	changes = compared({}, {}, {"Bidang B": {"IND-1": NOW}, "Bidang A": {"IND-1": OLD}})
	assert proposed(changes) == []
	base, ours = take({}, {}, changes, [changes[1].id])
	assert ours == {"IND-1": NOW} and base == {"IND-1": written(NOW, "Bidang B")}
	with pytest.raises(Unclear, match="IND-1"):
		take({}, {}, changes, [c.id for c in changes])


def test_budgets_of_a_program_add_up():
	forms = {
		"Bidang B": {"1.01.02": program(0.2, sumber_dana="DAK")},
		"Bidang A": {"1.01.02": program(0.1, keterangan="x")},
	}
	(change,) = compared({}, {}, forms, PROGRAM)
	assert (change.kind, change.units) == (NEW, ("Bidang A", "Bidang B"))
	assert change.new == program(0.3, sumber_dana="APBD; DAK", keterangan="x")


def test_joined_remarks_still_fit():
	forms = {f"Bidang {n}": {"1.01.02": program(1, keterangan=str(n) * 100)} for n in range(3)}
	(change,) = compared({}, {}, forms, PROGRAM)
	assert len(change.new["keterangan"]) == LONGEST


def test_a_row_waits_for_every_unit_that_had_a_part_in_it():
	"""A form that was given back is not accepted for a while; that must not read as rows or money that are gone."""
	base = {"1.01.02": written(program(3), "Bidang A", "Bidang B"), "1.01.03": written(program(1))}
	ours = {"1.01.02": program(3), "1.01.03": program(1)}
	forms = {"Bidang A": {"1.01.02": program(1)}}
	assert kinds(base, ours, forms, PROGRAM, waiting=["Bidang B"]) == [("1.01.03", GONE, ("Bidang A",))]
	assert kinds(base, ours, forms, PROGRAM)[0] == ("1.01.02", CHANGED, ("Bidang A",))


def test_an_id_names_what_was_shown():
	one = compared({}, {}, {"Bidang A": {"IND-1": NOW}})
	other = compared({}, {}, {"Bidang A": {"IND-1": OLD}})
	later = compared({}, {"IND-1": HAND}, {"Bidang A": {"IND-1": NOW}})
	assert len({one[0].id, other[0].id, later[0].id}) == 3
	assert take({}, {"IND-1": HAND}, later, [one[0].id]) == ({}, {"IND-1": HAND})


def test_rows_are_read_in_one_writing():
	rows = [{"indikator": "IND-1", "target": " 82,7 ", "bobot": "12.5", "sasaran": None, "name": "x"}]
	assert read(TARGET, rows) == {"IND-1": target("82,7", bobot=12.5)}


def test_what_differs():
	(change,) = compared({}, {"IND-1": target("1", tw1="1")}, {"Bidang A": {"IND-1": target("2", tw1="1")}})
	assert change.differing == ("target",)


# ------------------------------------------------------------------------------------------------ properties

KEYS = st.sampled_from(["a", "b", "c", "d"])
UNITS = st.sampled_from(["Bidang A", "Bidang B", "Sekretariat"])
TABLES = st.sampled_from([TARGET, PROGRAM])


@st.composite
def situations(draw):
	"""(table, base, ours, forms, waiting)"""
	table = draw(TABLES)
	make = target if table == TARGET else program
	values = st.sampled_from([1, 2, 0.1]).map(lambda n: make(str(n) if table == TARGET else n))
	rows = st.dictionaries(KEYS, values, max_size=4)
	forms = draw(st.dictionaries(UNITS, rows, max_size=3))
	who = st.lists(UNITS, min_size=1, max_size=3, unique=True)
	base = draw(
		st.dictionaries(KEYS, st.builds(lambda v, u: {"unit": sorted(u), "isi": v}, values, who), max_size=4)
	)
	waiting = draw(st.sets(UNITS)) - set(forms)
	return table, base, draw(rows), forms, waiting


@given(situations())
def test_nothing_edited_by_hand_is_overwritten_unless_chosen(situation):
	table, base, ours, forms, waiting = situation
	changes = compared(base, ours, forms, table, waiting)
	_base, after = take(base, ours, changes, proposed(changes))
	for key in {*base, *ours}:
		last = base[key]["isi"] if key in base else None
		if ours.get(key) != last:
			assert after.get(key) == ours.get(key)


@given(situations(), st.data())
def test_only_what_was_chosen_changes(situation, data):
	table, base, ours, forms, waiting = situation
	changes = compared(base, ours, forms, table, waiting)
	one_each = {c.key: c for c in data.draw(st.permutations(changes))} if changes else {}
	chosen = data.draw(st.sets(st.sampled_from(sorted(one_each)))) if one_each else set()
	new_base, after = take(base, ours, changes, [one_each[key].id for key in chosen])
	for key in {*base, *ours, *after, *one_each}:
		expected = one_each[key].new if key in chosen else ours.get(key)
		assert after.get(key) == expected
		if key not in chosen:
			assert new_base.get(key) == base.get(key)


@given(situations())
def test_compiling_twice_changes_nothing(situation):
	table, base, ours, forms, waiting = situation
	changes = compared(base, ours, forms, table, waiting)
	base, ours = take(base, ours, changes, proposed(changes))
	again = compared(base, ours, forms, table, waiting)
	assert {c.kind for c in again} <= {SAME, CONFLICT}
	assert take(base, ours, again, proposed(again)) == (base, ours)


@given(situations(), st.data())
def test_the_order_of_forms_rows_and_choices_does_not_matter(situation, data):
	table, base, ours, forms, waiting = situation

	def shuffled(mapping):
		return {key: mapping[key] for key in data.draw(st.permutations(sorted(mapping)))}

	changes = compared(base, ours, forms, table, waiting)
	other = compared(
		shuffled(base),
		shuffled(ours),
		{unit: shuffled(rows) for unit, rows in shuffled(forms).items()},
		table,
		waiting,
	)
	assert [(c, c.id) for c in changes] == [(c, c.id) for c in other]
	chosen = proposed(changes)
	assert take(base, ours, changes, chosen) == take(base, ours, other, reversed(chosen))
