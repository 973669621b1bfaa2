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
		perjankin.show_papers(frm);
		perjankin.offer_compilation(frm);
		perjankin.show_rounds(frm);
		const step = frm.doc.__onload?.langkah;
		if (!frm.is_new() && step && !step.boleh_ubah) {
			// not disable_form(): its fields would stay closed when the turn comes and the document is read anew
			frm.set_read_only();
			frm.refresh_fields();
			frm.disable_save();
		}
		if (!frm.is_new() && !frm.doc.pdf_final) {
			frm.add_custom_button(__("Periksa Riwayat"), () => perjankin.check_log(frm));
		}
	},

	unit(frm) {
		if (frm.is_new() && frm.doc.jabatan && frm.doc.unit !== frm.unit_of_post) frm.set_value("jabatan", null);
	},

	async jabatan(frm) {
		if (!frm.is_new() || !frm.doc.jabatan) return;
		const { message } = await frappe.call(
			"perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja.propose",
			{ jabatan: frm.doc.jabatan },
		);
		frm.unit_of_post = message.unit;
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
	async after_workflow_action(frm) {
		await frm.reload_doc();
		perjankin.ask_for_certificate(frm);
	},
});

frappe.ui.form.on("PK Program", {
	anggaran: (frm) => perjankin.sum_programs(frm),
	program_remove: (frm) => perjankin.sum_programs(frm),
});

perjankin.sum_programs = (frm) =>
	frm.fields_dict.total_anggaran && // a Data Bidang has such rows too, but no total
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
				<div><span>${__("Waktu baku")}</span>${text(step.waktu || "–")}${
					step.tenggat ? ` · ${__("tenggat {0}", [frappe.datetime.str_to_user(step.tenggat)])}` : ""
				}</div>
				<div class="${late ? "text-danger" : ""}"><span>${__("Terpakai (jam kerja)")}</span>${perjankin.minutes(
					step.menit_terpakai,
				)}${late ? ` · ${__("melewati waktu baku")}` : ""}</div>
				<div><span>${__("Kelengkapan")}</span>${text(step.kelengkapan || "–")}</div>
				<div><span>${__("Output Langkah")}</span>${text(step.output || "–")}</div>
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

// how a missing paper comes into being: the record that proves it, or its form filled with what the PK knows
perjankin.make_paper = async (frm, { pemenuhan, jenis_dokumen, found }) => {
	const of_pk = { perjanjian_kinerja: frm.doc.name };
	if (pemenuhan === "Naskah Dinas" && found.length) {
		const { message } = await frappe.db.get_value(pemenuhan, { name: ["in", found], nomor: ["is", "not set"] }, "name");
		return frappe.set_route("Form", pemenuhan, message?.name || found[0]);
	}
	const { opd, periode } = frm.doc;
	const one_each = {
		"Rapat Pembahasan": ["Rapat Pembahasan", "Daftar Hadir", "Notulen"],
		"Permintaan Data": ["Permintaan Data", "Formulir Bertanda Tangan", "Data Bidang"],
	};
	for (const [doctype, kinds] of Object.entries(one_each)) {
		if (!kinds.includes(pemenuhan)) continue;
		const { message } = await frappe.db.get_value(doctype, of_pk, "name");
		if (!message?.name) return frappe.new_doc(doctype, of_pk);
		// the copy that the desk kept says what its holder might do in another step
		frappe.model.clear_doc(doctype, message.name);
		return frappe.set_route("Form", doctype, message.name);
	}
	const values = {
		"Dokumen Pendukung": { ...of_pk, jenis_dokumen, opd, periode },
		"Naskah Dinas": { ...of_pk, jenis_dokumen },
		"Dokumen Anggaran": { opd, periode },
		"Arsip PK": of_pk,
	}[pemenuhan];
	return frappe.new_doc(pemenuhan, values);
};

// a letter that is there and still missed lacks its number, which its own form gives
const opened = ({ pemenuhan, found }) =>
	pemenuhan === "Naskah Dinas" && found.length ? "Buka Naskah" : OPENED[pemenuhan];

const OPENED = {
	"Dokumen Pendukung": "Unggah",
	"Naskah Dinas": "Buat Naskah",
	"Rapat Pembahasan": "Catat Rapat",
	"Daftar Hadir": "Isi Daftar Hadir",
	Notulen: "Isi Notulen",
	"Permintaan Data": "Minta Data",
	"Formulir Bertanda Tangan": "Lihat Isian",
	"Data Bidang": "Lihat Isian",
	"Dokumen Anggaran": "Catat DPA",
	"Arsip PK": "Catat Arsip",
};

