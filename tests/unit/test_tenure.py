"""Terms of office against a calendar that is counted day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perjankin_app.tenure import gaps, overlap, within

START = date(2026, 1, 1)
DAYS = [START + timedelta(days=n) for n in range(40)]
LAST = DAYS[-1]


@st.composite
def term(draw):
	first = draw(st.integers(0, 30))
	length = draw(st.integers(0, 8))
	return DAYS[first], draw(st.sampled_from([DAYS[first + length]] * 3 + [None]))


def days(term) -> set:
	return {day for day in DAYS if term[0] <= day <= (term[1] or LAST)}


@given(term(), term())
def test_within(one, span):
	span = span[0], span[1] or LAST
	found = within(one, span)
	assert (days(found) if found else set()) == days(one) & days(span)


@given(term(), term())
def test_overlap(one, two):
	assert overlap(one, two) == overlap(two, one) == bool(days(one) & days(two))


@given(st.lists(term(), max_size=5), st.sampled_from(DAYS))
def test_gaps(terms, today):
	held = set().union(*map(days, terms))
	found = {
		day for gap in gaps(terms, today) for day in DAYS if (gap[0] or START) <= day <= (gap[1] or LAST)
	}
	assert not found & held
	assert (today in found) == (today not in held)
	if held:
		between = {day for day in DAYS if min(held) < day < max(held)} - held
		assert between <= found


@pytest.mark.parametrize("terms", [[], [(DAYS[3], DAYS[5])], [(DAYS[3], DAYS[5]), (DAYS[6], None)]])
def test_gaps_are_told_once_and_whole(terms):
	expected = {0: [(None, None)], 1: [(DAYS[6], None)], 2: []}[len(terms)]
	assert gaps(terms, DAYS[20]) == expected
