"""Who reaches a PK of OPD A in step "Uji Paraf", and by which surface of Frappe: one table, for people and for the test.

`TABLE` is the law; test_matrix.py asks every cell over HTTP, and `markdown()` prints it into docs/matriks-izin.md.
A probe is called with (client, PK) and answers whether the PK was seen, or the deed was done.
"""

import json
from urllib.parse import quote

import factory
import frappe
from factory import PEMDA, A, B

PK = "Perjanjian Kinerja"
LAYOUT = "Perjanjian Kinerja"
SECRET = "Meningkatnya mutu layanan Dinas Uji A"  # stands in every view of the PK's content

OWN = ("penyusun", "kasubbag", "tim", "kabid", "kasi", "sekretaris", "kepala", "staf", "admin")
ABOVE = ("bupati", "pembina", "pemda", "inspektur")
# column: (heading, login)
SUBJECTS = {
	**{key: (key, factory.user(key, A)) for key in OWN},
	**{key: (key, factory.user(key, PEMDA)) for key in ABOVE},
	**{f"{key} B": (f"{key} (OPD lain)", factory.user(key, B)) for key in OWN},
	"tanpa": ("peran tanpa penugasan", "tanpa.tugas@uji.example"),
	"Guest": ("tanpa login", None),
	"Administrator": (
		"Administrator",
		"Administrator",
	),  # without whom a probe that sees nothing would prove nothing
}
PAPERS = (
	"Naskah Dinas", "Rapat Pembahasan", "Permintaan Data", "Catatan Asistensi", "Arsip PK",
)  # fmt: skip
READERS = {*OWN, *ABOVE, "Administrator"}
ONLY_ADMINISTRATOR = {"Administrator"}
NOBODY = set()


def get(path, **parameters):
	query = "&".join(f"{key}={quote(str(value))}" for key, value in parameters.items())
	return f"{path}?{query}" if query else path


def call(method, **parameters):
	return get(f"/api/method/{method}", **parameters)


def shows(response, *words) -> bool:
	return response.status_code == 200 and all(word in response.text for word in words)


def seen(path, *words):
	"""A probe: what `path(PK)` answers contains the words, by default the PK's name."""
	return lambda client, doc: shows(client.get(path(doc)), *(words or (doc.name,)))


def posted(method, **values):
	"""A probe: POST of a whitelisted method; callables get the PK."""

	def probe(client, doc):
		body = {key: value(doc) if callable(value) else value for key, value in values.items()}
		return client.post(f"/api/method/{method}", json=body).status_code == 200

	return probe


def name(doc):
	return doc.name


def one(doctype, table_of=None, **filters):
	parent = {"parent": table_of} if table_of else {}  # v15 wants it
	return call("frappe.client.get", doctype=doctype, filters=json.dumps(filters), **parent)


def state_count(field, *words):
	def probe(client, doc):
		path = "/api/method/frappe.workflow.doctype.workflow.workflow.get_workflow_state_count"
		response = client.post(path, json={"doctype": PK, "workflow_state_field": field, "states": "[]"})
		return shows(response, *(words or (doc.name,)))

	return probe


def listed(doctype, about):
	"""A probe: the REST list of one of core's DocTypes has a row about the PK."""

	def probe(client, doc):
		filters, fields = json.dumps([[about, "=", doc.name]]), json.dumps(["name", about])
		return shows(client.get(get(f"/api/resource/{doctype}", filters=filters, fields=fields)), doc.name)

	return probe


def downloads(client, doc):
	response = client.get(doc.flags.file_url)
	return response.status_code == 200 and b"rahasia" in response.data


def pdf(client, doc):
	path = call("frappe.utils.print_format.download_pdf", doctype=PK, name=doc.name, format=LAYOUT)
	response = client.get(path)
	return response.status_code == 200 and response.data.startswith(b"%PDF")


def forged_print(client, doc):
	"""The desk sends the document as JSON: here with the sender's own OPD in it."""
	own = B if "uji-b" in (client.user or "") else A
	forged = {"doctype": PK, "name": doc.name, "opd": own, "docstatus": 0}
	values = {"doc": json.dumps(forged), "print_format": LAYOUT}
	return shows(client.post("/api/method/frappe.www.printview.get_html_and_style", json=values), SECRET)


