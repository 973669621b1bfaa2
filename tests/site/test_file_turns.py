"""Whose turn it is to attach a file to a record of ours, and to take one off: a role's `write` is not enough."""

import io

import factory
import frappe
import pytest
from factory import PEMDA, A, act, also, forward, pk, user
from frappe.utils import add_to_date, file_manager, today
from perjankin_app.perjankin_app.doctype.catatan_asistensi.catatan_asistensi import resolve
from perjankin_app.perjankin_app.doctype.data_bidang import data_bidang
from perjankin_app.perjankin_app.doctype.naskah_dinas import naskah_dinas
from perjankin_app.perjankin_app.doctype.perjanjian_kinerja import perjanjian_kinerja as controller
from test_letters import PAPERS, archive, letter, ready, renstra, signed

PK = "Perjanjian Kinerja"
DRAFTER, CHECKER, HEAD, STAFF = user("penyusun"), user("kasubbag"), user("kepala"), user("staf")
PEMBINA, INSPECTOR, BUPATI = (user(key, PEMDA) for key in ("pembina", "inspektur", "bupati"))
OUTSIDERS = (STAFF, PEMBINA, INSPECTOR, user("tim"), user("kabid"), user("admin"))


def begun_a_moment_ago(name):
	"""The running step: its beginning is known to the second, and no person attaches a file within the first one."""
	if began := frappe.db.get_value(PK, name, "langkah_sejak"):
		frappe.db.set_value(PK, name, "langkah_sejak", add_to_date(began, minutes=-1), update_modified=False)


def attach(by, doc, content=None, **values):
	frappe.set_user(by)
	begun_a_moment_ago(doc.name if doc.doctype == PK else doc.get("perjanjian_kinerja"))
	values = {"file_name": "lampiran-uji.txt", "is_private": 1, **values}
	content = content or frappe.generate_hash()
	about = {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name}
	return frappe.get_doc(doctype="File", content=content, **about, **values).insert()


def take_off(by, file):
	frappe.set_user(by)
	frappe.delete_doc("File", file.name)


def move(by, file):
	frappe.set_user(by)
	frappe.get_doc("File", file.name).update({"attached_to_doctype": None, "attached_to_name": None}).save()


def exchange(by, file):
	frappe.set_user(by)
	gone = {"attached_to_doctype": None, "attached_to_name": None, "file_url": "/files/lain-uji.txt"}
	frappe.get_doc("File", file.name).update(gone).save()


def refuses(call, *args):
	with pytest.raises(frappe.PermissionError):
		call(*args)
	frappe.clear_messages()


def nobody_else(doc, file, but=()):
	for login in (DRAFTER, CHECKER, HEAD, *OUTSIDERS):
		if login not in but:
			refuses(attach, login, doc)
			for call in (take_off, move, exchange):
				refuses(call, login, file)


# --------------------------------------------------------------------------------------------------------------- the PK


@pytest.fixture
def doc(in_force):
	return pk()


def test_while_it_is_drafted_its_drafter(doc):
	file = attach(DRAFTER, doc)
	nobody_else(doc, file, but=(DRAFTER,))
	take_off(DRAFTER, file)


def test_then_whoever_checks_it(doc):
	file = attach(DRAFTER, doc)
	act(doc, "Selesai", by=DRAFTER)
	own = attach(CHECKER, doc)
	nobody_else(doc, file, but=(CHECKER,))
	for one in (own, file):
		take_off(CHECKER, one)


def test_what_a_signed_pk_has_stays(doc):
	file = attach(DRAFTER, doc)
	doc = forward(doc, until="Uji Kirim")
	frozen = frappe.get_doc("File", {"file_url": doc.pdf_final})
	for one in (file, frozen):
		for call in (take_off, move, exchange):
			for login in (DRAFTER, CHECKER, HEAD, *OUTSIDERS):
				refuses(call, login, one)
	for login in (CHECKER, HEAD, *OUTSIDERS, BUPATI):  # those who may hand in a scan too
		refuses(attach, login, doc)


def test_whoever_sends_it_may_add_and_take_the_own_back(doc):
	doc = forward(doc, until="Uji Kirim")
	own = attach(DRAFTER, doc)
	refuses(take_off, user("admin"), own)
	take_off(DRAFTER, own)


@pytest.mark.parametrize("by", [DRAFTER, CHECKER, user("admin"), BUPATI])
def test_a_scan_comes_from_a_clerk_or_a_party(doc, by):
	"""After the end of the chain, while a signature on paper is still missing: the server attaches what it accepts."""
	doc = forward(doc)
	refuses(attach, by, doc)
	scan = upload(by)
	hand_in(by, doc, scan)
	assert frappe.db.get_value(PK, doc.name, "keberlakuan") == "Berlaku"
	scan.reload()
	assert (scan.attached_to_name, scan.is_private, scan.owner) == (doc.name, 1, "Administrator")
	for login in (by, DRAFTER):
		refuses(take_off, login, scan)
		refuses(attach, login, doc)


def upload(by, **values):
	"""As the dialog does: of the uploader's own, attached to nothing."""
	frappe.set_user(by)
	values = {"file_name": "pindaian-uji.pdf", "is_private": 1, "content": paper(), **values}
	return frappe.get_doc(doctype="File", **values).insert()


