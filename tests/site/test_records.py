"""The records check what a careful clerk would, and say in Indonesian which row and field to mend."""

import json
from contextlib import contextmanager
from datetime import date

import factory
import frappe
import pytest
from factory import PEMDA, YEAR, A, B, act, assign, assignment, indicator, make, pk, post, publish, user

from perjankin_app import office_hours

PK = "Perjanjian Kinerja"


@contextmanager
def refused(*words, kind=frappe.ValidationError):
	"""What happens inside is refused with a message that has all of these words."""
	with pytest.raises(kind) as error:
		yield
	for word in words:
		assert word in str(error.value), str(error.value)


# ------------------------------------------------------------------------------------- codes in the numbers of letters


def test_an_opd_keeps_to_its_own_code():
	frappe.set_user(user("admin"))
	for values in ({"unit": "uji-b"}, {"pola": "{urut}/UJI-B/{tahun}"}, {"klasifikasi": "UJI-B"}):
		with refused("sudah dipakai unit lain") as _:
			make("Seri Nomor", opd=A, **values)
	with refused("sudah dipakai unit lain"):
		frappe.get_doc("Unit Kerja", A).update({"singkatan": "UJI-B"}).save()
	make("Seri Nomor", opd=A, unit="UJI-A/Set")
	frappe.get_doc("Unit Kerja", A).update({"singkatan": "UJI-A2"}).save()


# ------------------------------------------------------------------------------------------------ Pejabat

NIP = "198502282010011234"


def official(nip=NIP, kind="PNS", **values):
	return make("Pejabat", nama="Uji Pejabat", opd=A, status_kepegawaian=kind, nip=nip, **values)


def test_nip_is_stored_without_blanks():
	name = official("19850228 201001 1 234")
	assert frappe.db.get_value("Pejabat", name, "nip") == NIP


@pytest.mark.parametrize("kind", ["PNS", "PPPK"])
@pytest.mark.parametrize(
	"nip",
	[
		"",
		None,
		NIP[:-1],
		NIP + "0",
		"١" + NIP[1:],
		"19850229" + NIP[8:],
		NIP[:8] + "1990" + NIP[12:],
		NIP[:14] + "3" + NIP[15:],
	],
)
def test_nip_of_civil_servants(nip, kind):
	with refused("NIP: ", kind=frappe.ValidationError):
		official(nip, kind)


def test_nip_has_a_month_of_appointment_for_pns_only():
	other = NIP[:12] + "21" + NIP[14:]
	with refused("NIP: ", "angka ke-13"):
		official(other)
	assert official(other, "PPPK")


@pytest.mark.parametrize("kind", ["Pejabat Negara", "Non ASN"])
def test_elected_heads_and_others_have_no_nip(kind):
	with refused("NIP: ", kind, "Kosongkan"):
		official(NIP, kind)
	assert official("", kind)


def test_a_nip_belongs_to_one_official():
	official()
	with refused("NIP: ", NIP, "Uji Pejabat"):
		official()


def test_a_login_belongs_to_one_official():
	with refused("Akun Pengguna: ", user("kepala")):
		official(user=user("kepala"))


# ------------------------------------------------------------------------------------------------ Jabatan


@pytest.mark.parametrize("below", ["kepala", "sekretaris", "penyusun"])
def test_superiors_are_no_circle(below):
	doc = frappe.get_doc("Jabatan", post("kepala"))
	doc.atasan = post(below)
	with refused("Jabatan Atasan Langsung: ", post(below)):
		doc.save()


def test_a_superior_elsewhere_is_none():
	doc = frappe.get_doc("Jabatan", post("penyusun"))
	doc.atasan = post("sekretaris")
	doc.save()


def test_a_jabatan_brings_roles_of_ours_only_and_each_once():
	for roles, words in ((["System Manager"], "Peran baris 1: "), (["PK Tim", "PK Tim"], "Peran baris 2: ")):
		doc = frappe.get_doc("Jabatan", post("staf"))
		doc.set("peran", [{"peran": role} for role in roles])
		with refused(words, roles[-1]):
			doc.save()


# ------------------------------------------------------------------------------------------------ Penugasan Jabatan


@pytest.fixture
def newcomer():
	return official()