def exports(client, doc):
	values = {
		"doctype": PK,
		"export_fields": json.dumps({PK: ["name", "opd"]}),
		"export_records": "all",
		"file_type": "CSV",
		"export_filters": "{}",
	}
	path = "/api/method/frappe.core.doctype.data_import.data_import.download_template"
	return shows(client.post(path, data=values), doc.name)


def exports_view(client, doc):
	values = {
		"doctype": PK,
		"file_format_type": "CSV",
		"fields": json.dumps([f"`tab{PK}`.name"]),
		"title": "x",
	}
	return shows(client.post("/api/method/frappe.desk.reportview.export_query", data=values), doc.name)


def counts(client, doc):
	response = client.get(call("frappe.client.get_count", doctype=PK))
	return response.status_code == 200 and bool(response.json["message"])


def number_card(client, doc):
	card = json.dumps({"name": "PK Berjalan", "document_type": PK, "function": "Count"})
	filters = json.dumps([[PK, "docstatus", "=", 0]])
	path = "/api/method/frappe.desk.doctype.number_card.number_card.get_result"
	response = client.post(path, json={"doc": card, "filters": filters})
	return response.status_code == 200 and bool(response.json["message"])


def report(title, *words):
	"""A probe: the report's rows hold the words, by default the PK's name."""

	def probe(client, doc):
		response = client.post("/api/method/frappe.desk.query_report.run", json={"report_name": title})
		return shows(response, *(words or (doc.name,)))

	return probe


def open_actions(client, doc):
	"""The count of open Workflow Actions that the desk shows."""
	response = client.get(
		call("frappe.client.get_count", doctype="Workflow Action", filters='{"status": "Open"}')
	)
	return response.status_code == 200 and bool(response.json["message"])


def transitions(client, doc):
	values = {"doc": frappe.as_json({"doctype": PK, "name": doc.name})}
	response = client.post("/api/method/frappe.model.workflow.get_transitions", json=values)
	return response.status_code == 200 and bool(response.json.get("message"))


def bulk_return(client, doc):
	"""Tells of a failure in its answer, not by its status."""
	values = {"docnames": json.dumps([doc.name]), "doctype": PK, "action": "Paraf"}
	client.post("/api/method/frappe.model.workflow.bulk_workflow_approval", json=values)
	return changed(doc)


def changed(doc) -> bool:
	frappe.db.rollback()  # a new snapshot
	return frappe.db.get_value(PK, doc.name, "workflow_state") != doc.workflow_state


def bulk_edit(client, doc):
	values = {
		"doctype": PK,
		"docnames": json.dumps([doc.name]),
		"action": "update",
		"data": '{"tempat": "x"}',
	}
	client.post(
		"/api/method/frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs", data=values
	)
	frappe.db.rollback()
	return frappe.db.get_value(PK, doc.name, "tempat") == "x"


def grouped(client, doc):
	values = {"doctype": PK, "current_filters": "[]", "field": "assigned_to"}
	path = "/api/method/frappe.desk.listview.get_group_by_count"
	return shows(client.post(path, json=values), factory.user("kasubbag"))


def resource(doc, version="resource"):
	return f"/api/{version}/{quote(PK)}/{doc.name}"


