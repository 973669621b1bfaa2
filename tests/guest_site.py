"""The site that the guest test begins with: accounts with ERPNext's roles, and a few records of the host's. Run by guest.py."""

import sys

import frappe
from frappe.utils import add_days, today
from frappe.utils.password import update_password

PASSWORD = "Sandi-tamu-12345!"
ACCOUNTS = {  # account: roles
	"sales": ["Sales User", "Sales Manager", "Sales Master Manager"],
	"hr": ["HR User", "HR Manager"],
	"accounts": ["Accounts User", "Accounts Manager"],
	"employee": ["Employee"],
	"manager": ["System Manager", "Website Manager", "Workspace Manager", "Report Manager"],
	"visitor": ["Customer"],  # a Website User
	"guest": [],
}

LANGUAGES = {"hr": "id", "employee": "id"}  # translations of all apps are one dictionary


def login(account: str) -> str:
	return "Guest" if account == "guest" else f"{account}@tamu.example"


def prepare():
	frappe.flags.mute_emails = True
	frappe.set_user("Administrator")
	if frappe.db.exists("User", login("sales")):
		sys.exit("This site is prepared already.")
	# core does so with every installation of an app, and only then says that the setup wizard of another has been passed
	frappe.get_single("Installed Applications").update_versions()
	company = frappe.get_all("Company", pluck="name", order_by="creation")[0]
	_accounts()
	_people(company)
	_sales(company)
	_desk()
	_workflow()
	frappe.db.commit()


def _new(doctype: str, **values):
	return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)


def _accounts():
	for account, roles in ACCOUNTS.items():
		if account == "guest":
			continue
		_new(
			"User", email=login(account), first_name=f"Tamu {account}", send_welcome_email=0, language=LANGUAGES.get(account, "en"),
			roles=[{"role": role} for role in roles],
		)  # fmt: skip
		update_password(login(account), PASSWORD)


def _people(company):
	for account in ("employee", "hr", "sales"):
		_new(
			"Employee", first_name=f"Tamu {account}", company=company, gender="Female", status="Active",
			date_of_birth="1990-02-03", date_of_joining="2020-01-01", user_id=login(account),
			create_user_permission=int(account == "employee"),
		)  # fmt: skip
	_new("Department", department_name="Bagian Uji", company=company)


def _sales(company):
	group = {
		doctype: frappe.get_all(doctype, {"is_group": 0}, pluck="name", order_by="name")[0]
		for doctype in ("Customer Group", "Territory", "Item Group", "Supplier Group")
	}
	customer = _new(
		"Customer", customer_name="Pelanggan Uji", customer_type="Company",
		customer_group=group["Customer Group"], territory=group["Territory"],
	)  # fmt: skip
	_new("Supplier", supplier_name="Pemasok Uji", supplier_group=group["Supplier Group"])
	item = _new(
		"Item", item_code="JASA-UJI", item_group=group["Item Group"], stock_uom="Nos", is_stock_item=0
	)
	links = [{"link_doctype": "Customer", "link_name": customer.name}]
	_new(
		"Contact", first_name="Kontak", last_name="Uji", links=links, user=login("visitor"),
		email_ids=[{"email_id": login("visitor"), "is_primary": 1}],
	)  # fmt: skip
	_new(
		"Address", address_title="Alamat Uji", address_type="Billing", address_line1="Jalan Uji 1",
		city="Kota Uji", country="Indonesia", links=links,
	)  # fmt: skip
	rows = [{"item_code": item.name, "qty": 2, "rate": 1000, "delivery_date": add_days(today(), 5)}]
	orders = []
	for submitted in (False, True):
		order = _new(
			"Sales Order", customer=customer.name, company=company, delivery_date=add_days(today(), 5), items=rows,
			transaction_date=today(),
		)  # fmt: skip
		if submitted:
			order.submit()
		orders.append(order)
	order = orders[0]
	for line in ("Catatan pada pesanan", "Catatan kedua"):
		order.add_comment("Comment", line)
	order.add_tag("tamu")
	for name, private in (("tamu-terbuka.txt", 0), ("tamu-tertutup.txt", 1)):
		_new(
			"File", file_name=name, content=f"isi {name}", is_private=private, attached_to_doctype="Sales Order",
			attached_to_name=order.name,
		)  # fmt: skip
	_new(
		"Communication", subject="Surat tamu", content="Isi surat", sender="luar@tamu.example",
		recipients=login("sales"), reference_doctype="Sales Order", reference_name=order.name,
		communication_type="Communication", sent_or_received="Received",
	)  # fmt: skip
	invoice = _new("Sales Invoice", customer=customer.name, company=company, items=[{**rows[0]}])
	invoice.submit()
	_new("Lead", lead_name="Calon Uji", company_name="Calon Uji", status="Lead")
	_new("Task", subject="Tugas Uji")


