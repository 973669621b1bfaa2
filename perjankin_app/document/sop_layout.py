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
from decimal import Decimal, InvalidOperation
from html import escape
from itertools import accumulate

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


def text(row, field: str) -> str:
	return " ".join(str(row.get(field) or "").split())


def actor(row) -> str:
	"""Whose column a step stands in: what the SOP calls the pelaksana, else the role."""
	return text(row, "pelaksana") or text(row, "peran").removeprefix("PK ") or "–"


def actors(rows) -> list[str]:
	return list(dict.fromkeys(actor(row) for row in rows))


def flow(rows) -> list[Step]:
	"""Rows (Langkah Alur fieldnames, however incomplete) as nodes. A "Tidak" that leads nowhere has no line."""
	columns = actors(rows)
	last = len(rows) - 1
	first_row: dict[str, int] = {}
	for index, row in enumerate(rows):
		first_row.setdefault(fold(text(row, "status")), index)
	steps = [Step(columns.index(actor(row)), _shape(row, index, last)) for index, row in enumerate(rows)]
	for index, (step, row) in enumerate(zip(steps, rows, strict=True)):
		step.next_column = steps[index + 1].column if index < last else None
		target = first_row.get(fold(text(row, "jika_tidak"))) if step.shape == DECISION else None
		step.back = None if target == index else target
		step.side = _free_side(step, len(columns))
	for side in (LEFT, RIGHT):
		_assign_lanes(
			[(i, step) for i, step in enumerate(steps) if step.back is not None and step.side == side]
		)
	for target in range(len(steps)):
		for entry, step in enumerate(step for step in steps if step.back == target):
			step.entry = entry
	return steps


def _shape(row, index: int, last: int) -> str:
	if fold(text(row, "jika_tidak")):
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


def lanes(steps: list[Step], side: str) -> int:
	return max((step.lane + 1 for step in steps if step.back is not None and step.side == side), default=0)


def duration(row) -> str:
	"""`1,5 jam`; nothing for a step without a standard, or with one that is no number (unsaved rows)."""
	try:
		time = Decimal(text(row, "waktu") or 0)
		return f"{format_number(time)} {text(row, 'satuan_waktu')}".strip() if time else ""
	except (InvalidOperation, ValueError):
		return ""


# --------------------------------------------------------------------------------------------------------------------
# The SOP sheet: the flow as backgrounds of table cells

PAGE_WIDTH = 277  # mm, A4 landscape without margins
TEXT_COLUMNS = {"number": 8, "activity": 56, "requirement": 31, "time": 14, "output": 31, "note": 21}  # mm
ACTOR_COLUMN = (9, 17)  # mm, at least and at most
MM = 96 / 25.4  # px
PITCH = 6  # px between two lanes, and between two lines that enter a row
SHAPE_HEIGHT = 34  # px, with arrowhead and labels

# A stroke is (background-position, background-size) of a black pixel.
UP, DOWN = ("50% 0", "1px 50%"), ("50% 100%", "1px 50%")
WEST, EAST, ACROSS = ("0 50%", "50% 1px"), ("100% 50%", "50% 1px"), ("0 50%", "100% 1px")


def sheet(rows) -> dict:
	"""What the SOP's print format needs: pelaksana columns, widths in percent, rows with the styles of their cells."""
	steps, columns = flow(rows), actors(rows)
	gutters = [PITCH * (lanes(steps, side) + 1) if lanes(steps, side) else 0 for side in (LEFT, RIGHT)]
	widths = column_widths(len(columns), gutters)
	strokes = draw(steps, len(columns))
	shape_width = min(60, int(widths["actor"] * PAGE_WIDTH / 100 * MM) - 2)
	entries = [sum(step.back == index for step in steps) for index in range(len(steps))]
	cells = [
		[
			cell_style(
				at,
				shape_image(step, shape_width, arrow=index or entries[index]) if n == step.column + 1 else "",
			)
			for n, at in enumerate(strokes[index])
		]
		for index, step in enumerate(steps)
	]
	return {
		"columns": columns,
		"widths": widths,
		"heading_size": heading_size(columns, widths["actor"] * PAGE_WIDTH / 100),
		"rows": [
			{
				"number": str(row.get("nomor") or ""),
				"activity": str(row.get("kegiatan") or ""),
				"requirement": str(row.get("kelengkapan") or ""),
				"time": duration(row),
				"output": str(row.get("output") or ""),
				"note": str(row.get("keterangan") or ""),
				"height": SHAPE_HEIGHT + 2 * PITCH * entries[index],
				"cells": cells[index],
			}
			for index, row in enumerate(rows)
		],
	}


