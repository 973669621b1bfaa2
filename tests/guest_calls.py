"""What each account of the guest test asks and does: some hundred calls of the desk, of the REST API and of the website.

Every section is a generator: it yields calls and is sent their answers, so a call may name what an earlier one has made. It
must not depend on anything else: the same calls come in the same order on both sites.
"""

import json
from dataclasses import dataclass, field
from itertools import count

REST, REST2, METHOD = "/api/resource/", "/api/v2/document/", "/api/method/"
CORE_LISTS = (
	"User|Role|DocType|Module Def|Workflow|Workflow State|Workflow Action|File|ToDo|Note|Event|Comment|Communication|Version"
	"|Notification Log|Tag Link|DocShare|Document Follow|User Permission|Contact|Address|Report|Print Format|Workspace"
	"|Number Card|Dashboard Chart|Scheduled Job Type|Deleted Document"
).split("|")
ERPNEXT_LISTS = (
	"Customer|Supplier|Item|Sales Order|Sales Invoice|Journal Entry|Account|Employee|Department|Lead|Task|Company"
).split("|")
FOLLOWED = "Lead"


@dataclass
class Call:
	method: str
	path: str
	args: dict = field(default_factory=dict)
	content: bytes | None = None  # of a file to upload

	def __str__(self):
		told = " ".join(f"{key}={value}" for key, value in self.args.items())
		return f"{self.method} {self.path} {told}".strip()[:200]


def get(path, /, **args):
	return Call("GET", path, args)


def call(name, /, **args):
	return Call("POST", METHOD + name, args)


def name_of(answer, default="none"):
	"""The name of the record that a call has made or sent back, if it has."""
	try:
		found = json.loads(answer)
	except ValueError:
		return default
	for key in ("data", "message"):
		if isinstance(found.get(key), dict):
			return found[key].get("name") or default
	return (found.get("docs") or [{}])[0].get("name") or default


def rows(doctype, *fields):
	return json.dumps([f"`tab{doctype}`.`{name}`" for name in ("name", *fields)])


def lists(it):
	"""Lists, counts and links, of core's DocTypes and ERPNext's."""
	for doctype in (*CORE_LISTS, *ERPNEXT_LISTS):
		yield get(REST + doctype, order_by="creation, name", limit_page_length=500)
	for doctype in ("Note", "File", "Lead", "Sales Order"):
		yield get(REST2 + doctype, order_by="creation")
		yield call(
			"frappe.desk.reportview.get", doctype=doctype, fields=rows(doctype, "owner"), order_by="creation"
		)
		yield call("frappe.desk.reportview.get_count", doctype=doctype, fields=rows(doctype), filters="[]")
		yield call("frappe.client.get_count", doctype=doctype)
		yield get(f"/api/v2/doctype/{doctype}/count")
		yield call(
			"frappe.desk.reportview.get_sidebar_stats", doctype=doctype, stats='["_user_tags"]', filters="[]"
		)
		yield call(
			"frappe.desk.listview.get_group_by_count", doctype=doctype, current_filters="[]", field="owner"
		)
		yield call(
			"frappe.desk.listview.get_group_by_count",
			doctype=doctype,
			current_filters="[]",
			field="assigned_to",
		)
		yield call(
			"frappe.desk.reportview.export_query", doctype=doctype, fields=rows(doctype, "owner"), title=doctype,
			file_format_type="CSV", order_by="creation",
		)  # fmt: skip
	yield call(
		"frappe.desk.reportview.export_query", doctype="Customer", fields=rows("Customer"), title="x",
		file_format_type="Excel",
	)  # fmt: skip
	for doctype, text in (
		("Customer", "Pel"),
		("User", "tamu"),
		("Role", "S"),
		("DocType", "Note"),
		("Lead", ""),
	):
		yield call("frappe.desk.search.search_link", doctype=doctype, txt=text, page_length=50)
	yield call("frappe.desk.search.search_widget", doctype="Contact", txt="Kon", query="", filters="{}")
	yield call(
		"frappe.desk.search.search_link", doctype="Employee", txt="Tamu",
		query="erpnext.controllers.queries.employee_query",
	)  # fmt: skip
	yield call("frappe.desk.search.get_names_for_mentions", search_term="tamu")
	yield call("frappe.desk.search.get_link_title", doctype="Customer", docname=it["Customer"])
	yield call("frappe.utils.global_search.search", text="Uji")
	yield get(METHOD + "frappe.utils.global_search.web_search", text="Tamu")
	yield call("frappe.desk.listview.get_list_settings", doctype="Lead")
	yield get(
		METHOD + "frappe.client.get_list",
		doctype="Lead",
		fields='["name","status"]',
		filters='{"status":"Lead"}',
	)


