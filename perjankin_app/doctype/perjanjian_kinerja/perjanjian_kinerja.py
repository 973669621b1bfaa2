import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate, now_datetime

from perjankin_app import assignments, content, letters, locks, papers, permissions, rounds
from perjankin_app.amounts import add_up
from perjankin_app.document import checks, final, signing, validity, versions
from perjankin_app.document.stored import use_stored_values
from perjankin_app.target_value import format_number
from perjankin_app.workflow import actors, chains, deadlines, log, reasons
from perjankin_app.workflow.composer import CANCEL, RETURN
from perjankin_app.workflow.guard import STATE, ChainGuard

HEAD = "Kepala Daerah"
PARTIES = ("pihak_pertama", "pihak_kedua")
SNAPSHOT = ("nama", "nip", "pangkat", "jabatan")


class PerjanjianKinerja(ChainGuard, permissions.DerivesOPD, Document):
	SERVER_FIELDS = (
		"alur",
		"pdf_final",
		"pdf_sha256",
		"versi",
		"keberlakuan",
		"berlaku_sejak",
		"berlaku_sampai",
		"digantikan_oleh",
		"langkah_sejak",
		"tenggat_langkah",
		"pengingat_langkah",
	)
	PARTY_FIELDS = (*PARTIES, *(f"{party}_{part}" for party in PARTIES for part in SNAPSHOT))

	def validate(self):
		self.keep_origin()
		self.guard_chain()
		if self.content_open():
			self.derive_place()
			self.set_chain()
			self.validate_period()
			self.set_parties()
			self.guard_creator()
			self.set_deadline()
			self.validate_change()
			self.versi = validity.version(self)
			self.validate_only_one()
			self.validate_targets()
			self.validate_programs()
		else:
			self.refresh_parties()
		if self.leaving_last_editable():
			self.check_complete()

	def before_submit(self):
		self.tanggal = self.tanggal or getdate()
		final.freeze(self)

	def before_cancel(self):
		super().before_cancel()
		if change := locks.find(self.doctype, {"perubahan_dari": self.name}, docstatus=0):
			frappe.throw(
				_("{0} sedang diubah oleh {1}. Selesaikan atau hapus PK Perubahan itu lebih dahulu.").format(
					self.name, change
				)
			)

	def before_print(self, settings=None):
		use_stored_values(self)
		final.use_frozen_values(self)

	def require_papers(self, step):
		papers.require_complete(self, step)

	def step_done(self, edge, holder):
		if edge.is_return:
			letters.unsettle(self, self.chain().step(edge.next_state))
		elif edge.step:
			letters.settle(self, edge.step, holder)
		if cint(self.docstatus) == 1 and not cint(self.get_doc_before_save().docstatus):
			signing.begin(self)
		elif edge.action == CANCEL:
			validity.cancelled(self)

	def takes_files(self) -> bool:
		"""For `access.files`: from whoever holds the running step. A scan of what was signed on paper is attached by the
		server, once it is accepted: one that is refused must not stay on a signed PK."""
		return bool(self.my_holder())

	def files_stay_since(self):
		"""For `access.files`: once signed, all that was attached before the running step."""
		return self.langkah_sejak if cint(self.docstatus) else None

	def onload(self):
		self.set_onload("langkah", self.step_in_force())
		self.set_onload("dokumen", papers.for_form(self))
		self.set_onload("perubahan", rounds.changes(self))
		self.set_onload("asistensi", rounds.for_form(self))
		self.set_onload("tanda_tangan", signing.for_form(self))
		self.set_onload("boleh_ubah_versi", versions.may_change(self))

	# ---------------------------------------------------------------------------------------------- where it belongs

	def keep_origin(self):
		"""What it amends was asked about when it was made (`links`); core lets a client change it later."""
		if before := self.get_doc_before_save():
			self.amended_from = before.amended_from

	def derive_place(self):
		post = frappe.db.get_value("Jabatan", self.jabatan, ["unit", "opd", "jenjang", "nama"], as_dict=True)
		if not post:
			frappe.throw(_("Jabatan: pilih jabatan pihak pertama."))
		self.opd, self.jenjang = post.opd, post.jenjang
		permissions.check_scope(self)  # before anything is told about the post
		if post.unit != self.unit:
			frappe.throw(
				_("Jabatan: {0} ada pada unit {1}, bukan {2}. Pilih jabatan pada unit itu.").format(
					post.nama, post.unit, self.unit
				)
			)

	def set_chain(self):
		"""The chain is chosen by OPD and level, refreshed while in Draf, fixed by the first transition."""
		before = self.get_doc_before_save()
		if before and (self.flags.step_taken or log.last_row(self.name)):
			return
		self.alur = chains.for_post(self.opd, self.jenjang)
		if not self.alur:
			frappe.throw(
				_(
					"Belum ada Alur Persetujuan yang berlaku untuk jenjang {0} di {1}. Minta PK Admin OPD menerbitkannya."
				).format(self.jenjang, self.opd)
			)
		if not before or before.alur != self.alur:
			chains.require_in_force(self.alur)

	def validate_period(self):
		if self.is_new() and frappe.db.get_value("Periode Kinerja", self.periode, "status") == "Ditutup":
			frappe.throw(_("Periode {0} sudah ditutup. Pilih periode yang terbuka.").format(self.periode))
		year = cint(frappe.db.get_value("Periode Kinerja", self.periode, "tahun"))
		if self.tanggal and abs(getdate(self.tanggal).year - year) > 1:
			frappe.throw(
				_("Tanggal: isi tanggal antara tahun {0} dan {1}, sesuai periode {2}.").format(
					year - 1, year + 1, self.periode
				)
			)

	# ---------------------------------------------------------------------------------------------- the clock

	def start_step(self):
		self.langkah_sejak = now_datetime().replace(microsecond=0)
		self.pengingat_langkah = None  # nobody was told about this step yet
		self.set_deadline()

	def set_deadline(self):
		self.tenggat_langkah = deadlines.due(self.current_step(), self.langkah_sejak, self.opd)

	# ---------------------------------------------------------------------------------------------- the parties

	def set_parties(self):
		"""Snapshots of the Penugasan in force; a proposal of the server wherever the user chose nobody."""
		if self.signed_already():
			return self._keep_parties()
		first, second = propose_parties(self.jabatan, self.pihak_pertama, self.pihak_kedua)
		if not first:
			frappe.throw(
				_("Pihak Pertama: pilih penugasan yang berlaku pada jabatan {0}.").format(self.jabatan)
				if assignments.in_force(jabatan=self.jabatan)
				else _(
					"Belum ada pejabat yang bertugas sebagai {0}. Isi Penugasan Jabatan lebih dahulu."
				).format(self.jabatan)
			)
		if not second and self.jenjang != HEAD:
			frappe.throw(
				_(
					"Pihak Kedua: tidak ada atasan {0} yang bertugas dan bukan pihak pertama sendiri. Periksa Jabatan Atasan Langsung dan Penugasannya."
				).format(self.jabatan)
			)
		self._snapshot("pihak_pertama", first)
		self._snapshot("pihak_kedua", second if self.jenjang != HEAD else None)

	def refresh_parties(self):
		"""Outside the editable steps: a change of official is followed until the first party signs, never the client."""
		self._keep_parties()
		if cint(self.get_doc_before_save().docstatus) or self.signed_already():
			return
		first, second = propose_parties(self.jabatan, self.pihak_pertama, self.pihak_kedua)
		if first and (second or self.jenjang == HEAD):
			self._snapshot("pihak_pertama", first)
			self._snapshot("pihak_kedua", second if self.jenjang != HEAD else None)

	def _keep_parties(self):
		before = self.get_doc_before_save()
		for field in type(self).PARTY_FIELDS:
			self.set(field, before.get(field))

	def _snapshot(self, party: str, holder):
		official = holder and frappe.db.get_value(
			"Pejabat", holder.pejabat, ["nama", "nip", "pangkat", "golongan"], as_dict=True
		)
		self.set(party, holder.penugasan if holder else None)
		self.set(f"{party}_nama", official.nama if official else None)
		self.set(f"{party}_nip", official.nip if official else None)
		rank = ", ".join(filter(None, (official.pangkat, official.golongan))) if official else None
		self.set(f"{party}_pangkat", rank)
		self.set(f"{party}_jabatan", actors.title(holder) if holder else None)

	# ---------------------------------------------------------------------------------------------- one at a time

	def validate_only_one(self):
		"""One running PK per Penugasan x periode x jenis; a Perubahan follows its predecessor once.

		Asked when it begins and when what it says of that changes; not of twins that are there already, which must be
		able to end. Whoever cancels the predecessor passes the same gate.
		"""
		if self.jenis == "Perubahan":
			fields = ("perubahan_dari",)
		else:
			fields = ("jenis", "pihak_pertama", "periode")
			self._refuse_second_murni()
		if twin := locks.twin(self, *fields, docstatus=("<", 2)):
			frappe.throw(
				_("{0} sudah ada untuk {1} periode {2}. Lanjutkan PK itu.").format(
					twin, self.pihak_pertama_nama or self.jabatan, self.periode
				),
				frappe.DuplicateEntryError,
			)

	def _refuse_second_murni(self):
		"""Of a post with one holder at a time the successor's PK is a Perubahan of the predecessor's (PermenPAN-RB 53/2014)."""
		signed = {
			"jabatan": self.jabatan,
			"periode": self.periode,
			"docstatus": 1,
			"keberlakuan": ("in", (validity.WAITING, validity.IN_FORCE)),
		}
		if frappe.db.get_value("Jabatan", self.jabatan, "struktural") and (
			before := frappe.db.get_value("Perjanjian Kinerja", signed, "name")
		):
			frappe.throw(
				_(
					"{0} sudah ditandatangani untuk {1} periode {2}. Buka PK itu, lalu pilih Buat PK Perubahan."
				).format(before, self.jabatan, self.periode),
				frappe.DuplicateEntryError,
			)

	def validate_change(self):
		if self.jenis != "Perubahan":
			self.perubahan_dari = self.alasan_perubahan = self.dasar_perubahan = None
			return
		for field, label in (
			("perubahan_dari", "Perubahan dari PK"),
			("alasan_perubahan", "Alasan Perubahan"),
			("dasar_perubahan", "Dokumen Dasar Perubahan"),
		):
			if not self.get(field):
				frappe.throw(_("{0}: wajib diisi pada PK Perubahan.").format(_(label)))
		origin = frappe.db.get_value(
			"Perjanjian Kinerja", self.perubahan_dari, ["docstatus", "jabatan", "periode"], as_dict=True
		)
		if not origin or origin.docstatus != 1:
			frappe.throw(_("Perubahan dari PK: pilih PK yang sudah ditandatangani."))
		if (origin.jabatan, str(origin.periode)) != (self.jabatan, str(self.periode)):
			frappe.throw(
				_("Perubahan dari PK: {0} milik jabatan atau periode lain.").format(self.perubahan_dari)
			)

	# ---------------------------------------------------------------------------------------------- content

	def validate_targets(self):
		content.read_targets(self.target, self.opd)
		self.total_bobot = flt(sum(flt(row.bobot) for row in self.target), 4)

	def validate_programs(self):
		content.read_programs(self.program, self.jenjang, self.periode)
		self.total_anggaran = add_up((row.anggaran for row in self.program), _("Jumlah Anggaran"))

	def check_complete(self):
		"""Asked when the last step in which the content may change is left, not while it is being written."""
		missing = content.unfilled(self.target)
		if any(flt(row.bobot) for row in self.target) and flt(self.total_bobot, 2) != 100:
			missing.append(
				_("Bobot: jumlahnya {0}, seharusnya 100.").format(format_number(flt(self.total_bobot, 2)))
			)
		if not self.program and self.jenjang in ("JPT", HEAD):
			missing.append(_("Program dan Anggaran: isi sedikitnya satu program."))
		if missing:
			frappe.throw(missing, title=_("PK belum lengkap"), as_list=True)

	# ---------------------------------------------------------------------------------------------- for the form

	def step_in_force(self) -> dict:
		"""What the form shows at the top: the step, who must act, standard time and time used, the way so far."""
		step, turn = self.current_step(), self.current_turn()
		info = {
			"status": self.get(STATE),
			"boleh_ubah": self.is_new() or self.may_edit_content(),
			"riwayat": [] if self.is_new() else log.rows_of(self.name),
		}
		if not step or self.is_new():
			return info
		row = frappe.get_cached_doc("Alur Persetujuan", self.alur).langkah[step.rows[0] - 1]
		used, standard = log.minutes(step, log.step_started(self), now_datetime(), self.opd)
		chain = self.chain()
		return {
			**info,
			"nomor": row.nomor,
			"kegiatan": row.kegiatan,
			"kelengkapan": row.kelengkapan,
			"output": row.output,
			"waktu": f"{row.waktu:g} {row.satuan_waktu}" if row.waktu else "",
			"menit_baku": standard,
			"menit_terpakai": used,
			"tenggat": self.tenggat_langkah,
			"urutan": chain.steps.index(step) + 1,
			"jumlah": len(chain.steps),
			"menunggu": actors.describe(turn.holders),
			"peran": list(step.roles),
			"menggantikan": turn.stand_in,
			"giliran_saya": bool(self.my_holder()),
		}


