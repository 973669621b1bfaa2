"""Targets as civil servants type them, and numbers in Indonesian writing. Pure: no frappe import.

A target is a first-class value of five kinds (Indikator Kinerja.tipe_nilai): Angka, Persen, Predikat, Rentang, Tanggal.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")
_RANGE = re.compile(r"\s*(?:–|—|s/d|s\.?d\.?|sampai(?: dengan)?|hingga)\s*|(?<=[0-9%])\s*-\s*(?=[0-9])", re.I)
MONTHS = (
	"Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
)  # fmt: skip
MAX_DIGITS = 12  # integer digits; Frappe's columns are decimal(21,9)


class TooLarge(ValueError):
	pass


@dataclass(frozen=True)
class Target:
	"""`text` is the canonical writing that is stored and printed; `low`/`high` are None where there is no number."""

	text: str
	low: Decimal | None = None
	high: Decimal | None = None


def parse_number(text) -> Decimal:
	"""`1.234,5` -> 1234.5, `82,7` -> 82.7, `0.70` -> 0.70, `1.234` -> 1234, `Rp 1.500` and `12,5 %` too.

	A single dot is a thousands separator only before exactly three digits and after one to three that do not start
	with 0, as Indonesian writing has it; what is a number already (JSON, a spreadsheet's cell) has no separators.
	Raises ValueError for anything else than one plain number, TooLarge for one that can't be stored.
	"""
	if isinstance(text, int | float | Decimal) and not isinstance(text, bool):
		return _checked(Decimal(str(text)))
	raw = re.sub(r"^Rp\.?", "", str(text).strip(), flags=re.I).strip()
	raw = raw.removesuffix(",-").removesuffix("%").rstrip()
	if not _NUMBER.fullmatch(raw):
		raise ValueError(text)
	dots, commas = raw.count("."), raw.count(",")
	if dots and commas:
		decimal = max(".", ",", key=raw.rindex)
		if raw.count(decimal) > 1:
			raise ValueError(text)
		thousands = "," if decimal == "." else "."
		whole, fraction = raw.split(decimal)
	elif commas == 1 or (dots == 1 and not re.fullmatch(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}", raw)):
		thousands = ""
		whole, fraction = re.split("[.,]", raw)
	else:
		thousands, whole, fraction = "." if dots else ",", raw, ""
	if thousands and thousands in whole:
		if not re.fullmatch(rf"[+-]?[0-9]{{1,3}}(\{thousands}[0-9]{{3}})+", whole):
			raise ValueError(text)
		whole = whole.replace(thousands, "")
	if not re.fullmatch(r"[+-]?[0-9]+", whole) or (fraction and not fraction.isdigit()):
		raise ValueError(text)
	return _checked(Decimal(f"{whole}.{fraction}" if fraction else whole))


def _checked(number: Decimal) -> Decimal:
	if not number.is_finite():
		raise ValueError(str(number))
	if abs(number) >= 10**MAX_DIGITS:
		raise TooLarge(str(number))
	return number


def format_number(number: Decimal | float | int, places: int | None = None) -> str:
	"""Indonesian writing: 1234.5 -> `1.234,5`. Without `places` all decimals that count are kept."""
	number = number if isinstance(number, Decimal) else Decimal(str(number))
	text = f"{number:,.{places}f}" if places is not None else f"{number:,f}"
	if places is None and "." in text:
		text = text.rstrip("0").rstrip(".")
	return text.translate(str.maketrans(",.", ".,"))


def format_date(day: date) -> str:
	return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def parse_date(text: str) -> date:
	"""`31 Desember 2026`, `31-12-2026`, `31/12/2026` or `2026-12-31`. Raises ValueError."""
	text = " ".join(str(text).split())
	if match := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text):
		return date(*map(int, match.groups()))
	if match := re.fullmatch(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})", text):
		return date(*map(int, reversed(match.groups())))
	if match := re.fullmatch(r"([0-9]{1,2}) ([A-Za-z]{3,}) ([0-9]{4})", text):
		for month, name in enumerate(MONTHS, 1):
			spellings = (name.casefold(), "nopember") if month == 11 else (name.casefold(),)
			if any(spelling.startswith(match[2].casefold()) for spelling in spellings):
				return date(int(match[3]), month, int(match[1]))
	raise ValueError(text)


def parse_target(text, tipe: str, skala: str = "") -> Target:
	"""Read a target of the kind `tipe`. `skala`: the predicates from lowest to highest, separated by commas.

	Raises ValueError whose text is an Indonesian sentence saying what is expected.
	"""
	typed, text = text, " ".join(str(text).split())
	if tipe == "Predikat":
		scale = [p.strip() for p in skala.split(",") if p.strip()]
		for rank, predicate in enumerate(scale, 1):
			if predicate.casefold() == text.casefold():
				return Target(predicate, Decimal(rank), Decimal(rank))
		raise ValueError(f"harus salah satu predikat: {', '.join(scale)}")
	if tipe == "Tanggal":
		try:
			return Target(format_date(parse_date(text)))
		except ValueError:
			raise ValueError("harus tanggal, misalnya 31 Desember 2026") from None
	if tipe == "Rentang":
		parts = [p for p in _RANGE.split(text) if p.strip()]
		try:
			low, high = map(parse_number, parts)
		except ValueError:
			raise ValueError("harus rentang dua angka, misalnya 80 – 90") from None
		if low > high:
			raise ValueError("batas bawah rentang melebihi batas atasnya")
		return Target(f"{format_number(low)} – {format_number(high)}", low, high)
	try:
		number = parse_number(typed)
	except TooLarge:
		raise ValueError(f"harus paling banyak {MAX_DIGITS} angka sebelum koma") from None
	except ValueError:
		raise ValueError("harus angka, misalnya 82,7 atau 1.234,5") from None
	return Target(format_number(number), number, number)