def forms(it):
	"""A form and everything around it."""
	for doctype in (
		"Note",
		"File",
		"Sales Order",
		"Lead",
		"Employee",
		"Sales Invoice",
		"Event",
		"ToDo",
		"User",
		"Contact",
	):
		yield call("frappe.desk.form.load.getdoc", doctype=doctype, name=it[doctype])
	for doctype in ("Lead", "Sales Order", "User", "Note"):
		yield call("frappe.desk.form.load.getdoctype", doctype=doctype, with_parent=1)
		yield call("frappe.desk.form.load.get_docinfo", doctype=doctype, name=it[doctype])
		yield get(REST + f"{doctype}/{it[doctype]}")
		yield call("frappe.client.get_doc_permissions", doctype=doctype, docname=it[doctype])
		yield call("frappe.share.get_users", doctype=doctype, name=it[doctype])
		yield call("frappe.desk.form.document_follow.get_follow_users", doctype=doctype, doc_name=it[doctype])
	order = it["Sales Order"]
	yield get(REST2 + f"Sales Order/{order}/")
	yield get(REST + f"Sales Order/{order}", expand_links="True")
	yield call("frappe.desk.form.linked_with.get", doctype="Customer", docname=it["Customer"])
	yield call("frappe.desk.form.linked_with.get_linked_doctypes", doctype="Customer")
	yield call(
		"frappe.desk.form.linked_with.get_submitted_linked_docs", doctype="Sales Order", name=it["submitted"]
	)
	yield call("frappe.desk.notifications.get_open_count", doctype="Customer", name=it["Customer"])
	yield call("frappe.desk.link_preview.get_preview_data", doctype="Customer", docname=it["Customer"])
	yield call("frappe.desk.form.load.get_communications", doctype="Sales Order", name=order)
	yield call(
		"frappe.desk.form.utils.get_next", doctype="Sales Order", value=order, prev=0, filters="[]",
		sort_field="creation", sort_order="desc",
	)  # fmt: skip
	yield call(
		"frappe.client.validate_link", doctype="Customer", docname=it["Customer"], fields='["customer_name"]'
	)
	yield call(
		"frappe.client.get_value", doctype="Customer", fieldname="customer_name", filters=it["Customer"]
	)
	yield call("frappe.client.get_single_value", doctype="System Settings", field="language")
	yield call("frappe.contacts.doctype.contact.contact.get_contact_details", contact=it["Contact"])
	yield call(
		"frappe.contacts.doctype.address.address.get_default_address", doctype="Customer", name=it["Customer"]
	)
	yield call("frappe.client.is_document_amended", doctype="Sales Order", docname=order)
	yield call(
		"frappe.core.doctype.submission_queue.submission_queue.get_latest_submissions", doctype="Sales Order",
		docname=order,
	)  # fmt: skip
	yield call(
		"erpnext.selling.doctype.sales_order.sales_order.make_sales_invoice",
		source_name=it["submitted"],
		target_doc="",
	)
	yield call(
		"frappe.model.mapper.make_mapped_doc", source_name=it["submitted"],
		method="erpnext.selling.doctype.sales_order.sales_order.make_delivery_note",
	)  # fmt: skip


