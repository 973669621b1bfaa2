"""The clock on a site: each OPD's own hours and holidays, the deadline kept on the PK, reminders before and after it."""

import json
from datetime import datetime, timedelta

import factory
import frappe
import pytest
from factory import PEMDA, A, B, act, forward, pk, publish, user

from perjankin_app import grants, office_hours
from perjankin_app.document import bundle
from perjankin_app.workflow import clock, deadlines, log, reminders

PK, SETTINGS = "Perjanjian Kinerja", "Pengaturan Perjankin"
FRIDAY = datetime(2026, 1, 2, 15, 55)
SHORT_WEEK = [{"hari": day, "mulai": "08:00", "selesai": "16:00"} for day in ("Senin", "Selasa", "Jumat")]
FIELDS = ["langkah_sejak", "tenggat_langkah", "pengingat_langkah"]


@pytest.fixture(autouse=True)
def plain_hours(isolated):
	"""Monday to Friday, 08:00-16:00, no holidays, whatever a bench's site has."""
	days = office_hours.WEEKDAYS[:5]
	set_hours(SETTINGS, [{"hari": day, "mulai": "08:00", "selesai": "16:00"} for day in days], [])


def set_hours(doctype, hours, holidays=(), name=None):
	frappe.set_user("Administrator")
	doc = frappe.get_doc(doctype, name or doctype)
	doc.set("jam_kerja", hours)
	doc.set("hari_libur", [{"tanggal": day} for day in holidays])
	doc.save()
	return doc


def stored(doc):
	return frappe.db.get_value(PK, doc.name, FIELDS, as_dict=True)


def put(doc, **values):
	frappe.db.set_value(PK, doc.name, values, update_modified=False)


# -------------------------------------------------------------------------------------------------------- the calendar


def test_an_opd_without_hours_has_everybodys():
	assert office_hours.calendar(A) == office_hours.calendar()
	assert office_hours.calendar(A)[0][4] == [(clock.time(8), clock.time(16))]


def test_an_opds_own_hours_replace_everybodys_and_its_holidays_are_added():
	set_hours(SETTINGS, [{"hari": "Senin", "mulai": "9", "selesai": "10"}] and SHORT_WEEK[:1], ["2026-01-01"])
	set_hours("Unit Kerja", SHORT_WEEK, ["2026-01-05"], name=A)
	week, holidays = office_hours.calendar(A)
	assert sorted(week) == [0, 1, 4]
	assert {str(day) for day in holidays} == {"2026-01-01", "2026-01-05"}
	week, holidays = office_hours.calendar(B)
	assert sorted(week) == [0] and {str(day) for day in holidays} == {"2026-01-01"}


def test_own_holidays_alone_keep_everybodys_hours():
	set_hours("Unit Kerja", [], ["2026-01-05"], name=A)
	assert sorted(office_hours.calendar(A)[0]) == [0, 1, 2, 3, 4]
	assert len(office_hours.calendar(A)[1]) == 1


def test_the_log_counts_by_the_opds_own_hours():
	step = clock_step()
	set_hours("Unit Kerja", SHORT_WEEK, [], name=A)
	started, ended = datetime(2026, 1, 7, 9), datetime(2026, 1, 7, 10)  # a Wednesday
	assert log.minutes(step, started, ended, A)[0] == 0
	assert log.minutes(step, started, ended, B)[0] == 60


def clock_step(chain=None):
	chain = chain or publish()
	return deadlines.chains.load(chain).steps[0]


def test_all_opd_cost_as_many_queries_as_one(monkeypatch):
	names = [A, B, PEMDA, "Setda Uji"]
	asked, real = [], frappe.get_all
	monkeypatch.setattr(
		frappe, "get_all", lambda *args, **kwargs: asked.append(args) or real(*args, **kwargs)
	)
	office_hours.forget()
	for name in names * 3:
		office_hours.calendar(name)
	assert len(asked) == 2


def test_hours_below_an_opd_are_refused():
	with pytest.raises(frappe.ValidationError, match="diisi pada OPD"):
		set_hours("Unit Kerja", SHORT_WEEK, [], name="Bidang - UJI-A")
	with pytest.raises(frappe.ValidationError, match="diisi pada OPD"):
		set_hours("Unit Kerja", [], ["2026-01-05"], name="Bidang - UJI-A")


