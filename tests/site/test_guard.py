"""Holes H1-H7, H1b, H3b of core's workflow engine: each is open without our guard (`unguarded`) and closed with it.

Every test runs twice. Without the guard the attack must succeed, or the test proves nothing.
"""

import factory
import frappe
import pytest
from factory import A, act, forward, pk, publish, user
from perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja import PerjanjianKinerja
from perjankin_app.perjankin_app.doctype.target_kinerja.target_kinerja import TargetKinerja

PARAF, SIGN, SEND = "Uji Paraf", "Uji Tanda Tangan", "Uji Kirim"


@pytest.fixture
def chain(in_force):
	return in_force


class Attack:
	"""`attack(call, match)`: guarded, it fails with our words; unguarded, it goes through, and True is returned."""

	def __init__(self, guarded, monkeypatch):
		self.guarded, self.monkeypatch = guarded, monkeypatch

	def __call__(self, call, match: str) -> bool:
		if self.guarded:
			with pytest.raises(frappe.PermissionError, match=match):
				call()
			return False
		for event in ("validate", "before_submit", "before_cancel", "before_update_after_submit", "on_trash"):
			self.monkeypatch.setattr(PerjanjianKinerja, event, lambda self: None, raising=False)
		for event in ("validate", "on_trash"):
			self.monkeypatch.setattr(TargetKinerja, event, lambda self: None, raising=False)
		call()
		return True


@pytest.fixture(params=["guarded", "unguarded"])
def attack(request, monkeypatch):
	return Attack(request.param == "guarded", monkeypatch)


def fresh(doc):
	return frappe.get_doc(doc.doctype, doc.name)


def test_h1_submit_from_any_state(chain, attack):
	doc = pk()
	if attack(lambda: fresh(doc).submit(), "Tindakan"):
		assert fresh(doc).docstatus == 1


def test_h1_insert_as_submitted(chain, attack):
	doc = pk()
	values = {
		**doc.as_dict(no_default_fields=True),
		"doctype": doc.doctype,
		"workflow_state": None,
		"docstatus": 1,
	}
	frappe.delete_doc(doc.doctype, doc.name)
	new = frappe.get_doc(values)
	if attack(new.insert, "mulai dari Draf"):
		assert fresh(new).docstatus == 1


def test_h1b_signed_state_with_docstatus_0(chain, attack):
	doc = forward(pk(), until=SIGN)
	frappe.set_user(user("kepala"))
	forged = fresh(doc)
	forged.workflow_state = SEND
	if attack(forged.save, "tidak sesuai dengan keadaan dokumen"):
		assert (fresh(doc).workflow_state, fresh(doc).docstatus) == (SEND, 0)


def test_h2_forged_state_of_an_owner_who_may_not_approve(chain, attack):
	"""Core asks allow_self_approval in apply_workflow only, and knows the owner only. Ours bars whoever drafted."""
	_second_post(user("penyusun"), "PK Kasubbag Perencanaan")
	doc = act(pk(), "Selesai", by=user("penyusun"))
	rows = {"parent": "Perjanjian Kinerja", "state": PARAF, "action": "Paraf"}
	for name in frappe.get_all(
		"Workflow Transition", rows, pluck="name"
	):  # core's own rule, without our condition
		frappe.db.set_value("Workflow Transition", name, {"condition": "", "allow_self_approval": 0})
	frappe.clear_cache()
	forged = fresh(doc)
	forged.workflow_state = SIGN
	if attack(forged.save, "menunggu"):
		assert fresh(doc).workflow_state == SIGN


def test_h3_edit_while_it_is_somebody_elses_turn(chain, attack):
	doc = act(pk(), "Selesai", by=user("penyusun"))
	edited = fresh(doc)
	edited.target[0].target = "99"
	if attack(edited.save, "menunggu"):
		assert fresh(doc).target[0].target == "99"


