frappe.provide("perjankin");

const WITH_REASON = ["Kembalikan", "Batalkan"];

frappe.ui.form.on("Perjanjian Kinerja", {
	setup(frm) {
		frm.set_query("jabatan", () => ({ filters: frm.doc.unit ? { unit: frm.doc.unit } : {} }));
		frm.set_query("periode", () => ({ filters: { status: "Terbuka" } }));
		frm.set_query("pihak_pertama", () => ({ filters: { jabatan: frm.doc.jabatan } }));
		frm.set_query("perubahan_dari", () => ({
			filters: { docstatus: 1, jabatan: frm.doc.jabatan, periode: frm.doc.periode },
		}));
		frm.set_query("indikator", "target", (doc, cdt, cdn) => {
			const row = locals[cdt][cdn];
			return { filters: { opd: doc.opd, ...(row.sasaran ? { sasaran: row.sasaran } : {}) } };
		});
		frm.set_query("sasaran", "target", (doc) => ({ filters: { opd: doc.opd } }));
		frm.set_query("nomenklatur", "program", (doc) => ({
			filters: {
				tingkat: { Administrator: "Kegiatan", Pengawas: "Sub Kegiatan" }[doc.jenjang] || "Program",
			},
		}));
	},

	refresh(frm) {
		perjankin.show_step(frm);
		const step = frm.doc.__onload?.langkah;
		if (!frm.is_new() && step && !step.boleh_ubah) {
			// not disable_form(): its fields would stay closed when the turn comes and the document is read anew
			frm.set_read_only();
			frm.refresh_fields();
			frm.disable_save();
		}
		if (frm.doc.pdf_final) {
			frm.add_custom_button(__("Berkas Bertanda Tangan"), () => window.open(frm.doc.pdf_final));
		}
		if (!frm.is_new()) frm.add_custom_button(__("Periksa Riwayat"), () => perjankin.check_log(frm));
	},

	unit(frm) {
		if (frm.is_new() && frm.doc.jabatan) frm.set_value("jabatan", null);
	},

	async jabatan(frm) {
		if (!frm.is_new() || !frm.doc.jabatan) return;
		const { message } = await frappe.call(
			"perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja.propose",
			{ jabatan: frm.doc.jabatan },
		);
		await frm.set_value(message);
	},

	// Core froze the page before it asks us, and reloads the document before it acts: so unfreeze, ask, and leave the
	// reason with the server, which consumes it in the action's own transaction. Whoever closes the dialog leaves the
	// promise open: core would not catch a rejection.
	before_workflow_action(frm) {
		const action = frm.selected_workflow_action;
		if (!WITH_REASON.includes(action)) return;
		frappe.dom.unfreeze();
		return new Promise((resolve) => {
			const dialog = new frappe.ui.Dialog({
				title: __("Alasan: {0}", [__(action)]),
				fields: [{ fieldname: "reason", fieldtype: "Small Text", label: __("Alasan"), reqd: 1 }],
				primary_action_label: __(action),
				async primary_action({ reason }) {
					try {
						await frappe.xcall(
							"perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja.store_reason",
							{ name: frm.doc.name, reason },
						);
					} catch {
						return; // the server has said why
					}
					dialog.hide();
					frappe.dom.freeze();
					resolve();
				},
			});
			dialog.show();
		});
	},

	// core's answer to an action lacks what onload adds: the panel would go on showing the step that was left
	after_workflow_action: (frm) => frm.reload_doc(),
});

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
	anggaran: (frm) => perjankin.sum_programs(frm),
	program_remove: (frm) => perjankin.sum_programs(frm),
});

perjankin.sum_programs = (frm) =>
	frm.set_value(
		"total_anggaran",
		(frm.doc.program || []).reduce((sum, row) => sum + flt(row.anggaran), 0),
	);

perjankin.check_log = async (frm) => {
	const { baris, masalah } = await frappe.xcall(
		"perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja.check_log",
		{ name: frm.doc.name },
	);
	frappe.msgprint({
		title: masalah ? __("Riwayat tidak utuh") : __("Riwayat utuh"),
		indicator: masalah ? "red" : "green",
		message: masalah
			? `<p>${frappe.utils.escape_html(masalah)}</p><p>${__("Beri tahu PK Admin Pemda dan Inspektorat.")}</p>`
			: __("{0} baris, semuanya saling menyambung dan cocok dengan status PK ini.", [baris]),
	});
};

