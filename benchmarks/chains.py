"""Fifty distinct chains of twelve steps, each with states of its own."""

import factory
import frappe
from perjankin_app.perjankin_app.doctype.alur_persetujuan import alur_persetujuan as alur

from perjankin_app.workflow import publisher

CHAINS = 50
EDITABLE = ("Draf", "Susun Naskah {0}")
STEPS = (  # state, jenis, role, returns to
	("Draf", "Tugas", "PK Penyusun", ""),
	("Himpun Data {0}", "Himpun", "PK Tim", ""),
	("Periksa Himpunan {0}", "Periksa", "PK Kasubbag Perencanaan", "Himpun Data {0}"),
	("Susun Naskah {0}", "Tugas", "PK Penyusun", ""),
	("Paraf Kasubbag {0}", "Paraf", "PK Kasubbag Perencanaan", "Susun Naskah {0}"),
	("Paraf Sekretaris {0}", "Paraf", "PK Sekretaris", "Susun Naskah {0}"),
	("Asistensi Pembina {0}", "Asistensi", "PK Pembina", "Susun Naskah {0}"),
	("Paraf Akhir {0}", "Paraf", "PK Sekretaris", "Paraf Kasubbag {0}"),
	("Tanda Tangan {0}", "Tanda Tangan", "PK Kepala OPD", "Paraf Akhir {0}"),
	("Gandakan {0}", "Tugas", "PK Penyusun", ""),
	("Kirim {0}", "Kirim", "PK Kasubbag Perencanaan", ""),
	("Arsipkan {0}", "Arsip", "PK Penyusun", ""),
)


def insert_chains() -> list[str]:
	factory.world()
	return [_insert(f"{number:02d}") for number in range(1, CHAINS + 1)]


def _insert(number: str) -> str:
	doc = frappe.get_doc(doctype="Alur Persetujuan", nama=f"SOP Uji {number}", opd=factory.A)
	for state, jenis, role, back in STEPS:
		doc.append(
			"langkah",
			dict(
				kegiatan=state.format(number),
				status=state.format(number),
				jenis=jenis,
				peran=role,
				jika_tidak=back.format(number),
				sebagai="Pihak Pertama" if jenis == "Tanda Tangan" else "",
				boleh_ubah=int(state in EDITABLE),
				waktu=2,
				satuan_waktu="jam",
			),
		)
	return doc.insert().name


def put_in_force(names: list[str]):
	"""Publish exactly these chains; the first of them is the one of the JPT in the first OPD."""
	frappe.set_user("Administrator")
	for name in frappe.get_all("Alur Persetujuan", {"nama": ("like", "SOP Uji %")}, pluck="name"):
		frappe.db.set_value("Alur Persetujuan", name, "status", "Berlaku" if name in names else "Diganti")
	alur.assign(frappe.get_doc("Alur Persetujuan", names[0]), ["JPT"])
	publisher.publish()
