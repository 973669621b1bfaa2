"""A file of ours and the File records of others: no copy for who can't read it, and nothing of the host's moves for us."""

import base64
import io
import json
from pathlib import Path

import factory
import frappe
import pytest
from factory import A, B, act, pk, user
from frappe.utils import file_manager
from PIL import Image

PK = "Perjanjian Kinerja"
DRAFTER, STRANGER, MANAGER = user("penyusun"), user("staf", B), f"sistem@{factory.DOMAIN}"
CORES_WORDS = "You don't have permission to access this file"


def picture(kind="PNG") -> bytes:
	"""Core stores a JPEG without what its head tells about the camera, and anew whenever a File of it is made."""
	out = io.BytesIO()
	Image.effect_noise((300, 200), 60).convert("RGB").save(out, kind)
	return out.getvalue()


def path(url) -> Path:
	return Path(frappe.get_site_path(*([] if url.startswith("/private/") else ["public"]), url.lstrip("/")))


def file(by=None, **values):
	frappe.set_user(by or frappe.session.user)
	values = {"file_name": "salinan-uji.png", "is_private": 1, **values}
	return frappe.get_doc(doctype="File", **values)


def note(by):
	frappe.set_user(by)
	return frappe.get_doc(doctype="ToDo", description="uji salinan", allocated_to=by).insert(
		ignore_permissions=True
	)


def at(doc) -> dict:
	return {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name}


def stored(file) -> frappe._dict:
	return frappe.db.get_value("File", file.name, ["file_url", "is_private", "content_hash"], as_dict=True)


@pytest.fixture
def doc(in_force):
	return pk()


@pytest.fixture
def paper(doc):
	return file(DRAFTER, content=picture(), **at(doc)).insert()


@pytest.fixture(params=["salinan-uji.jpg", "salinan-uji.png", "salinan-uji.txt", "salinan-uji.csv"])
def any_paper(request, doc):
	"""Core decodes and encodes what it takes for text."""
	kind = request.param.split(".")[1]
	content = {"jpg": lambda: picture("JPEG"), "png": picture, "txt": lambda: b"rahasia"}
	content = content.get(kind, lambda: "\ufeffrahasia §".encode("utf-16"))()
	return file(DRAFTER, content=content, file_name=request.param, **at(doc)).insert()


# ------------------------------------------------------------------------------------------ no copy of what one can't read


@pytest.mark.parametrize("by", [STRANGER, MANAGER, DRAFTER])
@pytest.mark.parametrize("ignored", [False, True])
def test_no_second_record_elsewhere(any_paper, by, ignored):
	"""Not of who may read it either: it would stay the own one after a transfer."""
	for about in ({}, at(note(by)), at(frappe.get_doc("User", by))):
		with pytest.raises(frappe.PermissionError):
			file(by, file_url=any_paper.file_url, file_name=None, **about).insert(ignore_permissions=ignored)


@pytest.mark.parametrize("ignored", [False, True])
def test_nor_at_the_own_pk_of_who_can_not_read_it(any_paper, ignored):
	mine = pk(opd=B)
	with pytest.raises(frappe.PermissionError):
		file(user("penyusun", B), file_url=any_paper.file_url, **at(mine)).insert(ignore_permissions=ignored)


def test_its_reader_attaches_it_to_another_record_of_ours(paper):
	own = frappe.get_doc("Dokumen Anggaran", _budget())
	assert file(DRAFTER, file_url=paper.file_url, **at(own)).insert().file_url == paper.file_url


def _budget():
	frappe.set_user(DRAFTER)
	return factory.make(
		"Dokumen Anggaran", opd=A, periode="2026", jenis="DPA", nomor="1",
		tanggal_pengesahan="2026-01-02", pagu=[{"nomenklatur": "9.99.01", "pagu": 5}],
	)  # fmt: skip


def test_nor_by_changing_an_own_record(paper):
	own = file(STRANGER, content=picture()).insert()
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("File", own.name).update({"file_url": paper.file_url}).save()


def test_nor_by_cores_own_copies(paper):
	todo = note(STRANGER)
	with pytest.raises(frappe.PermissionError):
		file_manager.add_attachments("ToDo", todo.name, [paper.name])
	original = frappe.get_doc("File", paper.name)
	if hasattr(original, "create_attachment_copy"):  # recent v15, v16
		with pytest.raises(frappe.PermissionError):
			original.create_attachment_copy("ToDo", todo.name, ignore_permissions=True)


def test_an_amended_pk_takes_its_files_along(paper, doc):
	doc = factory.forward(doc)
	act(doc, "Batalkan", by=user("admin"), reason="Keliru")
	frappe.set_user(DRAFTER)
	new = frappe.copy_doc(frappe.get_doc(PK, doc.name))
	new.update({"amended_from": doc.name, "docstatus": 0}).insert()
	urls = frappe.get_all("File", at(new), pluck="file_url")
	assert paper.file_url in urls


# ---------------------------------------------------------------------------------------------------------- over HTTP


