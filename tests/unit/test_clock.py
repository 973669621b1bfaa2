"""Working minutes and standard times: no site, no frappe."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perjankin_app.workflow.clock import DEFAULT_HOURS, due, standard_minutes, working_minutes

PLAIN = {day: ((time(8), time(16)),) for day in range(5)}
FRIDAY = date(2026, 1, 2)
HOLIDAY = {date(2026, 1, 5)}  # the Monday after


def at(hour, minute=0, day=FRIDAY, later=0):
	return datetime.combine(day + timedelta(days=later), time(hour, minute))


# ------------------------------------------------------------------------------------------------ examples


@pytest.mark.parametrize(
	("start", "end", "minutes"),
	[
		(at(8), at(8, 10), 10),
		(at(7), at(8, 10), 10),  # before the office opens
		(at(15, 55), at(8, 5, later=3), 10),  # over the weekend
		(at(16), at(8, later=3), 0),
		(at(10, later=1), at(10, later=2), 0),  # Saturday to Sunday
		(at(8), at(8, later=7), 5 * 480),
		(at(9), at(8), 0),  # the end before the start
		(at(9, later=7), at(9), 0),
	],
)
def test_working_minutes(start, end, minutes):
	assert working_minutes(start, end, PLAIN) == minutes


def test_a_break_does_not_count():
	assert working_minutes(at(11, 50), at(13, 10), DEFAULT_HOURS) == 20
	assert due(at(11, 50), 20, "menit", DEFAULT_HOURS) == at(13, 10)
	assert due(at(12, 30), 5, "menit", DEFAULT_HOURS) == at(13, 5)
	assert due(at(7, 30), 0.5, "hari", DEFAULT_HOURS) == at(11, 15)


def test_a_holiday_does_not_count():
	assert working_minutes(at(15), at(9, later=3), PLAIN, HOLIDAY) == 60
	assert working_minutes(at(15), at(9, later=4), PLAIN, HOLIDAY) == 120
	assert due(at(15, 55), 10, "menit", PLAIN, HOLIDAY) == at(8, 5, later=4)


@pytest.mark.parametrize(
	("start", "amount", "unit", "end"),
	[
		(at(15, 55), 10, "menit", at(8, 5, later=3)),
		(at(15, 50), 10, "menit", at(16)),  # what fits is over today, not at the next opening
		(at(9), 2, "jam", at(11)),
		(at(9), 1.5, "jam", at(10, 30)),
		(at(15), 8, "jam", at(15, later=3)),
		(at(20), 10, "menit", at(8, 10, later=3)),
		(at(6), 10, "menit", at(8, 10)),
		(at(10), 0, "menit", at(10)),
		(at(10), 1, "hari", at(10, later=3)),
		(at(10, later=3), 1, "hari", at(10, later=4)),
		(at(10), 6, "hari", at(10, later=10)),
		(at(20), 1, "hari", at(8, later=4)),  # begins on Monday at 08:00
		(at(6), 1, "hari", at(8, later=3)),
		(at(16), 1, "hari", at(8, later=4)),  # the office closes that minute
		(at(12), 0.5, "hari", at(16)),
		(at(12), 1.5, "hari", at(16, later=3)),
		(at(14), 0.5, "hari", at(10, later=3)),
		(at(10), 0, "hari", at(10)),
	],
)
def test_due(start, amount, unit, end):
	assert due(start, amount, unit, PLAIN) == end


def test_the_same_time_on_the_next_working_day_skips_holidays():
	assert due(at(10), 1, "hari", PLAIN, HOLIDAY) == at(10, later=4)


def test_two_days_end_at_the_time_they_began_though_the_day_between_opens_later():
	hours = {**PLAIN, 0: ((time(10), time(16)),)}
	assert due(at(8), 1, "hari", hours) == at(10, later=3)
	assert due(at(8), 2, "hari", hours) == at(8, later=4)


def test_standard_minutes_of_days_are_office_minutes():
	assert standard_minutes(at(10), 1, "hari", PLAIN) == 480
	assert standard_minutes(at(10), 2, "hari", DEFAULT_HOURS) == 2 * 450
	assert standard_minutes(at(20), 90, "menit", PLAIN) == 90


def test_ten_minutes_begun_on_friday_1555_are_in_time_until_monday_0805():
	begun, end = at(15, 55), due(at(15, 55), 10, "menit", PLAIN)
	assert end == at(8, 5, later=3)
	standard = standard_minutes(begun, 10, "menit", PLAIN)
	assert working_minutes(begun, at(8, 5, later=3), PLAIN) <= standard
	assert working_minutes(begun, at(8, 6, later=3), PLAIN) > standard


@pytest.mark.parametrize("unit", ["menit", "jam", "hari"])
@pytest.mark.parametrize("hours", [{}, {day: () for day in range(7)}])
def test_a_calendar_without_hours(unit, hours):
	assert working_minutes(at(8), at(16), hours) == 0
	with pytest.raises(ValueError):
		due(at(8), 1, unit, hours)


def test_a_calendar_of_holidays_only():
	holidays = {FRIDAY + timedelta(days=n) for n in range(4000)}
	with pytest.raises(ValueError):
		due(at(8), 1, "hari", PLAIN, holidays)


@pytest.mark.parametrize("unit", ["", "Menit", "minggu", None])
def test_an_unknown_unit(unit):
	with pytest.raises(ValueError):
		due(at(8), 1, unit, PLAIN)


# ------------------------------------------------------------------------------------------------ properties


@st.composite
def calendars(draw):
	"""Some weekdays, each with one to three stretches; some holidays around the moments used."""
	hours = {}
	for day in draw(st.sets(st.integers(0, 6), min_size=1)):
		minutes = draw(st.lists(st.integers(0, 1439), min_size=2, max_size=6, unique=True).map(sorted))
		moments = [time(*divmod(m, 60)) for m in minutes]
		hours[day] = list(zip(moments[::2], moments[1::2], strict=False))
	holidays = draw(st.sets(st.integers(0, 30).map(lambda n: FRIDAY + timedelta(days=n)), max_size=8))
	return hours, frozenset(holidays)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 1)).map(lambda m: m.replace(microsecond=0))


@given(calendars(), moments, moments, moments)
def test_minutes_are_additive_never_negative_and_at_most_the_time_that_passed(calendar, a, b, c):
	first, second, third = sorted((a, b, c))
	whole = working_minutes(first, third, *calendar)
	parts = working_minutes(first, second, *calendar) + working_minutes(second, third, *calendar)
	assert whole == pytest.approx(parts)
	assert 0 <= whole <= (third - first).total_seconds() / 60
	assert working_minutes(third, first, *calendar) == 0


@given(calendars(), st.integers(0, 30))
def test_a_holiday_and_a_day_without_hours_have_none(calendar, offset):
	hours, holidays = calendar
	day = FRIDAY + timedelta(days=offset)
	minutes = working_minutes(at(0, day=day), at(0, day=day, later=1), hours, holidays)
	assert (minutes == 0) == (day in holidays or day.weekday() not in hours)


@given(calendars(), moments, st.lists(moments, max_size=6))
def test_minutes_are_additive_over_any_split(calendar, start, others):
	cuts = sorted([start, *others])
	parts = sum(working_minutes(a, b, *calendar) for a, b in pairwise(cuts))
	assert parts == pytest.approx(working_minutes(cuts[0], cuts[-1], *calendar))


@given(calendars(), moments, moments)
def test_holidays_only_take_away_and_where_all_days_are_holidays_nothing_is_left(calendar, a, b):
	hours, holidays = calendar
	start, end = sorted((a, b))
	days = {start.date() + timedelta(days=n) for n in range((end.date() - start.date()).days + 1)}
	assert working_minutes(start, end, hours, holidays) <= working_minutes(start, end, hours)
	assert working_minutes(start, end, hours, holidays | days) == 0


@given(calendars(), moments, st.integers(0, 500), st.sampled_from([("menit", 1), ("jam", 60)]))
def test_what_is_due_after_n_minutes_took_n_minutes(calendar, start, amount, unit):
	end = due(start, amount / unit[1], unit[0], *calendar)
	assert end >= start
	assert working_minutes(start, end, *calendar) == pytest.approx(amount, abs=1e-3)
	assert standard_minutes(start, amount / unit[1], unit[0], *calendar) == pytest.approx(amount, abs=1e-3)


@given(calendars(), moments, st.integers(0, 10))
def test_days_are_working_days_apart(calendar, start, days):
	hours, holidays = calendar
	begun, end = due(start, 0, "hari", *calendar), due(start, days, "hari", *calendar)
	between = [begun.date() + timedelta(days=n + 1) for n in range((end.date() - begun.date()).days)]
	assert sum(d not in holidays and d.weekday() in hours for d in between) == days
	assert end.date() not in holidays and end.weekday() in hours
	opens = datetime.combine(end.date(), hours[end.weekday()][0][0])
	assert end.time() == begun.time() or end == opens > datetime.combine(end.date(), begun.time())


@given(
	calendars(),
	moments,
	st.lists(st.integers(0, 8), min_size=2, max_size=2),
	st.sampled_from(["menit", "jam", "hari"]),
)
def test_more_time_is_never_due_earlier(calendar, start, amounts, unit):
	less, more = sorted(amounts)
	assert due(start, less, unit, *calendar) <= due(start, more, unit, *calendar)