RESOURCE = f"/api/resource/{quote(PK)}"
V2 = f"/api/v2/document/{quote(PK)}"
# surface: (probe, who)
TABLE = {
	"Formulir": (seen(lambda d: call("frappe.desk.form.load.getdoc", doctype=PK, name=d.name), SECRET), READERS),
	"Daftar": (seen(lambda d: call("frappe.desk.reportview.get", doctype=PK, fields='["name"]')), READERS),
	"Hitungan daftar": (counts, READERS),
	"Pencarian tautan": (
		seen(lambda d: call("frappe.desk.search.search_link", doctype=PK, txt=d.name)),
		READERS,
	),
	"Judul tautan (Indikator)": (
		seen(
			lambda d: call(
				"frappe.desk.search.get_link_title",
				doctype="Indikator Kinerja",
				docname=d.target[0].indikator,
			),
			"Indeks Layanan UJI-A",
		),
		READERS,
	),
	"Laporan Menunggu Saya": (report("Menunggu Saya"), {"kasubbag"}),
	"Laporan Papan Status": (report("Papan Status", "Uji Paraf"), READERS),
	"Laporan Kepatuhan SOP": (report("Kepatuhan SOP", "SOP Uji"), READERS),
	"Laporan Buku Agenda": (report("Buku Agenda", "Surat Pengantar"), READERS),
	"Laporan Buku Ekspedisi": (report("Buku Ekspedisi", "Surat Pengantar"), READERS),
	"REST v1": (seen(resource, SECRET), READERS),
	"REST v1, daftar": (seen(lambda d: RESOURCE), READERS),
	"REST v2": (seen(lambda d: f"{V2}/{d.name}/", SECRET), READERS),
	"REST v2, daftar": (seen(lambda d: f"{V2}/"), READERS),
	"frappe.client.get": (seen(lambda d: call("frappe.client.get", doctype=PK, name=d.name), SECRET), READERS),
	"frappe.client.get_value": (
		seen(
			lambda d: call(
				"frappe.client.get_value", doctype=PK, filters=json.dumps({"name": d.name}), fieldname="name"
			)
		),
		READERS,
	),
	"frappe.client.get_list": (
		seen(lambda d: call("frappe.client.get_list", doctype=PK, fields='["*"]')),
		READERS,
	),
	"Baris Target": (
		seen(lambda d: get("/api/resource/Target Kinerja", parent=PK, fields='["name","parent"]')),
		READERS,
	),
	"Baris Target, satu per satu": (
		seen(lambda d: one("Target Kinerja", PK, parent=d.name, idx=1)),
		READERS,
	),
	"Baris Program": (
		seen(lambda d: get("/api/resource/PK Program", parent=PK, fields='["name","parent"]')),
		READERS,
	),
	"Riwayat Alur": (listed("Riwayat Alur", "perjanjian_kinerja"), READERS),
	**{kind: (listed(kind, "perjanjian_kinerja"), READERS) for kind in PAPERS},
	"Daftar berkas": (listed("File", "attached_to_name"), READERS),
	"Unduh berkas": (downloads, READERS),
	"Pratinjau cetak": (
		seen(lambda d: get("/printview", doctype=PK, name=d.name, format=LAYOUT), SECRET),
		READERS,
	),
	"Cetak dengan JSON kiriman": (forged_print, READERS),
	"PDF": (pdf, READERS),
	"Workflow Action": (listed("Workflow Action", "reference_name"), {"kasubbag", "Administrator"}),
	"Hitungan Workflow Action": (open_actions, {"kasubbag", "Administrator"}),
	"Tindakan yang ditawarkan": (transitions, {"kasubbag"}),
	"Version": (listed("Version", "docname"), ONLY_ADMINISTRATOR),
	"Version di formulir": (
		seen(lambda d: call("frappe.desk.form.load.getdoc", doctype=PK, name=d.name), "Kota Perubahan"),
		READERS,
	),
	"Comment": (listed("Comment", "reference_name"), ONLY_ADMINISTRATOR),
	"Comment di formulir": (
		seen(lambda d: call("frappe.desk.form.load.get_docinfo", doctype=PK, name=d.name), "catatan rahasia"),
		READERS,
	),
	"Communication": (listed("Communication", "reference_name"), ONLY_ADMINISTRATOR),
	"Activity Log": (listed("Activity Log", "reference_name"), ONLY_ADMINISTRATOR),
	"Tag": (
		seen(lambda d: call("frappe.desk.doctype.tag.tag.get_documents_for_tag", tag="#ujitag")),
		READERS,
	),
	"Dokumen bertag": (
		seen(lambda d: call("frappe.desk.doctype.tag.tag.get_tagged_docs", doctype=PK, tag="%ujitag%")),
		READERS,
	),
	"Pencarian umum": (
		seen(lambda d: call("frappe.utils.global_search.search", text="ujicari", doctype=PK)),
		READERS,
	),
	"Penerima tugas (ToDo)": (
		seen(
			lambda d: call("frappe.desk.form.assign_to.get", doctype=PK, name=d.name),
			factory.user("kasubbag"),
		),
		NOBODY,  # core doesn't open it, nor do we
	),
	"Penerima tugas, hitungan": (grouped, READERS),
	"Kartu angka": (number_card, READERS),
	"Ekspor data": (exports, READERS),
	"Ekspor laporan": (exports_view, READERS),
	"Pengikut (Document Follow)": (listed("Document Follow", "ref_docname"), READERS),
	"Pengikut, satu per satu": (seen(lambda d: one("Document Follow", ref_docname=d.name)), READERS),
	"Nama pengikut": (
		seen(
			lambda d: call(
				"frappe.desk.form.document_follow.get_follow_users", doctype=PK, doc_name=d.name
			),
			factory.user("kepala"),
		),
		READERS,
	),
	"Tag, satu per satu": (seen(lambda d: one("Tag Link", document_name=d.name)), READERS),
	"Pemberitahuan": (
		seen(lambda d: one("Notification Log", document_name=d.name)), {"kepala", "Administrator"},
	),
	"Hitungan status": (state_count("workflow_state", "Uji Paraf"), READERS),
	"Hitungan kolom lain": (state_count("name"), NOBODY),
	"Catatan tertaut (expand_links)": (
		seen(lambda d: get(resource(d), expand_links=1), '"struktural"'), NOBODY,
	),
	# deeds
	"Ubah isi": (
		lambda c, d: c.put(resource(d), json={"tempat": "x"}).status_code == 200,
		NOBODY,  # nobody edits while it is being initialled
	),
	"Hapus": (lambda c, d: c.delete(resource(d)).status_code in (200, 202), NOBODY),
	"Ubah massal": (bulk_edit, NOBODY),
	"Paraf massal": (bulk_return, {"kasubbag"}),
	"Komentari": (
		posted(
			"frappe.desk.form.utils.add_comment",
			reference_doctype=PK,
			reference_name=name,
			content="x",
			comment_email="x@uji.example",
			comment_by="x",
		),
		READERS,
	),
	"Suka": (posted("frappe.desk.like.toggle_like", doctype=PK, name=name, add="Yes"), READERS),
	"Beri tag": (posted("frappe.desk.doctype.tag.tag.add_tag", tag="ujitag2", dt=PK, dn=name), READERS),
	"Beri tag, beberapa": (
		posted("frappe.desk.doctype.tag.tag.add_tags", tags='["ujitag3"]', dt=PK, docs=lambda d: json.dumps([d.name])),
		READERS,
	),
	"Hapus tag": (posted("frappe.desk.doctype.tag.tag.remove_tag", tag="ujitag4", dt=PK, dn=name), READERS),
	"Bagikan": (
		posted(
			"frappe.share.add", doctype=PK, name=name, user=factory.user("penyusun", B), read=1, write=1
		),
		NOBODY,
	),
	"Tugaskan ke OPD lain": (
		posted(
			"frappe.desk.form.assign_to.add",
			doctype=PK,
			name=name,
			assign_to=json.dumps([factory.user("penyusun", B)]),
		),
		NOBODY,
	),
}  # fmt: skip


def markdown() -> str:
	"""The table as docs/matriks-izin.md."""
	heads = [heading for heading, _login in SUBJECTS.values()]
	lines = [
		"# Siapa menjangkau sebuah PK",
		"",
		"Ditulis oleh tests/site/matrix.py dari tabel yang setiap selnya diuji melalui HTTP; jangan diubah dengan tangan.",
		"",
		"PK Kepala OPD A pada langkah paraf Kasubbag. ✓ = melihatnya atau berhasil melakukannya, · = tidak.",
		"",
		"| Permukaan | " + " | ".join(heads) + " |",
		"|---" * (len(heads) + 1) + "|",
	]
	for surface, (_probe, who) in TABLE.items():
		cells = ["✓" if key in who else "·" for key in SUBJECTS]
		lines.append(f"| {surface} | " + " | ".join(cells) + " |")
	return "\n".join(lines) + "\n"