perjankin.minutes = (minutes) => {
	const hours = Math.floor(minutes / 60);
	const rest = Math.round(minutes % 60);
	return [hours && __("{0} jam", [hours]), (rest || !hours) && __("{0} menit", [rest])].filter(Boolean).join(" ");
};

perjankin.show_step = (frm) => {
	const step = frm.doc.__onload?.langkah;
	const wrapper = frm.get_field("panel_langkah").$wrapper.empty();
	if (frm.is_new() || !step) return;
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const rows = [];
	if (step.kegiatan) {
		const late = step.menit_baku && step.menit_terpakai > step.menit_baku;
		const waiting = step.menunggu.length
			? step.menunggu.map((p) => `${text(p.jabatan)} (${text(p.nama)})`).join("; ")
			: __("Belum ada pejabat berperan {0}. Minta PK Admin OPD mengisi Penugasan Jabatan.", [
					text(step.peran.join(", ")),
			  ]);
		rows.push(
			`<div class="perjankin-step-title">${text(
				__("Langkah {0} dari {1}: {2}", [step.urutan, step.jumlah, __(step.status)]),
			)}${step.giliran_saya ? ` <span class="indicator-pill green">${__("Giliran Anda")}</span>` : ""}</div>`,
			`<div>${text(step.kegiatan)}</div>`,
			`<div class="perjankin-step-grid">
				<div><span>${__("Menunggu")}</span>${waiting}${
					step.menggantikan ? ` <i>${__("menggantikan pemeriksa yang menyusun sendiri")}</i>` : ""
				}</div>
				<div><span>${__("Waktu baku")}</span>${text(step.waktu || "–")}</div>
				<div class="${late ? "text-danger" : ""}"><span>${__("Terpakai (jam kerja)")}</span>${perjankin.minutes(
					step.menit_terpakai,
				)}${late ? ` · ${__("melewati waktu baku")}` : ""}</div>
				<div><span>${__("Kelengkapan")}</span>${text(step.kelengkapan || "–")}</div>
				<div><span>${__("Output")}</span>${text(step.output || "–")}</div>
			</div>`,
		);
	}
	const last = step.riwayat[step.riwayat.length - 1];
	if (last && last.aksi === "Kembalikan" && last.ke === step.status) {
		rows.push(
			`<div class="perjankin-returned"><b>${__("Dikembalikan oleh {0}", [
				text(last.pelaku_jabatan),
			])}</b>: ${text(last.catatan)}</div>`,
		);
	}
	if (step.riwayat.length) {
		rows.push(
			`<details><summary>${__("Riwayat ({0})", [step.riwayat.length])}</summary><div class="table-responsive"><table class="table table-sm">
				<thead><tr><th>${__("Selesai")}</th><th>${__("Langkah")}</th><th>${__("Tindakan")}</th><th>${__("Oleh")}</th><th>${__(
					"Terpakai / baku",
				)}</th><th>${__("Alasan")}</th></tr></thead><tbody>${step.riwayat
					.map(
						(r) => `<tr><td>${frappe.datetime.str_to_user(r.selesai)}</td><td>${text(r.dari)}</td><td>${text(
							__(r.aksi),
						)}</td><td>${text(r.pelaku_nama)}<br><span class="text-muted">${
							r.pelaku_status === "Definitif" ? "" : `${text(r.pelaku_status)} `
						}${text(r.pelaku_jabatan)}</span></td><td class="${
							r.menit_baku && r.menit_kerja > r.menit_baku ? "text-danger" : ""
						}">${perjankin.minutes(r.menit_kerja)}${
							r.menit_baku ? ` / ${perjankin.minutes(r.menit_baku)}` : ""
						}</td><td>${text(r.catatan)}</td></tr>`,
					)
					.join("")}</tbody></table></div></details>`,
		);
	}
	wrapper.html(`<div class="perjankin-step ${step.giliran_saya ? "mine" : ""}">${rows.join("")}</div>`);
};
