"""The security section of Pengaturan Perjankin: it tells the truth, and changes one setting for a System Manager who asks."""

import factory
import frappe
import pytest
from factory import PEMDA, A, B, forward, make, pk, publish, user

from perjankin_app import install, security
from perjankin_app.document import renderer

SETTINGS = "Pengaturan Perjankin"
WORKFLOW = "Perjanjian Kinerja"
BOXES = {  # setting: the value that is recommended
	"apply_strict_user_permissions": 1,
	"disable_document_sharing": 1,
	"allow_guests_to_upload_files": 0,
	"allow_error_traceback": 0,
}


def site_settings() -> dict:
	"""All of System Settings as stored, but for who touched it last."""
	rows = frappe.db.sql("select field, value from tabSingles where doctype = 'System Settings'")
	return {field: str(value or "0") for field, value in rows if field not in ("modified", "modified_by")}


def put(field, value):
	frappe.db.set_single_value("System Settings", field, value)
	frappe.clear_document_cache("System Settings", "System Settings")


def safe(key) -> bool:
	return {row["key"]: row["aman"] for row in security.report()}[key]


def public_file():
	"""As one from before files of ours were kept private."""
	official = frappe.db.get_value("Pejabat", {"user": user("staf")})
	file = frappe.get_doc(
		doctype="File", file_name="uji-sk.txt", content="SK", is_private=1,
		attached_to_doctype="Pejabat", attached_to_name=official,
	).insert()  # fmt: skip
	frappe.db.set_value("File", file.name, "is_private", 0)
	return file.name


# ------------------------------------------------------------------------------------------------------------- truth


@pytest.mark.parametrize("field, recommended", BOXES.items())
def test_each_setting_is_told_as_it_is_and_set_alone(field, recommended):
	for value in (recommended, 1 - recommended):
		put(field, value)
		assert safe(field) == (value == recommended)
	before = site_settings()
	security.apply(field)
	after = site_settings()
	assert safe(field)
	assert {f for f in before | after if before.get(f, "0") != after.get(f, "0")} == {field}
	assert int(after.get(field, 0)) == recommended


def test_mails_of_the_workflow(in_force):
	assert safe("send_email_alert")
	frappe.db.set_value("Workflow", WORKFLOW, "send_email_alert", 1)
	assert not safe("send_email_alert")
	security.apply("send_email_alert")
	assert safe("send_email_alert")


def test_public_files():
	assert safe("public_files")
	public_file()
	frappe.get_doc(doctype="File", file_name="umum.txt", content="bukan milik kita", is_private=0).insert()
	assert not safe("public_files")
	row = next(row for row in security.report() if row["key"] == "public_files")
	assert "1 berkas" in row["risiko"]
	security.apply("public_files")
	assert safe("public_files")
	assert not frappe.db.get_value("File", {"file_name": "umum.txt"}, "is_private")


def test_developer_mode_is_advice_only(monkeypatch):
	monkeypatch.setitem(frappe.conf, "developer_mode", 0)
	assert safe("developer_mode")
	monkeypatch.setitem(frappe.conf, "developer_mode", 1)
	row = next(row for row in security.report() if row["key"] == "developer_mode")
	assert not row["aman"] and not row["dapat_diubah"] and "bench" in row["saran"]
	with pytest.raises(frappe.ValidationError):
		security.apply("developer_mode")


def test_the_address_in_the_qr_code(monkeypatch):
	monkeypatch.setitem(frappe.conf, "host_name", "https://pk.contoh.go.id")
	assert safe("host_name")
	monkeypatch.setitem(frappe.conf, "host_name", None)
	row = next(row for row in security.report() if row["key"] == "host_name")
	assert not row["aman"] and not row["dapat_diubah"] and "host_name https" in row["saran"]


@pytest.mark.parametrize("patched", [True, False])
def test_the_pdf_engine_where_it_is_wkhtmltopdf(monkeypatch, patched):
	version = "0.12.6 (with patched qt)" if patched else "0.12.6"
	monkeypatch.setattr(renderer, "installed", lambda: {"wkhtmltopdf": version, "WeasyPrint": "68.0"})
	assert safe("wkhtmltopdf") == patched and safe("pdf_engine")
	monkeypatch.setattr(renderer, "installed", lambda: {"WeasyPrint": "68.0"})
	assert "wkhtmltopdf" not in {row["key"] for row in security.report()}


def test_a_setting_that_this_version_lacks_is_skipped(monkeypatch):
	before = {row["key"] for row in security.report()}
	monkeypatch.setattr(security, "_has", lambda doctype, field: field != "allow_error_traceback")
	assert before - {row["key"] for row in security.report()} == {"allow_error_traceback"}


def modified():
	"""v15 reads a single's fields only by their meta, and this is none."""
	table = frappe.qb.Table("tabSingles")
	rows = frappe.qb.from_(table).select(table.value).where(table.doctype == "System Settings")
	return rows.where(table.field == "modified").run()


