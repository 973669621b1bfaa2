"""Composition of approval chains: no site, no frappe."""

import random
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perjankin_app.workflow.composer import (
	CANCEL,
	CANCEL_CONDITION,
	CANCELLED,
	CANCELLERS,
	CHECKS,
	DONE,
	EMPLOYEE,
	FIRST,
	LAST,
	RETURN,
	ChainError,
	Composition,
	chain_in,
	compose,
	fold,
	is_generated,
	read_chain,
	turn_condition,
)


def row(status, jenis="Tugas", peran="PK Penyusun", **more):
	return {"status": status, "jenis": jenis, "peran": peran, "waktu": 10, "satuan_waktu": "menit", **more}


def sop():
	"""Draf, Paraf (back to Draf), Tanda Tangan (back to Paraf), Kirim; numbers of rows 1 to 4."""
	return [
		row("Draf"),
		row("Paraf", "Paraf", "PK Sekretaris", jika_tidak="Draf"),
		row("Tanda Tangan", "Tanda Tangan", "PK Kepala OPD", sebagai="Pihak Pertama", jika_tidak="Paraf"),
		row("Kirim", "Kirim"),
	]


def changed(number, **values):
	"""`sop()` with other values in row `number`."""
	rows = sop()
	rows[number - 1].update(values)
	return rows


def chain(rows=None, id="SOP-1", title="SOP Satu"):
	return read_chain(id, title, sop() if rows is None else rows)


def refusal(*args, **kwargs):
	with pytest.raises(ChainError) as refused:
		chain(*args, **kwargs)
	return refused.value.messages


def only_refusal(rows):
	(message,) = refusal(rows)
	return message


def transitions_of(composition, chain_id):
	return [t for t in composition.transitions if chain_in(t.condition) == chain_id]


# ------------------------------------------------------------------------------------------------ reading a chain


def test_a_step_carries_what_the_row_says():
	first, paraf, sign, send = chain().steps
	assert (first.state, first.rows, first.editable) == ("Draf", (1,), True)
	assert (paraf.jenis, paraf.roles, paraf.return_to, paraf.is_check) == (
		"Paraf",
		("PK Sekretaris",),
		"Draf",
		True,
	)
	assert not paraf.editable and not paraf.is_signature
	assert sign.is_signature and sign.sebagai == "Pihak Pertama" and not sign.is_check
	assert (send.waktu, send.satuan_waktu) == (10, "menit")


def test_the_first_step_is_draf_even_where_the_table_leaves_it_blank():
	assert chain(changed(1, status="  ")).steps[0].state == FIRST
	assert chain(changed(1, status="dRAF ")).step("Draf").rows == (1,)


def test_docstatus_becomes_1_at_the_exit_of_the_last_signature():
	rows = sop()
	rows.insert(3, row("Tanda Tangan 2", "Tanda Tangan", "PK Kepala Daerah", sebagai="Pihak Kedua"))
	read = chain(rows)
	assert [s.docstatus for s in read.steps] == [0, 0, 0, 0, 1]
	assert [
		read.docstatus(s) for s in (" tanda  TANGAN 2", "kirim", "SELESAI", "Dibatalkan", "Lain", None)
	] == [
		0,
		1,
		1,
		2,
		None,
		None,
	]


def test_a_signature_on_a_form_is_none_on_the_document():
	rows = sop()
	rows.append(row("Formulir", "Tanda Tangan", "PK Kepala Bidang", sebagai="Formulir"))
	read = chain(rows)
	assert [s.docstatus for s in read.steps] == [0, 0, 0, 1, 1]
	assert not read.step("Formulir").is_signature


def test_rows_of_one_status_are_one_step_with_several_roles():
	rows = sop()
	rows.insert(2, row("Paraf", "Paraf", "PK Kepala Bidang", jika_tidak="Draf"))
	step = chain(rows).step("Paraf")
	assert step.roles == ("PK Sekretaris", "PK Kepala Bidang") and step.rows == (2, 3)


def test_several_roles_in_draf_share_its_right_to_edit():
	rows = [row("Draf", boleh_ubah=1), row("Draf", peran="PK Kepala Bidang"), *sop()[1:]]
	assert chain(rows).steps[0].roles == ("PK Penyusun", "PK Kepala Bidang")


def test_last_editable_step():
	assert chain().last_editable.state == "Draf"
	assert chain(changed(2, boleh_ubah=1)).last_editable.state == "Paraf"
	assert chain(changed(3, boleh_ubah="1")).last_editable.state == "Tanda Tangan"


# ------------------------------------------------------------------------------------------------ refusals


