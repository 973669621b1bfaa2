"""What the forms of Penugasan Jabatan and Jabatan say about holders, and what a Penugasan gives and takes at its edges."""

import factory
import frappe
import pytest
from factory import PEMDA, A, B, make, user
from frappe.utils import add_days, today
from perjankin_app.perjankin_app.doctype.penugasan_jabatan.penugasan_jabatan import notices

from perjankin_app import grants

PROFILE = "Uji Profil"


def official(key, opd=A) -> str:
	return frappe.db.get_value("Pejabat", {"user": user(key, opd)})


def said(**values) -> str:
	return "\n".join(notices(**values))


def new_post(structural=1) -> str:
	return make("Jabatan", nama="Uji Kosong", unit=A, jenjang="Pengawas", struktural=structural)


def end(key, day, opd=A):
	doc = frappe.get_doc("Penugasan Jabatan", factory.assignment(key, opd))
	doc.selesai = day
	doc.save()
	return doc


# ---------------------------------------------------------------------------------------------------------- overlaps


def test_an_acting_holder_beside_the_definitive_one_is_shown():
	values = dict(jabatan=factory.post("kabid"), pejabat=official("kasi"), mulai="2026-01-01", status="Plh.")
	text = said(**values, selesai="2026-01-31")
	assert "Bersamaan dengan Kepala Bidang Uji" in text and factory.assignment("kabid") in text
	assert "Bersamaan" not in said(**{**values, "mulai": "2019-01-01"}, selesai="2019-12-31")


def test_a_saved_one_does_not_overlap_itself():
	name = factory.assignment("kabid")
	assert said(jabatan=factory.post("kabid"), pejabat=official("kabid"), mulai="2020-01-01", name=name) == ""


def test_colleagues_in_a_staff_post_are_no_overlap():
	text = said(jabatan=factory.post("staf"), pejabat=official("tim"), mulai="2026-01-01", status="Definitif")
	assert text == ""


# -------------------------------------------------------------------------------------------------------------- gaps


def test_the_gap_before_a_successor_and_the_one_that_runs_now():
	post = factory.post("kabid")
	end("kabid", add_days(today(), -10))
	text = said(jabatan=post, pejabat=official("kasi"), mulai=add_days(today(), 5))
	assert "tanpa pemegang" in text and "tidak dapat berjalan" in text
	text = said(jabatan=post, pejabat=official("kasi"), mulai=add_days(today(), -9))
	assert text == ""


def test_a_gap_since_the_last_one_ended():
	doc = end("kabid", add_days(today(), -1))
	text = said(
		jabatan=doc.jabatan,
		pejabat=doc.pejabat,
		mulai=str(doc.mulai),
		selesai=str(doc.selesai),
		name=doc.name,
	)
	assert "tanpa pemegang sejak" in text and "tidak dapat berjalan" in text


def test_a_post_nobody_ever_held():
	text = said(jabatan=new_post(), pejabat=official("kasi"), mulai=add_days(today(), 3))
	assert "belum ada pemegangnya sampai" in text


def test_old_gaps_elsewhere_are_not_told():
	post = new_post()
	factory.assign(official("tim"), post, start="2015-01-01", end="2015-12-31")
	factory.assign(official("tim"), post, start="2017-01-01", end="2018-12-31")
	factory.assign(official("tim"), post, start="2019-01-01", end=add_days(today(), 30))
	text = said(jabatan=post, pejabat=official("kasi"), mulai=add_days(today(), 31))
	assert text == ""


# ------------------------------------------------------------------------------------------------------ the account


def test_a_pejabat_without_account():
	name = make("Pejabat", nama="Uji tanpa akun", nip="198001012005011001", opd=A)
	text = said(jabatan=factory.post("staf"), pejabat=name, mulai=today())
	assert "belum punya akun, jadi tugas ini tidak memberi wewenang" in text


def test_a_disabled_account():
	frappe.db.set_value("User", user("tim"), "enabled", 0)
	assert "dinonaktifkan" in said(jabatan=factory.post("staf"), pejabat=official("tim"), mulai=today())


def profile(login, roles):
	if not frappe.db.exists("Role Profile", PROFILE):
		make("Role Profile", role_profile=PROFILE, roles=[{"role": role} for role in roles])
	doc = frappe.get_doc("User", login)
	if doc.meta.has_field("role_profiles"):
		doc.append("role_profiles", {"role_profile": PROFILE})
	else:
		doc.role_profile_name = PROFILE
	doc.save()
	return doc


def test_a_role_profile_is_named_with_what_to_do():
	profile(user("staf"), ["PK Pegawai"])
	values = dict(pejabat=official("staf"), mulai=today(), status="Plh.")
	text = said(jabatan=factory.post("kabid"), **values)
	assert PROFILE in text and "PK Kepala Bidang" in text
	assert PROFILE not in said(jabatan=factory.post("staf"), **values)  # it has all that this post brings


# ---------------------------------------------------------------------------------------------------- who may ask


def test_only_about_a_jabatan_that_may_be_read():
	frappe.set_user(user("admin", B))
	with pytest.raises(frappe.PermissionError):
		notices(jabatan=factory.post("kabid"), mulai=today())
	frappe.set_user(user("admin"))
	other = frappe.db.get_value("Pejabat", {"user": user("staf", B)})
	frappe.db.set_value("Pejabat", other, "user", None)
	assert "akun" not in said(
		jabatan=factory.post("staf"), pejabat=other, mulai=today()
	)  # not theirs to know


