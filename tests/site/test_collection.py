"""Permintaan Data: every unit fills and signs its form, the drafter returns single ones and compiles the rest into the PK."""

import json
from contextlib import contextmanager

import factory
import frappe
import pytest
from factory import A, B, act, assign, indicator, pk, publish, user
from frappe.utils import add_days, nowdate
from perjankin_app.perjankin_app.doctype.data_bidang import data_bidang as forms
from perjankin_app.perjankin_app.doctype.permintaan_data import permintaan_data as requests

PK, REQUEST, FORM = "Perjanjian Kinerja", "Permintaan Data", "Data Bidang"
SECRETARIAT, FIELD = "Sekretariat - UJI-A", "Bidang - UJI-A"
SIGNING, COLLECTING, CHECKING = "Uji Tanda Tangan Formulir", "Uji Himpun", "Uji Paraf"
CODE = "9.99.01"

# SOP 003: the drafter sends the form, each head signs it, the drafter collects
ROUND = [
	dict(kegiatan="Menyusun formulir", status="Draf", jenis="Tugas", peran="PK Penyusun"),
	dict(kegiatan="Menandatangani formulir", status=SIGNING, jenis="Tanda Tangan", peran="PK Kepala Bidang", sebagai="Formulir", jika_tidak="Draf"),
	dict(kegiatan="Menghimpun", status=COLLECTING, jenis="Himpun", peran="PK Penyusun", boleh_ubah=1),
	dict(kegiatan="Memaraf", status=CHECKING, jenis="Paraf", peran="PK Kasubbag Perencanaan", jika_tidak=COLLECTING),
	dict(kegiatan="Menandatangani", status="Uji Tanda Tangan", jenis="Tanda Tangan", peran="PK Kepala OPD", sebagai="Pihak Pertama", jika_tidak=CHECKING),
]  # fmt: skip
PAPERS = [
	("Draf", "Hasil", "Format Pengumpulan Data"),
	(SIGNING, "Hasil", "Formulir Bertanda Tangan"),
	(COLLECTING, "Hasil", "Data Bidang"),
]


@contextmanager
def refused(*words, kind=frappe.ValidationError):
	with pytest.raises(kind) as error:
		yield
	for word in words:
		assert word in str(error.value), str(error.value)


def denied(*words):
	return refused(*words, kind=frappe.PermissionError)


@pytest.fixture
def draft():
	publish(ROUND, papers=PAPERS)
	publish(ROUND, opd=B, name="SOP Uji B", papers=PAPERS)
	return pk(filled=False)


@pytest.fixture
def request_(draft):
	return ask(draft)


@pytest.fixture
def second_field():
	"""Another Bidang of OPD A with a Kabid of its own; gives its name."""
	frappe.set_user("Administrator")
	unit = factory.unit("Bidang Dua", "Bidang", A)
	factory.hold(
		"kabid2", A, "Kepala Bidang Dua Uji", unit, "Administrator", ["PK Kepala Bidang"], None, unit
	)
	return unit


def ask(doc, by="penyusun", **values):
	frappe.set_user(user(by))
	values = {"tenggat": add_days(nowdate(), 3), **values}
	return frappe.get_doc(doctype=REQUEST, perjanjian_kinerja=doc.name, **values).insert()


def form_of(unit, doc=None):
	filters = {"unit": unit, **({"perjanjian_kinerja": doc.name} if doc else {})}
	return frappe.get_doc(FORM, frappe.db.get_value(FORM, filters))


def fill(unit, by, targets=None, programs=None):
	"""Save the unit's form with {indicator: target} and {code: amount}."""
	frappe.set_user(user(by))
	doc = form_of(unit)
	doc.set("target", [{"indikator": indicator(k), "target": v} for k, v in (targets or {}).items()])
	doc.set("program", [{"nomenklatur": k, "anggaran": v} for k, v in (programs or {}).items()])
	return doc.save()


def as_user(by, call, *args, **kwargs):
	frappe.set_user(user(by))
	return call(*args, **kwargs)


def hand_in(unit, by, head, targets=None, programs=None):
	doc = fill(unit, by, targets or {"Indeks Layanan": "80"}, programs)
	as_user(head, forms.sign, doc.name)
	return doc.name