def test_h3_edit_in_the_own_turn_where_content_is_locked(chain, attack):
	doc = act(pk(), "Selesai", by=user("penyusun"))
	frappe.set_user(user("kasubbag"))
	edited = fresh(doc)
	edited.target[0].target = "99"
	if attack(edited.save, "tidak dapat diubah"):
		assert fresh(doc).target[0].target == "99"


def test_h3_edit_hidden_in_a_transition(chain, attack):
	doc = act(pk(), "Selesai", by=user("penyusun"))
	frappe.set_user(user("kasubbag"))
	edited = fresh(doc)
	edited.target[0].target, edited.workflow_state = "99", SIGN
	if attack(edited.save, "Target Kinerja"):
		assert fresh(doc).target[0].target == "99"


def test_h3b_a_row_saved_alone(chain, attack):
	doc = act(pk(), "Selesai", by=user("penyusun"))
	row = frappe.get_doc("Target Kinerja", doc.target[0].name)
	row.target = "99"
	if attack(row.save, "bukan per baris"):
		assert fresh(doc).target[0].target == "99"


def test_h3b_a_row_deleted_alone(chain, attack):
	doc = act(pk(), "Selesai", by=user("penyusun"))
	row = frappe.get_doc("Target Kinerja", doc.target[0].name)
	if attack(row.delete, "Hapus baris lewat"):
		assert len(fresh(doc).target) == len(doc.target) - 1


def test_h4_cancel_without_a_transition(chain, attack):
	doc = forward(pk(), until=SEND)
	frappe.set_user(user("admin"))
	if attack(lambda: fresh(doc).cancel(), "Tindakan"):
		assert (fresh(doc).workflow_state, fresh(doc).docstatus) == (SEND, 2)


def test_h4_forged_state_at_cancel(chain, attack):
	doc = forward(pk(), until=SEND)
	frappe.set_user(user("admin"))
	forged = fresh(doc)
	forged.workflow_state = "Selesai"
	if attack(forged.cancel, "tidak (dapat langsung|sesuai)|menunggu"):
		assert fresh(doc).docstatus == 2


@pytest.mark.parametrize("guarded", [True, False])
def test_h5_a_second_round_tells_the_reviewer_again(chain, guarded, monkeypatch):
	if not guarded:
		monkeypatch.setattr(PerjanjianKinerja, "_drop_stale_actions", lambda self: None)
	doc = act(pk(), "Selesai", by=user("penyusun"))
	first = _open_action(doc)
	assert first
	doc = act(doc, "Kembalikan", by=user("kasubbag"), reason="Perbaiki")
	doc = act(doc, "Selesai", by=user("penyusun"))
	again = _open_action(doc)
	if not guarded and again and again != first:
		pytest.skip("this Frappe has the fix of #41691")
	assert bool(again and again != first) == guarded
	assert not guarded or not frappe.db.exists("Workflow Action Permitted Role", {"parent": first})


@pytest.mark.parametrize("guarded", [True, False])
def test_h6_workflow_actions_of_another_opd(chain, guarded, monkeypatch):
	doc = act(pk(), "Selesai", by=user("penyusun"))
	if not guarded:
		_without_our_hooks(monkeypatch, "Workflow Action")
	frappe.set_user(user("kasubbag", factory.B))
	assert bool(frappe.get_list("Workflow Action", {"reference_name": doc.name})) != guarded
	frappe.set_user(user("kasubbag"))
	name = frappe.get_list("Workflow Action", {"reference_name": doc.name}, pluck="name")[0]
	frappe.set_user(user("kasubbag", factory.B))
	assert frappe.has_permission("Workflow Action", "read", doc=name) != guarded


def test_h6_nor_those_of_another_role(chain):
	"""v15 stops at the first hook that answers: ours asks core's rule too."""
	doc = act(pk(), "Selesai", by=user("penyusun"))
	name = frappe.get_all("Workflow Action", {"reference_name": doc.name, "status": "Open"}, pluck="name")[0]
	assert frappe.has_permission("Workflow Action", "read", doc=name, user=user("kasubbag"))
	assert frappe.has_permission("Perjanjian Kinerja", "read", doc=doc.name, user=user("sekretaris"))
	assert not frappe.has_permission("Workflow Action", "read", doc=name, user=user("sekretaris"))


