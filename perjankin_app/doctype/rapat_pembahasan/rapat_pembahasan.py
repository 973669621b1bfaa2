from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import (
	format_datetime,
	get_datetime,
	get_fullname,
	get_system_timezone,
	getdate,
	now_datetime,
	validate_email_address,
)

from perjankin_app import assignments, moments
from perjankin_app.document import calendar_file
from perjankin_app.papers import PaperOfPK, require_free
from perjankin_app.workflow import actors

PLANNED, OVER = "Direncanakan", "Selesai"
# who is invited, and in which order they stand on the attendance list
TEAM = ("PK Kepala OPD", "PK Sekretaris", "PK Kepala Bidang", "PK Kasubbag Perencanaan", "PK Tim")


class RapatPembahasan(PaperOfPK, Document):
	"""A meeting about a PK: who is invited and came, what was said and decided. Closed, it is the notulen."""

	def validate(self):
		self.follow_pk()
		self.require_open()
		self.require_turn()
		self.validate_times()
		self.validate_invitation()
		if "Daftar Hadir" not in require_free(self):
			self.validate_attendees()  # by their Penugasan of today
		self.validate_decisions()
		self.set_status()

	def on_trash(self):
		self.require_open()
		self.require_turn()
		require_free(self, deleting=True)

	def takes_files(self) -> bool:
		return self.status == PLANNED and super().takes_files()

	def onload(self):
		self.set_onload("boleh_ubah", self.takes_files())
		self.set_onload("indikator", [row.indikator for row in self.pk().target])

	def require_open(self):
		"""Whoever asks, and for whatever: what was closed stays as it is."""
		stored = None if self.is_new() else frappe.db.get_value(self.doctype, self.name, "status")
		if stored == OVER:
			frappe.throw(
				_(
					"Rapat {0} sudah ditutup; notulennya tidak dapat diubah. Catat rapat baru bila perlu."
				).format(self.judul),
				frappe.PermissionError,
				title=_("Rapat sudah ditutup"),
			)

	def set_status(self):
		self.status = OVER if self.flags.closing else PLANNED
		if not self.flags.closing:
			return self.refuse_early_attendance()
		missing = []
		if self.mulai > now_datetime():
			missing.append(_("Mulai: rapat ini belum dimulai. Tutup sesudah rapat berlangsung."))
		if not any(row.hadir for row in self.peserta):
			missing.append(_("Peserta: tandai sedikitnya satu orang yang hadir."))
		if not (self.notulen or "").strip():
			missing.append(_("Notulen: isi jalannya pembahasan."))
		if missing:
			frappe.throw(missing, title=_("Rapat belum dapat ditutup"), as_list=True)

	def refuse_early_attendance(self):
		"""As closing does; an attendance of a meeting to come proves no step either, see `papers`."""
		if self.mulai > now_datetime() and any(row.hadir for row in self.peserta):
			frappe.throw(
				_(
					"Peserta: rapat ini belum dimulai ({0}). Tandai yang hadir sesudah rapat dimulai, atau perbaiki Mulai."
				).format(format_datetime(self.mulai)),
				title=_("Belum ada yang hadir"),
			)

	# ---------------------------------------------------------------------------------------------- what it says

	def validate_times(self):
		self.mulai = _moment(self.mulai, _("Mulai"))
		self.selesai = _moment(self.selesai, _("Sampai"))
		if self.selesai <= self.mulai:
			frappe.throw(_("Sampai: isi waktu sesudah Mulai."))

	def validate_invitation(self):
		letter = self.undangan and frappe.db.get_value("Naskah Dinas", self.undangan, "perjanjian_kinerja")
		if self.undangan and letter != self.perjanjian_kinerja:
			frappe.throw(_("Undangan: pilih naskah milik {0}.").format(self.perjanjian_kinerja))

	def validate_attendees(self):
		seen = {}
		for row in self.peserta:
			if not row.penugasan:
				continue
			where = _("Peserta baris {0}").format(row.idx)
			official = _official(row.penugasan)
			if not official or self.opd not in official.units:
				frappe.throw(_("{0}: pilih pejabat {1} atau Pemdanya.").format(where, self.opd))
			day = getdate(self.mulai)
			if getdate(official.mulai) > day or (official.selesai and getdate(official.selesai) < day):
				frappe.throw(
					_("{0}: {1} tidak bertugas sebagai {2} pada hari rapat. Pilih penggantinya.").format(
						where, official.nama, official.nama_jabatan
					)
				)
			if official.pejabat in seen:
				frappe.throw(
					_("{0}: {1} sudah ada pada baris {2}.").format(
						where, official.nama, seen[official.pejabat]
					)
				)
			seen[official.pejabat] = row.idx
			row.nama, row.jabatan = official.nama, actors.title(official)[:140]

	def validate_decisions(self):
		for row in self.keputusan:
			opd = row.indikator and frappe.db.get_value("Indikator Kinerja", row.indikator, "opd")
			if row.indikator and opd != self.opd:
				frappe.throw(
					_("Keputusan baris {0}, Indikator: pilih indikator {1}.").format(row.idx, self.opd)
				)

	def invite(self, holders):
		"""Add those who are not on the list yet."""
		known = {
			frappe.db.get_value("Penugasan Jabatan", row.penugasan, "pejabat")
			for row in self.peserta
			if row.penugasan
		}
		for holder in holders:
			if holder.pejabat not in known:
				known.add(holder.pejabat)
				self.append("peserta", {"penugasan": holder.penugasan, "nama": holder.nama})

	# ---------------------------------------------------------------------------------------------- as a date

	def as_calendar_file(self) -> str:
		organizer = _address(self.owner)
		return calendar_file.event(
			uid=f"{self.name}.{_in_zone(self.creation):%Y%m%d%H%M%S}@{frappe.local.site}",
			stamp=_in_zone(self.modified),
			start=_in_zone(self.mulai),
			end=_in_zone(self.selesai),
			summary=self.judul,
			location=self.tempat,
			description="\n".join(
				filter(
					None, (self.agenda, _("Peserta: {0}").format(", ".join(row.nama for row in self.peserta)))
				)
			),
			organizer=organizer and (get_fullname(self.owner), organizer),
			attendees=[(row.nama, mail) for row in self.peserta if (mail := _mail_of(row.penugasan))],
		)


