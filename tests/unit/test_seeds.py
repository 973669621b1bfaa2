"""The approval chains in fixtures/sop/ are sound, and true to the five source SOPs.

Structure is checked against the DocType files alone; no site is needed. The source texts are not part of the
repository: where ../shared/seeds is missing, the comparisons with them are skipped.
"""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOP = ROOT / "fixtures" / "sop"
DOCTYPES = ROOT / "perjankin_app" / "doctype"
SOURCES = ROOT.parent / "shared" / "seeds"

CHAINS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(SOP.glob("*.json"))}
AGENCIES = [stem for stem in CHAINS if stem != "berjenjang"]
ALL = list(CHAINS)

ROLES = {
	"PK Penyusun",
	"PK Kasubbag Perencanaan",
	"PK Kepala Bidang",
	"PK Kepala Seksi",
	"PK Tim",
	"PK Sekretaris",
	"PK Kepala OPD",
	"PK Kepala Daerah",
	"PK Pembina",
	"PK Pegawai",
}
CHECKS = {"Periksa", "Paraf", "Asistensi"}
RESERVED = {"draf", "selesai", "dibatalkan"}

# Printed number and standard time of every row, as a person reads them in the source.
ROWS = {
	"000_dispusip_kalbar": "1 10 menit|2 30 menit|3 2 jam|4 1 hari|5 1 hari|6 2 hari|7 2 jam|8 2 jam|9 2 jam",
	"001_bpsdm_kalbar": "1 15 menit|2 15 menit|3 3 jam|4 3 hari|5 3 jam|6 1 jam|8 30 menit|9 15 menit|10 1 jam",
	"002_skpd_adminbang": "1 5 menit|2 1 hari|3 2 jam|4 5 hari|5 1 hari|6 2 hari|7 1 hari|8 2 jam|9 30 menit"
	"|10 15 menit|11 15 menit|10 15 menit|11 2 jam",
	"003_bkpsdm_2023": "1 5 menit|2 1 hari|3 10 menit|4 3 jam|5 1 hari|6 1 jam|7 15 menit|8 15 menit|10 2 jam"
	"|11 15 menit",
	"004_kesbangpol_jateng": "1 10 menit|2 2 jam|3 1 jam|4 30 menit|5 2 jam|6 3 jam|7 4 hari|8 2 hari|9 1 hari"
	"|10 1 jam|11 10 menit|12 15 menit|13 1 jam",
	"berjenjang": "1 1 hari|2 1 hari|3 15 menit|4 15 menit",
}

# Refusals that the sources print (words, Ya/Tidak or Tolak labels): row -> row it returns to.
REFUSALS = {
	"001_bpsdm_kalbar": {"8": "6", "9": "8"},
	"002_skpd_adminbang": {"7": "6", "10": "9", "11": "8"},
	"003_bkpsdm_2023": {"3": "2", "6": "5", "7": "6", "8": "7"},
	"004_kesbangpol_jateng": {"9": "8", "11": "9"},
}

# Scanning debris in the source -> what it is certain to read.
REPAIRS = {
	"001_bpsdm_kalbar": {
		"sekrétaris": "sekretaris",
		"Memandatangi": "Menandatangani",
		"Perjanjin": "Perjankin",
		"Permempnan": "Permenpan",
		"Reritu": "Reviu",
		"Perubahan Keuangan": "Perimbangan Keuangan",
	},
	"003_bkpsdm_2023": {
		":'.e'“e.”ksa": "Memeriksa",
		"Mer'mghlm.pun": "Menghimpun",
		"rnem_enksa": "memeriksa",
		"enugasan": "Penugasan",
		"Mer_nbl_:_kukap": "Membukukan",
	},
}

# What catatan_sumber must say about each source.
NOTES = {
	"000_dispusip_kalbar": ["Nama pejabat yang mengesahkan tidak disalin", "Moneyv"],
	"001_bpsdm_kalbar": ["Nomor 7 tidak ada", "Halaman 2"],
	"002_skpd_adminbang": ["Nomor 10 dan 11 berulang", "LPPD", "Tanda tangan Kepala SKPD tidak tertulis"],
	"003_bkpsdm_2023": ["Nomor 9 tidak ada", "Tanggal Efektif", "Tidak pasti"],
	"004_kesbangpol_jateng": ["tampak tertukar", "Nomor SOP, tanggal, dan pengesah tidak ada"],
	"berjenjang": ["Bukan salinan naskah SOP"],
}