def test_over_http(client):
	path = f"/api/method/{notices.__module__}.notices"
	values = dict(jabatan=factory.post("kabid"), mulai="2026-01-01", selesai=None, status="Plh.")
	answer = client(user("admin")).post(path, json=values)
	assert "Bersamaan" in answer.json["message"][0]
	assert client(user("admin", B)).post(path, json=values).status_code == 403
	assert client().post(path, json=values).status_code == 403


def test_the_jabatan_says_who_holds_it():
	post = factory.post("kabid")
	doc = frappe.get_doc("Jabatan", post)
	doc.run_method("onload")
	assert [(h["nama"], h["akun"]) for h in doc.get_onload("pemegang")] == [("Uji kabid UJI-A", True)]
	end("kabid", add_days(today(), -1))
	doc.run_method("onload")
	assert doc.get_onload("pemegang") == []


# -------------------------------------------------------------------------------------------------- grants at the edges


def roles(login) -> set:
	return {r for r in frappe.get_all("Has Role", {"parent": login}, pluck="role") if r.startswith("PK ")}


def opds(login) -> set:
	return set(frappe.get_all("User Permission", {"user": login, "allow": "Unit Kerja"}, pluck="for_value"))


def acting(key="staf", post="kepala", opd=B, **dates):
	return frappe.get_doc(
		"Penugasan Jabatan", factory.assign(official(key), factory.post(post, opd), "Plh.", **dates)
	)


def test_power_ends_in_a_running_session_at_once(client):
	doc = acting()
	frappe.db.commit()
	try:
		c = client(user("staf"))
		path = f"/api/resource/Jabatan/{factory.post('staf', B)}"
		assert c.get(path).status_code == 200
		doc.reload()
		doc.selesai = add_days(today(), -1)
		doc.save()
		assert c.get(path).status_code == 403
		assert (roles(user("staf")), opds(user("staf"))) == ({"PK Pegawai"}, {A})
	finally:
		frappe.db.rollback()
		frappe.delete_doc("Penugasan Jabatan", doc.name, force=True)
		frappe.db.commit()


def test_the_last_day_still_counts_and_a_later_one_gives_nothing_yet():
	doc = acting(start="2020-01-01", end=today())
	assert "PK Kepala OPD" in roles(user("staf")) and opds(user("staf")) == {A, B}
	doc.mulai, doc.selesai = add_days(today(), 1), None
	doc.save()
	assert (roles(user("staf")), opds(user("staf"))) == ({"PK Pegawai"}, {A})
	frappe.db.set_value("Penugasan Jabatan", doc.name, "mulai", today())  # the day has come
	grants.reconcile_all()
	assert "PK Kepala OPD" in roles(user("staf")) and opds(user("staf")) == {A, B}


def test_of_two_that_bring_the_same_the_other_keeps_it():
	one, two = acting(), acting(post="kepala", opd=A)
	assert "PK Kepala OPD" in one.peran_diberikan and "PK Kepala OPD" in two.reload().peran_diberikan
	one.selesai = "2021-01-01"
	one.save()
	assert "PK Kepala OPD" in roles(user("staf")) and opds(user("staf")) == {A}
	two.selesai = "2021-01-01"
	two.save()
	assert (roles(user("staf")), opds(user("staf"))) == ({"PK Pegawai"}, {A})


def test_what_the_jabatan_brings_and_covers_is_followed():
	doc = acting()
	post = frappe.get_doc("Jabatan", doc.jabatan)
	post.peran, post.lingkup = [], PEMDA
	post.save()
	assert (roles(user("staf")), opds(user("staf"))) == ({"PK Pegawai"}, {A, PEMDA})


def test_another_pejabat_in_the_same_penugasan():
	doc = acting()
	doc.pejabat = official("tim")
	doc.save()
	assert (roles(user("staf")), opds(user("staf"))) == ({"PK Pegawai"}, {A})
	assert "PK Kepala OPD" in roles(user("tim")) and opds(user("tim")) == {A, B}


def test_a_user_permission_given_by_hand_stays():
	make("User Permission", user=user("staf"), allow="Unit Kerja", for_value=B)
	doc = acting()
	assert not doc.izin_diberikan
	doc.delete()
	assert opds(user("staf")) == {A, B}


def test_a_role_profiles_roles_are_left_alone_and_scope_is_given():
	profile(user("staf"), ["PK Pegawai", "PK Tim"])
	doc = acting()
	assert (roles(user("staf")), opds(user("staf"))) == ({"PK Pegawai", "PK Tim"}, {A, B})
	assert not doc.peran_diberikan
	doc.selesai = "2021-01-01"
	doc.save()
	assert (roles(user("staf")), opds(user("staf"))) == ({"PK Pegawai", "PK Tim"}, {A})


def test_without_the_role_profile_the_roles_are_given():
	person = profile(user("staf"), ["PK Pegawai"])
	acting()
	person.reload()
	person.update({"role_profiles": [], "role_profile_name": None})
	person.save()
	grants.reconcile_all()
	assert "PK Kepala OPD" in roles(user("staf"))
