"""Compiling what the units gave into the PK: a three-way merge, row by row. Pure: no frappe import.

base: what the last compilation wrote; ours: the PK now; theirs: what the accepted forms offer. A row that somebody has
edited in the PK since is a conflict, and no conflict is ever settled but by choosing a row of the list.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum

NEW, CHANGED, CONFLICT, GONE, SAME = "baru", "berubah", "bentrok", "hilang", "sama"
TARGET, PROGRAM = "target", "program"
KEY = {TARGET: "indikator", PROGRAM: "nomenklatur"}
FIELDS = {
	TARGET: ("sasaran", "target", "bobot", "tw1", "tw2", "tw3", "tw4", "keterangan"),
	PROGRAM: ("anggaran", "sumber_dana", "keterangan"),
}
NUMBERS = ("bobot", "anggaran")
LONGEST = 140  # of a Data field, which joined remarks must fit in


class Unclear(ValueError):
	"""Choices that can't be carried out; the text is an Indonesian sentence."""


@dataclass(frozen=True)
class Change:
	"""A row of the comparison: `old` stands in the PK, `new` is offered by `units`; None where there is no such row."""

	table: str
	key: str
	kind: str
	units: tuple[str, ...]
	old: Mapping | None
	new: Mapping | None

	@property
	def id(self) -> str:
		"""Names the row by all that it says: what was shown is what is written, or nothing."""
		said = [self.table, self.key, self.units, self.old, self.new]
		text = json.dumps(said, sort_keys=True, ensure_ascii=False)
		return hashlib.sha256(text.encode()).hexdigest()[:16]

	@property
	def proposed(self) -> bool:
		"""Whether it is chosen unless somebody says otherwise."""
		return self.kind in (NEW, CHANGED, GONE)

	@property
	def differing(self) -> tuple[str, ...]:
		old, new = self.old or {}, self.new or {}
		return tuple(
			field for field in FIELDS[self.table] if (old.get(field) or "") != (new.get(field) or "")
		)


def read(table: str, rows: Iterable[Mapping]) -> dict[str, dict]:
	"""Rows by their key, each value in one writing, so that rows of two documents can be compared."""
	return {row.get(KEY[table]): {field: _value(field, row) for field in FIELDS[table]} for row in rows}


def _value(field: str, row: Mapping):
	value = row.get(field)
	return round(float(value or 0), 6) if field in NUMBERS else str(value or "").strip()


def offers(table: str, forms: Mapping[str, Mapping[str, Mapping]]) -> dict[str, list]:
	"""What `forms` (unit: its rows by key) offer: key: [(units, values)].

	Units that differ on a target are offered side by side; the budgets that units have of one program add up.
	"""
	found: dict[str, list] = {}
	for unit in sorted(forms):
		for key, values in forms[unit].items():
			found.setdefault(key, []).append((unit, values))
	return {key: _summed(given) if table == PROGRAM else _alike(given) for key, given in found.items()}


def _alike(given: list) -> list:
	groups: list[tuple[list, Mapping]] = []
	for unit, values in given:
		same = next((units for units, other in groups if other == values), None)
		if same is None:
			groups.append(([unit], values))
		else:
			same.append(unit)
	return [(tuple(units), values) for units, values in groups]


def _summed(given: list) -> list:
	total = {
		"anggaran": round(fsum(values["anggaran"] for _unit, values in given), 6),
		"sumber_dana": _joined(values["sumber_dana"] for _unit, values in given),
		"keterangan": _joined(values["keterangan"] for _unit, values in given),
	}
	return [(tuple(unit for unit, _values in given), total)]


def _joined(texts: Iterable[str]) -> str:
	text = "; ".join(dict.fromkeys(filter(None, texts)))
	return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def compare(
	table: str, base: Mapping, ours: Mapping, theirs: Mapping, waiting: Iterable[str] = ()
) -> list[Change]:
	"""What compiling `theirs` (see `offers`) would do to `ours`, in an order that depends on the rows only.

	base: key: {"unit": [...], "isi": values}. A row in which a unit of `waiting` had a part (its form is not accepted
	at the moment) stays as it is until that form is back.
	"""
	changes = []
	waiting = set(waiting)
	for key in {**base, **theirs}:
		written, old = base.get(key), ours.get(key)
		if written and not waiting.isdisjoint(written["unit"]):
			continue
		last = written["isi"] if written else None
		given = theirs.get(key) or ([(tuple(written["unit"]), None)] if old is not None else [])
		for units, new in given:
			changes.append(Change(table, key, _kind(last, old, new, len(given)), units, old, new))
	return sorted(changes, key=_order)


def _kind(last, old, new, choices: int) -> str:
	if new == old:
		return SAME
	if old != last or choices > 1:  # edited, typed or removed in the PK; or units that disagree
		return CONFLICT
	if old is None:
		return NEW
	return GONE if new is None else CHANGED


def _order(change: Change):
	return (change.new or change.old or {}).get("sasaran", ""), change.key, change.units


def take(base: Mapping, ours: Mapping, changes: Iterable[Change], chosen: Iterable[str]) -> tuple[dict, dict]:
	"""(base, ours) of one table after the chosen changes (their ids) were carried out; the rest stays as it was."""
	base, ours = dict(base), dict(ours)
	chosen, taken = set(chosen), set()
	for change in changes:
		if change.id not in chosen or change.kind == SAME:
			continue
		if change.key in taken:
			raise Unclear(f"{change.key} dipilih dari dua unit. Pilih salah satu saja.")
		taken.add(change.key)
		if change.new is None:
			base.pop(change.key, None)
			ours.pop(change.key, None)
		else:
			base[change.key] = {"unit": list(change.units), "isi": dict(change.new)}
			ours[change.key] = dict(change.new)
	return base, ours
