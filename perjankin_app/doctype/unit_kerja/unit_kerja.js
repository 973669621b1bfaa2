frappe.ui.form.on("Unit Kerja", {
	setup(frm) {
		frm.set_query("parent_unit_kerja", () => ({ filters: { is_group: 1 } }));
		frm.set_query("alur", "alur", () => ({ filters: { status: "Berlaku" } }));
	},
});
