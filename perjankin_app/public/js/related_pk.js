// On other records: which PKs they concern. What may overtake signed PKs shows those, why, and a button each for their PK
// Perubahan; an official's record shows their PKs with the time in office that each is about.
frappe.provide("perjankin");

if (!perjankin.show_related) {
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));

	const link = (row) =>
		`<a href="/app/perjanjian-kinerja/${encodeURIComponent(row.pk)}">${text(row.pk)}</a><br>${text(row.nama)}`;

	const date = (value) => (value ? frappe.datetime.str_to_user(value) : "");

	perjankin.show_related = async (frm, method, title, line) => {
		if (frm.is_new()) return;
		const { doctype, name } = frm.doc;
		const found = await frappe.xcall(method, { doctype, name });
		frm.dashboard.parent.find(".perjankin-related").closest(".custom").remove(); // of an earlier answer
		if (!found.length || frm.doc.name !== name) return; // another record was opened meanwhile
		const rows = found.map((row, index) => `<div class="perjankin-line">${line(row, index)}</div>`);
		const section = frm.dashboard.add_section(`<div class="perjankin-related">${rows.join("")}</div>`, __(title, [found.length]));
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

	const affected = (row, index) =>
		`<div>${link(row)}</div><div>${text(row.sebab)}</div>${
			row.boleh ? `<button class="btn btn-xs btn-default" data-index="${index}">${__("Buat PK Perubahan")}</button>` : ""
		}`;
	for (const doctype of ["Penugasan Jabatan", "Dokumen Anggaran", "Sasaran Kinerja", "Indikator Kinerja"]) {
		frappe.ui.form.on(doctype, {
			refresh: (frm) =>
				perjankin.show_related(frm, "perjankin_app.document.affected.for_form", "PK yang terpengaruh ({0})", affected),
		});
	}

	const held = (row) =>
		`<div>${link(row)}</div><div>${text(row.periode)} · ${text(row.versi)} · ${text(__(row.keberlakuan))}</div>
		<div>${date(row.dari)} – ${date(row.sampai)}</div>`;
	frappe.ui.form.on("Pejabat", {
		refresh: (frm) => perjankin.show_related(frm, "perjankin_app.document.periods.for_form", "PK pejabat ini ({0})", held),
	});
}