@pytest.fixture
def told(client, in_review):
	"""A private picture of a PK of OPD A, committed, and a client who may not read it."""
	frappe.set_user("Administrator")
	paper = file(content=picture(), file_name="rahasia-uji.png", **at(in_review)).insert()
	frappe.db.commit()
	yield frappe._dict(paper=paper, client=client(STRANGER), reader=client(user("kasubbag")))
	frappe.set_user("Administrator")
	frappe.db.rollback()
	for name in frappe.get_all("File", {"file_name": ("like", "%-uji%")}, pluck="name"):
		frappe.delete_doc("File", name, force=True)
	for name in frappe.get_all("ToDo", {"description": ("like", "%uji salinan%")}, pluck="name"):
		frappe.delete_doc("ToDo", name, force=True)
	frappe.db.commit()


# names of one and the same function: importing it makes another one
MAIL = ("core.doctype.communication.email.make", "automation.doctype.auto_repeat.auto_repeat.make")


@pytest.mark.parametrize("name", MAIL)
def test_no_mail_takes_it_along(told, name):
	body = {"content": "x", "subject": "uji", "recipients": "x@uji.example", "attachments": [told.paper.name]}
	answer = told.client.post(f"/api/method/frappe.{name}", json=body)
	assert answer.status_code == 403, answer.text
	assert told.paper.file_url not in answer.text
	assert told.client.get(told.paper.file_url).status_code == 403
	frappe.db.rollback()
	assert not frappe.db.exists(
		"File", {"file_url": told.paper.file_url, "attached_to_doctype": "Communication"}
	)


@pytest.mark.parametrize("name", ["upload_file", "frappe.utils.file_manager.add_attachments"])
def test_no_upload_by_its_url(told, name):
	body = {"file_url": told.paper.file_url, "file_name": "x-uji.png", "is_private": 1}
	body |= {
		"doctype": "User",
		"docname": STRANGER,
		"name": STRANGER,
		"attachments": json.dumps([told.paper.name]),
	}
	assert told.client.post(f"/api/method/{name}", data=body).status_code == 403
	assert told.client.get(told.paper.file_url).status_code == 403


@pytest.mark.parametrize("private", [0, 1])
@pytest.mark.parametrize("stands", [True, False])
def test_core_opens_no_file_that_a_forged_record_names(told, private, stands):
	"""`optimize_file` reads what the client's JSON names as its own, and writes it where the JSON says."""
	own = file(STRANGER, content=picture(), file_name="milik-uji.png").insert() if stands else file(STRANGER)
	frappe.set_user("Administrator")
	frappe.db.commit()
	forged = {
		"owner": STRANGER,
		"file_url": told.paper.file_url,
		"file_name": "bocor-uji.png",
		"file_size": 1,
	}
	docs = {**own.as_dict(), **forged, "is_private": private, "content": "", "__islocal": int(not stands)}
	docs.setdefault("name", "x")
	body = {"method": "optimize_file", "docs": json.dumps(docs, default=str)}
	answer = told.client.post("/api/method/run_doc_method", data=body)
	assert answer.status_code == 403, answer.text
	for url in ("/files/bocor-uji.png", "/private/files/bocor-uji.png"):
		assert not path(url).exists()


def test_its_reader_does_not_publish_it_that_way(told):
	docs = {
		**frappe.get_doc("File", told.paper.name).as_dict(),
		"is_private": 0,
		"file_name": "bocor-uji.png",
	}
	body = {"method": "optimize_file", "docs": json.dumps(docs, default=str)}
	assert told.reader.post("/api/method/run_doc_method", data=body).status_code == 403
	assert not path("/files/bocor-uji.png").exists()
	assert path(told.paper.file_url).read_bytes() == told.paper.content


# ---------------------------------------------------------------------------------------- who has the bytes has the bytes


def test_the_same_picture_in_a_comment(paper):
	"""Core stores the same bytes once; whoever sends them is refused nothing, and learns nothing."""
	todo = note(STRANGER)
	inline = base64.b64encode(paper.content).decode()
	todo.description = f'uji salinan <img src="data:image/png;base64,{inline}" data-filename="foto-uji.png">'
	todo.save(ignore_permissions=True)
	mine = frappe.get_last_doc("File", {"attached_to_name": todo.name})
	assert path(mine.file_url).exists() and mine.file_url in todo.description  # v15 makes the picture smaller
	assert not frappe.has_permission("File", "read", doc=paper.name)


@pytest.mark.parametrize("decode", [False, True])
def test_the_same_picture_by_a_web_form(paper, decode):
	content = base64.b64encode(paper.content) if decode else paper.content
	mine = file(STRANGER, content=content, decode=decode, file_name="foto-uji.png", **at(note(STRANGER)))
	mine.insert(ignore_permissions=True)
	assert path(mine.file_url).read_bytes() == paper.content


