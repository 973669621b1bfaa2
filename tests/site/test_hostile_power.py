"""What a hostile PK Admin OPD writes to get more power than the own OPD gives: each of these once went through."""

import factory
import frappe
import pytest
from factory import PEMDA, A, B, act, make, pk, user
from matrix import get
from test_versions import stored

from perjankin_app import assignments, permissions

PK, SETDA = "Perjanjian Kinerja", "Setda Uji"
ADMIN, CHIEF = user("admin"), user("pemda", PEMDA)
REFUSED = (frappe.PermissionError, frappe.LinkValidationError)


def official(key, opd=A):
	return frappe.db.get_value("Pejabat", {"user": user(key, opd)})


def assignment(key, opd=A):
	return frappe.get_doc("Penugasan Jabatan", factory.assignment(key, opd))


def post(key, opd=A):
	return frappe.get_doc("Jabatan", factory.post(key, opd))


def refused(doc, by=ADMIN, **values):
	"""`by` may not write `values` into `doc`."""
	frappe.set_user(by)
	doc.update(values)
	with pytest.raises(frappe.PermissionError):
		doc.save()


@pytest.fixture
def setda():
	"""Login of the PK Admin OPD where the Pemda's own staff sits."""
	roles = [{"peran": "PK Admin OPD"}]
	values = {"unit": factory.ORG, "jenjang": "Pelaksana", "lingkup": SETDA, "peran": roles}
	jabatan = make("Jabatan", nama="Admin Setda Uji", **values)
	factory.assign(factory.account("adminsetda", SETDA), jabatan)
	return user("adminsetda", SETDA)


# ---------------------------------------------------------------------------------------------------- the tree of units


@pytest.mark.parametrize(
	"values",
	[
		{"jenis": "Pemda", "parent_unit_kerja": None},
		{"jenis": "Bidang"},
		{"jenis": "Bagian", "parent_unit_kerja": SETDA},
	],
)
def test_an_opd_stays_where_it_is(values):
	refused(frappe.get_doc("Unit Kerja", A), **values)
	assert frappe.db.get_value("Unit Kerja", A, ["jenis", "parent_unit_kerja"]) == ("OPD", PEMDA)


def test_an_admin_of_two_opds_does_not_put_one_below_the_other():
	factory.assign(official("admin"), factory.post("admin", B), status="Plt.")
	refused(frappe.get_doc("Unit Kerja", A), parent_unit_kerja=B)


def test_nor_a_part_of_one_into_the_other():
	"""Who heads it would act there."""
	factory.assign(official("admin"), factory.post("admin", B), status="Plt.")
	refused(frappe.get_doc("Unit Kerja", "Bidang - UJI-A"), parent_unit_kerja=B)


@pytest.mark.parametrize("kind", ["OPD", "Pemda"])
def test_a_unit_does_not_become_an_opd(kind):
	unit = frappe.get_doc("Unit Kerja", "Bidang - UJI-A")
	above = None if kind == "Pemda" else A
	refused(unit, jenis=kind, singkatan="X", parent_unit_kerja=above)
	frappe.set_user(ADMIN)
	with pytest.raises(frappe.PermissionError):
		make("Unit Kerja", nama="Uji Anak", singkatan="UJI-X", jenis=kind, parent_unit_kerja=above)


def test_only_the_system_manager_makes_another_pemda():
	refused(frappe.get_doc("Unit Kerja", A), by=CHIEF, jenis="Pemda", parent_unit_kerja=None)


def test_the_ordinary_units_are_the_opds_own():
	frappe.set_user(ADMIN)
	frappe.get_doc("Unit Kerja", A).update({"kota": "Kota Lain"}).save()
	frappe.get_doc("Unit Kerja", "Bidang - UJI-A").update({"jenis": "Bagian", "nama": "Bagian"}).save()
	frappe.set_user(CHIEF)
	frappe.get_doc("Unit Kerja", A).update({"jenis": "Bagian", "parent_unit_kerja": SETDA}).save()


# ---------------------------------------------------------------------------------------------------------------- posts


@pytest.mark.parametrize(
	"values",
	[
		{"lingkup": "Subbag - UJI-A"},
		{"jenjang": "Kepala Daerah"},
		{"jenjang": "Administrator"},
		{"nama": "Pelaksana Uji"},
		{"struktural": 0},
		{"peran": []},
		{"unit": "Bidang - UJI-A"},
	],
)
def test_the_post_of_the_head_is_not_touched(values):
	refused(post("kepala"), **values)


