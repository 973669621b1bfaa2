"""Naskah Dinas ride the PK's chain: its paraf and signature cover the step's papers, and then they are numbered."""

import frappe
from frappe import _
from frappe.utils import cint, getdate, now_datetime

from perjankin_app import assignments, locks, numbering, papers
from perjankin_app.workflow import actors
from perjankin_app.workflow.composer import CANCELLERS, fold

DRAFT, SETTLED, NUMBERED, SENT, RECEIVED, VOID = (
	"Konsep", "Ditetapkan", "Bernomor", "Dikirim", "Diterima", "Batal",
)  # fmt: skip
# of an OPD's letters once the chain has ended
KEEPERS = ("PK Penyusun", "PK Kasubbag Perencanaan", *CANCELLERS)


def settle(pk, step, holder):
	"""Called when `step` of the PK was completed: the letters that it gives are final, in the name of `holder`.

	So is one that no step gives and this one needs (SOP 001: the invitation, on the day of the meeting). A letter that a
	later signature gives too waits for that signature: it is signed together with the PK. After the PK's signature
	nobody settles one by completing a step: see `number`.
	"""
	if step.docstatus == 1:
		return
	made = {row.jenis_dokumen for row in papers.rows(pk.alur) if row.arah == papers.GIVES}
	kinds = {
		row.jenis_dokumen
		for row in papers.rows(pk.alur, step.state)
		if (row.arah == papers.GIVES or row.jenis_dokumen not in made)
		and not _signed_later(pk, step, row.jenis_dokumen)
	}
	for letter in _letters(pk, DRAFT):
		if letter.jenis_dokumen in kinds:
			_sign(letter, pk, step, holder)


def unsettle(pk, step):
	"""Called when the PK returned to `step`: what was made there or later, and has no number yet, is a draft again."""
	states = {fold(s.state) for s in pk.chain().steps[pk.chain().steps.index(step) :]}
	for letter in _letters(pk, SETTLED):
		if fold(letter.langkah_penetapan) in states:
			_store(letter, dict.fromkeys(SIGNATURE_FIELDS), status=DRAFT)


SIGNATURE_FIELDS = (
	"penanda_tangan", "penanda_tangan_nama", "penanda_tangan_nip", "penanda_tangan_pangkat", "penanda_tangan_jabatan",
	"ditetapkan_pada", "langkah_penetapan",
)  # fmt: skip


def number(letter) -> str:
	"""Give a settled letter its number. One made after the PK was signed is covered by that signature, if the SOP has it."""
	pk = letter.pk()
	require_keeper(pk)
	if cint(pk.docstatus) == 2:
		frappe.throw(_("{0} sudah dibatalkan; naskahnya tidak dinomori.").format(pk.name))
	if letter.status == DRAFT and cint(pk.docstatus) == 1:
		_require_covered(letter, pk)
		_sign_with_pk(letter, pk)
	if letter.status != SETTLED:
		frappe.throw(
			_("{0} berstatus {1}. Nomor diberikan sesudah langkah yang menetapkannya selesai.").format(
				letter.name, letter.status
			)
		)
	today = getdate()  # never a date before the signature, nor one in another year's series
	_store(letter, {"tanggal": today, "nomor": numbering.give(letter, today)}, status=NUMBERED)
	return letter.nomor


def void(letter, reason: str):
	pk = letter.pk()
	if letter.status == RECEIVED:
		_require_admin(letter, pk)
	else:
		require_keeper(pk)
	if letter.status in (DRAFT, VOID):
		frappe.throw(
			_("{0} berstatus {1}. Konsep cukup dihapus.").format(letter.name, letter.status)
			if letter.status == DRAFT
			else _("{0} sudah batal.").format(letter.name)
		)
	numbering.void(letter, reason)
	_store(letter, {"alasan_batal": reason}, status=VOID)


def require_keeper(pk):
	"""Numbers, gives up and sends letters: whoever holds the running step; once the chain has ended, the OPD's KEEPERS."""
	if keeps(pk):
		return
	step = pk.current_step()
	frappe.throw(
		_("{0} sedang pada langkah {1}; naskahnya diurus oleh pemegang langkah itu.").format(
			pk.name, step.state
		)
		if step
		else _("{0} berstatus {1}; naskahnya diurus oleh {2} OPD itu.").format(
			pk.name, pk.workflow_state, ", ".join(KEEPERS)
		),
		frappe.PermissionError,
		title=_("Bukan giliran Anda"),
	)


def keeps(pk) -> bool:
	return bool(pk.my_holder()) if pk.current_step() else _holds(KEEPERS, pk)


def for_form(letter) -> dict:
	"""What the form offers the session's user: `nomor`, `kirim` (its way is still written) and `batal`, each a bool."""
	pk = letter.pk()
	is_keeper, status = keeps(pk), letter.status
	draft_is_signed = status == DRAFT and cint(pk.docstatus) == 1 and _covered(letter, pk)
	return {
		"nomor": is_keeper and cint(pk.docstatus) != 2 and (status == SETTLED or draft_is_signed),
		"kirim": is_keeper and status in (NUMBERED, SENT, RECEIVED),
		"batal": _holds(CANCELLERS, pk) if status == RECEIVED else is_keeper and status not in (DRAFT, VOID),
	}