def hand_in(by, doc, file, party="Pihak Kedua", day=None):
	frappe.set_user(by)
	controller.hand_in_scan(doc.name, party, file.file_url, day)


def attached(doc) -> int:
	return frappe.db.count("File", {"attached_to_doctype": PK, "attached_to_name": doc.name})


def test_a_scan_that_is_refused_stays_the_uploader_s_own(doc):
	doc = forward(doc)
	before = attached(doc)
	first, second = upload(CHECKER), upload(DRAFTER, content=paper() + b"\n% lain\n")
	with pytest.raises(frappe.ValidationError, match="Tanggal"):
		hand_in(DRAFTER, doc, second, day="2020-01-01")
	hand_in(CHECKER, doc, first)
	with pytest.raises(frappe.ValidationError, match="tidak menunggu tanda tangan"):
		hand_in(DRAFTER, doc, second)
	assert attached(doc) == before + 1
	take_off(DRAFTER, second)


def test_a_scan_is_private_once_it_is_on_a_pk(doc):
	doc = forward(doc)
	scan = upload(DRAFTER, is_private=0)
	hand_in(DRAFTER, doc, scan)
	url = frappe.get_doc("File", scan.name).file_url
	assert url.startswith("/private/files/")
	assert frappe.db.exists("Tanda Tangan PK", {"parent": doc.name, "berkas": url})


def test_nobody_hands_in_the_loose_file_of_somebody_else(doc):
	doc = forward(doc)
	file = upload(CHECKER)
	with pytest.raises(frappe.ValidationError, match="unggah berkasnya"):
		hand_in(DRAFTER, doc, file)


def test_one_sheet_for_both_parties_may_be_handed_in_twice(doc):
	frappe.db.set_value("Unit Kerja", A, "cara_tanda_tangan", "Basah")
	doc, sheet = forward(doc), paper()
	for party in ("Pihak Pertama", "Pihak Kedua"):
		hand_in(DRAFTER, doc, upload(DRAFTER, content=sheet), party)
	assert frappe.db.get_value(PK, doc.name, "keberlakuan") == "Berlaku"


@pytest.mark.parametrize("by", [STAFF, PEMBINA, INSPECTOR, HEAD, user("tim")])
def test_and_from_nobody_else(doc, by):
	doc = forward(doc)
	refuses(attach, by, doc)


def paper() -> bytes:
	from pikepdf import Pdf

	out, pdf = io.BytesIO(), Pdf.new()
	pdf.add_blank_page()
	pdf.save(out)
	return out.getvalue()


@pytest.mark.parametrize("by", [STAFF, PEMBINA, HEAD])
def test_by_no_other_call_of_core(doc, by):
	"""This one attaches with `ignore_permissions`."""
	frappe.set_user(by)
	own = frappe.get_doc(doctype="File", file_name="lepas-uji.txt", content="lepas", is_private=1).insert()
	refuses(file_manager.add_attachments, PK, doc.name, [own.name])
	refuses(move_onto, own, PK, doc.name)
	assert not frappe.db.exists("File", {"attached_to_name": doc.name})


def move_onto(file, doctype, name):
	frappe.get_doc("File", file.name).update(
		{"attached_to_doctype": doctype, "attached_to_name": name}
	).save()


def test_nor_to_a_record_that_is_still_to_come(doc):
	"""A form that is not saved yet has a name that begins with `new-`."""
	refuses(attach, STAFF, frappe._dict(doctype=PK, name="PK-2026-99999"))
	attach(DRAFTER, frappe._dict(doctype=PK, name="new-perjanjian-kinerja-abcdefghij"))


def test_nor_to_a_row_of_it(doc):
	refuses(attach, DRAFTER, doc.target[0])


def test_who_drafts_no_more_takes_nothing_off(doc):
	file = attach(DRAFTER, doc)
	frappe.set_user("Administrator")
	held = frappe.get_doc("Penugasan Jabatan", factory.assignment("penyusun"))
	held.update({"selesai": frappe.utils.add_days(today(), -1)}).save()
	with also("staf", "PK Penyusun"):
		refuses(take_off, DRAFTER, file)
		refuses(attach, DRAFTER, doc)


def test_over_http(client, in_review):
	"""As the desk uploads and removes."""

	def upload(by):
		data = {"file": (io.BytesIO(by.encode()), "unggah-uji.txt"), "doctype": PK, "docname": in_review.name}
		return client(by).post("/api/method/upload_file", data={**data, "is_private": "1"})

	for by in (DRAFTER, STAFF, PEMBINA, INSPECTOR):
		assert upload(by).status_code == 403, by
	answer = upload(CHECKER)
	assert answer.status_code == 200, answer.text
	remove = {"fid": answer.json["message"]["name"], "dt": PK, "dn": in_review.name}
	for by in (DRAFTER, STAFF, PEMBINA, INSPECTOR):
		response = client(by).post("/api/method/frappe.desk.form.utils.remove_attach", data=remove)
		assert response.status_code == 403, by
		assert client(by).delete(f"/api/resource/File/{remove['fid']}").status_code == 403, by
	assert (
		client(CHECKER).post("/api/method/frappe.desk.form.utils.remove_attach", data=remove).status_code
		== 200
	)


