// Compares a chosen file with the fingerprints of this PK. The file stays on the device.
document.addEventListener("DOMContentLoaded", () => {
	const input = document.getElementById("file");
	const answer = document.getElementById("answer");
	input?.addEventListener("change", async () => {
		const [file] = input.files;
		if (!file) return;
		if (!window.crypto?.subtle) {
			answer.textContent = "Peramban hanya dapat menghitung sidik pada alamat https. Buka halaman ini melalui https.";
			return;
		}
		answer.textContent = "Menghitung …";
		const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
		const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
		const known = JSON.parse(answer.dataset.known);
		answer.textContent = known[hex]
			? `Cocok: ini ${known[hex]}.`
			: `Tidak cocok dengan berkas mana pun dari PK ini. Sidik berkas Anda: ${hex}`;
	});
});
