import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import date_diff, flt, get_link_to_form, getdate

from perjankin_app import compilation, locks
from perjankin_app.papers import PaperOfPK, lock_pk, require_free
from perjankin_app.perjankin_app.doctype.data_bidang import data_bidang
from perjankin_app.perjankin_app.doctype.data_bidang.data_bidang import ACCEPTED, SIGNED
from perjankin_app.target_value import format_number

RUNNING, DONE = "Berjalan", "Selesai"
ASKED = (
	"Bidang",
	"Sekretariat",
	"Bagian",
	"UPT",
)  # kinds of sub-units that are asked unless others are named
TABLES = (compilation.TARGET, compilation.PROGRAM)


class PermintaanData(PaperOfPK, Document):
	SERVER_FIELDS = ("status", "perjanjian_kinerja", "hasil_kompilasi")

	def validate(self):
		self.keep_server_fields()
		self.follow_pk()
		self.require_turn()
		self.validate_only_one()
		self.validate_deadline()
		self.validate_letter()
		self.set_units()
		self.validate_units()
		self.validate_removed()

	def on_update(self):
		forms, asked = self.forms(), [row.unit for row in self.unit]
		for form in forms:
			if form.unit not in asked:
				self._delete(form)
		for unit in asked:
			if unit not in {form.unit for form in forms}:
				data_bidang.make(self, unit)
		if self.has_value_changed("tenggat"):
			frappe.db.set_value(
				"Data Bidang",
				{"permintaan": self.name, "status": ("!=", ACCEPTED)},
				"tenggat",
				self.tenggat,
				update_modified=False,
			)
		self.follow_forms()

	def on_trash(self):
		if not self.flags.ignore_permissions:
			self.require_turn()
		require_free(self, deleting=True)
		self._require_unfilled(self.forms())
		for form in self.forms():
			self._delete(form)

	def onload(self):
		self.set_onload("penghimpun", not self.is_new() and data_bidang.collects(self.pk()))
		self.set_onload("keadaan", self.overview())

	# ---------------------------------------------------------------------------------------------- checks

	def keep_server_fields(self):
		before = self.get_doc_before_save()
		if before:
			for field in type(self).SERVER_FIELDS:
				self.set(field, before.get(field))
		else:
			self.status, self.hasil_kompilasi = RUNNING, None

	def validate_only_one(self):
		if twin := locks.twin(self, "perjanjian_kinerja"):
			frappe.throw(
				_("{0} sudah meminta data untuk {1}. Tambahkan unit di sana.").format(
					twin, self.perjanjian_kinerja
				),
				frappe.DuplicateEntryError,
			)

	def validate_deadline(self):
		if not self.tenggat:
			frappe.throw(_("Tenggat: isi tanggal."))
		if (self.is_new() or self.has_value_changed("tenggat")) and getdate(self.tenggat) < getdate():
			frappe.throw(_("Tenggat: tanggal itu sudah lewat. Isi hari ini atau sesudahnya."))

	def validate_letter(self):
		if self.nota_dinas and self.perjanjian_kinerja != frappe.db.get_value(
			"Naskah Dinas", self.nota_dinas, "perjanjian_kinerja"
		):
			frappe.throw(_("Nota Dinas: pilih naskah dari PK {0}.").format(self.perjanjian_kinerja))

	def set_units(self):
		"""All direct parts of the OPD that make data, unless some are named."""
		if self.unit:
			return
		filters = {"parent_unit_kerja": self.opd, "jenis": ("in", ASKED)}
		for name in frappe.get_all("Unit Kerja", filters, pluck="name", order_by="lft"):
			self.append("unit", {"unit": name})
		if not self.unit:
			frappe.throw(
				_("Unit: {0} tidak memiliki Bidang atau Sekretariat. Pilih unitnya.").format(self.opd)
			)

	def validate_units(self):
		seen = {}
		for row in self.unit:
			where = _("Unit baris {0}").format(row.idx)
			opd = frappe.db.get_value("Unit Kerja", row.unit, "opd") if row.unit else None
			if not opd or opd != self.opd or row.unit == self.opd:
				frappe.throw(_("{0}: pilih bagian dari {1}.").format(where, self.opd))
			if row.unit in seen:
				frappe.throw(_("{0}: {1} sudah ada pada baris {2}.").format(where, row.unit, seen[row.unit]))
			seen[row.unit] = row.idx

	def validate_removed(self):
		asked = {row.unit for row in self.unit}
		self._require_unfilled(form for form in self.forms() if form.unit not in asked)

	def _require_unfilled(self, forms):
		for form in forms:
			if form.is_filled():
				frappe.throw(
					_(
						"{0} sudah mengisi datanya ({1}), sehingga tidak dapat dihapus dari permintaan."
					).format(form.unit, get_link_to_form("Data Bidang", form.name))
				)

	def _delete(self, form):
		form = locks.latest("Data Bidang", form.name)  # as it is now: filled meanwhile?
		self._require_unfilled([form])
		form.flags.by_request = True
		form.delete(ignore_permissions=True, force=True)

	# ---------------------------------------------------------------------------------------------- its forms

	def forms(self) -> list:
		names = (
			frappe.get_all("Data Bidang", {"permintaan": self.name}, pluck="name", order_by="name")
			if self.name
			else ()
		)
		return [frappe.get_doc("Data Bidang", name) for name in names]

	def follow_forms(self):
		"""`status` says whether every unit's form has been accepted."""
		# locked: the statuses as they are now, not as they were when this transaction began
		found = frappe.db.get_values("Data Bidang", {"permintaan": self.name}, "status", for_update=True)
		statuses = {status for (status,) in found}
		self.db_set("status", DONE if statuses == {ACCEPTED} else RUNNING, update_modified=False)

	def overview(self) -> list[dict]:
		"""A line per unit for the form: whose form stands where, who must sign it, how late it is."""
		return [
			{
				"name": form.name,
				"unit": form.unit,
				"status": form.status,
				"tenggat": form.tenggat,
				"terlambat": days_late(form, getdate()),
				"target": len(form.target),
				"program": len(form.program),
				"alasan": form.alasan,
				"kepala": form.penanda_tangan_nama or ", ".join(h.nama for h in data_bidang.heads(form.unit)),
			}
			for form in self.forms()
		]

	# ---------------------------------------------------------------------------------------------- compilation

	def written(self) -> dict:
		"""What the last compilation wrote, by table."""
		stored = json.loads(self.hasil_kompilasi) if self.hasil_kompilasi else {}
		return {table: stored.get(table) or {} for table in TABLES}

	def changes(self, pk) -> dict[str, list[compilation.Change]]:
		forms = self.forms()
		waiting = [form.unit for form in forms if form.status != ACCEPTED]
		found = {}
		for table in TABLES:
			given = {
				form.unit: compilation.read(table, form.get(table))
				for form in forms
				if form.status == ACCEPTED
			}
			ours = compilation.read(table, pk.get(table))
			theirs = compilation.offers(table, given)
			found[table] = compilation.compare(table, self.written()[table], ours, theirs, waiting)
		return found


