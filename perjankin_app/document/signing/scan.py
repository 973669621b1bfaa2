"""Basah: printed, signed by hand, scanned and uploaded. The scan is tied to the frozen file by its fingerprint."""

import hashlib

import frappe
from frappe import _
from frappe.utils import get_datetime, getdate, now_datetime

from perjankin_app import locks, moments
from perjankin_app.document import handed_in, signed
from perjankin_app.document.provider import Request, Signed


def sign(request: Request) -> Signed:
	"""`given`: `berkas`, the URL of a private File that is attached to the PK; `tanggal`, the day of signing (default today)."""
	name, url = request.doc.name, request.given.get("berkas")
	attached = {
		"file_url": url,
		"attached_to_doctype": request.doc.doctype,
		"attached_to_name": name,
		"is_private": 1,
	}
	if not (isinstance(url, str) and url and frappe.db.exists("File", attached)):
		frappe.throw(_("Pindaian: unggah berkasnya pada {0} lebih dahulu.").format(name))
	content = signed.content_of(url)
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
	return Signed(
		mencakup=request.document.sidik,
		berkas=url,
		sidik=fingerprint,
		keterangan=_("Dipindai dan diunggah {0}.").format(request.holder.nama),
		pada=now_datetime().replace(microsecond=0) if day == getdate() else get_datetime(day),
	)