def test_nobody_is_set_above_the_head():
	"""Its holder would sign in the Bupati's place."""
	above = make("Jabatan", nama="Bupati Lain", unit="Subbag - UJI-A", jenjang="Pelaksana")
	refused(post("kepala"), atasan=above)


@pytest.mark.parametrize("level", ["Kepala Daerah", "JPT"])
def test_a_level_above_the_opds_own(level):
	"""A Kepala Daerah signs alone."""
	frappe.set_user(ADMIN)
	with pytest.raises(frappe.PermissionError):
		make("Jabatan", nama="Uji Tinggi", unit=A, jenjang=level)
	refused(post("kabid"), jenjang=level)


def test_a_kepala_daerah_stands_in_the_pemda():
	frappe.set_user(CHIEF)
	with pytest.raises(frappe.ValidationError, match="berjenis Pemda"):
		make("Jabatan", nama="Uji Tinggi", unit=A, jenjang="Kepala Daerah")
	assert make("Jabatan", nama="Wakil Bupati Uji", unit=PEMDA, jenjang="Kepala Daerah", lingkup=PEMDA)


@pytest.mark.parametrize("key", ["pembina", "pemda"])
def test_a_post_of_the_pemda_is_not_of_the_opd_where_it_sits(setda, key):
	refused(post(key, PEMDA), setda, lingkup=SETDA)
	refused(post(key, PEMDA), setda, peran=[*post(key, PEMDA).peran, {"peran": "PK Admin OPD"}])
	reach = permissions.permitted_opd(user(key, PEMDA), "Penugasan Jabatan", "write")
	assert bool({A, B} & set(reach)) == (key == "pemda")


def test_a_post_with_the_lingkup_of_the_pemda_gets_no_role():
	"""Also where the post stands in the Pemda's own unit."""
	make("Jabatan", nama="Staf Ahli Uji", unit=PEMDA, jenjang="Fungsional")
	admin = make(
		"Jabatan", nama="Admin Unit Pemda", unit=PEMDA, jenjang="Pelaksana", peran=[{"peran": "PK Admin OPD"}]
	)
	factory.assign(factory.account("adminunit", PEMDA), admin)
	refused(
		frappe.get_doc("Jabatan", {"nama": "Staf Ahli Uji"}),
		user("adminunit", PEMDA),
		peran=[{"peran": "PK Penyusun"}],
	)


def test_a_superior_comes_from_the_own_opd():
	"""Whoever holds the post above is proposed as Pihak Kedua, with NIP and rank."""
	frappe.set_user(ADMIN)
	for above in (factory.post("kabid", B), factory.post("bupati", PEMDA)):
		doc = post("kasi")
		doc.atasan = above
		with pytest.raises(REFUSED):
			doc.save()
	frappe.set_user(CHIEF)
	doc = post("kasi")
	doc.update({"atasan": factory.post("kabid", B)}).save()
	refused(frappe.get_doc("Jabatan", doc.name), atasan=factory.post("kabid"))
	frappe.set_user(ADMIN)
	frappe.get_doc("Jabatan", doc.name).update({"nama": "Kasi Uji"}).save()


def test_the_own_post_gets_no_role_by_the_own_hand():
	refused(post("admin"), peran=[{"peran": "PK Admin OPD"}, {"peran": "PK Kasubbag Perencanaan"}])


def test_the_ordinary_posts_are_the_opds_own():
	frappe.set_user(ADMIN)
	doc = post("kasi")
	doc.update({"nama": "Kasi Uji", "lingkup": A, "atasan": factory.post("sekretaris")})
	doc.append("peran", {"peran": "PK Tim"})
	doc.save()
	post("kepala").save()  # which changes nothing


# ------------------------------------------------------------------------------------------------------------ Penugasan


def test_the_head_is_not_unseated():
	refused(assignment("kepala"), jabatan=factory.post("staf"))
	refused(assignment("kepala"), selesai="2020-12-31")
	assert assignments.in_force(user=user("kepala"), roles=["PK Kepala OPD"])


