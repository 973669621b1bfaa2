"""Riwayat Alur: one row per step taken, each with the hash of the row before it of the same document."""

import hashlib
import json
from itertools import groupby

import frappe
from frappe import _
from frappe.utils import cint, flt, get_datetime, now_datetime

from perjankin_app import content_diff, office_hours
from perjankin_app.workflow import chains, clock
from perjankin_app.workflow.composer import CHECKS, FIRST, RETURN, SIGNATURE, Edge, fold

LOG = "Riwayat Alur"
HASHED = (
	"perjanjian_kinerja urutan opd alur dari aksi ke jenis catatan pelaku pelaku_nama pelaku_jabatan pelaku_status "
	"penugasan mulai selesai menit_kerja menit_baku hash_sebelumnya isi sidik tanda_tangan"
).split()
LATER = (
	"isi",
	"sidik",
	"tanda_tangan",
)  # hashed only where they say something, so that rows from before them keep their hash
LOOKERS = (*CHECKS, SIGNATURE)  # kinds of step whose row keeps the content that was looked at
PAGE = 200  # PKs whose rows `verify` holds in memory at a time


def append(doc, before, edge: Edge, holder, reason: str = "", stand_in: bool = False):
	"""Write the step that leads from `before` to `doc`, in the caller's transaction."""
	# the next step begins when this one ends
	ended = get_datetime(doc.get("langkah_sejak") or now_datetime())
	started = step_started(before, last_row(doc.name))
	used, standard = minutes(edge.step, started, ended, doc.opd)
	_write(
		doc,
		holder,
		dari=edge.state,
		aksi=edge.action,
		ke=edge.next_state,
		jenis=edge.step.jenis if edge.step else "",
		catatan=reason,
		pelaku_status=f"{holder.status} (menggantikan pemeriksa)" if stand_in else holder.status,
		mulai=started.replace(microsecond=0),
		selesai=ended.replace(microsecond=0),
		menit_kerja=used,
		menit_baku=standard,
		isi=_new_content(doc, edge.step),
		sidik=doc.get("pdf_sha256") if cint(doc.docstatus) == 1 and not cint(before.docstatus) else "",
	)


def note(doc, action: str, holder, text: str, seal: str, rows: str = ""):
	"""Write what happened to `doc` outside its chain; the step goes on.

	`seal`, `rows`: the fingerprints of the file and of the rows of Tanda Tangan PK that it is about.
	"""
	now = now_datetime().replace(microsecond=0)
	_write(
		doc,
		holder,
		dari=doc.workflow_state,
		aksi=action,
		ke=doc.workflow_state,
		jenis="",
		catatan=text,
		pelaku_status=holder.status,
		mulai=now,
		selesai=now,
		isi="",
		sidik=seal,
		tanda_tangan=rows,
	)


def _write(doc, holder, **values):
	"""The row's name carries its number, so that of two writers at the same moment the database refuses one."""
	last = last_row(doc.name)
	number = cint(last.urutan) + 1 if last else 1
	row = frappe.new_doc("Riwayat Alur")
	row.update(
		dict(
			perjanjian_kinerja=doc.name,
			urutan=number,
			opd=doc.opd,
			alur=doc.alur,
			pelaku=holder.user,
			pelaku_nama=holder.nama,
			pelaku_jabatan=holder.nama_jabatan,
			penugasan=holder.penugasan,
			hash_sebelumnya=last.hash if last else "",
			**values,
		)
	)
	row._sanitize_content()  # as core does before it stores what people typed
	row.hash = fingerprint(row)
	row.name = f"{doc.name}-{number:03d}"
	row.owner = row.modified_by = frappe.session.user
	row.creation = row.modified = values["selesai"]
	row.db_insert()  # append-only: its own validate refuses everybody


def fingerprint(row) -> str:
	"""SHA-256 over the row's values, the hash of the row before it included."""
	values = {}
	for field in HASHED:
		value = row.get(field)
		if field in LATER and not value:
			continue
		if field in ("mulai", "selesai"):
			value = str(get_datetime(value).replace(microsecond=0))
		elif field in ("urutan", "menit_kerja", "menit_baku"):
			value = cint(value)
		values[field] = "" if value is None else value
	return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def content(doc) -> dict:
	"""The content of a PK as the rows keep it: only what is filled in, every value as the database gives it back."""
	names = [
		{"pihak": label, "nama": doc.get(f"{party}_nama")}
		for party, label in (("pihak_pertama", "Pihak Pertama"), ("pihak_kedua", "Pihak Kedua"))
	]
	rows = {"pihak": names, "target": doc.target, "program": doc.program}
	return {part.nama: [_filled(row, part) for row in rows[part.nama]] for part in content_diff.PARTS}


