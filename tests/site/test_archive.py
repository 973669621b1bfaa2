"""The archive of signed PKs, which is read without the app: what it holds, where it may lie, and when it is out of date."""

import hashlib
import json
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import factory
import frappe
import pytest
from factory import B, forward, pk, user

from perjankin_app import uninstall
from perjankin_app.document import archive, final, signed


@pytest.fixture
def signed_pks(in_force):
	"""One in force, one cancelled, one of another OPD; and a draft."""
	docs = [forward(pk()), forward(pk(opd=B))]
	factory.act(docs[1], "Batalkan", by=user("admin", B), reason="uji <b>tebal</b>")
	factory.publish(factory.BELOW, jenjang="Administrator", name="SOP Uji kabid")
	pk("sekretaris")
	frappe.set_user("Administrator")
	return docs


class Links(HTMLParser):
	def __init__(self, text):
		super().__init__()
		self.found = []
		self.feed(text)

	def handle_starttag(self, tag, attributes):
		self.found += [unquote(value) for name, value in attributes if name in ("href", "src")]


def test_everything_signed_is_in_it_and_its_pages_lead_there(signed_pks, tmp_path):
	path = archive.export(str(tmp_path / "arsip.zip"))
	with zipfile.ZipFile(path) as found:
		names = set(found.namelist())
		index = found.read("index.html").decode()
		sums = dict(reversed(line.split("  ")) for line in found.read("SHA256SUMS").decode().splitlines())
		assert {hashlib.sha256(found.read(name)).hexdigest() == sum for name, sum in sums.items()} == {True}
		assert set(Links(index).found) == {f"{doc.name}/index.html" for doc in signed_pks}
		for doc in signed_pks:
			page = found.read(f"{doc.name}/index.html").decode()
			assert {
				str(Path(f"{doc.name}/{link}")) for link in Links(page).found if ".." not in link
			} <= names
			assert final.of(doc.name).sidik in page and final.of(doc.name).sidik in sums.values()
			assert all(row.nama in page for row in final.of(doc.name).tanda_tangan)
			steps = json.loads(found.read(f"{doc.name}/riwayat.json"))
			assert [step["hash"] for step in steps] == frappe.get_all(
				"Riwayat Alur", {"perjanjian_kinerja": doc.name}, pluck="hash", order_by="urutan"
			)
		assert "uji &lt;b&gt;tebal" in found.read(f"{signed_pks[1].name}/index.html").decode()
	assert Path(path).stat().st_mode & 0o077 == 0  # nobody else's to read


def test_uninstalling_asks_for_it_until_it_holds_all_that_is_signed(signed_pks, tmp_path):
	assert frappe.local.site in uninstall._unarchived()[0]
	archive.export(str(tmp_path / "arsip.zip"))
	assert uninstall._unarchived() == []
	factory.act(signed_pks[0], "Batalkan", by=user("admin"), reason="sesudah arsip")
	frappe.set_user("Administrator")
	assert uninstall._unarchived()


def test_it_is_waived_only_by_the_name_of_this_site(signed_pks, monkeypatch):
	for value, refused in (("1", True), ("lain.example", True), (frappe.local.site, False)):
		monkeypatch.setitem(frappe.conf, uninstall.WAIVER, value)
		assert bool(uninstall._unarchived()) == refused


def test_it_lies_outside_of_the_site_and_overwrites_nothing(signed_pks, tmp_path):
	there = tmp_path / "ada.zip"
	there.write_bytes(b"")
	for path in (
		frappe.get_site_path("private", "files", "arsip.zip"),
		there,
		tmp_path / "tiada" / "arsip.zip",
	):
		with pytest.raises(frappe.ValidationError):
			archive.export(str(path))
	assert there.read_bytes() == b"" and uninstall._unarchived()


def test_a_file_that_is_gone_is_told_and_does_not_stop_it(signed_pks, tmp_path, capsys):
	gone = Path(frappe.get_site_path(signed_pks[0].pdf_final.lstrip("/")))
	content = signed.content_of(signed_pks[0].pdf_final)
	gone.unlink()
	try:
		with zipfile.ZipFile(archive.export(str(tmp_path / "arsip.zip"))) as found:
			assert "berkas tidak ada" in found.read("manifes.csv").decode()
			assert "berkas tidak ada" in found.read(f"{signed_pks[0].name}/index.html").decode()
	finally:
		gone.write_bytes(content)
	assert "1 berkas tidak ikut" in capsys.readouterr().out
