"""Who may write which masters, and what a Penugasan gives and takes."""

import factory
import frappe
import pytest
from factory import PEMDA, A, B, make, user

from perjankin_app import grants


def as_user(login):
	frappe.set_user(login)


# --------------------------------------------------------------------------------------------------- units and posts


def test_admin_pemda_makes_a_new_opd():
	as_user(user("pemda", PEMDA))
	name = make(
		"Unit Kerja",
		nama="Dinas Uji Baru",
		singkatan="UJI-N",
		jenis="OPD",
		parent_unit_kerja=PEMDA,
		is_group=1,
	)
	below = make("Unit Kerja", nama="Sekretariat", jenis="Sekretariat", parent_unit_kerja=name)
	assert (
		frappe.db.get_value("Unit Kerja", below, "opd")
		== name
		== frappe.db.get_value("Unit Kerja", name, "opd")
	)


@pytest.mark.parametrize(
	"values",
	[
		dict(nama="Dinas Liar", singkatan="X", jenis="OPD", parent_unit_kerja=PEMDA),
		dict(nama="Pemda Liar", singkatan="X", jenis="Pemda"),
		dict(nama="Bidang Liar", jenis="Bidang", parent_unit_kerja=B),
		dict(nama="Bidang Liar", jenis="Bidang", parent_unit_kerja=B, opd=A),
	],
)
def test_admin_opd_stays_in_the_own_opd(values):
	as_user(user("admin"))
	with pytest.raises(frappe.PermissionError):
		make("Unit Kerja", **values)


def test_a_forged_opd_opens_no_other_one():
	"""Core asks for `create` on what was sent; where it really belongs is asked once it is known."""
	as_user(user("admin"))
	with pytest.raises(frappe.PermissionError, match="wewenang"):
		make("Jabatan", nama="Liar", unit="Bidang - UJI-B", jenjang="Pelaksana", opd=A)
	own = frappe.get_doc("Jabatan", factory.post("staf"))
	own.unit = "Bidang - UJI-B"
	with pytest.raises(frappe.PermissionError, match="wewenang"):
		own.save()


def test_a_system_manager_sets_the_app_up():
	"""Not Administrator, and without any Penugasan."""
	login = f"sistem@{factory.DOMAIN}"
	factory.publish()
	as_user(login)
	for doctype in ("Unit Kerja", "Jabatan", "Alur Persetujuan"):
		names = frappe.get_list(doctype, pluck="name", limit_page_length=0)
		assert set(names) == set(frappe.get_all(doctype, pluck="name"))
		assert frappe.has_permission(doctype, "write", doc=names[0])
	rows = frappe.get_list(
		"Langkah Alur", pluck="name", parent_doctype="Alur Persetujuan", limit_page_length=0
	)
	assert set(rows) == set(frappe.get_all("Langkah Alur", pluck="name"))


def test_admin_opd_does_not_move_a_unit_out_or_in():
	as_user(user("admin"))
	doc = frappe.get_doc("Unit Kerja", "Bidang - UJI-A")
	doc.parent_unit_kerja = B
	with pytest.raises(frappe.PermissionError):
		doc.save()


def test_admin_opd_works_in_the_own_opd():
	as_user(user("admin"))
	unit = make("Unit Kerja", nama="Bidang Dua", jenis="Bidang", parent_unit_kerja=A)
	jabatan = make(
		"Jabatan", nama="Kabid Dua", unit=unit, jenjang="Administrator", peran=[{"peran": "PK Kepala Bidang"}]
	)
	official = make("Pejabat", nama="Uji baru", nip="198001012005011001", opd=A)
	assert factory.assign(official, jabatan)


@pytest.mark.parametrize(
	"values", [dict(lingkup=PEMDA), dict(lingkup=B), dict(peran=[{"peran": "PK Pembina"}])]
)
def test_power_beyond_the_opd_is_the_pemdas(values):
	values = dict(nama="Uji Luas", unit=A, jenjang="Pelaksana", **values)
	as_user(user("admin"))
	with pytest.raises(frappe.PermissionError):
		make("Jabatan", **values)
	as_user(user("pemda", PEMDA))
	assert make("Jabatan", **values)


@pytest.mark.parametrize("role", ["System Manager", "Administrator", "PK Entah"])
def test_a_jabatan_carries_our_roles_only(role):
	with pytest.raises(frappe.ValidationError):
		make("Jabatan", nama="Uji Luas", unit=A, jenjang="Pelaksana", peran=[{"peran": role}])


