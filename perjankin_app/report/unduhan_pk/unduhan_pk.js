frappe.query_reports["Unduhan PK"] = {
	filters: [
		{
			fieldname: "sejak",
			label: __("Sejak"),
			fieldtype: "Date",
			default: frappe.datetime.add_days(frappe.datetime.get_today(), -30),
		},
		{ fieldname: "perjanjian_kinerja", label: __("PK"), fieldtype: "Link", options: "Perjanjian Kinerja" },
	],
};
