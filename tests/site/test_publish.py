"""Publishing chains: what is shown before, what is refused in plain words, what of an admin's own work stays."""

import factory
import frappe
import pytest
from factory import SIMPLE, A, B, act, forward, pk, publish, user
from perjankin_app.perjankin_app.doctype.alur_persetujuan import alur_persetujuan as alur

from perjankin_app.workflow import publisher

WORKFLOW = "Perjanjian Kinerja"


def draft(rows=SIMPLE, opd=A, name="Konsep Uji"):
	doc = frappe.get_doc(doctype="Alur Persetujuan", nama=name, opd=opd)
	for row in rows:
		doc.append("langkah", dict(row))
	return doc.insert()


def changed(index, **values):
	return [{**row, **(values if i == index else {})} for i, row in enumerate(SIMPLE)]


def transitions():
	return {
		(t.state, t.action, t.next_state, t.allowed, t.condition)
		for t in frappe.get_doc("Workflow", WORKFLOW).transitions
	}


@pytest.mark.parametrize(
	"rows, message",
	[
		(changed(1, jika_tidak="Uji Tanda Tangan"), "Baris 2, Jika Tidak: .* sesudah langkah ini"),
		(changed(1, jika_tidak="Uji Paraf"), "Baris 2, Jika Tidak: .* langkah itu sendiri"),
		(changed(1, jika_tidak="Entah"), "Baris 2, Jika Tidak: tidak ada langkah"),
		(changed(3, jika_tidak="Uji Paraf"), "Baris 4, Jika Tidak: .* sebelum penandatanganan"),
		(changed(3, boleh_ubah=1), "Baris 4, Boleh Ubah"),
		(changed(2, jenis="Tugas", sebagai=""), "Tidak ada langkah Tanda Tangan"),
		(changed(3, status="Selesai"), "Baris 4, Status: .* dipakai sistem"),
		([*SIMPLE[:3], {**SIMPLE[3], "status": "uji  PARAF"}], "Baris 4, Status: .* sudah dipakai baris 2"),
	],
)
def test_refused_in_words_that_name_row_and_field(rows, message):
	doc = draft(rows)
	with pytest.raises(frappe.ValidationError, match=message):
		alur.publish(doc.name)
	assert frappe.db.get_value("Alur Persetujuan", doc.name, "status") == "Konsep"
	assert alur.preview(doc.name)["errors"]


def test_another_opds_chain_is_not_named():
	"""A Workflow State has one docstatus on the whole site, so B has to give way to A's name; it learns no more."""
	theirs = [
		SIMPLE[0],
		{**SIMPLE[1], "status": "Pengiriman"},
		{**SIMPLE[2], "jika_tidak": "Draf"},
		SIMPLE[3],
	]
	publish(theirs, name="Rahasia A")
	frappe.set_user(user("admin", B))
	own = draft(changed(3, status="Pengiriman"), opd=B, name="SOP Uji B")
	told = " ".join(publisher.preview(own)["errors"])
	with pytest.raises(frappe.ValidationError):
		alur.publish(own.name)
	told += " ".join(str(message) for message in frappe.get_message_log())
	assert "SOP Uji B baris 4" in told and "alur OPD lain" in told and "Rahasia" not in told


def test_chains_that_disagree_on_a_docstatus_are_both_named():
	publish(name="SOP Pertama")
	rows = [SIMPLE[0], {**SIMPLE[1], "status": "Uji Kirim"}, {**SIMPLE[2], "jika_tidak": "Uji Kirim"}]
	doc = draft(rows, opd=B, name="SOP Kedua")
	with pytest.raises(frappe.ValidationError, match=r"SOP Kedua baris 2.* SOP Pertama baris 4"):
		alur.publish(doc.name)


def test_spelling_of_a_known_state_is_taken_over():
	publish()
	rows = [
		SIMPLE[0],
		{**SIMPLE[1], "status": " uji  PARAF "},
		{**SIMPLE[2], "jika_tidak": "UJI paraf"},
		SIMPLE[3],
	]
	doc = draft(rows, opd=B)
	assert [r.status for r in doc.langkah][1] == "Uji Paraf" == doc.langkah[2].jika_tidak