def both(accept=False, **field):
	names = [
		hand_in(SECRETARIAT, "kasubbag", "sekretaris", {"Nilai SAKIP": "BB"}, {CODE: 100}),
		hand_in(
			FIELD, "staf", "kabid", **{"targets": {"Indeks Layanan": "80"}, "programs": {CODE: 50}, **field}
		),
	]
	for name in names if accept else ():
		as_user("penyusun", forms.accept, name)
	return names


def preview(request, by="penyusun"):
	return as_user(by, requests.preview_compilation, request.name)


def rows_of(request, *kinds):
	return [row for row in preview(request)["baris"] if not kinds or row["jenis"] in kinds]


def compiled(request, rows=None, by="penyusun"):
	"""Compile `rows`, by default those that the dialog has ticked; gives the PK."""
	rows = [row for row in rows_of(request) if row["dipilih"]] if rows is None else rows
	as_user(by, requests.compile, request.name, json.dumps([row["kunci"] for row in rows]))
	return frappe.get_doc(PK, request.perjanjian_kinerja)


def content(doc):
	return (
		{row.indikator_teks.removesuffix(" UJI-A"): row.target for row in doc.target},
		{row.nomenklatur: row.anggaran for row in doc.program},
	)


# ------------------------------------------------------------------------------------------------ the request


def test_every_part_of_the_opd_is_asked_and_its_head_told(request_):
	assert [row.unit for row in request_.unit] == [SECRETARIAT, FIELD]
	assert {(f.unit, f.status, f.opd, f.tenggat) for f in request_.forms()} == {
		(unit, "Menunggu", A, frappe.utils.getdate(add_days(nowdate(), 3))) for unit in (SECRETARIAT, FIELD)
	}
	told = frappe.get_all("Notification Log", {"document_type": FORM}, ["for_user", "document_name"])
	assert {(row.for_user, row.document_name) for row in told} == {
		(user("sekretaris"), form_of(SECRETARIAT).name),
		(user("kabid"), form_of(FIELD).name),
	}


def test_one_request_per_pk(request_, draft):
	with refused(request_.name, draft.name, kind=frappe.DuplicateEntryError):
		ask(draft)


@pytest.mark.parametrize("by", ["kasubbag", "kabid", "admin", "staf"])
def test_only_the_holder_of_the_step_asks(draft, by):
	with pytest.raises(frappe.PermissionError):
		ask(draft, by=by)


def test_nobody_asks_for_the_pk_of_another_opd(draft):
	other = pk(opd=B, filled=False)
	with pytest.raises(frappe.PermissionError):
		ask(other)
	with pytest.raises(frappe.PermissionError):
		ask(other, opd=A)


def test_a_deadline_is_to_come(request_, draft):
	frappe.delete_doc(REQUEST, request_.name)
	with refused("Tenggat"):
		ask(draft, tenggat=add_days(nowdate(), -1))
	request = ask(draft, tenggat=nowdate())
	request.tenggat = add_days(nowdate(), -1)
	with refused("Tenggat"):
		request.save()
	request.reload()
	request.tenggat = add_days(nowdate(), 9)
	request.save()
	assert str(form_of(FIELD).tenggat) == add_days(nowdate(), 9)


@pytest.mark.parametrize("unit", [A, B, "Bidang - UJI-B", "Setda Uji"])
def test_only_parts_of_the_opd_are_asked(draft, unit):
	with refused("Unit baris 1", A):
		ask(draft, unit=[{"unit": unit}])


def test_a_unit_is_asked_once(draft):
	with refused("Unit baris 2", "baris 1"):
		ask(draft, unit=[{"unit": FIELD}, {"unit": FIELD}])


