frappe.treeview_settings["Unit Kerja"] = {
	fields: [
		{ fieldtype: "Data", fieldname: "nama", label: __("Nama Unit Kerja"), reqd: 1 },
		{
			fieldtype: "Select",
			fieldname: "jenis",
			label: __("Jenis"),
			options: ["OPD", "Sekretariat", "Bidang", "Bagian", "Subbagian", "Seksi", "UPT", "Lainnya", "Pemda"],
			reqd: 1,
		},
		{ fieldtype: "Data", fieldname: "singkatan", label: __("Singkatan"), mandatory_depends_on: "eval:['OPD','Pemda'].includes(doc.jenis)" },
		{ fieldtype: "Check", fieldname: "is_group", label: __("Punya unit di bawahnya") },
	],
	ignore_fields: ["parent_unit_kerja"],
};