@pytest.mark.parametrize(
	("start", "end"),
	[("2020-01-01", None), ("2019-01-01", None), ("2019-01-01", "2020-01-01"), ("2030-01-01", "2030-12-31")],
)
def test_a_structural_jabatan_has_one_definitive_holder(newcomer, start, end):
	"""The holder of the factory is in since 2020-01-01, without end."""
	with refused("Bertumpang tindih", assignment("kepala"), "TMT Selesai"):
		assign(newcomer, post("kepala"), start=start, end=end)


def test_the_next_definitive_holder_follows_the_last(newcomer):
	frappe.db.set_value("Penugasan Jabatan", assignment("kepala"), "selesai", "2026-05-31")
	with refused("Bertumpang tindih"):
		assign(newcomer, post("kepala"), start="2026-05-31")
	assert assign(newcomer, post("kepala"), start="2026-06-01")
	assert assign(newcomer, post("kepala"), start="2019-01-01", end="2019-12-31")


@pytest.mark.parametrize("status", ["Plt.", "Plh.", "Pj."])
def test_acting_holders_may_overlap(newcomer, status):
	assert assign(newcomer, post("kepala"), status=status, start="2026-01-01")


@pytest.mark.parametrize("key", ["staf", "penyusun"])
def test_a_staff_jabatan_has_many_holders(newcomer, key):
	assert assign(newcomer, post(key), start="2026-01-01")


@pytest.mark.parametrize("status", ["Definitif", "Plt."])
@pytest.mark.parametrize(
	("start", "end"), [("2026-12-01", None), ("2025-01-01", "2026-12-01"), ("2027-01-01", "2027-01-31")]
)
def test_nobody_holds_a_jabatan_twice_at_once(newcomer, status, start, end):
	held = assign(newcomer, post("staf"), start="2026-12-01")
	with refused("sudah ada", held, kind=frappe.DuplicateEntryError):
		assign(newcomer, post("staf"), status=status, start=start, end=end)
	assert assign(newcomer, post("staf"), status=status, start="2026-01-01", end="2026-11-30")
	assert assign(newcomer, post("penyusun"), start="2026-12-01")


def test_of_two_that_are_there_already_each_can_end(newcomer):
	held = assign(newcomer, post("staf"), start="2026-01-01")
	twin = assign(newcomer, post("penyusun"), start="2026-01-01")
	frappe.db.set_value("Penugasan Jabatan", twin, "jabatan", post("staf"))
	for name in (held, twin):
		frappe.get_doc("Penugasan Jabatan", name).update({"selesai": "2026-06-30"}).save()


def test_a_penugasan_saved_again_does_not_overlap_itself():
	frappe.get_doc("Penugasan Jabatan", assignment("kepala")).save()


def test_a_penugasan_ends_after_it_begins(newcomer):
	with refused("TMT Selesai", "TMT Mulai"):
		assign(newcomer, post("staf"), start="2026-02-01", end="2026-01-31")
	assert assign(newcomer, post("staf"), start="2026-02-01", end="2026-02-01")


# ------------------------------------------------------------------------------------------------ Unit Kerja


@pytest.mark.parametrize("parent", ["Subbag - UJI-A", "Sekretariat - UJI-A"])
def test_units_are_no_circle(parent):
	doc = frappe.get_doc("Unit Kerja", "Sekretariat - UJI-A")
	doc.parent_unit_kerja = parent
	with refused("Unit Induk: ", parent):
		doc.save()


def test_a_unit_moves_within_its_opd():
	doc = frappe.get_doc("Unit Kerja", "Subbag - UJI-A")
	doc.parent_unit_kerja = "Bidang - UJI-A"
	doc.save()


@pytest.mark.parametrize(
	("values", "words"),
	[
		(dict(nama="Uji C", jenis="OPD", singkatan="UJI-C"), ["Unit Induk"]),
		(dict(nama="Uji C", jenis="OPD", parent_unit_kerja=PEMDA), ["Singkatan"]),
		(dict(nama="Uji C", jenis="Pemda", singkatan="UJI-C", parent_unit_kerja=PEMDA), ["Unit Induk"]),
	],
)
def test_a_unit_has_its_place(values, words):
	with refused(*words):
		make("Unit Kerja", **values)


