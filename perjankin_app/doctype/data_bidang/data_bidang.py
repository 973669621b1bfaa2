import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, escape_html, get_datetime, getdate, now_datetime

from perjankin_app import assignments, content
from perjankin_app.papers import PaperOfPK, lock_pk
from perjankin_app.target_value import format_date
from perjankin_app.workflow import actors
from perjankin_app.workflow.composer import SIGNATURE

WAITING, SIGNED, REFUSED = "Menunggu", "Ditandatangani", "Ditolak"
GIVEN_BACK, ACCEPTED = "Dikembalikan", "Diterima"
OPEN = (WAITING, GIVEN_BACK, REFUSED)  # its content may change
HEAD_ROLES = ("PK Kepala Bidang", "PK Sekretaris")
LEVELS = ("Kepala Daerah", "JPT", "Administrator", "Pengawas", "Fungsional", "Pelaksana")
UNSIGNED = dict.fromkeys(
	("penanda_tangan", "penanda_tangan_nama", "penanda_tangan_jabatan", "ditandatangani_pada")
)


class DataBidang(PaperOfPK, Document):
	# made with the form, and moved by the whitelisted calls below, never by what a client saves
	SERVER_FIELDS = (
		"status",
		"permintaan",
		"perjanjian_kinerja",
		"opd",
		"unit",
		"tenggat",
		"alasan",
		*UNSIGNED,
	)

	def validate(self):
		if self.is_new():
			return self.validate_made_by_request()
		self.keep_server_fields()
		self.follow_pk()
		if self.flags.move:
			return
		self.require_people()
		self.require_open()
		self.validate_content()

	def on_trash(self):
		if not self.flags.by_request:
			_refuse(_("Data Bidang dihapus lewat Permintaan Data: hapus unitnya dari tabel di sana."))
		frappe.db.delete("Notification Log", {"document_type": self.doctype, "document_name": self.name})

	def onload(self):
		# Document.onload runs for whoever may read; what may be pressed is asked again when it is
		may = {"isi": self.is_open() and bool(self.people()), "tanda_tangan": False, "periksa": False}
		if self.still_running():
			may["tanda_tangan"] = self.status in (WAITING, GIVEN_BACK) and bool(self.head())
			may["periksa"] = self.status in (SIGNED, ACCEPTED) and collects(self.pk())
		self.set_onload("boleh", may)
		self.set_onload("kepala", actors.describe(heads(self.unit)))
		jenjang = frappe.db.get_value("Perjanjian Kinerja", self.perjanjian_kinerja, "jenjang")
		self.set_onload("tingkat", content.PROGRAM_LEVEL.get(jenjang))

	def takes_files(self) -> bool:
		return self.is_open() and bool(self.people())

	# ---------------------------------------------------------------------------------------------- checks

	def validate_made_by_request(self):
		if not self.flags.by_request:
			_refuse(_("Data Bidang dibuat oleh Permintaan Data: tambahkan unitnya pada tabel di sana."))
		self.status = WAITING
		self.follow_pk()

	def keep_server_fields(self):
		before = self.get_doc_before_save()
		for field in type(self).SERVER_FIELDS:
			self.set(field, before.get(field))
		if self.flags.move:
			self.update(self.flags.move)
		elif self.status == REFUSED:  # whoever mends a refused form puts it before the head again
			self.status = WAITING

	def people(self) -> list:
		"""By which Penugasan the user belongs to the unit that fills this form."""
		return members(self.unit, frappe.session.user)

	def head(self):
		"""By which Penugasan the user heads that unit, or None."""
		return next((h for h in heads(self.unit) if h.user == frappe.session.user), None)

	def require_people(self):
		if not self.people():
			_refuse(_("Isian ini diisi oleh pegawai {0}. Anda dapat membacanya saja.").format(self.unit))

	def require_head(self):
		head = self.head()
		if not head:
			names = "; ".join(f"{actors.title(h)} ({h.nama})" for h in heads(self.unit))
			_refuse(
				_("Isian ini ditandatangani atau ditolak oleh {0}.").format(names)
				if names
				else _(
					"Belum ada kepala {0} yang bertugas. Minta PK Admin OPD mengisi Penugasan Jabatan."
				).format(self.unit)
			)
		return head

	def require_collector(self):
		if not collects(self.pk()):
			_refuse(
				_("Isian diterima atau dikembalikan oleh pemegang langkah PK {0} yang menghimpunnya.").format(
					self.perjanjian_kinerja
				)
			)

	def require_status(self, *allowed: str):
		if self.status not in allowed:
			frappe.throw(
				_("Isian {0} berstatus {1}. Tindakan ini hanya untuk yang berstatus {2}.").format(
					self.unit, self.status, ", ".join(allowed)
				)
			)
		if not self.still_running():
			_refuse(_("PK {0} sudah ditandatangani; isiannya tetap.").format(self.perjanjian_kinerja))

	def require_open(self):
		if not self.is_open():
			before = self.get_doc_before_save()
			_refuse(
				_(
					"Isian {0} berstatus {1} dan tidak dapat diubah. Minta penghimpun mengembalikannya dahulu."
				).format(self.unit, before.status)
				if self.still_running()
				else _("PK {0} sudah ditandatangani; isiannya tetap.").format(self.perjanjian_kinerja)
			)

	def is_open(self) -> bool:
		return self.status in OPEN and self.still_running()

	def still_running(self) -> bool:
		return not cint(frappe.db.get_value("Perjanjian Kinerja", self.perjanjian_kinerja, "docstatus"))

	def validate_content(self):
		"""By the PK's own rules, for it is compiled into the PK."""
		pk = frappe.db.get_value(
			"Perjanjian Kinerja", self.perjanjian_kinerja, ["jenjang", "periode"], as_dict=True
		)
		content.read_targets(self.target, self.opd)
		content.read_programs(self.program, pk.jenjang, pk.periode)

	# ---------------------------------------------------------------------------------------------- moves

	def move(self, status: str, **values):
		"""Store the new status; the caller has asked who, and from which status."""
		self.flags.move = {"status": status, **values}
		self.flags.ignore_permissions = True
		self.save()
		frappe.get_doc("Permintaan Data", self.permintaan).follow_forms()
		return self.status

	def is_filled(self) -> bool:
		return bool(self.status != WAITING or self.target or self.program or self.keterangan or self.berkas)


