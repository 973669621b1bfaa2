"""Basah: printed, signed by hand, scanned and uploaded. The scan is tied to the frozen file by its fingerprint.

It is uploaded as a File of the uploader's own and attached to the PK here, once it is accepted: whatever is refused
leaves nothing on a PK from which nobody could take it off again.
"""

import hashlib

import frappe
from frappe import _
from frappe.utils import get_datetime, getdate, now_datetime

from perjankin_app import locks, moments
from perjankin_app.document import handed_in, signed
from perjankin_app.document.provider import Request, Signed


def sign(request: Request) -> Signed:
	"""`given`: `berkas`, the URL of a File that the session's user has uploaded, attached to nothing yet or to the PK;
	`tanggal`, the day of signing (default today)."""
	name, file = request.doc.name, _uploaded(request)
	content = signed.content_of(file.file_url)
	handed_in.require_scan(content, _("Pindaian"))
	fingerprint = hashlib.sha256(content).hexdigest()
	locks.alone("Tanda Tangan PK", sidik=fingerprint)
	if frappe.db.exists("Dokumen Final", {"sidik": fingerprint}):
		frappe.throw(
			_("Pindaian: ini berkas yang dibekukan, belum bertanda tangan. Cetak, tandatangani, lalu pindai.")
		)
	if frappe.db.exists("Tanda Tangan PK", {"sidik": fingerprint, "parent": ("!=", name)}):
		frappe.throw(_("Pindaian: berkas ini sudah dipakai untuk PK lain. Pindai lembar {0}.").format(name))
	try:
		day = moments.read_date(request.given.get("tanggal") or getdate())
	except ValueError:
		frappe.throw(_("Tanggal: isi tanggal, misalnya 2026-12-31."))
	if not getdate(request.document.dibekukan_pada) <= day <= getdate():
		frappe.throw(
			_("Tanggal: antara tanggal pembekuan ({0}) dan hari ini.").format(
				frappe.format(getdate(request.document.dibekukan_pada))
			)
		)
	if not file.attached_to_name:
		file = signed.attach(file, request.doc)
	return Signed(
		mencakup=request.document.sidik,
		berkas=file.file_url,
		sidik=fingerprint,
		keterangan=_("Dipindai dan diunggah {0}.").format(request.holder.nama),
		pada=now_datetime().replace(microsecond=0) if day == getdate() else get_datetime(day),
	)


def _uploaded(request: Request):
	"""The File that is handed in. One on the PK goes first: of the same bytes core keeps one file on the disk, and where
	a signature stands on it already, none of its File records is moved."""
	doc, url = request.doc, request.given.get("berkas")
	on_pk = {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name, "is_private": 1}
	own = {
		"attached_to_doctype": ("is", "not set"),
		"attached_to_name": ("is", "not set"),
		"owner": frappe.session.user,
	}
	for place in (on_pk, own):
		name = isinstance(url, str) and url and frappe.db.get_value("File", {"file_url": url, **place})
		if name:
			return frappe.get_doc("File", name)
	frappe.throw(_("Pindaian: unggah berkasnya lebih dahulu."))
