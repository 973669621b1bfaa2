"""Signatures on a frozen PK: who has signed, who has not yet, and the ways to sign.

A way to sign (a provider) is a function that takes a `Request` and gives a `Signed`; what an OPD uses is chosen at its
Unit Kerja. Another one, such as BSrE's Esign Client, is one more module with one more line in PROVIDERS.
"""

from collections.abc import Callable

import frappe
from frappe import _
from frappe.utils import now_datetime

from perjankin_app import assignments, locks
from perjankin_app.document import final, validity
from perjankin_app.document.provider import CERTIFICATE, SYSTEM, WET, Request, Signed
from perjankin_app.document.signing import approval, certificate, scan
from perjankin_app.document.signing.bound import fingerprint
from perjankin_app.workflow import actors, log
from perjankin_app.workflow.composer import DONE, SIGNATURE

PROVIDERS: dict[str, Callable[[Request], Signed]] = {
	SYSTEM: approval.sign,
	WET: scan.sign,
	CERTIFICATE: certificate.sign,
}
# who may hand in a scan of what was signed on paper, besides the party
CLERKS = ("PK Penyusun", "PK Kasubbag Perencanaan", "PK Admin OPD", "PK Admin Pemda")


def sign(name: str, parties: list[str], way: str, **given):
	"""Append one signature for each of `parties` (`Pihak Pertama`, `Pihak Kedua`) to the PK `name`, and to its log.

	`given`: what the way asks for, see its module. Raises PermissionError where the session's user may not, and
	ValidationError, in words, where it can not be done; then nothing is kept.
	"""
	doc = locks.latest(final.PK, name)
	doc.check_permission("read")
	locks.as_read(final.FINAL, name)  # with the signatures that were given meanwhile
	document = final.of(name)
	if not document or doc.docstatus != 1:
		frappe.throw(
			_("{0} belum dibekukan atau sudah dibatalkan, jadi tidak dapat ditandatangani.").format(name)
		)
	if doc.keberlakuan != validity.WAITING:
		frappe.throw(_("{0} tidak menunggu tanda tangan: {1}.").format(name, doc.keberlakuan))
	parties = list(dict.fromkeys(parties))
	if not parties:
		frappe.throw(_("Pilih siapa yang menandatangani."))
	if way not in validity.COUNTS[document.cara or SYSTEM]:
		frappe.throw(_("{0} ditandatangani dengan cara {1}.").format(name, document.cara))
	for party in parties:
		if party not in validity.outstanding(doc, document):
			frappe.throw(_("{0} sudah menandatangani {1}, atau bukan pihaknya.").format(party, name))
	holder = _signer(doc, document, parties, way)
	signed = PROVIDERS[way](Request(doc, document, tuple(parties), holder, given))
	for party in parties:
		document.append("tanda_tangan", row(doc, party, way, signed, holder))
	final.save(document)
	action = _("Tanda Tangan {0}").format(" dan ".join(parties))
	bound = fingerprint(document.tanda_tangan[-len(parties) :])
	log.note(doc, action, holder, f"{way}. {signed.keterangan}".strip(), signed.sidik, bound)
	validity.settle(doc, document)


def begin(doc):
	"""Call when the chain has brought `doc` to docstatus 1: its signatures so far are approvals in the app."""
	document = final.of(doc.name)
	for values in approvals(doc, document, doc.chain()):
		document.append("tanda_tangan", values)
	final.save(document)
	validity.settle(doc, document)


def approvals(doc, document, chain) -> list[dict]:
	"""The rows of the signatures that the chain itself asked for, as its log tells them.

	Whoever signed last approved the frozen file; a party that signed before approved the same content, as long as nobody
	could change it since.
	"""
	approved, rows = {}, []
	for entry in log.rows_of(doc.name):
		step = chain.step(entry.dari)
		if step and step.editable:
			approved.clear()
		if step and step.is_signature and entry.aksi == DONE[SIGNATURE]:
			approved[step.sebagai or _party_of(doc, entry.penugasan)] = entry
	for party, entry in approved.items():
		if party in validity.parties(doc):
			holder = frappe._dict(
				user=entry.pelaku,
				nama=entry.pelaku_nama,
				nama_jabatan=entry.pelaku_jabatan,
				status=entry.pelaku_status,
				penugasan=entry.penugasan,
			)
			signed = Signed(mencakup=document.sidik, pada=entry.selesai)
			rows.append(row(doc, party, SYSTEM, signed, holder))
	return rows


def _party_of(doc, penugasan: str) -> str | None:
	"""As which party somebody signed in a step of a chain that does not say it; None: as no party."""
	return next((party for party, field in actors.PARTY_FIELDS.items() if doc.get(field) == penugasan), None)


