"""What install and use put into core, and how it is taken out again. The one place for both.

Everything is additive and seeded only where missing: an admin's edits survive every migrate.
"""

import json
from pathlib import Path

import frappe

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


def before_uninstall():
	"""A left-over User Permission on a dropped DocType would lock its user out of the whole site."""
	from perjankin_app.workflow.publisher import GOVERNED

	doctypes = frappe.get_all("DocType", {"module": MODULE}, pluck="name")
	_remove_user_permissions(doctypes)
	_remove_workflow(GOVERNED)
	_remove_workflow_permission()
	_remove_traces(doctypes)
	_remove_roles()
	frappe.clear_cache()


def _remove_user_permissions(doctypes):
	frappe.db.delete("User Permission", {"allow": ("in", doctypes)})
	frappe.cache.delete_key("user_permissions")


def _remove_workflow(governed):
	from perjankin_app.workflow.composer import CANCEL, DONE, RETURN

	actions = frappe.get_all("Workflow Action", {"reference_doctype": governed}, pluck="name")
	frappe.db.delete("Workflow Action Permitted Role", {"parent": ("in", actions or [""])})
	frappe.db.delete("Workflow Action", {"reference_doctype": governed})
	states, masters = set(), {*DONE.values(), RETURN, CANCEL}
	for name in frappe.get_all("Workflow", {"document_type": governed}, pluck="name"):
		doc = frappe.get_doc("Workflow", name)
		states |= {row.state for row in doc.states}
		masters |= {row.action for row in doc.transitions}
		for table in ("Workflow Document State", "Workflow Transition"):
			frappe.db.delete(table, {"parent": name})
		frappe.db.delete("Workflow", {"name": name})
	for state in states:
		if not frappe.db.exists("Workflow Document State", {"state": state}):
			frappe.db.delete("Workflow State", {"name": state})
	for action in masters:
		if not frappe.db.exists("Workflow Transition", {"action": action}):
			frappe.db.delete("Workflow Action Master", {"name": action})
	frappe.cache.hdel("workflow", governed)


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


def _remove_traces(doctypes):
	for file in frappe.get_all("File", {"attached_to_doctype": ("in", doctypes)}, pluck="name"):
		frappe.delete_doc("File", file, ignore_permissions=True, force=True)
	# admins' own copies of ours too, which belong to no module
	for name in frappe.get_all("Notification", {"document_type": ("in", doctypes)}, pluck="name"):
		frappe.delete_doc("Notification", name, ignore_permissions=True, force=True)
	for table, field in (
		("Version", "ref_doctype"),
		("Comment", "reference_doctype"),
		("Communication", "reference_doctype"),
		("ToDo", "reference_type"),
		("DocShare", "share_doctype"),
		("View Log", "reference_doctype"),
		("Notification Log", "document_type"),
		("Tag Link", "document_type"),
		("Deleted Document", "deleted_doctype"),
	):
		if frappe.db.table_exists(table):
			frappe.db.delete(table, {field: ("in", doctypes)})
	_remove_series()


def _remove_series():
	from frappe.query_builder import DocType

	series = DocType("Series")
	for prefix in SERIES:
		found = series.name == prefix  # not a host's own `PK-INV-`
		if prefix in WITH_YEAR:
			found = found | series.name.like(f"{prefix}____-")
		frappe.qb.from_(series).delete().where(found).run()


def _remove_roles():
	for role in ROLES:
		frappe.db.delete("Has Role", {"role": role})
		frappe.db.delete("Custom DocPerm", {"role": role})
		frappe.db.delete("DocPerm", {"role": role})
		frappe.db.delete("Role", {"name": role})
