"""Settings of the host site that matter to PKs: how they stand, what they risk, and the change a System Manager may ask for.

The app runs on somebody else's site and never changes these by itself: not at install, not at migrate, not when read.
"""

from collections.abc import Callable
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import escape_html

from perjankin_app import permissions
from perjankin_app.document import renderer
from perjankin_app.install import MODULE

WORKFLOW = "Perjanjian Kinerja"


@dataclass(frozen=True)
class Check:
	key: str
	title: str
	risk: str
	safe: bool
	effect: str = ""  # of the change, told before it is confirmed
	change: Callable | None = None
	advice: str = ""  # where the desk can't change it


def report() -> list[dict]:
	"""Every check that this version of Frappe knows, for the form."""
	may_change = permissions.is_site_admin(frappe.session.user)
	return [
		{
			"key": check.key,
			"judul": check.title,
			"aman": check.safe,
			"risiko": check.risk,
			"akibat": check.effect,
			"saran": check.advice,
			"dapat_diubah": bool(may_change and check.change and not check.safe),
		}
		for check in checks()
	]


@frappe.whitelist(methods=["POST"])
def apply(key: str):
	"""Set the one setting `key` as recommended."""
	if not permissions.is_site_admin(frappe.session.user):
		frappe.throw(
			_("Setelan situs hanya dapat diubah System Manager. Minta kepadanya."), frappe.PermissionError
		)
	check = next((check for check in checks() if check.key == key and check.change), None)
	if not check:
		frappe.throw(_("{0} tidak dapat diubah dari sini.").format(escape_html(key)))
	if not check.safe:
		check.change()


def checks() -> list[Check]:
	return [
		*_setting(
			"apply_strict_user_permissions",
			1,
			_(
				"Batas OPD juga berlaku bagi catatan yang kolom unitnya kosong (Apply Strict User Permissions)"
			),
			_("Catatan aplikasi lain yang kolom unitnya kosong dapat dibaca pegawai OPD mana pun."),
			_(
				"Di seluruh situs, pengguna yang dibatasi OPD tidak lagi melihat catatan yang kolom unitnya kosong."
			),
		),
		*_setting(
			"disable_document_sharing",
			1,
			_("Dokumen tidak dapat dibagikan (Disable Document Sharing)"),
			_("Pengguna dapat membagikan dokumen kepada siapa pun di situs ini, di luar Penugasan Jabatan."),
			_("Tombol Bagikan hilang di seluruh situs. Yang sudah dibagikan tetap terbagi sampai dicabut."),
		),
		*_setting(
			"allow_guests_to_upload_files",
			0,
			_("Tamu tidak dapat mengunggah berkas (Allow Guests to Upload Files)"),
			_("Orang tanpa akun dapat menaruh berkas apa pun di server ini."),
			_("Formulir web di situs ini tidak lagi menerima lampiran dari orang tanpa akun."),
		),
		_public_files(),
		*_workflow_mails(),
		*_setting(
			"allow_error_traceback",
			0,
			_("Rincian galat tidak ditampilkan (Allow Error Traceback)"),
			_("Pesan galat memperlihatkan isi program dan data kepada siapa pun yang menimbulkannya."),
			_("Pengguna hanya melihat pesan galat yang ringkas. Rinciannya tetap ada di Error Log."),
		),
		Check(
			"developer_mode",
			_("Mode pengembang mati (developer_mode)"),
			_("Dari desk dapat ditulis berkas program di server, dan rincian galat lebih banyak terlihat."),
			safe=not frappe.conf.get("developer_mode"),
			advice=_(
				"Pengelola server menjalankan: bench --site SITE set-config developer_mode 0, lalu bench restart."
			),
		),
		Check(
			"host_name",
			_("Alamat situs ditetapkan (host_name)"),
			_(
				"Kode QR pada PK memuat alamat situs ini. Selama belum ditetapkan, tidak ada PK yang dapat ditandatangani "
				"sampai selesai."
			),
			safe=bool(frappe.conf.get("host_name")),
			advice=_("Pengelola server menjalankan: bench --site SITE set-config host_name https://ALAMAT."),
		),
		*_pdf_engine(),
	]