@pytest.mark.parametrize(("start", "end"), [("16:00", "08:00"), ("abc", "16:00"), (None, "16:00")])
def test_an_opds_hours_are_checked_like_everybodys(start, end):
	with pytest.raises(frappe.ValidationError, match="Jam Kerja baris 1"):
		set_hours("Unit Kerja", [{"hari": "Senin", "mulai": start, "selesai": end}], [], name=A)


@pytest.mark.parametrize("minutes", [-1, 10_001])
def test_the_reminders_minutes_have_bounds(minutes):
	doc = frappe.get_doc(SETTINGS)
	doc.ingatkan_sebelum = minutes
	with pytest.raises(frappe.ValidationError, match="Ingatkan Sebelum Tenggat"):
		doc.save()


# -------------------------------------------------------------------------------------------------------- the deadline


def test_each_step_has_its_deadline_and_the_end_has_none():
	publish()
	doc = pk()
	seen = {}
	while doc.current_step():
		step, row = doc.current_step(), stored(doc)
		seen[step.state] = row
		assert row.tenggat_langkah == clock.due(
			row.langkah_sejak, step.waktu, step.satuan_waktu, *office_hours.calendar(A)
		)
		began = log.last_row(doc.name)
		assert not began or row.langkah_sejak == began.selesai
		doc = forward(doc, until=next_state(doc))
	assert len(seen) == 4
	row = stored(doc)
	assert row.langkah_sejak == log.last_row(doc.name).selesai and not row.tenggat_langkah


def next_state(doc):
	steps = doc.chain().steps
	at = steps.index(doc.current_step()) + 1
	return steps[at].state if at < len(steps) else None


def test_a_return_starts_the_clock_anew():
	publish()
	doc = forward(pk(), until="Uji Paraf")
	long_ago = "2026-01-05 08:00:00"
	put(doc, langkah_sejak=long_ago, tenggat_langkah=long_ago, pengingat_langkah="Terlambat")
	doc = act(doc, "Kembalikan", by=user("kasubbag"), reason="Lengkapi target")
	row = stored(doc)
	assert str(row.langkah_sejak) > long_ago and row.tenggat_langkah > row.langkah_sejak
	assert not row.pengingat_langkah


def test_a_step_without_standard_time_has_no_deadline():
	rows = [dict(row, waktu=0) if row["status"] == "Uji Paraf" else row for row in factory.SIMPLE]
	publish(rows)
	doc = pk()
	assert stored(doc).tenggat_langkah
	assert not stored(forward(doc, until="Uji Paraf")).tenggat_langkah


def test_an_opd_without_office_hours_in_sight_stops_nothing():
	publish()
	day = frappe.utils.getdate()
	set_hours("Unit Kerja", SHORT_WEEK[:1], [day + timedelta(days=n) for n in range(3700)], name=A)
	doc = forward(pk(), until="Uji Paraf")
	assert not stored(doc).tenggat_langkah


def test_a_cancelled_pk_waits_for_nobody():
	publish()
	doc = forward(pk(), until="Uji Kirim")
	doc = act(doc, "Batalkan", by=user("admin"), reason="Salah periode")
	assert not stored(doc).tenggat_langkah


def test_an_amended_pk_starts_anew():
	publish()
	doc = act(forward(pk(), until="Uji Kirim"), "Batalkan", by=user("admin"), reason="Salah periode")
	frappe.set_user(user("penyusun"))
	put(doc, langkah_sejak="2026-01-05 08:00:00", pengingat_langkah="Terlambat")
	amended = frappe.copy_doc(frappe.get_doc(PK, doc.name))
	amended.update({"amended_from": doc.name, "docstatus": 0})
	amended.insert()
	assert str(stored(amended).langkah_sejak) > "2026-01-05 08" and not stored(amended).pengingat_langkah