def test_units_come_and_go_until_they_have_filled_something(draft, second_field):
	request = ask(draft, unit=[{"unit": FIELD}])
	request.append("unit", {"unit": second_field})
	request.append("unit", {"unit": SECRETARIAT})
	request.save()
	assert {f.unit for f in request.forms()} == {FIELD, second_field, SECRETARIAT}
	fill(FIELD, "staf", {"Indeks Layanan": "80"})
	frappe.set_user(user("penyusun"))
	request.reload()
	request.unit = [row for row in request.unit if row.unit != second_field]
	request.save()
	assert {f.unit for f in request.forms()} == {FIELD, SECRETARIAT}
	assert not frappe.db.exists("Notification Log", {"for_user": user("kabid2"), "document_type": FORM})
	request.unit = [row for row in request.unit if row.unit != FIELD]
	with refused(FIELD, "sudah mengisi"):
		request.save()
	with refused(FIELD, "sudah mengisi"):
		frappe.delete_doc(REQUEST, request.name)


def test_an_empty_request_is_deleted_with_its_forms_by_the_holder_only(request_):
	frappe.set_user(user("kasubbag"))
	with denied(request_.perjanjian_kinerja):
		frappe.delete_doc(REQUEST, request_.name)
	frappe.set_user(user("penyusun"))
	frappe.delete_doc(REQUEST, request_.name)
	assert not frappe.db.count(FORM)


def test_a_form_is_neither_made_nor_deleted_by_hand(request_):
	for login in ("Administrator", user("penyusun"), user("kabid")):
		frappe.set_user(login)
		new = frappe.get_doc(doctype=FORM, permintaan=request_.name, unit=FIELD, perjanjian_kinerja=request_.perjanjian_kinerja)  # fmt: skip
		with pytest.raises(frappe.PermissionError):
			new.insert()
		with pytest.raises(frappe.PermissionError):
			frappe.delete_doc(FORM, form_of(FIELD).name)


# ------------------------------------------------------------------------------------------------ filling


@pytest.mark.parametrize("by", ["kabid", "kasi", "staf"])
def test_people_of_the_unit_fill_its_form(request_, by):
	doc = fill(FIELD, by, {"Indeks Layanan": "1.234,5"}, {CODE: "1.500.000"})
	assert (doc.target[0].target_angka, doc.target[0].sasaran_teks) == (
		1234.5,
		f"Meningkatnya mutu layanan {A}",
	)
	assert (doc.program[0].anggaran, doc.program[0].nama) == (1500000, "PROGRAM UJI")


@pytest.mark.parametrize("by", ["penyusun", "kasubbag", "sekretaris", "kepala", "admin", "tim"])
def test_others_of_the_opd_read_it_only(request_, by):
	frappe.set_user(user(by))
	assert frappe.get_list(FORM, {"unit": FIELD})
	with denied(FIELD):
		fill(FIELD, by, {"Indeks Layanan": "80"})


def test_people_below_the_unit_fill_its_form(request_):
	assert fill(SECRETARIAT, "kasubbag", {"Indeks Layanan": "80"}).target


def test_a_neighbouring_field_reads_but_neither_writes_nor_signs(draft, second_field):
	ask(draft)
	doc = fill(FIELD, "staf", {"Indeks Layanan": "80"})
	frappe.set_user(user("kabid2"))
	assert frappe.get_doc(FORM, doc.name).has_permission("read")
	with denied(FIELD):
		fill(FIELD, "kabid2", {"Indeks Layanan": "1"})
	for call, args in ((forms.sign, ()), (forms.refuse, ("salah",))):
		with denied("Kepala Bidang Uji"):
			as_user("kabid2", call, doc.name, *args)


def test_another_opd_sees_nothing(request_):
	frappe.set_user(user("kabid", B))
	assert not frappe.get_list(FORM) and not frappe.get_list(REQUEST)
	with pytest.raises(frappe.PermissionError) as error:
		forms.sign(form_of(FIELD).name)
	assert "Uji kabid UJI-A" not in str(error.value)  # not even who would have to sign
	with pytest.raises(frappe.PermissionError):
		requests.preview_compilation(request_.name)
	with pytest.raises(frappe.PermissionError):
		requests.compile(request_.name, '["x"]')


