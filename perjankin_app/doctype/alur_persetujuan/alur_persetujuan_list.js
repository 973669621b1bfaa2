frappe.listview_settings["Alur Persetujuan"] = {
	add_fields: ["status"],
	get_indicator: (doc) => [
		__(doc.status),
		{ Konsep: "orange", Berlaku: "green", Diganti: "gray" }[doc.status],
		`status,=,${doc.status}`,
	],
	onload(list) {
		if (!frappe.model.can_create("Alur Persetujuan")) return;
		list.page.add_inner_button(__("Dari Contoh SOP"), async () => {
			const api = "perjankin_app.perjankin_app.doctype.alur_persetujuan.alur_persetujuan";
			const dialog = new frappe.ui.Dialog({
				title: __("Mulai dari Contoh SOP"),
				fields: [
					{
						fieldname: "example",
						fieldtype: "Select",
						label: __("Contoh"),
						options: await frappe.xcall(`${api}.examples`),
						reqd: 1,
					},
					{
						fieldname: "opd",
						fieldtype: "Link",
						options: "Unit Kerja",
						label: __("Milik OPD"),
						reqd: 1,
						get_query: () => ({ filters: { jenis: ["in", ["OPD", "Pemda"]] } }),
					},
				],
				primary_action_label: __("Buat Konsep"),
				async primary_action(values) {
					const name = await frappe.xcall(`${api}.from_example`, values);
					dialog.hide();
					frappe.set_route("Form", "Alur Persetujuan", name);
				},
			});
			dialog.show();
		});
	},
};
