"""Chains (an agency's SOP as a table) composed into the one Workflow that a DocType may have. Pure: no frappe import.

A chain is a path over states. Every chain begins in the shared state Draf and ends in the shared state Selesai; the
docstatus becomes 1 at the exit of the last signature. Rules and reasons: README, "How a chain becomes a Workflow".
"""

import ast
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FIRST, LAST, CANCELLED = "Draf", "Selesai", "Dibatalkan"
RETURN, CANCEL = "Kembalikan", "Batalkan"
DONE = {
	"Tugas": "Selesai",
	"Himpun": "Selesai",
	"Periksa": "Setujui",
	"Asistensi": "Setujui",
	"Paraf": "Paraf",
	"Tanda Tangan": "Tanda Tangani",
	"Kirim": "Kirim",
	"Arsip": "Arsipkan",
}
CHECKS = ("Periksa", "Paraf", "Asistensi")  # nobody does these on the own work
SIGNATURE = "Tanda Tangan"
EMPLOYEE = "PK Pegawai"  # every Jabatan brings it; the superior who stands in for a checker acts by it
CANCELLERS = ("PK Admin OPD", "PK Admin Pemda")
MAX_STATUS = 60
# a standard time beyond these is a slip, and would keep the clock counting
LONGEST = {"menit": 10_000, "jam": 1_000, "hari": 366}


class ChainError(ValueError):
	"""A chain that cannot be composed; `messages` are Indonesian sentences that name row and field."""

	def __init__(self, messages: Iterable[str]):
		self.messages = list(messages)
		super().__init__("\n".join(self.messages))


@dataclass(frozen=True)
class Step:
	"""One state of a chain. `rows` are the row numbers (1-based) of the table that make it up."""

	state: str
	jenis: str
	roles: tuple[str, ...]
	rows: tuple[int, ...]
	sebagai: str = ""
	return_to: str = ""
	editable: bool = False
	waktu: float = 0.0
	satuan_waktu: str = "menit"
	docstatus: int = 0

	@property
	def is_check(self) -> bool:
		return self.jenis in CHECKS

	@property
	def is_signature(self) -> bool:
		"""A signature on the document itself; one on a form (SOP 003 row 3) does not count."""
		return self.jenis == SIGNATURE and self.sebagai != "Formulir"


@dataclass(frozen=True)
class Edge:
	state: str
	action: str
	next_state: str
	step: Step | None  # None: a cancellation

	@property
	def is_return(self) -> bool:
		return self.action == RETURN

	@property
	def needs_reason(self) -> bool:
		return self.action in (RETURN, CANCEL)


@dataclass(frozen=True)
class Chain:
	id: str
	title: str
	steps: tuple[Step, ...]

	def step(self, state: str | None) -> Step | None:
		wanted = fold(state)
		return next((s for s in self.steps if fold(s.state) == wanted), None)

	@property
	def last_editable(self) -> Step:
		return [s for s in self.steps if s.editable][-1]

	def docstatus(self, state: str | None) -> int | None:
		"""0, 1 or 2 for a state of this chain, None for any other."""
		if fold(state) == fold(LAST):
			return 1
		if fold(state) == fold(CANCELLED):
			return 2
		step = self.step(state)
		return step.docstatus if step else None

	def edges(self) -> list[Edge]:
		"""Every way through the chain: forward, back, and the generated cancellation after the signature."""
		edges = []
		for step, following in zip(self.steps, [*self.steps[1:], None], strict=True):
			edges.append(Edge(step.state, DONE[step.jenis], following.state if following else LAST, step))
			if step.return_to:
				edges.append(Edge(step.state, RETURN, self.step(step.return_to).state, step))
		for state in [*(s.state for s in self.steps if s.docstatus == 1), LAST]:
			edges.append(Edge(state, CANCEL, CANCELLED, None))
		return edges


def fold(state: str | None) -> str:
	"""Names are one when they differ only in case and blanks: MariaDB folds them, SQLite does not."""
	return " ".join((state or "").split()).casefold()


