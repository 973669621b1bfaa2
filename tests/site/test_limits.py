"""What one request may cost: texts are measured before they are cleaned, dates are what they say."""

import frappe
import pytest
from factory import pk, user

from perjankin_app import moments, values

PK = "Perjanjian Kinerja"


@pytest.mark.parametrize("field", ["tempat", "dasar_perubahan"])
@pytest.mark.parametrize("text", ["<b>" * 70_000, "<a " * 70_000, "<!--" * 50_000, "x" * 2_000_000])
def test_a_text_is_measured_before_it_is_cleaned(in_force, monkeypatch, field, text):
	"""100 KB of it took 31 s on v15, with the PK's row locked."""
	doc = pk()
	frappe.set_user(user("penyusun"))
	doc.set(field, text)
	cleaned = []
	monkeypatch.setattr(type(doc), "_sanitize_content", lambda self: cleaned.append(self))
	with pytest.raises(frappe.ValidationError, match=r"paling banyak|terlalu banyak"):
		doc.save()
	assert not cleaned


def test_many_rows_with_few_tags_each(in_force):
	doc = pk()
	frappe.set_user(user("penyusun"))
	row = doc.target[0].as_dict(no_default_fields=True)
	for number in range(100):
		doc.append("target", {**row, "keterangan": "<b>" * 100, "target": "<b>" * 100, "no": number})
	with pytest.raises(frappe.ValidationError, match="anyak tanda <"):
		doc.save()


def test_signs_of_comparison_are_no_tags(in_force):
	doc = pk()
	frappe.set_user(user("penyusun"))
	doc.tempat = "a < b > c"
	assert doc.save().tempat


@pytest.mark.parametrize(
	"value", ["-1", "12", "31", "Desember", "9999-12-31", "0001-01-01", "2026-02-30", "today", "31-12-2026"]
)
def test_a_date_is_read_strictly(in_force, value):
	doc = pk()
	frappe.set_user(user("penyusun"))
	doc.tanggal = value
	with pytest.raises(frappe.ValidationError, match="isi tanggal"):
		doc.save()


@pytest.mark.parametrize("year", [-2, 2])
def test_a_pk_has_a_date_of_its_time(in_force, year):
	doc = pk()
	frappe.set_user(user("penyusun"))
	doc.tanggal = f"{int(doc.periode) + year}-06-30"
	with pytest.raises(frappe.ValidationError, match="Tanggal: isi tanggal antara"):
		doc.save()
	doc.reload()
	doc.tanggal = f"{doc.periode}-06-30"
	assert doc.save()


def test_every_field_that_holds_a_text_is_bound():
	"""Long Text and Code are the server's: no client writes them."""
	assert values.LONGEST["Small Text"] and values.LONGEST_DATA and moments.YEARS
	for doctype in frappe.get_all("DocType", {"module": "Perjankin App"}, pluck="name"):
		for df in frappe.get_meta(doctype).fields:
			assert df.fieldtype not in ("Text Editor", "HTML Editor", "Markdown Editor", "JSON"), (
				doctype,
				df.fieldname,
			)
			assert df.fieldtype not in ("Long Text", "Code") or df.read_only or df.hidden, (
				doctype,
				df.fieldname,
			)
