frappe.listview_settings["Perjanjian Kinerja"] = {
	add_fields: ["pihak_pertama_nama", "opd", "periode", "jenis"],
	hide_name_column: false,
};
