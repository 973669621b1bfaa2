"""Asistensi: remarks row by row, in rounds, and what changed between two of them."""

import json

import factory
import frappe
import pytest
from factory import PEMDA, A, B, act, indicator, pk, post, publish, user
from perjankin_app.perjankin_app.doctype.catatan_asistensi.catatan_asistensi import reopen, resolve

from perjankin_app import rounds
from perjankin_app.workflow import log

REMARK, PK = "Catatan Asistensi", "Perjanjian Kinerja"
DRAFTER, REVIEWER = user("penyusun"), user("pembina", PEMDA)
CHECK = "Uji Asistensi"
ROWS = [
	dict(kegiatan="Menyusun draf", status="Draf", jenis="Tugas", peran="PK Penyusun"),
	dict(kegiatan="Asistensi", status=CHECK, jenis="Asistensi", peran="PK Pembina", jika_tidak="Draf"),
	dict(kegiatan="Memaraf", status="Uji Paraf", jenis="Paraf", peran="PK Kasubbag Perencanaan", jika_tidak="Draf"),
	dict(kegiatan="Menandatangani", status="Uji Tanda Tangan", jenis="Tanda Tangan", peran="PK Kepala OPD", sebagai="Pihak Pertama", jika_tidak=CHECK),
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def chain(world):
	"""In both OPD, committed."""
	publish(ROWS)
	publish(ROWS, opd=B, name="SOP Uji B")
	frappe.db.commit()
	yield
	factory.purge()


@pytest.fixture
def in_check():
	return act(pk(), "Selesai", by=DRAFTER)


def remark(doc, by=REVIEWER, **values):
	frappe.set_user(by)
	values = {"bagian": "Umum", "catatan": "Perjelas", **values}
	return frappe.get_doc(doctype=REMARK, perjanjian_kinerja=doc.name, **values).insert()


def returned(doc):
	return act(doc, "Kembalikan", by=REVIEWER, reason="Lihat catatan")


def change(doc, by=DRAFTER, **values):
	frappe.set_user(by)
	doc = frappe.get_doc(REMARK, doc.name)
	doc.update(values)
	return doc.save()


def stored(doc):
	return frappe.db.get_value(REMARK, doc.name, "*", as_dict=True)


def refused(call, *args, match=None, error=frappe.PermissionError, **kwargs):
	with pytest.raises(error, match=match):
		call(*args, **kwargs)


def seen(doc, by):
	"""What the form is told."""
	frappe.set_user(by)
	doc = frappe.get_doc(PK, doc.name)
	doc.run_method("onload")
	return doc.get_onload("perubahan"), doc.get_onload("asistensi")


def test_a_remark_and_setujui_at_the_same_moment(client, committed):
	"""Either the remark holds the PK back, or it comes too late and its giver is told."""
	frappe.set_user(REVIEWER)
	reviewer = client(REVIEWER)
	for _ in range(6):
		doc = act(pk(), "Selesai", by=DRAFTER)
		frappe.db.commit()
		values = dict(perjanjian_kinerja=doc.name, bagian="Umum", catatan="Perjelas")
		action = dict(doc=frappe.as_json(doc), action="Setujui")
		given, agreed = factory.at_once(
			lambda v=values: reviewer.post(f"/api/resource/{REMARK}", json=v),
			lambda a=action: reviewer.post("/api/method/frappe.model.workflow.apply_workflow", json=a),
		)
		frappe.db.rollback()
		left = frappe.db.get_value(PK, doc.name, "workflow_state") == "Uji Paraf"
		remarks = frappe.db.count(REMARK, {"perjanjian_kinerja": doc.name})
		try:
			assert sorted((given.status_code, agreed.status_code))[0] == 200, (given.text, agreed.text)
			assert left == (agreed.status_code == 200) == (given.status_code != 200) == (not remarks)
		finally:
			factory.purge_documents()


# ------------------------------------------------------------------------------------------------------- given by whom


def test_the_reviewer_of_another_unit_remarks_on_rows(in_check):
	row = remark(in_check, bagian="Target Kinerja", indikator=indicator("Nilai SAKIP"), nomenklatur="9.99.01")
	program = remark(in_check, bagian="Program", nomenklatur="9.99.01", indikator=indicator("Nilai SAKIP"))
	assert (row.opd, row.status, row.putaran, row.pemberi) == (A, "Terbuka", 1, "Kabag Organisasi Uji")
	assert (row.nomenklatur, program.indikator) == (None, None)


@pytest.mark.parametrize(
	"values, match",
	[
		(dict(bagian="Target Kinerja"), "Indikator"),
		(dict(bagian="Program"), "Nomenklatur"),
		(dict(bagian="Program", nomenklatur="9.99.01.2.01"), "Nomenklatur"),
		(dict(catatan=" "), "Catatan|catatan"),
		(dict(bagian="Lain"), "Lain"),
	],
)
def test_a_remark_names_a_row_of_this_pk(in_check, values, match):
	refused(remark, in_check, error=frappe.ValidationError, match=match, **values)


def test_an_indicator_that_the_pk_has_not(in_check):
	foreign = indicator("Nilai SAKIP", B)
	refused(remark, in_check, error=frappe.ValidationError, bagian="Target Kinerja", indikator=foreign)


def test_a_remark_without_a_pk():
	frappe.set_user(REVIEWER)
	for name in (None, "", "tidak-ada"):
		doc = frappe.get_doc(doctype=REMARK, perjanjian_kinerja=name, catatan="x")
		refused(doc.insert, error=frappe.ValidationError, match="PK")


@pytest.mark.parametrize("key", ["penyusun", "kasubbag", "kepala", "admin", "staf"])
def test_nobody_else_remarks(in_check, key):
	refused(remark, in_check, by=user(key), match=f"{CHECK}.*Kabag Organisasi|menunggu")


def test_nor_does_another_opd(in_check):
	refused(remark, in_check, by=user("kasubbag", B))


def test_nor_the_reviewer_when_it_is_not_the_turn(in_check):
	refused(remark, pk(opd=B), match="sedang pada langkah Draf")
	doc = act(in_check, "Setujui", by=REVIEWER)
	refused(remark, doc, match="Uji Paraf")
	refused(remark, factory.forward(doc), match="berstatus Selesai")


def test_server_fields_are_the_servers(in_check):
	doc = remark(
		in_check, status="Selesai", putaran=9, pemberi="Bupati", tanggapan="sudah", penanggap="x", opd=B,
		owner=DRAFTER, docstatus=0,
	)  # fmt: skip
	row = stored(doc)
	assert (row.status, row.putaran, row.pemberi, row.opd, row.owner) == (
		"Terbuka", 1, "Kabag Organisasi Uji", A, REVIEWER,
	)  # fmt: skip
	assert not row.tanggapan and not row.penanggap


def test_an_acting_reviewers_title_says_so(in_check):
	frappe.set_user("Administrator")
	acting = factory.assign(frappe.db.get_value("Pejabat", {"user": user("inspektur", PEMDA)}), post("pembina", PEMDA), "Plt.")  # fmt: skip
	assert acting and remark(in_check, by=user("inspektur", PEMDA)).pemberi == "Plt. Kabag Organisasi Uji"


# ---------------------------------------------------------------------------------------------- answered and resolved


def test_the_drafter_answers_and_the_reviewer_resolves(in_check):
	doc = remark(in_check)
	returned(in_check)
	row = change(doc, tanggapan="Sudah diubah", pemberi="x", putaran=7, status="Selesai", owner=DRAFTER)
	assert (row.tanggapan, row.penanggap) == ("Sudah diubah", "Penyusun Program Uji")
	row = stored(doc)
	assert (row.status, row.putaran, row.pemberi, row.owner) == (
		"Terbuka",
		1,
		"Kabag Organisasi Uji",
		REVIEWER,
	)
	act(in_check, "Selesai", by=DRAFTER)
	frappe.set_user(REVIEWER)
	resolve(doc.name)
	assert stored(doc).status == "Selesai"
	resolve(doc.name)
	reopen(doc.name)
	assert stored(doc).status == "Terbuka"


def test_the_drafter_does_not_resolve(in_check):
	doc = remark(in_check)
	for by in (DRAFTER, user("kasubbag"), user("admin")):
		frappe.set_user(by)
		refused(resolve, doc.name, match="Kabag Organisasi Uji")
	frappe.set_user(user("kasubbag", B))
	with pytest.raises(frappe.PermissionError) as told:
		resolve(doc.name)
	assert in_check.name not in str(told.value) and "Kabag" not in str(told.value)
	frappe.set_user(REVIEWER)
	returned(in_check)
	for by in (DRAFTER, REVIEWER):  # nor anybody when no asistensi runs
		frappe.set_user(by)
		refused(resolve, doc.name)
		refused(reopen, doc.name)
	assert stored(doc).status == "Terbuka"


def test_the_reviewer_does_not_answer(in_check):
	doc = remark(in_check)
	refused(change, doc, by=REVIEWER, tanggapan="saya jawab sendiri", match="Tanggapan ditulis penyusun")
	returned(in_check)
	refused(change, doc, by=REVIEWER, tanggapan="saya jawab sendiri")
	refused(change, doc, by=user("kasubbag"), tanggapan="bukan giliran saya")
	refused(change, doc, by=user("kasubbag"))  # nor saves it as it is
	assert not stored(doc).tanggapan


def test_a_reviewer_who_may_edit_the_content_is_no_drafter(in_check):
	frappe.db.set_value("Langkah Alur", {"parent": in_check.alur, "status": CHECK}, "boleh_ubah", 1)
	frappe.clear_document_cache("Alur Persetujuan", in_check.alur)
	getattr(frappe.local, "request_cache", {}).clear()
	doc = remark(in_check)
	assert frappe.get_doc(PK, in_check.name).current_step().editable
	refused(change, doc, by=REVIEWER, tanggapan="saya jawab sendiri")


def test_an_answer_is_cleared_by_the_drafter_only(in_check):
	doc = remark(in_check)
	returned(in_check)
	change(doc, tanggapan="Sudah")
	act(in_check, "Selesai", by=DRAFTER)
	refused(change, doc, by=REVIEWER, tanggapan="")
	returned(in_check)
	assert change(doc, tanggapan="").penanggap is None


def test_a_resolved_remark_is_not_answered(in_check):
	doc = remark(in_check)
	resolve(doc.name)
	returned(in_check)
	refused(change, doc, tanggapan="lagi", match="sudah Selesai")


def test_only_the_giver_changes_the_words_in_the_same_round(in_check):
	doc = remark(in_check)
	assert change(doc, by=REVIEWER, catatan="Perjelas satuannya").catatan == "Perjelas satuannya"
	frappe.set_user("Administrator")
	factory.assign(frappe.db.get_value("Pejabat", {"user": user("inspektur", PEMDA)}), post("pembina", PEMDA), "Plt.")  # fmt: skip
	refused(change, doc, by=user("inspektur", PEMDA), catatan="x", match="hanya pemberinya")
	resolve(doc.name)
	refused(change, doc, by=REVIEWER, catatan="x", match="selama Terbuka")
	reopen(doc.name)
	returned(in_check)
	refused(change, doc, catatan="x")
	refused(change, doc, by=REVIEWER, catatan="x")
	act(in_check, "Selesai", by=DRAFTER)
	refused(change, doc, by=REVIEWER, catatan="x", match="putaran 1")
	assert stored(doc).catatan == "Perjelas satuannya"


def test_a_remark_does_not_move_to_another_pk_or_row(in_check):
	doc = remark(in_check, bagian="Target Kinerja", indikator=indicator("Nilai SAKIP"))
	other = act(pk(opd=B), "Selesai", by=user("penyusun", B))
	change(
		doc, by=REVIEWER, catatan="Baru", perjanjian_kinerja=other.name, opd=B, bagian="Umum", indikator=None,
		putaran=3,
	)  # fmt: skip
	row = stored(doc)
	assert (row.perjanjian_kinerja, row.opd, row.bagian, row.indikator, row.putaran, row.catatan) == (
		in_check.name, A, "Target Kinerja", indicator("Nilai SAKIP"), 1, "Baru",
	)  # fmt: skip


def test_a_remark_is_deleted_by_its_giver_in_its_round(in_check):
	one, two = remark(in_check), remark(in_check)
	for by in (DRAFTER, user("admin"), user("pemda", PEMDA)):
		frappe.set_user(by)
		refused(frappe.delete_doc, REMARK, one.name)
	frappe.set_user(REVIEWER)
	frappe.delete_doc(REMARK, one.name)
	resolve(two.name)
	refused(frappe.delete_doc, REMARK, two.name)
	reopen(two.name)
	doc = returned(in_check)
	refused(frappe.delete_doc, REMARK, two.name, match="menunggu Penyusun")
	act(doc, "Selesai", by=DRAFTER)
	frappe.set_user(REVIEWER)
	refused(frappe.delete_doc, REMARK, two.name, match="putaran 1")
	assert frappe.get_all(REMARK, {"perjanjian_kinerja": in_check.name}, pluck="name") == [two.name]


# --------------------------------------------------------------------------------------------------------- the gate


def test_the_pk_does_not_leave_with_an_open_remark(in_check):
	one, two = remark(in_check), remark(in_check)
	resolve(one.name)
	refused(
		act, in_check, "Setujui", by=REVIEWER, error=frappe.ValidationError, match="1 catatan belum selesai"
	)
	resolve(two.name)
	assert act(in_check, "Setujui", by=REVIEWER).workflow_state == "Uji Paraf"


def test_listed_by_the_sop_it_is_told_once():
	publish(
		ROWS, jenjang="Administrator", name="SOP Uji Daftar", papers=[(CHECK, "Hasil", "Catatan Asistensi")]
	)
	doc = act(pk("kabid"), "Selesai", by=DRAFTER)
	remark(doc)
	frappe.clear_messages()
	refused(act, doc, "Setujui", by=REVIEWER, error=frappe.ValidationError)
	assert json.dumps(frappe.get_message_log(), default=str).count("belum selesai") == 1


# ----------------------------------------------------------------------------------------------- rounds, and the diff


def test_two_rounds_with_what_changed_between_them(in_check):
	doc = in_check
	assert seen(doc, REVIEWER)[0] is None  # nobody has looked yet
	first = remark(doc, bagian="Target Kinerja", indikator=indicator("Indeks Layanan"))
	doc = returned(doc)
	changed, remarks = seen(doc, DRAFTER)
	assert (changed["dari"], changed["aksi"], changed["baris"]) == (CHECK, "Kembalikan", [])
	assert (remarks["putaran"], remarks["terbuka"], remarks["boleh_memberi"]) == (1, 1, False)
	assert remarks["baris"][0].boleh == {"selesai": False, "buka": False, "ubah": False, "tanggapi": True}

	frappe.set_user(DRAFTER)
	doc = frappe.get_doc(PK, doc.name)
	doc.target[0].target = "85"
	doc.remove(doc.target[4])
	doc.program[0].anggaran = 2000000
	doc.save()
	expected = [
		("Target Kinerja", "Indeks Layanan UJI-A", "Target Kinerja", "82,7", "85"),
		("Target Kinerja", "Tanggal Penetapan UJI-A", "", "Sasaran: Meningkatnya mutu layanan Dinas Uji A; Target Kinerja: 31 Desember 2026", ""),
		("Program", "PROGRAM UJI", "Anggaran", "Rp 1.500.000", "Rp 2.000.000"),
	]  # fmt: skip
	assert lines(seen(doc, DRAFTER)[0]) == expected
	change(first, tanggapan="Target dinaikkan")
	doc = act(doc, "Selesai", by=DRAFTER)
	for by in (REVIEWER, DRAFTER, user("staf")):
		assert lines(seen(doc, by)[0]) == expected

	remarks = seen(doc, REVIEWER)[1]
	assert remarks["baris"][0].baris == "Indeks Layanan UJI-A"
	assert (remarks["putaran"], remarks["boleh_memberi"]) == (2, True)
	assert remarks["baris"][0].boleh == {"selesai": True, "buka": False, "ubah": False, "tanggapi": False}
	assert remark(doc).putaran == 2
	for row in seen(doc, REVIEWER)[1]["baris"]:
		resolve(row.name)
	doc = act(doc, "Setujui", by=REVIEWER)
	assert seen(doc, user("kasubbag"))[0] is None  # its first look

	doc = act(doc, "Kembalikan", by=user("kasubbag"), reason="Kurang")
	assert (seen(doc, DRAFTER)[0]["dari"], seen(doc, DRAFTER)[0]["baris"]) == ("Uji Paraf", [])
	doc = act(doc, "Selesai", by=DRAFTER)
	assert seen(doc, REVIEWER)[1]["putaran"] == 3
	assert seen(doc, REVIEWER)[0]["baris"] == []  # since the approval of round 2
	assert log.verify(doc.name)["bermasalah"] == {}


def lines(changed):
	return [
		tuple(row[f] for f in ("bagian", "baris", "isian", "dari", "menjadi")) for row in changed["baris"]
	]


def test_a_return_is_over_once_its_step_was_passed_again():
	mend = dict(
		kegiatan="Memperbaiki", status="Uji Perbaikan", jenis="Tugas", peran="PK Penyusun", boleh_ubah=1
	)
	publish([*ROWS[:2], mend, *ROWS[2:]], jenjang="Administrator", name="SOP Uji Perbaikan")
	doc = act(pk("kabid"), "Selesai", by=DRAFTER)
	doc = act(returned(doc), "Selesai", by=DRAFTER)
	doc = act(doc, "Setujui", by=REVIEWER)
	assert doc.workflow_state == "Uji Perbaikan" and seen(doc, DRAFTER)[0] is None


def test_of_two_returns_the_last_one_counts():
	doc = act(pk(), "Selesai", by=DRAFTER)
	doc = act(act(doc, "Setujui", by=REVIEWER), "Paraf", by=user("kasubbag"))
	doc = act(doc, "Kembalikan", by=user("kepala"), reason="Periksa lagi")
	assert rounds.number(doc) == 2
	assert seen(doc, REVIEWER)[0]["dari"] == CHECK
	doc = returned(doc)
	assert seen(doc, DRAFTER)[0]["dari"] == CHECK


def test_a_chain_without_asistensi_has_no_panel():
	publish(factory.SIMPLE, jenjang="Administrator", name="SOP Uji Tanpa")
	doc = pk("kabid")
	assert seen(doc, DRAFTER) == (None, None)


# ------------------------------------------------------------------------------------------------------------- over HTTP


@pytest.fixture
def remarked(committed):
	doc = act(pk(), "Selesai", by=DRAFTER)
	row = remark(doc)
	frappe.set_user("Administrator")
	frappe.db.commit()
	yield row
	factory.purge_documents()


def test_forged_over_http(client, remarked):
	name, method = remarked.name, "/api/method/"
	forged = {**json.loads(remarked.as_json()), "status": "Selesai", "flags": {"status": "Selesai"}}
	for login in (DRAFTER, REVIEWER, user("admin"), user("kasubbag", B)):
		c = client(login)
		for verb, path, body in (
			("put", f"/api/resource/{REMARK}/{name}", {"status": "Selesai", "docstatus": 0}),
			("put", f"/api/resource/{REMARK}/{name}", {"docstatus": 1}),
			("put", f"/api/resource/{REMARK}/{name}", {"docstatus": 2}),
			("put", f"/api/resource/{REMARK}/{name}", {"putaran": ["x"], "opd": {"a": 1}, "flags": {"status": "Selesai"}}),
			("post", f"{method}frappe.client.set_value", {"doctype": REMARK, "name": name, "fieldname": "status", "value": "Selesai"}),
			("post", f"{method}frappe.client.save", {"doc": forged}),
			("post", f"{method}frappe.desk.form.save.savedocs", {"doc": json.dumps(forged), "action": "Save"}),
			("post", f"{method}frappe.desk.form.save.discard", {"doctype": REMARK, "name": name}),
			("post", f"{method}frappe.client.submit", {"doc": forged}),
			("post", f"{method}frappe.client.cancel", {"doctype": REMARK, "name": name}),
		):  # fmt: skip
			getattr(c, verb)(path, json=body)
			frappe.db.rollback()
			row = stored(remarked)
			assert (row.status, row.docstatus, row.putaran, row.opd) == ("Terbuka", 0, 1, A), (
				login,
				path,
				body,
			)


def test_resolved_over_http(client, remarked):
	path = f"/api/method/{resolve.__module__}.resolve"
	for login in (DRAFTER, user("kasubbag", B), None):
		assert client(login).post(path, json={"name": remarked.name}).status_code == 403
	assert client(REVIEWER).get(f"{path}?name={remarked.name}").status_code != 200
	assert client(REVIEWER).post(path, json={"name": remarked.name}).status_code == 200
	frappe.db.rollback()
	assert stored(remarked).status == "Selesai"


def test_hostile_input_over_http(client, remarked):
	path = f"/api/resource/{REMARK}"
	base = {"perjanjian_kinerja": remarked.perjanjian_kinerja, "catatan": "x", "bagian": "Umum"}
	for broken in (
		{"perjanjian_kinerja": None},
		{"perjanjian_kinerja": "tidak ada"},
		{"bagian": ["Target Kinerja"]},
		{"bagian": "Program", "nomenklatur": "tidak ada"},
		{"catatan": {"a": 1}},
		{"tanggapan": ["x"]},
	):
		assert 400 <= client(REVIEWER).post(path, json={**base, **broken}).status_code < 500, broken
		frappe.db.rollback()
	assert frappe.db.count(REMARK) == 1
