"""How an approval chain is drawn. Pure: no frappe import.

The official SOP sheet is a matrix: a row for each step, a column for each pelaksana, and the flow running through them.
Every line is a part of the cell that it crosses, placed relative to that cell. So lines meet at cell borders whatever
height a PDF engine gives to a row, and go on after a page break.

Where lines may run (nothing else does, so no two can lie on each other):
- forward: out of a shape sideways at half height, then down in the next pelaksana's column; or straight down;
- back ("Tidak"): out of a diamond at half height on the other side, into a lane of its own at the outer edge of the
  columns, up or down to the row it returns to, there just below the row's top, at a height of its own, into the column.
"""

import base64
from html import escape

START, TASK, DECISION = "start", "task", "decision"
LEFT, RIGHT = "left", "right"
LANE = 7  # px between lanes, and between the heights at which returns enter a row
SHAPE_HEIGHT = 34  # px of a shape with arrowhead and labels


def actor(row) -> str:
	"""The title in whose column a step stands: what the SOP calls the pelaksana, else the role."""
	return " ".join((row.get("pelaksana") or row.get("peran") or "").removeprefix("PK ").split()) or "–"


def actors(rows) -> list[str]:
	return list(dict.fromkeys(actor(row) for row in rows))


def shape(rows, index: int) -> str:
	if (rows[index].get("jika_tidak") or "").strip():
		return DECISION
	return START if index in (0, len(rows) - 1) else TASK


def return_rows(rows) -> dict[int, int]:
	"""Row of a decision -> row it returns to. Names are compared as the composer does; what leads nowhere is left out."""
	first: dict[str, int] = {}
	for index, row in enumerate(rows):
		first.setdefault(_key(row.get("status")), index)
	found = {
		index: first.get(_key(row.get("jika_tidak"))) for index, row in enumerate(rows) if _key(row.get("jika_tidak"))
	}
	return {index: target for index, target in found.items() if target is not None and target != index}


def _key(status) -> str:
	return " ".join(str(status or "").split()).casefold()