def writing(it):
	"""Records are made, saved, submitted, cancelled, renamed and deleted."""
	number = count()
	for base, doctype, values in (
		(REST, "ToDo", {"description": "Kerja dari luar", "allocated_to": it.login}),
		(REST, "Note", {"title": f"Catatan {it.account}", "content": "isi"}),
		(REST2, "Note", {"title": f"Catatan dua {it.account}", "content": "isi"}),
		(REST, "Lead", {"lead_name": f"Calon {it.account}"}),
		(REST, "Customer", {"customer_name": f"Pelanggan {it.account}", **it.groups}),
		(REST, "Task", {"subject": f"Tugas {it.account}"}),
		(REST, "Event", {"subject": "Acara", "event_type": "Private", "starts_on": "2026-12-01 09:00:00"}),
		(REST, "Department", {"department_name": f"Bagian {it.account}", "company": it["Company"]}),
		(REST, "Role", {"role_name": f"Peran {it.account}"}),
		(REST, "Workflow State", {"workflow_state_name": f"Status {it.account}"}),
	):
		answer = yield Call("POST", base + doctype, values)
		name = name_of(answer, f"none {next(number)}")
		yield get(REST + f"{doctype}/{name}")
		yield Call("PUT", base + f"{doctype}/{name}" + "/" * (base == REST2), {"idx": 3})
		yield call("frappe.client.set_value", doctype=doctype, name=name, fieldname="_user_tags", value="x")
		yield Call("DELETE", base + f"{doctype}/{name}" + "/" * (base == REST2))
	new = {
		"doctype": "Lead",
		"__islocal": 1,
		"__unsaved": 1,
		"name": "new-lead-1",
		"lead_name": f"Formulir {it.account}",
	}
	answer = yield call("frappe.desk.form.save.savedocs", doc=json.dumps(new), action="Save")
	lead = name_of(answer)
	yield call("frappe.desk.form.save.savedocs", doc=json.dumps({**new, "lead_name": ""}), action="Save")
	order = {
		"doctype": "Sales Order", "customer": it["Customer"], "company": it["Company"], "delivery_date": "2026-12-24",
		"items": [{"item_code": "JASA-UJI", "qty": 1, "rate": 5, "delivery_date": "2026-12-24"}],
	}  # fmt: skip
	answer = yield call("frappe.client.insert", doc=json.dumps(order))
	made = name_of(answer)
	answer = yield get(REST + f"Sales Order/{made}")
	stored = json.dumps(json.loads(answer).get("data") or {"doctype": "Sales Order", "name": made})
	yield call("frappe.client.submit", doc=stored)
	yield call("frappe.client.cancel", doctype="Sales Order", name=made)
	yield call("frappe.client.delete", doctype="Sales Order", name=made)
	yield call(
		"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs", doctype="Lead",
		docnames=json.dumps([lead]), action="update", data='{"lead_name": "Massal"}',
	)  # fmt: skip
	yield call(
		"frappe.client.bulk_update",
		docs=json.dumps([{"doctype": "Lead", "docname": lead, "lead_name": "Lagi"}]),
	)
	yield call(
		"frappe.model.rename_doc.update_document_title", doctype="Lead", docname=lead, title="Baru", name=lead
	)
	yield call("frappe.client.rename_doc", doctype="Role", old_name="Customer", new_name="Customer")
	yield call("frappe.model.workflow.get_transitions", doc=json.dumps({"doctype": "Lead", "name": lead}))
	yield call(
		"frappe.model.workflow.apply_workflow",
		doc=json.dumps({"doctype": "Lead", "name": lead}),
		action="Setujui",
	)
	yield call(
		"frappe.model.workflow.bulk_workflow_approval",
		docnames=json.dumps([lead]),
		doctype="Lead",
		action="Kembalikan",
	)
	yield call(
		"frappe.model.workflow.get_common_transition_actions",
		docs=json.dumps([{"name": lead}]),
		doctype="Lead",
	)
	yield call(
		"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count", doctype="Lead",
		workflow_state_field="workflow_state", states='["Draf"]',
	)  # fmt: skip
	yield call("frappe.desk.reportview.delete_items", doctype="Lead", items=json.dumps([lead]))
	yield call(
		"frappe.client.insert_many",
		docs=json.dumps([{"doctype": "ToDo", "description": "satu", "allocated_to": it.login}]),
	)