@pytest.mark.parametrize("state", ["Draf", "Uji Kirim"])
def test_the_client_does_not_set_it(client, committed, in_force, state):
	try:
		doc = forward(pk(), until=state)
		before = stored(doc)
		forged = {
			"langkah_sejak": "2030-01-01 08:00:00",
			"tenggat_langkah": "2030-01-01 09:00:00",
			"pengingat_langkah": "Terlambat",
		}
		c = client(user("penyusun"))
		c.put(f"/api/resource/{PK}/{doc.name}", json=forged)
		frappe.db.rollback()
		assert stored(doc) == before
		body = {**json.loads(frappe.as_json(frappe.get_doc(PK, doc.name))), **forged}
		action = {"Draf": "Selesai", "Uji Kirim": "Kirim"}[state]
		path = "/api/method/frappe.model.workflow.apply_workflow"
		assert c.post(path, json={"doc": json.dumps(body), "action": action}).status_code == 200
		frappe.db.rollback()
		assert not str(stored(doc).langkah_sejak).startswith("2030") and not stored(doc).pengingat_langkah
	finally:
		frappe.set_user("Administrator")
		factory.purge_documents()


# ------------------------------------------------------------------------------------------- when the calendar changes


def test_friday_1555_with_ten_minutes_is_due_monday_0805_and_a_holiday_moves_it():
	rows = [dict(row, waktu=10, satuan_waktu="menit") for row in factory.SIMPLE]
	publish(rows), publish(rows, opd=B)
	ours, theirs = pk(), pk(opd=B)
	for doc in (ours, theirs):
		put(doc, langkah_sejak=FRIDAY, tenggat_langkah=None)
	deadlines.recompute()
	assert stored(ours).tenggat_langkah == stored(theirs).tenggat_langkah == datetime(2026, 1, 5, 8, 5)
	set_hours("Unit Kerja", [], ["2026-01-05"], name=A)
	deadlines.recompute(A)
	assert stored(ours).tenggat_langkah == datetime(2026, 1, 6, 8, 5)
	assert stored(theirs).tenggat_langkah == datetime(2026, 1, 5, 8, 5)
	set_hours(SETTINGS, SHORT_WEEK[1:], ["2026-01-06"])
	deadlines.recompute()
	assert stored(ours).tenggat_langkah == stored(theirs).tenggat_langkah == datetime(2026, 1, 9, 8, 5)


def test_an_edit_of_hours_or_holidays_computes_them_anew_and_no_other_edit(monkeypatch):
	jobs = []
	monkeypatch.setattr(frappe, "enqueue", lambda method, **kwargs: jobs.append((method, kwargs.get("opd"))))
	job = "perjankin_app.workflow.deadlines.recompute"
	assert frappe.get_attr(job) is deadlines.recompute
	set_hours("Unit Kerja", [], ["2026-01-05"], name=A)
	set_hours("Unit Kerja", [], ["2026-01-05"], name=A)
	assert jobs == [(job, A)]
	set_hours(SETTINGS, SHORT_WEEK)
	set_hours(SETTINGS, SHORT_WEEK)
	assert jobs == [(job, A), (job, None)]


def test_a_pk_that_was_moved_on_meanwhile_keeps_its_new_deadline(monkeypatch):
	publish()
	doc = pk()
	put(doc, tenggat_langkah=None)
	real = deadlines.due

	def moved_on(*args):
		put(doc, workflow_state="Uji Paraf")
		return real(*args)

	monkeypatch.setattr(deadlines, "due", moved_on)
	deadlines.recompute(A)
	assert not stored(doc).tenggat_langkah


def test_daily_and_hourly():
	hooks = frappe.get_hooks("scheduler_events")
	jobs = {
		"daily": (grants.reconcile_all, deadlines.recompute),
		"hourly": (reminders.remind, bundle.resume_stalled),
	}
	for when, methods in jobs.items():
		for method in methods:
			assert f"{method.__module__}.{method.__name__}" in hooks[when]


def test_a_patch_fills_what_older_pks_lack():
	publish(), publish(opd=B)
	ours, theirs = forward(pk(), until="Uji Paraf"), pk(opd=B)
	expected = stored(ours)
	for doc in (ours, theirs):
		put(doc, langkah_sejak=None, tenggat_langkah=None)
	frappe.db.set_value(PK, theirs.name, "creation", "2026-01-05 08:00:00", update_modified=False)
	deadlines.fill()
	assert stored(ours) == expected
	row = stored(theirs)
	assert (str(row.langkah_sejak), str(row.tenggat_langkah)) == (
		"2026-01-05 08:00:00",
		"2026-01-06 08:00:00",
	)
	assert row.pengingat_langkah == "Terlambat"  # nobody is told about last year
	assert told(reminders.remind) == {}


# ------------------------------------------------------------------------------------------------------- the reminders


