"""The paraf box on drafts and archive copies, from Riwayat Alur alone (Permendagri 54/2009 Lampiran C)."""

import frappe

from perjankin_app.document.wording import as_date
from perjankin_app.target_value import format_date
from perjankin_app.workflow import log
from perjankin_app.workflow.parafs import standing

MOST = 3  # officials who initial in sequence before the head signs


def box(doc) -> dict:
	"""{"hierarki": [...], "koordinasi": [...]}: rows of jabatan, nama, tanggal. Whoever initials from another OPD coordinates."""
	chain = doc.chain()
	if not chain or doc.is_new():
		return {"hierarki": [], "koordinasi": []}
	rows = frappe.get_all(
		log.LOG,
		{"perjanjian_kinerja": doc.name},
		[
			"dari",
			"aksi",
			"ke",
			"jenis",
			"pelaku_nama",
			"pelaku_jabatan",
			"pelaku_status",
			"penugasan",
			"selesai",
		],
		order_by="urutan",
	)
	parts = {"hierarki": [], "koordinasi": []}
	for row in standing(rows, [step.state for step in chain.steps]):
		kind = "hierarki" if _opd_of(row.penugasan) == doc.opd else "koordinasi"
		parts[kind].append(
			{
				"jabatan": f"{_acting(row.pelaku_status)}{row.pelaku_jabatan}",
				"nama": row.pelaku_nama,
				"tanggal": format_date(as_date(row.selesai)),
			}
		)
	parts["hierarki"] = parts["hierarki"][-MOST:]
	return parts


def _acting(status: str | None) -> str:
	kind = (status or "").split(" ")[0]  # the log may add for whom
	return f"{kind} " if kind in ("Plt.", "Plh.", "Pj.") else ""


def _opd_of(penugasan: str) -> str | None:
	post = frappe.db.get_value("Penugasan Jabatan", penugasan, "jabatan")
	return frappe.db.get_value("Jabatan", post, "opd")
