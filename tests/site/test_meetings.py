"""Rapat Pembahasan: who writes it, who is on its list, what closes it, and what a calendar gets of it."""

import json
import re

import factory
import frappe
import pytest
from factory import PEMDA, A, B, act, assignment, indicator, make, pk, publish, user
from perjankin_app.perjankin_app.doctype.rapat_pembahasan import rapat_pembahasan as rapat

from perjankin_app.papers import PaperOfPK

MEETING = "Rapat Pembahasan"
TIMES = {"mulai": "2026-03-09 09:00:00", "selesai": "2026-03-09 11:30:00"}


@pytest.fixture
def chain():
	publish(opd=B, name="SOP Uji B")
	return publish()


@pytest.fixture
def doc(chain):
	return pk()


def meeting(doc, **values):
	values = {"judul": "Rapat draf PK", "tempat": "Ruang rapat", **TIMES, **values}
	return frappe.get_doc(doctype=MEETING, perjanjian_kinerja=doc.name, **values)


def invited(key, opd=A, **values):
	return {"penugasan": assignment(key, opd), "nama": "x", **values}


@pytest.fixture
def ready(doc):
	"""All that closing wants."""
	return meeting(doc, peserta=[invited("tim", hadir=1)], notulen="Target disepakati.").insert()


@pytest.fixture
def closed(ready):
	rapat.close(ready.name)
	return frappe.get_doc(MEETING, ready.name)


# ------------------------------------------------------------------------------------------------------ who writes it


def test_it_belongs_to_the_opd_of_its_pk(doc):
	stored = meeting(doc, status="Selesai").insert()
	assert (stored.opd, stored.status) == (A, "Direncanakan")
	with pytest.raises(frappe.PermissionError):
		meeting(doc, opd=B).insert()


@pytest.mark.parametrize("key", ["kasubbag", "tim", "kepala", "admin"])
def test_only_the_holder_of_the_running_step_writes(doc, key):
	frappe.set_user(user(key))
	with pytest.raises(frappe.PermissionError, match="sedang pada langkah"):
		meeting(doc).insert()


def test_without_the_guard_anybody_in_the_opd_would_write(doc, monkeypatch):
	monkeypatch.setattr(PaperOfPK, "require_turn", lambda self: None)
	frappe.set_user(user("tim"))
	assert meeting(doc).insert().name


def test_nobody_of_another_opd_writes_or_reads(ready, doc):
	frappe.set_user(user("penyusun", B))
	with pytest.raises(frappe.PermissionError):
		meeting(doc, opd=B).insert()
	for method in (rapat.close, rapat.invite_team, rapat.ics):
		with pytest.raises(frappe.PermissionError):
			method(ready.name)
	assert not frappe.get_list(MEETING)


def test_not_while_others_check_the_pk(ready, doc):
	act(doc, "Selesai", by=user("penyusun"))
	for login in (user("penyusun"), user("kasubbag")):
		frappe.set_user(login)
		frappe.clear_messages()
		stored = frappe.get_doc(MEETING, ready.name)
		assert not _may_edit(stored)
		stored.judul = "Lain"
		with pytest.raises(frappe.PermissionError):
			stored.save()
		for method in (rapat.close, rapat.invite_team):
			with pytest.raises(frappe.PermissionError):
				method(ready.name)


def _may_edit(stored) -> bool:
	stored.run_method("onload")
	return stored.get("__onload").boleh_ubah


# ------------------------------------------------------------------------------------------------------------ content


@pytest.mark.parametrize(
	("values", "message"),
	[
		({"selesai": TIMES["mulai"]}, "Sampai"),
		({"selesai": "2026-03-08 10:00"}, "Sampai"),
		({"mulai": "besok"}, "Mulai"),
		({"mulai": None}, "Mulai"),
		({"mulai": "0001-01-01 00:00"}, "Mulai"),
		({"selesai": "9999-12-31 23:59"}, "Sampai"),
		({"selesai": ["2026-03-09 10:00"]}, "Sampai"),
	],
)
def test_times(doc, values, message):
	with pytest.raises(frappe.ValidationError, match=message):
		meeting(doc, **values).insert()


def test_a_pk_must_be_named(doc):
	for values in ({"perjanjian_kinerja": None}, {"perjanjian_kinerja": "PK-TIDAK-ADA"}):
		with pytest.raises(frappe.ValidationError):
			meeting(doc).update(values).insert()