# A jenis whose words stand in the kegiatan is literal; any other needs its reason.
LITERAL = {
	"Himpun": ("menghimpun",),
	"Periksa": ("memeriksa", "mengoreksi"),
	"Paraf": ("memaraf", "diparaf"),
	"Asistensi": ("asistensi",),
	"Tanda Tangan": ("menandatangani", "penandatanganan"),
	"Kirim": (),
	"Arsip": ("mengarsipkan",),
}

ROW_TEXTS = ("kegiatan", "kelengkapan", "output", "keterangan")
HEADER_TEXTS = (
	"nama",
	"dasar_hukum",
	"keterkaitan",
	"peringatan",
	"kualifikasi_pelaksana",
	"peralatan",
	"pencatatan",
	"disahkan_oleh",
)


def doctype_fields(name):
	spec = json.loads((DOCTYPES / name / f"{name}.json").read_text(encoding="utf-8"))
	return {field["fieldname"]: field for field in spec["fields"]}


def key(status):
	return status.strip().casefold()


def positions(chain):
	return {key(row["status"]): index for index, row in enumerate(chain["langkah"])}


def signatures(chain):
	return [
		index
		for index, row in enumerate(chain["langkah"])
		if row["jenis"] == "Tanda Tangan" and row.get("sebagai") != "Formulir"
	]


def source(stem, repaired=True):
	"""The text of a source SOP on one line, its known debris repaired."""
	path = SOURCES / f"{stem}.txt"
	if not path.exists():
		pytest.skip("the source SOPs are not part of the repository")
	text = path.read_text(encoding="utf-8")
	for debris, reading in REPAIRS.get(stem, {}).items() if repaired else ():
		text = text.replace(debris, reading)
	return flat(text)


def flat(text):
	return re.sub(r"\s+", " ", text).replace(" ,", ",").strip()


def words(text):
	return re.findall(r"\w+", text.casefold())


def test_all_six_chains_are_there():
	assert ALL == sorted(ROWS)


@pytest.mark.parametrize("stem", ALL)
def test_file_is_written_our_way(stem):
	text = (SOP / f"{stem}.json").read_text(encoding="utf-8")
	assert text == json.dumps(CHAINS[stem], indent="\t", ensure_ascii=False) + "\n"


@pytest.mark.parametrize("stem", ALL)
def test_fields_exist_in_the_doctypes(stem):
	chain, header, step = CHAINS[stem], doctype_fields("alur_persetujuan"), doctype_fields("langkah_alur")
	assert chain["kunci_bawaan"] == stem
	assert set(chain) - {"jenjang", "nama_contoh"} <= set(header) - {"opd", "status", "menggantikan"}
	assert all(chain[name].strip() for name in chain if name not in ("jenjang", "langkah", "dokumen"))
	for name in chain:
		if name in header and header[name]["fieldtype"] == "Date":
			assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", chain[name])
	for row in chain["langkah"]:
		assert set(row) <= set(step)
		assert {name for name, field in step.items() if field.get("reqd")} <= set(row)
		for name, value in row.items():
			if step[name]["fieldtype"] == "Select":
				assert value in step[name]["options"].split("\n"), (row["nomor"], name)
		assert row["peran"] in ROLES and row["pelaksana"].strip()
		assert row["boleh_ubah"] in (0, 1)


@pytest.mark.parametrize("stem", ALL)
def test_jenjang(stem):
	below = ["Administrator", "Pengawas", "Fungsional", "Pelaksana"]
	assert CHAINS[stem]["jenjang"] == (below if stem == "berjenjang" else ["JPT"])


@pytest.mark.parametrize("stem", ALL)
def test_statuses_are_short_unique_and_not_reserved(stem):
	statuses = [row["status"] for row in CHAINS[stem]["langkah"]]
	assert statuses[0] == "Draf"
	assert len({key(status) for status in statuses}) == len(statuses)
	assert not RESERVED & {key(status) for status in statuses[1:]}
	for status in statuses:
		assert status == status.strip() == status.title() and len(status) <= 30