@pytest.mark.parametrize(
	("targets", "programs", "words"),
	[
		({"Indeks Layanan": "banyak"}, {}, ("Target baris 1, Target", "banyak")),
		({"Nilai SAKIP": "Z"}, {}, ("Target baris 1, Target",)),
		({}, {"9.99.01.2.01": 1}, ("Program baris 1", "jenjang JPT memuat Program")),
		({}, {CODE: "-1"}, ("Program baris 1, Anggaran",)),
	],
)
def test_a_form_is_checked_as_the_pk_is(request_, targets, programs, words):
	with refused(*words):
		fill(FIELD, "staf", targets, programs)


def test_an_indicator_of_another_opd(request_):
	frappe.set_user(user("staf"))
	doc = form_of(FIELD)
	doc.append("target", {"indikator": indicator("Indeks Layanan", B), "target": "1"})
	with refused("Target baris 1, Indikator", "OPD lain"):
		doc.save()


FORGED = {
	"status": "Diterima",
	"unit": SECRETARIAT,
	"opd": B,
	"tenggat": "2099-01-01",
	"alasan": "palsu",
	"penanda_tangan_nama": "Orang Lain",
	"penanda_tangan_jabatan": "Kepala Dinas",
	"ditandatangani_pada": "2026-01-01 00:00:00",
}


@pytest.mark.parametrize("field", FORGED)
def test_what_the_server_writes_is_not_the_clients(request_, field):
	fill(FIELD, "staf", {"Indeks Layanan": "80"})
	doc = form_of(FIELD)
	before = doc.get(field)
	frappe.set_user(user("staf"))
	doc.set(field, FORGED[field])
	doc.flags.ignore_links = True
	try:
		doc.save()
	except frappe.PermissionError:  # core's own answer to a foreign OPD
		pass
	assert frappe.db.get_value(FORM, doc.name, field) == before


# ------------------------------------------------------------------------------------------------ signing


def test_the_head_signs_as_what_they_are(request_):
	name = hand_in(FIELD, "staf", "kabid")
	doc = frappe.get_doc(FORM, name)
	assert (doc.status, doc.penanda_tangan, doc.penanda_tangan_nama, doc.penanda_tangan_jabatan) == (
		"Ditandatangani",
		factory.assignment("kabid"),
		"Uji kabid UJI-A",
		"Kepala Bidang Uji",
	)
	assert doc.ditandatangani_pada


def test_an_acting_head_signs_as_acting(request_):
	frappe.set_user("Administrator")
	official = frappe.db.get_value("Pejabat", {"user": user("kasi")})
	assign(official, factory.post("kabid"), status="Plt.", start="2026-01-01")
	name = hand_in(FIELD, "staf", "kasi")
	assert frappe.db.get_value(FORM, name, "penanda_tangan_jabatan") == "Plt. Kepala Bidang Uji"


def test_without_a_post_with_the_role_the_highest_structural_one_is_head(request_):
	frappe.db.delete("Peran Jabatan", {"parent": factory.post("kabid")})
	assert [h.user for h in forms.heads(FIELD)] == [user("kabid")]
	frappe.db.set_value("Jabatan", factory.post("kabid"), "struktural", 0)
	assert [h.user for h in forms.heads(FIELD)] == [user("kasi")]


def test_a_unit_without_a_head_says_so(request_):
	fill(FIELD, "staf", {"Indeks Layanan": "80"})
	frappe.db.set_value("Penugasan Jabatan", factory.assignment("kabid"), "selesai", "2026-01-01")
	with denied("Belum ada kepala", FIELD):
		as_user("kasi", forms.sign, form_of(FIELD).name)


@pytest.mark.parametrize("by", ["kasi", "staf", "penyusun", "sekretaris", "kepala"])
def test_nobody_else_signs_or_refuses(request_, by):
	doc = fill(FIELD, "staf", {"Indeks Layanan": "80"})
	with denied("Kepala Bidang Uji"):
		as_user(by, forms.sign, doc.name)
	with denied("Kepala Bidang Uji"):
		as_user(by, forms.refuse, doc.name, "alasan")


def test_an_empty_or_half_filled_form_is_not_signed(request_):
	name = form_of(FIELD).name
	with refused("Target Kinerja"):
		as_user("kabid", forms.sign, name)
	fill(FIELD, "staf", {"Indeks Layanan": ""})
	with refused("Target baris 1, Target: belum diisi"):
		as_user("kabid", forms.sign, name)