def test_a_unit_stands_below_one_that_has_units():
	leaf = make("Unit Kerja", nama="Uji Daun", jenis="Seksi", parent_unit_kerja="Bidang - UJI-A")
	with refused("Unit Induk", leaf):
		make("Unit Kerja", nama="Uji Ranting", jenis="Seksi", parent_unit_kerja=leaf)


def test_two_opd_have_a_unit_of_the_same_name_each_its_own_opd():
	assert frappe.db.get_value("Unit Kerja", "Sekretariat - UJI-A", "opd") == A
	assert frappe.db.get_value("Unit Kerja", "Sekretariat - UJI-B", "opd") == B


# ------------------------------------------------------------------------------------------------ Periode Kinerja


@pytest.mark.parametrize(
	"year, words", [(1999, "2000"), (2101, "2000"), (20260, "2000"), (-1, "2000"), ("abc", "bukan angka")]
)
def test_a_period_is_a_year(year, words):
	with refused("Tahun", words):
		make("Periode Kinerja", tahun=year)


def test_a_year_that_came_as_text():
	assert make("Periode Kinerja", tahun="2031") == "2031"


def test_a_closed_period_takes_no_new_pk():
	publish()
	frappe.db.set_value("Periode Kinerja", str(YEAR), "status", "Ditutup")
	with refused("Periode", str(YEAR), "ditutup"):
		pk()


def test_a_pk_of_a_period_that_was_closed_since_goes_on():
	publish()
	doc = pk()
	frappe.db.set_value("Periode Kinerja", str(YEAR), "status", "Ditutup")
	assert act(doc, "Selesai", by=user("penyusun")).workflow_state == "Uji Paraf"


# ------------------------------------------------------------------------------------------------ Nomenklatur


def code(kode, **values):
	doc = frappe.get_doc(doctype="Nomenklatur", kode=kode, nama="Uji", **{"berlaku_mulai": 2020, **values})
	return doc.insert(ignore_permissions=True)


@pytest.mark.parametrize(
	("kode", "level", "authority", "parent"),
	[
		("8.88.01", "Program", "", None),
		("X.XX.01", "Program", "", None),
		("9.99.01.1.02", "Kegiatan", "Provinsi", "9.99.01"),
		("9.99.01.2.02", "Kegiatan", "Kabupaten/Kota", "9.99.01"),
		(" 9.99.01.2.01.0002 ", "Sub Kegiatan", "Kabupaten/Kota", "9.99.01.2.01"),
		("9.99.01.2.01.02", "Sub Kegiatan", "Kabupaten/Kota", "9.99.01.2.01"),
	],
)
def test_the_code_is_the_tree(kode, level, authority, parent):
	doc = code(kode)
	assert (doc.name, doc.tingkat, doc.kewenangan, doc.induk) == (kode.strip(), level, authority, parent)


@pytest.mark.parametrize(
	"kode",
	[
		"10.01",
		"9.9.01",
		"9.99.1",
		"9.99.01.3.01",
		"9.99.01.2",
		"9.99.01.2.01.001",
		"9.99.01.2.01.00001",
		"9.99.01.",
		"९.99",
		"2,24",
	],
)
def test_what_is_no_code(kode):
	with refused("Kode: ", kode):
		code(kode)


def test_sub_codes_of_two_and_of_four_digits_are_different_codes():
	two, four = code("9.99.01.2.01.01"), frappe.get_doc("Nomenklatur", "9.99.01.2.01.0001")
	assert two.name != four.name and two.induk == four.induk


def test_a_code_is_valid_once_in_a_year():
	old = code("8.88.01", berlaku_sampai=2024)
	for start, end in ((2024, None), (2019, 2020), (2021, 2022), (2010, None)):
		with refused("8.88.01", old.name, "Berlaku Sampai Tahun"):
			code("8.88.01", berlaku_mulai=start, berlaku_sampai=end)
	assert code("8.88.01", berlaku_mulai="2025").name == "8.88.01 (2025)"
	with refused("Berlaku Sampai Tahun"):
		code("8.88.02", berlaku_mulai=2025, berlaku_sampai="2024")


# ------------------------------------------------------------------------------------------------ Dokumen Anggaran


