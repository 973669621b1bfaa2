"""The demo data: consistent as files, refused on a site in use, and as entered on an embedded site of its own."""

import ast
import json
import os
import re

import frappe
import pytest

from perjankin_app import setup_demo
from perjankin_app.install import seed, seed_names
from perjankin_app.target_value import parse_target

YEAR = seed("demo/pemda.json")["tahun"]
AGENCIES = setup_demo._agencies()
CODES = {row["kode"]: row["nama"] for row in seed("nomenklatur.json")["baris"]}
KINDS = {"Angka", "Persen", "Predikat", "Rentang", "Tanggal"}


def indicators(rows):
	for row in rows:
		yield from row.get("indikator", ())
		yield from indicators(row.get("anak", ()))


each_agency = pytest.mark.parametrize("place", AGENCIES, ids=lambda place: place["singkatan"])

# ----------------------------------------------------------------------------------------------------------- the files


def test_codes_are_written_once_and_long_names_are_whole():
	rows = seed("nomenklatur.json")["baris"]
	assert len(CODES) == len(rows)
	assert not [row["kode"] for row in rows if len(row["nama"]) in (254, 255)]
	assert all(name.isupper() for code, name in CODES.items() if code.count(".") == 2)
	assert not [code for code in CODES if code.count(".") > 2 and code.split(".")[3] != "2"]
	for code in CODES:
		assert code.count(".") == 1 or code.rsplit(".", 1 + (code.count(".") == 4))[0] in CODES


@pytest.mark.parametrize(
	"code, years",
	[("8.01.01.2.01.01", (2020, 2022)), ("8.01.01.2.01.0001", (2023, None)), ("8.01.01", (2020, None))],
)
def test_years_of_a_code(code, years):
	found = setup_demo.validity(code)
	assert code in CODES
	assert (found["berlaku_mulai"], found.get("berlaku_sampai")) == years


def test_the_five_sops_are_used_by_one_agency_each():
	assert sorted(place["sop"] for place in AGENCIES) == [n for n in seed_names("sop") if n[0].isdigit()]


@each_agency
def test_what_is_referred_to_exists(place):
	measured = {row["nama"]: row for row in indicators(place["sasaran"])}
	posts = {post["kunci"] for post in place["jabatan"]}
	units = {unit["nama"] for unit in place["unit"]} | {"opd"}
	assert {post["unit"] for post in place["jabatan"]} <= units
	assert {row["penanggung_jawab"] for row in measured.values()} <= posts
	for pk in place["pk"]:
		assert {pk["jabatan"], pk["oleh"]} <= posts
		assert all(code in CODES for code in pk.get("program", {}))
		for name, target, *_ in pk["target"]:
			row = measured[name]
			assert parse_target(target, row.get("tipe_nilai", "Angka"), row.get("skala", "")).text
		weights = [row[2] for row in pk["target"] if len(row) > 2]
		assert not weights or sum(weights) == 100


def test_indicators_of_all_kinds():
	used = {row.get("tipe_nilai", "Angka") for place in AGENCIES for row in indicators(place["sasaran"])}
	assert used == KINDS


@each_agency
def test_programs_stay_within_the_budget_document(place):
	assert set(place["dpa"]["pagu"]) <= set(CODES)
	for pk in place["pk"]:
		for code, amount in pk.get("program", {}).items():
			program = ".".join(code.split(".")[:3])
			assert "perubahan" in pk or amount <= place["dpa"]["pagu"][program]


def test_the_real_example_adds_up():
	(real,) = (place for place in AGENCIES if place["singkatan"] == "KESBANGPOL")
	assert sum(real["pk"][0]["program"].values()) == sum(real["dpa"]["pagu"].values()) == 15_262_074_784


def test_logins_are_distinct_and_few_enough_for_core():
	logins = setup_demo.logins()
	assert (
		len({user for user, _password, _who in logins}) == len(logins) < 58
	)  # core allows 60 new users an hour
	assert all(user.endswith("@demo.example") and len(password) > 12 for user, password, _who in logins)
	assert ("kepala.bpsdm@demo.example", setup_demo.PASSWORD, "Kepala BPSDM, juga Plt. di BKPSDM") in logins


# --------------------------------------------------------------------------------------------------------- on this site


def test_a_site_in_use_is_refused():
	with pytest.raises(frappe.ValidationError, match="sudah mempunyai Unit Kerja"):
		setup_demo.run()