@frappe.whitelist(methods=["POST"])
def close(name: str):
	"""The button "Tutup Rapat": the minutes are complete and stay as they are."""
	doc = frappe.get_doc("Rapat Pembahasan", name)
	doc.check_permission("write")
	doc.flags.closing = True
	doc.save()


@frappe.whitelist(methods=["POST"])
def invite_team(name: str) -> int:
	"""The button "Undang Tim": everybody in force in the OPD on that day. Returns how many were added."""
	doc = frappe.get_doc("Rapat Pembahasan", name)
	doc.check_permission("write")
	before = len(doc.peserta)
	doc.invite(team(doc.opd, getdate(doc.mulai)))
	if len(doc.peserta) == before and not before:
		frappe.throw(_("Belum ada pejabat tim yang bertugas di {0}. Isi Penugasan Jabatan.").format(doc.opd))
	doc.save()
	return len(doc.peserta) - before


@frappe.whitelist(methods=["GET"])
def ics(name: str):
	"""The button "Unduh ICS"."""
	doc = frappe.get_doc("Rapat Pembahasan", name)
	doc.check_permission("read")
	frappe.local.response.update(
		type="download",
		filename=f"{doc.name}.ics",
		filecontent=doc.as_calendar_file(),
		content_type="text/calendar",
	)


def team(opd: str, day) -> list:
	holders = [h for h in assignments.in_force(roles=TEAM, on=day) if h.scope == opd]
	return sorted(holders, key=lambda h: min(TEAM.index(role) for role in h.roles.intersection(TEAM)))


def _moment(value, label: str):
	try:
		moment = moments.read_moment(value)
	except ValueError:
		frappe.throw(_("{0}: isi tanggal dan jam, misalnya 2026-03-09 09:00.").format(label))
	if moment.tzinfo:
		moment = moment.astimezone(ZoneInfo(get_system_timezone())).replace(tzinfo=None)
	return moment.replace(microsecond=0)


def _official(penugasan: str):
	"""The official of a Penugasan as it is printed; `units`: the OPD that may invite them."""
	row = frappe.db.get_value(
		"Penugasan Jabatan", penugasan, ["pejabat", "jabatan", "status", "mulai", "selesai"], as_dict=True
	)
	if not row:
		return None
	post = frappe.db.get_value("Jabatan", row.jabatan, ["nama", "opd", "lingkup"], as_dict=True)
	row.nama = frappe.db.get_value("Pejabat", row.pejabat, "nama")
	row.nama_jabatan = post.nama
	row.units = {post.opd, *_below(post.opd), *_below(post.lingkup)}
	return row


def _below(unit: str) -> list[str]:
	"""The OPD of a Pemda; nothing for any other unit."""
	node = frappe.db.get_value("Unit Kerja", unit, ["jenis", "lft", "rgt"], as_dict=True)
	if not node or node.jenis != "Pemda":
		return []
	return frappe.get_all(
		"Unit Kerja", {"lft": (">", node.lft), "rgt": ("<", node.rgt), "jenis": "OPD"}, pluck="name"
	)


def _in_zone(moment):
	return get_datetime(moment).replace(tzinfo=ZoneInfo(get_system_timezone()))


def _mail_of(penugasan: str | None) -> str:
	official = penugasan and frappe.db.get_value("Penugasan Jabatan", penugasan, "pejabat")
	return _address(official and frappe.db.get_value("Pejabat", official, "user"))


def _address(user: str | None) -> str:
	"""The mail address of an account that is in use, if it has one."""
	mail = user and frappe.db.get_value("User", {"name": user, "enabled": 1}, "email")
	return validate_email_address(mail) if mail else ""
