"""Numbers and targets as civil servants type them: no site, no frappe."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perjankin_app.target_value import (
	MONTHS,
	format_date,
	format_number,
	parse_date,
	parse_number,
	parse_target,
)

# ------------------------------------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
	("text", "number"),
	[
		("1.234,5", "1234.5"),
		("82,7", "82.7"),
		("0.70", "0.70"),
		("0,70", "0.70"),
		("1.234", "1234"),
		("12.345.678", "12345678"),
		("1,234.5", "1234.5"),
		("1,234,567", "1234567"),
		("1,234", "1.234"),  # Indonesian decimal comma
		("12.5", "12.5"),
		("12.5%", "12.5"),
		("12,5 %", "12.5"),
		("0.125", "0.125"),
		("1.2345", "1.2345"),
		("1234.567", "1234.567"),
		("0", "0"),
		("007", "7"),
		("-5", "-5"),
		("+1.000", "1000"),
		("-1.234,5", "-1234.5"),
		("Rp 1.500,-", "1500"),
		("Rp1.500", "1500"),
		("rp. 15.262.074.784", "15262074784"),
		("Rp 1.500.000,00", "1500000.00"),
		(" 5 ", "5"),
		("\u00a05\u00a0", "5"),
		("9" * 12, "9" * 12),
		("000" + "9" * 12, "9" * 12),
	],
)
def test_a_number(text, number):
	assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
	"text",
	[
		"",
		" ",
		"-",
		".",
		",5",
		".5",
		"abc",
		"1a",
		"1e5",
		"0x10",
		"nan",
		"Infinity",
		"1_000",
		"1.2.3",
		"1.23.456",
		"1.234.56",
		"1,2,3",
		"1.234,5,6",
		"1,234.5.6",
		"12.34,5",
		"1.2345,6",
		"1234.567,8",
		"12 34",
		"80 90",
		"82, 7",
		"1\n2",
		"--5",
		"5-",
		"Rp",
		"Rp 5 juta",
		"5%%",
		"%",
		"± 5",
		"> 80",
		"1/2",
		"²",
		"१२३",
		"１２",
		"٣",
		"5\x00",
		"\x005",
		"5\u200b",
		"1" + "0" * 12,
		"9" * 400,
		None,
		True,
		[],
		float("nan"),
		float("inf"),
		1e300,
	],
)
def test_what_is_no_number(text):
	with pytest.raises(ValueError):
		parse_number(text)


@pytest.mark.parametrize(
	("number", "read"), [(82.125, "82.125"), (1.234, "1.234"), (7, "7"), (-0.5, "-0.5"), (1e-5, "0.00001")]
)
def test_a_number_that_is_one_already_has_no_separators(number, read):
	"""From JSON or a spreadsheet: 82.125 is no `82.125` of somebody's typing, which means 82125."""
	assert parse_number(number) == Decimal(read)


@pytest.mark.parametrize(
	("number", "places", "text"),
	[
		(Decimal("1234.50"), None, "1.234,5"),
		(Decimal("1234.50"), 2, "1.234,50"),
		(1234567, None, "1.234.567"),
		(1500000, 0, "1.500.000"),
		(0.1, None, "0,1"),
		(Decimal("1E+3"), None, "1.000"),
		(Decimal("1E-7"), None, "0,0000001"),
		(Decimal("100"), None, "100"),
		(-1234.5, None, "-1.234,5"),
	],
)
def test_writing_a_number(number, places, text):
	assert format_number(number, places) == text


numbers = st.decimals(-(10**12) + 1, 10**12 - 1, allow_nan=False, places=4) | st.integers(
	-(10**12) + 1, 10**12 - 1
).map(Decimal)


@given(numbers)
def test_what_is_written_is_read_again(number):
	assert parse_number(format_number(number)) == number
	assert parse_number(f"Rp {format_number(number, 4)}") == number
	assert (
		parse_number(f"{number:,f}") == number or "." not in f"{number:,f}"
	)  # English: `1,234` alone is a decimal


@given(st.floats(-9e11, 9e11, allow_nan=False))
def test_a_float_is_read_as_itself(number):
	assert float(parse_number(number)) == number


@given(st.text() | st.text("0123456789.,-+%Rp "))
def test_any_text_is_a_number_or_refused(text):
	try:
		number = parse_number(text)
	except ValueError:
		return
	assert abs(number) < 10**12
	assert text.isascii() or not text.strip().isascii() or text.strip() != text
	assert parse_number(format_number(number)) == number


# ------------------------------------------------------------------------------------------------ dates


@pytest.mark.parametrize(
	("text", "day"),
	[
		("31 Desember 2026", date(2026, 12, 31)),
		("31 desember  2026", date(2026, 12, 31)),
		("1 Des 2026", date(2026, 12, 1)),
		("30 Nopember 2026", date(2026, 11, 30)),
		("30 Nop 2026", date(2026, 11, 30)),
		("5 Mei 2026", date(2026, 5, 5)),
		("31-12-2026", date(2026, 12, 31)),
		("31/12/2026", date(2026, 12, 31)),
		("3.2.2026", date(2026, 2, 3)),
		("2026-12-31", date(2026, 12, 31)),
		("29 Februari 2028", date(2028, 2, 29)),
		(date(2026, 12, 31), date(2026, 12, 31)),
	],
)
def test_a_date(text, day):
	assert parse_date(text) == day


