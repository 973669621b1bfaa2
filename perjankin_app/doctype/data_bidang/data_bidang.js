const DATA_BIDANG = "perjankin_app.perjankin_app.doctype.data_bidang.data_bidang";

frappe.ui.form.on("Data Bidang", {
	setup(frm) {
		frm.set_query("indikator", "target", (doc, cdt, cdn) => {
			const row = locals[cdt][cdn];
			return { filters: { opd: doc.opd, ...(row.sasaran ? { sasaran: row.sasaran } : {}) } };
		});
		frm.set_query("sasaran", "target", (doc) => ({ filters: { opd: doc.opd } }));
		frm.set_query("nomenklatur", "program", () => {
			const tingkat = frm.doc.__onload?.tingkat;
			return { filters: tingkat ? { tingkat } : {} };
		});
	},

	refresh(frm) {
		const may = frm.doc.__onload?.boleh || {};
		const { status } = frm.doc;
		const colours = { Menunggu: "gray", Ditandatangani: "blue", Ditolak: "red", Dikembalikan: "orange", Diterima: "green" };
		frm.page.set_indicator(__(status), colours[status]);
		tell(frm, may);
		if (!may.isi) {
			frm.set_read_only();
			frm.refresh_fields();
			frm.disable_save();
		}
		if (may.tanda_tangan) {
			frm.add_custom_button(__("Tanda Tangani"), () => sign(frm)).addClass("btn-primary");
			frm.add_custom_button(__("Tolak"), () => with_reason(frm, "refuse", __("Tolak")));
		}
		if (may.periksa) {
			if (status === "Ditandatangani") {
				frm.add_custom_button(__("Terima"), () => move(frm, "accept")).addClass("btn-primary");
			}
			frm.add_custom_button(__("Kembalikan"), () => with_reason(frm, "give_back", __("Kembalikan")));
		}
	},
});

function tell(frm, may) {
	const { status, alasan } = frm.doc;
	const heads = (frm.doc.__onload?.kepala || []).map((head) => `${head.jabatan} (${head.nama})`).join("; ");
	const text = {
		Menunggu: may.isi
			? __("Isi target dan anggaran unit ini, simpan, lalu {0} menandatanganinya.", [heads || __("kepala unit")])
			: __("Menunggu diisi dan ditandatangani {0}.", [heads || __("kepala unit")]),
		Ditolak: __("Ditolak: {0}. Perbaiki, lalu simpan.", [alasan]),
		Dikembalikan: __("Dikembalikan: {0}. Perbaiki, simpan, lalu tanda tangani kembali.", [alasan]),
		Ditandatangani: __("Sudah ditandatangani dan menunggu diterima penghimpun."),
		Diterima: __("Sudah diterima dan dapat disusun ke PK."),
	}[status];
	frm.set_intro(frappe.utils.escape_html(text || ""), { Ditolak: "red", Dikembalikan: "orange" }[status] || "blue");
}

async function move(frm, call, values = {}) {
	await frappe.xcall(`${DATA_BIDANG}.${call}`, { name: frm.doc.name, ...values });
	frm.reload_doc();
}

async function sign(frm) {
	if (frm.is_dirty()) await frm.save();
	frappe.confirm(__("Tanda tangani isian {0}? Sesudahnya isian tidak dapat diubah.", [frappe.utils.escape_html(frm.doc.unit)]), () =>
		move(frm, "sign", { modified: frm.doc.modified }),
	);
}

function with_reason(frm, call, action) {
	frappe.prompt(
		[{ fieldname: "reason", fieldtype: "Small Text", label: __("Alasan"), reqd: 1 }],
		({ reason }) => move(frm, call, { reason }),
		action,
		action,
	);
}
