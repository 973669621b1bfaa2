const METHOD = "perjankin_app.perjankin_app.doctype.naskah_dinas.naskah_dinas";

frappe.ui.form.on("Naskah Dinas", {
	onload(frm) {
		if (frm.is_new()) frm.trigger("fill");
	},

	perjanjian_kinerja: (frm) => frm.trigger("fill"),
	jenis_dokumen: (frm) => frm.trigger("fill"),

	// a new form raises several of these events at once: only the last answer is filled in, and only where nothing is yet
	async fill(frm) {
		const { name, perjanjian_kinerja, jenis_dokumen } = frm.doc;
		if (!frm.is_new() || !perjanjian_kinerja || !jenis_dokumen || frm.doc.perihal) return;
		const asked = (frm.asked = frappe.xcall(`${METHOD}.propose`, { perjanjian_kinerja, jenis_dokumen }));
		const { rincian, ...values } = await asked;
		if (frm.asked !== asked || frm.doc.name !== name || frm.doc.perihal) return;
		if (!frm.doc.rincian?.length) for (const row of rincian || []) frm.add_child("rincian", row);
		await frm.set_value(values);
		frm.refresh_fields();
	},

	refresh(frm) {
		const { status } = frm.doc;
		if (frm.is_new()) return;
		const reload = () => frm.reload_doc();
		const may = frm.doc.__onload?.boleh || {};
		if (may.nomor) {
			frm.add_custom_button(__("Beri Nomor"), () =>
				frappe.xcall(`${METHOD}.give_number`, { name: frm.doc.name }).then(reload),
			).addClass("btn-primary");
		}
		if (may.batal) {
			frm.add_custom_button(__("Batalkan Naskah"), () =>
				frappe.prompt(
					{ fieldname: "reason", fieldtype: "Small Text", label: __("Alasan"), reqd: 1 },
					({ reason }) => frappe.xcall(`${METHOD}.void`, { name: frm.doc.name, reason }).then(reload),
					__("Batalkan {0}", [frm.doc.nomor || frm.doc.name]),
					__("Batalkan Naskah"),
				),
			);
		}
		frm.add_custom_button(__("Buka PK"), () => frappe.set_route("Form", "Perjanjian Kinerja", frm.doc.perjanjian_kinerja));
		if (status !== "Konsep") {
			// what was signed stays as it is; its way to the addressee is still written
			const way = ["bagian_kirim", "bagian_distribusi"];
			let open = false;
			for (const { df } of frm.fields) {
				if (df.fieldtype === "Section Break") open = may.kirim && way.includes(df.fieldname);
				else if (!open) frm.set_df_property(df.fieldname, "read_only", 1);
			}
		}
	},
});
