"""What differs between two contents of a PK. Pure: no frappe import.

A content is {part: [row, ...]} as `workflow.log.content` makes it: rows are mappings without their empty fields, and no
two rows of a part have the same key. The order of the rows is no difference.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from perjankin_app.target_value import format_number

ADDED, REMOVED, CHANGED = "Ditambah", "Dihapus", "Diubah"
NUMBERS = ("bobot", "anggaran")  # of the fields below
Content = Mapping[str, Sequence[Mapping]]


@dataclass(frozen=True)
class Part:
	"""`nama` in a content, `label` for people; `kunci` is the field that tells the rows apart, `judul` the one to show."""

	nama: str
	label: str
	kunci: str
	judul: str
	isian: Mapping[str, str]  # field: label


PARTS = (
	Part("pihak", "Pihak", "pihak", "pihak", {"nama": "Nama"}),
	Part(
		"target",
		"Target Kinerja",
		"indikator",
		"indikator_teks",
		{
			"indikator_teks": "Indikator",
			"sasaran_teks": "Sasaran",
			"target": "Target Kinerja",
			"satuan": "Satuan",
			"bobot": "Bobot",
			"tw1": "Triwulan I",
			"tw2": "Triwulan II",
			"tw3": "Triwulan III",
			"tw4": "Triwulan IV",
			"keterangan": "Keterangan",
		},
	),
	Part(
		"program",
		"Program",
		"nomenklatur",
		"nama",
		{"nama": "Nama", "anggaran": "Anggaran", "sumber_dana": "Sumber Dana", "keterangan": "Keterangan"},
	),
)


@dataclass(frozen=True)
class Field:
	"""One field that differs; None stands for empty."""

	nama: str
	label: str
	dari: str | float | None
	menjadi: str | float | None


@dataclass(frozen=True)
class Change:
	"""One row that was added, removed or changed, with the fields that differ."""

	bagian: str
	kunci: str
	judul: str
	jenis: str
	isian: tuple[Field, ...]


def diff(old: Content, new: Content) -> list[Change]:
	"""The rows of `new` that are new or changed, in their order, then those of `old` that are gone; part by part."""
	changes = []
	for part in PARTS:
		before = {row[part.kunci]: row for row in old.get(part.nama, ())}
		after = {row[part.kunci]: row for row in new.get(part.nama, ())}
		for key in [*after, *(key for key in before if key not in after)]:
			one, other = before.get(key), after.get(key)
			fields = tuple(
				Field(name, label, (one or {}).get(name), (other or {}).get(name))
				for name, label in part.isian.items()
				if (one or {}).get(name) != (other or {}).get(name)
			)
			if fields or one is None or other is None:
				kind = ADDED if one is None else REMOVED if other is None else CHANGED
				title = (other or one).get(part.judul) or key
				changes.append(Change(part.label, key, str(title), kind, fields))
	return changes


def table(changes: Iterable[Change]) -> list[dict]:
	"""The same for people: a line per field of a changed row, one line for a row that came or went."""
	lines = []
	for change in changes:
		row = {"bagian": change.bagian, "baris": change.judul, "jenis": change.jenis}
		if change.jenis == CHANGED:
			lines += [
				{**row, "isian": f.label, "dari": _text(f.nama, f.dari), "menjadi": _text(f.nama, f.menjadi)}
				for f in change.isian
			]
			continue
		added = change.jenis == ADDED
		whole = "; ".join(
			f"{f.label}: {_text(f.nama, f.menjadi if added else f.dari)}"
			for f in change.isian
			if f.menjadi != change.judul and f.dari != change.judul
		)
		lines.append({**row, "isian": "", "dari": "" if added else whole, "menjadi": whole if added else ""})
	return lines


def _text(field: str, value) -> str:
	if value is None:
		return ""
	if field not in NUMBERS:
		return str(value)
	return f"Rp {format_number(value)}" if field == "anggaran" else format_number(value)