def together(it):
	"""What people do on a record that is there: comment, assign, tag, follow, share, like, mail."""
	for doctype, name in (
		(FOLLOWED, it[FOLLOWED]),
		("Note", it["secret"]),
		("Sales Order", it["Sales Order"]),
	):
		about = {"reference_doctype": doctype, "reference_name": name}
		answer = yield call(
			"frappe.desk.form.utils.add_comment", **about, content="Komentar", comment_email="x@tamu.example",
			comment_by="Siapa",
		)  # fmt: skip
		comment = name_of(answer)
		yield call("frappe.desk.form.utils.update_comment", name=comment, content="Diubah")
		yield Call("POST", REST + f"{doctype}/{name}", {"run_method": "add_comment", "text": "Lewat metode"})
		yield Call("POST", REST + "Comment", {**about, "comment_type": "Info", "content": "Catatan"})
		yield Call("DELETE", REST + f"Comment/{comment}")
		yield call(
			"frappe.desk.form.assign_to.add", assign_to=json.dumps([it.login]), doctype=doctype, name=name,
			description="Kerjakan",
		)  # fmt: skip
		yield call("frappe.desk.form.assign_to.get", args=json.dumps({"doctype": doctype, "name": name}))
		yield call("frappe.desk.form.assign_to.close", doctype=doctype, name=name, assign_to=it.login)
		yield call("frappe.desk.form.assign_to.remove", doctype=doctype, name=name, assign_to=it.login)
		yield call("frappe.desk.doctype.tag.tag.add_tag", tag="kabar", dt=doctype, dn=name)
		yield call("frappe.desk.doctype.tag.tag.get_tagged_docs", doctype=doctype, tag="kabar")
		yield call("frappe.desk.doctype.tag.tag.remove_tag", tag="kabar", dt=doctype, dn=name)
		yield call(
			"frappe.desk.form.document_follow.update_follow", doctype=doctype, doc_name=name, following=1
		)
		yield call(
			"frappe.desk.form.document_follow.unfollow_document",
			doctype=doctype,
			doc_name=name,
			user=it.login,
		)
		yield call("frappe.share.add", doctype=doctype, name=name, user=it["colleague"], read=1, write=1)
		yield call(
			"frappe.share.set_permission",
			doctype=doctype,
			name=name,
			user=it["colleague"],
			permission_to="read",
			value=0,
		)
		yield call("frappe.desk.like.toggle_like", doctype=doctype, name=name, add="Yes")
		yield call("frappe.desk.like.toggle_like", doctype=doctype, name=name, add="No")
		yield call(
			"frappe.core.doctype.communication.email.make", doctype=doctype, name=name, subject="Kabar", content="Isi",
			recipients="siapa@tamu.example", communication_medium="Email", send_email=0,
		)  # fmt: skip
		yield call("frappe.desk.form.load.get_docinfo", doctype=doctype, name=name)
	yield call("frappe.desk.doctype.tag.tag.get_tags", doctype="Lead", txt="ta")
	yield call("frappe.desk.doctype.tag.tag.get_documents_for_tag", tag="tamu")
	yield call(
		"frappe.automation.doctype.assignment_rule.assignment_rule.bulk_apply",
		doctype="Lead",
		docnames='["x"]',
	)
	yield get(
		METHOD + "frappe.desk.doctype.notification_log.notification_log.get_notification_logs", limit=20
	)
	yield call("frappe.desk.doctype.notification_log.notification_log.mark_all_as_read")
	yield call("frappe.desk.notifications.get_notifications")
	yield call(
		"frappe.templates.includes.comments.comments.add_comment", comment="Dari web", comment_email="x@tamu.example",
		comment_by="Siapa", reference_doctype="Web Page", reference_name=it["Web Page"], route="halaman-tamu",
	)  # fmt: skip


