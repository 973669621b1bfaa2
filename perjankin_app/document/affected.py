"""Which signed PKs something has overtaken: an official who came or went, a budget, a sasaran (PermenPAN-RB 53/2014)."""

from functools import lru_cache

import frappe
from frappe import _
from frappe.utils import flt, getdate

from perjankin_app import permissions
from perjankin_app.document import versions
from perjankin_app.target_value import format_date, format_number

PK = "Perjanjian Kinerja"
PEOPLE, PLANS = "Pergantian atau mutasi pejabat", "Perubahan strategi, program, atau anggaran"
FIELDS = [
	"name",
	"pihak_pertama",
	"pihak_pertama_nama",
	"pihak_kedua",
	"jabatan",
	"unit",
	"opd",
	"jenjang",
	"tanggal",
	"versi",
]


def by_assignment(doc) -> list[tuple]:
	"""PKs of this post, or with this Penugasan as a party, one of whose parties is no longer in office."""
	about = [["jabatan", "=", doc.jabatan], ["pihak_pertama", "=", doc.name], ["pihak_kedua", "=", doc.name]]
	about += [
		[
			"pihak_kedua",
			"in",
			frappe.get_all("Penugasan Jabatan", {"jabatan": doc.jabatan}, pluck="name") or [""],
		]
	]
	basis = _("SK {0}").format(doc.nomor_sk) if doc.nomor_sk else ""
	found = []
	for pk in _signed(or_filters=about):
		for party in ("pihak_pertama", "pihak_kedua"):
			ended = pk[party] and frappe.db.get_value(
				"Penugasan Jabatan", pk[party], ["judul", "selesai"], as_dict=True
			)
			if ended and ended.selesai and getdate(ended.selesai) < getdate():
				cause = _("{0} berakhir {1}").format(ended.judul, format_date(getdate(ended.selesai)))
				found.append((pk, cause, PEOPLE, basis))
				break
	return found


def by_budget(doc) -> list[tuple]:
	"""PKs of the OPD and the year that carry another amount for a program than this DPPA gives, or whose program it changes."""
	if doc.jenis != "DPPA":
		return []
	basis = _("DPPA Nomor {0} tanggal {1}").format(doc.nomor, format_date(getdate(doc.tanggal_pengesahan)))
	new, old = _amounts(doc), {}
	for name in frappe.get_all(
		"Dokumen Anggaran",
		{
			"opd": doc.opd,
			"periode": doc.periode,
			"name": ("!=", doc.name),
			"tanggal_pengesahan": ("<=", doc.tanggal_pengesahan),
		},
		pluck="name",
		order_by="tanggal_pengesahan, creation",
	):
		old.update(_amounts(frappe.get_doc("Dokumen Anggaran", name)))
	changed = {code for code in {*new, *old} if new.get(code) != old.get(code)}
	found = []
	for pk in _signed({"opd": doc.opd, "periode": doc.periode}):
		for row in frappe.get_all(
			"PK Program", {"parent": pk.name}, ["nomenklatur", "anggaran"], order_by="idx"
		):
			near = _related(row.nomenklatur, changed)
			if row.nomenklatur in new and flt(row.anggaran, 2) != new[row.nomenklatur]:
				cause = _("{0}: pada PK Rp {1}, pada DPPA Rp {2}").format(
					row.nomenklatur, format_number(flt(row.anggaran, 2)), format_number(new[row.nomenklatur])
				)
			elif near and row.nomenklatur not in new:
				cause = _("{0}: anggaran {1} berubah pada DPPA").format(row.nomenklatur, near)
			else:
				continue
			found.append((pk, cause, PLANS, basis))
			break
	return found


def _related(code: str, changed: set[str]) -> str | None:
	"""The changed code that `code` is, is part of, or has as a part."""
	return next(
		(
			other
			for other in sorted(changed, key=len)
			if f"{code}.".startswith(f"{other}.") or f"{other}.".startswith(f"{code}.")
		),
		None,
	)


def by_content(doc) -> list[tuple]:
	"""PKs whose signed words for this Sasaran or Indikator are no longer its words."""
	link = "sasaran" if doc.doctype == "Sasaran Kinerja" else "indikator"
	rows = frappe.get_all(
		"Target Kinerja",
		{link: doc.name, "parenttype": PK, f"{link}_teks": ("!=", doc.nama)},
		["parent", f"{link}_teks as teks"],
	)
	texts = {row.parent: row.teks for row in rows}
	return [
		(pk, _("Pada PK tertulis “{0}”").format(texts[pk.name]), PLANS, "")
		for pk in _signed({"name": ("in", list(texts) or [""])})
	]


CAUSES = {
	"Penugasan Jabatan": by_assignment,
	"Dokumen Anggaran": by_budget,
	"Sasaran Kinerja": by_content,
	"Indikator Kinerja": by_content,
}


@frappe.whitelist()
def for_form(doctype: str, name: str) -> list[dict]:
	"""The affected PKs that the user may read: pk, nama, sebab, alasan, dasar, and whether the user may begin the change."""
	if doctype not in CAUSES:
		frappe.throw(_("{0} tidak memengaruhi PK.").format(doctype))
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("read")
	opd = permissions.permitted_opd(frappe.session.user, PK) if frappe.has_permission(PK, "read") else []
	may_draft = lru_cache(None)(versions.may_draft)  # of hundreds of PKs only a few places differ
	return [
		{
			"pk": pk.name,
			"nama": pk.pihak_pertama_nama,
			"versi": pk.versi,
			"sebab": cause,
			"alasan": reason,
			"dasar": basis,
			"boleh": may_draft(pk.opd, pk.jenjang, pk.unit),
		}
		for pk, cause, reason, basis in CAUSES[doctype](doc)
		if opd is None or pk.opd in opd
	]


def _signed(filters: dict | None = None, or_filters: list | None = None) -> list:
	"""The newest versions of running years: what is replaced, or changed already, is not affected again."""
	running = frappe.get_all("Periode Kinerja", {"status": "Terbuka"}, pluck="name")
	rows = frappe.get_all(
		PK,
		{
			"docstatus": 1,
			"keberlakuan": ("in", ("Menunggu Tanda Tangan", "Berlaku")),
			"periode": ("in", running or [""]),
			**(filters or {}),
		},
		FIELDS,
		or_filters=or_filters,
		order_by="name",
	)
	begun = {"docstatus": ("<", 2), "perubahan_dari": ("in", [row.name for row in rows] or [""])}
	changed = set(frappe.get_all(PK, begun, pluck="perubahan_dari"))
	return [row for row in rows if row.name not in changed]


def _amounts(doc) -> dict[str, float]:
	return {row.nomenklatur: flt(row.pagu, 2) for row in doc.pagu}