# --------------------------------------------------------------------------------------------------------------------
# whose form it is


def head_posts(unit: str) -> list[str]:
	"""Jabatan that head `unit`: those of it with a head's role; without one, its highest structural ones."""
	posts = frappe.get_all("Jabatan", {"unit": unit}, ["name", "jenjang", "struktural", "atasan"])
	roles = assignments.roles_of([post.name for post in posts])
	if leading := [post.name for post in posts if not roles[post.name].isdisjoint(HEAD_ROLES)]:
		return leading
	posts = [post for post in posts if post.struktural]
	highest = min((LEVELS.index(post.jenjang) for post in posts), default=None)
	posts = [post for post in posts if LEVELS.index(post.jenjang) == highest]
	names = {post.name for post in posts}
	return [post.name for post in posts if post.atasan not in names]


def heads(unit: str) -> list:
	"""Assignments in force of those jabatan, as far as their lingkup covers the unit."""
	return [h for post in head_posts(unit) for h in assignments.in_force(jabatan=post, unit=unit)]


def members(unit: str, user: str) -> list:
	"""Assignments in force of `user` to a jabatan in `unit` or below it, whose lingkup covers or lies in the unit."""
	node = frappe.db.get_value("Unit Kerja", unit, ["lft", "rgt"], as_dict=True)
	found = []
	for row in assignments.in_force(user=user) if node else ():
		place = frappe.db.get_value("Jabatan", row.jabatan, "unit")
		post, scope = (
			frappe.db.get_value("Unit Kerja", name, ["lft", "rgt"], as_dict=True)
			for name in (place, row.lingkup)
		)
		if _inside(post, node) and (_inside(node, scope) or _inside(scope, node)):
			found.append(row)
	return found


def _inside(inner, outer) -> bool:
	return outer.lft <= inner.lft and inner.rgt <= outer.rgt


