"""Each shipped SOP runs end to end on the site, with every paper that it asks for; test_returns.py takes each way back."""

import factory
import frappe
import pytest
from factory import PEMDA, A, B, act, pk, publish_example, user, waiting_for
from frappe.model.workflow import get_transitions
from perjankin_app.perjankin_app.report.menunggu_saya import menunggu_saya

from perjankin_app import papers
from perjankin_app.workflow import chains
from perjankin_app.workflow.composer import DONE, LAST

SOPS = (
	"000_dispusip_kalbar",
	"001_bpsdm_kalbar",
	"002_skpd_adminbang",
	"003_bkpsdm_2023",
	"004_kesbangpol_jateng",
)
SHORT_CHAIN = "berjenjang"
LETTERS = ("Disposisi", "Undangan Rapat", "Nota Dinas", "Surat Pengantar")
CANCELLERS = (user("admin"),)


def begin(example):
	if example == SHORT_CHAIN:
		publish_example(example, jenjang="Administrator")
		return pk("kabid", by="kabid")
	name = publish_example(example)
	first = chains.load(name).steps[0].roles[0]
	return pk(by={"PK Kasubbag Perencanaan": "kasubbag", "PK Kepala OPD": "kepala"}[first])


@pytest.mark.parametrize("example", [*SOPS, SHORT_CHAIN])
def test_from_assignment_to_signed_document(example):
	"""In every step the desk offers what the server accepts, "Menunggu Saya" lists it, and both to nobody else."""
	doc = begin(example)
	chain = doc.chain()
	while step := doc.current_step():
		actors = waiting_for(doc)
		assert actors
		for login in everybody():
			expected = {DONE[step.jenis]} | ({"Kembalikan"} if step.return_to else set())
			if login not in actors:
				expected = {"Batalkan"} if step.docstatus and login in CANCELLERS else set()
			assert offered(doc, login) == expected, (login, step.state)
			assert listed(login) == ({doc.name} if login in actors else set()), (login, step.state)
		factory.supply(doc.name)
		doc = act(doc, DONE[step.jenis], by=actors[0])
	assert (doc.workflow_state, doc.docstatus) == (LAST, 1)
	assert not any(listed(login) for login in everybody())
	rows = frappe.get_all("Riwayat Alur", {"perjanjian_kinerja": doc.name}, ["dari", "ke"], order_by="urutan")
	assert [r.dari for r in rows] == [s.state for s in chain.steps]
	assert [r.ke for r in rows] == [*(s.state for s in chain.steps[1:]), LAST]
	assert doc.pdf_sha256
	letters = frappe.get_all("Naskah Dinas", {"perjanjian_kinerja": doc.name}, ["jenis_dokumen", "status"])
	assert not [letter for letter in letters if letter.status == "Konsep"]
	assert bool(letters) == any(row.jenis_dokumen in LETTERS for row in papers.rows(doc.alur))


def offered(doc, login) -> set[str]:
	frappe.set_user(login)
	try:
		return {t["action"] for t in get_transitions(frappe.get_doc(doc.doctype, doc.name))}
	except frappe.PermissionError:
		return set()


def listed(login) -> set[str]:
	frappe.set_user(login)
	return {row["name"] for row in menunggu_saya.execute()[1]}


def everybody():
	"""All of OPD A, the two of B who would act there, and those above."""
	keys = [(key, A) for key in factory.POSTS] + [("kepala", B), ("kasubbag", B)]
	return [
		user(key, opd) for key, opd in [*keys, *((key, PEMDA) for key in ("bupati", "pembina", "inspektur"))]
	]