def test_the_invitation_is_a_letter_of_the_same_pk(doc):
	letter = make(
		"Naskah Dinas",
		perjanjian_kinerja=doc.name,
		jenis_dokumen="Undangan Rapat",
		kepada="Tim",
		perihal="Undangan",
	)
	assert meeting(doc, undangan=letter).insert().undangan == letter
	other = pk(opd=B)
	frappe.set_user(user("penyusun", B))
	with pytest.raises(frappe.ValidationError, match="Undangan"):
		meeting(other, undangan=letter).insert()


def test_an_official_is_named_by_the_penugasan(doc):
	acting = factory.assign
	frappe.set_user("Administrator")
	official = frappe.db.get_value("Pejabat", {"user": user("kasi")})
	plt = acting(official, factory.post("kabid"), status="Plt.", start="2020-01-01")
	frappe.set_user(user("penyusun"))
	stored = meeting(
		doc,
		peserta=[
			invited("tim", jabatan="Direktur"),
			{"penugasan": plt, "nama": "Orang Lain"},
			{"nama": "Tamu", "jabatan": "Narasumber"},
		],
	).insert()
	assert [(row.nama, row.jabatan) for row in stored.peserta] == [
		("Uji tim UJI-A", "Anggota Tim Uji"),
		("Uji kasi UJI-A", "Plt. Kepala Bidang Uji"),
		("Tamu", "Narasumber"),
	]


def test_officials_of_the_pemda_may_be_invited_but_of_no_other_opd(doc):
	for key in ("pembina", "bupati"):
		assert meeting(doc, peserta=[invited(key, PEMDA)]).insert().peserta[0].nama == f"Uji {key} UJI"
	with pytest.raises(frappe.ValidationError, match="Peserta baris 2"):
		meeting(doc, peserta=[invited("tim"), invited("tim", B)]).insert()


def test_no_official_twice(doc):
	frappe.set_user("Administrator")
	official = frappe.db.get_value("Pejabat", {"user": user("kasi")})
	plt = factory.assign(official, factory.post("kabid"), status="Plt.")
	frappe.set_user(user("penyusun"))
	for second in (assignment("kasi"), plt):
		with pytest.raises(frappe.ValidationError, match="sudah ada pada baris 1"):
			meeting(doc, peserta=[invited("kasi"), {"penugasan": second, "nama": "x"}]).insert()


def test_only_who_is_in_office_on_that_day(doc):
	frappe.db.set_value("Penugasan Jabatan", assignment("tim"), "selesai", "2026-03-08")
	with pytest.raises(frappe.ValidationError, match="tidak bertugas"):
		meeting(doc, peserta=[invited("tim")]).insert()
	early = {"mulai": "2026-03-08 09:00", "selesai": "2026-03-08 10:00"}
	assert meeting(doc, peserta=[invited("tim")], **early).insert().peserta


def test_a_decision_names_an_indicator_of_the_opd(doc):
	decision = {"uraian": "Target dinaikkan", "indikator": indicator("Indeks Layanan")}
	stored = meeting(doc, keputusan=[decision]).insert()
	stored.run_method("onload")
	assert indicator("Indeks Layanan") in stored.get("__onload").indikator
	with pytest.raises(frappe.ValidationError, match="Keputusan baris 1"):
		meeting(doc, keputusan=[{**decision, "indikator": indicator("Indeks Layanan", B)}]).insert()


# ------------------------------------------------------------------------------------------------------- invite, close


def test_invite_team_adds_everybody_in_force_once(doc):
	frappe.set_user("Administrator")
	official = frappe.db.get_value("Pejabat", {"user": user("sekretaris")})
	factory.assign(official, factory.post("kabid"), status="Plt.")
	frappe.set_user(user("penyusun"))
	stored = meeting(doc, peserta=[{"nama": "Tamu"}, invited("tim")]).insert()
	assert rapat.invite_team(stored.name) == 4
	stored.reload()
	assert [row.nama for row in stored.peserta] == [
		"Tamu",
		*(f"Uji {key} UJI-A" for key in ("tim", "kepala", "sekretaris", "kabid", "kasubbag")),
	]
	assert stored.peserta[3].jabatan == "Sekretaris Uji"
	assert rapat.invite_team(stored.name) == 0