def column_widths(columns: int, gutters: list[int]) -> dict[str, float]:
	"""Percent of the page: the pelaksana columns take what the text columns leave, within limits."""
	narrow, wide = ACTOR_COLUMN
	edges = [gutter / MM for gutter in gutters]
	left_over = PAGE_WIDTH - sum(TEXT_COLUMNS.values()) - sum(edges)
	widths = {
		**TEXT_COLUMNS,
		"actor": min(wide, max(narrow, left_over / max(columns, 1))),
		"left": edges[0],
		"right": edges[1],
	}
	total = sum(TEXT_COLUMNS.values()) + columns * widths["actor"] + sum(edges)
	return {name: round(width * 100 / total, 3) for name, width in widths.items()}


def heading_size(columns: list[str], width: float) -> float:
	"""Points at which the longest word of the pelaksana titles fits into a column of `width` mm unbroken, if it can."""
	longest = max((len(word) for title in columns for word in title.split()), default=1)
	return round(min(7.5, max(4.5, (width * 72 / 25.4 - 3) / (0.58 * longest))), 1)


def draw(steps: list[Step], columns: int) -> list[list[list[tuple[str, str]]]]:
	"""For each row the strokes of its cells: the left gutter, the pelaksana columns, the right gutter."""
	cells = [[[] for _ in range(columns + 2)] for _ in steps]
	for index, step in enumerate(steps):
		here = cells[index]
		at = step.column + 1
		if index:
			here[at].append(UP)
		if step.next_column is not None:
			if step.next_column != step.column:
				_sideways(here, at, step.next_column + 1)
			here[step.next_column + 1].append(DOWN)
		if step.back is not None:
			_draw_return(cells, steps, index)
	return cells


def _sideways(row, start: int, end: int):
	"""At half height from the middle of cell `start` to the middle of cell `end`, or to the edge of a gutter."""
	east = end > start
	row[start].append(EAST if east else WEST)
	for at in range(min(start, end) + 1, max(start, end)):
		row[at].append(ACROSS)
	if 0 < end < len(row) - 1:
		row[end].append(WEST if east else EAST)


def _draw_return(cells, steps: list[Step], index: int):
	step = steps[index]
	target = step.back
	left = step.side == LEFT
	edge = 0 if left else len(cells[index]) - 1
	x = PITCH * (lanes(steps, LEFT) - step.lane if left else step.lane + 1)
	y = PITCH * (step.entry + 1)
	upwards = target < index

	_sideways(cells[index], step.column + 1, edge)
	cells[index][edge] += [_gutter_line(left, x, "50%"), (f"{x}px {'0' if upwards else '100%'}", "1px 50%")]
	for row in cells[min(index, target) + 1 : max(index, target)]:
		row[edge].append((f"{x}px 0", "1px 100%"))
	goal = steps[target].column + 1
	cells[target][edge] += [
		_gutter_line(left, x, f"{y}px"),
		(f"{x}px {y}px", "1px 100%") if upwards else (f"{x}px 0", f"1px {y}px"),
	]
	for at in range(min(edge, goal) + 1, max(edge, goal)):
		cells[target][at].append((f"0 {y}px", "100% 1px"))
	cells[target][goal].append((f"{0 if left else '100%'} {y}px", "50% 1px"))
	if target == 0:  # no line comes from above that this one could join; the shape hides its end
		cells[target][goal].append((f"50% {PITCH}px", "1px 50%"))


def _gutter_line(left: bool, x: int, y: str) -> tuple[str, str]:
	"""Between the lane at `x` and the columns."""
	return (f"{x}px {y}", "100% 1px") if left else (f"0 {y}", f"{x}px 1px")