def _filled(row, part) -> dict:
	values = {}
	for field in (part.kunci, *part.isian):
		value = row.get(field)
		value = flt(value, 6) if field in content_diff.NUMBERS else str(value or "").strip()
		if value:
			values[field] = value
	return values


def _new_content(doc, step) -> str:
	"""What whoever checked or signed leaves behind, as JSON; nothing where the last such row says the same."""
	if not step or step.jenis not in LOOKERS:
		return ""
	text = json.dumps(content(doc), ensure_ascii=False, separators=(",", ":"))
	return "" if text == _content_until(doc.name) else text


def _content_until(name: str, number: int | None = None) -> str:
	filters = [["perjanjian_kinerja", "=", name], ["isi", "is", "set"]]
	if number:
		filters.append(["urutan", "<=", number])
	return next(
		iter(frappe.get_all("Riwayat Alur", filters, pluck="isi", order_by="urutan desc", limit=1)), ""
	)


def content_at(row) -> dict | None:
	"""The content that was looked at in the step of `row` (of a kind in LOOKERS); None in rows from before it was kept."""
	text = _content_until(row.perjanjian_kinerja, row.urutan)
	return json.loads(text) if text else None


def verify(name: str | None = None) -> dict:
	"""Check the log of one PK, or of all: {"diperiksa": how many PKs, "bermasalah": {PK: its first broken row, in words}}.

	bench --site SITE execute perjankin_app.workflow.log.verify

	The hashes have no key and no anchor outside this database. So whoever writes in it past the app is not found if the
	last rows go and the PK's status goes back with them (or all rows, and the status to Draf), if a row and every hash
	after it are computed anew, or if rows with right hashes are added together with the status they lead to. Against
	that help the database's own backups and log, kept by somebody else.
	"""
	checked, broken = 0, {}
	for own, pk, rows in _logs(name):
		checked += 1
		if problem := first_break(pk, rows):
			broken[own] = problem
	return {"diperiksa": checked, "bermasalah": broken}


def first_break(pk, rows: list) -> str:
	"""What is wrong with the first broken row of a PK (workflow_state, docstatus, alur; None: there is none), or ""."""
	if pk is None:
		return _("Baris 1 ({0}): PK-nya tidak ada lagi. PK itu dihapus langsung di basis data.").format(
			rows[0].name
		)
	last = None
	for number, row in enumerate(rows, 1):
		if problem := _row_break(number, row, last):
			return problem
		last = row
	state = pk.workflow_state or FIRST
	if fold(last.ke if last else FIRST) == fold(state):
		return _beside(pk, state, last)
	if not last:
		return _("Baris 1 tidak ada: PK berstatus {0} tanpa satu pun baris riwayat.").format(state)
	return _(
		"Sesudah baris {0} ({1}) yang menuju {2}, PK berstatus {3}: baris {4} tidak ada, atau status diubah di luar Tindakan."
	).format(last.urutan, last.name, last.ke, state, last.urutan + 1)


def _beside(pk, state: str, last) -> str:
	"""What a PK that stands where its log ends says otherwise than its log."""
	alur = last.alur if last else pk.alur
	if pk.alur != alur:
		return _(
			"PK merujuk Alur {0}, padahal riwayatnya menurut {1}: diubah langsung di basis data."
		).format(pk.alur, alur)
	chain = chains.load(alur)
	docstatus = chain.docstatus(state) if chain else None  # None: a state that an admin added by hand
	if docstatus is not None and cint(pk.docstatus) != docstatus:
		return _("PK berstatus {0} dengan docstatus {1}, bukan {2}: diubah langsung di basis data.").format(
			state, pk.docstatus, docstatus
		)
	return ""


def _row_break(number: int, row, last) -> str:
	where = _("Baris {0} ({1})").format(row.urutan, row.name)
	if row.hash != fingerprint(row):
		return _("{0}: isinya diubah, tidak cocok dengan hash baris itu sendiri.").format(where)
	if row.urutan > number:
		return _("Baris {0} tidak ada: yang berikutnya {1}.").format(number, where)
	if row.urutan < number:
		return _("{0}: nomornya bukan {1}. Baris ini disisipkan.").format(where, number)
	if (row.hash_sebelumnya or "") != (last.hash if last else ""):
		return _("{0}: tidak menyambung ke baris {1}. Salah satunya diganti atau disisipkan.").format(
			where, number - 1
		)
	if fold(row.dari) != fold(last.ke if last else FIRST):
		return _(
			"{0}: mulai dari {1}, padahal sebelumnya {2}. Ada baris yang disisipkan atau hilang."
		).format(where, row.dari, last.ke if last else FIRST)
	return ""


