"""The three measurements: get_transitions, one action with and without our guard, and what the desk loads."""

from contextlib import ExitStack, contextmanager
from statistics import median
from time import perf_counter
from unittest.mock import patch

import factory
import frappe
from frappe.model.workflow import apply_workflow, get_transitions
from perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja import store_reason

from benchmarks import chains
from perjankin_app.workflow.guard import ChainGuard

LIMIT_MS, LIMIT_RATIO, LIMIT_BYTES = 15, 1.5, 1_000_000
ACTIONS = (  # state, whose user, action
	("Draf", "penyusun", "Selesai"),
	("Paraf Sekretaris 01", "sekretaris", "Paraf"),
	("Paraf Sekretaris 01", "sekretaris", "Kembalikan"),
	("Kirim 01", "kasubbag", "Kirim"),
)
MIDDLE, ROUNDS = "Paraf Sekretaris 01", 4
# our guard, without the conditions that the composed Workflow asks (giliran_saya and its like)
GUARD = ("guard_chain", "before_update_after_submit", "before_cancel", "_after_step", "on_change")


def run(repeat: int) -> bool:
	names = chains.insert_chains()
	print(f"{len(names)} chains of {len(chains.STEPS)} steps; medians of {repeat} repetitions\n")
	return all([transitions(names, repeat), actions(repeat), payload()])


def transitions(names: list[str], repeat: int) -> bool:
	"""What a form asks each time it is opened: in mid-chain, with one chain and with all, in turn."""
	chains.put_in_force(names[:1])
	doc = factory.forward(factory.pk(), until=MIDDLE).as_json()
	times = {1: [], len(names): []}
	for _round in range(ROUNDS):
		for count, measured in times.items():
			chains.put_in_force(names[:count])
			frappe.set_user(factory.user("sekretaris"))
			assert len(get_transitions(doc)) == 2
			measured += [timed(lambda: get_transitions(doc)) for _ in range(repeat // ROUNDS)]
	one, many = map(median, times.values())
	line = f"one chain {one:6.1f} ms   {len(names)} chains {many:6.1f} ms"
	return verdict(
		"get_transitions in mid-chain", line, many <= 2 * one + LIMIT_MS, f"{2 * one + LIMIT_MS:.1f} ms"
	)


def actions(repeat: int) -> bool:
	"""With all chains published; each action is undone, and taken with and without our guard in turn."""
	frappe.db.delete("Perjanjian Kinerja", {"pihak_pertama": factory.assignment("kepala")})
	doc, results = factory.pk(), []
	for state, key, action in ACTIONS:
		doc = factory.forward(doc, until=state)
		frappe.set_user(factory.user(key))
		guarded, bare = [], []
		for _ in range(repeat):
			guarded.append(take(doc, action))
			with without_guard():
				bare.append(take(doc, action))
		ratio = median(guarded) / median(bare)
		line = f"with guard {median(guarded):6.1f} ms   without {median(bare):6.1f} ms   ratio {ratio:.2f}"
		results.append(verdict(f"{action} in {state}", line, ratio <= LIMIT_RATIO, LIMIT_RATIO))
	return all(results)


def take(doc, action: str) -> float:
	frappe.db.savepoint("before_action")
	if action == "Kembalikan":
		store_reason(doc.name, "Belum lengkap")
	taken = timed(lambda: apply_workflow({"doctype": doc.doctype, "name": doc.name}, action))
	frappe.db.rollback(save_point="before_action")
	return taken


@contextmanager
def without_guard():
	with ExitStack() as stack:
		for name in GUARD:
			stack.enter_context(patch.object(ChainGuard, name, lambda self: None))
		yield


def payload() -> bool:
	"""The answer to getdoctype, uncompressed, by whatever method the hooks put in core's place."""
	from frappe.utils.response import as_json

	new_request()
	frappe.local.response = frappe._dict(docs=[])
	method = "frappe.desk.form.load.getdoctype"
	frappe.get_attr(frappe.get_hooks("override_whitelisted_methods", {}).get(method, [method])[-1])(
		"Perjanjian Kinerja"
	)
	workflow = len(frappe.as_json(frappe.local.response.docs[0].get("__workflow_docs"), indent=None))
	size = len(as_json().get_data())
	line = f"{size:,} bytes, of which the Workflow and its states about {workflow:,}"
	return verdict("getdoctype Perjanjian Kinerja", line, size <= LIMIT_BYTES, f"{LIMIT_BYTES:,} bytes")


def timed(function) -> float:
	"""Milliseconds that `function` takes at the start of a request: shared caches are warm, the process's are not."""
	new_request()
	started = perf_counter()
	function()
	return 1000 * (perf_counter() - started)


def new_request():
	frappe.set_user(frappe.session.user)  # forgets what was cached for the request
	frappe.local.request_cache.clear()
	frappe.db.value_cache.clear()


def verdict(name: str, figures: str, passed: bool, bound) -> bool:
	print(f"{'PASS' if passed else 'FAIL'}  {name:38} {figures}   (bound {bound})", flush=True)
	return passed
