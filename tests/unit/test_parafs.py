"""Which initials still stand."""

from perjankin_app.workflow.parafs import standing

STATES = ["Draf", "Paraf Kasubbag", "Paraf Sekretaris", "Paraf Ketiga", "Tanda Tangan"]


def row(state, action="Paraf", to="", kind="Paraf", who=""):
	return {"dari": state, "aksi": action, "ke": to, "jenis": kind, "pelaku_nama": who or state}


def names(*rows):
	return [found["pelaku_nama"] for found in standing(rows, STATES)]


def test_in_the_order_of_the_chain():
	assert (
		names(row("Draf", "Selesai", kind="Tugas"), row("Paraf Kasubbag"), row("Paraf Sekretaris"))
		== STATES[1:3]
	)


def test_a_return_takes_those_from_its_target_on():
	first = [row("Paraf Kasubbag"), row("Paraf Sekretaris")]
	assert names(*first, row("Paraf Ketiga", "Kembalikan", "Draf")) == []
	assert names(*first, row("Paraf Ketiga", "Kembalikan", "Paraf Sekretaris")) == ["Paraf Kasubbag"]
	assert names(
		*first, row("Tanda Tangan", "Kembalikan", "Draf", "Tanda Tangan"), row("Paraf Kasubbag", who="Baru")
	) == ["Baru"]


def test_a_return_is_no_initial():
	assert names(row("Paraf Kasubbag", "Kembalikan", "Draf")) == []


def test_signatures_and_checks_are_none():
	assert (
		names(
			row("Draf", "Setujui", kind="Periksa"), row("Tanda Tangan", "Tanda Tangani", kind="Tanda Tangan")
		)
		== []
	)


def test_names_of_states_are_one_in_any_case():
	assert (
		names(
			row("paraf  kasubbag", who="x"),
			row("Tanda Tangan", "Kembalikan", "PARAF KASUBBAG", "Tanda Tangan"),
		)
		== []
	)
