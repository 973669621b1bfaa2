"""Kepatuhan SOP: counts, medians, shares and the bottleneck, without any site."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perjankin_app.workflow.compliance import lines, percentile

A, B = "Dinas A", "Dinas B"


def rows(opd, step, *times, alur="ALUR-1"):
	return [(opd, alur, step, used, standard) for used, standard in times]


def test_a_line_counts_each_time_the_step_was_done():
	(line,) = lines(rows(A, "Paraf", (10, 15), (20, 15), (15, 15), (100, 15)))
	assert (line.opd, line.alur, line.langkah, line.jumlah) == (A, "ALUR-1", "Paraf", 4)
	assert (line.median, line.persentil_90, line.baku) == (17.5, 100, 15)
	assert (line.tepat, line.lewat) == (50, 5 + 85)
	assert line.leher_botol


def test_a_step_without_standard_time_is_not_judged():
	(line,) = lines(rows(A, "Arsip", (10, 0), (5000, None), (None, 0)))
	assert (line.baku, line.tepat, line.lewat, line.leher_botol) == (0, None, 0, False)
	assert (line.jumlah, line.median, line.persentil_90) == (3, 10, 5000)


def test_each_opd_has_its_own_bottleneck():
	found = lines(
		[
			*rows(A, "Draf", (100, 60)),
			*rows(A, "Paraf", (30, 15), (60, 15)),
			*rows(B, "Draf", (100, 60)),
			*rows(B, "Paraf", (15, 15)),
		]
	)
	assert [(line.opd, line.langkah) for line in found if line.leher_botol] == [(A, "Paraf"), (B, "Draf")]


def test_where_all_is_in_time_nothing_is_a_bottleneck():
	assert not any(line.leher_botol for line in lines(rows(A, "Draf", (60, 60), (1, 60))))


def test_of_two_that_cost_as_much_the_slower_one():
	found = lines([*rows(A, "Cepat", (20, 10)), *rows(A, "Lambat", (90, 80))])
	assert [line.langkah for line in found if line.leher_botol] == ["Lambat"]


def test_the_same_step_of_two_chains_is_two_lines():
	found = lines([*rows(A, "Draf", (1, 2)), *rows(A, "Draf", (3, 2), alur="ALUR-2")])
	assert [(line.alur, line.median) for line in found] == [("ALUR-1", 1), ("ALUR-2", 3)]


def test_nothing():
	assert lines([]) == []


@pytest.mark.parametrize(
	("values", "share", "expected"),
	[([1], 0.9, 1), (range(1, 11), 0.9, 9), (range(1, 12), 0.9, 10), ([3, 1, 2], 0, 1), ([3, 1, 2], 1, 3)],
)
def test_percentile(values, share, expected):
	assert percentile(list(values), share) == expected


times = st.tuples(
	st.sampled_from([A, B]),
	st.sampled_from(["ALUR-1", "ALUR-2"]),
	st.sampled_from(["Draf", "Paraf"]),
	st.integers(0, 10_000),
	st.integers(0, 500),
)


@given(st.lists(times), st.randoms())
def test_lines_partition_the_rows_whatever_their_order(given_rows, random):
	found = lines(given_rows)
	assert sum(line.jumlah for line in found) == len(given_rows)
	for line in found:
		own = [row for row in given_rows if row[:3] == (line.opd, line.alur, line.langkah)]
		used = [row[3] for row in own]
		assert line.jumlah == len(own)
		assert min(used) <= line.median <= max(used) and line.persentil_90 in used
		assert sum(minutes <= line.persentil_90 for minutes in used) >= ceil(0.9 * len(used))
		assert line.tepat is None or 0 <= line.tepat <= 100
		assert (line.lewat > 0) == (line.tepat is not None and line.tepat < 100)
	for opd in (A, B):
		marked = [line for line in found if line.opd == opd and line.leher_botol]
		assert len(marked) == any(line.lewat for line in found if line.opd == opd)
		assert all(m.lewat >= line.lewat for m in marked for line in found if line.opd == opd)
	shuffled = list(given_rows)
	random.shuffle(shuffled)
	assert lines(shuffled) == found
