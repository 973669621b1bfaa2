"""A letter made from the checklist of a PK: filled once, and opened again until it has its number."""

from desk import PK, loaded, names, save, write

OF_PK = {"jabatan": "Kepala Dinas Perpustakaan dan Kearsipan - DPK", "periode": "2026"}
WORKED_ON = {"jabatan": ["like", "Kepala Badan Kesatuan Bangsa%"], "workflow_state": "Analisis Data"}
NEW = "values => void frappe.new_doc('Naskah Dinas', values)"
FILLED = "name => cur_frm?.doctype === 'Naskah Dinas' && cur_frm.doc.name !== name && cur_frm.doc.perihal"
OPEN = """([name, found]) => void frappe.model.with_doc("Perjanjian Kinerja", name).then((doc) =>
	perjankin.make_paper({doc}, {pemenuhan: "Naskah Dinas", jenis_dokumen: "Surat Pengantar", found}))"""


def test_a_new_letter_is_filled_once(login):
	page = login("sekretaris.dpk", PK)
	loaded(page)
	(pk,) = names(page, "Perjanjian Kinerja", **OF_PK)
	before = None
	for _time in range(3):
		page.evaluate(NEW, {"jenis_dokumen": "Surat Pengantar", "perjanjian_kinerja": pk})
		page.wait_for_function(FILLED, arg=before)
		loaded(page)
		before = page.evaluate("cur_frm.doc.name")
		assert page.evaluate("cur_frm.doc.rincian.length") == 1


def test_the_letter_without_a_number_is_opened(login):
	"""Nobody makes a second one instead of numbering what is there."""
	page = login("kasubbag.kesbangpol", PK)
	loaded(page)
	(pk,) = names(page, "Perjanjian Kinerja", **WORKED_ON)
	page.evaluate(NEW, {"jenis_dokumen": "Surat Pengantar", "perjanjian_kinerja": pk})
	page.wait_for_function(FILLED, arg=None)
	loaded(page)
	write(page, "kepada", "Sekretaris Daerah")
	letter = save(page)
	page.evaluate("name => void frappe.set_route('Form', 'Perjanjian Kinerja', name)", pk)
	page.wait_for_function("cur_frm.doctype === 'Perjanjian Kinerja'")
	loaded(page)
	page.evaluate(OPEN, [pk, [letter]])
	page.wait_for_function(
		"name => cur_frm.doctype === 'Naskah Dinas' && cur_frm.doc?.name === name", arg=letter
	)
	loaded(page)
	page.evaluate("name => frappe.db.delete_doc('Naskah Dinas', name)", letter)
