"""Working minutes between two moments, and when a standard time is over. Pure: no frappe import.

Office hours are a mapping weekday (0 = Monday) -> list of (start, end) `datetime.time` pairs in ascending order; a
break is the gap between two pairs. Holidays are a set of dates. All moments are naive, in the site's time zone.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, datetime, time, timedelta

OfficeHours = Mapping[int, Sequence[tuple[time, time]]]

_MORNING, _AFTERNOON = (time(7, 30), time(12)), (time(13), time(16))
DEFAULT_HOURS: OfficeHours = {day: (_MORNING, _AFTERNOON) for day in range(5)}
HORIZON = 3660  # days: a calendar with no working time in ten years is an error of the settings


def sessions(day: date, hours: OfficeHours, holidays: Set[date]) -> Iterator[tuple[datetime, datetime]]:
	"""The working stretches of one day."""
	if day not in holidays:
		for start, end in hours.get(day.weekday(), ()):
			yield datetime.combine(day, start), datetime.combine(day, end)


def working_minutes(
	start: datetime, end: datetime, hours: OfficeHours, holidays: Set[date] = frozenset()
) -> float:
	"""Minutes of office time in [start, end]; 0 where end is not after start. Additive over split intervals."""
	total, day = timedelta(), start.date()
	while day <= end.date():
		for opens, closes in sessions(day, hours, holidays):
			total += max(min(closes, end) - max(opens, start), timedelta())
		day += timedelta(days=1)
	return total.total_seconds() / 60


def due(
	start: datetime, amount: float, unit: str, hours: OfficeHours, holidays: Set[date] = frozenset()
) -> datetime:
	"""When a step begun at `start` with the standard time `amount` `unit` (menit, jam, hari) is over.

	Minutes and hours are office time. "1 hari" is the same time on the next working day (SOP usage); a fraction of a
	day is that fraction of the day's office time. Raises ValueError for another unit and for a calendar without
	office hours.
	"""
	if unit == "hari":
		days, fraction = divmod(amount, 1)
		moment = _next_opening(start, hours, holidays)
		at = moment.time()  # kept where a day between opens later
		for _ in range(int(days)):
			moment = _next_opening(
				datetime.combine(moment.date() + timedelta(days=1), time()), hours, holidays
			)
			moment = max(moment, datetime.combine(moment.date(), at))
		if not fraction:
			return moment
		length = sum((e - s for s, e in sessions(moment.date(), hours, holidays)), timedelta())
		return due(moment, fraction * length.total_seconds() / 60, "menit", hours, holidays)
	if unit not in ("menit", "jam"):
		raise ValueError(f"unknown unit of time: {unit}")
	left = timedelta(minutes=amount * (60 if unit == "jam" else 1))
	for offset in range(HORIZON):
		for opens, closes in sessions(start.date() + timedelta(days=offset), hours, holidays):
			begin = max(opens, start)
			if closes < begin:
				continue
			if closes - begin >= left:
				return begin + left
			left -= closes - begin
	raise ValueError("no office hours in the calendar")


def standard_minutes(
	start: datetime, amount: float, unit: str, hours: OfficeHours, holidays: Set[date] = frozenset()
) -> float:
	"""The standard time of a step begun at `start`, in office minutes, so that it compares with `working_minutes`."""
	return working_minutes(start, due(start, amount, unit, hours, holidays), hours, holidays)


def _next_opening(moment: datetime, hours: OfficeHours, holidays: Set[date]) -> datetime:
	"""`moment` itself within office days before closing time, else the next opening."""
	for offset in range(HORIZON):
		for opens, closes in sessions(moment.date() + timedelta(days=offset), hours, holidays):
			if moment < closes:
				return max(opens, moment)
	raise ValueError("no office hours in the calendar")
