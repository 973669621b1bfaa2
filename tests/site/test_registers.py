"""Buku Agenda and Buku Ekspedisi: complete, in order, and of the own OPD only."""

import json

import factory
import frappe
import pytest
from factory import PEMDA, A, B, make, pk, publish, user
from frappe.desk import query_report
from perjankin_app.perjankin_app.report.buku_agenda import buku_agenda
from perjankin_app.perjankin_app.report.buku_ekspedisi import buku_ekspedisi

from perjankin_app import permissions

LETTER, REGISTER = "Naskah Dinas", "Register Naskah"
REPORTS = {"Buku Agenda": buku_agenda, "Buku Ekspedisi": buku_ekspedisi}
YEAR = 2026


@pytest.fixture
def docs():
	publish()
	publish(opd=B, name="SOP Uji B")
	return {opd: pk(opd=opd) for opd in (A, B)}


def line(docs, opd, number, year=YEAR, kind="Nota Dinas", **values):
	"""A numbered letter and its line in the register, as the numbering leaves them."""
	frappe.set_user(user("penyusun", opd))
	letter = make(
		LETTER,
		perjanjian_kinerja=docs[opd].name,
		jenis_dokumen=kind,
		kepada="Satu\nDua",
		perihal=f"Hal {number}",
	)
	nomor, day = f"{number:03}/{factory.SHORT[opd]}/{year}", f"{year}-03-{number:02}"
	stored = {"status": "Bernomor", "nomor": nomor, "tanggal": day, **values}
	frappe.db.set_value(LETTER, letter, stored)
	frappe.set_user("Administrator")
	series = frappe.db.get_value("Seri Nomor", {"opd": opd}) or make("Seri Nomor", opd=opd, pola="{urut}")
	entry = frappe.get_doc(
		doctype=REGISTER, seri=series, tahun=year, urut=number, nomor=nomor, opd=opd, naskah_dinas=letter,
		jenis_dokumen=kind, tanggal=day, kepada="Satu\nDua", perihal=f"Hal {number}",
		status="Batal" if stored["status"] == "Batal" else "Terpakai", alasan=values.get("alasan_batal"),
	)  # fmt: skip
	entry.flags.numbering = True
	entry.insert(set_name=f"{series}-{year}-{number:06d}")
	return letter


@pytest.fixture
def books(docs):
	line(docs, A, 2, status="Batal", alasan_batal="Salah alamat")
	line(docs, A, 10, status="Dikirim", dikirim_tanggal="2026-03-11", cara_kirim="Diantar", petugas="Kurir")
	line(
		docs, A, 1, kind="Surat Pengantar", status="Diterima", dikirim_tanggal="2026-03-02",
		diterima_tanggal="2026-03-03", penerima_nama="Petugas", penerima_jabatan="Arsiparis", melalui="Kabag",
	)  # fmt: skip
	line(docs, A, 3, year=2025)
	line(docs, A, 11)
	line(docs, B, 1)
	frappe.set_user(user("penyusun"))
	return docs


def numbers(report, **filters) -> list[str]:
	return [row["nomor"] for row in report.execute(filters)[1]]


def test_agenda_is_in_order_and_shows_void_numbers(books):
	rows = buku_agenda.execute({"tahun": YEAR})[1]
	assert [row.urut for row in rows] == [1, 2, 10, 11]
	assert [row.status for row in rows] == ["Terpakai", "Batal", "Terpakai", "Terpakai"]
	assert rows[1].alasan == "Salah alamat" and rows[0].kepada == "Satu; Dua"
	assert {column["fieldname"] for column in buku_agenda.execute()[0]} <= set(rows[0])


def test_ekspedisi_begins_with_what_is_still_on_its_way(books):
	rows = buku_ekspedisi.execute({"tahun": str(YEAR)})[1]
	assert [(row.nomor[:3], row.keterangan) for row in rows] == [
		("010", "Belum diterima"),
		("011", "Belum dikirim"),
		("001", "Diterima"),
	]
	assert rows[2].kepada == "Satu; Dua melalui Kabag" and rows[2].penerima_jabatan == "Arsiparis"
	assert {column["fieldname"] for column in buku_ekspedisi.execute()[0]} <= set(rows[0])


def test_a_letter_without_number_is_in_no_book(books):
	frappe.set_user(user("penyusun"))
	make(
		LETTER,
		perjanjian_kinerja=books[A].name,
		jenis_dokumen="Nota Dinas",
		kepada="x",
		perihal="Konsep saja",
	)
	for report in REPORTS.values():
		assert not [row for row in report.execute()[1] if row.perihal == "Konsep saja"]


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_filters(books, report):
	assert numbers(report, tahun=2025) == ["003/UJI-A/2025"]
	assert numbers(report, jenis="Surat Pengantar") == ["001/UJI-A/2026"]
	assert len(numbers(report, opd=A, tahun=YEAR)) == len(numbers(report, tahun=YEAR)) > 0
	assert numbers(report, opd=B) == [] == numbers(report, tahun=2024)


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_only_of_opd_that_the_user_may_read(books, report, monkeypatch):
	frappe.set_user(user("penyusun", B))
	assert numbers(report) == ["001/UJI-B/2026"]
	assert numbers(report, opd=A) == []
	for login in (user("pemda", PEMDA), user("inspektur", PEMDA), "Administrator"):
		frappe.set_user(login)
		assert {"001/UJI-A/2026", "001/UJI-B/2026"} <= set(numbers(report))
	frappe.set_user("Guest")
	assert numbers(report) == []
	monkeypatch.setattr(permissions, "permitted_opd", lambda *args: None)
	assert numbers(report), "the guard is what keeps them out"


@pytest.mark.parametrize("name", REPORTS)
def test_the_desk_runs_it_for_staff(books, name):
	result = query_report.run(name, filters=json.dumps({"tahun": YEAR}))["result"]
	assert {row["opd"] for row in result if isinstance(row, dict)} == {A}
	frappe.set_user("Guest")
	with pytest.raises(frappe.PermissionError):
		query_report.run(name)


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
@pytest.mark.parametrize(
	"filters",
	[
		None, [], "x", {"opd": ["!=", ""]}, {"opd": {"a": 1}}, {"jenis": 5}, {"tahun": "x"}, {"tahun": [1]},
		{"tahun": 10**30}, {"tahun": -1}, {"tahun": 1.5}, {"tahun": float("nan")}, {"tahun": "9" * 5000}, {"tahun": True},
	],
)  # fmt: skip
def test_strange_filters_are_no_error_and_open_nothing(books, report, filters):
	assert {row.opd for row in report.execute(filters)[1]} <= {A}
