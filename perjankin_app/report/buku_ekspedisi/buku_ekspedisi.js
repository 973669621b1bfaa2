frappe.query_reports["Buku Ekspedisi"] = {
	filters: [
		{ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "Unit Kerja" },
		{
			fieldname: "tahun",
			label: __("Tahun"),
			fieldtype: "Int",
			default: frappe.datetime.str_to_obj(frappe.datetime.get_today()).getFullYear(),
		},
		{
			fieldname: "jenis",
			label: __("Jenis Naskah"),
			fieldtype: "Link",
			options: "Jenis Dokumen",
			get_query: () => ({ filters: { pemenuhan: "Naskah Dinas" } }),
		},
	],
	formatter(value, row, column, data, default_formatter) {
		const plain = column.fieldtype === "Data" ? frappe.utils.escape_html(value || "") : value;
		const text = default_formatter(plain, row, column, data);
		return column.fieldname === "keterangan" && value?.startsWith(__("Belum"))
			? `<span class="indicator-pill orange">${text}</span>`
			: text;
	},
};