def cell_style(strokes: list[tuple[str, str]], shape: str) -> str:
	"""The CSS of a cell: its strokes and, above them, the image of its shape. Holds nothing that a user typed."""
	layers = [(INK, *stroke) for stroke in strokes]
	if shape:
		layers.insert(0, (shape, "50% 50%", "auto"))
	if not layers:
		return ""
	images, positions, sizes = zip(*layers, strict=True)
	return (  # two blanks: core's scrub_urls (v15) puts an !important behind the first url that follows `: `
		f"background-image:  {', '.join(f'url({image})' for image in images)}; "
		f"background-position: {', '.join(positions)}; background-size: {', '.join(sizes)}; "
		"background-repeat: no-repeat;"
	)


def shape_image(step: Step, width: int, arrow) -> str:
	"""The shape with its arrowhead and the labels Ya and Tidak, centred in an image of `width` × SHAPE_HEIGHT px."""
	middle, half = width / 2, min(14, width * 0.3)
	parts = []
	if step.shape == DECISION:
		parts.append(f'<path d="M{middle} 8 l{half} 9 l{-half} 9 l{-half} -9 z" {OUTLINE}/>')
		parts.append(_label("Tidak", step.side, width))
		if step.next_column == step.column:
			parts.append(f'<text x="{middle + 3}" y="33">Ya</text>')
		elif step.next_column is not None:
			parts.append(_label("Ya", RIGHT if step.side == LEFT else LEFT, width))
	else:
		radius = 9 if step.shape == START else 0
		parts.append(
			f'<rect x="{middle - half}" y="8" width="{2 * half}" height="18" rx="{radius}" {OUTLINE}/>'
		)
	if arrow:
		parts.append(f'<path d="M{middle - 3} 3 h6 l-3 5 z"/>')
	return _data_uri(
		f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{SHAPE_HEIGHT}" '
		f'viewBox="0 0 {width} {SHAPE_HEIGHT}" font-family="Arial, sans-serif" font-size="7">{"".join(parts)}</svg>'
	)


def _label(text: str, side: str, width: int) -> str:
	x, anchor = (0, "start") if side == LEFT else (width, "end")
	return f'<text x="{x}" y="13" text-anchor="{anchor}">{text}</text>'


def _data_uri(svg: str) -> str:
	return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


OUTLINE = 'fill="#fff" stroke="#000"'
# one black pixel; an SVG of that size vanishes in Chrome and wkhtmltopdf when it is stretched
INK = (
	"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6"
	"fptVAAAACklEQVR42mNgAAAAAgAB5Sfe/AAAAABJRU5ErkJggg=="
)


# --------------------------------------------------------------------------------------------------------------------
# The form's picture: the flow from top to bottom, in the colours of the desk's theme

BOX_WIDTH, LINE_HEIGHT, GAP, DIAMOND = 250, 14, 26, 11
RETURN_COLOUR = "#d97706"  # legible on white and on the desk's dark ground


def flow_svg(rows) -> str:
	"""An SVG of the chain, also of unsaved or incomplete rows. Scales to its container; all text is escaped."""
	rows = list(rows)
	steps = flow(rows)
	margins = [14 * (lanes(steps, side) + 1) for side in (LEFT, RIGHT)]
	left = margins[0]
	width = left + BOX_WIDTH + margins[1]
	middle = left + BOX_WIDTH / 2
	tops, exits, parts = [], [], []
	y = 8
	for step, row in zip(steps, rows, strict=True):
		texts = _box_texts(row)
		height = LINE_HEIGHT * len(texts) + 12
		tops.append(y)
		parts.append(_box(step, texts, left, y, height))
		y += height
		if step.shape == DECISION:
			y += DIAMOND
			parts.append(f'<path d="M{middle} {y - DIAMOND} l14 11 l-14 11 l-14 -11 z" {LINE}/>')
		exits.append(y)
		y += DIAMOND if step.shape == DECISION else 0
		if len(tops) < len(rows):
			parts.append(f'<path d="M{middle} {y} v{GAP - 6}" {LINE}/>{_arrow(middle, y + GAP, "down")}')
			if step.shape == DECISION:
				parts.append(f'<text x="{middle + 5}" y="{y + 13}">Ya</text>')
			y += GAP
	for step, exit_y in zip(steps, exits, strict=True):
		if step.shape == DECISION:
			parts.append(_return_line(step, exit_y, tops, left, middle))
	return (
		f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y + 8}" width="{width}" role="img" '
		'aria-label="Gambar alur" style="max-width: 100%; height: auto; color: var(--text-color)" '
		f'fill="currentColor" font-family="inherit" font-size="11">{"".join(parts)}</svg>'
	)


