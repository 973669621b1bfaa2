"""An appointment as an iCalendar file (RFC 5545). Pure: no frappe import.

Written here because neither Frappe v15 nor v16 depends on `icalendar` (and vobject is only there for contacts): one VEVENT
needs no library. Times are given in UTC, which every calendar shows in its owner's own zone, so no VTIMEZONE is needed.
There is no METHOD: the file is no invitation that a calendar would answer, but a date to be kept.
"""

import re
from datetime import datetime, timezone
from urllib.parse import quote

PRODUCT = "-//perjankin_app//Rapat Pembahasan//ID"
LINE = 75  # octets, without the line end
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def event(
	*,
	uid: str,
	stamp: datetime,
	start: datetime,
	end: datetime,
	summary: str,
	location: str = "",
	description: str = "",
	organizer: tuple[str, str] | None = None,
	attendees: list[tuple[str, str]] = (),
) -> str:
	"""A calendar with one event. Moments carry their time zone; people are (name, mail address)."""
	lines = [
		"BEGIN:VCALENDAR",
		"VERSION:2.0",
		f"PRODID:{PRODUCT}",
		"BEGIN:VEVENT",
		f"UID:{escape(uid)}",
		f"DTSTAMP:{utc(stamp)}",
		f"DTSTART:{utc(start)}",
		f"DTEND:{utc(end)}",
		f"SUMMARY:{escape(summary)}",
	]
	if location:
		lines.append(f"LOCATION:{escape(location)}")
	if description:
		lines.append(f"DESCRIPTION:{escape(description)}")
	if organizer and attendees:  # the one belongs to the others (3.8.4.1, 3.8.4.3)
		lines.append(_person("ORGANIZER", *organizer))
		lines += [_person("ATTENDEE", *attendee) for attendee in attendees]
	lines += ["END:VEVENT", "END:VCALENDAR"]
	return "".join(fold(line) + "\r\n" for line in lines)


def utc(moment: datetime) -> str:
	"""Form 2 of 3.3.5."""
	if moment.tzinfo is None:
		raise ValueError("a moment without time zone")
	return moment.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def escape(text: str) -> str:
	"""3.3.11: what separates values gets a backslash, a line end becomes `\\n`; control characters have no place."""
	text = _CONTROLS.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n"))
	return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", "\\n")


def fold(line: str) -> str:
	"""3.1: at most 75 octets in a line, a continuation begins with a blank; no character is cut in two."""
	parts, size = [""], 0
	for char in line:
		width = len(char.encode())
		if size + width > LINE:
			parts.append(" ")
			size = 1
		parts[-1] += char
		size += width
	return "\r\n".join(parts)


def _person(role: str, name: str, mail: str) -> str:
	"""A parameter in quotes may hold anything but quotes and control characters (3.2)."""
	shown = _CONTROLS.sub("", " ".join(str(name).split())).replace('"', "'")
	return f'{role};CN="{shown}":mailto:{quote(mail, safe="@!#$&*+-/=?^_{|}~.")}'
