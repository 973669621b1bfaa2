app_name = "perjankin_app"
app_title = "Perjanjian Kinerja"
app_publisher = "perjankin_app contributors"
app_description = "Perjanjian Kinerja perangkat daerah: SOP tiap OPD menjadi alur persetujuannya"
app_email = "maintainers@example.com"
app_license = "mit"
app_logo_url = "/assets/perjankin_app/images/logo.svg"

add_to_apps_screen = [
	{
		"name": "perjankin_app",
		"logo": "/assets/perjankin_app/images/logo.svg",
		"title": "Perjanjian Kinerja",
		"route": "/app/perjankin",
		"has_permission": "perjankin_app.permissions.sees_app",
	}
]

app_include_css = "/assets/perjankin_app/css/perjankin.css"

# ---------------------------------------------------------------------------------------------------- installation
after_install = "perjankin_app.install.after_install"
after_migrate = "perjankin_app.install.after_migrate"
before_uninstall = "perjankin_app.install.before_uninstall"

# ------------------------------------------------------------------------------------------------------ permissions
_opd_records = (
	"Unit Kerja",
	"Jabatan",
	"Pejabat",
	"Penugasan Jabatan",
	"Dokumen Anggaran",
	"Sasaran Kinerja",
	"Indikator Kinerja",
	"Perjanjian Kinerja",
	"Riwayat Alur",
)
permission_query_conditions = {
	**{doctype: "perjankin_app.permissions.opd_query" for doctype in _opd_records},
	"Alur Persetujuan": "perjankin_app.permissions.chain_query",
	"Target Kinerja": "perjankin_app.permissions.row_query",
	"PK Program": "perjankin_app.permissions.row_query",
	"File": "perjankin_app.permissions.file_query",
	"Workflow Action": "perjankin_app.permissions.workflow_action_query",
}
has_permission = {
	**{doctype: "perjankin_app.permissions.opd_has_permission" for doctype in _opd_records},
	"Alur Persetujuan": "perjankin_app.permissions.chain_has_permission",
	"File": "perjankin_app.permissions.file_has_permission",
	"Workflow Action": "perjankin_app.permissions.workflow_action_has_permission",
}

# ------------------------------------------------------------------------------------------------- the desk's own calls
override_whitelisted_methods = {
	"frappe.desk.form.load.getdoctype": "perjankin_app.desk.getdoctype",
	"frappe.desk.treeview.get_children": "perjankin_app.desk.get_children",
	"frappe.desk.treeview.get_all_nodes": "perjankin_app.desk.get_all_nodes",
}

# ---------------------------------------------------------------------------------------------------------- printing
jinja = {
	"methods": [
		"perjankin_app.document.templating.perjankin_pk",
		"perjankin_app.document.templating.perjankin_sop",
	]
}

# ------------------------------------------------------------------------------------------- the signed file is kept
doc_events = {"File": {"before_validate": "perjankin_app.document.signed.protect_file"}}

# --------------------------------------------------------------------------------------------------------- scheduler
scheduler_events = {"daily": ["perjankin_app.grants.reconcile_all"]}