def propose_parties(jabatan: str, first: str | None = None, second: str | None = None):
	"""(pihak pertama, pihak kedua) as assignments in force, or None where nobody fits.

	`first`/`second` are Penugasan already chosen; they are kept while they are in force and belong to the jabatan or one
	of its superiors. Pihak kedua is never the same person: who is Plt. of the own superior signs with the next one.
	"""
	holders = assignments.in_force(jabatan=jabatan)
	party = next((h for h in holders if h.penugasan == first), None) or next(
		iter(actors.in_place_of(first, holders)), None
	)
	others = []
	for post in assignments.superiors(jabatan):
		others += [h for h in assignments.in_force(jabatan=post) if not party or h.pejabat != party.pejabat]
	superior = next((h for h in others if h.penugasan == second), None) or next(iter(others), None)
	return party, superior


@frappe.whitelist()
def propose(jabatan: str) -> dict:
	"""For a new form: place, level and parties of a jabatan that the user may see."""
	frappe.get_doc("Jabatan", jabatan).check_permission("read")
	post = frappe.db.get_value("Jabatan", jabatan, ["unit", "opd", "jenjang"], as_dict=True)
	first, second = propose_parties(jabatan)
	proposal = {
		"unit": post.unit,
		"opd": post.opd,
		"jenjang": post.jenjang,
		"pihak_pertama": first and first.penugasan,
		"pihak_kedua": second.penugasan if second and post.jenjang != HEAD else None,
	}
	for party, holder in (("pihak_pertama", first), ("pihak_kedua", second)):
		proposal[f"{party}_nama"] = holder.nama if holder and proposal[party] else None
		proposal[f"{party}_jabatan"] = actors.title(holder) if holder and proposal[party] else None
	return proposal


