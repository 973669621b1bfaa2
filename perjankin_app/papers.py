"""Kelengkapan: the papers that a step of the SOP needs and produces, and which of them are there.

An SOP row names them in words; `Alur Persetujuan.dokumen` (rows of Dokumen Langkah) names them as Jenis Dokumen, and each
of those says which record proves it. A step is not completed while a required one is missing; a return always is.
"""

from dataclasses import asdict, dataclass

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from perjankin_app import locks, permissions, rounds
from perjankin_app.changes import changed
from perjankin_app.workflow import chains, conflict
from perjankin_app.workflow.composer import RETURN, SIGNATURE, fold

PK = "Perjanjian Kinerja"
NEEDS, GIVES = "Kelengkapan", "Hasil"
SENDING = ("Kirim", "Arsip")


@dataclass(frozen=True)
class Paper:
	"""A line of the checklist: `found` are the names of the records that prove it, `missing` what is still to be done."""

	jenis_dokumen: str
	arah: str
	wajib: bool
	pemenuhan: str
	doctype: str  # of the records
	found: tuple[str, ...]
	missing: str


class PaperOfPK(permissions.DerivesOPD, conflict.ToldPlainly):
	"""Mixin for records of one PK: class NaskahDinas(PaperOfPK, Document). Controllers call `follow_pk()` first."""

	def follow_pk(self):
		"""`opd` is the PK's, and the PK must be one that the user may read."""
		if not self.perjanjian_kinerja:
			frappe.throw(_("PK: pilih PK-nya."))
		self.opd = frappe.db.get_value(PK, self.perjanjian_kinerja, "opd")
		permissions.check_scope(self)
		if not self.flags.ignore_permissions:
			permissions.require_read(PK, self.perjanjian_kinerja)
		lock_pk(self.perjanjian_kinerja)

	def check_if_latest(self):
		"""Core locks the own row here; the PK goes first, as in its chain, so that two never wait for one another."""
		if not self.is_new():
			lock_pk(frappe.db.get_value(self.doctype, self.name, "perjanjian_kinerja"))
		super().check_if_latest()

	def pk(self):
		return frappe.get_doc(PK, self.perjanjian_kinerja)

	def require_turn(self):
		"""These papers ride the PK's chain: whoever holds its running step writes them."""
		lock_pk(self.perjanjian_kinerja, wait=False)  # core has locked the row that it deletes
		if self.flags.ignore_permissions:
			return
		pk = self.pk()
		if not self.has_turn(pk):
			step = pk.current_step()
			frappe.throw(
				_("{0} sedang pada langkah {1}; {2} diisi oleh pemegang langkah yang membutuhkannya.").format(
					pk.name, step.state if step else pk.workflow_state, _(self.doctype)
				),
				frappe.PermissionError,
				title=_("Bukan giliran Anda"),
			)

	def has_turn(self, pk) -> bool:
		return bool(pk.my_holder()) and open_in(pk, self.doctype, self.get("jenis_dokumen"))

	def takes_files(self) -> bool:
		"""For `access.files`: from whoever may write the paper now."""
		return self.has_turn(self.pk())

	def files_stay_since(self):
		"""For `access.files`: see `stays_whole`."""
		return now_datetime() if stays_whole(self) else None


def lock_pk(name: str | None, wait: bool = True):
	"""The PK stays in its step until this transaction is over; refused where it left that step since the request began."""
	locks.as_read(PK, name, wait)


def open_in(pk, doctype: str, kind: str | None) -> bool:
	"""Whether such a paper may be written in the running step: where others check or sign, only what that step gives."""
	step = pk.current_step()
	if not step:
		return False
	if not step.is_check and step.jenis != SIGNATURE:
		return True
	return any(
		row.jenis_dokumen == kind or (not kind and FULFILMENT[_fulfilment(row.jenis_dokumen)][0] == doctype)
		for row in rows(pk.alur, step.state)
		if row.arah == GIVES
	)


# --------------------------------------------------------------------------------------------------------- checklist


