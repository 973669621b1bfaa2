from perjankin_app.records import ABOUT as _ABOUT
from perjankin_app.records import ALL_RECORDS as _ALL_RECORDS
from perjankin_app.records import DESK_PAGES as _DESK_PAGES
from perjankin_app.records import OPD_RECORDS as _OPD_RECORDS
from perjankin_app.records import TABLES as _TABLES

app_name = "perjankin_app"
app_title = "Perjanjian Kinerja"
app_publisher = "perjankin_app contributors"
app_description = "Perjanjian Kinerja perangkat daerah: SOP tiap OPD menjadi alur persetujuannya"
app_email = "maintainers@example.com"
app_license = "mit"

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
doctype_js = {
	"Perjanjian Kinerja": ["public/js/content_rows.js", "public/js/signed_pk.js"],
	"Data Bidang": "public/js/content_rows.js",
	**{
		doctype: "public/js/related_pk.js"
		for doctype in (
			"Penugasan Jabatan",
			"Dokumen Anggaran",
			"Sasaran Kinerja",
			"Indikator Kinerja",
			"Pejabat",
		)
	},
}

# ---------------------------------------------------------------------------------------------------- installation
before_install = "perjankin_app.install.before_install"
after_install = "perjankin_app.install.after_install"
after_migrate = "perjankin_app.install.after_migrate"
before_uninstall = "perjankin_app.uninstall.before_uninstall"
after_uninstall = "perjankin_app.uninstall.after_uninstall"

# ------------------------------------------------------------------------------------------------------ permissions
permission_query_conditions = {
	**{doctype: "perjankin_app.permissions.opd_query" for doctype in _OPD_RECORDS},
	"Alur Persetujuan": "perjankin_app.permissions.chain_query",
	**{table: "perjankin_app.permissions.row_query" for table in _TABLES},
	"File": "perjankin_app.permissions.file_query",
	"Workflow Action": "perjankin_app.permissions.workflow_action_query",
	**{doctype: "perjankin_app.permissions.about_query" for doctype in (*_ABOUT, "Communication")},
	"Workflow": "perjankin_app.access.desk_records.workflow_query",
	"Workflow Document State": "perjankin_app.access.desk_records.workflow_row_query",
	"Workflow Transition": "perjankin_app.access.desk_records.workflow_row_query",
}
has_permission = {
	**{doctype: "perjankin_app.permissions.opd_has_permission" for doctype in _OPD_RECORDS},
	"Alur Persetujuan": "perjankin_app.permissions.chain_has_permission",
	"File": "perjankin_app.access.files.has_permission",
	"Workflow Action": "perjankin_app.permissions.workflow_action_has_permission",
	**{doctype: "perjankin_app.permissions.about_has_permission" for doctype in _ABOUT},
	"Workflow": "perjankin_app.access.desk_records.workflow_has_permission",
}

# ---------------------------------------------------------------------------------------------------------- core's calls
auth_hooks = ["perjankin_app.access.core_calls.gate"]

# ------------------------------------------------------------------------------------------------------------- pages
website_route_rules = [{"from_route": "/verifikasi/<kode>", "to_route": "verifikasi"}]

# ---------------------------------------------------------------------------------------------------------- printing
jinja = {
	"methods": [
		"perjankin_app.document.templating.perjankin_pk",
		"perjankin_app.document.templating.perjankin_comparison",
		"perjankin_app.document.templating.perjankin_sop",
		"perjankin_app.document.templating.perjankin_letter",
		"perjankin_app.document.templating.perjankin_meeting",
	]
}

# ------------------------------------------------------------------------ our records, and core's records about them
_of_ours = {
	"before_insert": "perjankin_app.values.one_plain_value_each",
	"before_validate": ["perjankin_app.values.one_plain_value_each", "perjankin_app.links.check_links"],
	"before_print": "perjankin_app.document.stored.use_stored_values",
	"on_trash": "perjankin_app.locks.refuse_stale",
	"on_change": "perjankin_app.access.files.take_over_attached",
	"after_rename": "perjankin_app.names.guard_rename",
	"add_comment": "perjankin_app.access.core_records.refuse_sent_kind",  # called by a client
	"before_discard": "perjankin_app.access.core_records.refuse_discard",
}
_of_desk_pages = dict.fromkeys(
	("before_validate", "before_rename", "on_trash"), "perjankin_app.access.desk_records.guard_page"
)
doc_events = {
	"*": {
		"before_validate": [
			"perjankin_app.access.files.check_fields",
			"perjankin_app.access.core_records.check_named",
		],
		"before_print": "perjankin_app.access.core_records.check_printed",
	},
	**{doctype: _of_ours for doctype in _ALL_RECORDS},
	"File": {
		"before_validate": "perjankin_app.access.files.guard",
		"after_insert": "perjankin_app.access.files.take_over",
		"on_update": "perjankin_app.access.files.keep_in_place",
	},
	**{doctype: _of_desk_pages for doctype in _DESK_PAGES},
	"Print Format": {"validate": "perjankin_app.document.final.refuse_unmarked_format"},
	"Address": {"validate": "perjankin_app.access.core_records.leave_titles_out"},
	"Contact": {"validate": "perjankin_app.access.core_records.leave_titles_out"},
	"Comment": {
		"before_validate": "perjankin_app.access.core_records.check_comment",
		"before_change": "perjankin_app.access.core_records.refuse_published",
		"on_trash": "perjankin_app.access.core_records.check_comment_removed",
	},
	"Communication": {"before_validate": "perjankin_app.access.core_records.check_mail"},
	"DocShare": {"validate": "perjankin_app.access.core_records.refuse_share"},
	"Document Follow": {"validate": "perjankin_app.access.core_records.check_follow"},
	"Tag Link": {"validate": "perjankin_app.access.core_records.check_tag_link"},
	"ToDo": {"before_validate": "perjankin_app.access.core_records.check_assignment"},
}

# what core writes to the disk
write_file = ["perjankin_app.access.files.write_file"]

# --------------------------------------------------------------------------------------------------------- scheduler
scheduler_events = {
	"daily": ["perjankin_app.grants.reconcile_all", "perjankin_app.workflow.deadlines.recompute"],
	"hourly": ["perjankin_app.workflow.reminders.remind", "perjankin_app.document.bundle.resume_stalled"],
}