def budget(*amounts, **values):
	doc = frappe.get_doc(
		doctype="Dokumen Anggaran",
		opd=A,
		periode=str(YEAR),
		jenis="DPA",
		nomor="Uji/1",
		tanggal_pengesahan="2026-01-31",
	)
	doc.update(values)
	for number, amount in enumerate(amounts, 1):
		name = f"8.88.{number:02d}"
		if not frappe.db.exists("Nomenklatur", name):
			code(name)
		doc.append("pagu", {"nomenklatur": name, "pagu": amount})
	return doc


def test_the_pk_is_due_a_month_after_the_budget():
	assert budget().insert().batas_pk == date(2026, 2, 28)


def test_amounts_are_read_as_typed_and_added_up():
	doc = budget("15.262.074.784", "1.234,5", 0.5, "Rp 1.000,-", total=1).insert()
	assert [row.pagu for row in doc.pagu] == [15262074784, 1234.5, 0.5, 1000]
	doc.reload()
	assert doc.total == 15262077019 and [row.pagu for row in doc.pagu] == [15262074784, 1234.5, 0.5, 1000]


@pytest.mark.parametrize(
	"amount", ["banyak", "1.2.3", "-1", -1, 1e12, "1.000.000.000.000", "12 34", float("nan"), "1\x00"]
)
def test_an_amount_that_is_none_is_refused_by_its_row(amount):
	with refused("Pagu baris 2"):
		budget(5, amount).insert()


def test_a_total_that_can_not_be_stored():
	with refused("Total Pagu"):
		budget(6e11, 6e11).insert()


def test_a_code_stands_once_in_a_budget_and_is_valid_in_its_year():
	doc = budget(5)
	doc.append("pagu", {"nomenklatur": "8.88.01", "pagu": 5})
	with refused("Pagu baris 2", "8.88.01", "baris 1"):
		doc.insert()
	old = code("8.88.09", berlaku_sampai=2025)
	doc.pagu[1].nomenklatur = old.name
	with refused("Pagu baris 2", "8.88.09", "2020–2025", "2026"):
		doc.insert()


# ------------------------------------------------------------------------------------------------ Sasaran, Indikator


def goal(level="Sasaran Strategis", opd=A, **values):
	return make("Sasaran Kinerja", nama="Uji", tingkat=level, opd=opd, is_group=1, **values)


def test_the_cascade_goes_down():
	top = goal()
	assert goal("Sasaran Program", parent_sasaran_kinerja=top)
	for level in ("Tujuan", "Sasaran Strategis"):
		with refused("Sasaran di Atasnya", level):
			goal(level, parent_sasaran_kinerja=top)


def test_a_sasaran_stands_below_one_of_its_own_opd_or_of_the_pemda():
	foreign = goal(opd=B)
	with refused("Sasaran di Atasnya", "OPD lain"):
		goal("Sasaran Program", parent_sasaran_kinerja=foreign)
	assert goal("Sasaran Program", parent_sasaran_kinerja=goal("Tujuan", PEMDA))


def test_years_of_a_sasaran():
	with refused("Tahun Selesai", "Tahun Mulai"):
		goal(tahun_mulai=2026, tahun_selesai=2025)


def test_an_indicator_belongs_to_a_sasaran_of_its_opd():
	with refused("Sasaran: ", "OPD lain"):
		make("Indikator Kinerja", nama="Uji", opd=A, tipe_nilai="Angka", sasaran=goal(opd=B))


@pytest.mark.parametrize("scale", ["", "A", "A, a", " , ,"])
def test_a_predicate_needs_a_scale(scale):
	with refused("Skala Predikat"):
		make("Indikator Kinerja", nama="Uji", opd=A, tipe_nilai="Predikat", skala=scale)


@pytest.mark.parametrize(
	("kind", "typed", "stored"),
	[
		("Angka", "1234.5", "1.234,5"),
		("Persen", "0.70 %", "0,7"),
		("Predikat", "bb", "BB"),
		("Rentang", "80 - 90", "80 – 90"),
		("Tanggal", "31-12-2026", "31 Desember 2026"),
	],
)
def test_a_baseline_is_a_value_of_its_kind(kind, typed, stored):
	values = dict(nama="Uji", opd=A, tipe_nilai=kind, skala="B, BB" if kind == "Predikat" else "")
	name = make("Indikator Kinerja", baseline=typed, **values)
	assert frappe.db.get_value("Indikator Kinerja", name, "baseline") == stored
	with refused("Nilai Awal: "):
		make("Indikator Kinerja", baseline="tidak ada", **values)


