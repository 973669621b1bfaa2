// The signed PK: its frozen file, its signatures, what checks it, and the version that comes after it.
frappe.provide("perjankin");

const PK_METHODS = "perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja";

frappe.ui.form.on("Perjanjian Kinerja", {
	refresh(frm) {
		perjankin.show_signatures(frm);
		if (!frm.is_new() && frm.doc.perubahan_dari) {
			frm.add_custom_button(__("Bandingkan Versi"), () => perjankin.compare(frm));
		}
		if (!frm.doc.pdf_final) return;
		frm.add_custom_button(__("Berkas Bertanda Tangan"), () => window.open(frm.doc.pdf_final));
		frm.add_custom_button(__("Periksa Dokumen"), () => perjankin.check_document(frm));
		if (frm.doc.__onload?.boleh_ubah_versi) {
			frm.add_custom_button(__("Buat PK Perubahan"), () => perjankin.make_change(frm));
		}
	},
});

perjankin.compare = ({ doctype, docname }) => {
	const asked = new URLSearchParams({ doctype, name: docname, format: "Perbandingan PK", no_letterhead: 1 });
	window.open(`/printview?${asked}`);
};

perjankin.make_change = (frm) =>
	frappe.model.open_mapped_doc({ method: `${PK_METHODS}.make_change`, frm, freeze: true });

perjankin.show_signatures = (frm) => {
	const signatures = frm.doc.__onload?.tanda_tangan;
	const wrapper = frm.get_field("panel_tanda_tangan").$wrapper.empty();
	if (frm.is_new() || !signatures) return;
	const text = (value) => frappe.utils.escape_html(String(value ?? ""));
	const { pihak, keberlakuan, cara, milik_saya, boleh_unggah, tautan, kode } = signatures;
	const color = { Berlaku: "green", "Menunggu Tanda Tangan": "orange", Digantikan: "gray", Dibatalkan: "red" };
	const waiting =
		{ Sertifikat: __("Menunggu tanda tangan dengan sertifikat"), Basah: __("Menunggu pindaian yang ditandatangani") }[cara] ||
		__("Belum menandatangani");
	const signed = (row) =>
		`<div>${text(__(row.cara))} · ${frappe.datetime.str_to_user(row.pada)}${
			row.berkas ? ` · <a href="${text(row.berkas)}" target="_blank">${__("Lihat berkas")}</a>` : ""
		}${row.keterangan ? `<div class="text-muted small">${text(row.keterangan)}</div>` : ""}</div>`;
	const line = (party) => `<div class="perjankin-line">
		<span class="indicator ${party.belum ? "orange" : "green"}"></span>
		<div><b>${text(__(party.pihak))}</b><br>${text(party.nama)}</div>
		<div>${party.baris.map(signed).join("")}${party.belum ? `<div>${waiting}</div>` : ""}</div>
		${
			milik_saya.includes(party.pihak)
				? `<button class="btn btn-xs btn-primary" data-sign="${text(party.pihak)}">${__("Tanda Tangani")}</button>`
				: ""
		}</div>`;
	wrapper.html(`<div class="perjankin-signatures">
		<div class="perjankin-signatures-title">${__("Tanda tangan")}
			<span class="indicator-pill ${color[keberlakuan] || "gray"}">${text(__(keberlakuan))}</span></div>
		${pihak.map(line).join("")}
		${boleh_unggah ? `<button class="btn btn-xs btn-default" data-scan>${__("Unggah Pindaian")}</button>` : ""}
		<div class="text-muted small">${__("Halaman verifikasi")}:
			<a href="/verifikasi/${text(kode)}" target="_blank">${text(tautan)}</a></div></div>`);
	wrapper.find("[data-sign]").on("click", ({ currentTarget: { dataset } }) => perjankin.sign(frm, dataset.sign));
	wrapper.find("[data-scan]").on("click", () => perjankin.hand_in_scan(frm, pihak.filter((party) => party.belum)));
};

// whoever has just signed by the chain goes on to the certificate, which signs what that froze
perjankin.ask_for_certificate = (frm) => {
	const { cara, milik_saya } = frm.doc.__onload?.tanda_tangan || {};
	if (cara === "Sertifikat" && milik_saya.length) perjankin.sign(frm, milik_saya[0]);
};

