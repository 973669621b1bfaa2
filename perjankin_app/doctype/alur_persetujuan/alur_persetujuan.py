import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, escape_html

from perjankin_app import locks, permissions
from perjankin_app.install import seed, seed_names
from perjankin_app.values import one_plain_value_each
from perjankin_app.workflow import chains, publisher
from perjankin_app.workflow.composer import (
	CANCELLED,
	FIRST,
	LAST,
	ChainError,
	check_papers,
	check_signatures,
	fold,
)
from perjankin_app.workflow.conflict import ToldPlainly

DRAFT, IN_FORCE, REPLACED = "Konsep", "Berlaku", "Diganti"
MOST_STEPS = 200  # an SOP has 10 to 60; what is drawn of a step is compared with every other
LOCKED = ("nama", "opd", "langkah", "dokumen")  # what a chain in force may not change: revise it instead
ROW_FIELDS = (
	"nomor kegiatan status jenis peran pelaksana sebagai jika_tidak boleh_ubah kelengkapan output keterangan waktu "
	"satuan_waktu disimpulkan"
).split()
PAPER_FIELDS = ("langkah", "arah", "jenis_dokumen", "wajib")


class AlurPersetujuan(ToldPlainly, Document):
	"""An agency's SOP as a table; the publisher composes all that are in force into the one Workflow."""

	def validate(self):
		self.keep_server_fields()
		permissions.check_scope(self)
		self.validate_owner()
		self.validate_locked()
		if self.status == DRAFT:
			require_few_steps(self)
			self.tidy_rows()

	def on_trash(self):
		if self.status != DRAFT:
			frappe.throw(_("Alur yang pernah berlaku tidak dapat dihapus; riwayat PK merujuk kepadanya."))

	def keep_server_fields(self):
		if self.flags.publishing:
			return
		before = self.get_doc_before_save()
		self.status = before.status if before else DRAFT
		self.menggantikan = before.menggantikan if before else self.flags.replaces
		self.kunci_bawaan = before.kunci_bawaan if before else self.flags.seed

	def validate_owner(self):
		if frappe.db.get_value("Unit Kerja", self.opd, "jenis") not in ("OPD", "Pemda"):
			frappe.throw(_("Milik OPD: pilih unit berjenis OPD atau Pemda."))

	def validate_locked(self):
		before = self.get_doc_before_save()
		if not before or before.status == DRAFT:
			return
		for field in LOCKED:
			df = self.meta.get_field(field)
			if _value(self, field) != _value(before, field):
				frappe.throw(
					_(
						"{0} tidak dapat diubah karena alur ini sudah {1}. Gunakan tombol Revisi untuk membuat konsep baru."
					).format(_(df.label), self.status)
				)

	def tidy_rows(self):
		"""One spelling for one state on the whole site: databases differ in folding case and blanks."""
		for row in self.langkah:
			row.status = known_spelling(row.status) or (FIRST if row.idx == 1 else "")
			row.jika_tidak = known_spelling(row.jika_tidak)
		for row in self.dokumen:
			row.langkah = known_spelling(row.langkah)


def known_spelling(state: str | None) -> str:
	state = " ".join((state or "").split())
	for name in (FIRST, LAST, CANCELLED):
		if fold(name) == fold(state):
			return name
	if not state:
		return ""
	same = [
		n
		for n in frappe.get_all("Workflow State", {"name": ("like", _literal(state))}, pluck="name")
		if fold(n) == fold(state)
	]
	return same[0] if same else state


def _literal(text: str) -> str:
	return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _value(doc, field):
	value = doc.get(field)
	if not isinstance(value, list):
		return str(value or "")
	fields = ROW_FIELDS if field == "langkah" else PAPER_FIELDS
	return [
		[cint(row.get(f)) if f in ("boleh_ubah", "wajib") else str(row.get(f) or "") for f in fields]
		for row in value
	]


@frappe.whitelist()
def preview(name: str) -> dict:
	"""What publishing would change; see `publisher.preview`."""
	doc = frappe.get_doc("Alur Persetujuan", name)
	doc.check_permission("write")
	return publisher.preview(doc)


@frappe.whitelist(methods=["POST"])
def publish(name: str, jenjang: str = ""):
	"""Put a Konsep into force for the levels in `jenjang` (separated by commas) of its OPD; one transaction."""
	doc, previous = _alone(name)
	doc.check_permission("write")
	if doc.status != DRAFT:
		frappe.throw(
			_("Hanya alur berstatus Konsep yang dapat diterbitkan; {0} berstatus {1}.").format(
				name, doc.status
			)
		)
	chains_or_throw(doc)
	doc.flags.publishing = True
	doc.status = IN_FORCE
	doc.save()
	if previous:
		replace(previous, doc)
	assign(doc, [j.strip() for j in jenjang.split(",") if j.strip()])
	publisher.publish()


def _alone(name: str):
	"""The chain and the one that it replaces, locked before anything is read: each PK that begins by one of them
	(`chains.require_in_force`) is there by now, or waits and then follows the new one."""
	frappe.db.commit()  # nosemgrep: nothing is written yet, and the next read sees what is there now
	publisher.wait_turn()
	doc = locks.latest("Alur Persetujuan", name)
	return doc, locks.latest("Alur Persetujuan", doc.menggantikan) if doc.menggantikan else None


