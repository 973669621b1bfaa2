"""Which initials and signatures on a document still stand. Pure: no frappe import."""

from collections.abc import Iterable, Mapping, Sequence

from perjankin_app.workflow.composer import DONE, RETURN, fold

PARAF = "Paraf"


def standing(rows: Iterable[Mapping], states: Sequence[str], kind: str = PARAF) -> list[Mapping]:
	"""Those that still stand, in order: a return takes away those of the step it leads to and of all after it.

	rows: of the log, in order; states: of the chain, in order; kind: of the steps that are looked for.
	"""
	order = {fold(state): number for number, state in enumerate(states)}
	found = {}
	for row in rows:
		here = order.get(fold(row["dari"]), -1)
		if row["aksi"] == RETURN:
			back = order.get(fold(row["ke"]), 0)
			found = {number: kept for number, kept in found.items() if number < back}
		elif row["jenis"] == kind and row["aksi"] == DONE[kind]:
			found[here] = row
	return [found[number] for number in sorted(found)]
