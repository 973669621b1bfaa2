"""Riwayat Alur: one row per step taken, each with the hash of the row before it of the same document."""

import hashlib
import json

import frappe
from frappe.utils import cint, get_datetime, now_datetime

from perjankin_app.workflow import chains, clock
from perjankin_app.workflow.composer import RETURN, Edge

HASHED = (
	"perjanjian_kinerja urutan opd alur dari aksi ke jenis catatan pelaku pelaku_nama pelaku_jabatan pelaku_status "
	"penugasan mulai selesai menit_kerja menit_baku hash_sebelumnya"
).split()


def append(doc, before, edge: Edge, holder, reason: str = "", stand_in: bool = False):
	"""Write the step that leads from `before` to `doc`, in the caller's transaction.

	The row's name carries its number, so that of two writers at the same moment the database refuses one.
	"""
	last = last_row(doc.name)
	ended = now_datetime()
	started = step_started(before, last)
	number = cint(last.urutan) + 1 if last else 1
	used, standard = minutes(edge.step, started, ended)
	row = frappe.new_doc("Riwayat Alur")
	row.update(
		dict(
			perjanjian_kinerja=doc.name,
			urutan=number,
			opd=doc.opd,
			alur=doc.alur,
			dari=edge.state,
			aksi=edge.action,
			ke=edge.next_state,
			jenis=edge.step.jenis if edge.step else "",
			catatan=reason,
			pelaku=holder.user,
			pelaku_nama=holder.nama,
			pelaku_jabatan=holder.nama_jabatan,
			pelaku_status=f"{holder.status} (menggantikan pemeriksa)" if stand_in else holder.status,
			penugasan=holder.penugasan,
			mulai=started.replace(microsecond=0),
			selesai=ended.replace(microsecond=0),
			menit_kerja=used,
			menit_baku=standard,
			hash_sebelumnya=last.hash if last else "",
		)
	)
	row.hash = fingerprint(row)
	row.name = f"{doc.name}-{number:03d}"
	row.owner = row.modified_by = frappe.session.user
	row.creation = row.modified = ended
	row.db_insert()  # append-only: its own validate refuses everybody


def fingerprint(row) -> str:
	"""SHA-256 over the row's values, the hash of the row before it included."""
	values = {}
	for field in HASHED:
		value = row.get(field)
		if field in ("mulai", "selesai"):
			value = str(get_datetime(value).replace(microsecond=0))
		elif field in ("urutan", "menit_kerja", "menit_baku"):
			value = cint(value)
		values[field] = "" if value is None else value
	return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def last_row(name: str):
	rows = frappe.get_all(
		"Riwayat Alur",
		{"perjanjian_kinerja": name},
		["urutan", "selesai", "hash"],
		order_by="urutan desc",
		limit=1,
	)
	return rows[0] if rows else None


def rows_of(name: str) -> list[frappe._dict]:
	return frappe.get_all(
		"Riwayat Alur",
		{"perjanjian_kinerja": name},
		["dari", "aksi", "ke", "pelaku", "pelaku_nama", "pelaku_jabatan", "pelaku_status", "catatan", "selesai",
		"menit_kerja", "menit_baku"],
		order_by="urutan",
	)  # fmt: skip


def step_started(doc, last=None):
	"""When the running step of `doc` began: the end of the step before it, else the document's creation."""
	last = last or last_row(doc.name)
	return get_datetime(last.selesai if last else doc.creation)


def minutes(step, started, ended) -> tuple[int, int]:
	"""(working minutes used, standard minutes) of a step, whole minutes."""
	from perjankin_app.perjankin_app.doctype.pengaturan_perjankin.pengaturan_perjankin import calendar

	hours, holidays = calendar()
	used = clock.working_minutes(started, ended, hours, holidays)
	standard = 0
	if step and step.waktu:
		try:
			standard = clock.standard_minutes(started, step.waktu, step.satuan_waktu, hours, holidays)
		except ValueError:  # office hours so sparse that the step is never due: no reason to stop the action
			standard = 0
	return round(used), round(standard)


def last_author(name: str, alur: str) -> str | None:
	"""The user who completed the last step in which the content could be edited."""
	chain = chains.load(alur)
	if not chain:
		return None
	for row in reversed(
		frappe.get_all(
			"Riwayat Alur", {"perjanjian_kinerja": name}, ["dari", "aksi", "pelaku"], order_by="urutan"
		)
	):
		step = chain.step(row.dari)
		if step and step.editable and row.aksi != RETURN:
			return row.pelaku
	return None
