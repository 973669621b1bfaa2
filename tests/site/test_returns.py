"""Every way back that a shipped SOP has, on the way to its end."""

import frappe
import pytest
from factory import act, forward, waiting_for
from test_seeds import SHORT_CHAIN, SOPS, begin

from perjankin_app.workflow import log
from perjankin_app.workflow.composer import LAST


@pytest.mark.parametrize("example", [*SOPS, SHORT_CHAIN])
def test_every_return_comes_back_with_its_reason(example):
	doc = begin(example)
	returns = [s for s in doc.chain().steps if s.return_to]
	assert returns
	for step in returns:
		doc = forward(doc, until=step.state)
		doc = act(doc, "Kembalikan", by=waiting_for(doc)[0], reason=f"Perbaiki: {step.state}")
		assert doc.workflow_state == step.return_to
		last = frappe.get_last_doc("Riwayat Alur", {"perjanjian_kinerja": doc.name}, order_by="urutan desc")
		assert (last.dari, last.aksi, last.catatan) == (step.state, "Kembalikan", f"Perbaiki: {step.state}")
	assert forward(doc).workflow_state == LAST
	assert log.verify(doc.name) == {"diperiksa": 1, "bermasalah": {}}
