"""Which signed PKs a change of office, of budget or of goals has overtaken, and the way to their PK Perubahan."""

import factory
import frappe
import pytest
from factory import PEMDA, A, B, assignment, forward, indicator, pk, user
from frappe.model.mapper import make_mapped_doc
from frappe.utils import add_days, today
from perjankin_app.perjankin_app.doctype.perjanjian_kinerja import perjanjian_kinerja as controller

from perjankin_app.document import affected

PK = "Perjanjian Kinerja"
MAKE = "perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja.make_change"


@pytest.fixture
def done(in_force):
	doc = forward(pk())
	frappe.set_user("Administrator")
	return doc


def found(doctype, name, by=user("penyusun")):  # noqa: B008
	frappe.set_user(by)
	return affected.for_form(doctype, name)


def budget(amount, opd=A, kind="DPPA", number="900/2", day="2026-09-01"):
	frappe.set_user("Administrator")
	return factory.make(
		"Dokumen Anggaran",
		opd=opd,
		periode="2026",
		jenis=kind,
		nomor=number,
		tanggal_pengesahan=day,
		pagu=[{"nomenklatur": "9.99.01", "pagu": amount}],
	)


# ---------------------------------------------------------------------------------------------------------------- people


def test_an_official_who_goes(done):
	held = assignment("kepala")
	assert not found("Penugasan Jabatan", held)
	frappe.set_user("Administrator")
	frappe.db.set_value("Penugasan Jabatan", held, "selesai", add_days(today(), -1))
	(row,) = found("Penugasan Jabatan", held)
	assert (row["pk"], row["alasan"], row["boleh"]) == (done.name, "Pergantian atau mutasi pejabat", True)
	assert "berakhir" in row["sebab"]


def test_and_the_successor_leads_there_too(done):
	frappe.set_user("Administrator")
	frappe.db.set_value("Penugasan Jabatan", assignment("kepala"), "selesai", add_days(today(), -1))
	post = frappe.db.get_value("Penugasan Jabatan", done.pihak_pertama, "jabatan")
	new = factory.assign(factory.account("kepalabaru"), post, "Plt.", start=today())
	frappe.db.set_value("Penugasan Jabatan", new, "nomor_sk", "821/1")
	(row,) = found("Penugasan Jabatan", new)
	assert (row["pk"], row["dasar"]) == (done.name, "SK 821/1")


def test_a_superior_who_goes(done):
	frappe.set_user("Administrator")
	frappe.db.set_value("Penugasan Jabatan", done.pihak_kedua, "selesai", add_days(today(), -1))
	assert [row["pk"] for row in found("Penugasan Jabatan", done.pihak_kedua, user("pemda", PEMDA))] == [
		done.name
	]


# ---------------------------------------------------------------------------------------------------------------- budget


def test_a_dppa_that_changes_a_program(done):
	budget(1_500_000, kind="DPA", number="900/1", day="2026-01-02")
	name = budget(2_000_000)
	(row,) = found("Dokumen Anggaran", name)
	assert row["pk"] == done.name and "Rp 1.500.000" in row["sebab"] and "Rp 2.000.000" in row["sebab"]
	assert row["dasar"] == "DPPA Nomor 900/2 tanggal 1 September 2026"


def test_a_dppa_that_changes_nothing_of_it(done):
	budget(1_500_000, kind="DPA", number="900/1", day="2026-01-02")
	assert not found("Dokumen Anggaran", budget(1_500_000))


def test_a_dpa_is_no_change(done):
	assert not found("Dokumen Anggaran", budget(9, kind="DPA"))


def test_pks_below_follow_their_program(in_force):
	factory.publish(factory.BELOW, jenjang="Administrator", name="SOP Uji kabid")
	doc = forward(pk("kabid"))
	budget(1_500_000, kind="DPA", number="900/1", day="2026-01-02")
	(row,) = found("Dokumen Anggaran", budget(2_000_000))
	assert row["pk"] == doc.name and "anggaran 9.99.01 berubah" in row["sebab"]


# ----------------------------------------------------------------------------------------------------------------- goals


