frappe.ui.form.on("Jabatan", {
	refresh(frm) {
		const holders = frm.doc.__onload?.pemegang;
		if (frm.is_new() || !holders) return;
		const names = holders.map(
			(h) =>
				`${h.status === "Definitif" ? "" : `${h.status} `}${frappe.utils.escape_html(h.nama)}${
					h.akun ? "" : ` (${__("belum punya akun")})`
				}`,
		);
		frm.set_intro(
			names.length
				? __("Sekarang dipegang oleh {0}.", [names.join("; ")])
				: __("Sekarang tidak ada pemegangnya: PK yang menunggu jabatan ini tidak dapat berjalan. Buat Penugasan Jabatan."),
			names.length ? "blue" : "orange",
		);
	},
});