@frappe.whitelist(methods=["POST"])
def approve(name: str, pihak: str):
	"""Sign as a party, by the own login: what the SOP leaves outside, such as the Kepala Daerah's signature."""
	signing.sign(name, [pihak], signing.SYSTEM)


@frappe.whitelist(methods=["POST"])
def hand_in_scan(name: str, pihak: str, berkas: str, tanggal: str | None = None):
	"""Add the scan of what was signed by hand; `pihak`: one party, or both, one per line; `berkas`: see `signing.scan`."""
	signing.sign(name, pihak.splitlines(), signing.WET, berkas=berkas, tanggal=tanggal)


@frappe.whitelist(methods=["POST"])
def sign_with_certificate(name: str, pihak: str, password: str):
	"""Sign the frozen file with the own certificate; the password is used now and kept nowhere."""
	signing.sign(name, [pihak], signing.CERTIFICATE, password=password)


@frappe.whitelist()
def make_change(source_name: str, target_doc: str | None = None):
	"""A new PK Perubahan with the content of a signed one, for its form; core calls it with these names, and puts what
	else the form says into a flag."""
	given = frappe.flags.args or {}
	new = versions.next_version(source_name, str(given.get("alasan") or ""), str(given.get("dasar") or ""))
	return new.update(propose(new.jabatan))


@frappe.whitelist()
def check_document(name: str) -> list[dict]:
	"""For the form's button, once signed: what `document.checks` found, in words."""
	frappe.get_doc("Perjanjian Kinerja", name).check_permission("read")
	return [vars(check) for check in checks.run(name)]


@frappe.whitelist()
def check_log(name: str) -> dict:
	"""For the form's button: how many rows the log of a PK has, and what is wrong with the first broken one."""
	frappe.get_doc("Perjanjian Kinerja", name).check_permission("read")
	problem = log.verify(name)["bermasalah"].get(name, "")
	return {"baris": len(log.rows_of(name)), "masalah": problem}


@frappe.whitelist(methods=["POST"])
def store_reason(name: str, reason: str):
	"""Keep the reason of a return or a cancellation until the action that follows consumes it."""
	doc = frappe.get_doc("Perjanjian Kinerja", name)
	doc.check_permission("read")
	if not doc.my_holder() and not doc.boleh_batal:
		frappe.throw(_("PK ini tidak sedang menunggu Anda."), frappe.PermissionError)
	if not reason.strip():
		frappe.throw(_("Isi alasan {0} atau {1}.").format(RETURN, CANCEL))
	reasons.put(doc, reason)
