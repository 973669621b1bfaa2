"""What install puts into core; `uninstall` takes it out again, by what `made` has kept of it.

Everything is additive and seeded only where missing: an admin's edits survive every migrate.
"""

import json
from pathlib import Path

import frappe
from frappe import _

from perjankin_app import made

ROLES = {
	"PK Pegawai": "Setiap pegawai yang mempunyai Penugasan Jabatan",
	"PK Penyusun": "Menyusun draf PK (pelaksana/staf perencana)",
	"PK Kasubbag Perencanaan": "Kasubbag yang membidangi perencanaan",
	"PK Kepala Bidang": "Kepala Bidang",
	"PK Kepala Seksi": "Kepala Seksi/Subbidang",
	"PK Tim": "Anggota tim penyusun PK",
	"PK Sekretaris": "Sekretaris Dinas/Badan",
	"PK Kepala OPD": "Kepala perangkat daerah",
	"PK Kepala Daerah": "Gubernur/Bupati/Wali Kota",
	"PK Pembina": "Biro Organisasi atau Bagian Adminbang",
	"PK Admin OPD": "Mengatur alur, pejabat, dan kop OPD sendiri",
	"PK Admin Pemda": "Mengatur seluruh OPD",
	"PK Inspektorat": "Membaca semua, tidak mengubah apa pun",
}
READS_WORKFLOW = (
	"PK Pegawai"  # where the desk asks for it (`desk_reads_workflow`); access/desk_records.py narrows it
)
MODULE = "Perjankin App"
# naming series of our records; of some each year has its own
SERIES = (
	"ALUR-", "ARSIP-", "CA-", "DA-", "DB-", "DOK-", "IND-", "ND-", "PD-", "PEJ-", "PGS-", "PK-", "RPT-", "SAS-", "SERI-",
)  # fmt: skip
WITH_YEAR = ("DA-", "PK-")
HOST_SERIES = "Series of the host"  # kept in `made` too: counters that were there before us


def before_install():
	"""Core makes the roles of our DocTypes before `after_install`: now it can still be told which ones are the host's own."""
	check_database()
	made.remember("Role", *(role for role in ROLES if not frappe.db.exists("Role", role)))
	made.remember(HOST_SERIES, *series_of_ours())


def check_database():
	"""Locks and "only one such record" are built and tested on MariaDB; the demo's own site, for one process, is SQLite's."""
	if frappe.db.db_type != "mariadb" and not frappe.conf.get("perjankin_embedded"):
		raise frappe.IncompatibleApp(
			_(
				"Perjanjian Kinerja memerlukan MariaDB; situs ini memakai {0}. Tidak ada yang dipasang."
			).format(frappe.db.db_type)
		)


def series_of_ours() -> list[str]:
	"""Naming counters of our records that there are."""
	series = frappe.qb.DocType("Series")
	found = series.name.isin(SERIES)  # not a host's own `PK-INV-`
	for prefix in WITH_YEAR:
		found = found | series.name.like(f"{prefix}____-")
	names = frappe.qb.from_(series).select(series.name).where(found).run(pluck=True)
	return sorted(set(names) - made.of(HOST_SERIES))


def after_install():
	seed_roles()
	let_read_workflow()
	seed_catalogue()


def after_migrate():
	seed_roles()
	let_read_workflow()
	seed_catalogue()
	use_renderer()


def use_renderer():
	from perjankin_app.document import pdf

	pdf.use_in_print_view()


def seed_roles():
	"""DocType permissions create the roles at sync; their description and desk access are given once, here."""
	for role, description in ROLES.items():
		if not frappe.db.exists("Role", role):
			made.remember("Role", role)
			frappe.get_doc(doctype="Role", role_name=role, desk_access=1).insert(ignore_permissions=True)
		_describe(role, description)


def _describe(role: str, description: str):
	meta = frappe.get_meta("Role")
	if meta.has_field("description") and not frappe.db.get_value("Role", role, "description"):
		frappe.db.set_value("Role", role, "description", description)


def let_read_workflow():
	from frappe.permissions import add_permission

	if not desk_reads_workflow():
		return
	if not frappe.db.exists("Custom DocPerm", {"parent": "Workflow", "role": READS_WORKFLOW, "permlevel": 0}):
		row = add_permission("Workflow", READS_WORKFLOW, 0)
		frappe.db.set_value("Custom DocPerm", row, "export", 0)  # which is on by default
		frappe.clear_cache(doctype="Workflow")


def desk_reads_workflow() -> bool:
	"""Early v16 (16.0, not v15, nor 16.15) asks for a field of Workflow, as the user, before it carries out any action."""
	source = Path(frappe.get_app_path("frappe", "public", "js", "frappe", "form", "workflow.js"))
	if source.exists():
		return '"Workflow"' in source.read_text(encoding="utf-8")
	return frappe.get_meta("Workflow").has_field("enable_action_confirmation")


def seed_catalogue():
	for unit in seed("satuan.json"):
		if not frappe.db.exists("Satuan Kinerja", unit["nama"]):
			frappe.get_doc(doctype="Satuan Kinerja", **unit).insert(ignore_permissions=True)
	for paper in seed("jenis_dokumen.json"):
		if not frappe.db.exists("Jenis Dokumen", paper["nama"]):
			frappe.get_doc(doctype="Jenis Dokumen", **paper).insert(ignore_permissions=True)


def seed(name: str):
	"""A file of the repository's fixtures/ folder (our seeds, not Frappe's fixtures hook)."""
	path = Path(frappe.get_app_source_path("perjankin_app")) / "fixtures" / name
	return json.loads(path.read_text(encoding="utf-8"))


def seed_names(folder: str) -> list[str]:
	path = Path(frappe.get_app_source_path("perjankin_app")) / "fixtures" / folder
	return sorted(file.stem for file in path.glob("*.json"))


def _remove_workflow_permission():
	"""Our row, and where then only the copy of the standard permissions is left, that copy too."""
	frappe.db.delete("Custom DocPerm", {"parent": "Workflow", "role": ("in", list(ROLES))})
	flags = ("role", "permlevel", "read", "write", "create", "delete", "submit", "cancel", "amend", "report", "export",
		"import", "share", "print", "email", "if_owner")  # fmt: skip
	rows = {
		doctype: sorted(
			tuple(str(v or 0) for v in row)
			for row in frappe.get_all(doctype, {"parent": "Workflow"}, list(flags), as_list=True)
		)
		for doctype in ("Custom DocPerm", "DocPerm")
	}
	if rows["Custom DocPerm"] == rows["DocPerm"]:
		frappe.db.delete("Custom DocPerm", {"parent": "Workflow"})
	frappe.clear_cache(doctype="Workflow")
