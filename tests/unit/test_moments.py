"""Dates are what they say, or nothing."""

from datetime import date, datetime

import pytest

from perjankin_app.moments import read_date, read_moment

NONE = (
	"", " ", "-1", "1", "12", "2026", "2026-1-5", "31-12-2026", "12/31/2026", "2026-02-30", "2026-13-01", "20261231",
	"2026-W01-1", "9999-12-31", "0000-00-00", "0001-01-01", "1899-12-31", "2101-01-01", "Desember", "today", "now",
	"2026-12-31x", "2026-12-31 25:00", "2026-12-31 9", "2026-12-31  09:00", "２０２６-12-31", "2026-12-31\n", 20261231, 1.5,
	True, [], {}, None, date(9999, 12, 31), datetime(1, 1, 1),
)  # fmt: skip


@pytest.mark.parametrize("value", NONE, ids=repr)
def test_what_is_no_date(value):
	for read in (read_date, read_moment):
		with pytest.raises(ValueError):
			read(value)


@pytest.mark.parametrize(
	("value", "moment"),
	[
		("2026-12-31", datetime(2026, 12, 31)),
		("2026-12-31 09:05", datetime(2026, 12, 31, 9, 5)),
		("2026-12-31T09:05:06.5", datetime(2026, 12, 31, 9, 5, 6)),
		("2026-12-31 09:05:06.123456", datetime(2026, 12, 31, 9, 5, 6)),
		(date(2026, 12, 31), datetime(2026, 12, 31)),
		(datetime(2026, 12, 31, 1), datetime(2026, 12, 31, 1)),
	],
)
def test_what_is_one(value, moment):
	assert read_moment(value) == moment
	assert read_date(value) == moment.date()


def test_a_zone_is_kept():
	assert read_moment("2026-12-31T09:00:00Z").utcoffset().total_seconds() == 0
	assert read_moment("2026-12-31 09:00+07:00").utcoffset().total_seconds() == 7 * 3600