def test_an_empty_table():
	assert refusal([]) == ["Tabel Langkah masih kosong. Isi langkah-langkah SOP lebih dahulu."]


@pytest.mark.parametrize(
	("number", "values", "words"),
	[
		(2, {"jika_tidak": "Kirim"}, ["Baris 2, Jika Tidak", "“Kirim”", "sesudah langkah ini"]),
		(2, {"jika_tidak": " pARAF"}, ["Baris 2, Jika Tidak", "langkah itu sendiri"]),
		(2, {"jika_tidak": "Verifikasi"}, ["Baris 2, Jika Tidak", "tidak ada", "“Verifikasi”"]),
		(2, {"jika_tidak": "Selesai"}, ["Baris 2, Jika Tidak", "tidak ada", "“Selesai”"]),
		(4, {"jika_tidak": "Paraf"}, ["Baris 4, Jika Tidak", "“Paraf”", "baris 3", "ditandatangani"]),
		(4, {"jika_tidak": "tanda tangan"}, ["Baris 4, Jika Tidak", "“Tanda Tangan”", "baris 3"]),
		(4, {"boleh_ubah": 1}, ["Baris 4, Boleh Ubah", "baris 3"]),
		(4, {"status": " SELESAI "}, ["Baris 4, Status", "dipakai sistem"]),
		(4, {"status": "dibatalkan"}, ["Baris 4, Status", "dipakai sistem"]),
		(4, {"status": "draf"}, ["Baris 4, Status", "baris 1"]),
		(4, {"status": "paraf"}, ["Baris 4, Status", "baris 2"]),
		(4, {"status": ""}, ["Baris 4, Status"]),
		(4, {"status": "x" * 61}, ["Baris 4, Status", "60"]),
		(4, {"jenis": "Menari"}, ["Baris 4, Jenis", "Tanda Tangan"]),
		(4, {"jenis": None}, ["Baris 4, Jenis"]),
		(4, {"peran": ""}, ["Baris 4, Peran"]),
		(4, {"sebagai": "Formulir"}, ["Baris 4, Sebagai"]),
		(4, {"waktu": -1}, ["Baris 4, Waktu Baku"]),
		(4, {"waktu": float("nan")}, ["Baris 4, Waktu Baku"]),
		(4, {"waktu": 367, "satuan_waktu": "hari"}, ["Baris 4, Waktu Baku", "366 hari"]),
		(4, {"waktu": float("inf"), "satuan_waktu": "jam"}, ["Baris 4, Waktu Baku"]),
		(4, {"satuan_waktu": "abad"}, ["Baris 4, Satuan Waktu", "menit"]),
	],
)
def test_a_refusal_names_row_and_field(number, values, words):
	message = only_refusal(changed(number, **values))
	assert all(word in message for word in words), message


def test_the_first_status_is_draf_and_no_other_name():
	rows = changed(1, status="Mulai")
	rows[1]["jika_tidak"] = ""
	assert only_refusal(rows) == "Baris 1, Status: langkah pertama selalu “Draf”. Ganti “Mulai”."
	rows[3]["status"] = "draf"
	assert "Baris 4, Status: “draf” dipakai sistem. Pilih nama lain." in refusal(rows)


def test_a_chain_without_signature():
	assert "Tidak ada langkah Tanda Tangan" in only_refusal(changed(3, jenis="Periksa", sebagai=""))


def test_a_chain_with_a_signature_on_a_form_only():
	assert "bukan sebagai Formulir" in only_refusal(changed(3, sebagai="Formulir"))


def test_a_return_between_two_steps_after_the_signature_is_allowed():
	rows = [*sop(), row("Arsip", "Arsip", jika_tidak="Kirim")]
	assert ("Arsip", RETURN, "Kirim") in {(e.state, e.action, e.next_state) for e in chain(rows).edges()}


def test_statuses_that_differ_only_in_case_or_blanks():
	rows = sop()
	rows.insert(2, row("paraf", "Paraf", "PK Kepala Bidang", jika_tidak="Draf"))
	message = only_refusal(rows)
	assert "Baris 3, Status: “paraf” hanya beda" in message and "baris 2" in message