def files(it):
	"""Files are sent, read, attached, moved and taken away."""
	order = {"doctype": "Sales Order", "docname": it["Sales Order"]}
	for private in (0, 1):
		for more in ({}, order, {"folder": "Home/Attachments"}):
			answer = yield Call(
				"POST", METHOD + "upload_file", {"is_private": private, **more},
				f"isi {it.account} {private} {len(more)}".encode(),
			)  # fmt: skip
			file = name_of(answer)
			yield get(REST + f"File/{file}")
			yield Call("PUT", REST + f"File/{file}", {"is_private": 1 - private})
	yield Call(
		"POST", METHOD + "upload_file", {"is_private": 1, "docname": "tidak ada", "doctype": "Lead"}, b"x"
	)
	yield Call("POST", METHOD + "upload_file", {"is_private": 0, "method": "frappe.ping"}, b"x")
	yield call(
		"frappe.client.attach_file", filename=f"lampiran-{it.account}.txt", filedata="lampiran", doctype="Sales Order",
		docname=it["Sales Order"],
	)  # fmt: skip
	yield call("frappe.desk.form.utils.remove_attach", fid=file)
	yield Call(
		"POST", REST + "File", {"file_url": "/private/files/tamu-lepas.txt", "file_name": "tamu-lepas.txt"}
	)
	yield Call("POST", REST + "File", {"file_url": "https://luar.example/x.txt", "file_name": "x.txt"})
	yield Call("POST", REST + "File", {"file_name": f"{it.account}.txt", "content": f"teks {it.account}"})
	for url in (
		"/private/files/tamu-lepas.txt",
		"/private/files/tamu-tertutup.txt",
		"/private/files/tidak-ada.txt",
	):
		yield get(url)
		yield get(METHOD + "download_file", file_url=url)
	yield call("frappe.core.api.file.get_files_in_folder", folder="Home")
	yield call("frappe.core.api.file.get_files_by_search_text", text="tamu")
	yield call("frappe.core.api.file.create_new_folder", file_name=f"Map {it.account}", folder="Home")
	yield call(
		"frappe.core.api.file.move_file",
		file_list=json.dumps([{"name": file}]),
		new_parent="Home",
		old_parent="Home",
	)
	yield call(
		"frappe.core.api.file.get_attached_images",
		doctype="Sales Order",
		names=json.dumps([it["Sales Order"]]),
	)
	yield call(
		"frappe.utils.file_manager.add_attachments",
		doctype="Lead",
		name=it["Lead"],
		attachments=json.dumps([it["File"]]),
	)
	yield Call(
		"POST",
		REST + "Item",
		{"item_code": f"BARANG-{it.account}", **it.item, "image": "/files/tamu-terbuka.txt"},
	)


def printing(it):
	order = {"doctype": "Sales Order", "name": it["Sales Order"]}
	for form in ("", "Cetak Tamu"):
		yield get("/printview", **order, format=form, no_letterhead=0)
		yield call(
			"frappe.www.printview.get_html_and_style",
			doc="Sales Order",
			name=order["name"],
			print_format=form,
		)
	yield get(METHOD + "frappe.utils.print_format.download_pdf", **order, format="Cetak Tamu")
	yield get(
		METHOD + "frappe.utils.print_format.download_multi_pdf", doctype="Sales Order",
		name=json.dumps([order["name"], it["submitted"]]), format="Cetak Tamu",
	)  # fmt: skip
	yield call("frappe.utils.print_format.render_letterhead_for_print", letterhead="Kop Tamu")
	yield call(
		"frappe.www.printview.get_html_and_style", doc=json.dumps({"doctype": "Sales Order", "customer": "x"})
	)