def test_h7_no_mail_that_acts_without_login(chain):
	assert not frappe.db.get_value("Workflow", "Perjanjian Kinerja", "send_email_alert")


# ------------------------------------------------------------------------------------------------ rules of our own


def test_normal_way_and_its_log(chain):
	doc = pk()
	assert (doc.workflow_state, doc.docstatus) == ("Draf", 0)
	doc = act(doc, "Selesai", by=user("penyusun"))
	doc = act(doc, "Kembalikan", by=user("kasubbag"), reason="Target terlalu rendah")
	doc = act(doc, "Selesai", by=user("penyusun"))
	doc = act(doc, "Paraf", by=user("kasubbag"))
	doc = act(doc, "Tanda Tangani", by=user("kepala"))
	assert (doc.workflow_state, doc.docstatus) == (SEND, 1)
	doc = act(doc, "Kirim", by=user("penyusun"))
	doc = act(doc, "Batalkan", by=user("admin"), reason="Salah periode")
	assert (doc.workflow_state, doc.docstatus) == ("Dibatalkan", 2)
	rows = frappe.get_all("Riwayat Alur", {"perjanjian_kinerja": doc.name}, ["*"], order_by="urutan")
	assert [(r.dari, r.aksi, r.ke) for r in rows] == [
		("Draf", "Selesai", PARAF),
		(PARAF, "Kembalikan", "Draf"),
		("Draf", "Selesai", PARAF),
		(PARAF, "Paraf", SIGN),
		(SIGN, "Tanda Tangani", SEND),
		(SEND, "Kirim", "Selesai"),
		("Selesai", "Batalkan", "Dibatalkan"),
	]
	assert rows[1].catatan == "Target terlalu rendah" and rows[-1].catatan == "Salah periode"
	assert [r.hash_sebelumnya for r in rows] == ["", *(r.hash for r in rows[:-1])]


@pytest.mark.parametrize("action, by", [("Kembalikan", "kasubbag"), ("Batalkan", "admin")])
def test_a_reason_is_insisted_on(chain, action, by):
	doc = forward(pk(), until=PARAF if action == "Kembalikan" else SEND)
	with pytest.raises(frappe.ValidationError, match="alasan"):
		act(doc, action, by=user(by))
	assert fresh(doc).workflow_state == doc.workflow_state


def test_a_reason_serves_once_and_only_its_author(chain):
	doc = forward(pk(), until=PARAF)
	from perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja import store_reason

	frappe.set_user(user("kepala"))
	with pytest.raises(frappe.PermissionError, match="tidak sedang menunggu Anda"):
		store_reason(doc.name, "bukan giliran")
	frappe.set_user(user("kasubbag"))
	with pytest.raises(frappe.ValidationError, match="Isi alasan"):
		store_reason(doc.name, "  ")


def test_the_drafter_does_not_check_and_the_superior_does(chain):
	"""The Kasubbag's post also drafts here; then its paraf goes to the Sekretaris, and only to him."""
	_add_role("kasubbag", "PK Penyusun")
	doc = act(pk(by="kasubbag"), "Selesai", by=user("kasubbag"))
	assert factory.waiting_for(doc) == [user("sekretaris")]
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		act(doc, "Paraf", by=user("kasubbag"))
	doc = act(doc, "Paraf", by=user("sekretaris"))
	assert doc.workflow_state == SIGN
	row = frappe.get_last_doc("Riwayat Alur", {"perjanjian_kinerja": doc.name}, order_by="urutan desc")
	assert "menggantikan pemeriksa" in row.pelaku_status


