"""The iCalendar file of a meeting: no site, no frappe."""

import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perjankin_app.document.calendar_file import LINE, escape, event, fold, utc

MONDAY = datetime(2026, 3, 9, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def unfold(text: str) -> str:
	return text.replace("\r\n ", "")


def unescape(text: str) -> str:
	return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def make(**values):
	values = {
		"uid": "RPT-1@uji.example",
		"stamp": MONDAY,
		"start": MONDAY,
		"end": MONDAY + timedelta(hours=2),
		"summary": "Rapat",
		**values,
	}
	return event(**values)


def properties(text: str) -> dict:
	lines = unfold(text).removesuffix("\r\n").split("\r\n")
	return {name: value for name, _, value in (line.partition(":") for line in lines)}


@given(TEXT)
def test_folding_loses_nothing_and_keeps_lines_short(line):
	line = line.replace("\r", "").replace("\n", "")
	folded = fold(line)
	assert unfold(folded) == line
	assert all(len(part.encode()) <= LINE for part in folded.split("\r\n"))


@given(TEXT)
def test_escaped_text_is_one_value_and_reads_back(text):
	escaped = escape(text)
	assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", escaped)
	assert not re.search(r"[;,]", re.sub(r"\\.", "", escaped))
	plain = text.replace("\r\n", "\n").replace("\r", "\n")
	assert unescape(escaped) == re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", plain)


@given(TEXT, TEXT, TEXT)
def test_no_text_adds_a_property(summary, location, name):
	people = [(name, "a@uji.example")]
	text = make(summary=summary, location=location, organizer=people[0], attendees=people)
	names = [line.split(":")[0].split(";")[0] for line in unfold(text).removesuffix("\r\n").split("\r\n")]
	assert names == [
		"BEGIN", "VERSION", "PRODID", "BEGIN", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY",
		*(["LOCATION"] if location else []), "ORGANIZER", "ATTENDEE", "END", "END",
	]  # fmt: skip
	assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")


def test_known_values():
	assert escape("Ruang A; lantai 2, Jl. \\X\r\nbaris") == r"Ruang A\; lantai 2\, Jl. \\X\nbaris"
	assert fold("x" * 76) == "x" * 75 + "\r\n x"
	assert fold("é" * 38) == "é" * 37 + "\r\n é"


@pytest.mark.parametrize(
	("zone", "written"),
	[("Asia/Jakarta", "020000"), ("Asia/Makassar", "010000"), ("Asia/Jayapura", "000000"), ("UTC", "090000")],
)
def test_times_are_written_in_utc(zone, written):
	moment = datetime(2026, 3, 9, 9, tzinfo=ZoneInfo(zone))
	assert utc(moment) == f"20260309T{written}Z"
	assert properties(make(start=moment))["DTSTART"] == f"20260309T{written}Z"


def test_a_time_without_zone_is_refused():
	with pytest.raises(ValueError):
		utc(datetime(2026, 3, 9))
	assert utc(datetime(2026, 3, 9, tzinfo=timezone.utc)) == "20260309T000000Z"


def test_people():
	text = unfold(make(organizer=("Ketua", "k@uji.example"), attendees=[('A "B"; C', "a+b@uji.example")]))
	assert 'ORGANIZER;CN="Ketua":mailto:k@uji.example\r\n' in text
	assert "ATTENDEE;CN=\"A 'B'; C\":mailto:a+b@uji.example\r\n" in text
	assert "ORGANIZER" not in make(organizer=("Ketua", "k@uji.example"))
	assert "ATTENDEE" not in make(attendees=[("A", "a@uji.example")])
	assert "METHOD" not in text