def test_nobody_signs_what_was_changed_meanwhile(request_):
	seen = str(form_of(FIELD).modified)
	doc = fill(FIELD, "staf", {"Indeks Layanan": "80"})
	with refused("Muat ulang", kind=frappe.TimestampMismatchError):
		as_user("kabid", forms.sign, doc.name, modified=seen)
	assert as_user("kabid", forms.sign, doc.name, modified=str(form_of(FIELD).modified)) == "Ditandatangani"


def test_a_signed_form_is_locked(request_):
	name = hand_in(FIELD, "staf", "kabid")
	for by in ("staf", "kabid"):
		with denied("Ditandatangani"):
			fill(FIELD, by, {"Indeks Layanan": "1"})
	for call in (forms.sign, forms.refuse):
		with refused("berstatus Ditandatangani"):
			as_user("kabid", call, name, *(["x"] if call is forms.refuse else []))
	as_user("penyusun", forms.accept, name)
	with denied("Diterima"):
		fill(FIELD, "staf", {"Indeks Layanan": "1"})


def test_a_refused_form_is_mended_and_signed(request_):
	doc = fill(FIELD, "staf", {"Indeks Layanan": "80"})
	with refused("alasan"):
		as_user("kabid", forms.refuse, doc.name, "  ")
	assert as_user("kabid", forms.refuse, doc.name, "Angka keliru") == "Ditolak"
	with refused("berstatus Ditolak"):
		as_user("kabid", forms.sign, doc.name)
	doc = fill(FIELD, "staf", {"Indeks Layanan": "81"})
	assert (doc.status, doc.alasan) == ("Menunggu", "Angka keliru")
	as_user("kabid", forms.sign, doc.name)
	assert not form_of(FIELD).alasan


# ------------------------------------------------------------------------------------------------ collecting


def test_a_form_given_back_is_signed_anew(request_):
	name = hand_in(FIELD, "staf", "kabid")
	frappe.db.delete("Notification Log")
	with refused("alasan"):
		as_user("penyusun", forms.give_back, name, "")
	assert as_user("penyusun", forms.give_back, name, "Lengkapi <b>TW</b>") == "Dikembalikan"
	doc = form_of(FIELD)
	assert not doc.penanda_tangan and not doc.ditandatangani_pada and not doc.penanda_tangan_nama
	(told,) = frappe.get_all("Notification Log", {"document_name": name}, ["for_user", "subject"])
	assert told.for_user == user("kabid") and "<b>" not in told.subject
	with refused("berstatus Dikembalikan"):
		as_user("penyusun", forms.accept, name)
	assert hand_in(FIELD, "staf", "kabid", {"Indeks Layanan": "81"}) == name
	assert as_user("penyusun", forms.accept, name) == "Diterima"
	assert as_user("penyusun", forms.give_back, name, "Sekali lagi") == "Dikembalikan"


@pytest.mark.parametrize("by", ["kasubbag", "kabid", "sekretaris", "kepala", "staf"])
def test_only_the_collector_accepts_and_gives_back(request_, by):
	name = hand_in(FIELD, "staf", "kabid")
	for call, args in ((forms.accept, ()), (forms.give_back, ("x",))):
		with denied("pemegang langkah"):
			as_user(by, call, name, *args)


def test_who_holds_the_signing_step_does_not_collect(request_, draft, second_field):
	"""In that step it is every Kabid's turn; one accepts no other's form, nor the own."""
	name, _field = both()[::-1]
	act(draft, "Selesai", by=user("penyusun"))
	for by in ("kabid", "kabid2"):
		with denied("pemegang langkah"):
			as_user(by, forms.accept, name)


def test_a_request_is_done_when_every_form_is_accepted(request_):
	first, second = both()
	as_user("penyusun", forms.accept, first)
	assert frappe.db.get_value(REQUEST, request_.name, "status") == "Berjalan"
	as_user("penyusun", forms.accept, second)
	assert frappe.db.get_value(REQUEST, request_.name, "status") == "Selesai"
	as_user("penyusun", forms.give_back, second, "Keliru")
	assert frappe.db.get_value(REQUEST, request_.name, "status") == "Berjalan"


