frappe.query_reports["Papan Status"] = {
	filters: [
		{ fieldname: "periode", label: __("Periode"), fieldtype: "Link", options: "Periode Kinerja" },
		{
			fieldname: "opd",
			label: __("OPD"),
			fieldtype: "Link",
			options: "Unit Kerja",
			get_query: () => ({ filters: { jenis: ["in", ["OPD", "Pemda"]] } }),
		},
	],
	formatter(value, row, column, data, default_formatter) {
		const text = default_formatter(value, row, column, data);
		return column.fieldname === "keterangan" && data?.keterangan
			? `<span class="indicator-pill ${data.terlambat ? "red" : "orange"}">${text}</span>`
			: text;
	},
};