perjankin.sign = (frm, pihak) => {
	const { name } = frm.doc;
	if (frm.doc.__onload.tanda_tangan.cara !== "Sertifikat") {
		return frappe.confirm(__("Menandatangani {0} sebagai {1}?", [name, __(pihak)]), () =>
			perjankin.ask_to_sign(frm, "approve", { pihak }),
		);
	}
	const dialog = new frappe.ui.Dialog({
		title: __("Tanda tangan dengan sertifikat"),
		fields: [
			{
				fieldname: "password",
				fieldtype: "Password",
				label: __("Kata Sandi Sertifikat"),
				reqd: 1,
				no_strength_meter: 1, // else core sends what is typed to be rated
				description: __("Dipakai sekali ini saja; tidak disimpan."),
			},
		],
		primary_action_label: __("Tanda Tangani"),
		primary_action: ({ password }) => perjankin.ask_to_sign(frm, "sign_with_certificate", { pihak, password }, dialog),
	});
	dialog.show();
};

// Done or refused, the form then shows the PK as it is now. A dialog stays open only while what it offers is still true:
// whoever is refused because somebody was faster sees that at once, whoever mistyped goes on.
perjankin.ask_to_sign = async (frm, method, values, dialog) => {
	const { name } = frm.doc;
	const offered = () => JSON.stringify(frm.doc.__onload?.tanda_tangan?.pihak.map((party) => party.belum));
	const before = offered();
	let refused = false;
	try {
		await frappe.xcall(`${PK_METHODS}.${method}`, { name, ...values });
	} catch {
		refused = true; // the server has said why
	}
	if (frm.doc.name === name) await frm.reload_doc();
	if (!refused || frm.doc.name !== name || offered() !== before) dialog?.hide();
};

perjankin.hand_in_scan = (frm, missing) => {
	const text = (value) => frappe.utils.escape_html(String(value ?? "")); // core puts labels of options in as HTML
	const dialog = new frappe.ui.Dialog({
		title: __("Pindaian PK yang ditandatangani di kertas"),
		fields: [
			{
				fieldname: "pihak",
				fieldtype: "Select",
				label: __("Ditandatangani Oleh"),
				reqd: 1,
				options: [
					...(missing.length > 1 ? [{ value: missing.map((p) => p.pihak).join("\n"), label: __("Kedua pihak") }] : []),
					...missing.map((p) => ({ value: p.pihak, label: text(`${__(p.pihak)}: ${p.nama}`) })),
				],
			},
			{ fieldname: "tanggal", fieldtype: "Date", label: __("Tanggal Tanda Tangan"), default: frappe.datetime.get_today() },
			{
				fieldname: "berkas",
				fieldtype: "Attach",
				label: __("Pindaian"),
				reqd: 1,
				description: __("PDF, JPEG, atau PNG dari PK yang dicetak dari berkas yang dibekukan."),
			},
		],
		primary_action_label: __("Simpan"),
		primary_action: (values) => perjankin.ask_to_sign(frm, "hand_in_scan", values, dialog),
	});
	// no PK is named: the server attaches what it accepts, and nothing else
	dialog.fields_dict.berkas.df.options = { folder: "Home/Attachments" };
	dialog.set_value("pihak", dialog.fields_dict.pihak.df.options[0].value);
	dialog.show();
};

perjankin.check_document = async (frm) => {
	const checks = await frappe.xcall(
		"perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja.check_document",
		{ name: frm.doc.name },
	);
	const text = frappe.utils.escape_html;
	const broken = checks.some((check) => !check.beres);
	const rows = checks.map(
		({ nama, beres, uraian, rincian }) => `<tr>
			<td><span class="indicator-pill ${beres ? "green" : "red"}">${beres ? __("Cocok") : __("Tidak cocok")}</span></td>
			<td><b>${text(nama)}</b><br>${text(uraian)}
				${rincian.map((line) => `<div class="text-muted small">${text(line)}</div>`).join("")}</td>
		</tr>`,
	);
	frappe.msgprint({
		title: broken ? __("Dokumen tidak utuh") : __("Dokumen utuh"),
		indicator: broken ? "red" : "green",
		wide: true,
		message: `<table class="table perjankin-checks">${rows.join("")}</table>
			${broken ? `<p>${__("Beri tahu PK Admin Pemda dan Inspektorat.")}</p>` : ""}`,
	});
};