def test_late_forms(request_):
	def late():
		frappe.set_user(user("penyusun"))
		return [line["terlambat"] for line in frappe.get_doc(REQUEST, request_.name).overview()]

	assert late() == [0, 0]
	hand_in(SECRETARIAT, "kasubbag", "sekretaris")
	frappe.db.set_value(FORM, {"permintaan": request_.name}, "tenggat", add_days(nowdate(), -2))
	frappe.db.set_value(FORM, form_of(SECRETARIAT).name, "ditandatangani_pada", add_days(nowdate(), -3))
	assert late() == [0, 2]
	frappe.db.set_value(FORM, form_of(SECRETARIAT).name, "ditandatangani_pada", add_days(nowdate(), -1))
	assert late() == [1, 2]


def test_the_chain_waits_for_every_head_and_every_form(request_, draft):
	"""SOP 003, steps 2 to 4."""
	draft = act(draft, "Selesai", by=user("penyusun"))
	field = hand_in(FIELD, "staf", "kabid")
	with refused("Formulir Bertanda Tangan", SECRETARIAT):
		act(draft, "Tanda Tangani", by=user("kabid"))
	hand_in(SECRETARIAT, "kasubbag", "sekretaris")
	draft = act(draft, "Tanda Tangani", by=user("kabid"))
	assert draft.workflow_state == COLLECTING
	as_user("penyusun", forms.accept, field)
	compiled(request_)
	with refused("Data Bidang", SECRETARIAT):
		act(draft, "Selesai", by=user("penyusun"))


def test_a_refusal_goes_back_to_the_drafter(request_, draft):
	doc = fill(FIELD, "staf", {"Indeks Layanan": "80"})
	draft = act(draft, "Selesai", by=user("penyusun"))
	as_user("kabid", forms.refuse, doc.name, "Angka keliru")
	with refused("Formulir Bertanda Tangan", FIELD):
		act(draft, "Tanda Tangani", by=user("kabid"))
	draft = act(draft, "Kembalikan", by=user("kabid"), reason="Angka keliru")
	assert draft.workflow_state == "Draf"


def test_forms_of_a_signed_pk_are_fixed(request_, draft):
	name = hand_in(FIELD, "staf", "kabid")
	frappe.db.set_value(PK, draft.name, "docstatus", 1)
	with denied("ditandatangani"):
		fill(SECRETARIAT, "kasubbag", {"Indeks Layanan": "80"})
	for by, call, args in (("penyusun", forms.accept, ()), ("penyusun", forms.give_back, ("x",))):
		with pytest.raises(frappe.PermissionError):
			as_user(by, call, name, *args)


# ------------------------------------------------------------------------------------------------ compiling


def test_accepted_forms_are_compiled_and_nothing_else(request_, draft):
	first, _second = both()
	as_user("penyusun", forms.accept, first)
	assert preview(request_)["menunggu"] == [FIELD]
	doc = compiled(request_)
	assert content(doc) == ({"Nilai SAKIP": "BB"}, {CODE: 100})
	as_user("penyusun", forms.accept, form_of(FIELD).name)
	assert [(row["jenis"], row["unit"]) for row in rows_of(request_, "baru", "berubah")] == [
		("baru", (FIELD,)),
		("berubah", (FIELD, SECRETARIAT)),
	]
	doc = compiled(request_)
	assert content(doc) == ({"Nilai SAKIP": "BB", "Indeks Layanan": "80"}, {CODE: 150})
	assert doc.total_anggaran == 150


def test_compiling_again_changes_nothing(request_):
	both(accept=True)
	before = compiled(request_)
	assert {row["jenis"] for row in rows_of(request_)} == {"sama"}
	after = compiled(request_, rows_of(request_))
	assert content(after) == content(before)
	assert [row.name for row in after.target] == [row.name for row in before.target]