def test_a_sasaran_in_other_words(done):
	goal = frappe.db.get_value("Indikator Kinerja", indicator("Indeks Layanan"), "sasaran")
	assert not found("Sasaran Kinerja", goal)
	frappe.set_user("Administrator")
	frappe.db.set_value("Sasaran Kinerja", goal, "nama", "Meningkatnya mutu layanan dan kepuasan")
	(row,) = found("Sasaran Kinerja", goal)
	assert row["pk"] == done.name and "Meningkatnya mutu layanan" in row["sebab"]


def test_an_indicator_in_other_words(done):
	frappe.set_user("Administrator")
	frappe.db.set_value("Indikator Kinerja", indicator("Indeks Layanan"), "nama", "Indeks Layanan Prima")
	assert [row["pk"] for row in found("Indikator Kinerja", indicator_named("Indeks Layanan Prima"))] == [
		done.name
	]


def indicator_named(name):
	return frappe.db.get_value("Indikator Kinerja", {"nama": name})


# ------------------------------------------------------------------------------------------------------------- what then


def test_the_button_opens_the_next_version(done):
	frappe.set_user("Administrator")
	(row,) = found("Dokumen Anggaran", budget(2_000_000))
	args = frappe.as_json({"alasan": row["alasan"], "dasar": row["dasar"]})
	new = make_mapped_doc(MAKE, row["pk"], args=args)
	assert (new.perubahan_dari, new.alasan_perubahan, new.dasar_perubahan) == (
		done.name,
		row["alasan"],
		row["dasar"],
	)
	assert new.insert().versi == "Perubahan 1"
	assert not found("Dokumen Anggaran", frappe.db.get_value("Dokumen Anggaran", {"nomor": "900/2"}))


def test_nobody_else_is_told(done):
	name = budget(2_000_000)
	with pytest.raises(frappe.PermissionError):
		found("Dokumen Anggaran", name, user("penyusun", B))
	(row,) = found("Dokumen Anggaran", name, user("inspektur", PEMDA))
	assert not row["boleh"]


@pytest.mark.parametrize("doctype", ["User", "Perjanjian Kinerja", "", "Penugasan Jabatan"])
def test_other_records(done, doctype):
	with pytest.raises((frappe.ValidationError, frappe.DoesNotExistError)):
		found(doctype, "tidak-ada")


def test_murni_mutasi_perubahan_dppa_perubahan_2(done):
	"""The whole life of a year: a new head, then a new budget; each version replaces the one before, none earlier."""
	frappe.set_user(user("bupati", PEMDA))
	controller.approve(done.name, "Pihak Kedua")
	frappe.set_user("Administrator")
	frappe.db.set_value("Penugasan Jabatan", done.pihak_pertama, "selesai", add_days(today(), -1))
	post = frappe.db.get_value("Penugasan Jabatan", done.pihak_pertama, "jabatan")
	new_head = factory.assign(factory.account("kepalabaru"), post, "Plt.", start=today())
	names = [done.name]
	for step in ("mutasi", "DPPA"):
		source = (
			("Penugasan Jabatan", new_head) if step == "mutasi" else ("Dokumen Anggaran", budget(2_000_000))
		)
		(row,) = found(*source)
		frappe.flags.args = frappe._dict(alasan=row["alasan"], dasar=row["dasar"] or "SK Bupati")
		new = controller.make_change(row["pk"])
		frappe.flags.args = None
		if step == "DPPA":
			new.program[0].anggaran = 2_000_000
		new = forward(new.insert())
		assert frappe.db.get_value(PK, names[-1], "keberlakuan") == "Berlaku"
		frappe.set_user(user("bupati", PEMDA))
		controller.approve(new.name, "Pihak Kedua")
		names.append(new.name)
	rows = frappe.get_all(
		PK,
		{"name": ("in", names)},
		["versi", "keberlakuan", "digantikan_oleh", "pihak_pertama_jabatan"],
		order_by="name",
	)
	assert [row.versi for row in rows] == ["Murni", "Perubahan 1", "Perubahan 2"]
	assert [row.keberlakuan for row in rows] == ["Digantikan", "Digantikan", "Berlaku"]
	assert [row.digantikan_oleh for row in rows] == [names[1], names[2], None]
	assert rows[1].pihak_pertama_jabatan.startswith("Plt. ")
	assert not found("Dokumen Anggaran", frappe.db.get_value("Dokumen Anggaran", {"nomor": "900/2"}))
