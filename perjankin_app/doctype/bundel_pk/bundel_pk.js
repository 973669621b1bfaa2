frappe.ui.form.on("Bundel PK", {
	refresh(frm) {
		clearTimeout(frm.poll);
		if (frm.is_new()) return;
		frm.disable_save(); // nothing of it can be edited
		const { status, jumlah, selesai, berkas_pdf, berkas_zip } = frm.doc;
		if (["Baru", "Diproses"].includes(status)) {
			frm.dashboard.show_progress(
				__("Menyusun bundel"),
				jumlah ? (selesai / jumlah) * 100 : 0,
				__("{0} dari {1} PK", [selesai || 0, jumlah || "…"]),
			);
			frm.poll = setTimeout(() => cur_frm === frm && frm.reload_doc(), 2000); // also where there is no realtime server
		} else {
			frm.dashboard.hide_progress();
		}
		if (status === "Gagal" || status === "Diproses") {
			frm.add_custom_button(__("Lanjutkan"), async () => {
				await frappe.xcall("perjankin_app.perjankin_app.doctype.bundel_pk.bundel_pk.go_on", { name: frm.doc.name });
				frm.reload_doc();
			});
		}
		if (berkas_pdf) frm.add_custom_button(__("Buka PDF"), () => window.open(berkas_pdf));
		if (berkas_zip) frm.add_custom_button(__("Unduh ZIP"), () => window.open(berkas_zip));
	},
});