def test_what_was_edited_by_hand_stays_unless_chosen(request_):
	both(accept=True)
	doc = compiled(request_)
	doc.target[0].keterangan = "dengan tangan"
	doc.target[1].target = "99" if doc.target[1].tipe_nilai == "Angka" else "A"
	doc.append("target", {"indikator": indicator("Persentase Selesai"), "target": "100"})
	doc.save()
	by_hand = content(doc)
	assert {row["jenis"] for row in rows_of(request_) if row["tabel"] == "target"} == {"bentrok"}
	assert not [row for row in rows_of(request_) if row["dipilih"]]
	(row,) = (row for row in rows_of(request_, "bentrok") if "Indeks" in row["nama"])
	assert {d["label"] for d in row["beda"]} & {"Target Kinerja", "Keterangan"}
	doc = compiled(request_, [row])
	targets, _programs = content(doc)
	assert targets == {**by_hand[0], "Indeks Layanan": "80"}
	assert "Persentase Selesai" in targets


def test_a_changed_form_changes_its_rows_only(request_):
	both(accept=True)
	compiled(request_)
	name = form_of(FIELD).name
	as_user("penyusun", forms.give_back, name, "Naikkan")
	assert {row["jenis"] for row in rows_of(request_)} == {"sama"}, "a form that was given back is not gone"
	hand_in(FIELD, "staf", "kabid", {"Tanggal Penetapan": "31 Desember 2026"}, {CODE: 70})
	as_user("penyusun", forms.accept, name)
	assert sorted((row["jenis"], row["tabel"]) for row in rows_of(request_) if row["dipilih"]) == [
		("baru", "target"),
		("berubah", "program"),
		("hilang", "target"),
	]
	assert content(compiled(request_)) == (
		{"Nilai SAKIP": "BB", "Tanggal Penetapan": "31 Desember 2026"},
		{CODE: 170},
	)


def test_units_that_disagree_on_a_target_are_a_choice(request_):
	both(accept=True, targets={"Nilai SAKIP": "A"})
	rows = rows_of(request_, "bentrok")
	assert [row["unit"] for row in rows] == [(FIELD,), (SECRETARIAT,)]
	with refused("dua unit"):
		compiled(request_, rows)
	assert content(compiled(request_, rows[:1]))[0] == {"Nilai SAKIP": "A"}


def test_a_list_that_is_out_of_date_writes_nothing(request_):
	both(accept=True)
	old = rows_of(request_)
	doc = frappe.get_doc(PK, request_.perjanjian_kinerja)
	doc.append("target", {"indikator": indicator("Indeks Layanan"), "target": "1"})
	doc.save()
	with refused("Buka kembali", kind=frappe.TimestampMismatchError):
		compiled(request_, old)
	assert content(frappe.get_doc(PK, doc.name)) == ({"Indeks Layanan": "1"}, {})


@pytest.mark.parametrize("keys", ["", "[]", "{}", "null", "[1]", "[[]]", "x"])
def test_keys_that_are_no_choice(request_, keys):
	with refused("Pilih sedikitnya satu baris"):
		as_user("penyusun", requests.compile, request_.name, keys)


@pytest.mark.parametrize("by", ["kasubbag", "kabid", "sekretaris", "kepala", "admin"])
def test_only_the_holder_of_an_editable_step_compiles(request_, by):
	both(accept=True)
	rows = rows_of(request_)
	assert not preview(request_, by)["boleh"]
	with pytest.raises(frappe.PermissionError):
		compiled(request_, rows, by=by)
	assert content(frappe.get_doc(PK, request_.perjanjian_kinerja)) == ({}, {})


def test_nobody_compiles_where_the_content_is_closed(request_, draft):
	both(accept=True)
	draft = act(draft, "Selesai", by=user("penyusun"))
	rows = rows_of(request_)
	for by in ("penyusun", "kabid"):
		with pytest.raises(frappe.PermissionError):
			compiled(request_, rows, by=by)


# ------------------------------------------------------------------------------------------------ over HTTP


@pytest.fixture
def over_http(committed):
	publish(ROUND, papers=PAPERS)
	request = ask(pk(filled=False))
	fill(FIELD, "staf", {"Indeks Layanan": "80"})
	frappe.set_user("Administrator")
	frappe.db.commit()
	yield request
	factory.purge()
	frappe.db.delete("Notification Log", {"document_type": FORM})
	frappe.db.delete("Version", {"ref_doctype": ("in", (FORM, REQUEST))})
	frappe.db.commit()