def collects(pk) -> bool:
	"""Whether the user holds the running step of `pk`, and it is one in which work is done, not looked at or signed."""
	step = pk.current_step()
	return bool(step and not step.is_check and step.jenis != SIGNATURE and pk.my_holder())


# --------------------------------------------------------------------------------------------------------------------
# made and moved by the server


def make(request, unit: str):
	form = frappe.get_doc(
		doctype="Data Bidang",
		permintaan=request.name,
		perjanjian_kinerja=request.perjanjian_kinerja,
		unit=unit,
		tenggat=request.tenggat,
	)
	form.flags.by_request = True
	form.insert(ignore_permissions=True)
	tell_heads(
		form,
		_("{0}: isi dan tanda tangani data untuk {1}, paling lambat {2}.").format(
			unit, request.perjanjian_kinerja, format_date(getdate(request.tenggat))
		),
	)


def tell_heads(form, subject: str):
	for user in {h.user for h in heads(form.unit) if h.user} - {frappe.session.user}:
		frappe.get_doc(
			doctype="Notification Log",
			type="Alert",
			for_user=user,
			from_user=frappe.session.user,
			subject=escape_html(subject),  # the desk shows it as HTML
			document_type=form.doctype,
			document_name=form.name,
		).insert(ignore_permissions=True)


def _read(name: str):
	"""One move after the other, for each counts the forms of its request; a form read too early is refused by core."""
	lock_pk(frappe.db.get_value("Data Bidang", name, "perjanjian_kinerja"))
	request = frappe.db.get_value("Data Bidang", name, "permintaan")
	frappe.db.get_value("Permintaan Data", request, "name", for_update=True)
	form = frappe.get_doc("Data Bidang", name)
	form.check_permission("read")
	return form


@frappe.whitelist(methods=["POST"])
def sign(name: str, modified: str | None = None) -> str:
	"""`modified`: of the form as the head saw it; nobody signs what somebody else has changed meanwhile."""
	form = _read(name)
	head = form.require_head()
	form.require_status(WAITING, GIVEN_BACK)
	if modified and get_datetime(modified) != get_datetime(form.modified):
		frappe.throw(
			_("Isian {0} baru saja diubah. Muat ulang halaman ini, periksa, lalu tanda tangani.").format(
				form.unit
			),
			frappe.TimestampMismatchError,
			title=_("Ada perubahan lain"),
		)
	if missing := content.unfilled(form.target):
		frappe.throw(missing, title=_("Isian belum lengkap"), as_list=True)
	return form.move(
		SIGNED,
		alasan=None,
		penanda_tangan=head.penugasan,
		penanda_tangan_nama=head.nama,
		penanda_tangan_jabatan=actors.title(head),
		ditandatangani_pada=now_datetime(),
	)


@frappe.whitelist(methods=["POST"])
def refuse(name: str, reason: str) -> str:
	form = _read(name)
	form.require_head()
	form.require_status(WAITING, GIVEN_BACK)
	return form.move(REFUSED, alasan=_reason(reason, _("penolakan")), **UNSIGNED)


@frappe.whitelist(methods=["POST"])
def accept(name: str) -> str:
	form = _read(name)
	form.require_collector()
	form.require_status(SIGNED)
	return form.move(ACCEPTED)


@frappe.whitelist(methods=["POST"])
def give_back(name: str, reason: str) -> str:
	"""The signature goes with it: what comes back is another content, and is signed anew."""
	form = _read(name)
	form.require_collector()
	form.require_status(SIGNED, ACCEPTED)
	status = form.move(GIVEN_BACK, alasan=_reason(reason, _("pengembalian")), **UNSIGNED)
	tell_heads(form, _("{0}: isian dikembalikan. {1}").format(form.unit, form.alasan))
	return status


def _reason(reason: str, of_what: str) -> str:
	if not reason.strip():
		frappe.throw(_("Isi alasan {0}.").format(of_what))
	return reason.strip()


def _refuse(message: str):
	frappe.throw(message, frappe.PermissionError, title=_("Belum dapat dilakukan"))