def read_chain(id: str, title: str, rows: Iterable[Mapping]) -> Chain:
	"""Read a table of Langkah Alur rows (mappings with its fieldnames) into a Chain.

	Raises ChainError with every defect found, not only the first.
	"""
	rows = list(rows)
	errors: list[str] = []
	if not rows:
		raise ChainError(["Tabel Langkah masih kosong. Isi langkah-langkah SOP lebih dahulu."])

	steps: list[dict] = []
	seen: dict[str, dict] = {}
	for number, row in enumerate(rows, 1):
		get = lambda field, row=row: row.get(field) or ""  # noqa: E731
		state = " ".join(str(get("status")).split()) or (FIRST if number == 1 else "")
		key, role = fold(state), get("peran")
		where = f"Baris {number}"
		if get("jenis") not in DONE:
			errors.append(f"{where}, Jenis: pilih salah satu dari {', '.join(DONE)}.")
		if not role:
			errors.append(f"{where}, Peran: isi peran yang mengerjakan langkah ini.")
		if not state:
			errors.append(f"{where}, Status: isi nama singkat langkah ini.")
			continue
		if len(state) > MAX_STATUS:
			errors.append(f"{where}, Status: paling panjang {MAX_STATUS} huruf.")
		if number == 1 and key != fold(FIRST):
			errors.append(f"{where}, Status: langkah pertama selalu “{FIRST}”. Ganti “{state}”.")
		elif key in (fold(LAST), fold(CANCELLED)) or (number > 1 and key == fold(FIRST) and key not in seen):
			errors.append(f"{where}, Status: “{state}” dipakai sistem. Pilih nama lain.")
		if get("sebagai") == "Formulir" and get("jenis") != SIGNATURE:
			errors.append(f"{where}, Sebagai: Formulir hanya untuk langkah Tanda Tangan.")
		step = dict(
			state=state,
			jenis=get("jenis"),
			roles=(role,),
			rows=(number,),
			sebagai=get("sebagai"),
			return_to=" ".join(str(get("jika_tidak")).split()),
			editable=bool(int(row.get("boleh_ubah") or 0)) or number == 1,
			waktu=float(row.get("waktu") or 0),
			satuan_waktu=get("satuan_waktu") or "menit",
		)
		longest = LONGEST.get(step["satuan_waktu"])
		if not longest:
			errors.append(f"{where}, Satuan Waktu: pilih salah satu dari {', '.join(LONGEST)}.")
		elif not 0 <= step["waktu"] <= longest:
			errors.append(f"{where}, Waktu Baku: isi antara 0 dan {longest} {step['satuan_waktu']}.")
		known = seen.get(key)
		if not known:
			seen[key] = step
			steps.append(step)
		elif known is not steps[-1]:
			errors.append(
				f"{where}, Status: “{state}” sudah dipakai baris {known['rows'][0]}. Beri nama lain."
			)
		else:
			_merge_row(known, step, number, errors)

	for index, step in enumerate(steps):
		_check_return(step, index, steps, seen, errors)
	signatures = [i for i, s in enumerate(steps) if s["jenis"] == SIGNATURE and s["sebagai"] != "Formulir"]
	if not signatures:
		errors.append(
			"Tidak ada langkah Tanda Tangan. Tandai langkah penandatanganan PK dengan Jenis Tanda Tangan "
			"(bukan sebagai Formulir)."
		)
	else:
		_check_signature_line(steps, signatures[-1], seen, errors)
	if errors:
		raise ChainError(errors)
	return Chain(
		id,
		title,
		tuple(Step(**step, docstatus=int(i > signatures[-1])) for i, step in enumerate(steps)),
	)