def rows(alur: str, state: str | None = None) -> list:
	"""The rows of Dokumen Langkah of a chain, or of one status of it."""
	doc = frappe.get_cached_doc("Alur Persetujuan", alur)
	return [row for row in doc.dokumen if state is None or fold(row.langkah) == fold(state)]


def passed(pk) -> list:
	"""The rows of the steps that a PK (name, alur, workflow_state) has behind it; a return puts it before them again.

	Not a letter that the running step gives too: each who puts a paraf to a draft still corrects it.
	"""
	chain = chains.load(pk.alur)
	if not chain:
		return []
	step = chain.step(pk.workflow_state)
	ahead = {fold(s.state) for s in chain.steps[chain.steps.index(step) :]} if step else ()
	given = {row.jenis_dokumen for row in rows(pk.alur, pk.workflow_state) if row.arah == GIVES}
	return [
		row
		for row in rows(pk.alur)
		if fold(row.langkah) not in ahead
		and not (row.jenis_dokumen in given and _fulfilment(row.jenis_dokumen) == "Naskah Dinas")
	]


# what stays as it is once a step was completed with the paper; of those that are not named: all
KEPT = {
	"Rapat Pembahasan": (),  # planned: when it is held and who comes is still to be seen
	"Daftar Hadir": ("judul", "mulai", "selesai", "tempat", "peserta"),
	"Permintaan Data": (),
}


def require_free(record, deleting: bool = False) -> dict[str, str]:
	"""Refuse to change or delete what a step of the SOP was completed with: see KEPT. Returns `resting_on`."""
	before = record.get_doc_before_save() or record
	proofs = resting_on(before)
	for fulfilment, pk in proofs.items():
		kept = KEPT.get(fulfilment)
		differing = [df for df in changed(record, before) if kept is None or df.fieldname in kept]
		if deleting or differing:
			frappe.throw(
				_(
					"{0} {1} sudah dipakai menyelesaikan langkah {2}. Buat yang baru bila ada perubahan, atau minta PK itu dikembalikan ke langkah tersebut."
				).format(_(record.doctype), record.name, pk),
				frappe.PermissionError,
			)
	return proofs


def stays_whole(record) -> bool:
	"""Whether a step of the SOP was completed with `record` as it is, its files included."""
	return any(KEPT.get(fulfilment) is None for fulfilment in resting_on(record))


def resting_on(record) -> dict[str, str]:
	"""What `record`, as stored, proves of steps that PKs have behind them: {fulfilment: a PK}.

	That is what was there when the step was completed, if it was required or the PK is signed by now.
	"""
	own = record.get("perjanjian_kinerja")
	pks = frappe.get_all(
		PK,
		{"alur": ("is", "set"), **({"name": own} if own else {"opd": record.opd, "periode": record.periode})},
		["name", "alur", "workflow_state", "docstatus", "opd", "periode"],
	)
	completed, found = _completed_since(record, pks), {}
	for pk in pks:
		for row in passed(pk):
			by = _fulfilment(row.jenis_dokumen)
			if (
				FULFILMENT[by][0] == record.doctype
				and by not in found
				and (row.wajib or pk.docstatus)
				and (pk.name, fold(row.langkah)) in completed
				and record.name in paper(pk, chains.load(pk.alur).step(row.langkah), row).found
			):
				found[by] = pk.name
	return found


def _completed_since(record, pks) -> set[tuple[str, str]]:
	"""(PK, state) of the steps that were completed when `record` was there; the log counts in seconds."""
	if record.is_new() or not pks:
		return set()
	log = frappe.get_all(
		"Riwayat Alur",
		{"perjanjian_kinerja": ("in", [pk.name for pk in pks]), "aksi": ("!=", RETURN)},
		["perjanjian_kinerja", "dari", "selesai"],
	)
	there = get_datetime(record.creation).replace(microsecond=0)
	return {(row.perjanjian_kinerja, fold(row.dari)) for row in log if get_datetime(row.selesai) >= there}