@pytest.mark.parametrize(
	("values", "label"),
	[
		({"jenis": "Periksa"}, "Jenis"),
		({"sebagai": "Pihak Kedua"}, "Sebagai"),
		({"jika_tidak": ""}, "Jika Tidak"),
		({"waktu": 11}, "Waktu Baku"),
		({"satuan_waktu": "jam"}, "Satuan Waktu"),
		({"boleh_ubah": 1}, "Boleh Ubah"),
		({"peran": "PK Sekretaris"}, "Peran"),
	],
)
def test_rows_of_one_status_agree(values, label):
	rows = sop()
	rows.insert(2, {**rows[1], "peran": "PK Kepala Bidang", **values})
	message = only_refusal(rows)
	assert message.startswith(f"Baris 3, {label}:") and "baris 2" in message


def test_a_status_repeated_later_is_another_step_and_needs_another_name():
	rows = [*sop(), row("Paraf", "Paraf", "PK Kepala Bidang")]
	assert only_refusal(rows) == "Baris 5, Status: “Paraf” sudah dipakai baris 2. Beri nama lain."


def test_every_defect_is_reported_not_only_the_first():
	rows = changed(2, jika_tidak="Kirim", peran="")
	rows[3].update(waktu=-1, boleh_ubah=1)
	starts = [m.split(":")[0] for m in refusal(rows)]
	assert starts == [
		"Baris 2, Peran",
		"Baris 4, Waktu Baku",
		"Baris 2, Jika Tidak",
		"Baris 4, Boleh Ubah",
	]


# ------------------------------------------------------------------------------------------------ composition


def test_composition_of_one_chain():
	got = {(t.state, t.action, t.next_state, t.allowed, t.condition) for t in compose([chain()]).transitions}
	mine, superior = turn_condition("SOP-1"), turn_condition("SOP-1", "giliran_atasan")
	expected = {
		("Draf", "Selesai", "Paraf", "PK Penyusun", mine),
		("Paraf", "Paraf", "Tanda Tangan", "PK Sekretaris", mine),
		("Paraf", "Paraf", "Tanda Tangan", EMPLOYEE, superior),
		("Paraf", "Kembalikan", "Draf", "PK Sekretaris", mine),
		("Paraf", "Kembalikan", "Draf", EMPLOYEE, superior),
		("Tanda Tangan", "Tanda Tangani", "Kirim", "PK Kepala OPD", mine),
		("Tanda Tangan", "Kembalikan", "Paraf", "PK Kepala OPD", mine),
		("Kirim", "Kirim", "Selesai", "PK Penyusun", mine),
	}
	expected |= {
		(state, CANCEL, CANCELLED, role, CANCEL_CONDITION) for state in ("Kirim", LAST) for role in CANCELLERS
	}
	assert got == expected
	assert [(s.name, s.docstatus) for s in compose([chain()]).states] == [
		("Draf", 0),
		("Paraf", 0),
		("Tanda Tangan", 0),
		("Kirim", 1),
		("Selesai", 1),
		("Dibatalkan", 2),
	]


def test_nothing_published_is_a_workflow_of_the_shared_states():
	empty = compose([])
	assert [s.name for s in empty.states] == [FIRST, LAST, CANCELLED] and not empty.transitions


@pytest.mark.parametrize("jenis", list(DONE))
def test_done_is_named_after_the_kind_of_step(jenis):
	edges = chain(changed(2, jenis=jenis)).edges()
	assert [e.action for e in edges if e.state == "Paraf"] == [DONE[jenis], RETURN]


def test_a_check_by_a_named_party_has_no_stand_in():
	composed = compose([chain(changed(2, sebagai="Pihak Kedua"))])
	assert not any("giliran_atasan" in t.condition for t in composed.transitions)


def test_returns_and_cancellations_need_a_reason():
	assert {(e.action, e.needs_reason) for e in chain().edges()} == {
		("Selesai", False),
		("Paraf", False),
		("Tanda Tangani", False),
		("Kirim", False),
		(RETURN, True),
		(CANCEL, True),
	}


def test_chains_share_a_state_whose_names_differ_in_case_or_blanks():
	rows = changed(2, status=" PARAF ", jika_tidak="draf")
	rows[2]["jika_tidak"] = "  paraf"
	composed = compose([chain(), chain(rows, id="SOP-2")])
	assert [s.name for s in composed.states].count("Paraf") == 1
	assert len(composed.states) == len({fold(s.name) for s in composed.states}) == 6
	names = {s.name for s in composed.states}
	assert {t.state for t in composed.transitions} | {t.next_state for t in composed.transitions} == names


def test_chains_that_disagree_on_docstatus_are_refused_naming_both_rows():
	rows = changed(2, status="Kirim", jenis="Periksa")
	rows[2].pop("jika_tidak")
	rows[3]["status"] = "Akhir"
	with pytest.raises(ChainError) as refused:
		compose([chain(), chain(rows, id="SOP-2", title="SOP Dua")])
	(message,) = refused.value.messages
	assert all(
		words in message
		for words in (
			"“Kirim”",
			"sebelum penandatanganan pada SOP Dua baris 2",
			"sesudah",
			"SOP Satu baris 4",
		)
	), message