def told(job) -> dict[str, list[str]]:
	"""By whom a new message of `job` is received: {subject: sorted logins}."""
	frappe.set_user("Administrator")
	before = set(frappe.get_all("Notification Log", pluck="name"))
	job()
	found = {}
	for row in frappe.get_all("Notification Log", ["*"], order_by="for_user"):
		if row.name not in before:
			found.setdefault(row.subject, []).append(row.for_user)
	return found


@pytest.fixture
def muted():
	"""As it is without a mail account."""
	frappe.flags.mute_emails = False
	yield
	frappe.flags.mute_emails = True


@pytest.fixture
def waiting(muted):
	publish(), publish(opd=B)
	return forward(pk(), until="Uji Paraf")


def minutes_left(doc, minutes):
	"""The deadline is so many minutes of real time from now, and the office is always open."""
	days = [{"hari": day, "mulai": "00:00", "selesai": "23:59"} for day in office_hours.WEEKDAYS]
	set_hours(SETTINGS, days)
	moment = frappe.utils.now_datetime().replace(microsecond=0) + timedelta(minutes=minutes)
	put(doc, tenggat_langkah=moment)


def test_the_holders_are_reminded_once(waiting):
	minutes_left(waiting, 30)
	assert told(reminders.remind) == {
		f"{waiting.name} mendekati tenggat langkah Uji Paraf": [user("kasubbag")]
	}
	assert stored(waiting).pengingat_langkah == "Diingatkan"
	assert told(reminders.remind) == {}


def test_not_before_the_share_of_time_is_reached(waiting):
	minutes_left(waiting, 120)
	assert told(reminders.remind) == {}
	doc = frappe.get_doc(SETTINGS)
	doc.ingatkan_sebelum = 180
	doc.save()
	assert list(told(reminders.remind).values()) == [[user("kasubbag")]]


def test_office_time_counts_not_real_time(waiting):
	"""Due tomorrow, at the opening: nothing of the time between is office time."""
	now = frappe.utils.now_datetime()
	tomorrow = now.date() + timedelta(days=1)
	day = [{"hari": office_hours.WEEKDAYS[tomorrow.weekday()], "mulai": "23:00", "selesai": "23:59"}]
	set_hours(SETTINGS, day)
	put(waiting, tenggat_langkah=datetime.combine(tomorrow, clock.time(23, 30)))
	assert list(told(reminders.remind).values()) == [[user("kasubbag")]]


def test_late_is_told_once_to_holders_superiors_and_the_admin(waiting):
	minutes_left(waiting, -1)
	people = sorted([user("kasubbag"), user("sekretaris"), user("admin")])
	assert told(reminders.remind) == {f"{waiting.name} lewat tenggat langkah Uji Paraf": people}
	assert stored(waiting).pengingat_langkah == "Terlambat"
	assert told(reminders.remind) == {}


def test_first_reminded_then_late_then_the_next_step_anew(waiting):
	minutes_left(waiting, 10)
	assert len(told(reminders.remind)) == 1
	minutes_left(waiting, -10)
	assert len(told(reminders.remind)) == 1
	doc = act(waiting, "Paraf", by=user("kasubbag"))
	minutes_left(doc, -10)
	(people,) = told(reminders.remind).values()
	assert people == sorted([user("kepala"), user("admin"), user("bupati", PEMDA)])
	assert told(reminders.remind) == {}


def test_the_vacant_post_above_is_passed_over(waiting):
	ended = {"selesai": "2020-12-31"}
	frappe.db.set_value("Penugasan Jabatan", factory.assignment("sekretaris"), ended)
	minutes_left(waiting, -1)
	(people,) = told(reminders.remind).values()
	assert people == sorted([user("kasubbag"), user("kepala"), user("admin")])


def test_nobody_is_told_who_may_not_read_the_pk(waiting):
	"""A superior whose jabatan acts on another OPD only."""
	frappe.set_user("Administrator")
	above = factory.post("sekretaris", B)
	frappe.db.set_value("Jabatan", factory.post("kasubbag"), "atasan", above)
	minutes_left(waiting, -1)
	(people,) = told(reminders.remind).values()
	assert people == sorted([user("kasubbag"), user("admin")])


def test_what_waits_for_nobody_is_still_told_to_the_admin(waiting):
	ended = {"selesai": "2020-12-31"}
	frappe.db.set_value("Penugasan Jabatan", factory.assignment("kasubbag"), ended)
	minutes_left(waiting, -1)
	assert list(told(reminders.remind).values()) == [[user("admin")]]