def test_what_is_already_as_recommended_is_not_written_again(monkeypatch):
	put("disable_document_sharing", 1)
	before = modified()
	security.apply("disable_document_sharing")
	assert modified() == before


@pytest.mark.parametrize(
	"key", ["enable_two_factor_auth", "", "modified", "apply_strict_user_permissions; drop"]
)
def test_nothing_else_can_be_changed(key):
	before = site_settings()
	with pytest.raises(frappe.ValidationError):
		security.apply(key)
	assert site_settings() == before


@pytest.fixture
def strict():
	for field in BOXES:
		security.apply(field)


def test_pk_work_goes_on_with_everything_as_recommended(in_force, strict):
	doc = forward(pk())
	for login in (user("kasubbag"), user("admin"), user("pemda", PEMDA)):
		frappe.set_user(login)
		assert frappe.get_list("Perjanjian Kinerja", pluck="name") == [doc.name]
		assert frappe.get_list("Unit Kerja") and frappe.get_list("Jabatan") and frappe.get_list("Pejabat")


@pytest.mark.parametrize("login", [user("admin"), user("pemda", PEMDA)])
def test_so_does_the_admins(strict, login):
	frappe.set_user(login)
	unit = make("Unit Kerja", nama="Bidang Dua", jenis="Bidang", parent_unit_kerja=A)
	jabatan = make("Jabatan", nama="Kabid Dua", unit=unit, jenjang="Administrator")
	official = make("Pejabat", nama="Uji baru", nip="198001012005011001", opd=A)
	assert factory.assign(official, jabatan)
	frappe.get_doc("Jabatan", jabatan).save()


def test_and_the_other_opd_stays_closed(strict):
	frappe.set_user(user("admin"))
	with pytest.raises(frappe.PermissionError):
		make("Jabatan", nama="Liar", unit=B, jenjang="Pelaksana")
	with pytest.raises(frappe.PermissionError):
		make("Jabatan", nama="Liar", unit=B, opd=A, jenjang="Pelaksana")


# ------------------------------------------------------------------------------------------------ nothing by itself


def test_opening_installing_and_migrating_change_nothing(in_force):
	for field, recommended in BOXES.items():
		put(field, 1 - recommended)
	before = site_settings()
	frappe.get_doc(SETTINGS).run_method("onload")
	install.after_install()
	install.after_migrate()
	publish(opd=factory.B, jenjang="Pengawas", name="SOP Uji lagi")
	assert site_settings() == before


# ---------------------------------------------------------------------------------------------------------- over HTTP


def test_over_http_for_a_system_manager_only(client, in_force):
	form = f"/api/method/frappe.desk.form.load.getdoc?doctype={SETTINGS}&name={SETTINGS}"
	apply = f"/api/method/{security.__name__}.apply"
	was = frappe.db.get_single_value("System Settings", "allow_error_traceback", cache=False)
	put("allow_error_traceback", 1)
	try:
		for login in (user("pemda", PEMDA), user("inspektur", PEMDA), user("admin"), user("staf")):
			c = client(login)
			rows = c.get(form).json["docs"][0]["__onload"]["keamanan"]
			assert {row["key"]: row["aman"] for row in rows}["allow_error_traceback"] is False
			assert not any(row["dapat_diubah"] for row in rows)
			assert c.post(apply, json={"key": "allow_error_traceback"}).status_code == 403
		assert client().post(apply, json={"key": "allow_error_traceback"}).status_code == 403
		c = client("Administrator")
		assert c.get(apply, query_string={"key": "allow_error_traceback"}).status_code >= 400  # not by a link
		frappe.db.rollback()
		assert frappe.db.get_single_value("System Settings", "allow_error_traceback", cache=False)
		assert c.post(apply, json={"key": "allow_error_traceback"}).status_code == 200
		frappe.db.rollback()
		assert not frappe.db.get_single_value("System Settings", "allow_error_traceback", cache=False)
	finally:
		put("allow_error_traceback", was)
		frappe.db.commit()


def test_a_system_manager_who_is_not_administrator(client):
	login = "sm@uji.example"
	if not frappe.db.exists("User", login):
		frappe.get_doc(doctype="User", email=login, first_name="Uji SM", send_welcome_email=0).insert()
	frappe.get_doc("User", login).add_roles("System Manager")
	was = frappe.db.get_single_value("System Settings", "disable_document_sharing", cache=False)
	put("disable_document_sharing", 0)
	try:
		c = client(login)
		form = f"/api/method/frappe.desk.form.load.getdoc?doctype={SETTINGS}&name={SETTINGS}"
		rows = {row["key"]: row for row in c.get(form).json["docs"][0]["__onload"]["keamanan"]}
		assert rows["disable_document_sharing"]["dapat_diubah"]
		response = c.post(f"/api/method/{security.__name__}.apply", json={"key": "disable_document_sharing"})
		assert response.status_code == 200
		frappe.db.rollback()
		assert frappe.db.get_single_value("System Settings", "disable_document_sharing", cache=False)
	finally:
		put("disable_document_sharing", was)
		frappe.delete_doc("User", login, force=True)
		frappe.db.commit()
