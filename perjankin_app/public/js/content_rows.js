// The rows that the PK and Data Bidang share: what follows from the indicator or the code that was chosen.
frappe.provide("perjankin");

if (!perjankin.content_rows) {
	perjankin.content_rows = true; // both forms bring this file, and handlers pile up

	frappe.ui.form.on("Target Kinerja", {
		async indikator(frm, cdt, cdn) {
			const row = locals[cdt][cdn];
			if (!row.indikator) return;
			const { message } = await frappe.db.get_value("Indikator Kinerja", row.indikator, ["sasaran", "satuan"]);
			if (!row.sasaran && message.sasaran) frappe.model.set_value(cdt, cdn, "sasaran", message.sasaran);
			frappe.model.set_value(cdt, cdn, "satuan", message.satuan);
		},
	});

	frappe.ui.form.on("PK Program", {
		async nomenklatur(frm, cdt, cdn) {
			const row = locals[cdt][cdn];
			if (!row.nomenklatur) return;
			const { message } = await frappe.db.get_value("Nomenklatur", row.nomenklatur, "nama");
			frappe.model.set_value(cdt, cdn, "nama", message.nama);
		},
	});
}