def test_pihak_pertama_does_not_check_the_own_pk(chain):
	publish(jenjang="Pengawas", name="SOP Uji Pengawas")
	doc = act(pk("kasubbag"), "Selesai", by=user("penyusun"))
	assert doc.pihak_pertama == factory.assignment("kasubbag")
	assert factory.waiting_for(doc) == [user("sekretaris")]


def test_from_the_first_signature_on_the_parties_are_fixed(chain):
	"""Until then a change of name or rank is followed."""
	rows = factory.BELOW[:3]
	rows.append({**rows[2], "status": "Uji Pihak Kedua", "sebagai": "Pihak Kedua", "jika_tidak": ""})
	publish(rows, jenjang="Administrator", name="SOP Uji dua tanda tangan")
	doc = forward(pk("kabid"), until=SIGN)
	official = frappe.db.get_value("Penugasan Jabatan", doc.pihak_pertama, "pejabat")
	frappe.db.set_value("Pejabat", official, "pangkat", "Sebelum")
	doc = act(doc, "Tanda Tangani", by=factory.waiting_for(doc)[0])
	assert doc.pihak_pertama_pangkat.startswith("Sebelum")
	frappe.db.set_value("Pejabat", official, "pangkat", "Sesudah")
	doc = act(doc, "Tanda Tangani", by=factory.waiting_for(doc)[0])
	assert doc.pihak_pertama_pangkat.startswith("Sebelum") and doc.docstatus == 1


def test_right_role_in_another_opd(chain):
	doc = act(pk(), "Selesai", by=user("penyusun"))
	with pytest.raises(frappe.PermissionError):
		act(doc, "Paraf", by=user("kasubbag", factory.B))
	forged = fresh(doc)
	frappe.set_user(user("kasubbag", factory.B))
	forged.workflow_state = SIGN
	with pytest.raises(frappe.PermissionError):
		forged.save()


def test_plt_in_two_opd_signs_in_each_as_what_he_is_there(chain):
	"""The Kabid of A is Plt. Kepala of B: signs in B as its head, in A not at all."""
	kabid = frappe.db.get_value("Pejabat", {"user": user("kabid")})
	frappe.db.set_value("Penugasan Jabatan", factory.assignment("kepala", factory.B), "selesai", "2025-12-31")
	factory.assign(kabid, factory_post("kepala", factory.B), status="Plt.", start="2026-01-01")
	in_a = forward(pk(), until=SIGN)
	in_b = forward(pk_of(factory_post("kepala", factory.B), factory.B), until=SIGN)
	assert in_b.pihak_pertama_jabatan == "Plt. Kepala Dinas Uji"
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		act(in_a, "Tanda Tangani", by=user("kabid"))
	in_b = act(in_b, "Tanda Tangani", by=user("kabid"))
	row = frappe.get_last_doc("Riwayat Alur", {"perjanjian_kinerja": in_b.name}, order_by="urutan desc")
	assert (row.pelaku_status, in_b.docstatus) == ("Plt.", 1)


def test_creating_is_for_the_actors_of_the_first_step(chain):
	with pytest.raises(frappe.PermissionError, match="dibuat oleh PK Penyusun"):
		pk(by="kasubbag")


def test_creating_for_another_opd(chain):
	frappe.set_user(user("penyusun"))
	jabatan = factory_post("kepala", factory.B)
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(
			doctype="Perjanjian Kinerja", unit=factory.B, jabatan=jabatan, periode=str(factory.YEAR), opd=A
		).insert()


@pytest.mark.parametrize(
	"field, value", [("alur", None), ("pdf_sha256", "0" * 64), ("pihak_pertama_nama", "X")]
)
def test_server_fields_are_the_servers(chain, field, value):
	value = value or publish(jenjang="Pengawas", name="SOP Uji lain")
	doc = pk()
	frappe.set_user(user("penyusun"))
	forged = fresh(doc)
	forged.set(field, value)
	forged.save()
	assert fresh(doc).get(field) == doc.get(field)


def test_owner_can_not_be_forged(chain):
	assert pk(owner="Administrator").owner == user("penyusun")