def row(doc, party: str, way: str, signed: Signed, holder) -> dict:
	"""A row of Tanda Tangan PK: who signed as `party`, and what the signature covers.

	The party as printed, or the successor who signed in its place; of a scan only the printed name is known.
	"""
	field = actors.PARTY_FIELDS[party]
	who = dict(nama=doc.get(f"{field}_nama"), jabatan=doc.get(f"{field}_jabatan"), penugasan=doc.get(field))
	note = signed.keterangan
	if way != WET and not _is_printed(doc, field, holder):
		note = f"{_('Menggantikan {0}.').format(who['nama'])} {note}".strip()
		who = dict(nama=holder.nama, jabatan=actors.title(holder), penugasan=holder.penugasan)
	return dict(
		who,
		pihak=party,
		cara=way,
		pada=signed.pada or now_datetime().replace(microsecond=0),
		dicatat_oleh=holder.user,
		mencakup=signed.mencakup,
		berkas=signed.berkas,
		sidik=signed.sidik,
		keterangan=note,
	)


def _is_printed(doc, field: str, holder) -> bool:
	"""Whether `holder` is who the PK prints as a party: a Penugasan may have got another person since."""
	if holder.penugasan != doc.get(field):
		return False
	official = frappe.db.get_value("Penugasan Jabatan", holder.penugasan, "pejabat")
	if nip := doc.get(f"{field}_nip"):
		return nip == frappe.db.get_value("Pejabat", official, "nip")
	return holder.nama == doc.get(f"{field}_nama")


def _signer(doc, document, parties: list[str], way: str):
	"""The assignment by which the session's user signs, or hands in what was signed on paper."""
	user = frappe.session.user
	for party in parties:
		own = next((h for h in actors.party_holders(doc, party) if h.user == user), None)
		if own and (way == WET or len(parties) == 1):
			return own
	if (
		way == WET
		and document.cara == CERTIFICATE
		and any(doc.get(f"{actors.PARTY_FIELDS[party]}_nip") for party in parties)
	):  # an elected head has no certificate perhaps; an official's is not replaced by somebody else's upload
		frappe.throw(
			_(
				"PK ini ditandatangani dengan sertifikat. Pindaian pejabat ber-NIP hanya diunggah pejabat itu sendiri."
			),
			frappe.PermissionError,
		)
	if way == WET and (
		clerk := next(iter(assignments.in_force(user=user, unit=doc.unit, roles=CLERKS)), None)
	):
		return clerk
	official = frappe.db.get_value("Pejabat", {"user": user})
	if way != WET and any(official in actors.other_party(doc, party) for party in parties):
		frappe.throw(
			_(
				"Anda sudah menjadi pihak lain pada {0}, jadi tidak dapat menandatangani untuk kedua pihak. Minta PK Admin "
				"menugaskan pejabat lain."
			).format(doc.name),
			frappe.PermissionError,
			title=_("Belum dapat dilakukan"),
		)
	frappe.throw(
		_("Pindaian diunggah penyusun, admin, atau pihak PK itu sendiri.")
		if way == WET
		else _("Hanya {0} sendiri yang dapat menandatangani.").format(" dan ".join(parties)),
		frappe.PermissionError,
		title=_("Belum dapat dilakukan"),
	)


def for_form(doc) -> dict | None:
	"""What the form shows: who has signed and how, who has not, and what the user may do about it."""
	document = final.of(doc.name) if doc.docstatus else None
	if not document:
		return None
	missing, mine = validity.outstanding(doc, document), _outstanding_of_mine(doc, document)
	return {
		"keberlakuan": doc.keberlakuan,
		"cara": document.cara,
		"tautan": document.tautan,
		"kode": document.kode,
		"pihak": [
			{
				"pihak": party,
				"nama": doc.get(f"{actors.PARTY_FIELDS[party]}_nama"),
				"belum": party in missing,
				"baris": [
					{"cara": row.cara, "pada": row.pada, "berkas": row.berkas, "keterangan": row.keterangan}
					for row in document.tanda_tangan
					if row.pihak == party
				],
			}
			for party in validity.parties(doc)
		],
		"milik_saya": mine if _waits(doc) and document.cara != WET else [],
		"boleh_unggah": takes_scan(doc),
	}


def takes_scan(doc) -> bool:
	"""Whether the session's user may upload a scan of the signed `doc` now: a clerk, or a party that has not signed yet."""
	document = final.of(doc.name) if _waits(doc) else None
	if not document or not validity.outstanding(doc, document):
		return False
	clerks = assignments.in_force(user=frappe.session.user, unit=doc.unit, roles=CLERKS)
	return bool(clerks or _outstanding_of_mine(doc, document))


def _waits(doc) -> bool:
	return doc.docstatus == 1 and doc.keberlakuan == validity.WAITING


def _outstanding_of_mine(doc, document) -> list[str]:
	"""The parties that have not signed yet and are the session's user."""
	user = frappe.session.user
	return [
		party
		for party in validity.outstanding(doc, document)
		if any(h.user == user for h in actors.party_holders(doc, party))
	]