def test_a_penugasan_across_opds_is_not_taken_over():
	name = factory.assign(official("kabid", B), factory.post("kabid"), status="Plt.")
	refused(frappe.get_doc("Penugasan Jabatan", name), pejabat=official("staf"))


def test_nor_made_by_moving_the_official_first():
	factory.assign(official("admin"), factory.post("admin", B), status="Plt.")
	refused(frappe.get_doc("Pejabat", official("staf")), opd=B)


@pytest.mark.parametrize("key", ["kasubbag", "kabid", "staf"])
def test_an_admin_does_not_seat_himself(key):
	frappe.set_user(ADMIN)
	with pytest.raises(frappe.PermissionError, match="Anda sendiri"):
		factory.assign(official("admin"), factory.post(key), status="Plt.")
	other = frappe.get_doc(
		"Penugasan Jabatan", factory.assign(official("tim"), factory.post(key), status="Plt.")
	)
	refused(other, pejabat=official("admin"))
	refused(assignment("admin"), jabatan=factory.post(key))
	frappe.set_user(CHIEF)
	assert factory.assign(official("admin"), factory.post(key), status="Plt.")


def test_of_the_own_penugasan_the_number_of_the_decree_is_open():
	frappe.set_user(ADMIN)
	assignment("admin").update({"nomor_sk": "800/12"}).save()
	refused(assignment("admin"), selesai="2030-12-31")


def test_others_are_assigned_as_ever():
	frappe.set_user(ADMIN)
	doc = assignment("staf")
	doc.update({"jabatan": factory.post("tim"), "status": "Plt.", "selesai": "2030-12-31"}).save()


# ----------------------------------------------------------------------------------------------- who acted, stays in it


def test_a_penugasan_by_which_was_acted_stays_of_the_same_person():
	factory.publish()
	doc = act(act(pk(), "Selesai", by=user("penyusun")), "Paraf", by=user("kasubbag"))
	for key in ("kasubbag", "kepala"):  # who acted, and who is a party
		for values in ({"pejabat": official("staf")}, {"jabatan": factory.post("tim")}):
			frappe.set_user(CHIEF)
			with pytest.raises(frappe.ValidationError, match="penugasan baru"):
				assignment(key).update(values).save()
	frappe.set_user(ADMIN)
	assignment("kasubbag").update({"selesai": frappe.utils.today(), "nomor_sk": "800/1"}).save()
	assert doc.workflow_state == "Uji Tanda Tangan"


def test_pihak_pertama_does_not_check_the_own_pk_by_an_exchange():
	"""Barred is whom the Penugasan names."""
	rows = [factory.SIMPLE[0], factory.SIMPLE[1], *factory.BELOW[2:]]
	factory.publish(rows, jenjang="Pengawas", name="SOP Uji Pengawas")
	doc = act(pk("kasubbag"), "Selesai", by=user("penyusun"))
	frappe.set_user(ADMIN)
	with pytest.raises(frappe.DuplicateEntryError, match="sudah ada"):  # the own post a second time
		factory.assign(official("kasubbag"), factory.post("kasubbag"), status="Plt.")
	with pytest.raises(frappe.ValidationError, match="penugasan baru"):
		assignment("kasubbag").update({"pejabat": official("staf")}).save()
	assert user("kasubbag") not in factory.waiting_for(doc)


# ----------------------------------------------------------------------------------------------------------- the person


@pytest.mark.parametrize(
	"values",
	[
		{"nama": "Orang Lain"},
		{"nip": "198001012005011009"},
		{"status_kepegawaian": "Non ASN", "nip": ""},
	],
)
def test_who_the_head_is_is_not_the_opds_to_say(values):
	refused(frappe.get_doc("Pejabat", official("kepala")), **values)


def test_rank_and_grade_are():
	frappe.set_user(ADMIN)
	frappe.get_doc("Pejabat", official("kepala")).update({"pangkat": "Pembina Utama"}).save()
	frappe.get_doc("Pejabat", official("staf")).update({"nama": "Nama Baru, S.E."}).save()


# ---------------------------------------------------------------------------------------------------- links to elsewhere