perjankin.show_papers = (frm) => {
	const papers = frm.doc.__onload?.dokumen || [];
	const wrapper = frm.get_field("panel_dokumen").$wrapper.empty();
	if (frm.is_new() || !papers.length) return;
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const mine = frm.doc.__onload.langkah?.giliran_saya;
	const line = (paper, index) => {
		const records = paper.found
			.filter((name) => name !== frm.doc.name && paper.doctype !== "Riwayat Alur")
			.map((name) => `<a href="/app/${frappe.router.slug(paper.doctype)}/${encodeURIComponent(name)}">${text(name)}</a>`)
			.join(", ");
		const button =
			mine && paper.missing && opened(paper)
				? `<button class="btn btn-xs btn-default" data-paper="${index}">${__(opened(paper))}</button>`
				: "";
		const state = !paper.missing ? "green" : paper.wajib ? "orange" : "gray";
		return `<tr><td><span class="indicator ${state}"></span></td><td>${text(paper.jenis_dokumen)}${
			paper.wajib ? "" : ` <span class="text-muted">${__("bila ada")}</span>`
		}</td><td>${text(__(paper.arah))}</td><td>${records}${records && paper.missing ? "; " : ""}${text(
			paper.missing,
		)}</td><td class="text-right">${button}</td></tr>`;
	};
	const lacking = papers.filter((paper) => paper.wajib && paper.missing).length;
	wrapper.html(
		`<details class="perjankin-papers" ${lacking && mine ? "open" : ""}><summary>${__("Dokumen langkah ini")}: ${
			lacking ? __("{0} belum ada", [lacking]) : __("lengkap")
		}</summary><div class="table-responsive"><table class="table table-sm"><tbody>${papers
			.map(line)
			.join("")}</tbody></table></div></details>`,
	);
	wrapper.find("[data-paper]").on("click", (event) => perjankin.make_paper(frm, papers[event.currentTarget.dataset.paper]));
};

// what changed since the PK was looked at last, and the remarks of its asistensi: below the step, for both sides
perjankin.show_rounds = (frm) => {
	const { perubahan, asistensi, langkah } = frm.doc.__onload || {};
	if (frm.is_new()) return;
	const wrapper = frm.get_field("panel_langkah").$wrapper;
	if (perubahan) wrapper.append(perjankin.changes_panel(perubahan, langkah?.giliran_saya));
	if (asistensi) wrapper.append(perjankin.remarks_panel(asistensi));
	wrapper
		.find("[data-remark]")
		.on("click", ({ currentTarget: { dataset } }) => perjankin.act_on_remark(frm, dataset.act, dataset.remark));
};

perjankin.changes_panel = ({ dari, aksi, oleh, selesai, baris }, open) => {
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const nothing = { Ditambah: __("belum ada"), Dihapus: __("dihapus"), Diubah: __("kosong") };
	const value = (row, side) => {
		const whole = row.jenis === (side === "dari" ? "Dihapus" : "Ditambah");
		return text(row[side]) || `<i class="text-muted">${whole ? "–" : nothing[row.jenis]}</i>`;
	};
	const rows = baris.map(
		(row) => `<tr><td>${text(__(row.bagian))}</td><td>${text(row.baris)}${
			row.isian ? `<br><span class="text-muted">${text(__(row.isian))}</span>` : ""
		}</td><td data-label="${__("Dari")}">${value(row, "dari")}</td><td data-label="${__("Menjadi")}">${value(
			row,
			"menjadi",
		)}</td></tr>`,
	);
	const since = __("{0} · {1} oleh {2}, {3}", [text(dari), text(__(aksi)), text(oleh), frappe.datetime.str_to_user(selesai)]);
	return `<details class="perjankin-round" ${open && rows.length ? "open" : ""}>
		<summary>${__("Perubahan sejak putaran sebelumnya")}: ${rows.length || __("tidak ada")}</summary>
		<div class="text-muted">${since}</div>
		${
			rows.length
				? `<div class="table-responsive"><table class="table table-sm"><thead><tr><th>${__("Bagian")}</th><th>${__(
						"Baris",
				  )}</th><th>${__("Dari")}</th><th>${__("Menjadi")}</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`
				: ""
		}</details>`;
};