def _desk():
	for account in ("sales", "manager"):
		_new("Note", title=f"Rahasia {account}", content="rahasia", public=0).db_set("owner", login(account))
		_new(
			"ToDo",
			description=f"Kerjakan {account}",
			allocated_to=login(account),
			assigned_by="Administrator",
		)
		_new(
			"Notification Log", subject=f"Kabar {account}", for_user=login(account), type="Alert",
			document_type="Lead", document_name=frappe.get_all("Lead", pluck="name", order_by="creation")[0],
		)  # fmt: skip
	_new("Note", title="Umum", content="untuk semua", public=1)
	_new("File", file_name="tamu-lepas.txt", content="lepas", is_private=1)
	for kind in ("Private", "Public"):
		_new("Event", subject=f"Acara {kind}", event_type=kind, starts_on=f"{today()} 09:00:00")
	_new(
		"Report", report_name="Laporan Tamu", ref_doctype="Lead", report_type="Report Builder", is_standard="No",
		json='{"fields": [["name", "Lead"], ["status", "Lead"]], "filters": []}',
	)  # fmt: skip
	_new(
		"Number Card", label="Kartu Tamu", document_type="Lead", function="Count", is_public=1, filters_json="[]",
		type="Document Type",
	)  # fmt: skip
	_new(
		"Dashboard Chart", chart_name="Grafik Tamu", chart_type="Count", document_type="Lead", is_public=1,
		based_on="creation", timeseries=1, timespan="Last Year", time_interval="Monthly", filters_json="[]",
		type="Line",
	)  # fmt: skip
	for doctype in ("Lead", "User", "Version"):
		_new(
			"Dashboard Chart", chart_name=f"Peta {doctype}", chart_type="Count", document_type=doctype, is_public=1,
			based_on="creation", timeseries=1, timespan="Last Year", time_interval="Daily", filters_json="[]",
			type="Heatmap", heatmap_year=today()[:4],
		)  # fmt: skip
	_new(
		"Dashboard",
		dashboard_name="Papan Tamu",
		charts=[{"chart": "Grafik Tamu"}],
		cards=[{"card": "Kartu Tamu"}],
	)
	_new(
		"Kanban Board", kanban_board_name="Papan Calon", reference_doctype="Lead", field_name="status",
		columns=[{"column_name": "Lead"}, {"column_name": "Open"}],
	)  # fmt: skip
	_new("Letter Head", letter_head_name="Kop Tamu", content="<b>Kop tamu</b>", source="HTML")
	_new(
		"Print Format", name="Cetak Tamu", doc_type="Sales Order", custom_format=1, print_format_type="Jinja",
		html="<p>{{ doc.customer }}</p>", standard="No",
	)  # fmt: skip
	_new(
		"Web Page",
		title="Halaman Tamu",
		route="halaman-tamu",
		published=1,
		content_type="HTML",
		main_section_html="<p>Tamu</p>",
	)


def _workflow():
	"""Of the host: some of its names are this app's as well."""
	for state in ("Draf", "Selesai"):
		if not frappe.db.exists("Workflow State", state):
			_new("Workflow State", workflow_state_name=state)
	for action in ("Setujui", "Kembalikan"):
		if not frappe.db.exists("Workflow Action Master", action):
			_new("Workflow Action Master", workflow_action_name=action)
	states = [
		{"state": state, "doc_status": "0", "allow_edit": "Sales User"} for state in ("Draf", "Selesai")
	]
	steps = [("Draf", "Setujui", "Selesai"), ("Selesai", "Kembalikan", "Draf")]
	_new(
		"Workflow", workflow_name="Alur Calon", document_type="Lead", is_active=1, workflow_state_field="workflow_state",
		states=states,
		transitions=[
			{"state": state, "action": action, "next_state": after, "allowed": "Sales User"}
			for state, action, after in steps
		],
	)  # fmt: skip


if __name__ == "__main__":
	frappe.init(sys.argv[1])
	frappe.connect()
	prepare()