def reports(it):
	"""Reports, cards, charts and dashboards."""
	for report, filters in (
		("Laporan Tamu", {}),
		("General Ledger", {"company": it["Company"], "from_date": "2026-01-01", "to_date": "2026-12-31"}),
		(
			"Sales Order Analysis",
			{"company": it["Company"], "from_date": "2026-01-01", "to_date": "2026-12-31"},
		),
		("Permitted Documents For User", {"user": it.login, "doctype": "Lead"}),
	):
		yield call("frappe.desk.query_report.get_script", report_name=report)
		yield call(
			"frappe.desk.query_report.run",
			report_name=report,
			filters=json.dumps(filters),
			ignore_prepared_report=1,
		)
		yield call(
			"frappe.desk.query_report.export_query", report_name=report, filters=json.dumps(filters),
			file_format_type="CSV", visible_idx="[]",
		)  # fmt: skip
	card = {"document_type": "Lead", "function": "Count", "type": "Document Type", "name": "Kartu Tamu"}
	yield call("frappe.desk.doctype.number_card.number_card.get_result", doc=json.dumps(card), filters="[]")
	yield call(
		"frappe.desk.doctype.number_card.number_card.get_percentage_difference",
		doc=json.dumps(card),
		filters="[]",
		result=1,
	)
	yield call(
		"frappe.desk.search.search_link",
		doctype="Number Card",
		txt="",
		query="frappe.desk.doctype.number_card.number_card.get_cards_for_user",
	)
	for chart in ("Grafik Tamu", "Peta Lead", "Peta User", "Peta Version"):
		yield call("frappe.desk.doctype.dashboard_chart.dashboard_chart.get", chart_name=chart, refresh=1)
	yield call("frappe.desk.doctype.dashboard.dashboard.get_permitted_charts", dashboard_name="Papan Tamu")
	yield call("frappe.desk.doctype.dashboard.dashboard.get_permitted_cards", dashboard_name="Papan Tamu")
	yield call(
		"frappe.utils.goal.get_monthly_goal_graph_data", title="x", doctype="Customer", docname=it["Customer"],
		goal_value_field="idx", goal_total_field="idx", goal_history_field="customer_details",
		goal_doctype="Sales Order", goal_doctype_link="customer", goal_field="base_grand_total", date_field="transaction_date",
		filter_str="docstatus = 1", aggregation="sum", filters='{"docstatus": 1}',
	)  # fmt: skip
	yield call("frappe.desk.reportview.save_report", name="", doctype="Lead", report_settings="{}")
	yield call("frappe.desk.doctype.kanban_board.kanban_board.get_kanban_boards", doctype="Lead")
	yield call(
		"frappe.desk.doctype.kanban_board.kanban_board.add_column",
		board_name="Papan Calon",
		column_title="Baru",
	)
	yield call(
		"frappe.desk.doctype.kanban_board.kanban_board.quick_kanban_board", doctype="Lead",
		board_name=f"Papan {it.account}", field_name="status",
	)  # fmt: skip
	yield call(
		"frappe.desk.doctype.kanban_board.kanban_board.update_order_for_single_card", board_name="Papan Calon",
		docname=it["Lead"], from_colname="Lead", to_colname="Open", old_index=0, new_index=0,
	)  # fmt: skip
	for doctype in ("Account", "Customer Group", "Employee", "File"):
		yield call("frappe.desk.treeview.get_children", doctype=doctype, parent="")
	yield call(
		"frappe.desk.treeview.get_all_nodes", doctype="Account", label="x", parent="", company=it["Company"],
		tree_method="erpnext.accounts.utils.get_children", is_root=1,
	)  # fmt: skip
	yield call(
		"frappe.desk.treeview.add_node", doctype="Customer Group", parent="All Customer Groups", is_root="false",
		customer_group_name=f"Kelompok {it.account}", parent_customer_group="All Customer Groups",
	)  # fmt: skip
	yield call("frappe.desk.doctype.event.event.get_events", start="2026-11-01", end="2026-12-31")
	yield call(
		"frappe.desk.calendar.get_events", doctype="Task", start="2026-11-01", end="2026-12-31",
		field_map='{"start": "exp_start_date", "end": "exp_end_date"}',
	)  # fmt: skip


