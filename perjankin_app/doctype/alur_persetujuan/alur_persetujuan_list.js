frappe.listview_settings["Alur Persetujuan"] = {
	add_fields: ["status"],
	get_indicator: (doc) => [
		__(doc.status),
		{ Konsep: "orange", Berlaku: "green", Diganti: "gray" }[doc.status],
		`status,=,${doc.status}`,
	],
};