def _require_admin(letter, pk):
	if not _holds(CANCELLERS, pk):
		frappe.throw(
			_("{0} sudah diterima {1}. Minta {2} membatalkannya.").format(
				letter.name, letter.penerima_nama, " atau ".join(CANCELLERS)
			),
			frappe.PermissionError,
		)


def _holds(roles, pk) -> bool:
	return bool(assignments.in_force(user=frappe.session.user, unit=pk.unit, roles=roles))


def _letters(pk, status: str) -> list:
	"""With a lock: as they are now that the PK is this transaction's alone, with those that were stored meanwhile."""
	filters = {"perjanjian_kinerja": pk.name, "status": status}
	found = frappe.db.get_values("Naskah Dinas", filters, "name", order_by="name", for_update=True)
	return [locks.latest("Naskah Dinas", name) for (name,) in found]


def _signed_later(pk, step, kind: str) -> bool:
	steps = pk.chain().steps
	return any(
		later.is_signature
		and any(
			row.jenis_dokumen == kind and row.arah == papers.GIVES
			for row in papers.rows(pk.alur, later.state)
		)
		for later in steps[steps.index(step) + 1 :]
	)


def _covered(letter, pk) -> bool:
	"""Whoever signed the PK signed for the letters that its chain foresees from there on to the running step, no others."""
	steps, running = pk.chain().steps if pk.chain() else (), pk.current_step()
	return bool(running) and any(
		row.jenis_dokumen == letter.jenis_dokumen and (step.docstatus == 1 or row.arah == papers.GIVES)
		for step in steps[steps.index(_last_signature(pk)) : steps.index(running) + 1]
		for row in papers.rows(pk.alur, step.state)
	)


def _require_covered(letter, pk):
	if _covered(letter, pk):
		return
	frappe.throw(
		_(
			"{0} dibuat di luar SOP: sesudah PK ditandatangani, alurnya tidak menyebut {1} pada langkah {2}. Konsep ini tidak ditandatangani siapa pun, jadi tidak dinomori."
		).format(letter.name, letter.jenis_dokumen, pk.workflow_state)
	)


def _last_signature(pk):
	return [step for step in pk.chain().steps if step.is_signature][-1]


def _sign_with_pk(letter, pk):
	"""In the name of whoever signed the PK last."""
	signed = _last_signature(pk)
	row = frappe.get_last_doc(
		"Riwayat Alur", {"perjanjian_kinerja": pk.name, "dari": signed.state}, order_by="urutan desc"
	)
	holder = frappe.db.get_value(
		"Penugasan Jabatan",
		row.penugasan,
		["name as penugasan", "pejabat", "jabatan", "status"],
		as_dict=True,
	)
	holder.update(nama=row.pelaku_nama, nama_jabatan=row.pelaku_jabatan)
	_sign(letter, pk, signed, holder)


def _sign(letter, pk, step, holder):
	official = frappe.db.get_value("Pejabat", holder.pejabat, ["nip", "pangkat", "golongan"], as_dict=True)
	_store(
		letter,
		{
			"penanda_tangan": holder.penugasan,
			"penanda_tangan_nama": holder.nama,
			"penanda_tangan_nip": official.nip,
			"penanda_tangan_pangkat": ", ".join(filter(None, (official.pangkat, official.golongan))),
			"penanda_tangan_jabatan": actors.title(holder),
			"ditetapkan_pada": now_datetime(),
			"langkah_penetapan": step.state,
		},
		status=SETTLED,
	)


def _store(letter, values: dict, status: str):
	"""Past the own checks of the letter, which keep these fields from every client; the change is logged in Version."""
	letter.update({**values, "status": status})
	letter.flags.by_chain = letter.flags.ignore_permissions = True
	letter.save()


def proposal(pk, kind: str) -> dict:
	"""Values for a new letter of a PK: what the PK and its OPD already say."""
	layout = frappe.db.get_value("Jenis Dokumen", kind, "tata_letak")
	place = frappe.db.get_value("Unit Kerja", pk.opd, ["nama", "nama_resmi"], as_dict=True)
	document = _("Perjanjian Kinerja {0} Tahun {1}").format(place.nama_resmi or place.nama, pk.periode)
	subject = {
		"Surat Pengantar": _("Penyampaian {0}"),
		"Undangan Rapat": _("Undangan Rapat Pembahasan {0}"),
		"Disposisi": _("Penyusunan {0}"),
	}.get(layout, "{0}")
	values = {"tata_letak": layout, "perihal": subject.format(document)}
	if layout == "Surat Pengantar":
		values["rincian"] = [
			{
				"jenis_dikirim": document,
				"banyaknya": _("1 (satu) berkas"),
				"keterangan": _("Disampaikan dengan hormat"),
			}
		]
	return values