def desk(it):
	"""What the desk loads and keeps by itself; administration."""
	yield get(it.desk)
	yield call("frappe.desk.desktop.get_workspace_sidebar_items")
	for page in ("Home", "Selling", "Users", "Build"):
		yield call(
			"frappe.desk.desktop.get_desktop_page",
			page=json.dumps({"name": page, "title": page, "public": 1}),
		)
	for page in ("permission-manager", "user-profile", "setup-wizard", "print"):
		yield call("frappe.desk.desk_page.getpage", name=page)
	yield get(METHOD + "frappe.apps.get_apps")
	yield get(METHOD + "frappe.auth.get_logged_user")
	yield get(METHOD + "frappe.realtime.get_user_info")
	yield call("frappe.realtime.can_subscribe_doc", doctype="Lead", docname=it["Lead"])
	yield get(METHOD + "frappe.utils.change_log.get_versions")
	yield get(METHOD + "frappe.boot.get_unseen_notes")
	yield get(METHOD + "frappe.desk.page.setup_wizard.setup_wizard.load_messages", language="Indonesia")
	yield call("frappe.model.utils.user_settings.save", doctype="Lead", user_settings='{"last_view": "List"}')
	yield call("frappe.model.utils.user_settings.get", doctype="Lead")
	yield call(
		"frappe.desk.doctype.workspace.workspace.new_page",
		new_page=json.dumps(
			{"title": f"Meja {it.account}", "label": f"Meja {it.account}", "public": 0, "name": ""}
		),
	)
	yield call("frappe.desk.doctype.workspace.workspace.hide_page", page_name="Selling")
	yield call("frappe.desk.doctype.workspace.workspace.unhide_page", page_name="Selling")
	user = "frappe.core.doctype.user.user."
	yield call(user + "get_all_roles")
	yield call(user + "get_roles", uid=it.login)
	yield call(user + "get_perm_info", role="Sales User")
	yield call(user + "switch_theme", theme="Light")
	permission = "frappe.core.page.permission_manager.permission_manager."
	yield call(permission + "get_roles_and_doctypes")
	yield call(permission + "get_permissions", doctype="Lead")
	yield call(permission + "get_permissions", role="Sales User")
	yield call(permission + "get_users_with_role", role="Sales User")
	yield call(permission + "add", parent="Task", role="Sales User", permlevel=0)
	yield call(permission + "update", doctype="Task", role="Sales User", permlevel=0, ptype="write", value=1)
	yield call(permission + "reset", doctype="Task")
	for name in (it.login, it["colleague"]):
		yield call("frappe.core.doctype.user_permission.user_permission.get_user_permissions", user=name)
	yield Call(
		"POST", REST + "User Permission", {"user": it["colleague"], "allow": "Lead", "for_value": it["Lead"]}
	)
	yield call(
		"frappe.core.doctype.user_permission.user_permission.clear_user_permissions",
		user=it["colleague"],
		for_doctype="Lead",
	)
	customize = {"doctype": "Customize Form", "doc_type": "Task"}
	yield call("run_doc_method", docs=json.dumps(customize), method="fetch_to_customize")
	yield Call(
		"POST",
		REST + "Custom Field",
		{"dt": "Task", "fieldname": f"uji_{it.account}", "label": "Uji", "fieldtype": "Data"},
	)
	yield Call(
		"POST", REST + "Property Setter",
		{"doc_type": "Task", "doctype_or_field": "DocType", "property": "max_attachments", "value": "5", "property_type": "Int"},
	)  # fmt: skip
	yield get(
		METHOD + "frappe.core.doctype.data_import.data_import.download_template", doctype="Lead", file_type="CSV",
		export_fields='{"Lead": ["name", "lead_name"]}', export_records="all", export_filters="[]",
	)  # fmt: skip
	answer = yield Call(
		"POST", REST + "Data Import", {"reference_doctype": "Lead", "import_type": "Insert New Records"}
	)
	yield call("frappe.core.doctype.data_import.data_import.get_import_logs", data_import=name_of(answer))
	yield get(
		METHOD + "frappe.core.doctype.data_export.exporter.export_data", doctype="Lead", file_type="CSV", with_data=1,
		select_columns='{"Lead": ["name", "lead_name"]}', filters="[]",
	)  # fmt: skip
	yield Call(
		"POST",
		REST + "User",
		{"email": f"baru-{it.account}@tamu.example", "first_name": "Baru", "send_welcome_email": 0},
	)
	yield Call("PUT", REST + f"User/{it.login}", {"bio": "Tamu"})
	yield call(user + "generate_keys", user=it["colleague"])
	yield call("frappe.client.get_password", doctype="User", name=it.login, fieldname="api_secret")


def website(it):
	for path in (
		"/",
		"/login",
		"/me",
		"/halaman-tamu",
		"/tidak-ada",
		"/contact",
		"/search",
		"/sitemap.xml",
		"/robots.txt",
	):
		yield get(path)
	for path in (
		"/orders",
		f"/orders/{it['Sales Order']}",
		"/invoices",
		"/addresses",
		"/update-password",
		"/apps",
		"/desk",
	):
		yield get(path)
	yield call("frappe.www.contact.send_message", subject="Tanya", message="Halo", sender="luar@tamu.example")
	yield call(
		"frappe.website.doctype.web_form.web_form.get_form_data", doctype="Address", web_form_name="addresses"
	)
	yield call(
		"frappe.website.doctype.web_form.web_form.accept", web_form="addresses",
		data=json.dumps({"doctype": "Address", "address_title": it.account, "address_type": "Office", "address_line1": "x",
			"city": "x", "country": "Indonesia", "web_form_name": "addresses"}),
	)  # fmt: skip