perjankin.remarks_panel = ({ putaran, terbuka, boleh_memberi, baris }) => {
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const button = (act, label, name) =>
		`<button class="btn btn-xs btn-default" data-act="${act}" data-remark="${text(name)}">${label}</button>`;
	const labels = {
		selesai: __("Selesai"),
		buka: __("Buka lagi"),
		tanggapi: __("Tanggapi"),
		ubah: __("Ubah"),
	};
	const cards = baris.map((row) => {
		const open = row.status === "Terbuka";
		const buttons = Object.keys(labels).filter((act) => row.boleh[act]);
		return `<div class="perjankin-remark">
			<div><span class="indicator-pill ${open ? "orange" : "green"}">${__(row.status)}</span>
				<b>${text(__(row.bagian))}${row.baris ? `: ${text(row.baris)}` : ""}</b>
				<span class="text-muted">${__("Putaran {0}", [row.putaran])} · ${text(row.pemberi)}</span></div>
			<p>${text(row.catatan)}</p>
			${row.tanggapan ? `<p class="answer"><b>${text(row.penanggap)}</b>: ${text(row.tanggapan)}</p>` : ""}
			${buttons.length ? `<div>${buttons.map((act) => button(act, labels[act], row.name)).join(" ")}</div>` : ""}
		</div>`;
	});
	return `<details class="perjankin-round" open>
		<summary>${__("Catatan Asistensi, putaran {0}", [putaran])}: ${
			terbuka ? __("{0} terbuka", [terbuka]) : baris.length ? __("semua selesai") : __("belum ada")
		}</summary>${cards.join("")}${boleh_memberi ? button("beri", __("Beri Catatan"), "") : ""}</details>`;
};

perjankin.act_on_remark = async (frm, act, name) => {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Simpan PK ini lebih dahulu, supaya perubahannya tidak hilang."));
		return;
	}
	const done = async (call) => {
		try {
			await call;
		} catch {
			return false; // the server has said why
		}
		await frm.reload_doc();
		return true;
	};
	const doctype = "Catatan Asistensi";
	const methods = { selesai: "resolve", buka: "reopen" };
	if (methods[act]) {
		await done(
			frappe.xcall(
				`perjankin_app.perjankin_app.doctype.catatan_asistensi.catatan_asistensi.${methods[act]}`,
				{ name },
			),
		);
		return;
	}
	const text = (value) => frappe.utils.escape_html(String(value ?? "")); // core puts labels of options in as HTML
	const remark = frm.doc.__onload.asistensi.baris.find((row) => row.name === name);
	const written = { ubah: "catatan", tanggapi: "tanggapan" }[act];
	const chosen = (fieldname, label, part, options) => ({
		fieldname,
		label,
		fieldtype: "Select",
		options: [{ value: "", label: "" }, ...options],
		depends_on: `eval:doc.bagian=="${part}"`,
		mandatory_depends_on: `eval:doc.bagian=="${part}"`,
	});
	const dialog = new frappe.ui.Dialog({
		title: { beri: __("Beri Catatan"), ubah: __("Ubah Catatan"), tanggapi: __("Tanggapi") }[act],
		fields: written
			? [
					...(act === "tanggapi" ? [{ fieldtype: "HTML", options: `<p>${text(remark.catatan)}</p>` }] : []),
					{
						fieldname: written,
						fieldtype: "Small Text",
						label: __(frappe.unscrub(written)),
						default: remark[written],
						reqd: 1,
					},
			  ]
			: [
					{ fieldname: "bagian", fieldtype: "Select", label: __("Bagian"), options: "Target Kinerja\nProgram\nUmum", default: "Target Kinerja", reqd: 1 },
					chosen(
						"indikator",
						__("Indikator"),
						"Target Kinerja",
						frm.doc.target.map((row) => ({ value: row.indikator, label: text(row.indikator_teks) })),
					),
					chosen(
						"nomenklatur",
						__("Program"),
						"Program",
						frm.doc.program.map((row) => ({ value: row.nomenklatur, label: text(`${row.nomenklatur} ${row.nama}`) })),
					),
					{ fieldname: "catatan", fieldtype: "Small Text", label: __("Catatan"), reqd: 1 },
			  ],
		primary_action_label: __("Simpan"),
		async primary_action(values) {
			const call = written
				? frappe.xcall("frappe.client.set_value", { doctype, name, fieldname: written, value: values[written] })
				: frappe.xcall("frappe.client.insert", { doc: { doctype, perjanjian_kinerja: frm.doc.name, ...values } });
			if (await done(call)) dialog.hide();
		},
	});
	if (act === "ubah") {
		dialog.set_secondary_action_label(__("Hapus"));
		dialog.set_secondary_action(async () => {
			if (await done(frappe.xcall("frappe.client.delete", { doctype, name }))) dialog.hide();
		});
	}
	dialog.show();
};

// the dialog is the Permintaan Data's own: go there, and it opens
perjankin.offer_compilation = async (frm) => {
	const { name } = frm.doc;
	if (frm.is_new() || !frm.doc.__onload?.langkah?.boleh_ubah) return;
	const { message } = await frappe.db.get_value("Permintaan Data", { perjanjian_kinerja: name }, "name");
	if (!message?.name || frm.doc.name !== name) return;
	frm.add_custom_button(
		__("Susun dari Data Bidang"),
		() => {
			perjankin.compile_next = message.name;
			frappe.set_route("Form", "Permintaan Data", message.name);
		},
		__("Dokumen"),
	);
};
