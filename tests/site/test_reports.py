"""Kepatuhan SOP and Papan Status: what they count, and that no OPD sees another's."""

import json
from datetime import date, timedelta

import factory
import frappe
import pytest
from factory import PEMDA, YEAR, A, B, act, forward, make, pk, publish, user
from perjankin_app.perjankin_app.report.kepatuhan_sop import kepatuhan_sop
from perjankin_app.perjankin_app.report.papan_status import papan_status

from perjankin_app.install import ROLES

PK, LOG = "Perjanjian Kinerja", "Riwayat Alur"
REPORTS = ("Kepatuhan SOP", "Papan Status")
PERIOD = str(YEAR)
EVERYWHERE = [("pemda", PEMDA), ("pembina", PEMDA), ("inspektur", PEMDA), ("bupati", PEMDA)]
OWN = [(key, opd) for key in ("penyusun", "kepala", "admin", "staf") for opd in (A, B)]


@pytest.fixture
def both(isolated):
	"""A PK of each OPD, waiting for its Kasubbag after one return."""
	publish(), publish(opd=B)
	return {opd: returned(pk(opd=opd), opd) for opd in (A, B)}


def returned(doc, opd):
	doc = forward(doc, until="Uji Paraf")
	doc = act(doc, "Kembalikan", by=user("kasubbag", opd), reason="Lengkapi target")
	return forward(doc, until="Uji Paraf")


def compliance(login, **filters):
	frappe.set_user(login)
	return kepatuhan_sop.execute(filters)[1]


def board(login, **filters):
	frappe.set_user(login)
	return papan_status.execute({"periode": PERIOD, **filters})[1]


def late(doc, since="2026-01-05 08:00:00"):
	values = {"tenggat_langkah": since, "langkah_sejak": since}
	frappe.db.set_value(PK, doc.name, values, update_modified=False)


# ---------------------------------------------------------------------------------------------- what each user may see


@pytest.mark.parametrize("report", [compliance, board])
@pytest.mark.parametrize(("key", "opd"), OWN)
def test_the_own_opd_and_no_other(both, report, key, opd):
	other = {A: B, B: A}[opd]
	assert {row["opd"] for row in report(user(key, opd))} == {opd}
	assert report(user(key, opd), opd=other) == []
	assert {row["opd"] for row in report(user(key, opd), opd=opd)} == {opd}


@pytest.mark.parametrize("report", [compliance, board])
@pytest.mark.parametrize(("key", "opd"), EVERYWHERE)
def test_who_acts_on_the_whole_pemda_sees_all(both, report, key, opd):
	assert {A, B} <= {row["opd"] for row in report(user(key, opd))}
	assert {row["opd"] for row in report(user(key, opd), opd=A)} == {A}


@pytest.mark.parametrize("report", [compliance, board])
def test_whose_assignment_ended_sees_nothing(both, report):
	frappe.db.set_value("Penugasan Jabatan", factory.assignment("staf"), "selesai", "2020-12-31")
	assert report(user("staf")) == []
	assert report("Guest") == []


def test_over_http(client, committed, in_force):
	"""As the desk asks, with whatever filters."""
	try:
		for opd in (A, B):
			forward(pk(opd=opd), until="Uji Paraf")
		path = "/api/method/frappe.desk.query_report.run"
		for report in REPORTS:
			for filters in (
				{},
				{"opd": B},
				{"opd": ["in", [A, B]]},
				{"opd": {"x": 1}},
				{"periode": ["!=", ""]},
			):
				body = {"report_name": report, "filters": json.dumps(filters), "ignore_prepared_report": 1}
				answer = client(user("staf")).post(path, json=body)
				assert answer.status_code == 200 and B not in json.dumps(answer.json["message"]["result"])
			assert client(user("staf")).post(path, json={"report_name": report}).json["message"]["result"]
			assert client().post(path, json={"report_name": report}).status_code == 403
	finally:
		frappe.set_user("Administrator")
		factory.purge_documents()


@pytest.mark.parametrize("report", REPORTS)
def test_they_are_open_to_all_our_roles(report):
	assert {row.role for row in frappe.get_doc("Report", report).roles} == set(ROLES)


@pytest.mark.parametrize("module", [kepatuhan_sop, papan_status])
def test_every_column_is_filled(both, module):
	frappe.set_user(user("pemda", PEMDA))
	columns, rows = module.execute({"periode": PERIOD})[:2]
	assert rows and all(column["fieldname"] in row for column in columns for row in rows)


# ------------------------------------------------------------------------------------------------------- Kepatuhan SOP


def test_returns_are_work_of_the_step_and_a_cancellation_is_none(both):
	doc = act(forward(both[A]), "Batalkan", by=user("admin"), reason="Salah periode")
	assert len(frappe.get_all(LOG, {"perjanjian_kinerja": doc.name})) == 7
	counted = {row["langkah"]: row["jumlah"] for row in compliance(user("admin"))}
	assert counted == {"Draf": 2, "Uji Paraf": 2, "Uji Tanda Tangan": 1, "Uji Kirim": 1}