def test_the_heads_penugasan_and_accounts_are_the_pemdas():
	as_user(user("admin"))
	staff = frappe.db.get_value("Pejabat", {"user": user("staf")})
	with pytest.raises(frappe.PermissionError):
		factory.assign(staff, factory.post("kepala"), status="Plt.")
	with pytest.raises(frappe.PermissionError):
		make("Pejabat", nama="Uji", nip="198001012005011002", opd=A, user="Administrator")
	other = frappe.db.get_value("Pejabat", {"user": user("staf", B)})
	with pytest.raises(frappe.LinkValidationError):
		factory.assign(other, factory.post("staf"))


# ------------------------------------------------------------------------------------------------------------ grants


def roles(login) -> set:
	return {r for r in frappe.get_all("Has Role", {"parent": login}, pluck="role") if r.startswith("PK ")}


def opds(login) -> set:
	return set(frappe.get_all("User Permission", {"user": login, "allow": "Unit Kerja"}, pluck="for_value"))


def test_a_penugasan_gives_and_its_end_takes():
	login = user("staf")
	assert (roles(login), opds(login)) == ({"PK Pegawai"}, {A})
	official = frappe.db.get_value("Pejabat", {"user": login})
	doc = frappe.get_doc(
		"Penugasan Jabatan", factory.assign(official, factory.post("kepala", B), status="Plh.")
	)
	assert (roles(login), opds(login)) == ({"PK Pegawai", "PK Kepala OPD"}, {A, B})
	assert "PK Kepala OPD" in doc.peran_diberikan.splitlines()
	doc.selesai = "2021-01-01"
	doc.save()
	assert (roles(login), opds(login)) == ({"PK Pegawai"}, {A})


def test_a_date_that_passes_takes_too():
	login = user("staf")
	official = frappe.db.get_value("Pejabat", {"user": login})
	name = factory.assign(official, factory.post("kepala", B), status="Plh.")
	frappe.db.set_value("Penugasan Jabatan", name, "selesai", "2021-01-01")
	grants.reconcile_all()
	assert (roles(login), opds(login)) == ({"PK Pegawai"}, {A})


def test_roles_given_by_hand_stay():
	login = user("staf")
	frappe.get_doc("User", login).add_roles("PK Tim", "PK Kepala OPD")
	official = frappe.db.get_value("Pejabat", {"user": login})
	doc = frappe.get_doc(
		"Penugasan Jabatan", factory.assign(official, factory.post("kepala", B), status="Plh.")
	)
	doc.delete()
	assert {"PK Tim", "PK Kepala OPD"} <= roles(login) and opds(login) == {A}


def test_another_account_takes_the_power_along():
	old, new = user("staf"), user("tanpa")
	frappe.get_doc(doctype="User", email=new, first_name="Uji tanpa", send_welcome_email=0).insert()
	doc = frappe.get_doc("Pejabat", {"user": old})
	doc.user = new
	doc.save()
	assert (roles(old), opds(old)) == (set(), set()) and (roles(new), opds(new)) == ({"PK Pegawai"}, {A})


def test_the_record_of_grants_is_the_servers():
	doc = frappe.get_doc("Penugasan Jabatan", factory.assignment("staf"))
	before = doc.peran_diberikan
	doc.peran_diberikan = "PK Admin Pemda\nSystem Manager"
	doc.save()
	assert frappe.db.get_value("Penugasan Jabatan", doc.name, "peran_diberikan") == before


def test_roles_without_a_penugasan_open_nothing():
	login = user("staf")
	frappe.get_doc("User", login).add_roles("PK Admin OPD", "PK Kepala OPD")
	as_user(login)
	with pytest.raises(frappe.PermissionError):
		make("Unit Kerja", nama="Bidang Dua", jenis="Bidang", parent_unit_kerja=A)


# ------------------------------------------------------------------------------------------------- where they land


def landing(login) -> str:
	return frappe.db.get_value("User", login, "default_workspace") or ""


def test_whoever_uses_this_app_alone_begins_at_its_workspace():
	login = user("staf")
	assert landing(login) == "Perjankin"
	doc = frappe.get_doc("Penugasan Jabatan", factory.assignment("staf"))
	doc.selesai = "2021-01-01"
	doc.save()
	assert not landing(login)


def test_whoever_uses_other_apps_too_begins_where_the_host_says():
	login = user("staf")
	frappe.get_doc("User", login).add_roles("Website Manager")
	grants.reconcile(login)
	assert not landing(login)


def test_a_landing_page_of_ones_own_stays():
	login, other = user("staf"), frappe.get_all("Workspace", {"name": ("!=", "Perjankin")}, pluck="name")[0]
	frappe.db.set_value("User", login, "default_workspace", other)
	grants.reconcile(login)
	assert landing(login) == other


def test_the_hosts_workspaces_stand_before_ours():
	others = frappe.get_all("Workspace", {"public": 1, "name": ("!=", "Perjankin")}, pluck="sequence_id")
	assert frappe.db.get_value("Workspace", "Perjankin", "sequence_id") > max(others)