# ------------------------------------------------------------------------------------------------ conditions

NASTY = [
	'x" or doc.alur != "',
	"x' or doc.alur != '",
	"\\",
	'\\" or 1 or "',
	"line\nbreak\r\u2028\x00\x85",
	'doc.alur == "SOP-1" and doc.giliran_saya',
	"{0} %s #",
	"\U0001f4dc Alur",
	"Dinas Né",
	"",
]


def holds(condition, alur, field="giliran_saya", turn=1):
	"""Evaluated as core does: no builtins but a few, `doc` the only name that matters."""
	fields = {"giliran_saya": 0, "giliran_atasan": 0, "boleh_batal": 0, field: turn}
	return bool(eval(condition, {"__builtins__": {}}, {"doc": SimpleNamespace(alur=alur, **fields)}))


@given(st.sampled_from(NASTY) | st.text(), st.sampled_from([*NASTY, "SOP-1"]) | st.text())
def test_a_condition_holds_for_that_very_id_only(id, other):
	for field in ("giliran_saya", "giliran_atasan"):
		condition = turn_condition(id, field)
		assert holds(condition, id, field) and not holds(condition, id, field, turn=0)
		assert holds(condition, other, field) == (id == other)
		assert not holds(condition, None, field)
		assert "\n" not in condition
		assert is_generated(condition) and is_generated(f" {condition}\n")
		assert chain_in(condition) == id


@pytest.mark.parametrize("id", NASTY)
def test_a_chain_with_a_nasty_id_composes_and_keeps_to_itself(id):
	composed = compose([chain(id=id), chain(id="SOP-2")])
	own = [
		t for t in composed.transitions if holds(t.condition, id) or holds(t.condition, id, "giliran_atasan")
	]
	assert own and own == transitions_of(composed, id)


@pytest.mark.parametrize(
	("condition", "named"),
	[
		("", None),
		(None, None),
		("doc.total_anggaran > 10", None),
		('doc.alur == "SOP-1"', "SOP-1"),
		('doc.alur=="SOP-1" and doc.total_anggaran > 10', "SOP-1"),
		("doc.alur == 'SOP-1' and doc.giliran_saya", "SOP-1"),
		('doc.alur == "SOP-1" or doc.alur == "SOP-2"', None),
		("doc.alur == \"SOP-1\" or doc.alur == 'SOP-2'", None),
		(r'doc.alur == "\x41"', "A"),
		('doc.alur == "a\tb"', "a\tb"),
		(r'doc.alur == "\N{no such letter}"', None),
		('doc.alur != "SOP-1"', None),
		('doc.alur == "SOP-1', None),
		('mydoc.alur == "SOP-1"', None),
		('doc.alur == f"SOP-1"', None),
	],
)
def test_hand_made_conditions_are_not_ours_and_may_name_one_chain(condition, named):
	assert not is_generated(condition)
	assert chain_in(condition) == named


@pytest.mark.parametrize(
	"condition",
	[
		turn_condition("SOP-1") + " and doc.total_anggaran > 10",
		turn_condition("SOP-1").replace("==", "!="),
		turn_condition("SOP-1").replace("giliran_saya", "docstatus"),
		turn_condition("SOP-1").replace('"', "'"),
		CANCEL_CONDITION + " or True",
	],
)
def test_a_condition_that_an_admin_changed_is_no_longer_ours(condition):
	assert not is_generated(condition)


# ------------------------------------------------------------------------------------------------ properties

ROLES = ["PK Penyusun", "PK Sekretaris", "PK Kepala OPD", "PK Kepala Bidang", EMPLOYEE]
spelling = st.sampled_from([str, str.upper, str.lower, lambda s: f"  {s.replace(' ', '   ')} "])