def _merge_row(known: dict, row: dict, number: int, errors: list[str]):
	"""Several rows with one status mean several roles; they agree in everything else that the engine reads."""
	first = known["rows"][0]
	if row["state"] != known["state"]:
		errors.append(
			f"Baris {number}, Status: “{row['state']}” hanya beda huruf besar/kecil atau spasi dengan baris "
			f"{first}. Samakan penulisannya."
		)
	labels = {
		"jenis": "Jenis",
		"sebagai": "Sebagai",
		"return_to": "Jika Tidak",
		"waktu": "Waktu Baku",
		"satuan_waktu": "Satuan Waktu",
		"editable": "Boleh Ubah",
	}
	for field, label in labels.items():
		if row[field] != known[field] and not (field == "editable" and first == 1):
			errors.append(
				f"Baris {number}, {label}: harus sama dengan baris {first} karena statusnya sama "
				f"(“{known['state']}”)."
			)
	if row["roles"][0] in known["roles"]:
		errors.append(f"Baris {number}, Peran: sudah ada pada baris {first} dengan status yang sama.")
	known["roles"] += row["roles"]
	known["rows"] += row["rows"]


def _check_return(step: dict, index: int, steps: list[dict], seen: dict, errors: list[str]):
	if not step["return_to"]:
		return
	where = f"Baris {step['rows'][0]}, Jika Tidak"
	target = seen.get(fold(step["return_to"]))
	if target is None:
		errors.append(f"{where}: tidak ada langkah berstatus “{step['return_to']}”.")
	elif target is step:
		errors.append(f"{where}: tidak boleh kembali ke langkah itu sendiri.")
	elif steps.index(target) > index:
		errors.append(f"{where}: “{step['return_to']}” ada sesudah langkah ini. Pilih langkah sebelumnya.")


def _check_signature_line(steps: list[dict], last: int, seen: dict, errors: list[str]):
	signature = steps[last]
	for step in steps[last + 1 :]:
		number = step["rows"][0]
		if step["editable"]:
			errors.append(
				f"Baris {number}, Boleh Ubah: PK sudah ditandatangani pada baris {signature['rows'][0]}; "
				"hapus centangnya."
			)
		target = seen.get(fold(step["return_to"]))
		if target in steps[: last + 1]:
			errors.append(
				f"Baris {number}, Jika Tidak: “{target['state']}” ada sebelum penandatanganan (baris "
				f"{signature['rows'][0]}). PK yang sudah ditandatangani tidak dapat dikembalikan."
			)


def check_signatures(chain: Chain):
	"""Raises ChainError where the content may change between two signatures: the first would not cover it.

	Not part of `compose`: what was published before this was asked still runs.
	"""
	first = next((number for number, step in enumerate(chain.steps) if step.is_signature), len(chain.steps))
	errors = [
		f"Langkah {step.state}, Boleh Ubah: PK sudah ditandatangani pada langkah {chain.steps[first].state}; "
		"hapus centangnya."
		for step in chain.steps[first + 1 :]
		if step.editable
	]
	if errors:
		raise ChainError(errors)


def check_papers(chain: Chain, rows: Iterable[Mapping]):
	"""Raises ChainError where a row of Dokumen Langkah names no step, or the same paper twice."""
	errors, seen = [], {}
	for number, row in enumerate(rows, 1):
		state, where = row.get("langkah"), f"Dokumen baris {number}"
		if not chain.step(state):
			errors.append(f"{where}, Status Langkah: tidak ada langkah berstatus “{state or ''}”.")
		key = (fold(state), row.get("arah"), row.get("jenis_dokumen"))
		if key in seen:
			errors.append(f"{where}: sudah ada pada baris {seen[key]}.")
		seen.setdefault(key, number)
	if errors:
		raise ChainError(errors)


# --------------------------------------------------------------------------------------------------------------------
# composition


@dataclass(frozen=True)
class State:
	name: str
	docstatus: int
	style: str  # Workflow State.style


@dataclass(frozen=True)
class Transition:
	state: str
	action: str
	next_state: str
	allowed: str
	condition: str


@dataclass(frozen=True)
class Composition:
	states: tuple[State, ...]
	transitions: tuple[Transition, ...]


