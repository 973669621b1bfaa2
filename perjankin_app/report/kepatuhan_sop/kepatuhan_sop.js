frappe.query_reports["Kepatuhan SOP"] = {
	filters: [
		{
			fieldname: "opd",
			label: __("OPD"),
			fieldtype: "Link",
			options: "Unit Kerja",
			get_query: () => ({ filters: { jenis: ["in", ["OPD", "Pemda"]] } }),
		},
		{ fieldname: "periode", label: __("Periode"), fieldtype: "Link", options: "Periode Kinerja" },
		{
			fieldname: "jenjang",
			label: __("Jenjang"),
			fieldtype: "Select",
			options: ["", "Kepala Daerah", "JPT", "Administrator", "Pengawas", "Fungsional", "Pelaksana"],
		},
	],
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "tepat" && data && data.tepat === null) return "";
		const text = default_formatter(value, row, column, data);
		return column.fieldname === "leher_botol" && value ? `<span class="indicator-pill red">${text}</span>` : text;
	},
};