# ------------------------------------------------------------------------------------------------------- papers of a PK


@pytest.fixture
def running():
	factory.publish(papers=PAPERS)
	return pk()


def test_data_bidang(running):
	frappe.set_user(DRAFTER)
	frappe.get_doc(doctype="Permintaan Data", perjanjian_kinerja=running.name, tenggat=today()).insert()
	form = frappe.get_doc("Data Bidang", {"perjanjian_kinerja": running.name, "unit": ("like", "Bidang%")})
	file = attach(STAFF, form)  # of the unit that fills it
	nobody_else(form, file, but=(STAFF, user("kabid")))
	take_off(STAFF, file)
	file = attach(STAFF, form)
	form.append("target", {"indikator": factory.indicator("Indeks Layanan"), "target": "80"})
	frappe.set_user(user("kabid"))
	form.save()
	data_bidang.sign(form.name)
	nobody_else(form, file)


def test_a_meeting_and_its_request(running):
	frappe.set_user(DRAFTER)
	times = {"mulai": "2026-03-02 09:00", "selesai": "2026-03-02 11:00"}
	about = {"perjanjian_kinerja": running.name}
	meeting = frappe.get_doc(
		doctype="Rapat Pembahasan", judul="Rapat", tempat="Aula", **times, **about
	).insert()
	asked = frappe.get_doc(doctype="Permintaan Data", tenggat=today(), **about).insert()
	for paper in (meeting, asked):
		file = attach(DRAFTER, paper)
		nobody_else(paper, file, but=(DRAFTER,))
		take_off(DRAFTER, file)


def test_a_letter_and_its_receipt(running):
	given = ready(running)
	draft = attach(DRAFTER, given)
	nobody_else(given, draft, but=(DRAFTER,))
	doc = signed(act(running, "Selesai", by=DRAFTER))
	frappe.set_user(DRAFTER)
	naskah_dinas.give_number(given.name)
	receipt = attach(DRAFTER, given)
	nobody_else(given, receipt, but=(DRAFTER,))
	take_off(DRAFTER, receipt)
	frappe.set_user(DRAFTER)
	sent = frappe.get_doc("Naskah Dinas", given.name)
	receipt = attach(DRAFTER, given)
	way = {"dikirim_tanggal": today(), "diterima_tanggal": today(), "penerima_nama": "Biro"}
	sent.update({**way, "bukti_terima": receipt.file_url}).save()
	archive(doc)
	act(doc, "Kirim", by=DRAFTER)
	for login in (DRAFTER, user("tim"), STAFF):
		refuses(take_off, login, receipt)


def test_a_supporting_paper(running):
	frappe.set_user(DRAFTER)
	given = renstra(running)
	file = attach(DRAFTER, given)
	for login in (STAFF, PEMBINA, INSPECTOR, user("penyusun", factory.B)):
		refuses(attach, login, given)
		refuses(take_off, login, file)
	take_off(DRAFTER, file)
	file = attach(DRAFTER, given)
	letter(running)
	act(running, "Selesai", by=DRAFTER)  # rests on it
	for login in (DRAFTER, user("tim"), CHECKER):
		refuses(take_off, login, file)


def test_a_remark():
	rows = [dict(row) for row in factory.SIMPLE]
	rows[1] = dict(
		kegiatan="Asistensi", status="Uji Asistensi", jenis="Asistensi", peran="PK Pembina", jika_tidak="Draf"
	)
	rows[2]["jika_tidak"] = "Draf"
	factory.publish(rows)
	doc = act(pk(), "Selesai", by=DRAFTER)
	frappe.set_user(PEMBINA)
	remark = frappe.get_doc(
		doctype="Catatan Asistensi", perjanjian_kinerja=doc.name, bagian="Umum", catatan="Perjelas"
	).insert()
	given = attach(PEMBINA, remark)
	nobody_else(remark, given, but=(PEMBINA,))
	take_off(PEMBINA, given)
	given = attach(PEMBINA, remark)
	act(doc, "Kembalikan", by=PEMBINA, reason="Lihat catatan")
	answer = attach(DRAFTER, remark)
	nobody_else(remark, answer, but=(DRAFTER,))
	refuses(take_off, DRAFTER, given)
	take_off(DRAFTER, answer)
	act(doc, "Selesai", by=DRAFTER)
	frappe.set_user(PEMBINA)
	resolve(remark.name)
	nobody_else(remark, given)


def test_no_file_is_put_on_what_the_server_writes(running):
	frappe.set_user(DRAFTER)
	bundle = frappe.get_doc(doctype="Bundel PK", opd=A, periode="2026").insert()
	for login in (DRAFTER, INSPECTOR, PEMBINA):
		refuses(attach, login, bundle)
	ready(running)
	act(running, "Selesai", by=DRAFTER)
	refuses(attach, CHECKER, frappe.get_last_doc("Riwayat Alur", {"perjanjian_kinerja": running.name}))
