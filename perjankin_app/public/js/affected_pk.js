// On what may overtake signed PKs: which ones, why, and a button each for their PK Perubahan.
frappe.provide("perjankin");

if (!perjankin.show_affected) {
	perjankin.show_affected = async (frm) => {
		if (frm.is_new()) return;
		const { doctype, name } = frm.doc;
		const found = await frappe.xcall("perjankin_app.document.affected.for_form", { doctype, name });
		if (!found.length || frm.doc.name !== name) return; // another record was opened meanwhile
		const text = (value) => frappe.utils.escape_html(String(value ?? ""));
		const rows = found.map(
			(row, index) => `<div class="perjankin-line">
				<div><a href="/app/perjanjian-kinerja/${encodeURIComponent(row.pk)}">${text(row.pk)}</a><br>${text(row.nama)}</div>
				<div>${text(row.sebab)}</div>
				${row.boleh ? `<button class="btn btn-xs btn-default" data-index="${index}">${__("Buat PK Perubahan")}</button>` : ""}
				</div>`,
		);
		frm.dashboard.parent.find(".perjankin-affected").closest(".custom").remove(); // of an earlier answer
		const section = frm.dashboard.add_section(
			`<div class="perjankin-affected">${rows.join("")}</div>`,
			__("PK yang terpengaruh ({0})", [found.length]),
		);
		frm.dashboard.show();
		$(section)
			.find("[data-index]")
			.on("click", ({ currentTarget: { dataset } }) => {
				const { pk, alasan, dasar } = found[dataset.index];
				frappe.model.open_mapped_doc({
					method: "perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja.make_change",
					source_name: pk,
					args: { alasan, dasar },
					freeze: true,
				});
			});
	};
	for (const doctype of ["Penugasan Jabatan", "Dokumen Anggaran", "Sasaran Kinerja", "Indikator Kinerja"]) {
		frappe.ui.form.on(doctype, { refresh: perjankin.show_affected });
	}
}