def test_done_and_cancelled_pks_remind_nobody(waiting):
	done = forward(waiting)
	put(done, tenggat_langkah="2026-01-05 08:00:00")
	assert told(reminders.remind) == {}


def test_an_admin_switches_a_message_off(waiting):
	frappe.set_user("Administrator")
	doc = frappe.get_doc("Notification", "PK Lewat Tenggat")
	doc.enabled = 0
	doc.save()
	minutes_left(waiting, -1)
	assert told(reminders.remind) == {}
	assert stored(waiting).pengingat_langkah == "Terlambat"


def test_an_admins_own_message_reaches_the_same_people(waiting):
	frappe.set_user("Administrator")
	standard = frappe.get_doc("Notification", "PK Lewat Tenggat")
	standard.enabled = 0
	standard.save()
	own = frappe.copy_doc(standard)
	own.update({"is_standard": 0, "enabled": 1, "subject": "Awas {{ doc.name }}", "message": "x"})
	own.name = "Pesan Uji"
	own.insert()
	minutes_left(waiting, -1)
	assert list(told(reminders.remind)) == [f"Awas {waiting.name}"]


def test_text_of_people_is_escaped_and_the_message_only_links_to_the_form(waiting):
	put(waiting, pihak_pertama_jabatan="<script>alert(1)</script>")
	minutes_left(waiting, -1)
	told(reminders.remind)
	(row, *_others) = frappe.get_all(
		"Notification Log", {"document_name": waiting.name}, ["*"], order_by="creation desc"
	)
	assert (row.document_type, row.link or "") == (PK, "")
	assert "<script" not in row.email_content and "&lt;script" in row.email_content
	for name in frappe.get_all("Notification", {"module": "Perjankin App"}, pluck="name"):
		text = frappe.get_doc("Notification", name).get_template()
		assert "/api/" not in text and "apply_action" not in text
		assert text.count("href=") == text.count("get_url_to_form") <= 1


def test_one_that_cannot_be_told_does_not_keep_the_others_from_it(waiting, monkeypatch):
	other = forward(pk(opd=B), until="Uji Paraf")
	minutes_left(waiting, -2), minutes_left(other, -1)
	real = reminders.recipients

	def broken(doc, level):
		if doc.name == waiting.name:
			raise RuntimeError("uji")
		return real(doc, level)

	monkeypatch.setattr(reminders, "recipients", broken)
	assert [subject.split()[0] for subject in told(reminders.remind)] == [other.name]
	assert not stored(waiting).pengingat_langkah and stored(other).pengingat_langkah
	assert frappe.db.exists("Error Log", {"method": ("like", f"%{waiting.name}%")})
	monkeypatch.undo()
	assert [subject.split()[0] for subject in told(reminders.remind)] == [waiting.name]


def test_without_a_mail_account_nothing_is_mailed_and_nothing_fails(waiting):
	if frappe.db.exists("Email Account", {"enable_outgoing": 1, "default_outgoing": 1}):
		pytest.skip("this site has a mail account")
	errors, mails = frappe.db.count("Error Log"), frappe.db.count("Communication")
	minutes_left(waiting, -1)
	assert told(reminders.remind)
	assert (frappe.db.count("Error Log"), frappe.db.count("Communication")) == (errors, mails)


def test_with_a_mail_account_the_same_people_get_mail(waiting, monkeypatch):
	sent = []
	monkeypatch.setattr(reminders, "_can_mail", lambda: True)
	monkeypatch.setattr(frappe, "sendmail", lambda **kwargs: sent.append(kwargs))
	account = "frappe.core.doctype.communication.communication.Communication.get_outgoing_email_account"
	monkeypatch.setattr(
		frappe.get_attr(account.rsplit(".", 1)[0]), "get_outgoing_email_account", lambda self: None
	)
	minutes_left(waiting, -1)
	told(reminders.remind)
	(mail,) = sent
	assert sorted(mail["recipients"]) == sorted([user("kasubbag"), user("sekretaris"), user("admin")])
	assert mail["subject"] == f"{waiting.name} lewat tenggat langkah Uji Paraf"
	assert frappe.utils.get_url_to_form(PK, waiting.name) in mail["message"]
	assert mail["message"].count("href=") == 1
