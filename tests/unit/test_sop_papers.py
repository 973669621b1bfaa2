"""Every row of the five SOPs has a record that fulfils its kelengkapan and its output; DOCS=1 writes the table of them.

The table is docs/dokumen-sop.md; it is generated here, so that it cannot go stale.
"""

import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "dokumen-sop.md"
CHAINS = {
	path.stem: json.loads(path.read_text(encoding="utf-8"))
	for path in sorted((ROOT / "fixtures/sop").glob("0*.json"))
}
KINDS = {
	row["nama"]: row for row in json.loads((ROOT / "fixtures/jenis_dokumen.json").read_text(encoding="utf-8"))
}
HEAD = """# Dokumen yang diminta kelima SOP

Tiap baris SOP, kata-kata naskahnya, dan catatan di aplikasi yang memenuhinya. Ditulis oleh `tests/unit/test_sop_papers.py`
(`DOCS=1`) dari `fixtures/sop/` dan `fixtures/jenis_dokumen.json`; jangan diubah dengan tangan. *Miring*: bila ada.
"""


def papers_of(chain, row, direction) -> list[dict]:
	return [p for p in chain["dokumen"] if p["langkah"] == row["status"] and p["arah"] == direction]


def record(paper) -> str:
	by = KINDS[paper["jenis_dokumen"]]["pemenuhan"]
	text = paper["jenis_dokumen"] if by == paper["jenis_dokumen"] else f"{paper['jenis_dokumen']} ({by})"
	return text if paper["wajib"] else f"*{text}*"


def cell(text) -> str:
	return " ".join((text or "–").split()).replace("|", "\\|")


def written() -> str:
	lines = [HEAD]
	for chain in CHAINS.values():
		lines += [
			f"\n## {chain['nama_contoh']}\n",
			"| No. | Langkah | Kelengkapan pada naskah | Dipenuhi oleh | Output pada naskah | Dipenuhi oleh |",
			"|---|---|---|---|---|---|",
		]
		for row in chain["langkah"]:
			needs, gives = (papers_of(chain, row, direction) for direction in ("Kelengkapan", "Hasil"))
			cells = [row["nomor"], row["status"], row["kelengkapan"], "; ".join(map(record, needs)), row["output"], "; ".join(map(record, gives))]  # fmt: skip
			lines.append("| {} |".format(" | ".join(map(cell, cells))))
	return "\n".join(lines) + "\n"


@pytest.mark.parametrize("stem", CHAINS)
def test_no_row_is_empty(stem):
	chain = CHAINS[stem]
	assert len(chain["langkah"]) >= 9
	for row in chain["langkah"]:
		for direction, words in (("Kelengkapan", row["kelengkapan"]), ("Hasil", row["output"])):
			assert words and papers_of(chain, row, direction), (row["nomor"], direction)


@pytest.mark.parametrize("stem", CHAINS)
def test_every_paper_belongs_to_a_step_and_is_known(stem):
	states = {row["status"] for row in CHAINS[stem]["langkah"]}
	for paper in CHAINS[stem]["dokumen"]:
		assert paper["langkah"] in states and paper["jenis_dokumen"] in KINDS and paper["wajib"] in (0, 1)


@pytest.mark.parametrize("stem", CHAINS)
def test_what_a_step_needs_was_made_before_or_comes_from_outside(stem):
	"""A required letter is given by an earlier step, or by this one; else nobody would be told to make it."""
	chain, made = CHAINS[stem], set()
	for row in chain["langkah"]:
		made |= {p["jenis_dokumen"] for p in papers_of(chain, row, "Hasil")}
		for paper in papers_of(chain, row, "Kelengkapan"):
			if paper["wajib"] and KINDS[paper["jenis_dokumen"]]["pemenuhan"] == "Naskah Dinas":
				assert paper["jenis_dokumen"] in made or row["jenis"] == "Tugas", (row["nomor"], paper)


def test_the_table_in_docs_is_this_one():
	if os.environ.get("DOCS"):
		TABLE.write_text(written(), encoding="utf-8")
	assert TABLE.read_text(encoding="utf-8") == written()