@frappe.whitelist(methods=["POST"])
def revise(name: str) -> str:
	"""Copy a chain in force to a new Konsep, as a paper SOP is revised; two who ask at the same moment get the same."""
	doc = locks.latest("Alur Persetujuan", name)
	doc.check_permission("write")
	if doc.status != IN_FORCE:
		frappe.throw(_("Hanya alur yang Berlaku yang dapat direvisi."))
	same = {"menggantikan": name, "status": DRAFT}
	if draft := frappe.db.get_value("Alur Persetujuan", same, for_update=True):
		return draft
	copy = frappe.copy_doc(doc)
	copy.flags.replaces = name
	copy.insert()
	return copy.name


@frappe.whitelist(methods=["POST"])
def retire(name: str):
	"""Take a chain out of force without a successor; refused while anything still needs it."""
	doc, _previous = _alone(name)
	doc.check_permission("write")
	if doc.status != IN_FORCE:
		frappe.throw(
			_("{0} berstatus {1}; hanya alur yang Berlaku yang dapat dicabut.").format(name, doc.status)
		)
	running = frappe.db.count(
		"Perjanjian Kinerja", {"alur": name, "docstatus": ("<", 2), "workflow_state": ("!=", LAST)}
	)
	if running:
		frappe.throw(
			_(
				"{0} PK masih berjalan dengan alur ini. Selesaikan PK itu, atau gunakan Revisi agar ada penggantinya."
			).format(running)
		)
	users = frappe.get_all(
		"Alur Unit Kerja", {"alur": name, "parenttype": "Unit Kerja"}, pluck="parent", distinct=True
	)
	if users:
		frappe.throw(
			_("Alur ini masih dipakai pada Unit Kerja {0}. Ganti dahulu di sana.").format(
				", ".join(sorted(users))
			)
		)
	doc.flags.publishing = True
	doc.status = REPLACED
	doc.save()
	publisher.publish()


@frappe.whitelist()
def examples() -> list[dict]:
	"""The SOPs that come with the app, to start an own one from."""
	frappe.has_permission("Alur Persetujuan", "create", throw=True)
	return [{"value": key, "label": seed(f"sop/{key}.json")["nama_contoh"]} for key in seed_names("sop")]


@frappe.whitelist(methods=["POST"])
def from_example(example: str, opd: str) -> str:
	"""A Konsep for `opd` with the rows of a shipped SOP."""
	if example not in seed_names("sop"):
		frappe.throw(_("Contoh SOP {0} tidak ada.").format(escape_html(example)))
	data = seed(f"sop/{example}.json")
	doc = frappe.new_doc("Alur Persetujuan")
	doc.update({k: v for k, v in data.items() if doc.meta.has_field(k)})
	doc.opd, doc.flags.seed = opd, example
	return doc.insert().name


@frappe.whitelist()
def diagram(langkah: str) -> str:
	"""SVG of the flow for rows as they stand in the form, saved or not. `langkah`: JSON list of row dicts."""
	from perjankin_app.document.sop_layout import flow_svg

	frappe.has_permission("Alur Persetujuan", "read", throw=True)
	try:
		rows = frappe.parse_json(langkah)
	except (ValueError, RecursionError):
		frappe.throw(_("Langkah alur tidak terbaca. Muat ulang halaman ini."))
	rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
	chain = frappe.get_doc({"doctype": "Alur Persetujuan", "langkah": rows})
	one_plain_value_each(chain)  # nobody has stored them, so nothing has bounded them yet
	require_few_steps(chain)
	return flow_svg(rows)


def require_few_steps(chain):
	if len(chain.langkah) > MOST_STEPS:
		frappe.throw(_("Satu alur paling banyak {0} langkah.").format(MOST_STEPS))


def chains_or_throw(doc):
	try:
		chain = chains.from_doc(doc)
		check_papers(chain, doc.dokumen)
		check_signatures(chain)
	except ChainError as e:
		frappe.throw(e.messages, title=_("Alur belum dapat diterbitkan"), as_list=True)


def replace(previous, new):
	"""The old chain steps back: units and PKs that have not begun follow the new one, running PKs stay."""
	old = previous.name
	previous.flags.publishing = previous.flags.ignore_permissions = True
	previous.status = REPLACED
	previous.save()
	for row in frappe.get_all("Alur Unit Kerja", {"alur": old, "parenttype": "Unit Kerja"}, pluck="name"):
		frappe.db.set_value("Alur Unit Kerja", row, "alur", new.name)
	begun = set(frappe.get_all("Riwayat Alur", {"alur": old}, pluck="perjanjian_kinerja", distinct=True))
	for pk in frappe.get_all("Perjanjian Kinerja", {"alur": old, "workflow_state": FIRST}, pluck="name"):
		if pk not in begun:
			# not if somebody has moved it on meanwhile
			still = {"name": pk, "workflow_state": FIRST}
			frappe.db.set_value("Perjanjian Kinerja", still, "alur", new.name, update_modified=False)


def assign(doc, levels: list[str]):
	if not levels:
		return
	unit = locks.latest("Unit Kerja", doc.opd)
	allowed = frappe.get_meta("Alur Unit Kerja").get_field("jenjang").options.split("\n")
	for level in levels:
		if level not in allowed:
			frappe.throw(
				_("Jenjang {0} tidak dikenal. Pilih salah satu dari {1}.").format(
					escape_html(level), ", ".join(allowed)
				)
			)
		row = next((r for r in unit.alur if r.jenjang == level), None) or unit.append(
			"alur", {"jenjang": level}
		)
		row.alur = doc.name
	unit.save()