def test_a_name_with_quotes_can_not_rewrite_a_condition():
	name = publish(name='x" or doc.alur != "')
	conditions = {
		t.condition for t in frappe.get_doc("Workflow", WORKFLOW).transitions if name in t.condition
	}
	assert conditions == {f'doc.alur == "{name}" and doc.{f}' for f in ("giliran_saya", "giliran_atasan")}


def test_preview_shows_and_changes_nothing():
	publish()
	before = transitions()
	doc = draft(
		[SIMPLE[0], {**SIMPLE[1], "status": "Uji Baru"}, {**SIMPLE[2], "jika_tidak": "Uji Baru"}], opd=B
	)
	plan = alur.preview(doc.name)
	assert plan["errors"] == [] and plan["added_states"] == ["Uji Baru"] and plan["added_transitions"] == 7
	assert transitions() == before and not frappe.db.exists("Workflow State", "Uji Baru")


def test_a_role_that_nobody_holds_is_a_warning():
	doc = draft(changed(1, peran="PK Kepala Seksi"))  # the Kasi's lingkup is the Bidang, not the OPD
	assert not alur.preview(doc.name)["errors"]
	doc = draft(changed(1, peran="PK Kepala Daerah", status="Uji KD"), opd=A, name="lain")
	assert not [w for w in alur.preview(doc.name)["warnings"] if "PK Kepala Daerah" in w]
	frappe.db.set_value(
		"Penugasan Jabatan", {"opd": A, "jabatan": ("like", "Kasubbag%")}, "selesai", "2021-01-01"
	)
	doc = draft(name="tanpa kasubbag")
	assert [
		w for w in alur.preview(doc.name)["warnings"] if "PK Kasubbag Perencanaan" in w and "Baris 2" in w
	]


def test_a_chain_in_force_is_locked():
	doc = frappe.get_doc("Alur Persetujuan", publish())
	doc.langkah[1].jenis = "Periksa"
	with pytest.raises(frappe.ValidationError, match="Revisi"):
		doc.save()
	doc.reload()
	doc.status = "Konsep"
	doc.save()
	assert doc.status == "Berlaku"  # the server's field
	with pytest.raises(frappe.ValidationError, match="tidak dapat dihapus"):
		doc.delete()


def test_revision_moves_drafts_and_leaves_the_running_ones():
	old = publish()
	running = act(pk(), "Selesai", by=user("penyusun"))
	frappe.set_user(user("admin"))
	new = frappe.get_doc("Alur Persetujuan", alur.revise(old))
	assert (new.status, new.menggantikan, len(new.langkah)) == ("Konsep", old, 4)
	new.langkah[1].status = "Uji Paraf Baru"
	new.langkah[2].jika_tidak = "Uji Paraf Baru"
	new.save()
	waiting = pk_draft()
	frappe.set_user(user("admin"))
	plan = alur.preview(new.name)
	assert (plan["moved"], plan["staying"]) == (1, 1)
	alur.publish(new.name)
	assert frappe.db.get_value("Alur Persetujuan", old, "status") == "Diganti"
	assert frappe.db.get_value("Perjanjian Kinerja", waiting.name, "alur") == new.name
	assert frappe.db.get_value("Perjanjian Kinerja", running.name, "alur") == old
	assert forward(running).workflow_state == "Selesai"
	moved = act(frappe.get_doc("Perjanjian Kinerja", waiting.name), "Selesai", by=user("penyusun"))
	assert moved.workflow_state == "Uji Paraf Baru"


def test_the_old_chain_leaves_with_its_last_document():
	old = publish()
	running = act(pk(), "Selesai", by=user("penyusun"))
	frappe.set_user("Administrator")
	new = alur.revise(old)
	alur.publish(new)
	assert any(old in (t[4] or "") for t in transitions())
	doc = forward(running)
	act(doc, "Batalkan", by=user("admin"), reason="selesai diuji")
	frappe.set_user("Administrator")
	publisher.publish()
	assert not any(old in (t[4] or "") for t in transitions())


