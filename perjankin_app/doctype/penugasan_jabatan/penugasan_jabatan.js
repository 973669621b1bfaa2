const PENUGASAN = "perjankin_app.perjankin_app.doctype.penugasan_jabatan.penugasan_jabatan";

frappe.ui.form.on("Penugasan Jabatan", {
	setup(frm) {
		frm.tell = frappe.utils.debounce(() => tell(frm), 300);
	},
	...Object.fromEntries(
		["refresh", "jabatan", "pejabat", "status", "mulai", "selesai"].map((event) => [event, (frm) => frm.tell()]),
	),
});

async function tell(frm) {
	const { name, jabatan, pejabat, status, mulai, selesai } = frm.doc;
	const notices =
		jabatan || pejabat
			? await frappe.xcall(`${PENUGASAN}.notices`, { name, jabatan, pejabat, status, mulai, selesai })
			: [];
	if (frm.doc.name !== name) return; // another record was opened meanwhile
	frm.get_field("catatan").$wrapper.html(
		notices.map((notice) => `<div class="perjankin-note">${frappe.utils.escape_html(notice)}</div>`).join(""),
	);
}