def test_closing_wants_attendance_and_minutes(doc):
	stored = meeting(doc, peserta=[invited("tim")], notulen=" ").insert()
	with pytest.raises(frappe.ValidationError, match="hadir"):
		rapat.close(stored.name)
	frappe.clear_messages()
	stored.reload()
	stored.peserta[0].hadir = 1
	stored.save()
	with pytest.raises(frappe.ValidationError, match="Notulen"):
		rapat.close(stored.name)
	stored.reload()
	stored.notulen = "Disepakati."
	stored.save()
	assert stored.status == "Direncanakan"
	rapat.close(stored.name)
	assert frappe.db.get_value(MEETING, stored.name, "status") == "Selesai"


TO_COME = {"mulai": "2099-03-09 09:00:00", "selesai": "2099-03-09 11:30:00"}


def test_nobody_has_come_to_a_meeting_that_has_not_begun(doc):
	came = [invited("tim", hadir=1)]
	with pytest.raises(frappe.ValidationError, match="belum dimulai"):
		meeting(doc, peserta=came, **TO_COME).insert()
	stored = meeting(doc, peserta=[invited("tim")], **TO_COME).insert()
	stored.peserta[0].hadir = 1
	with pytest.raises(frappe.ValidationError, match="belum dimulai"):
		stored.save()
	held = meeting(doc, peserta=came).insert()
	with pytest.raises(frappe.ValidationError, match="belum dimulai"):
		held.update(TO_COME).save()


def test_nor_does_it_complete_a_step(chain):
	"""What was ticked before this rule; the date can still be mended then, and the step completed."""
	publish(papers=[("Draf", "Hasil", "Daftar Hadir")])
	doc = pk()
	stored = meeting(doc, peserta=[invited("tim", hadir=1)]).insert()
	frappe.db.set_value(MEETING, stored.name, TO_COME)
	with pytest.raises(frappe.ValidationError, match="Daftar Hadir"):
		act(doc, "Selesai", by=user("penyusun"))
	frappe.clear_messages()
	frappe.get_doc(MEETING, stored.name).update(TIMES).save()
	assert act(doc, "Selesai", by=user("penyusun")).workflow_state != "Draf"


def test_the_date_of_one_that_completed_a_step_all_the_same_is_mended(chain):
	publish([factory.SIMPLE[0], dict(factory.SIMPLE[0], kegiatan="Melapor", status="Uji Lapor", jika_tidak="Draf"), *factory.SIMPLE[1:]], papers=[("Draf", "Hasil", "Daftar Hadir")])  # fmt: skip
	doc = pk()
	stored = meeting(doc, peserta=[invited("tim", hadir=1)]).insert()
	act(doc, "Selesai", by=user("penyusun"))
	frappe.db.set_value(MEETING, stored.name, TO_COME)
	frappe.set_user(user("penyusun"))
	stored = frappe.get_doc(MEETING, stored.name)
	stored.update({**TIMES, "notulen": "Dibahas."}).save()
	rapat.close(stored.name)


@pytest.mark.parametrize("login", ["penyusun", "Administrator"])
def test_a_closed_meeting_is_locked(closed, login):
	frappe.set_user(user(login) if login == "penyusun" else login)
	assert not _may_edit(frappe.get_doc(MEETING, closed.name))
	for change in ({"notulen": "Lain"}, {"status": "Direncanakan"}, {"peserta": []}):
		stored = frappe.get_doc(MEETING, closed.name).update(change)
		stored.flags.ignore_permissions = login == "Administrator"
		with pytest.raises(frappe.PermissionError, match="sudah ditutup"):
			stored.save()
	for method in (rapat.close, rapat.invite_team):
		with pytest.raises(frappe.PermissionError, match="sudah ditutup"):
			method(closed.name)
	with pytest.raises(frappe.PermissionError, match="sudah ditutup"):
		frappe.delete_doc(MEETING, closed.name)


def test_rows_have_no_life_of_their_own(closed):
	row = frappe.get_doc("Peserta Rapat", closed.peserta[0].name)
	row.hadir = 0
	with pytest.raises(frappe.PermissionError):
		row.save()


def test_status_cannot_be_typed(ready, committed, client):
	"""Over HTTP, as any client may send it."""
	response = client(user("penyusun")).put(
		f"/api/resource/{MEETING}/{ready.name}", json={"status": "Selesai", "judul": "Baru"}
	)
	stored = frappe.get_doc(MEETING, ready.name)
	try:
		assert response.status_code == 200
		assert (stored.status, stored.opd, stored.judul) == ("Direncanakan", A, "Baru")
	finally:
		factory.purge()


