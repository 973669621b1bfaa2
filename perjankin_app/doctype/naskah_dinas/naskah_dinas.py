import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from perjankin_app import letters, locks
from perjankin_app.changes import changed
from perjankin_app.letters import DRAFT, NUMBERED, RECEIVED, SENT, SIGNATURE_FIELDS
from perjankin_app.papers import PaperOfPK, lock_pk, require_free

SERVER_FIELDS = ("status", "nomor", "tanggal", "alasan_batal", "tata_letak", *SIGNATURE_FIELDS)
SHIPPING = (
	"dikirim_tanggal", "cara_kirim", "petugas", "diterima_tanggal", "penerima_nama", "penerima_jabatan", "bukti_terima",
)  # fmt: skip


class NaskahDinas(PaperOfPK, Document):
	"""A letter of the PK's chain. Its content is open while it is a draft, its way (sent, received) once it has a number."""

	def onload(self):
		self.set_onload("boleh", letters.for_form(self))

	def validate(self):
		if self.flags.by_chain:
			return
		self.keep_server_fields()
		self.follow_pk()
		self.set_layout()
		if self.status == DRAFT:
			self.require_turn()
			self.clear_shipping()
			require_free(self)
		else:
			self.keep_content()
			if not self.flags.ignore_permissions:
				letters.require_keeper(self.pk())
			self.validate_shipping()

	def on_trash(self):
		if self.status != DRAFT:
			frappe.throw(
				_("{0} sudah {1} dan tidak dapat dihapus. Gunakan tombol Batalkan Naskah.").format(
					self.name, self.status
				)
			)
		self.require_turn()
		require_free(self, deleting=True)

	def takes_files(self) -> bool:
		"""As the fields: a draft while it is written, then what shows its way, from whoever keeps the PK's letters."""
		if self.status == DRAFT:
			return super().takes_files()
		return self.status in (NUMBERED, SENT, RECEIVED) and letters.keeps(self.pk())

	def files_stay_since(self):
		"""What shows the way of a settled letter is exchanged until the PK's chain has ended."""
		if self.status == DRAFT:
			return super().files_stay_since()
		pk = self.pk()
		return None if pk.current_step() else pk.langkah_sejak

	def keep_server_fields(self):
		before = self.get_doc_before_save()
		for field in SERVER_FIELDS:
			self.set(field, before.get(field) if before else None)
		self.status = self.status or DRAFT

	def set_layout(self):
		kind = frappe.db.get_value(
			"Jenis Dokumen", self.jenis_dokumen, ["pemenuhan", "tata_letak"], as_dict=True
		)
		if not kind or kind.pemenuhan != "Naskah Dinas":
			frappe.throw(_("Jenis Naskah: {0} bukan naskah dinas.").format(self.jenis_dokumen))
		self.tata_letak = kind.tata_letak

	def clear_shipping(self):
		for field in SHIPPING:
			self.set(field, None)

	def keep_content(self):
		"""A settled letter is what was signed; only its way is still written, and stays once the chain has ended."""
		before = self.get_doc_before_save()
		open_now = (*SHIPPING, "distribusi") if self.status in (NUMBERED, SENT, RECEIVED) else ()
		if not self.pk().current_step():
			open_now = tuple(f for f in open_now if f not in SHIPPING or not before.get(f))
		if differing := changed(self, before, open_now):
			frappe.throw(
				_("{0} tidak dapat diubah: naskah ini sudah {1}.").format(
					", ".join(_(df.label) for df in differing), self.status
				),
				frappe.PermissionError,
			)

	def validate_shipping(self):
		if self.diterima_tanggal and not (self.dikirim_tanggal and self.penerima_nama):
			frappe.throw(_("Penerimaan: isi Dikirim Tanggal dan Nama Penerima lebih dahulu."))
		dates = [getdate(d) for d in (self.tanggal, self.dikirim_tanggal, self.diterima_tanggal) if d]
		if dates != sorted(dates):
			frappe.throw(_("Tanggal naskah, pengiriman, dan penerimaan harus berurutan."))
		if dates and dates[-1] > getdate():
			frappe.throw(_("Pengiriman dan penerimaan: isi tanggal hari ini atau sebelumnya."))
		if self.status in (NUMBERED, SENT, RECEIVED):
			self.status = RECEIVED if self.diterima_tanggal else SENT if self.dikirim_tanggal else NUMBERED


@frappe.whitelist(methods=["POST"])
def give_number(name: str) -> str:
	"""The next number of the OPD's series, for a letter that the chain has settled."""
	return letters.number(_open(name))


@frappe.whitelist(methods=["POST"])
def void(name: str, reason: str):
	"""Give up a settled letter; its number stays in the register with the reason."""
	doc = _open(name)
	if not reason.strip():
		frappe.throw(_("Isi alasan pembatalan naskah."))
	letters.void(doc, reason.strip())


def _open(name: str):
	letter = frappe.get_doc("Naskah Dinas", name)
	letter.check_permission("write")
	lock_pk(letter.perjanjian_kinerja)
	return locks.latest("Naskah Dinas", name)


@frappe.whitelist()
def propose(perjanjian_kinerja: str, jenis_dokumen: str) -> dict:
	"""For a new form: see `letters.proposal`."""
	pk = frappe.get_doc("Perjanjian Kinerja", perjanjian_kinerja)
	pk.check_permission("read")
	return letters.proposal(pk, jenis_dokumen)