def stored(doctype, name):
	frappe.db.rollback()
	return frappe.get_doc(doctype, name)


@pytest.mark.parametrize("by", ["staf", "penyusun", "kabid"])
def test_forged_fields_over_http(client, over_http, by):
	before = form_of(FIELD)
	for field, value in {**FORGED, "permintaan": None, "perjanjian_kinerja": None, "docstatus": 1}.items():
		client(user(by)).put(f"/api/resource/{FORM}/{before.name}", json={field: value})
		after = stored(FORM, before.name)
		for kept in (*forms.DataBidang.SERVER_FIELDS, "docstatus"):
			assert after.get(kept) == before.get(kept), (field, kept)
	for field, value in (("status", "Selesai"), ("hasil_kompilasi", '{"target": {}}'), ("opd", B)):
		client(user("penyusun")).put(f"/api/resource/{REQUEST}/{over_http.name}", json={field: value})
		after = stored(REQUEST, over_http.name)
		assert (after.status, after.hasil_kompilasi, after.opd) == ("Berjalan", None, A), field


def test_rows_forms_and_moves_over_http(client, over_http):
	doc = form_of(FIELD)
	row = doc.target[0]
	staff, drafter = client(user("staf")), client(user("penyusun"))
	calls = (
		staff.put(f"/api/resource/Target Kinerja/{row.name}", json={"target": "1"}),
		staff.post("/api/method/frappe.client.insert", json={"doc": {"doctype": FORM, "permintaan": over_http.name, "perjanjian_kinerja": doc.perjanjian_kinerja, "unit": FIELD}}),
		drafter.post("/api/method/frappe.client.insert", json={"doc": {"doctype": "Unit Permintaan", "parent": over_http.name, "parenttype": REQUEST, "parentfield": "unit", "unit": "Bidang - UJI-B"}}),
		staff.delete(f"/api/resource/{FORM}/{doc.name}"),
		drafter.post(f"/api/method/{forms.__name__}.accept", json={"name": doc.name}),
		staff.post(f"/api/method/{forms.__name__}.sign", json={"name": doc.name}),
		client(user("kabid")).get(f"/api/method/{forms.__name__}.sign?name={doc.name}"),
		client(user("kabid")).post(f"/api/method/{forms.__name__}.refuse", json={"name": doc.name, "reason": ["x"]}),
		client(user("kabid")).post(f"/api/method/{forms.__name__}.sign", json={"name": [doc.name]}),
		drafter.get(f"/api/method/{requests.__name__}.compile?name={over_http.name}&keys=[]"),
		drafter.post(f"/api/method/{requests.__name__}.compile", json={"name": over_http.name, "keys": {"a": 1}}),
	)  # fmt: skip
	assert [call.status_code for call in calls if call.status_code < 400 or call.status_code >= 500] == []
	after = stored(FORM, doc.name)
	assert (after.status, after.target[0].target, frappe.db.count(FORM)) == ("Menunggu", "80", 2)


def test_a_round_over_http(client, over_http):
	doc = form_of(FIELD)
	call = f"/api/method/{forms.__name__}"
	signed = client(user("kabid")).post(
		f"{call}.sign", json={"name": doc.name, "modified": str(doc.modified)}
	)
	assert signed.json["message"] == "Ditandatangani", signed.text
	drafter = client(user("penyusun"))
	assert drafter.post(f"{call}.accept", json={"name": doc.name}).json["message"] == "Diterima"
	requests_ = f"/api/method/{requests.__name__}"
	plan = drafter.get(f"{requests_}.preview_compilation?name={over_http.name}").json["message"]
	keys = json.dumps([row["kunci"] for row in plan["baris"] if row["dipilih"]])
	assert (
		drafter.post(f"{requests_}.compile", json={"name": over_http.name, "keys": keys}).status_code == 200
	)
	assert content(stored(PK, over_http.perjanjian_kinerja)) == ({"Indeks Layanan": "80"}, {})
