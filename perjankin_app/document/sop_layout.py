"""How an approval chain is drawn. Pure: no frappe import.

The official SOP sheet is a matrix: a row for each step, a column for each pelaksana, and the flow running through them.
Every line is the background of the cells that it crosses, placed relative to each cell. So lines meet at cell borders
whatever height a PDF engine gives to a row, and go on after a page break.

Each line has a way of its own, so that no two lie on each other:
- forward: sideways out of a shape at half height and down in the next pelaksana's column, or straight down;
- back ("Tidak"): out of a diamond at half height on the other side, along a lane of its own outside the columns, and
  into the row it returns to just below that row's top, at a height of its own.
"""

import base64
from dataclasses import dataclass

from perjankin_app.target_value import format_number
from perjankin_app.workflow.composer import fold

START, TASK, DECISION = "start", "task", "decision"
LEFT, RIGHT = "left", "right"


@dataclass
class Step:
	"""A row as a node of the flow. `back` is the row that its "Tidak" returns to, `side` where that line leaves."""

	column: int
	shape: str
	next_column: int | None = None
	back: int | None = None
	side: str = LEFT
	lane: int = 0  # 0 is the innermost
	entry: int = 0  # 0 enters the row nearest to its top


def actor(row) -> str:
	"""Whose column a step stands in: what the SOP calls the pelaksana, else the role."""
	return " ".join((row.get("pelaksana") or row.get("peran") or "").removeprefix("PK ").split()) or "–"


def actors(rows) -> list[str]:
	return list(dict.fromkeys(actor(row) for row in rows))


def flow(rows) -> list[Step]:
	"""Rows (Langkah Alur fieldnames, however incomplete) as nodes. A "Tidak" that leads nowhere has no line."""
	columns = actors(rows)
	last = len(rows) - 1
	first_row: dict[str, int] = {}
	for index, row in enumerate(rows):
		first_row.setdefault(fold(row.get("status")), index)
	steps = [Step(columns.index(actor(row)), _shape(row, index, last)) for index, row in enumerate(rows)]
	for index, (step, row) in enumerate(zip(steps, rows, strict=True)):
		step.next_column = steps[index + 1].column if index < last else None
		target = first_row.get(fold(row.get("jika_tidak"))) if step.shape == DECISION else None
		step.back = None if target == index else target
		step.side = _free_side(step, len(columns))
	for side in (LEFT, RIGHT):
		_assign_lanes([(i, step) for i, step in enumerate(steps) if step.back is not None and step.side == side])
	for target in range(len(steps)):
		for entry, step in enumerate(step for step in steps if step.back == target):
			step.entry = entry
	return steps


def _shape(row, index: int, last: int) -> str:
	if fold(row.get("jika_tidak")):
		return DECISION
	return START if index in (0, last) else TASK


def _free_side(step: Step, columns: int) -> str:
	"""Opposite to the way forward; where that is straight down, the nearer edge."""
	if step.next_column in (None, step.column):
		return LEFT if step.column < columns / 2 else RIGHT
	return LEFT if step.next_column > step.column else RIGHT


def _assign_lanes(returns: list[tuple[int, Step]]):
	"""Short returns run inside long ones; returns that touch a common row never share a lane."""
	taken: list[list[tuple[int, int]]] = []
	for index, step in sorted(returns, key=lambda r: abs(r[0] - r[1].back)):
		low, high = sorted((index, step.back))
		step.lane = next(
			(n for n, lane in enumerate(taken) if all(high < a or b < low for a, b in lane)), len(taken)
		)
		if step.lane == len(taken):
			taken.append([])
		taken[step.lane].append((low, high))


# --------------------------------------------------------------------------------------------------------------------
# The SOP sheet

PAGE = 277  # mm, A4 landscape without margins
MM = 96 / 25.4  # px
SHAPE_HEIGHT = 34  # px, with arrowhead and labels
PITCH = 6  # px between two lanes, or between two lines that enter a row

# strokes: (background-position, background-size)
UP, DOWN = ("50% 0", "1px 50%"), ("50% 100%", "1px 50%")
WEST, EAST, ACROSS = ("0 50%", "50% 1px"), ("100% 50%", "50% 1px"), ("0 50%", "100% 1px")
INK = (
	"data:image/svg+xml;base64,"
	+ base64.b64encode(
		b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1" preserveAspectRatio="none" '
		b'viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'
	).decode()
)


def sheet(rows) -> dict:
	"""What the print format of the SOP needs: columns, widths in percent, and rows with the styles of their cells."""
	steps, columns = flow(rows), actors(rows)
	lanes = {side: 1 + max((s.lane for s in steps if s.back is not None and s.side == side), default=-1) for side in (LEFT, RIGHT)}
	gutters = {side: (lanes[side] + 1) * PITCH if lanes[side] else 0 for side in lanes}
	widths = column_widths(len(columns), sum(gutters.values()) / MM)
	strokes = draw(steps, len(columns), lanes)
	shape_width = min(60, int(widths["actor"] * PAGE / 100 * MM) - 2)
	entries = [sum(step.back == index for step in steps) for index in range(len(steps))]
	return {
		"columns": columns,
		"widths": widths,
		"gutters": gutters,
		"rows": [
			{
				"number": row.get("nomor") or "",
				"activity": row.get("kegiatan") or "",
				"requirement": row.get("kelengkapan") or "",
				"time": duration(row),
				"output": row.get("output") or "",
				"note": row.get("keterangan") or "",
				"height": SHAPE_HEIGHT + 2 * PITCH * (entries[index] + 1),
				"cells": cell_styles(steps, index, strokes[index], shape_width, gutters),
			}
			for index, row in enumerate(rows)
		],
	}
