"""Rounds of checking: what changed in a PK since it was looked at last, and the remarks of its asistensi."""

import frappe

from perjankin_app import content_diff
from perjankin_app.workflow import log
from perjankin_app.workflow.composer import RETURN, fold

ASISTENSI = "Asistensi"
OPEN, CLOSED = "Terbuka", "Selesai"


# ------------------------------------------------------------------------------------------------ since the last round


def changes(pk) -> dict | None:
	"""For the form: the difference between the PK now and when it was looked at last; None in a first round."""
	step = pk.current_step()
	row = step and _last_look(pk, step)
	seen = row and log.content_at(row)
	if not seen:
		return None
	return {
		"dari": row.dari,
		"aksi": row.aksi,
		"oleh": row.pelaku_jabatan,
		"selesai": row.selesai,
		"baris": content_diff.table(content_diff.diff(seen, log.content(pk))),
	}


def _last_look(pk, step):
	"""Where others check or sign: the last time that this step was left. Elsewhere: the return that is being worked on,
	which is over once the step that returned the PK was passed again."""
	rows = frappe.get_all(
		"Riwayat Alur",
		{"perjanjian_kinerja": pk.name},
		["perjanjian_kinerja", "urutan", "dari", "aksi", "jenis", "pelaku_jabatan", "selesai"],
		order_by="urutan desc",
	)
	passed = set()
	for row in rows:
		looked = row.jenis in log.LOOKERS
		if step.jenis in log.LOOKERS:
			if looked and fold(row.dari) == fold(step.state):
				return row
		elif row.aksi == RETURN and fold(row.dari) not in passed:
			return row if looked else None
		passed.add(fold(row.dari))
	return None


# --------------------------------------------------------------------------------------------------------- the remarks


def number(pk) -> int:
	"""How many times the PK has entered a step of the kind Asistensi."""
	chain = pk.chain()
	states = {fold(step.state) for step in chain.steps if step.jenis == ASISTENSI} if chain else ()
	entered = frappe.get_all("Riwayat Alur", {"perjanjian_kinerja": pk.name}, pluck="ke") if states else ()
	return sum(fold(state) in states for state in entered)


def reviewer(pk):
	"""The user's assignment by which the running asistensi is theirs."""
	step = pk.current_step()
	return pk.my_holder() if step and step.jenis == ASISTENSI else None


def drafter(pk):
	"""The user's assignment by which the running step, where the content is worked on, is theirs."""
	step = pk.current_step()
	return pk.my_holder() if step and step.editable and not step.is_check else None


def unresolved(pk) -> int:
	"""Read with a lock: a remark that was committed since this transaction began counts too."""
	return len(
		frappe.db.get_values(
			"Catatan Asistensi", {"perjanjian_kinerja": pk.name, "status": OPEN}, "name", for_update=True
		)
	)


def for_form(pk) -> dict | None:
	"""The remarks and what the user may do with them; None where the chain has no asistensi."""
	step = pk.current_step()
	remarks = frappe.get_all(
		"Catatan Asistensi",
		{"perjanjian_kinerja": pk.name},
		[
			"name", "owner", "status", "putaran", "bagian", "catatan", "pemberi", "tanggapan", "penanggap",
			"indikator.nama as nama_indikator", "nomenklatur", "nomenklatur.nama as nama_program",
		],
		order_by="putaran desc, name",
	)  # fmt: skip
	running = bool(step) and step.jenis == ASISTENSI
	if not remarks and not running:
		return None
	current, may_review, may_answer = number(pk), bool(reviewer(pk)), bool(drafter(pk))
	for remark in remarks:
		still_open = remark.status == OPEN
		mine = remark.pop("owner") == frappe.session.user and remark.putaran == current
		remark.baris = remark.nama_indikator or remark.nama_program or ""
		remark.boleh = {
			"selesai": may_review and still_open,
			"buka": may_review and not still_open,
			"ubah": may_review and still_open and mine,
			"tanggapi": may_answer and still_open,
		}
	return {
		"putaran": current,
		"terbuka": sum(remark.status == OPEN for remark in remarks),
		"boleh_memberi": may_review,
		"baris": remarks,
	}
