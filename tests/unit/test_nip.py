"""The civil servant's number: no site, no frappe. The numbers are made up from their parts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perjankin_app.nip import check_nip

TODAY = date(2026, 6, 30)


def nip(born="19800229", year="2005", month="01", sex="1", serial="001"):
	return born + year + month + sex + serial


def refusal(value, civil_servant=True):
	with pytest.raises(ValueError) as refused:
		check_nip(value, civil_servant, TODAY)
	return str(refused.value)


def test_a_plausible_number():
	check_nip(nip(), True, TODAY)
	check_nip(nip(sex="2", month="12"), True, TODAY)
	check_nip(nip(born="20080101", year="2026"), True, TODAY)
	check_nip(nip(year="2027"), True, TODAY)  # appointed as of next year, entered now


@pytest.mark.parametrize("month", ["00", "13", "21", "99"])
def test_the_month_of_appointment_is_a_civil_servants_only(month):
	assert "angka ke-13 dan ke-14" in refusal(nip(month=month))
	check_nip(nip(month=month), False, TODAY)


@pytest.mark.parametrize(
	"value",
	[
		"",
		nip()[:-1],
		nip() + "1",
		nip()[:-1] + "x",
		nip()[:-1] + "٣",
		nip()[:-1] + "²",
		nip()[:-1] + "１",
		nip()[:-1] + "\x00",
		nip()[:-1] + " ",
		"-" + nip()[1:],
		"19800101 200501 1 001"[:18],
	],
)
@pytest.mark.parametrize("civil_servant", [True, False])
def test_eighteen_digits_and_nothing_else(value, civil_servant):
	assert refusal(value, civil_servant) == "harus 18 angka"


@pytest.mark.parametrize(
	"born", ["19801301", "19800001", "19800132", "19810229", "19800431", "00000101", "29021980"]
)
def test_the_birth_date_exists(born):
	assert "delapan angka pertama" in refusal(nip(born=born))


@pytest.mark.parametrize("born", ["19450101", "20120101", "20300101", "18800101"])
def test_the_birth_date_is_that_of_somebody_at_work(born):
	assert refusal(nip(born=born)) == "tanggal lahir pada delapan angka pertama tidak wajar"


@pytest.mark.parametrize("year", ["1994", "2028", "9999", "0000"])
@pytest.mark.parametrize("civil_servant", [True, False])
def test_the_year_of_appointment(year, civil_servant):
	assert "angka ke-9 sampai ke-12" in refusal(nip(year=year), civil_servant)


@pytest.mark.parametrize("sex", "03456789")
def test_the_sex(sex):
	assert "angka ke-15" in refusal(nip(sex=sex))


@given(
	st.dates(date(1960, 1, 1), date(2000, 1, 1)),
	st.integers(2016, 2026),
	st.integers(1, 12),
	st.integers(0, 999),
)
def test_every_number_made_of_plausible_parts_passes(born, year, month, serial):
	for sex in "12":
		value = nip(f"{born:%Y%m%d}", str(year), f"{month:02d}", sex, f"{serial:03d}")
		check_nip(value, True, TODAY)
		check_nip(value, False, TODAY)


@given(st.text() | st.text("0123456789", min_size=18, max_size=18), st.booleans())
def test_any_text_passes_or_is_refused_in_words(value, civil_servant):
	try:
		check_nip(value, civil_servant, TODAY)
	except ValueError as refused:
		assert str(refused) and not str(refused).endswith(".")
	else:
		assert len(value) == 18 and value.isascii() and value.isdigit()
