frappe.provide("perjankin");

const COLLECTION = "perjankin_app.perjankin_app.doctype.permintaan_data.permintaan_data";
const FORM_CALLS = "perjankin_app.perjankin_app.doctype.data_bidang.data_bidang";
const KINDS = { baru: "green", berubah: "blue", bentrok: "orange", hilang: "red", sama: "gray" };

frappe.ui.form.on("Permintaan Data", {
	setup(frm) {
		frm.set_query("perjanjian_kinerja", () => ({ filters: { docstatus: 0 } }));
		frm.set_query("nota_dinas", () => ({ filters: { perjanjian_kinerja: frm.doc.perjanjian_kinerja } }));
		frm.set_query("unit", "unit", () => ({
			filters: { jenis: ["not in", ["Pemda", "OPD"]], ...(frm.doc.opd ? { opd: frm.doc.opd } : {}) },
		}));
	},

	refresh(frm) {
		perjankin.show_forms(frm);
		if (frm.is_new()) return;
		if (!frm.doc.__onload?.penghimpun) {
			frm.set_read_only();
			frm.refresh_fields();
			frm.disable_save();
		}
		frm.add_custom_button(__("Susun ke PK"), () => compile(frm));
		if (perjankin.compile_next === frm.doc.name) {
			perjankin.compile_next = null; // the PK's form sent us here
			compile(frm);
		}
	},

	async perjanjian_kinerja(frm) {
		if (!frm.doc.perjanjian_kinerja) return;
		const { message } = await frappe.db.get_value("Perjanjian Kinerja", frm.doc.perjanjian_kinerja, "opd");
		frm.set_value("opd", message?.opd);
	},
});

const shown = (value) => frappe.utils.escape_html(String(value ?? ""));

perjankin.show_forms = (frm) => {
	const forms = (!frm.is_new() && frm.doc.__onload?.keadaan) || [];
	const wrapper = frm.get_field("keadaan").$wrapper.empty();
	if (!forms.length) return;
	const colours = { Menunggu: "gray", Ditandatangani: "blue", Ditolak: "red", Dikembalikan: "orange", Diterima: "green" };
	const buttons = (form) => {
		const calls = { Ditandatangani: ["accept", "give_back"], Diterima: ["give_back"] }[form.status] || [];
		return (frm.doc.__onload.penghimpun ? calls : [])
			.map(
				(call) =>
					`<button class="btn btn-xs ${call === "accept" ? "btn-primary" : "btn-default"}" data-call="${call}" data-name="${shown(
						form.name,
					)}">${call === "accept" ? __("Terima") : __("Kembalikan")}</button>`,
			)
			.join(" ");
	};
	const done = forms.filter((form) => form.status === "Diterima").length;
	wrapper.html(
		`<p class="text-muted">${__("{0} dari {1} unit sudah diterima.", [done, forms.length])}</p>
		<div class="perjankin-forms">${forms
			.map(
				(form) => `<div>
					<div><a href="${frappe.utils.get_form_link("Data Bidang", form.name)}">${shown(form.unit)}</a>
						<div class="text-muted small">${shown(form.kepala) || __("Belum ada kepala unit yang bertugas")}</div></div>
					<div><span class="indicator-pill ${colours[form.status]}">${shown(__(form.status))}</span>
						${form.alasan ? `<div class="small">${shown(form.alasan)}</div>` : ""}</div>
					<div class="small">${__("{0} target, {1} program", [form.target, form.program])}</div>
					<div class="small ${form.terlambat ? "text-danger" : ""}">${frappe.datetime.str_to_user(form.tenggat)}${
						form.terlambat ? ` · ${__("terlambat {0} hari", [form.terlambat])}` : ""
					}</div>
					<div class="perjankin-forms-buttons">${buttons(form)}</div>
				</div>`,
			)
			.join("")}</div>`,
	);
	wrapper.find("button[data-call]").on("click", async (event) => {
		const { call, name } = event.currentTarget.dataset;
		const values = { name };
		if (call === "give_back") values.reason = await perjankin.ask_reason(__("Kembalikan isian"), __("Kembalikan"));
		await frappe.xcall(`${FORM_CALLS}.${call}`, values);
		frm.reload_doc();
	});
};