def test_retiring_what_is_needed_is_refused():
	name = publish()
	doc = pk()
	with pytest.raises(frappe.PermissionError):
		alur.retire(name)
	frappe.set_user(user("admin"))
	with pytest.raises(frappe.ValidationError, match="1 PK masih berjalan"):
		alur.retire(name)
	frappe.set_user(user("penyusun"))
	doc.delete()
	frappe.set_user(user("admin"))
	with pytest.raises(frappe.ValidationError, match=f"masih dipakai pada Unit Kerja {A}"):
		alur.retire(name)


def test_hand_made_rows_survive_publication_and_migrate():
	publish()
	workflow = frappe.get_doc("Workflow", WORKFLOW)
	frappe.get_doc(doctype="Workflow State", workflow_state_name="Uji Tunda").insert()
	workflow.append("states", dict(state="Uji Tunda", doc_status="0", allow_edit="PK Pegawai"))
	chain = workflow.transitions[0].condition.split('"')[1]
	own = dict(action="Setujui", allowed="PK Sekretaris", condition=f'doc.alur == "{chain}"')
	workflow.append("transitions", dict(state="Uji Paraf", next_state="Uji Tunda", **own))
	workflow.save()
	publish(opd=B, name="SOP B")
	kept = {(t[0], t[2]) for t in transitions() if t[4] == own["condition"]}
	assert kept == {("Uji Paraf", "Uji Tunda")}
	assert "Uji Tunda" in {s.state for s in frappe.get_doc("Workflow", WORKFLOW).states}


def test_a_state_that_documents_hold_is_never_dropped():
	publish()
	act(pk(), "Selesai", by=user("penyusun"))
	frappe.set_user("Administrator")
	doc = frappe.get_last_doc("Perjanjian Kinerja")
	doc.db_set("workflow_state", "Entah Dari Mana")
	with pytest.raises(frappe.ValidationError, match="1 PK berstatus “Entah Dari Mana”"):
		publisher.publish()


def test_another_active_workflow_is_not_switched_off_silently():
	publish()
	frappe.db.set_value("Workflow", WORKFLOW, "is_active", 0)
	frappe.get_doc(
		doctype="Workflow", workflow_name="Buatan Admin", document_type="Perjanjian Kinerja", is_active=1,
		workflow_state_field="workflow_state",
		states=[dict(state="Draf", doc_status="0", allow_edit="PK Pegawai")],
	).insert()  # fmt: skip
	doc = draft(name="berikut", opd=B)
	with pytest.raises(frappe.ValidationError, match="Buatan Admin sedang aktif"):
		alur.publish(doc.name)


def test_an_admin_of_another_opd_may_neither_write_nor_publish():
	doc = draft()
	frappe.set_user(user("admin", B))
	for call in (
		lambda: alur.publish(doc.name),
		lambda: alur.preview(doc.name),
		lambda: alur.revise(doc.name),
	):
		with pytest.raises(frappe.PermissionError):
			call()
	with pytest.raises(frappe.PermissionError):
		alur.from_example("berjenjang", A)


def test_staff_do_not_write_chains():
	frappe.set_user(user("penyusun"))
	with pytest.raises(frappe.PermissionError):
		draft()


def test_a_sixth_agency_needs_only_a_table():
	frappe.set_user(user("admin", B))
	rows = [
		dict(kegiatan="Menyiapkan", status="", jenis="Tugas", peran="PK Penyusun"),
		dict(
			kegiatan="Memeriksa",
			status="Uji Periksa Kabid",
			jenis="Periksa",
			peran="PK Tim",
			jika_tidak="draf",
		),
		dict(kegiatan="Menandatangani", status="Uji TTD Dua", jenis="Tanda Tangan", peran="PK Kepala OPD"),
	]
	doc = draft(rows, opd=B, name="SOP keenam")
	alur.publish(doc.name, "JPT")
	new = forward(pk(opd=B))
	assert (new.workflow_state, new.docstatus) == ("Selesai", 1)


def pk_draft():
	"""A second PK in Draf: of the Kabid, under the same chain."""
	frappe.set_user("Administrator")
	unit = frappe.get_doc("Unit Kerja", A)
	name = next(r.alur for r in unit.alur if r.jenjang == "JPT")
	if not any(r.jenjang == "Pengawas" for r in unit.alur):
		unit.append("alur", {"jenjang": "Pengawas", "alur": name})
		unit.save()
	return factory.pk("kasubbag")
