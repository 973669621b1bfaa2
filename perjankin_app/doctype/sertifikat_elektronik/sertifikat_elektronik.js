frappe.ui.form.on("Sertifikat Elektronik", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.set_df_property("berkas", "read_only", 1);
		frm.add_custom_button(__("Periksa Sertifikat"), () => {
			const dialog = new frappe.ui.Dialog({
				title: __("Periksa Sertifikat"),
				fields: [
					{ fieldname: "password", fieldtype: "Password", label: __("Kata Sandi Sertifikat"), reqd: 1, no_strength_meter: 1 },
				],
				primary_action_label: __("Periksa"),
				async primary_action({ password }) {
					try {
						await frappe.xcall(
							"perjankin_app.perjankin_app.doctype.sertifikat_elektronik.sertifikat_elektronik.check",
							{ name: frm.doc.name, password },
						);
					} catch {
						return; // the server has said why
					}
					dialog.hide();
					frm.reload_doc();
				},
			});
			dialog.show();
		});
	},
});