def checklist(pk, step) -> list[Paper]:
	return [paper(pk, step, row) for row in rows(pk.alur, step.state)]


def require_complete(pk, step):
	"""Refuse the completion of `step` while a required paper is missing, naming each."""
	papers = [paper for paper in checklist(pk, step) if paper.wajib]
	gaps = [_("{0}: {1}").format(paper.jenis_dokumen, paper.missing) for paper in papers if paper.missing]
	if step.jenis == rounds.ASISTENSI and (still_open := rounds.unresolved(pk)):  # listed by the SOP or not
		gaps.append(_("Catatan Asistensi: {0} catatan belum selesai.").format(still_open))
	if gaps:
		frappe.throw(
			list(dict.fromkeys(gaps)),
			title=_("Kelengkapan langkah {0} belum ada").format(step.state),
			as_list=True,
		)
	for paper in papers:
		_require_as_read(paper)


def _require_as_read(paper: Paper):
	"""Asked again with a lock: on MariaDB a request goes on seeing what others have changed or deleted since it began."""
	filters, fields = {"name": ("in", paper.found)}, ["name", "modified"]
	if paper.found and set(frappe.db.get_values(paper.doctype, filters, fields)) != set(
		frappe.db.get_values(paper.doctype, filters, fields, for_update=True)
	):
		conflict.tell(paper.jenis_dokumen)


def for_form(pk) -> list[dict]:
	"""The checklist of the running step, for the PK's form."""
	step = pk.current_step()
	return [asdict(paper) for paper in checklist(pk, step)] if step else []


def paper(pk, step, row) -> Paper:
	by = _fulfilment(row.jenis_dokumen)
	doctype, look = FULFILMENT[by]
	found, missing = look(pk, step, row)
	return Paper(row.jenis_dokumen, row.arah, bool(row.wajib), by, doctype, tuple(found), missing)


def _fulfilment(kind: str) -> str:
	return frappe.get_cached_value("Jenis Dokumen", kind, "pemenuhan")


# ------------------------------------------------------------------- what proves a paper: (names, what is still to do)


def _supporting(pk, step, row):
	only_this = frappe.get_cached_value("Jenis Dokumen", row.jenis_dokumen, "untuk_satu_pk")
	uploaded = frappe.get_all(
		"Dokumen Pendukung",
		{"jenis_dokumen": row.jenis_dokumen, "opd": pk.opd, "periode": pk.periode},
		["name", "perjanjian_kinerja"],
		order_by="name",
	)
	owners = (pk.name,) if only_this else (pk.name, None, "")
	names = [paper.name for paper in uploaded if paper.perjanjian_kinerja in owners]
	return names, "" if names else _("unggah berkasnya.")


def _letter(pk, step, row):
	letters = frappe.get_all(
		"Naskah Dinas",
		{"perjanjian_kinerja": pk.name, "jenis_dokumen": row.jenis_dokumen, "status": ("!=", "Batal")},
		["name", "nomor"],
		order_by="creation",
	)
	names = [letter.name for letter in letters]
	if not letters:
		return names, _("buat naskahnya.")
	# after the signature what a step gives is final, and what is sent has a number
	final = step.docstatus == 1 if row.arah == GIVES else step.jenis in SENDING
	if final and not all(letter.nomor for letter in letters):
		return names, _("beri nomor lebih dahulu.")
	return names, ""


def _meetings(pk, **filters) -> list[str]:
	return frappe.get_all("Rapat Pembahasan", {"perjanjian_kinerja": pk.name, **filters}, pluck="name")


def _meeting(pk, step, row):
	names = _meetings(pk)
	return names, "" if names else _("catat rapatnya: waktu, tempat, dan peserta.")


def _attendance(pk, step, row):
	names = _meetings(pk, mulai=("<=", now_datetime()))  # nobody has come to one that has not begun
	came = frappe.get_all(
		"Peserta Rapat",
		{"parenttype": "Rapat Pembahasan", "parent": ("in", names or [""]), "hadir": 1},
		pluck="parent",
		distinct=True,
	)
	return sorted(set(came)), "" if came else _("tandai peserta yang hadir pada Rapat Pembahasan.")