# ------------------------------------------------------------------------------------------------ PK: targets


@pytest.fixture
def chain():
	return publish()


@pytest.fixture
def draft(chain):
	"""A filled PK in Draf; its rows are Indeks (Angka), Persentase, SAKIP (Predikat), Waktu (Rentang), Tanggal."""
	return pk()


def test_targets_are_stored_in_one_writing(draft):
	draft.reload()
	assert [(r.target, r.target_angka, r.target_atas) for r in draft.target] == [
		("82,7", 82.7, 82.7),
		("100", 100, 100),
		("BB", 5, 5),
		("7 – 8", 7, 8),
		("31 Desember 2026", 0, 0),
	]
	assert [r.tipe_nilai for r in draft.target] == ["Angka", "Persen", "Predikat", "Rentang", "Tanggal"]
	assert all(r.sasaran_teks and r.indikator_teks for r in draft.target)


@pytest.mark.parametrize(
	("typed", "stored", "number"),
	[
		("1.234,5", "1.234,5", 1234.5),
		("82,7", "82,7", 82.7),
		("0.70", "0,7", 0.7),
		(82.125, "82,125", 82.125),
		(7, "7", 7),
	],
)
def test_a_number_is_understood_as_typed(draft, typed, stored, number):
	draft.target[0].target = draft.target[0].tw2 = typed
	draft.save()
	draft.reload()
	assert (draft.target[0].target, draft.target[0].tw2, draft.target[0].target_angka) == (
		stored,
		stored,
		number,
	)


@pytest.mark.parametrize(
	("row", "field", "typed", "words"),
	[
		(1, "target", "baik", ["Target baris 1, Target", "“baik”", "harus angka"]),
		(1, "target", "82 7", ["Target baris 1, Target", "harus angka"]),
		(2, "tw3", "75 - 80", ["Target baris 2, TW III", "harus angka"]),
		(3, "target", "A++", ["Target baris 3, Target", "D, C, CC, B, BB, A, AA"]),
		(4, "tw1", "9 – 8", ["Target baris 4, TW I", "melebihi"]),
		(5, "target", "31 Nopember 2026", ["Target baris 5, Target", "harus tanggal"]),
		(2, "bobot", "banyak", ["Target baris 2, Bobot"]),
		(2, "bobot", "100,1", ["Target baris 2, Bobot", "100"]),
		(2, "bobot", -1, ["Target baris 2, Bobot"]),
	],
)
def test_a_refused_value_is_named_by_row_and_field(draft, row, field, typed, words):
	draft.target[row - 1].set(field, typed)
	with refused(*words):
		draft.save()


def test_an_indicator_stands_once_in_a_pk(draft):
	draft.append("target", {"indikator": draft.target[0].indikator, "target": "1"})
	with refused("Target baris 6, Indikator", "baris 1"):
		draft.save()


def test_indicator_and_sasaran_of_another_opd(draft):
	draft.target[1].indikator = indicator("Persentase Selesai", B)
	with refused("Target baris 2, Indikator", "OPD lain"):
		draft.save()
	draft.reload()
	draft.target[1].sasaran = frappe.db.get_value(
		"Indikator Kinerja", indicator("Persentase Selesai", B), "sasaran"
	)
	with refused("Target baris 2, Sasaran", "OPD lain"):
		draft.save()


@pytest.mark.parametrize("weights", [["33,33", "33,33", "33,34"], ["99.5", "0,5"], [100], []])
def test_weights_that_make_100(draft, weights):
	for row, weight in zip(draft.target, weights, strict=False):
		row.bobot = weight
	draft.save()
	assert draft.total_bobot == (100 if weights else 0)
	assert act(draft, "Selesai", by=user("penyusun")).workflow_state == "Uji Paraf"