def test_it_may_be_put_up_as_the_own_picture(paper):
	mine = file(
		STRANGER, content=paper.content, attached_to_doctype="User", attached_to_name=STRANGER
	).insert()
	frappe.get_doc("User", STRANGER).update({"user_image": mine.file_url}).save()
	assert frappe.db.get_value("User", STRANGER, "user_image") == mine.file_url


@pytest.mark.parametrize("is_private", [0, 1])
def test_where_the_host_moves_its_own_ours_stays(paper, is_private):
	"""Core moves every File with those bytes."""
	before = stored(paper)
	mine = file(STRANGER, content=paper.content, is_private=is_private, file_name="foto-uji.png").insert()
	frappe.get_doc("File", mine.name).update({"is_private": int(not is_private)}).save()
	assert stored(paper) == before
	assert path(before.file_url).read_bytes() == paper.content
	moved = stored(mine)
	assert moved.is_private != is_private and moved.file_url != before.file_url
	assert path(moved.file_url).read_bytes() == paper.content


# ------------------------------------------------------------------------------------------------- private, and no path


def test_the_same_file_for_another_pk_with_private_unticked(client, in_review):
	"""It was refused with 500 and a path of the server."""
	other = (
		pk("kasi", by="penyusun")
		if factory.publish(factory.BELOW, jenjang="Pengawas", name="SOP Pgw")
		else None
	)
	frappe.set_user("Administrator")
	first = file(content=b"surat yang sama", file_name="sama-uji.txt", **at(in_review)).insert()
	frappe.db.commit()
	for _ in range(2):
		data = {"file": (io.BytesIO(b"surat yang sama"), "sama-uji.txt"), "is_private": "0"}
		answer = client(DRAFTER).post(
			"/api/method/upload_file", data={**data, "doctype": PK, "docname": other.name}
		)
		assert answer.status_code == 200, answer.text
		assert str(Path(frappe.get_site_path()).resolve()) not in answer.text
		told = answer.json["message"]
		assert (told["is_private"], told["file_url"].split("/")[1]) == (1, "private")
		assert client(DRAFTER).get(told["file_url"]).data == b"surat yang sama"
		assert client(STRANGER).get(told["file_url"]).status_code == 403
		assert not path("/files/sama-uji.txt").exists()
	frappe.db.rollback()
	assert frappe.db.get_value("File", first.name, "file_url") == first.file_url


@pytest.mark.parametrize("how", ["uploaded", "attached later"])
def test_a_public_file_of_the_host_with_the_same_bytes_stays_public(doc, how):
	content = picture()
	logo = file("Administrator", content=content, is_private=0, file_name="logo-uji.png").insert()
	before = stored(logo)
	ours = file(
		DRAFTER,
		content=content,
		is_private=0,
		file_name="logo-uji.png",
		**(at(doc) if how == "uploaded" else {}),
	)
	ours.insert()
	if how != "uploaded":
		ours.reload().update(at(doc)).save()
	assert stored(logo) == before and path(before.file_url).read_bytes() == content
	assert stored(ours).is_private and path(stored(ours).file_url).read_bytes() == content


def test_bytes_of_any_encoding_stay_as_they_are(doc):
	content = "Rp§ é".encode("latin-1")
	file(DRAFTER, content=content, file_name="huruf-uji.txt", is_private=0, **at(doc)).insert()
	kept = frappe.get_last_doc("File", {"attached_to_name": doc.name})
	assert kept.is_private and path(kept.file_url).read_bytes() == content


def test_a_public_emblem_of_the_site_that_a_letterhead_names(in_force):
	emblem = file("Administrator", content=picture(), is_private=0, file_name="lambang-uji.png").insert()
	before = stored(emblem)
	frappe.set_user(user("admin"))
	frappe.get_doc("Unit Kerja", A).update({"logo": emblem.file_url}).save()
	assert stored(emblem) == before and path(before.file_url).exists()


# -------------------------------------------------------------------------------------------------- on the host's forms


@pytest.mark.parametrize("private", [0, 1])
def test_a_manager_names_what_somebody_uploaded(in_force, private):
	logo = file("Administrator", content=picture(), is_private=private).insert()
	frappe.set_user(MANAGER)
	saved = frappe.get_doc(doctype="Contact", first_name="Uji berkas", image=logo.file_url).insert()
	assert saved.image == logo.file_url


@pytest.mark.parametrize("by", [MANAGER, STRANGER])
def test_but_no_file_of_ours_and_is_told_in_the_own_language(paper, by):
	frappe.set_user(by)
	frappe.local.lang = "en"
	try:
		with pytest.raises(frappe.PermissionError, match=CORES_WORDS):
			frappe.get_doc(doctype="Contact", first_name="Uji berkas", image=paper.file_url).insert()
	finally:
		frappe.local.lang = "id"


def test_a_field_of_another_kind_is_left_alone_on_the_host(in_force):
	todo = note(MANAGER)
	kept = file(
		MANAGER, content=b"x", file_name="x-uji.txt", attached_to_field="description", **at(todo)
	).insert()
	assert kept.attached_to_field == "description"
