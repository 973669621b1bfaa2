"""The drawing of a chain: its flow, the geometry of the SOP sheet, and the form's picture."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perjankin_app.document import sop_layout
from perjankin_app.document.sop_layout import DECISION, LEFT, PITCH, RIGHT, SHAPE_HEIGHT, START, TASK

SEEDS = sorted((Path(__file__).parents[2] / "fixtures" / "sop").glob("*.json"))


def row(status="", actor="", no="", **values):
	return {"status": status, "pelaksana": actor, "jika_tidak": no, **values}


CHAIN = [
	row("Draf", "Penyusun"),
	row("Rapat", "Tim"),
	row("Paraf", "Kasubbag", no=" draf "),
	row("Tanda Tangan", "Kepala", no="RAPAT"),
	row("Kirim", "Penyusun"),
]


def test_columns_follow_first_appearance():
	assert sop_layout.actors(CHAIN) == ["Penyusun", "Tim", "Kasubbag", "Kepala"]
	assert sop_layout.actors([{"peran": "PK Sekretaris"}, {}]) == ["Sekretaris", "–"]


def test_flow_of_a_chain():
	steps = sop_layout.flow(CHAIN)
	assert [s.shape for s in steps] == [START, TASK, DECISION, DECISION, START]
	assert [s.column for s in steps] == [0, 1, 2, 3, 0]
	assert [s.next_column for s in steps] == [1, 2, 3, 0, None]
	assert [s.back for s in steps] == [None, None, 0, 1, None]
	assert steps[2].side == LEFT, "forward leaves to the right"
	assert steps[3].side == RIGHT, "forward leaves to the left"


def test_returns_that_meet_have_lanes_and_heights_of_their_own():
	rows = [row("A", "x"), row("B", "y")]
	rows += [row(f"S{n}", "x" if n % 2 else "y", no="A") for n in range(6)]
	returns = [(s.side, s.lane) for s in sop_layout.flow(rows) if s.back is not None]
	assert len(set(returns)) == 6
	assert sorted(s.entry for s in sop_layout.flow(rows) if s.back == 0) == list(range(6))


def test_short_return_runs_inside_the_long_one():
	rows = [row("A", "x"), row("B", "x"), row("C", "x", no="B"), row("D", "x", no="A"), row("E", "y")]
	steps = sop_layout.flow(rows)
	assert (steps[2].side, steps[2].lane) == (LEFT, 0)
	assert steps[3].lane == 1 or steps[3].side != steps[2].side


@pytest.mark.parametrize("no", ["Tidak Ada", "Periksa"])
def test_a_return_to_nowhere_or_itself_is_a_decision_without_a_line(no):
	step = sop_layout.flow([row("Draf", "x"), row("Periksa", "y", no=no)])[1]
	assert (step.shape, step.back) == (DECISION, None)


# ------------------------------------------------------------------------------------------------ geometry of the sheet


def length(text, total):
	return float(text[:-2]) if text.endswith("px") else float(text.removesuffix("%") or 0) * total / 100


def offset(text, free):
	"""background-position: percentages are of the space that the image leaves."""
	return length(text if text.endswith("px") else f"{text.removesuffix('%')}%", free)


def segment(stroke, width, height):
	"""A stroke in a cell as (x1, y1, x2, y2), clipped to the cell."""
	(px, py), (sx, sy) = (part.split() for part in stroke)
	w, h = length(sx, width), length(sy, height)
	x, y = offset(px, width - w), offset(py, height - h)
	if sx == "1px":
		x += 0.5 if px.endswith("%") else 0
		return (x, y, x, min(y + h, height))
	y += 0.5 if py.endswith("%") else 0
	return (x, y, min(x + w, width), y)


class Sheet:
	"""A sheet with cells of given sizes: all strokes as absolute segments."""

	def __init__(self, rows, heights, width):
		self.steps = sop_layout.flow(rows)
		columns = len(sop_layout.actors(rows))
		layout = sop_layout.sheet(rows)
		gutters = [PITCH * (sop_layout.lanes(self.steps, side) + 1) for side in (LEFT, RIGHT)]
		self.widths = [gutters[0], *[width] * columns, gutters[1]]
		self.heights = [max(h, r["height"]) for h, r in zip(heights, layout["rows"], strict=True)]
		self.cells = sop_layout.draw(self.steps, columns)

	def in_cell(self, index, at):
		return [segment(stroke, self.widths[at], self.heights[index]) for stroke in self.cells[index][at]]

	def all(self):
		for index in range(len(self.cells)):
			top = sum(self.heights[:index])
			for at in range(len(self.widths)):
				left = sum(self.widths[:at])
				for x1, y1, x2, y2 in self.in_cell(index, at):
					yield (left + x1, top + y1, left + x2, top + y2)

	def centre(self, index):
		at = self.steps[index].column + 1
		return (
			sum(self.widths[:at]) + self.widths[at] / 2,
			sum(self.heights[:index]) + self.heights[index] / 2,
		)

	def connected(self, start, end):
		"""Along strokes that touch each other, from the shape of row `start` to that of row `end`."""
		left, found = list(self.all()), [(*self.centre(start), *self.centre(start))]
		goal = (*self.centre(end), *self.centre(end))
		while found:
			one = found.pop()
			if touch(one, goal):
				return True
			reached = [other for other in left if touch(one, other)]
			left = [other for other in left if other not in reached]
			found += reached
		return False


def touch(a, b, slack=1.01):
	return all(min(a[n + 2], b[n + 2]) - max(a[n], b[n]) >= -slack for n in (0, 1))


def overlap(a, b):
	"""Two strokes on each other over more than their thickness."""
	vertical = a[0] == a[2], b[0] == b[2]
	if vertical[0] != vertical[1]:
		return False
	along, across = (1, 0) if vertical[0] else (0, 1)
	return abs(a[across] - b[across]) < 2 and min(a[along + 2], b[along + 2]) - max(a[along], b[along]) > 2


@st.composite
def chains(draw):
	size = draw(st.integers(1, 12))
	actors = st.sampled_from(["Penyusun", "Kasubbag", "Sekretaris", "Kepala", "Tim"])
	return [
		row(f"S{n}", draw(actors), no=f"S{draw(st.integers(0, size))}" if draw(st.booleans()) else "")
		for n in range(size)
	]


SIZES = {"heights": st.lists(st.floats(30, 200), min_size=12, max_size=12), "width": st.floats(34, 120)}


@settings(deadline=None, max_examples=60)
@given(rows=chains(), **SIZES)
def test_lines_lead_from_shape_to_shape(rows, heights, width):
	sheet = Sheet(rows, heights[: len(rows)], width)
	for index in range(len(rows) - 1):
		assert sheet.connected(index, index + 1)
	for index, step in enumerate(sheet.steps):
		if step.back is not None:
			alone = Sheet(rows, heights[: len(rows)], width)
			for other in alone.steps:
				other.next_column = None
				other.back = other.back if other is alone.steps[index] else None
			alone.cells = sop_layout.draw(alone.steps, len(alone.widths) - 2)
			assert alone.connected(index, step.back)


@given(rows=chains(), **SIZES)
def test_no_line_lies_on_another(rows, heights, width):
	sheet = Sheet(rows, heights[: len(rows)], width)
	for index in range(len(rows)):
		for at in range(len(sheet.widths)):
			strokes = sheet.in_cell(index, at)
			joins_from_above = {n for n, s in enumerate(strokes) if index == 0 and s[0] == s[2]}
			for n, one in enumerate(strokes):
				for m, other in enumerate(strokes[:n]):
					assert not overlap(one, other) or {n, m} <= joins_from_above, (index, at, one, other)


@given(chains())
def test_rows_are_high_enough_for_all_that_enter_above_the_shape(rows):
	heights = [entry["height"] for entry in sop_layout.sheet(rows)["rows"]]
	for step in sop_layout.flow(rows):
		if step.back is not None:
			assert PITCH * (step.entry + 1) <= (heights[step.back] - SHAPE_HEIGHT) / 2


def test_widths_fill_the_page():
	for columns in (1, 5, 7, 30):
		for gutters in ([0, 0], [18, 42]):
			widths = sop_layout.column_widths(columns, gutters)
			total = sum(widths.values()) + (columns - 1) * widths["actor"]
			assert total == pytest.approx(100, abs=0.1)


def test_heading_size_keeps_long_words_whole():
	assert sop_layout.heading_size(["Tim"], 20) == 7.5
	assert sop_layout.heading_size(["Kasubbag Perencanaan"], 16) < 7.5
	assert sop_layout.heading_size(["x" * 80], 16) == 4.5
	assert sop_layout.heading_size([], 16) == 7.5


def test_sheet_prints_the_row_as_written():
	entry = sop_layout.sheet(
		[row("Draf", "x", nomor="10", kegiatan="Menyusun\ndraf", waktu=1.5, satuan_waktu="jam")]
	)
	[printed] = entry["rows"]
	assert (printed["number"], printed["activity"], printed["time"]) == ("10", "Menyusun\ndraf", "1,5 jam")


def test_arrowhead_only_where_a_line_arrives():
	def image(rows, index):
		return sop_layout.sheet(rows)["rows"][index]["cells"][1].split(",")[1]

	plain = [row("Draf", "x"), row("Selesai", "x")]
	returning = [row("Draf", "x"), row("Selesai", "x", no="Draf")]
	assert image(plain, 0) != image(returning, 0)


def test_no_user_text_in_styles():
	evil = '"><script>alert(1)</script>'
	for entry in sop_layout.sheet([row(evil, evil, no=evil), row(evil, evil, no=evil)])["rows"]:
		assert not any("script" in style or '"' in style for style in entry["cells"])


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.stem)
def test_seeds_can_be_drawn(path):
	rows = json.loads(path.read_text())["langkah"]
	decisions = [s for s in sop_layout.flow(rows) if s.shape == DECISION]
	assert decisions and all(s.back is not None for s in decisions)
	assert len(sop_layout.sheet(rows)["rows"]) == len(rows)
	svg = ElementTree.fromstring(sop_layout.flow_svg(rows))
	assert sum(node.text == "Tidak" for node in svg.iter("{http://www.w3.org/2000/svg}text")) == len(
		decisions
	)


# ----------------------------------------------------------------------------------------------- the form's picture

anything = st.one_of(st.none(), st.text('aW–<&"\n 1', max_size=60), st.integers(), st.floats(), st.booleans())
FIELDS = (
	"nomor kegiatan status jenis peran pelaksana jika_tidak waktu satuan_waktu kelengkapan output keterangan"
)


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS.split()), anything), max_size=8))
def test_any_rows_can_be_drawn(rows):
	sop_layout.flow_svg(rows)
	sop_layout.sheet(rows)


def test_picture_escapes_text():
	svg = sop_layout.flow_svg([row("<b>tebal</b>", '"><script>', kegiatan="a & b < c")])
	ElementTree.fromstring(svg)
	assert "<script" not in svg and "<b>" not in svg


@given(st.text(alphabet="WwmiIlabc XYZ,.–", max_size=400))
def test_text_stays_inside_its_box(text):
	for line in sop_layout._wrap(text, 4):
		assert sop_layout._text_width(line.rstrip("…")) <= sop_layout.BOX_WIDTH - 16
	assert len(sop_layout._wrap(text, 4)) <= 4


def test_a_word_without_end_is_measured_no_further_than_its_lines(monkeypatch):
	measured = []
	width = sop_layout._letter_width
	monkeypatch.setattr(sop_layout, "_letter_width", lambda char: measured.append(char) or width(char))
	lines = sop_layout._wrap("a" * 50_000, 4)
	assert len(lines) == 4 and lines[-1].endswith("…")
	assert len(measured) < 10 * 50_000


def test_picture_of_nothing():
	ElementTree.fromstring(sop_layout.flow_svg([]))