def _minutes(pk, step, row):
	names = _meetings(pk, status="Selesai")
	return names, "" if names else _("isi notulen, lalu tutup rapatnya.")


def _requests(pk, step, row):
	names = frappe.get_all("Permintaan Data", {"perjanjian_kinerja": pk.name}, pluck="name")
	return names, "" if names else _("buat Permintaan Data untuk semua Bidang dan Sekretariat.")


def _forms(pk, accepted: tuple[str, ...], still: str):
	forms = frappe.get_all(
		"Data Bidang", {"perjanjian_kinerja": pk.name}, ["name", "unit", "status"], order_by="unit"
	)
	if not forms:
		return [], _("buat Permintaan Data untuk semua Bidang dan Sekretariat.")
	waiting = [form.unit for form in forms if form.status not in accepted]
	done = [form.name for form in forms if form.status in accepted]
	return done, still.format(", ".join(waiting)) if waiting else ""


def _signed_forms(pk, step, row):
	return _forms(pk, ("Ditandatangani", "Diterima"), _("belum ditandatangani {0}."))


def _accepted_forms(pk, step, row):
	return _forms(pk, ("Diterima",), _("belum diterima dari {0}."))


def _remarks(pk, step, row):
	remarks = frappe.get_all("Catatan Asistensi", {"perjanjian_kinerja": pk.name}, ["name", "status"])
	still_open = sum(remark.status == "Terbuka" for remark in remarks)
	return [remark.name for remark in remarks], _("{0} catatan belum selesai.").format(
		still_open
	) if still_open else ""


def _budget(pk, step, row):
	names = frappe.get_all("Dokumen Anggaran", {"opd": pk.opd, "periode": pk.periode}, pluck="name")
	return names, "" if names else _("catat DPA OPD untuk periode {0}.").format(pk.periode)


def _draft(pk, step, row):
	return ([pk.name], "") if pk.target else ([], _("isi Target Kinerja."))


def _signed_pk(pk, step, row):
	if pk.pdf_final:
		return [pk.name], ""
	return [], "" if row.arah == GIVES and step.jenis == SIGNATURE else _("PK belum ditandatangani.")


def _archive(pk, step, row):
	names = frappe.get_all("Arsip PK", {"perjanjian_kinerja": pk.name}, pluck="name")
	return names, "" if names else _("catat arsipnya: nomor berkas, lokasi, retensi, dan salinan.")


def _logged(pk, step, row):
	"""What a step gives by being completed, and the next ones find in the log."""
	if row.arah == GIVES:
		return [], ""
	done = frappe.get_all("Riwayat Alur", {"perjanjian_kinerja": pk.name}, pluck="name", order_by="urutan")
	return done[-1:], "" if done else _("langkah sebelumnya belum selesai.")


# what a Jenis Dokumen names as its fulfilment: the DocType of the records, and the function that looks for them
FULFILMENT = {
	"Dokumen Pendukung": ("Dokumen Pendukung", _supporting),
	"Naskah Dinas": ("Naskah Dinas", _letter),
	"Rapat Pembahasan": ("Rapat Pembahasan", _meeting),
	"Daftar Hadir": ("Rapat Pembahasan", _attendance),
	"Notulen": ("Rapat Pembahasan", _minutes),
	"Permintaan Data": ("Permintaan Data", _requests),
	"Formulir Bertanda Tangan": ("Data Bidang", _signed_forms),
	"Data Bidang": ("Data Bidang", _accepted_forms),
	"Catatan Asistensi": ("Catatan Asistensi", _remarks),
	"Dokumen Anggaran": ("Dokumen Anggaran", _budget),
	"Draf PK": ("Perjanjian Kinerja", _draft),
	"PK Bertanda Tangan": ("Perjanjian Kinerja", _signed_pk),
	"Arsip PK": ("Arsip PK", _archive),
	"Riwayat Alur": ("Riwayat Alur", _logged),
}
