"""The PKs whose running step waits for the session user, with the SOP's standard time and the time used so far."""

import frappe
from frappe import _
from frappe.query_builder import Criterion, DocType
from frappe.utils import get_datetime, getdate, now_datetime

from perjankin_app import assignments, permissions
from perjankin_app.workflow import actors, chains, log
from perjankin_app.workflow.composer import Step

PK = "Perjanjian Kinerja"
FIELDS = (
	"name opd unit periode alur workflow_state creation langkah_sejak tenggat_langkah pihak_pertama pihak_kedua "
	"pihak_pertama_jabatan"
).split()


def execute(filters=None):
	now = now_datetime()
	return _columns(), [_line(row, step, now) for row, step in waiting(frappe.session.user)]


@frappe.whitelist()
def count(filters: str | dict | list | None = None) -> dict:
	"""For the number card on the workspace."""
	return {
		"value": len(waiting(frappe.session.user)),
		"fieldtype": "Int",
		"route": ["query-report", "Menunggu Saya"],
	}


def waiting(user: str) -> list[tuple[frappe._dict, Step]]:
	"""(PK, its running step), oldest first. `actors.turn` decides; only PKs in which it can name `user` are asked."""
	mine = assignments.in_force(user=user)
	opd = permissions.permitted_opd(user, PK)
	found = []
	if mine and opd != []:
		for alur, state in _running(opd):
			chain = chains.load(alur)
			step = chain.step(state) if chain else None
			for row in _candidates(alur, state, step, mine, opd) if step else ():
				if actors.turn(row, step).of(user):
					found.append((row, step))
	return sorted(found, key=lambda pair: (str(pair[0].creation), pair[0].name))


def _running(opd: list[str] | None) -> list[tuple[str, str]]:
	pk = DocType(PK)
	query = frappe.qb.from_(pk).select(pk.alur, pk.workflow_state).distinct().where(pk.docstatus < 2)
	if opd is not None:
		query = query.where(pk.opd.isin(opd))
	return query.run()


def _candidates(alur: str, state: str, step: Step, mine: list, opd: list[str] | None) -> list[frappe._dict]:
	pk = DocType(PK)
	query = frappe.qb.from_(pk).select(*(pk[field] for field in FIELDS))
	query = query.where(pk.docstatus < 2).where(pk.alur == alur).where(pk.workflow_state == state)
	if opd is not None:
		query = query.where(pk.opd.isin(opd))
	if party := actors.PARTY_FIELDS.get(step.sebagai):
		return _as_party(query, pk[party], mine).run(as_dict=True)
	if step.is_check and _has_subordinates(mine):  # may stand in for a checker who may not check the own work
		return query.run(as_dict=True)
	able = [row for row in mine if not row.roles.isdisjoint(step.roles)]
	if not able:
		return []
	if step.sebagai == "Formulir":
		return query.where(pk.opd.isin([row.scope for row in able])).run(as_dict=True)
	unit = DocType("Unit Kerja")
	covered = Criterion.any(
		(unit.lft >= lft) & (unit.rgt <= rgt)
		for lft, rgt in frappe.get_all(
			"Unit Kerja", {"name": ("in", [row.lingkup for row in able])}, ["lft", "rgt"], as_list=True
		)
	)
	return query.inner_join(unit).on(unit.name == pk.unit).where(covered).run(as_dict=True)


def _as_party(query, party, mine: list):
	"""PKs that name an assignment of `mine`, or an ended one on a jabatan that is now mine."""
	named, today = DocType("Penugasan Jabatan"), getdate()
	over = (named.selesai < today) | (named.mulai > today)
	mine_or_left_to_me = named.name.isin([row.penugasan for row in mine]) | (
		named.jabatan.isin([row.jabatan for row in mine]) & over
	)
	return query.inner_join(named).on(named.name == party).where(mine_or_left_to_me)


def _has_subordinates(mine: list) -> bool:
	return bool(frappe.db.exists("Jabatan", {"atasan": ("in", [row.jabatan for row in mine])}))


def _line(row, step: Step, now) -> dict:
	started = log.step_started(row)
	used, _standard = log.minutes(step, started, now, row.opd)
	return {
		**row,
		"sejak": started.replace(microsecond=0),
		"baku": f"{step.waktu:g} {step.satuan_waktu}".replace(".", ",") if step.waktu else "",
		"terpakai": _("{0} jam {1} menit").format(*divmod(used, 60))
		if used >= 60
		else _("{0} menit").format(used),
		"lewat": _("Terlambat") if row.tenggat_langkah and get_datetime(row.tenggat_langkah) < now else "",
	}


def _columns() -> list[dict]:
	return [
		{"label": label, "fieldname": name, "fieldtype": kind, "options": options, "width": width}
		for label, name, kind, options, width in (
			(_("PK"), "name", "Link", PK, 150),
			(_("Langkah"), "workflow_state", "Data", None, 160),
			(_("Jabatan Pihak Pertama"), "pihak_pertama_jabatan", "Data", None, 220),
			(_("Sejak"), "sejak", "Datetime", None, 180),
			(_("Waktu Baku"), "baku", "Data", None, 110),
			(_("Tenggat"), "tenggat_langkah", "Datetime", None, 180),
			(_("Terpakai"), "terpakai", "Data", None, 130),
			(_("Keterangan"), "lewat", "Data", None, 110),
			(_("OPD"), "opd", "Link", "Unit Kerja", 260),
			(_("Periode"), "periode", "Link", "Periode Kinerja", 80),
		)
	]
