frappe.ui.form.on("Pengaturan Perjankin", {
	async uji_mesin_pdf(frm) {
		if (frm.is_dirty()) {
			return frappe.msgprint(__("Simpan dahulu, lalu uji."));
		}
		const method = "perjankin_app.perjankin_app.doctype.pengaturan_perjankin.pengaturan_perjankin.try_renderer";
		await frappe.call({ method, freeze: true, freeze_message: __("Membuat halaman percobaan ...") });
		await frm.reload_doc();
		// a worker of the queue needs a moment
		setTimeout(() => !frm.is_dirty() && frm.reload_doc(), 5000);
	},
	refresh(frm) {
		const engines = Object.entries(frm.doc.__onload?.mesin_pdf || {}).map(([name, version]) => `${name} ${version}`);
		frm.set_df_property(
			"mesin_pdf",
			"description",
			engines.length
				? __("Terpasang di server: {0}. Kosong: yang pertama.", [frappe.utils.escape_html(engines.join(", "))])
				: __("Tidak ada yang terpasang di server, jadi tidak ada PK yang dapat ditandatangani."),
		);
		const rows = frm.doc.__onload?.keamanan || [];
		const text = (value) => frappe.utils.escape_html(String(value ?? ""));
		const wrapper = frm.get_field("keamanan").$wrapper.html(
			`<p class="text-muted">${__(
				"Keadaan yang disarankan bagi kerahasiaan PK di situs ini. Aplikasi tidak pernah mengubahnya sendiri.",
			)}</p>${rows
				.map(
					(row) => `<div class="perjankin-check">
						<div>
							<span class="indicator-pill ${row.aman ? "green" : "orange"}">${row.aman ? __("Sesuai saran") : __("Belum sesuai")}</span>
							<b>${text(row.judul)}</b>
							${row.aman ? "" : `<div>${text(row.risiko)}</div>`}
							${row.aman || !row.saran ? "" : `<div class="text-muted">${text(row.saran)}</div>`}
						</div>
						${row.dapat_diubah ? `<button class="btn btn-default btn-sm" data-key="${text(row.key)}">${__("Ubah")}</button>` : ""}
					</div>`,
				)
				.join("")}`,
		);
		wrapper.find("button").on("click", (event) => {
			const row = rows.find((r) => r.key === event.currentTarget.dataset.key);
			frappe.confirm(`<b>${text(row.judul)}</b><p>${text(row.akibat)}</p>${__("Ubah setelan ini?")}`, async () => {
				await frappe.xcall("perjankin_app.security.apply", { key: row.key });
				frappe.show_alert({ message: __("Setelan diubah"), indicator: "green" });
				frm.reload_doc();
			});
		});
	},
});
