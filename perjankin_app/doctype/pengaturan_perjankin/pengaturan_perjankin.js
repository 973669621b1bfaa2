frappe.ui.form.on("Pengaturan Perjankin", {
	refresh(frm) {
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