def _setting(field: str, recommended: int, title: str, risk: str, effect: str) -> list[Check]:
	if not _has("System Settings", field):
		return []
	stored = frappe.utils.cint(frappe.db.get_single_value("System Settings", field, cache=False))

	def change():
		# not save(): it would also settle what else System Settings derives
		frappe.db.set_single_value("System Settings", field, recommended)
		frappe.db.set_default(field, recommended)
		frappe.clear_cache()

	return [Check(field, title, risk, stored == recommended, effect, change)]


def _public_files() -> Check:
	doctypes = frappe.get_all("DocType", {"module": MODULE}, pluck="name")
	names = frappe.get_all("File", {"attached_to_doctype": ("in", doctypes), "is_private": 0}, pluck="name")

	def change():
		for name in names:
			file = frappe.get_doc("File", name)
			file.is_private = 1
			file.save(ignore_permissions=True)

	return Check(
		"public_files",
		_("Berkas pada catatan aplikasi ini tidak terbuka untuk umum"),
		_("{0} berkas dapat dibuka tanpa masuk oleh siapa pun yang tahu alamatnya.").format(len(names)),
		not names,
		_("Semua berkas itu menjadi privat; alamat lamanya tidak berlaku lagi."),
		change,
	)


def _workflow_mails() -> list[Check]:
	if not frappe.db.exists("Workflow", WORKFLOW) or not _has("Workflow", "send_email_alert"):
		return []

	def change():
		frappe.db.set_value("Workflow", WORKFLOW, "send_email_alert", 0)
		frappe.clear_cache(doctype=WORKFLOW)

	return [
		Check(
			"send_email_alert",
			_("Surel alur kerja tidak memuat tautan tindakan (Send Email Alert pada Workflow)"),
			_(
				"Tautan di dalam surel itu menjalankan tindakan; siapa pun yang memegangnya dapat menyetujui PK."
			),
			not frappe.db.get_value("Workflow", WORKFLOW, "send_email_alert"),
			_("Surel alur kerja PK tidak lagi dikirim. Giliran tetap terlihat pada laporan Menunggu Saya."),
			change,
		)
	]


def _pdf_engine() -> list[Check]:
	"""Whether PKs can be frozen here. Of wkhtmltopdf, seen with Debian's: lines cut at the end of a page."""
	found = renderer.installed()
	name = frappe.db.get_single_value(renderer.SETTINGS, renderer.FIELD) or next(iter(found), "")
	engine = Check(
		"pdf_engine",
		_("Mesin PDF terpasang (wkhtmltopdf, Chromium, atau WeasyPrint)"),
		_("Tanpa mesin PDF, tidak ada PK yang dapat ditandatangani sampai selesai."),
		safe=name in found,
		advice=_(
			"Pengelola server memasang salah satu: wkhtmltopdf 0.12.6 dari wkhtmltopdf.org; pada v16 Chromium (chromium_path pada "
			"common_site_config); atau pustaka Pango dari distribusinya untuk WeasyPrint. Lalu uji pada tab Dokumen."
		),
	)
	if name != renderer.WKHTMLTOPDF.name or name not in found:
		return [engine]
	return [
		engine,
		Check(
			"wkhtmltopdf",
			_("Mesin PDF membagi tabel panjang dengan benar (wkhtmltopdf with patched qt)"),
			_("Pada PK yang tabelnya lebih dari satu halaman, baris di tepi halaman dapat terpotong."),
			safe=renderer.is_patched(found[name]),
			advice=_(
				"Pengelola server memasang wkhtmltopdf 0.12.6 dari wkhtmltopdf.org sebagai ganti paket Debian."
			),
		),
	]


def _has(doctype: str, field: str) -> bool:
	return frappe.get_meta(doctype).has_field(field)