def _box_texts(row) -> list[tuple[str, str]]:
	"""(weight, line): the step's name, what is done in at most four lines, and by whom within which time."""
	name = f"{text(row, 'nomor')} {text(row, 'status')}"
	who = " · ".join(filter(None, (actor(row), duration(row))))
	texts = [("bold", line) for line in _wrap(name, 2)]
	texts += [("normal", line) for line in _wrap(text(row, "kegiatan"), 4)]
	return texts + [("600", line) for line in _wrap(who, 2)]


def _wrap(words: str, most: int) -> list[str]:
	"""Lines that fit into a box, by an upper estimate of the widths of letters; what does not fit ends in `…`."""
	found, line = [], ""
	for word in words.split():
		while word and len(found) <= most:
			joined = f"{line} {word}".strip()
			if _text_width(joined) <= BOX_WIDTH - 16:
				line, word = joined, ""
			elif line:
				found.append(line)
				line = ""
			else:
				widths = accumulate(map(_letter_width, word))
				cut = max(1, next(n for n, width in enumerate(widths) if width > BOX_WIDTH - 16))
				line, word = word[:cut], word[cut:]
	found += [line] if line else []
	return found if len(found) <= most else [*found[: most - 1], found[most - 1][:-1].rstrip() + "…"]


def _text_width(line: str) -> float:
	return sum(map(_letter_width, line))


def _letter_width(char: str) -> float:
	"""px at font size 11 in bold."""
	if char in " .,:;'|!ijlI()/-":
		return 4
	if char in "mwMW@%—…" or ord(char) > 0x2000:
		return 10.5
	return 8 if char.isupper() else 6.9


def _box(step: Step, texts, left: float, top: float, height: float) -> str:
	radius = height / 2 if step.shape == START else 4
	lines = "".join(
		f'<text x="{left + BOX_WIDTH / 2}" y="{top + 16 + LINE_HEIGHT * n}" text-anchor="middle" '
		f'font-weight="{weight}">{escape(line)}</text>'
		for n, (weight, line) in enumerate(texts)
	)
	return f'<rect x="{left}" y="{top}" width="{BOX_WIDTH}" height="{height}" rx="{min(radius, 16)}" {LINE}/>{lines}'


def _return_line(step: Step, y: float, tops: list[float], left: float, middle: float) -> str:
	"""The label Tidak and, where it leads somewhere, the line back, along its lane into the side of the box."""
	out = -1 if step.side == LEFT else 1
	label = f'<text x="{middle + out * 18}" y="{y + 12}" text-anchor="{"end" if out < 0 else "start"}">Tidak</text>'
	if step.back is None:
		return label
	edge = left if out < 0 else left + BOX_WIDTH
	lane = edge + out * 14 * (step.lane + 1)
	goal = tops[step.back] + 8 + 6 * step.entry
	return (
		f'{label}<path d="M{middle + out * 14} {y} H{lane} V{goal} H{edge + out * 6}" fill="none" '
		f'stroke="{RETURN_COLOUR}"/>{_arrow(edge, goal, "right" if out < 0 else "left", RETURN_COLOUR)}'
	)


def _arrow(x: float, y: float, towards: str, colour: str = "currentColor") -> str:
	"""An arrowhead whose tip is at (x, y)."""
	shape = {"down": "l-4 -7 h8 z", "right": "l-7 -4 v8 z", "left": "l7 -4 v8 z"}[towards]
	return f'<path d="M{x} {y} {shape}" fill="{colour}"/>'


LINE = 'fill="none" stroke="currentColor"'