def days_late(form, today) -> int:
	"""Days past the deadline until it was signed; of an unsigned form, until `today`."""
	done = getdate(form.ditandatangani_pada) if form.status in (SIGNED, ACCEPTED) else today
	return max(0, date_diff(done, form.tenggat))


@frappe.whitelist()
def preview_compilation(name: str) -> dict:
	"""What compiling would change in the PK, for the dialog; `boleh`: whether this user could do it now."""
	request = frappe.get_doc("Permintaan Data", name)
	request.check_permission("read")
	pk = request.pk()
	pk.check_permission("read")
	changes = [change for found in request.changes(pk).values() for change in found]
	return {
		"pk": pk.name,
		"boleh": pk.may_edit_content(),
		"menunggu": [form.unit for form in request.forms() if form.status != ACCEPTED],
		"baris": [_for_form(change) for change in changes],
	}


def _for_form(change: compilation.Change) -> dict:
	target = change.table == compilation.TARGET
	doctype = "Target Kinerja" if target else "PK Program"
	meta = frappe.get_meta(doctype)
	return {
		"kunci": change.id,
		"tabel": change.table,
		"baris": change.key,
		"nama": frappe.db.get_value("Indikator Kinerja" if target else "Nomenklatur", change.key, "nama"),
		"jenis": change.kind,
		"unit": change.units,
		"dipilih": change.proposed,
		"lama": change.old and dict(change.old),
		"usul": change.new and dict(change.new),
		"beda": [
			{
				"label": _(meta.get_label(field)),
				"lama": _shown(field, change.old),
				"usul": _shown(field, change.new),
			}
			for field in change.differing
		],
	}


def _shown(field: str, values) -> str:
	value = values and values.get(field)
	if not value:
		return ""
	if field == "sasaran":
		return frappe.db.get_value("Sasaran Kinerja", value, "nama") or value
	return format_number(flt(value)) if field in compilation.NUMBERS else value


@frappe.whitelist(methods=["POST"])
def compile(name: str, keys: str) -> dict:
	"""Write the chosen rows of the preview (`keys`: JSON list of their `kunci`) into the PK.

	The PK's own guard decides whether this user may change its content now.
	"""
	request = frappe.get_doc("Permintaan Data", name)
	request.check_permission("read")
	chosen = _chosen(keys)
	lock_pk(request.perjanjian_kinerja)
	for form in request.forms():
		locks.as_read(form.doctype, form.name)  # none is given back while it is compiled
	pk = request.pk()
	changes = request.changes(pk)
	known = {change.id for found in changes.values() for change in found}
	if not chosen <= known:
		frappe.throw(
			_("Isian atau PK baru saja berubah. Buka kembali daftar perubahan, lalu pilih lagi."),
			frappe.TimestampMismatchError,
			title=_("Ada perubahan lain"),
		)
	base = request.written()
	for table in TABLES:
		ours = compilation.read(table, pk.get(table))
		try:
			base[table], ours = compilation.take(base[table], ours, changes[table], chosen)
		except compilation.Unclear as unclear:
			frappe.throw(str(unclear))
		_write(pk, table, ours)
	pk.save()
	request.db_set("hasil_kompilasi", json.dumps(base, sort_keys=True), update_modified=False)
	return {"pk": pk.name, "jumlah": len(chosen)}


def _chosen(keys: str) -> set[str]:
	try:
		chosen = json.loads(keys)
	except (ValueError, RecursionError):
		chosen = None
	if not isinstance(chosen, list) or not chosen or not all(isinstance(key, str) for key in chosen):
		frappe.throw(_("Pilih sedikitnya satu baris untuk disusun ke PK."))
	return set(chosen)


def _write(pk, table: str, wanted: dict):
	"""Rows stay the rows they are; only what differs is touched."""
	field = compilation.KEY[table]
	rows = [row for row in pk.get(table) if row.get(field) in wanted]
	there = compilation.read(table, rows)
	for row in rows:
		if there[row.get(field)] != wanted[row.get(field)]:
			row.update(wanted[row.get(field)])
	pk.set(table, rows)
	for key, values in wanted.items():
		if key not in there:
			pk.append(table, {field: key, **values})
	for number, row in enumerate(pk.get(table), 1):
		row.idx = number
