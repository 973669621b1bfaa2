const ALUR = "perjankin_app.perjankin_app.doctype.alur_persetujuan.alur_persetujuan";
const JENJANG = ["Kepala Daerah", "JPT", "Administrator", "Pengawas", "Fungsional", "Pelaksana"];

frappe.ui.form.on("Alur Persetujuan", {
	setup(frm) {
		frm.draw = frappe.utils.debounce(() => draw(frm), 500);
	},

	refresh(frm) {
		frm.draw();
		const draft = frm.doc.status === "Konsep";
		["langkah", "nama", "opd"].forEach((f) => frm.set_df_property(f, "read_only", draft ? 0 : 1));
		frm.page.set_indicator(__(frm.doc.status), { Konsep: "orange", Berlaku: "green", Diganti: "gray" }[frm.doc.status]);
		if (frm.is_new() || !frm.perm[0].write) return;
		if (draft) {
			frm.add_custom_button(__("Terbitkan"), () => publish(frm)).addClass("btn-primary");
		} else if (frm.doc.status === "Berlaku") {
			frm.add_custom_button(__("Revisi"), async () => {
				const name = await frappe.xcall(`${ALUR}.revise`, { name: frm.doc.name });
				frappe.set_route("Form", "Alur Persetujuan", name);
			});
			frm.add_custom_button(__("Cabut"), () =>
				frappe.confirm(__("Cabut alur ini tanpa pengganti?"), async () => {
					await frappe.xcall(`${ALUR}.retire`, { name: frm.doc.name });
					frm.reload_doc();
				}),
			);
		}
	},
});

frappe.ui.form.on(
	"Langkah Alur",
	Object.fromEntries(
		["status", "jenis", "jika_tidak", "pelaksana", "kegiatan", "peran", "sebagai", "langkah_add", "langkah_remove", "langkah_move"].map((event) => [
			event,
			(frm) => frm.draw(),
		]),
	),
);

async function draw(frm) {
	const rows = (frm.doc.langkah || []).map((r) => ({
		nomor: r.nomor,
		kegiatan: r.kegiatan,
		status: r.status,
		jenis: r.jenis,
		jika_tidak: r.jika_tidak,
		pelaksana: r.pelaksana || r.peran,
		peran: r.peran,
		sebagai: r.sebagai,
	}));
	const svg = rows.length ? await frappe.xcall(`${ALUR}.diagram`, { langkah: JSON.stringify(rows) }) : "";
	frm.get_field("gambar").$wrapper.html(`<div class="perjankin-flow">${svg}</div>`);
}

async function publish(frm) {
	if (frm.is_dirty()) await frm.save();
	const plan = await frappe.xcall(`${ALUR}.preview`, { name: frm.doc.name });
	const text = (value) => frappe.utils.escape_html(String(value));
	const list = (title, lines) =>
		lines?.length ? `<p><b>${title}</b></p><ul>${lines.map((l) => `<li>${text(l)}</li>`).join("")}</ul>` : "";
	if (plan.errors.length) {
		frappe.msgprint({
			title: __("Alur belum dapat diterbitkan"),
			indicator: "red",
			message: list(__("Perbaiki dahulu:"), plan.errors),
		});
		return;
	}
	const changes = [
		plan.added_states?.length && __("Status baru: {0}", [plan.added_states.join(", ")]),
		plan.dropped_states?.length && __("Status yang dilepas: {0}", [plan.dropped_states.join(", ")]),
		__("{0} transisi ditambah, {1} dilepas", [plan.added_transitions, plan.dropped_transitions]),
		plan.replaces && __("Menggantikan {0}", [plan.replaces]),
		plan.moved && __("{0} PK yang masih Draf ikut alur baru", [plan.moved]),
		plan.staying && __("{0} PK yang sedang berjalan tetap memakai alur lama", [plan.staying]),
		plan.kept?.length && __("Transisi buatan tangan dipertahankan: {0}", [plan.kept.join("; ")]),
	].filter(Boolean);
	const dialog = new frappe.ui.Dialog({
		title: __("Terbitkan {0}", [frm.doc.nama]),
		fields: [
			{
				fieldtype: "HTML",
				options: list(__("Yang akan berubah"), changes) + list(__("Perhatikan"), plan.warnings),
			},
			...(plan.replaces
				? []
				: [
						{
							fieldname: "jenjang",
							fieldtype: "MultiCheck",
							label: __("Dipakai {0} untuk PK jenjang", [frm.doc.opd]),
							columns: 2,
							sort_options: false,
							options: JENJANG.map((j) => ({ label: __(j), value: j, checked: j === "JPT" })),
						},
				  ]),
		],
		primary_action_label: __("Terbitkan"),
		async primary_action(values) {
			await frappe.xcall(`${ALUR}.publish`, {
				name: frm.doc.name,
				jenjang: (values.jenjang || []).join(","),
			});
			dialog.hide();
			frappe.show_alert({ message: __("Alur berlaku"), indicator: "green" });
			frm.reload_doc();
		},
	});
	dialog.show();
}
