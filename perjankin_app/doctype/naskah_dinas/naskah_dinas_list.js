frappe.listview_settings["Naskah Dinas"] = {
	get_indicator: ({ status }) => [
		__(status),
		{ Konsep: "gray", Ditetapkan: "orange", Bernomor: "blue", Dikirim: "purple", Diterima: "green", Batal: "red" }[status],
		`status,=,${status}`,
	],
};