@pytest.mark.parametrize(
	("weights", "total"),
	[(["33,3", "33,3", "33,3"], "99,9"), ([60, 60], "120"), ([1], "1")],
)
def test_weights_that_do_not(draft, weights, total):
	"""Half-written weights may be saved; the step is not left with them."""
	for row, weight in zip(draft.target, weights, strict=False):
		row.bobot = weight
	draft.save()
	with refused("Bobot", total, "100"):
		act(draft, "Selesai", by=user("penyusun"))


# ------------------------------------------------------------------------------------------------ PK: programs


def test_the_total_is_the_servers(draft):
	draft.program[0].anggaran = "1.234,5"
	code("8.88.01")
	draft.append("program", {"nomenklatur": "8.88.01", "anggaran": 0.5})
	draft.total_anggaran = 7
	draft.save()
	draft.reload()
	assert [r.anggaran for r in draft.program] == [1234.5, 0.5] and draft.total_anggaran == 1235


@pytest.mark.parametrize("amount", ["banyak", -1, "-1", "1.000.000.000.000"])
def test_an_amount_is_refused_by_row_and_field(draft, amount):
	draft.program[0].anggaran = amount
	with refused("Program baris 1, Anggaran"):
		draft.save()


def test_a_total_of_programs_that_can_not_be_stored(draft):
	draft.program[0].anggaran = 6e11
	code("8.88.01")
	draft.append("program", {"nomenklatur": "8.88.01", "anggaran": 6e11})
	with refused("Jumlah Anggaran"):
		draft.save()


@pytest.mark.parametrize(
	("key", "kode", "level"),
	[
		("kepala", "9.99.01.2.01", "Program"),
		("kabid", "9.99.01", "Kegiatan"),
		("kabid", "9.99.01.2.01.0001", "Kegiatan"),
		("kasubbag", "9.99.01.2.01", "Sub Kegiatan"),
	],
)
def test_a_pk_holds_codes_of_its_level(chain, key, kode, level):
	level_of_post = frappe.db.get_value("Jabatan", post(key), "jenjang")
	if level_of_post != "JPT":
		publish(jenjang=level_of_post, name="SOP Uji bawah")
	doc = pk(key)
	doc.program[0].nomenklatur = kode
	with refused("Program baris 1", level_of_post, level, kode):
		doc.save()


def test_a_code_is_valid_in_the_year_of_the_pk(draft):
	old = code("8.88.01", berlaku_sampai=YEAR - 1)
	draft.append("program", {"nomenklatur": old.name, "anggaran": 1})
	with refused("Program baris 2", "8.88.01", f"2020–{YEAR - 1}", str(YEAR)):
		draft.save()


def test_a_code_stands_once_in_a_pk(draft):
	draft.append("program", {"nomenklatur": draft.program[0].nomenklatur, "anggaran": 1})
	with refused("Program baris 2", "baris 1"):
		draft.save()


# ------------------------------------------------------------------------------------------------ PK: one at a time


def test_one_running_pk_per_penugasan_and_period(draft):
	with refused(draft.name, str(YEAR), kind=frappe.DuplicateEntryError):
		pk()
	frappe.set_user("Administrator")
	make("Periode Kinerja", tahun=YEAR + 1)
	frappe.set_user(user("penyusun"))
	other = frappe.copy_doc(draft)
	other.periode = str(YEAR + 1)
	other.insert()


def test_two_holders_of_a_staff_jabatan_have_a_pk_each(newcomer):
	publish(jenjang="Pelaksana")
	second = assign(newcomer, post("staf"), start="2026-01-01")
	with refused("Pihak Pertama: ", post("staf")):
		pk("staf")
	holders = (second, assignment("staf"))
	for holder in holders:
		assert pk("staf", pihak_pertama=holder).pihak_pertama == holder
	for holder in holders:
		with refused(kind=frappe.DuplicateEntryError):
			pk("staf", pihak_pertama=holder)


def test_a_cancelled_pk_makes_room(draft):
	doc = factory.forward(draft)
	doc = act(doc, "Batalkan", by=user("admin"), reason="Uji")
	assert pk().name != doc.name