def _logs(name: str | None):
	"""(name of a PK, what it says of itself, its rows in order), a page at a time; None where there are only rows."""
	for names in [[name]] if name else _pages():
		fields = ["name", "workflow_state", "docstatus", "alur"]
		pks = {pk.name: pk for pk in frappe.get_all("Perjanjian Kinerja", {"name": ("in", names)}, fields)}
		rows = frappe.get_all(
			"Riwayat Alur",
			{"perjanjian_kinerja": ("in", names)},
			["name", "hash", *HASHED],
			order_by="perjanjian_kinerja, urutan, name",
		)
		logs = {pk: list(own) for pk, own in groupby(rows, lambda row: row.perjanjian_kinerja)}
		for pk in names:
			if pk in pks or pk in logs:
				yield pk, pks.get(pk), logs.get(pk, [])


def _pages():
	last = ""
	while names := frappe.get_all(
		"Perjanjian Kinerja", {"name": (">", last)}, pluck="name", order_by="name", limit=PAGE
	):
		yield names
		last = names[-1]
	row, pk = frappe.qb.DocType("Riwayat Alur"), frappe.qb.DocType("Perjanjian Kinerja")
	orphans = frappe.qb.from_(row).left_join(pk).on(pk.name == row.perjanjian_kinerja)
	if names := orphans.where(pk.name.isnull()).select(row.perjanjian_kinerja).distinct().run(pluck=True):
		yield names


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
		["dari", "aksi", "ke", "jenis", "pelaku", "pelaku_nama", "pelaku_jabatan", "pelaku_status", "penugasan",
		"catatan", "selesai", "menit_kerja", "menit_baku"],
		order_by="urutan",
	)  # fmt: skip


def notes_of(name: str) -> list[frappe._dict]:
	"""The rows that `note` wrote."""
	rows = frappe.get_all(
		"Riwayat Alur",
		{"perjanjian_kinerja": name, "jenis": ("is", "not set")},
		["dari", "ke", "aksi", "catatan", "pelaku", "pelaku_nama", "penugasan", "sidik", "tanda_tangan"],
		order_by="urutan",
	)
	return [row for row in rows if fold(row.dari) == fold(row.ke)]


def step_started(doc, last=None):
	"""When the running step of `doc` began; of a PK that does not say so, the end of the step before it or its creation."""
	if doc.get("langkah_sejak"):
		return get_datetime(doc.langkah_sejak)
	last = last or last_row(doc.name)
	return get_datetime(last.selesai if last else doc.creation)


def minutes(step, started, ended, opd: str | None) -> tuple[int, int]:
	"""(working minutes used, standard minutes) of a step on the calendar of `opd`, whole minutes."""
	hours, holidays = office_hours.calendar(opd)
	used = clock.working_minutes(started, ended, hours, holidays)
	standard = 0
	if step and step.waktu:
		try:
			standard = clock.standard_minutes(started, step.waktu, step.satuan_waktu, hours, holidays)
		except ValueError:  # office hours so sparse that the step is never due: no reason to stop the action
			standard = 0
	return round(used), round(standard)


def last_author(name: str, alur: str) -> str | None:
	"""The user who completed the last step in which the content could be edited.

	The log keeps the login as it was, see `account`.
	"""
	chain = chains.load(alur)
	if not chain:
		return None
	for row in reversed(
		frappe.get_all(
			"Riwayat Alur",
			{"perjanjian_kinerja": name},
			["dari", "aksi", "pelaku", "penugasan"],
			order_by="urutan",
		)
	):
		step = chain.step(row.dari)
		if step and step.editable and row.aksi != RETURN:
			return account(row)
	return None


def account(row) -> str | None:
	"""The login, as it is called today, of whoever wrote a row (pelaku, penugasan)."""
	if frappe.db.exists("User", row.pelaku):
		return row.pelaku
	official = frappe.db.get_value("Penugasan Jabatan", row.penugasan, "pejabat")
	return frappe.db.get_value("Pejabat", official, "user")
