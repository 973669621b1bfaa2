const RAPAT = "perjankin_app.perjankin_app.doctype.rapat_pembahasan.rapat_pembahasan";

frappe.ui.form.on("Rapat Pembahasan", {
	setup(frm) {
		frm.set_query("undangan", (doc) => ({
			filters: { perjanjian_kinerja: doc.perjanjian_kinerja, tata_letak: "Undangan Rapat" },
		}));
		frm.set_query("penugasan", "peserta", (doc) => ({ filters: doc.opd ? { opd: doc.opd } : {} }));
		frm.set_query("indikator", "keputusan", (doc) => {
			const targets = doc.__onload?.indikator;
			return { filters: targets?.length ? { name: ["in", targets] } : { opd: doc.opd } };
		});
	},

	refresh(frm) {
		frm.page.set_indicator(__(frm.doc.status), frm.doc.status === "Selesai" ? "green" : "orange");
		if (frm.is_new()) return;
		if (frm.doc.__onload?.boleh_ubah) {
			frm.add_custom_button(__("Undang Tim"), () => invite(frm));
			frm.add_custom_button(__("Tutup Rapat"), () => close_meeting(frm)).addClass("btn-primary");
		} else {
			frm.set_read_only(); // not disable_form(): see the form of the PK
			frm.refresh_fields();
			frm.disable_save();
		}
		frm.add_custom_button(__("Unduh ICS"), () =>
			window.open(`/api/method/${RAPAT}.ics?name=${encodeURIComponent(frm.doc.name)}`),
		);
		frm.add_custom_button(__("Cetak Daftar Hadir"), () => print_as(frm, "Daftar Hadir"));
		frm.add_custom_button(__("Cetak Notulen"), () => print_as(frm, "Notulen"));
	},

	async perjanjian_kinerja(frm) {
		if (!frm.doc.perjanjian_kinerja) return;
		const { message } = await frappe.db.get_value("Perjanjian Kinerja", frm.doc.perjanjian_kinerja, "opd");
		if (message) frm.set_value("opd", message.opd);
	},
});

async function invite(frm) {
	if (frm.is_dirty()) await frm.save();
	const added = await frappe.xcall(`${RAPAT}.invite_team`, { name: frm.doc.name });
	await frm.reload_doc();
	frappe.show_alert(__("{0} peserta ditambahkan", [added]));
}

function close_meeting(frm) {
	frappe.confirm(__("Tutup rapat ini? Sesudahnya daftar hadir dan notulen tidak dapat diubah."), async () => {
		if (frm.is_dirty()) await frm.save();
		await frappe.xcall(`${RAPAT}.close`, { name: frm.doc.name });
		frm.reload_doc();
	});
}

function print_as(frm, format) {
	if (frm.is_dirty()) return frappe.msgprint(__("Simpan dahulu, lalu cetak."));
	const query = { doctype: frm.doctype, name: frm.doc.name, format, no_letterhead: 1, trigger_print: 1 };
	window.open(`/printview?${new URLSearchParams(query)}`);
}