// the promise stays open when the dialog is closed: then nothing follows
perjankin.ask_reason = (title, action) =>
	new Promise((resolve) => {
		frappe.prompt(
			[{ fieldname: "reason", fieldtype: "Small Text", label: __("Alasan"), reqd: 1 }],
			({ reason }) => resolve(reason),
			title,
			action,
		);
	});

async function compile(frm) {
	if (frm.is_dirty()) await frm.save();
	const plan = await frappe.xcall(`${COLLECTION}.preview_compilation`, { name: frm.doc.name });
	const changes = plan.baris.filter((row) => row.jenis !== "sama");
	const waiting = plan.menunggu.length
		? `<p class="text-muted">${__("Belum diterima, jadi tidak ikut: {0}", [shown(plan.menunggu.join(", "))])}</p>`
		: "";
	if (!changes.length) {
		frappe.msgprint({ title: __("Susun ke PK"), message: `<p>${__("PK sudah sama dengan isian yang diterima.")}</p>${waiting}` });
		return;
	}
	const line = (row) => {
		const difference = row.usul
			? row.beda
					.map(
						(field) =>
							`<div><span class="text-muted">${shown(field.label)}:</span> ${
								row.lama ? `<s>${shown(field.lama || "–")}</s> → ` : ""
							}<b>${shown(field.usul || "–")}</b></div>`,
					)
					.join("")
			: `<div>${__("Tidak ada lagi pada isian unit. Bila dicentang, barisnya dihapus dari PK.")}</div>`;
		return `<label class="perjankin-change">
			<input type="checkbox" value="${shown(row.kunci)}" ${row.dipilih ? "checked" : ""} ${plan.boleh ? "" : "disabled"}>
			<div><div>${shown(row.nama || row.baris)} <span class="indicator-pill ${KINDS[row.jenis]}">${shown(__(row.jenis))}</span></div>
				<div class="text-muted small">${shown(row.unit.join(", "))}</div></div>
			<div class="small">${difference}</div>
		</label>`;
	};
	const section = (table, title) => {
		const rows = changes.filter((row) => row.tabel === table);
		return rows.length ? `<h5>${title}</h5>${rows.map(line).join("")}` : "";
	};
	const conflicts = changes.some((row) => row.jenis === "bentrok")
		? `<p class="perjankin-note">${__(
				"Bentrok: baris di PK sudah diubah dengan tangan, atau dua unit berbeda isi. Centang hanya bila isian unit yang dipakai.",
		  )}</p>`
		: "";
	const closed = plan.boleh
		? ""
		: `<p class="perjankin-note">${__("Isi PK sedang tidak dapat Anda ubah; daftar ini untuk dilihat saja.")}</p>`;
	const dialog = new frappe.ui.Dialog({
		title: __("Susun ke {0}", [plan.pk]),
		size: "large",
		fields: [{ fieldname: "rows", fieldtype: "HTML" }],
		primary_action_label: __("Susun ke PK"),
		async primary_action() {
			const keys = dialog.$wrapper
				.find("input[type=checkbox]:checked")
				.get()
				.map((box) => box.value);
			await frappe.xcall(`${COLLECTION}.compile`, { name: frm.doc.name, keys: JSON.stringify(keys) });
			dialog.hide();
			frappe.show_alert({ message: __("{0} baris disusun ke PK.", [keys.length]), indicator: "green" });
			frappe.model.remove_from_locals("Perjanjian Kinerja", plan.pk); // an open copy of it is old now
			frappe.set_route("Form", "Perjanjian Kinerja", plan.pk);
		},
	});
	dialog.fields_dict.rows.$wrapper.html(
		closed + conflicts + waiting + section("target", __("Target Kinerja")) + section("program", __("Program dan Anggaran")),
	);
	dialog.get_primary_btn().toggle(plan.boleh);
	dialog.show();
}