def test_times_share_and_bottleneck(both):
	rows = frappe.get_all(LOG, {"opd": A}, ["name", "dari"], order_by="urutan")
	used = {"Draf": [450, 900], "Uji Paraf": [600]}
	for row in rows:
		values = {
			"menit_kerja": used[row.dari].pop(0),
			"menit_baku": {"Draf": 450, "Uji Paraf": 120}[row.dari],
		}
		frappe.db.set_value(LOG, row.name, values)
	drafted, checked = sorted(compliance(user("admin")), key=lambda row: row["langkah"])
	assert (drafted["median"], drafted["persentil_90"], drafted["baku"], drafted["tepat"]) == (
		675,
		900,
		450,
		50,
	)
	assert (checked["median"], checked["tepat"], checked["lewat"]) == (600, 0, 480)
	assert (drafted["leher_botol"], checked["leher_botol"]) == ("", "Leher botol")
	assert checked["nama_alur"] == "SOP Uji"


def test_it_filters_by_period_and_level(both):
	assert compliance(user("admin"), periode=PERIOD, jenjang="JPT")
	assert not compliance(user("admin"), periode="1999")
	assert not compliance(user("admin"), jenjang="Pengawas")


# -------------------------------------------------------------------------------------------------------- Papan Status


def test_one_line_per_step_with_how_many_how_late_and_since_when(both):
	late(both[A])
	frappe.set_user("Administrator")
	(row,) = board(user("kepala"))
	assert (row["langkah"], row["jumlah"], row["terlambat"]) == ("Uji Paraf", 1, 1)
	assert str(row["sejak"]) == "2026-01-05 08:00:00" and row["keterangan"] == "Terlambat"
	late(both[A], since="2099-01-05 08:00:00")
	(row,) = board(user("kepala"))
	assert (row["jumlah"], row["terlambat"], row["keterangan"]) == (1, 0, "")


def test_the_worst_comes_first(both):
	done = forward(both[B])
	assert done.workflow_state == "Selesai"
	late(both[A])
	rows = [row for row in board(user("pemda", PEMDA)) if row["opd"] in (A, B)]
	assert [(row["opd"], row["langkah"], row["terlambat"]) for row in rows] == [
		(A, "Uji Paraf", 1),
		(B, "Selesai", 0),
	]
	late(done)
	assert board(user("kepala", B))[0]["terlambat"] == 0  # what is done is never late


def test_an_opd_without_a_pk_is_listed_and_the_one_past_its_date_before_what_only_waits(both):
	for doctype in (PK, LOG):
		frappe.db.delete(doctype, {"opd": B})
	(row,) = board(user("kepala", B))
	assert (row["langkah"], row["jumlah"], row["keterangan"]) == ("", 0, "Belum ada PK")
	assert (row["batas_pk"], row["hitung_mundur"]) == (None, "Belum ada DPA")
	frappe.set_user("Administrator")
	dpa(B, days_ago=60)
	order = [row["opd"] for row in board(user("pemda", PEMDA))]
	assert order.index(B) < order.index(A)


def dpa(opd, days_ago, jenis="DPA"):
	day = frappe.utils.getdate() - timedelta(days=days_ago)
	return make(
		"Dokumen Anggaran", opd=opd, periode=PERIOD, jenis=jenis, nomor=f"Uji/{jenis}/{days_ago}",
		tanggal_pengesahan=day,
	)  # fmt: skip


def test_it_counts_down_to_one_month_after_the_first_dpa(both):
	frappe.set_user("Administrator")
	dpa(A, days_ago=90, jenis="DPPA")
	assert board(user("kepala"))[0]["hitung_mundur"] == "Belum ada DPA"
	frappe.set_user("Administrator")
	dpa(A, days_ago=0), dpa(A, days_ago=10)
	row = board(user("kepala"))[0]
	assert row["batas_pk"] == frappe.utils.add_months(frappe.utils.getdate() - timedelta(days=10), 1)
	assert row["hitung_mundur"].endswith("hari lagi")
	forward(both[A])
	assert board(user("kepala"))[0]["hitung_mundur"] == "PK OPD sudah ditandatangani"


@pytest.mark.parametrize(
	("days", "words"), [(31, "31 hari lagi"), (1, "1 hari lagi"), (0, "Hari ini"), (-1, "Lewat 1 hari")]
)
def test_the_countdown_in_words(days, words):
	today = date(2026, 2, 1)
	assert papan_status.countdown(today + timedelta(days=days), today, False) == words
	assert papan_status.countdown(today + timedelta(days=days), today, True) == "PK OPD sudah ditandatangani"
	assert papan_status.countdown(None, today, False) == "Belum ada DPA"


def test_other_periods_do_not_count(both):
	rows = board(user("kepala"), periode="1999")
	assert [(row["opd"], row["jumlah"]) for row in rows] == [(A, 0)]


def test_without_a_filter_it_is_the_newest_open_period(both):
	frappe.set_user("Administrator")
	newest = max(frappe.get_all("Periode Kinerja", {"status": "Terbuka"}, pluck="tahun"))
	frappe.set_user(user("kepala"))
	_columns, rows, message = papan_status.execute()
	assert message == f"Periode {newest}" and {row["opd"] for row in rows} == {A}


def test_pks_are_asked_once_however_many_there_are(both, monkeypatch):
	asked, real = [], frappe.db.sql
	frappe.set_user(user("pemda", PEMDA))
	monkeypatch.setattr(
		frappe.db, "sql", lambda query, *a, **kw: asked.append(str(query)) or real(query, *a, **kw)
	)
	papan_status.execute({"periode": "1999"})
	without_any = len(asked)
	asked.clear()
	papan_status.execute({"periode": PERIOD})
	assert sum("tabPerjanjian Kinerja" in query for query in asked) == 1
	assert len(asked) <= without_any