def test_a_change_needs_what_it_changes_why_and_by_what(draft):
	values = {}
	for field, label in (
		("perubahan_dari", "Perubahan dari PK"),
		("alasan_perubahan", "Alasan Perubahan"),
		("dasar_perubahan", "Dokumen Dasar Perubahan"),
	):
		with refused(f"{label}: "):
			pk(jenis="Perubahan", **values)
		options = (frappe.get_meta(PK).get_field(field).options or "").split("\n")
		values[field] = {"perubahan_dari": draft.name, "alasan_perubahan": options[-1]}.get(field, "SK Uji")
	with refused("Perubahan dari PK: ", "ditandatangani"):
		pk(jenis="Perubahan", **values)
	factory.forward(draft)
	assert pk(jenis="Perubahan", **values).perubahan_dari == draft.name
	with refused(kind=frappe.DuplicateEntryError):
		pk(jenis="Perubahan", **values)


# ------------------------------------------------------------------------------------------------ Pengaturan Perjankin


def hours(*rows):
	doc = frappe.get_doc("Pengaturan Perjankin")
	doc.set(
		"jam_kerja",
		[
			dict(zip(("hari", "mulai", "selesai", "istirahat_mulai", "istirahat_selesai"), row, strict=False))
			for row in rows
		],
	)
	return doc


@pytest.mark.parametrize(
	"row",
	[
		("Selasa", "16:00", "08:00"),
		("Selasa", "08:00", "08:00"),
		("Selasa", "08:00", "16:00", "13:00", "12:00"),
		("Selasa", "08:00", "16:00", "07:00", "07:30"),
		("Selasa", "08:00", "16:00", "15:30", "16:30"),
		("Selasa", "08:00", "16:00", "12:00"),
		("Selasa", "08:00", "16:00", None, "13:00"),
		("Selasa", "abc", "16:00"),
		("Selasa", "08:00", "25:00"),
		("Selasa", None, "16:00"),
		("Senin", "08:00", "16:00"),
	],
)
def test_office_hours_are_in_order(row):
	with refused("Jam Kerja baris 2"):
		hours(("Senin", "7:30", "16:00"), row).save()


def test_office_hours_reach_the_clock():
	doc = hours(("Senin", "8:00", "16:00"), ("Jumat", "09.00", "15:00", "11.30", "13:00:00"))
	doc.append("hari_libur", {"tanggal": "2026-01-01", "keterangan": "Uji"})
	doc.save()
	frappe.clear_cache()
	week, holidays = office_hours.calendar()
	assert [[f"{a:%H:%M}-{b:%H:%M}" for a, b in week[day]] for day in sorted(week)] == [
		["08:00-16:00"],
		["09:00-11:30", "13:00-15:00"],
	]
	assert date(2026, 1, 1) in holidays


# ------------------------------------------------------------------------------------------------ over HTTP


@pytest.fixture
def published(committed, in_force):
	yield
	factory.purge_documents()


def send(client, **values):
	return client.post(
		f"/api/resource/{PK}",
		json={
			"unit": A,
			"jabatan": post("kepala"),
			"periode": str(YEAR),
			"target": [{"indikator": indicator("Indeks Layanan"), "target": "0.70", "bobot": "99,5"}],
			**values,
		},
	)


def test_typed_numbers_over_http(client, published):
	"""Core would read the text `1.234,5` as 1.2345 if it came to the field's type before our validate."""
	response = send(client(user("penyusun")), program=[{"nomenklatur": "9.99.01", "anggaran": "1.234,5"}])
	assert response.status_code == 200, response.text
	frappe.db.rollback()
	doc = frappe.get_doc(PK, response.json["data"]["name"])
	assert (doc.program[0].anggaran, doc.total_anggaran) == (1234.5, 1234.5)
	assert (doc.target[0].target, doc.target[0].target_angka, doc.target[0].bobot) == ("0,7", 0.7, 99.5)


def test_a_refusal_over_http_is_a_message_and_leaves_nothing(client, published):
	response = send(client(user("penyusun")), program=[{"nomenklatur": "9.99.01", "anggaran": "sejuta"}])
	assert response.status_code == 417
	(message,) = (json.loads(m)["message"] for m in json.loads(response.json["_server_messages"]))
	assert "Program baris 1, Anggaran" in message and "“sejuta”" in message
	frappe.db.rollback()
	assert not frappe.db.exists(PK, {"jabatan": post("kepala")})