def turn_condition(chain_id: str, field: str = "giliran_saya") -> str:
	"""The condition of a generated transition; the id is JSON-quoted, so that no name can rewrite the code.

	Not in ASCII: JSON writes an emoji as two surrogates, which Python does not read as one letter again.
	"""
	return f"doc.alur == {json.dumps(chain_id, ensure_ascii=False)} and doc.{field}"


CANCEL_CONDITION = "doc.boleh_batal"


def is_generated(condition: str | None) -> bool:
	"""Whether a transition row is ours: its condition is exactly one that `compose` writes."""
	condition = (condition or "").strip()
	chain = chain_in(condition)
	return condition == CANCEL_CONDITION or (
		chain is not None and condition in (turn_condition(chain), turn_condition(chain, "giliran_atasan"))
	)


def chain_in(condition: str | None) -> str | None:
	"""The one chain that a condition names by `doc.alur == "…"`, or None where it names none or several."""
	try:
		tree = ast.parse((condition or "").strip(), mode="eval")
	except (SyntaxError, ValueError, RecursionError, MemoryError):  # an admin may have typed anything
		return None
	found = {name for node in ast.walk(tree) if (name := _named(node)) is not None}
	return found.pop() if len(found) == 1 else None


def _named(node: ast.AST) -> str | None:
	match node:
		case ast.Compare(
			left=ast.Attribute(value=ast.Name(id="doc"), attr="alur"),
			ops=[ast.Eq()],
			comparators=[ast.Constant(value=str(name))],
		):
			return name
	return None


def compose(chains: Iterable[Chain]) -> Composition:
	"""All chains as one list of states and transitions; deterministic in the order of the chains' ids.

	Raises ChainError where two chains disagree on a state's docstatus.
	"""
	states: dict[str, tuple[State, Chain, Step | None]] = {fold(FIRST): (State(FIRST, 0, ""), None, None)}
	transitions: dict[tuple, Transition] = {}
	errors = []
	for chain in sorted(chains, key=lambda c: c.id):
		for step in chain.steps:
			state = State(step.state, step.docstatus, _style(step))
			known, owner, other = states.setdefault(fold(step.state), (state, chain, step))
			if known.docstatus != step.docstatus:
				before, after = ("sesudah", "sebelum") if step.docstatus else ("sebelum", "sesudah")
				errors.append(
					f"Status “{step.state}” dipakai {before} penandatanganan pada {chain.title} baris "
					f"{step.rows[0]}, tetapi {after} penandatanganan pada {owner.title} baris {other.rows[0]}. "
					"Ganti nama status pada salah satunya."
				)
		for edge in chain.edges():
			for allowed, condition in _allowed(chain, edge):
				row = Transition(
					states[fold(edge.state)][0].name if fold(edge.state) in states else edge.state,
					edge.action,
					states[fold(edge.next_state)][0].name
					if fold(edge.next_state) in states
					else edge.next_state,
					allowed,
					condition,
				)
				transitions.setdefault((row.state, row.action, row.allowed, row.condition), row)
	if errors:
		raise ChainError(errors)
	ends = (State(LAST, 1, "Success"), State(CANCELLED, 2, "Danger"))
	return Composition((*(s for s, *_ in states.values()), *ends), tuple(transitions.values()))


def _allowed(chain: Chain, edge: Edge):
	"""(role, condition) pairs of an edge. A check that nobody else can do goes to the superior, as PK Pegawai."""
	if edge.step is None:
		return [(role, CANCEL_CONDITION) for role in CANCELLERS]
	pairs = [(role, turn_condition(chain.id)) for role in edge.step.roles]
	if edge.step.is_check and not edge.step.sebagai:
		pairs.append((EMPLOYEE, turn_condition(chain.id, "giliran_atasan")))
	return pairs


def _style(step: Step) -> str:
	"""Colour by what happens there: Primary work, Warning check, Info signature, Inverse after the signature."""
	if step.docstatus:
		return "Inverse"
	return "Warning" if step.is_check else "Info" if step.jenis == SIGNATURE else "Primary"
