frappe.query_reports["Menunggu Saya"] = {
	formatter(value, row, column, data, default_formatter) {
		const text = default_formatter(value, row, column, data);
		return column.fieldname === "lewat" && value ? `<span class="indicator-pill red">${text}</span>` : text;
	},
};