def hidden(by, doctype, **values):
	"""`by` learns by no Link whether there is such a record."""
	frappe.set_user(by)
	missing = dict.fromkeys(values, "Tidak Ada")
	told = []
	for given in (values, missing):
		doc = frappe.get_doc(doctype, {"opd": frappe.db.get_value("Pejabat", {"user": by}, "opd")})
		doc.update(given)
		with pytest.raises(frappe.LinkValidationError) as refusal:
			doc.save()
		told.append(str(refusal.value).replace(next(iter(given.values())), "X"))
		frappe.clear_messages()
	assert told[0] == told[1]


def test_a_link_leads_to_what_the_user_may_read():
	by = user("admin", B)
	hidden(by, "Indikator Kinerja", penanggung_jawab=factory.post("kabid"))
	hidden(by, "Indikator Kinerja", sasaran=frappe.db.get_value("Sasaran Kinerja", {"opd": A}))
	hidden(by, "Sasaran Kinerja", unit="Bidang - UJI-A")
	hidden(by, "Sasaran Kinerja", parent_sasaran_kinerja=frappe.db.get_value("Sasaran Kinerja", {"opd": A}))
	frappe.set_user(by)
	own = frappe.get_doc("Indikator Kinerja", factory.indicator("Indeks Layanan", B))
	own.update({"penanggung_jawab": factory.post("kabid", B)}).save()


def test_what_an_admin_pemda_linked_stays_when_others_save():
	name = factory.indicator("Indeks Layanan", B)
	frappe.set_user(CHIEF)
	values = {"penanggung_jawab": factory.post("bupati", PEMDA)}
	frappe.get_doc("Indikator Kinerja", name).update(values).save()
	frappe.set_user(user("admin", B))
	frappe.get_doc("Indikator Kinerja", name).update({"formula": "x / y"}).save()


def test_a_sasaran_stands_below_the_pemdas():
	goal = make("Sasaran Kinerja", nama="Tujuan Uji", tingkat="Tujuan", opd=PEMDA, is_group=1)
	frappe.set_user(ADMIN)
	values = {"tingkat": "Sasaran Strategis", "parent_sasaran_kinerja": goal}
	assert make("Sasaran Kinerja", nama="Sasaran Uji", opd=A, **values)


@pytest.fixture
def cancelled(in_force):
	"""A cancelled PK of B."""
	return act(factory.forward(pk(opd=B)), "Batalkan", by=user("admin", B), reason="Salah")


def test_a_foreign_pk_is_not_amended(cancelled):
	"""Its name, its attachments, and B's own amendment would be gone."""
	frappe.set_user(user("penyusun"))
	jabatan = factory.post("kepala")
	values = {"unit": A, "jabatan": jabatan, "periode": "2026", "amended_from": cancelled.name}
	doc = frappe.get_doc(doctype=PK, **values)
	factory.fill(doc)
	with pytest.raises(frappe.LinkValidationError):
		doc.insert()


def test_what_a_pk_amends_does_not_change(cancelled):
	for origin, forged in ((cancelled.name, None), (None, cancelled.name)):
		doc = pk(opd=B, amended_from=origin)
		doc.update({"amended_from": forged}).save()
		assert stored(doc).amended_from == origin
		doc.delete()


def test_core_expands_no_link_to_another_opd(client, in_review):
	c, name = client(user("admin", B)), factory.indicator("Indeks Layanan", B)
	path = f"/api/resource/Indikator Kinerja/{name}"
	assert c.put(path, json={"penanggung_jawab": factory.post("kepala")}).status_code == 417
	assert "PK Kepala OPD" not in c.get(get(path, expand_links=1)).text


# --------------------------------------------------------------------------------- the role that every Jabatan brings


def test_an_employee_of_the_pemda_is_no_employee_of_every_opd():
	"""Inspektorat and Pembina reach across to read."""
	own = [dict(row, peran="PK Pegawai") if row["jenis"] == "Tugas" else row for row in factory.BELOW]
	factory.publish(own, jenjang="Pelaksana", name="SOP Uji Pelaksana")
	draft = dict(doctype=PK, unit=post("staf").unit, jabatan=factory.post("staf"), periode=str(factory.YEAR))
	for key in ("inspektur", "pembina"):
		frappe.set_user(user(key, PEMDA))
		with pytest.raises(frappe.PermissionError, match="dibuat oleh"):
			frappe.get_doc(draft).insert()
	frappe.set_user(user("staf"))
	assert frappe.get_doc(draft).insert().workflow_state == "Draf"