def test_completeness_is_asked_on_leaving_the_last_editable_step(chain):
	doc = pk(filled=False)
	with pytest.raises(frappe.ValidationError, match="Target Kinerja"):
		act(doc, "Selesai", by=user("penyusun"))


def test_a_running_pk_is_not_deleted(chain):
	doc = act(pk(), "Selesai", by=user("penyusun"))
	with pytest.raises(frappe.ValidationError, match="tidak dapat dihapus"):
		frappe.delete_doc(doc.doctype, doc.name)


def test_an_own_draft_is(chain):
	doc = pk()
	frappe.delete_doc(doc.doctype, doc.name)
	assert not frappe.db.exists(doc.doctype, doc.name)


def test_a_draft_of_somebody_else_is_not_deleted(chain):
	doc = pk()
	frappe.set_user(user("kasubbag"))
	with pytest.raises(frappe.PermissionError, match="Hanya yang memegang langkah Draf"):
		frappe.delete_doc(doc.doctype, doc.name)


def test_a_draft_read_anew_is_checked_like_a_new_one(chain):
	doc = fresh(pk())
	assert (doc.workflow_state, bool(doc.langkah_sejak)) == ("Draf", True)
	doc.target[0].target = "1.234,50"
	doc.save()
	assert (fresh(doc).target[0].target, fresh(doc).target[0].target_angka) == ("1.234,5", 1234.5)


def test_so_is_what_is_changed_together_with_the_step(chain):
	doc = fresh(pk())
	doc.target[0].target, doc.workflow_state = "0.70", PARAF
	doc.save()
	assert (fresh(doc).target[0].target, fresh(doc).workflow_state) == ("0,7", PARAF)
	assert not doc.giliran_saya  # the drafter's turn is over, for this object too


def test_a_step_that_failed_is_not_logged_by_the_next_save(chain):
	doc = fresh(pk(filled=False))
	doc.workflow_state = PARAF
	with pytest.raises(frappe.ValidationError):
		doc.save()
	doc.reload()
	doc.save()
	assert not frappe.db.exists("Riwayat Alur", {"perjanjian_kinerja": doc.name})


def test_a_state_that_the_sop_does_not_lead_to_is_named(chain):
	doc = fresh(pk())
	doc.workflow_state = SIGN
	with pytest.raises(frappe.PermissionError, match="tidak dapat langsung menjadi Uji Tanda Tangan"):
		doc.save()


def told(doc):
	"""Roles of the open Workflow Action of the running step."""
	action = {"reference_name": doc.name, "status": "Open", "workflow_state": doc.workflow_state}
	names = frappe.get_all("Workflow Action", action, pluck="name")
	return set(frappe.get_all("Workflow Action Permitted Role", {"parent": ("in", names)}, pluck="role"))


def test_who_is_told_of_the_next_step(chain):
	"""Core asks the conditions as the previous actor; only those who wait are told, and nobody who could cancel."""
	doc = act(pk(), "Selesai", by=user("penyusun"))
	assert told(doc) == {"PK Kasubbag Perencanaan"}
	doc = forward(doc, SEND)
	assert told(doc) == {"PK Penyusun"}


def test_the_superior_who_stands_in_is_told(chain):
	_add_role("kasubbag", "PK Penyusun")
	doc = act(pk(by="kasubbag"), "Selesai", by=user("kasubbag"))
	assert told(doc) == {"PK Pegawai"}


def test_two_people_at_the_same_moment(chain):
	"""Both loaded the same version; the second is told."""
	_add_role("tim", "PK Kasubbag Perencanaan")
	doc = act(pk(), "Selesai", by=user("penyusun"))
	one, two = fresh(doc), fresh(doc)
	one.workflow_state = two.workflow_state = SIGN
	frappe.set_user(user("kasubbag"))
	one.save()
	frappe.set_user(user("tim"))
	with pytest.raises(frappe.TimestampMismatchError):
		two.save()
	assert frappe.db.count("Riwayat Alur", {"perjanjian_kinerja": doc.name}) == 2


