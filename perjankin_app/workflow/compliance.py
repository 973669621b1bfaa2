"""How long the steps of an SOP really take, against its standard times. Pure: no frappe import."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from statistics import median


@dataclass(frozen=True)
class Line:
	"""One step of one chain in one OPD: office minutes of the times it was done, returns included."""

	opd: str
	alur: str
	langkah: str
	jumlah: int
	median: float
	persentil_90: int
	baku: float  # median too: "1 hari" has other minutes on a Friday; 0: the SOP sets no time
	tepat: float | None  # share in time, in percent; None where the SOP sets no time
	lewat: int  # minutes beyond the standard, all times together
	leher_botol: bool = False


def lines(rows: Iterable[tuple[str, str, str, int, int]]) -> list[Line]:
	"""From (opd, alur, langkah, minutes used, standard minutes), in any order; the result is ordered by the first three."""
	found = []
	for key, times in groupby(sorted(rows, key=_key), key=_key):
		found.append(_line(*key, [(used or 0, standard or 0) for *_key_, used, standard in times]))
	worst = {}
	for line in found:
		if line.lewat and _slower(line, worst.get(line.opd)):
			worst[line.opd] = line
	return [Line(**{**vars(line), "leher_botol": line is worst.get(line.opd)}) for line in found]


def percentile(values: list, share: float):
	"""Nearest rank: the least value that at least `share` of all do not exceed."""
	ordered = sorted(values)
	return ordered[max(ceil(share * len(ordered)), 1) - 1]


def _key(row) -> tuple[str, str, str]:
	return row[0] or "", row[1] or "", row[2] or ""


def _line(opd: str, alur: str, langkah: str, times: list[tuple[int, int]]) -> Line:
	used = [minutes for minutes, _standard in times]
	timed = [(minutes, standard) for minutes, standard in times if standard]
	return Line(
		opd=opd,
		alur=alur,
		langkah=langkah,
		jumlah=len(times),
		median=median(used),
		persentil_90=percentile(used, 0.9),
		baku=median(standard for _minutes, standard in timed) if timed else 0,
		tepat=100 * sum(minutes <= standard for minutes, standard in timed) / len(timed) if timed else None,
		lewat=sum(max(minutes - standard, 0) for minutes, standard in timed),
	)


def _slower(line: Line, other: Line | None) -> bool:
	"""The bottleneck is the step that cost the OPD the most minutes beyond its standard."""
	return other is None or (line.lewat, line.median) > (other.lewat, other.median)