@pytest.mark.parametrize("stem", ALL)
def test_returns_point_to_an_earlier_step_on_this_side_of_the_signature(stem):
	chain = CHAINS[stem]
	place, last = positions(chain), signatures(chain)[-1]
	for index, row in enumerate(chain["langkah"]):
		if "jika_tidak" in row:
			assert place[key(row["jika_tidak"])] < index <= last, row["nomor"]
			assert row["jika_tidak"] in {other["status"] for other in chain["langkah"]}
		if index > last:
			assert not row["boleh_ubah"], row["nomor"]


@pytest.mark.parametrize("stem", ALL)
def test_signatures(stem):
	rows = CHAINS[stem]["langkah"]
	signed = [(rows[index]["peran"], rows[index].get("sebagai")) for index in signatures(CHAINS[stem])]
	if stem == "berjenjang":
		assert signed == [("PK Pegawai", "Pihak Pertama"), ("PK Pegawai", "Pihak Kedua")]
	else:
		assert signed == [("PK Kepala OPD", "Pihak Pertama")]


def test_berjenjang_names_the_party_of_every_step():
	rows = CHAINS["berjenjang"]["langkah"]
	assert [row["sebagai"] for row in rows] == [
		"Pihak Pertama",
		"Pihak Kedua",
		"Pihak Pertama",
		"Pihak Kedua",
	]
	assert {row["peran"] for row in rows} == {"PK Pegawai"}


def test_only_003_signs_a_form():
	forms = [
		(stem, row["nomor"])
		for stem in ALL
		for row in CHAINS[stem]["langkah"]
		if row.get("sebagai") == "Formulir"
	]
	assert forms == [("003_bkpsdm_2023", "3")]


@pytest.mark.parametrize("stem", ALL)
def test_nobody_has_to_check_the_own_draft(stem):
	"""Who completes the last content step may not be the role (or party) that checks next."""
	writer = None
	for row in CHAINS[stem]["langkah"]:
		actor = (row["peran"], row.get("sebagai"))
		if row["jenis"] in CHECKS:
			assert writer and actor != writer, row["nomor"]
			assert row.get("sebagai") != "Pihak Pertama"
		if row["boleh_ubah"]:
			writer = actor
	assert CHAINS[stem]["langkah"][0]["boleh_ubah"]


@pytest.mark.parametrize("stem", ALL)
def test_who_checks_or_signs_can_return(stem):
	for row in CHAINS[stem]["langkah"]:
		if row["jenis"] in {*CHECKS, "Tanda Tangan"}:
			assert row.get("jika_tidak"), row["nomor"]


def test_shared_states_agree_on_docstatus():
	"""A state's name stands before the last signature in every chain that uses it, or after it in every one."""
	seen = {}
	for stem in ALL:
		last = signatures(CHAINS[stem])[-1]
		for index, row in enumerate(CHAINS[stem]["langkah"]):
			docstatus = int(index > last)
			before = seen.setdefault(key(row["status"]), (docstatus, row["status"], stem))
			assert before[:2] == (docstatus, row["status"]), (row["status"], before[2], stem)


@pytest.mark.parametrize("stem", ALL)
def test_numbers_and_standard_times_are_those_of_the_source(stem):
	rows = CHAINS[stem]["langkah"]
	assert "|".join(f"{row['nomor']} {row['waktu']} {row['satuan_waktu']}" for row in rows) == ROWS[stem]


@pytest.mark.parametrize("stem", REFUSALS)
def test_every_refusal_of_the_source_is_modelled(stem):
	rows = CHAINS[stem]["langkah"]
	number = {row["status"]: row["nomor"] for row in rows}
	modelled = {}
	for row in rows:
		if "jika_tidak" in row:
			modelled.setdefault(row["nomor"], number[row["jika_tidak"]])
	assert REFUSALS[stem].items() <= modelled.items()


def test_asistensi_goes_back_while_there_are_remarks_and_forward_to_the_repair():
	rows = CHAINS["002_skpd_adminbang"]["langkah"]
	(index,) = [index for index, row in enumerate(rows) if row["jenis"] == "Asistensi"]
	assert rows[index]["peran"] == "PK Pembina" and rows[index]["jika_tidak"] == rows[index - 1]["status"]
	assert rows[index - 1]["nomor"] == "6" and rows[index - 1]["boleh_ubah"]
	assert rows[index + 1]["nomor"] == "8" and rows[index + 1]["boleh_ubah"]