def test_history_is_append_only(chain):
	doc = act(pk(), "Selesai", by=user("penyusun"))
	frappe.set_user("Administrator")
	row = frappe.get_last_doc("Riwayat Alur", {"perjanjian_kinerja": doc.name})
	row.catatan = "diubah"
	with pytest.raises(frappe.PermissionError):
		row.save(ignore_permissions=True)
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc("Riwayat Alur", row.name, ignore_permissions=True)


def test_a_hand_made_transition_needs_role_and_chain(chain):
	"""An admin lets the Sekretaris pass over the paraf; kept, honoured, and only with a Penugasan that covers the unit."""
	frappe.set_user("Administrator")
	workflow = frappe.get_doc("Workflow", "Perjanjian Kinerja")
	workflow.append(
		"transitions",
		dict(
			state=PARAF,
			action="Setujui",
			next_state=SIGN,
			allowed="PK Sekretaris",
			condition=f'doc.alur == "{chain}"',
		),
	)
	workflow.save()
	doc = act(pk(), "Selesai", by=user("penyusun"))
	doc = act(doc, "Setujui", by=user("sekretaris"))
	assert doc.workflow_state == SIGN


def test_a_hand_made_state_between_two_of_the_chain(chain):
	frappe.set_user("Administrator")
	for doctype, field in (("Workflow State", "workflow_state_name"), ("Workflow Action Master", "workflow_action_name")):  # fmt: skip
		if not frappe.db.exists(doctype, "Uji Telaah"):
			factory.make(doctype, **{field: "Uji Telaah"})
	workflow = frappe.get_doc("Workflow", "Perjanjian Kinerja")
	workflow.append("states", dict(state="Uji Telaah", doc_status="0", allow_edit="PK Sekretaris"))
	ours = dict(action="Uji Telaah", allowed="PK Sekretaris", condition=f'doc.alur == "{chain}"')
	workflow.append("transitions", dict(state=PARAF, next_state="Uji Telaah", **ours))
	workflow.append("transitions", dict(state="Uji Telaah", next_state=SIGN, **ours))
	workflow.save()
	doc = act(pk(), "Selesai", by=user("penyusun"))
	for state in ("Uji Telaah", SIGN):
		doc = act(doc, "Uji Telaah", by=user("sekretaris"))
		assert (doc.workflow_state, doc.docstatus) == (state, 0)


def test_a_finished_pk_says_that_it_is_finished(chain):
	doc = forward(pk())
	frappe.set_user(user("penyusun"))
	doc.tempat = "Kota lain"
	with pytest.raises(frappe.PermissionError, match="berstatus Selesai"):
		doc.save()


def test_a_hand_made_transition_for_all_chains_is_not_honoured(chain):
	frappe.set_user("Administrator")
	workflow = frappe.get_doc("Workflow", "Perjanjian Kinerja")
	workflow.append(
		"transitions",
		dict(state=PARAF, action="Setujui", next_state=SIGN, allowed="PK Sekretaris", condition=""),
	)
	workflow.save()
	doc = act(pk(), "Selesai", by=user("penyusun"))
	with pytest.raises(frappe.PermissionError):
		act(doc, "Setujui", by=user("sekretaris"))


# ---------------------------------------------------------------------------------------------------------- helpers


def factory_post(key, opd):
	return frappe.db.get_value("Jabatan", {"nama": factory.POSTS[key][0], "opd": opd})


def pk_of(jabatan, opd):
	frappe.set_user(user("penyusun", opd))
	doc = frappe.get_doc(
		doctype="Perjanjian Kinerja",
		unit=frappe.db.get_value("Jabatan", jabatan, "unit"),
		jabatan=jabatan,
		periode=str(factory.YEAR),
	)
	factory.fill(doc)
	return doc.insert()