@st.composite
def tables(draw):
	"""Rows of a valid chain. Names are few, so that chains share states; those after the signature say so."""
	before, after = draw(st.integers(0, 5)), draw(st.integers(0, 4))
	names = draw(st.permutations([f"Langkah {n}" for n in range(6)]))[:before]
	late = draw(st.permutations([f"Akhir {n}" for n in range(5)]))[:after]
	rows = []
	for index, name in enumerate([FIRST, *names, *late]):
		signs, is_late = index == before, index > before
		jenis = "Tanda Tangan" if signs else draw(st.sampled_from([j for j in DONE if j != "Tanda Tangan"]))
		step = row(
			name if index == 0 else draw(spelling)(name),
			jenis,
			sebagai="Pihak Pertama" if signs else "",
			boleh_ubah=int(not is_late and draw(st.booleans())),
			waktu=draw(st.integers(0, 300)),
		)
		back = range(before + 1, index) if is_late else range(index)
		if back and draw(st.booleans()):
			step["jika_tidak"] = draw(spelling)(
				fold([FIRST, *names, *late][draw(st.sampled_from(list(back)))])
			)
		for role in draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=3, unique=True)):
			rows.append({**step, "peran": role})
	return rows


@st.composite
def chain_sets(draw):
	ids = draw(st.lists(st.sampled_from([f"SOP-{n}" for n in range(9)] + NASTY), max_size=4, unique=True))
	return [read_chain(id, f"Judul {id}", draw(tables())) for id in ids]


@given(chain_sets(), st.randoms())
def test_composition_is_deterministic_and_independent_of_order(chains, shuffle):
	once = compose(chains)
	shuffle.shuffle(chains)
	assert isinstance(once, Composition) and compose(chains) == once == compose(list(reversed(chains)))


@given(chain_sets())
def test_composed_rows_are_one_each_and_lead_from_state_to_state(chains):
	composed = compose(chains)
	names = [s.name for s in composed.states]
	assert names[0] == FIRST and names[-2:] == [LAST, CANCELLED]
	assert len({fold(name) for name in names}) == len(names)
	keys = [(t.state, t.action, t.allowed, t.condition) for t in composed.transitions]
	assert len(set(keys)) == len(keys)
	docstatus = {s.name: s.docstatus for s in composed.states}
	for t in composed.transitions:
		assert t.state in docstatus and t.next_state in docstatus and is_generated(t.condition)
		step = 2 if t.action == CANCEL else docstatus[t.next_state]
		assert docstatus[t.state] <= step
		if t.action == RETURN:
			assert docstatus[t.state] == docstatus[t.next_state]
		if t.action == CANCEL:
			assert docstatus[t.state] == 1 and t.next_state == CANCELLED and t.allowed in CANCELLERS


@given(chain_sets())
def test_every_state_of_a_chain_is_reached_from_draf_and_reaches_selesai(chains):
	composed = compose(chains)
	spelled = {fold(s.name): s.name for s in composed.states}
	for one in chains:
		rows = transitions_of(composed, one.id)
		states = {spelled[fold(s.state)] for s in one.steps}
		assert reach(FIRST, {(t.state, t.next_state) for t in rows}) == states | {LAST}
		assert reach(LAST, {(t.next_state, t.state) for t in rows}) == states | {LAST}
		for step in one.steps:
			here = [t for t in rows if fold(t.state) == fold(step.state)]
			assert {t.allowed for t in here if t.condition == turn_condition(one.id)} == set(step.roles)
			stand_in = {t.allowed for t in here if t.condition != turn_condition(one.id)}
			assert stand_in == ({EMPLOYEE} if step.jenis in CHECKS and not step.sebagai else set())


def reach(start, pairs):
	found, todo = {start}, [start]
	while todo:
		here = todo.pop()
		for a, b in pairs:
			if a == here and b not in found:
				found.add(b)
				todo.append(b)
	return found


@given(chain_sets())
def test_a_user_who_holds_every_role_has_one_way_per_action(chains):
	"""Core takes the last of several rows for an action: they must lead to the same state."""
	for one in chains:
		ways = {}
		for t in transitions_of(compose(chains), one.id):
			assert ways.setdefault((t.state, t.action), t.next_state) == t.next_state


anything = (
	st.none() | st.text(max_size=8) | st.sampled_from([*DONE, "Draf", "draf ", "Selesai", "Formulir", "hari"])
)
junk = st.fixed_dictionaries(
	{},
	optional={
		**{f: anything for f in ("status", "jenis", "peran", "sebagai", "jika_tidak", "satuan_waktu")},
		"waktu": st.none() | st.floats() | st.integers(),
		"boleh_ubah": st.sampled_from([None, 0, 1, "0", "1"]),
	},
)


@given(st.lists(st.one_of(junk, tables().map(lambda rows: random.Random(0).choice(rows))), max_size=8))
@settings(max_examples=200)
def test_reading_is_total(rows):
	"""Any table is read into a chain or refused in sentences; nothing else."""
	try:
		read = chain(rows)
	except ChainError as refused:
		assert refused.messages and all(m.endswith(".") for m in refused.messages)
	else:
		compose([read])