@pytest.mark.parametrize(
	"text",
	[
		"31 Nopember 2026",
		"29 Februari 2026",
		"29-02-2100",
		"31 April 2026",
		"0 Januari 2026",
		"32 Januari 2026",
		"12/31/2026",
		"2026-13-01",
		"31 De 2026",
		"31 Ma 2026",
		"31 Decembre 2026",
		"31 Desember 26",
		"31 Desember",
		"Desember 2026",
		"٣١ Desember 2026",
		"31 Desember 2026\x00",
		"01-01-0000",
		"",
		None,
	],
)
def test_what_is_no_date(text):
	with pytest.raises(ValueError):
		parse_date(text)


@given(st.dates())
def test_a_date_is_read_as_it_is_written(day):
	if day.year >= 1000:
		assert parse_date(format_date(day)) == parse_date(day.isoformat()) == day
		assert parse_date(f"{day.day}/{day.month}/{day.year}") == day


def test_months_are_told_apart_by_three_letters():
	assert len({month[:3] for month in MONTHS}) == 12


# ------------------------------------------------------------------------------------------------ targets

SCALE = "D, C, CC, B, BB, A, AA"


@pytest.mark.parametrize(
	("text", "tipe", "canonical", "low", "high"),
	[
		("82,7", "Angka", "82,7", "82.7", "82.7"),
		("0.70", "Angka", "0,7", "0.7", "0.7"),
		("1234567", "Angka", "1.234.567", "1234567", "1234567"),
		(82.125, "Angka", "82,125", "82.125", "82.125"),
		("12.5%", "Persen", "12,5", "12.5", "12.5"),
		(" bb ", "Predikat", "BB", "5", "5"),
		("AA", "Predikat", "AA", "7", "7"),
		("80 - 90", "Rentang", "80 – 90", "80", "90"),
		("80-90", "Rentang", "80 – 90", "80", "90"),
		("80%–90 %", "Rentang", "80 – 90", "80", "90"),
		("0.70 s/d 0,8", "Rentang", "0,7 – 0,8", "0.7", "0.8"),
		("80 s.d. 90", "Rentang", "80 – 90", "80", "90"),
		("80 s.d 90", "Rentang", "80 – 90", "80", "90"),
		("80 sd 90", "Rentang", "80 – 90", "80", "90"),
		("80 sampai 90", "Rentang", "80 – 90", "80", "90"),
		("80 sampai dengan 90", "Rentang", "80 – 90", "80", "90"),
		("80 Hingga 90", "Rentang", "80 – 90", "80", "90"),
		("-5 - 5", "Rentang", "-5 – 5", "-5", "5"),
		("7 – 7", "Rentang", "7 – 7", "7", "7"),
		("31-12-2026", "Tanggal", "31 Desember 2026", None, None),
		("30 nopember 2026", "Tanggal", "30 November 2026", None, None),
	],
)
def test_a_target_is_stored_in_one_writing(text, tipe, canonical, low, high):
	target = parse_target(text, tipe, SCALE)
	assert target.text == canonical
	assert (target.low, target.high) == tuple(Decimal(n) if n else None for n in (low, high))
	assert parse_target(canonical, tipe, SCALE) == target


@pytest.mark.parametrize(
	("text", "tipe", "words"),
	[
		("baik", "Angka", "harus angka"),
		("80 - 90", "Angka", "harus angka"),
		("", "Persen", "harus angka"),
		("82 7", "Persen", "harus angka"),
		("1.000.000.000.000", "Angka", "12 angka sebelum koma"),
		("A+", "Predikat", "D, C, CC, B, BB, A, AA"),
		("", "Predikat", "predikat"),
		("A, AA", "Predikat", "predikat"),
		("80", "Rentang", "dua angka"),
		("80 –", "Rentang", "dua angka"),
		("80 - 90 - 100", "Rentang", "dua angka"),
		("rendah – tinggi", "Rentang", "dua angka"),
		("90 - 80", "Rentang", "melebihi"),
		("31 Nopember 2026", "Tanggal", "harus tanggal"),
		("besok", "Tanggal", "harus tanggal"),
	],
)
def test_a_refused_target_says_what_is_expected(text, tipe, words):
	with pytest.raises(ValueError, match=words):
		parse_target(text, tipe, SCALE)


def test_a_predicate_without_scale_is_refused():
	with pytest.raises(ValueError):
		parse_target("", "Predikat", " , ")


@given(numbers, numbers)
def test_a_range_is_read_as_it_is_written(a, b):
	low, high = sorted((a, b))
	target = parse_target(f"{format_number(low)} – {format_number(high)}", "Rentang")
	assert (target.low, target.high) == (low, high)
	assert parse_target(target.text, "Rentang") == target


@given(st.text(), st.sampled_from(["Angka", "Persen", "Predikat", "Rentang", "Tanggal"]))
def test_any_text_is_a_target_or_refused_in_words(text, tipe):
	try:
		target = parse_target(text, tipe, SCALE)
	except ValueError as refused:
		assert "harus" in str(refused) or "melebihi" in str(refused)
	else:
		assert parse_target(target.text, tipe, SCALE) == target
