frappe.views.calendar["Rapat Pembahasan"] = {
	field_map: { id: "name", start: "mulai", end: "selesai", title: "judul", allDay: "allDay" },
	get_events_method: "frappe.desk.calendar.get_events",
};