def test_the_methods_answer_to_their_verb_only(ready, committed, client):
	browser = client(user("penyusun"))
	path = "/api/method/perjankin_app.perjankin_app.doctype.rapat_pembahasan.rapat_pembahasan"
	try:
		for method in ("close", "invite_team"):
			assert browser.get(f"{path}.{method}?name={ready.name}").status_code == 403
		response = browser.get(f"{path}.ics?name={ready.name}")
		assert response.status_code == 200 and response.mimetype == "text/calendar"
		assert response.headers["Content-Disposition"] == f"attachment; filename={ready.name}.ics"
		assert response.data.startswith(b"BEGIN:VCALENDAR\r\n") and response.data.endswith(
			b"END:VCALENDAR\r\n"
		)
		assert client(user("penyusun", B)).get(f"{path}.ics?name={ready.name}").status_code == 403
		assert browser.post(f"{path}.close", json={"name": ready.name}).status_code == 200
	finally:
		factory.purge()


# ------------------------------------------------------------------------------------------------------- the calendar


def events(**values):
	from frappe.desk.calendar import get_events

	fields = {"start": "mulai", "end": "selesai", "id": "name", "title": "judul", "allDay": "allDay"}
	return get_events(MEETING, "2026-03-01", "2026-03-31", json.dumps(fields), **values)


def test_the_calendar_shows_only_the_own_opd(ready):
	assert [event.name for event in events()] == [ready.name]
	assert {"mulai", "selesai", "judul"} <= set(events()[0])
	for key in ("kepala", "staf"):
		frappe.set_user(user(key))
		assert len(events()) == 1
	frappe.set_user(user("penyusun", B))
	assert events() == []
	assert events(filters=json.dumps([[MEETING, "opd", "=", A]])) == []


def test_moving_an_event_is_a_save(closed):
	from frappe.desk.calendar import update_event

	moved = {
		"doctype": MEETING,
		"name": closed.name,
		"mulai": "2026-03-10 09:00",
		"selesai": "2026-03-10 10:00",
	}
	with pytest.raises(frappe.PermissionError):
		update_event(json.dumps(moved), json.dumps({"start": "mulai", "end": "selesai"}))


def unfolded(stored) -> str:
	return stored.as_calendar_file().replace("\r\n ", "")


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Jakarta", "02"), ("Asia/Jayapura", "00")])
def test_ics_is_right_for_the_time_zone_of_the_site(ready, monkeypatch, zone, hour):
	monkeypatch.setattr(rapat, "get_system_timezone", lambda: zone)
	text = unfolded(ready)
	assert f"DTSTART:20260309T{hour}0000Z\r\n" in text
	assert f"DTEND:20260309T{int(hour) + 2:02}3000Z\r\n" in text


def test_ics_keeps_its_uid_and_says_what_is_planned(ready):
	first = re.search("UID:(.*)\r\n", unfolded(ready))[1]
	ready.update({"judul": "Rapat, kedua; \\", "agenda": "Satu\nDua"}).save()
	text = unfolded(frappe.get_doc(MEETING, ready.name))
	assert first in text and ready.name in first
	assert "SUMMARY:Rapat\\, kedua\\; \\\\\r\n" in text
	assert "DESCRIPTION:Satu\\nDua\\nPeserta: Uji tim UJI-A\r\n" in text


def test_ics_has_addresses_of_accounts_in_use_only(doc):
	stored = meeting(
		doc, peserta=[invited("tim"), invited("kabid"), invited("kasi"), {"nama": "Tamu"}]
	).insert()
	frappe.db.set_value("User", user("kabid"), "enabled", 0)
	frappe.db.set_value("Pejabat", {"user": user("kasi")}, "user", None)
	text = unfolded(frappe.get_doc(MEETING, stored.name))
	assert re.findall('ATTENDEE;CN="(.*)":mailto:(.*)\r\n', text) == [("Uji tim UJI-A", user("tim"))]
	assert f'ORGANIZER;CN="Uji penyusun UJI-A":mailto:{user("penyusun")}\r\n' in text
	assert "Uji kasi UJI-A" in text and "Tamu" in text