@pytest.mark.parametrize("stem", ALL)
def test_every_inferred_value_has_its_reason(stem):
	for row in CHAINS[stem]["langkah"]:
		reason = row["disimpulkan"]
		needed = ["Pelaksana"]
		needed += ["Kembali ke:"] if "jika_tidak" in row else []
		needed += ["Sebagai:"] if "sebagai" in row else []
		needed += ["Isi boleh diubah:"] if row["boleh_ubah"] else []
		literal = LITERAL.get(row["jenis"])
		if literal is not None and not any(verb in row["kegiatan"].casefold() for verb in literal):
			needed.append("Jenis:")
		for label in needed:
			assert label in reason, (row["nomor"], label)


@pytest.mark.parametrize("stem", ALL)
def test_source_notes_name_gaps_and_repairs(stem):
	notes = CHAINS[stem]["catatan_sumber"]
	for phrase in NOTES[stem]:
		assert phrase in notes
	for debris, reading in REPAIRS.get(stem, {}).items():
		assert debris in notes and reading in notes, reading


@pytest.mark.parametrize("stem", ALL)
def test_lists_keep_one_item_per_line_without_numbers(stem):
	for value in CHAINS[stem].values():
		if isinstance(value, str):
			for line in value.split("\n"):
				assert line == line.strip() != "" and not re.match(r"\d+\. ", line)


@pytest.mark.parametrize("stem", ALL)
def test_no_personal_data(stem):
	text = (SOP / f"{stem}.json").read_text(encoding="utf-8")
	assert not re.search(
		r"\bNIP\b|\d{8} ?\d{6} ?\d ?\d{3}|\b(S\.Sos|S\.H|S\.E|S\.Pd|M\.Si|M\.M|Drs?)\.", text
	)


def test_the_official_named_in_000_is_not_carried_over():
	(name,) = re.findall(r"<p>([A-Z][A-Z ]+), S\.", source("000_dispusip_kalbar"))
	everything = "".join((SOP / f"{stem}.json").read_text(encoding="utf-8") for stem in ALL).casefold()
	for part in words(name):
		assert part not in everything


@pytest.mark.parametrize("stem", REPAIRS)
def test_repaired_debris_is_in_the_source(stem):
	text = source(stem, repaired=False)
	for debris in REPAIRS[stem]:
		assert debris in text, debris


@pytest.mark.parametrize("stem", AGENCIES)
def test_words_are_those_of_the_source(stem):
	"""Scans mix their columns, so words are compared, not sentences: none may be ours."""
	known = set(words(source(stem)))
	chain = CHAINS[stem]
	texts = [chain.get(name, "") for name in HEADER_TEXTS]
	texts += [row.get(name, "") for row in chain["langkah"] for name in ROW_TEXTS]
	unknown = {word for text in texts for word in words(text) if word not in known}
	assert not unknown


@pytest.mark.parametrize("stem", ["000_dispusip_kalbar", "001_bpsdm_kalbar", "002_skpd_adminbang"])
def test_rows_are_word_for_word(stem):
	"""These three sources keep table cells whole: number, kegiatan, kelengkapan, waktu, output stand in one row."""
	path = SOURCES / f"{stem}.txt"
	text = source(stem) and path.read_text(encoding="utf-8")
	for debris, reading in REPAIRS.get(stem, {}).items():
		text = text.replace(debris, reading)
	table = [[flat(cell) for cell in line.split("\t")] for line in text.split("\n")]
	cells = [row for row in table if len(row) > 8 and row[0].isdigit() and len(row[1]) > 5]
	cells.sort(key=lambda row: int(row[0]) if stem.startswith("001") else 0)
	rows = CHAINS[stem]["langkah"]
	assert len(cells) == len(rows)
	for cell, row in zip(cells, rows, strict=True):
		written = [
			row["nomor"],
			row["kegiatan"],
			row["kelengkapan"],
			f"{row['waktu']} {row['satuan_waktu']}",
			row["output"],
		]
		written += [row["keterangan"]] if "keterangan" in row else []
		found = [value.lower() for value in cell if value and not value.startswith("<pre>")]
		assert found == [value.lower() for value in written]
