"""Every app's translations become one dictionary: a label of ours is no word that Frappe or ERPNext says otherwise."""

import csv
import io
import json
import re
from pathlib import Path

import frappe
import pytest
from factory import user

import perjankin_app

PACKAGE = Path(perjankin_app.__file__).parent
# single words that Frappe or ERPNext translate, in Indonesian, to another word than ours (seen in 15.44 to 16)
HOSTS_WORDS = {
	"Agenda": "Jadwal acara",
	"Output": "Keluaran",
	"Target": "Sasaran",
	"Unit": "Satuan",
}
# standard fields and messages of core, in core's own words
CORES = {
	"Amended From",
	"Communication",
	"Could not find {0}",
	"Dashboard Chart",
	"You don't have permission to access this file",
}
CALL = re.compile(r"""\b_{1,2}\(\s*(["'])((?:\\.|(?!\1).)*)\1""")
LABELS = ("label", "title", "report_name", "header")


@pytest.fixture
def host_speaks(committed):
	"""The words of a host that has more apps than this site, as an admin could enter them too."""
	made = [
		frappe.get_doc(
			doctype="Translation", language="id", source_text=source, translated_text=translated
		).insert()
		for source, translated in HOSTS_WORDS.items()
	]
	frappe.db.commit()
	assert frappe._("Unit", "id") == "Satuan"
	yield
	for translation in made:
		translation.delete()
	frappe.db.commit()


def labels() -> dict[str, str]:
	"""{word: where it stands} of every label, option and message of ours."""
	found = {}
	for path in PACKAGE.rglob("*.json"):
		for word in words_of(json.loads(path.read_text())):
			found[word] = path.name
	for path in (path for kind in ("py", "js", "html") for path in PACKAGE.rglob(f"*.{kind}")):
		for match in CALL.finditer(path.read_text()):
			found[match[2]] = path.name
	return found


def words_of(value):
	if isinstance(value, dict):
		if value.get("fieldtype") == "Select":
			yield from (value.get("options") or "").split("\n")
		yield from (text for key in LABELS if isinstance(text := value.get(key), str))
		for below in value.values():
			yield from words_of(below)
	elif isinstance(value, list):
		for below in value:
			yield from words_of(below)


def test_no_label_of_ours_is_said_otherwise(host_speaks):
	found = labels()
	assert len(found) > 500
	wrong = {
		word: (frappe._(word, "id"), where)
		for word, where in found.items()
		if word and word not in CORES and frappe._(word, "id") != word
	}
	assert not wrong


def test_labels_that_core_makes_of_names():
	"""Messages and grids name a table by its label, never by an unscrubbed fieldname that is a word of the host's."""
	for doctype in frappe.get_all("DocType", {"module": "Perjankin App"}, pluck="name"):
		for df in frappe.get_meta(doctype).fields:
			word = df.label or (df.fieldtype in frappe.model.data_fieldtypes and frappe.unscrub(df.fieldname))
			assert word not in HOSTS_WORDS, (doctype, df.fieldname)


# ------------------------------------------------------------------------------------------------- as people get them


@pytest.fixture
def indonesian(host_speaks, in_review, client):
	frappe.db.set_value("User", user("penyusun"), "language", "id")
	frappe.db.commit()
	return client(user("penyusun"))


def heads(answer) -> list[str]:
	assert answer.status_code == 200, answer.text[:300]
	rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
	return next(row for row in rows if len(row) > 3)


def test_heads_of_an_import_template(indonesian):
	answer = indonesian.get(
		"/api/method/frappe.core.doctype.data_import.data_import.download_template",
		query_string={
			"doctype": "Unit Kerja",
			"export_fields": json.dumps({"Unit Kerja": ["nama", "jenis", "parent_unit_kerja", "singkatan"]}),
			"export_records": "blank_template",
			"file_type": "CSV",
		},
	)
	if answer.status_code == 403:
		pytest.skip("staff import nothing")
	found = heads(answer)
	assert not set(found) & set(HOSTS_WORDS.values()), found


@pytest.mark.parametrize(
	("doctype", "fields", "expected"),
	[
		("Data Bidang", ["name", "unit", "opd", "status"], "Unit Kerja"),
		("Perjanjian Kinerja", ["name", "opd", "unit", "jenjang"], "Unit Kerja"),
	],
)
def test_heads_of_an_exported_list(indonesian, doctype, fields, expected):
	answer = indonesian.post(
		"/api/method/frappe.desk.reportview.export_query",
		data={
			"doctype": doctype,
			"title": doctype,
			"fields": json.dumps([f"`tab{doctype}`.`{field}`" for field in fields]),
			"filters": "[]",
			"file_format_type": "CSV",
			"view": "Report",
		},
	)
	if answer.status_code == 403:
		pytest.skip("staff export nothing")
	found = heads(answer)
	assert expected in found and not set(found) & set(HOSTS_WORDS.values()), found


def test_heads_of_reports(host_speaks, in_force):
	frappe.local.lang = "id"
	for report in frappe.get_all("Report", {"module": "Perjankin App"}, pluck="name"):
		doc = frappe.get_doc("Report", report)
		columns, _rows = doc.get_data(filters={}, limit=1, as_dict=True)
		found = [column.get("label") if isinstance(column, dict) else column for column in columns]
		assert not set(found) & set(HOSTS_WORDS.values()), (report, found)