def wrong(it):
	"""What nobody should send, and what is missing or not there."""
	yield call("frappe.tidak.ada")
	yield call("frappe.client")
	yield call("frappe.client.get_list")
	yield call("frappe.desk.form.load.getdoc")
	yield call("frappe.desk.form.load.getdoc", doctype="Lead", name="tidak ada")
	yield call("frappe.desk.form.load.getdoc", doctype="Tidak Ada", name="x")
	yield call("frappe.desk.form.load.getdoctype", doctype="Tidak Ada")
	yield call("frappe.desk.reportview.get", doctype="Lead", fields="bukan json")
	yield call("frappe.desk.reportview.get", doctype="Lead", fields='["tidak_ada"]')
	yield call("frappe.desk.search.search_link", doctype="Lead")
	yield call("frappe.desk.search.search_link", doctype="Lead", txt="", query="frappe.ping")
	yield call("frappe.desk.search.search_link", doctype="Lead", txt="", query="frappe.tidak.ada")
	yield call("frappe.desk.like.toggle_like", doctype="Lead")
	yield call("frappe.desk.like.toggle_like", doctype="Lead", name="tidak ada", add="Yes")
	yield call("frappe.desk.doctype.tag.tag.add_tag", tag="x", dt="Tidak Ada", dn="x")
	yield call("frappe.desk.form.assign_to.add", doctype="Lead", name="tidak ada", assign_to='["x"]')
	yield call(
		"frappe.desk.form.utils.add_comment",
		reference_doctype="Lead",
		reference_name="tidak ada",
		content="x",
		comment_email="x",
		comment_by="x",
	)
	yield call("frappe.share.add", doctype="Lead", name="tidak ada", user=it["colleague"])
	yield call("frappe.model.mapper.make_mapped_doc", method="frappe.ping", source_name="x")
	yield call(
		"frappe.model.workflow.apply_workflow", doc='{"doctype": "Lead", "name": "tidak ada"}', action="x"
	)
	yield call("frappe.desk.query_report.run", report_name="Tidak Ada")
	yield call("frappe.desk.doctype.dashboard_chart.dashboard_chart.get", chart="bukan json")
	yield call("frappe.desk.treeview.get_children", doctype="Lead")
	yield call(
		"frappe.core.doctype.communication.email.make",
		doctype="Lead",
		name="tidak ada",
		attachments='["x"]',
		content="x",
	)
	yield call("upload_file")
	yield Call("POST", METHOD + "upload_file", {"file_name": "a" * 300 + ".txt", "is_private": 1}, b"panjang")
	yield Call("POST", METHOD + "upload_file", {"file_url": "/private/files/../../site_config.json"})
	yield Call("POST", REST + "Sales Order", {"customer": "tidak ada"})
	yield Call("POST", REST + "Customer", {"customer_name": ""})
	yield Call(
		"POST",
		REST + "Contact",
		{"first_name": "x", "links": [{"link_doctype": "Tidak Ada", "link_name": "x"}]},
	)
	yield Call("POST", REST + "Event", {"subject": "x", "starts_on": "bukan tanggal"})
	yield Call("PUT", REST + "Lead/tidak ada", {"lead_name": "x"})
	yield Call("DELETE", REST + "Lead/tidak ada")
	yield Call("DELETE", REST + f"Customer/{it['Customer']}")
	yield Call("POST", REST + "Tidak Ada", {})
	yield get("/api/v2/method/frappe.tidak.ada")
	yield get("/api/v2/document/Tidak Ada/x/")
	yield get("/api/v3/apa")
	yield get(REST + "Lead", fields="[[[")
	yield get(REST + "Lead", filters='[["Lead","tidak_ada","=","x"]]')
	yield get("/private/files/../site_config.json")
	yield get("/api/method/frappe.client.get_list", doctype=" lead ")


SECTIONS = (lists, forms, writing, together, files, printing, reports, desk, website, wrong)
