frappe.listview_settings["Data Bidang"] = {
	add_fields: ["status", "unit"],
	get_indicator: ({ status }) => [
		__(status),
		{ Menunggu: "gray", Ditandatangani: "blue", Ditolak: "red", Dikembalikan: "orange", Diterima: "green" }[status],
		`status,=,${status}`,
	],
};
