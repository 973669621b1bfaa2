"""The paraf box on drafts and archive copies, from Riwayat Alur alone (Permendagri 54/2009 Lampiran C)."""

from collections.abc import Iterable, Mapping, Sequence

import frappe

from perjankin_app.document.wording import as_date
from perjankin_app.target_value import format_date
from perjankin_app.workflow import log
from perjankin_app.workflow.composer import DONE, RETURN, fold

PARAF = "Paraf"
MOST = 3  # officials who initial in sequence before the head signs


def standing(rows: Iterable[Mapping], states: Sequence[str]) -> list[Mapping]:
	"""The initials that still stand, in order: a return takes away those of the step it leads to and of all after it.

	rows: of the log, in order; states: of the chain, in order. Pure.
	"""
	order = {fold(state): number for number, state in enumerate(states)}
	found = {}
	for row in rows:
		here = order.get(fold(row["dari"]), -1)
		if row["aksi"] == RETURN:
			back = order.get(fold(row["ke"]), 0)
			found = {number: kept for number, kept in found.items() if number < back}
		elif row["jenis"] == PARAF and row["aksi"] == DONE[PARAF]:
			found[here] = row
	return [found[number] for number in sorted(found)]


def box(doc) -> dict:
	"""{"hierarki": [...], "koordinasi": [...]}: rows of jabatan, nama, tanggal. Whoever initials from another OPD coordinates."""
	chain = doc.chain()
	if not chain or doc.is_new():
		return {"hierarki": [], "koordinasi": []}
	rows = frappe.get_all(
		log.LOG,
		{"perjanjian_kinerja": doc.name},
		["dari", "aksi", "ke", "jenis", "pelaku_nama", "pelaku_jabatan", "penugasan", "selesai"],
		order_by="urutan",
	)
	parts = {"hierarki": [], "koordinasi": []}
	for row in standing(rows, [step.state for step in chain.steps]):
		kind = "hierarki" if _opd_of(row.penugasan) == doc.opd else "koordinasi"
		parts[kind].append(
			{
				"jabatan": row.pelaku_jabatan,
				"nama": row.pelaku_nama,
				"tanggal": format_date(as_date(row.selesai)),
			}
		)
	parts["hierarki"] = parts["hierarki"][-MOST:]
	return parts


def _opd_of(penugasan: str) -> str | None:
	post = frappe.db.get_value("Penugasan Jabatan", penugasan, "jabatan")
	return frappe.db.get_value("Jabatan", post, "opd")