@pytest.mark.parametrize(
	"told", [{}, {"force": True}, {"force": True, "site": "lain.example"}, {"site": "SITE"}]
)
def test_a_site_that_others_use_is_refused_unless_told_twice(monkeypatch, told):
	"""Its accounts have a published password."""
	monkeypatch.setattr(setup_demo.frappe.db, "count", lambda *args, **kwargs: 0)
	monkeypatch.setattr(setup_demo, "_enter", lambda: pytest.fail("entered"))
	told = {key: frappe.local.site if value == "SITE" else value for key, value in told.items()}
	with pytest.raises(frappe.ValidationError, match=r"sudah dipakai .*@uji\.example") as refused:
		setup_demo.run(**told)
	# `bench execute` reads the arguments as Python does, not as JSON
	(advice,) = re.findall(r"--kwargs '(.+)'", str(refused.value))
	monkeypatch.setattr(setup_demo, "_enter", lambda: None)
	setup_demo.run(**ast.literal_eval(advice))


def test_all_or_nothing(monkeypatch):
	def half():
		frappe.get_doc(doctype="Satuan Kinerja", nama="Uji Setengah").insert()
		assert frappe.session.user == "Administrator"
		raise RuntimeError("half way")

	monkeypatch.setattr(setup_demo.frappe.db, "count", lambda *args, **kwargs: 0)
	monkeypatch.setattr(setup_demo, "_enter", half)
	frappe.set_user("Guest")
	with pytest.raises(RuntimeError):
		setup_demo.run(force=True, site=frappe.local.site)
	assert frappe.session.user == "Guest"
	assert not frappe.db.exists("Satuan Kinerja", "Uji Setengah")


def test_no_request_reaches_it():
	for name in ("run", "logins"):
		with pytest.raises(frappe.PermissionError):
			frappe.is_whitelisted(getattr(setup_demo, name))


# ------------------------------------------------------------------------------------------- on a demo site of its own


@pytest.fixture(scope="module")
def demo(request):
	"""Rows of an embedded demo site; this process serves another site."""
	if request.config.getoption("bench"):
		pytest.skip("the embedded demo site is not a bench's")
	from embedded import sites

	folder = sites.SITES / f"test-{os.getpid()}-demo"
	sites.copy(sites.template("demo"), folder)
	yield sites.reader(folder)
	sites.remove(folder)


@each_agency
def test_every_pk_is_where_the_data_say(demo, place):
	found = demo(
		"select p.workflow_state, p.docstatus, p.pdf_sha256 from `tabPerjanjian Kinerja` p where opd = %s order by name",
		place["nama"],
	)
	assert [row["workflow_state"] for row in found] == [pk["sampai"] for pk in place["pk"]]
	for row in found:
		assert bool(row["pdf_sha256"]) == bool(row["docstatus"])
	assert {row["docstatus"] for row in found if row["workflow_state"] == "Selesai"} <= {1}


def test_every_step_was_taken_by_a_user_of_its_own(demo):
	rows = demo(
		"select perjanjian_kinerja, urutan, pelaku, aksi, catatan, hash, hash_sebelumnya from `tabRiwayat Alur`"
	)
	known = {user for user, _password, _who in setup_demo.logins()}
	assert len(rows) > 50 and {row["pelaku"] for row in rows} <= known
	hashes = {(row["perjanjian_kinerja"], row["urutan"]): row["hash"] for row in rows}
	for row in rows:
		assert (row["hash_sebelumnya"] or None) == hashes.get((row["perjanjian_kinerja"], row["urutan"] - 1))
	returned = {row["catatan"] for row in rows if row["aksi"] == "Kembalikan"}
	assert returned == {
		pk["kembali"]["alasan"] for place in AGENCIES for pk in place["pk"] if "kembali" in pk
	}


def test_everybody_has_account_roles_and_scope(demo):
	users = {row["name"] for row in demo("select name from tabUser where enabled = 1")}
	scoped = {row["user"] for row in demo("select user from `tabUser Permission` where allow = 'Unit Kerja'")}
	roles = {row["parent"] for row in demo("select parent from `tabHas Role` where role = 'PK Pegawai'")}
	assert {user for user, _password, _who in setup_demo.logins()} <= users & scoped & roles


def test_its_accounts_are_remembered_for_uninstalling(demo):
	made = {
		row["defvalue"] for row in demo("select defvalue from `tabDefaultValue` where parent = '__perjankin'")
	}
	assert {user for user, _password, _who in setup_demo.logins()} <= made


def test_the_workflow_is_composed_of_all_chains(demo):
	chains = [row["name"] for row in demo("select name from `tabAlur Persetujuan` where status = 'Berlaku'")]
	conditions = " ".join(
		row["condition"] or "" for row in demo("select `condition` from `tabWorkflow Transition`")
	)
	assert len(chains) == 6 and all(json.dumps(name) in conditions for name in chains)