def _add_role(key, role):
	frappe.set_user("Administrator")
	doc = frappe.get_doc("Jabatan", factory_post(key, A))
	doc.append("peran", {"peran": role})
	doc.save()


def _second_post(login, role):
	frappe.set_user("Administrator")
	jabatan = factory.make(
		"Jabatan",
		nama="Rangkap Uji",
		unit=frappe.db.get_value("Jabatan", factory_post("penyusun", A), "unit"),
		jenjang="Pelaksana",
		peran=[{"peran": role}],
		atasan=factory_post("kasubbag", A),
		lingkup=A,
	)
	factory.assign(frappe.db.get_value("Pejabat", {"user": login}), jabatan)
	return login


def _open_action(doc):
	return frappe.db.get_value(
		"Workflow Action",
		{"reference_name": doc.name, "workflow_state": doc.workflow_state, "status": "Open"},
	)


def _without_our_hooks(monkeypatch, doctype):
	get_hooks = frappe.get_hooks

	def patched(name=None, *args, **kwargs):
		found = get_hooks(name, *args, **kwargs)
		if name in ("permission_query_conditions", "has_permission"):
			ours = [m for m in found.get(doctype, []) if m.startswith("perjankin_app")]
			found = {**found, doctype: [m for m in found.get(doctype, []) if m not in ours]}
		return found

	monkeypatch.setattr(frappe, "get_hooks", patched)


def test_a_new_pk_starts_at_draf_also_while_the_workflow_is_switched_off(chain):
	frappe.db.set_value("Workflow", "Perjanjian Kinerja", "is_active", 0)
	frappe.clear_cache(doctype="Perjanjian Kinerja")
	assert fresh(pk()).workflow_state == "Draf"


def test_without_a_chain_nobody_has_signed():
	assert not frappe.new_doc("Perjanjian Kinerja").signed_already()


def test_only_a_signed_pk_is_cancelled_and_only_by_an_admin(chain):
	doc = pk()
	frappe.set_user(user("admin"))
	assert not fresh(doc).boleh_batal and not frappe.new_doc(doc.doctype).boleh_batal
	doc = forward(doc)
	assert not fresh(doc).boleh_batal
	frappe.set_user(user("admin"))
	assert fresh(doc).boleh_batal


def test_a_cancelled_pk_is_amended_into_a_new_draft(chain):
	doc = forward(pk(), until=SEND)
	doc = act(doc, "Batalkan", by=user("admin"), reason="Salah periode")
	frappe.set_user(user("penyusun"))
	amended = frappe.copy_doc(doc)
	amended.amended_from, amended.docstatus = doc.name, 0
	amended.insert()
	assert (amended.workflow_state, amended.docstatus) == ("Draf", 0)
	assert not amended.pdf_final and amended.pihak_pertama == doc.pihak_pertama
	assert forward(amended).workflow_state == "Selesai"


def test_a_running_pk_is_not_amended(chain):
	doc = forward(pk(), until=SEND)
	frappe.set_user(user("penyusun"))
	amended = frappe.copy_doc(doc)
	amended.amended_from, amended.docstatus = doc.name, 0
	with pytest.raises((frappe.DuplicateEntryError, frappe.ValidationError)):
		amended.insert()


def test_a_new_official_is_followed_until_the_first_signature(chain):
	"""The head changes while the PK is under way: whoever signs is whom the paper names."""
	doc = forward(pk(), until=SIGN)
	frappe.set_user("Administrator")
	old = frappe.get_doc("Penugasan Jabatan", factory.assignment("kepala"))
	old.selesai = "2026-01-31"
	old.save()
	staff = frappe.db.get_value("Pejabat", {"user": user("tim")})
	factory.assign(staff, old.jabatan, status="Plt.", start="2026-02-01")
	assert factory.waiting_for(doc) == [user("tim")]
	doc = act(doc, "Tanda Tangani", by=user("tim"))
	assert (doc.pihak_pertama_jabatan, doc.docstatus) == ("Plt. Kepala Dinas Uji", 1)
