"""A small Pemda for tests: two OPD with the same posts, one reviewing Bagian, a user per post.

`world()` is idempotent; its records are committed once per run and every name begins with "Uji", so that a run on a bench
leaves nothing that could be mistaken for data.
"""

import threading
from contextlib import contextmanager

import frappe

from perjankin_app.records import TABLES
from perjankin_app.setup_papers import supply

PEMDA, ORG = "Kabupaten Uji", "Bagian Organisasi - UJI-SETDA"
A, B = "Dinas Uji A", "Dinas Uji B"
SHORT = {PEMDA: "UJI", "Setda Uji": "UJI-SETDA", A: "UJI-A", B: "UJI-B"}
YEAR = 2026
DOMAIN = "uji.example"

# key: (nama jabatan, unit, jenjang, roles, superior's key, lingkup: "opd", "unit" or "root")
POSTS = {
	"kepala": ("Kepala Dinas Uji", None, "JPT", ["PK Kepala OPD"], "bupati", "opd"),
	"sekretaris": ("Sekretaris Uji", "Sekretariat", "Administrator", ["PK Sekretaris"], "kepala", "opd"),
	"kasubbag": ("Kasubbag Perencanaan Uji", "Subbag", "Pengawas", ["PK Kasubbag Perencanaan"], "sekretaris", "opd"),
	"penyusun": ("Penyusun Program Uji", "Subbag", "Pelaksana", ["PK Penyusun"], "kasubbag", "opd"),
	"tim": ("Anggota Tim Uji", "Subbag", "Pelaksana", ["PK Tim"], "kasubbag", "opd"),
	"kabid": ("Kepala Bidang Uji", "Bidang", "Administrator", ["PK Kepala Bidang"], "kepala", "unit"),
	"kasi": ("Kepala Seksi Uji", "Bidang", "Pengawas", ["PK Kepala Seksi"], "kabid", "unit"),
	"staf": ("Analis Uji", "Bidang", "Pelaksana", [], "kasi", "unit"),
	"admin": ("Admin OPD Uji", "Subbag", "Pelaksana", ["PK Admin OPD"], "kasubbag", "opd"),
}  # fmt: skip
STRUCTURAL = {"kepala", "sekretaris", "kasubbag", "kabid", "kasi", "bupati"}
NIP = "198001012005011"  # and a serial number of three digits


def user(key: str, opd: str = A) -> str:
	"""Login of the holder of a post: user("kepala", A)."""
	return f"{key}.{SHORT[opd].lower()}@{DOMAIN}"


def post(key: str, opd: str = A) -> str:
	return frappe.db.get_value("Pejabat", {"user": user(key, opd)}, "name") and frappe.db.get_value(
		"Penugasan Jabatan",
		{"pejabat": frappe.db.get_value("Pejabat", {"user": user(key, opd)}), "status": "Definitif"},
		"jabatan",
	)


def assignment(key: str, opd: str = A) -> str:
	official = frappe.db.get_value("Pejabat", {"user": user(key, opd)})
	return frappe.db.get_value("Penugasan Jabatan", {"pejabat": official, "status": "Definitif"})


def world():
	if frappe.db.exists("Pejabat", {"user": user("admin", B)}):
		return
	frappe.set_user("Administrator")
	system_manager()
	make("Unit Kerja", nama=PEMDA, singkatan="UJI", jenis="Pemda", is_group=1, kota="Kota Uji")
	if not frappe.db.exists("Periode Kinerja", str(YEAR)):
		make("Periode Kinerja", tahun=YEAR)
	bupati = hold(
		"bupati",
		PEMDA,
		"Bupati Uji",
		PEMDA,
		"Kepala Daerah",
		["PK Kepala Daerah"],
		None,
		PEMDA,
		"Pejabat Negara",
	)
	make(
		"Unit Kerja",
		nama="Setda Uji",
		singkatan="UJI-SETDA",
		jenis="OPD",
		is_group=1,
		parent_unit_kerja=PEMDA,
	)
	unit("Bagian Organisasi", "Bagian", "Setda Uji")
	hold("pembina", PEMDA, "Kabag Organisasi Uji", ORG, "Administrator", ["PK Pembina"], bupati, PEMDA)
	hold("pemda", PEMDA, "Admin Pemda Uji", ORG, "Pelaksana", ["PK Admin Pemda"], bupati, PEMDA)
	hold("inspektur", PEMDA, "Inspektur Uji", ORG, "Pelaksana", ["PK Inspektorat"], bupati, PEMDA)
	for opd in (A, B):
		short = SHORT[opd]
		make(
			"Unit Kerja",
			nama=opd,
			singkatan=short,
			jenis="OPD",
			is_group=1,
			parent_unit_kerja=PEMDA,
			kota="Kota Uji",
		)
		unit("Sekretariat", "Sekretariat", opd)
		unit("Subbag", "Subbagian", f"Sekretariat - {short}")
		unit("Bidang", "Bidang", opd)
		posts = {"bupati": bupati}
		for key, (name, where, level, roles, above, reach) in POSTS.items():
			place = f"{where} - {short}" if where else opd
			scope = {"opd": opd, "unit": place, "root": PEMDA}[reach]
			posts[key] = hold(key, opd, name, place, level, roles, posts[above], scope)
		content(opd)
	frappe.db.commit()


def system_manager():
	"""Else core makes the first account that is saved one, as on a new bench: here the Bupati's."""
	login = f"sistem@{DOMAIN}"
	if not frappe.db.exists("User", login):
		roles = [{"role": "System Manager"}]
		make("User", email=login, first_name="Uji sistem", send_welcome_email=0, roles=roles)


def unit(name: str, kind: str, parent: str):
	return make("Unit Kerja", nama=name, jenis=kind, is_group=1, parent_unit_kerja=parent)


def hold(key, opd, name, place, level, roles, above, scope, kind="PNS") -> str:
	"""Jabatan, User, Pejabat and a definitive Penugasan in one; returns the Jabatan."""
	jabatan = make(
		"Jabatan",
		nama=name,
		unit=place,
		jenjang=level,
		atasan=above,
		struktural=int(key in STRUCTURAL),
		lingkup=scope,
		peran=[{"peran": role} for role in roles],
	)
	assign(account(key, opd, kind), jabatan)
	return jabatan


def account(key: str, opd: str = A, kind: str = "PNS") -> str:
	"""User and Pejabat; returns the Pejabat."""
	login = user(key, opd)
	if not frappe.db.exists("User", login):
		person = frappe.get_doc(
			doctype="User", email=login, first_name=f"Uji {key} {SHORT[opd]}", send_welcome_email=0
		)
		person.flags.no_welcome_mail = True
		person.insert(ignore_permissions=True)
	nip = ""
	if kind in ("PNS", "PPPK"):  # the next one: the site may have been filled by another process
		last = frappe.db.get_value("Pejabat", {"nip": ("like", f"{NIP}%")}, "nip", order_by="nip desc")
		nip = f"{NIP}{int(last[-3:]) + 1 if last else 100:03d}"
	return make(
		"Pejabat", nama=f"Uji {key} {SHORT[opd]}", nip=nip, opd=opd, user=login, status_kepegawaian=kind,
		pangkat="Pembina" if nip else "", golongan="IV/a" if nip else "",
	)  # fmt: skip


def assign(
	official: str, jabatan: str, status: str = "Definitif", start: str = "2020-01-01", end=None
) -> str:
	return make(
		"Penugasan Jabatan", pejabat=official, jabatan=jabatan, status=status, mulai=start, selesai=end
	)


@contextmanager
def also(key: str, role: str):
	"""Meanwhile the post `key` of OPD A carries `role` too, committed."""
	frappe.set_user("Administrator")
	doc = frappe.get_doc("Jabatan", post(key))
	doc.append("peran", {"peran": role})
	doc.save()
	frappe.db.commit()
	try:
		yield
	finally:
		frappe.db.rollback()
		frappe.set_user("Administrator")
		doc.reload()
		doc.peran = [row for row in doc.peran if row.peran != role]
		doc.save()
		frappe.db.commit()


def content(opd: str):
	"""A sasaran, indicators of every kind, and program codes."""
	goal = make(
		"Sasaran Kinerja", nama=f"Meningkatnya mutu layanan {opd}", tingkat="Sasaran Strategis", opd=opd
	)
	for name, kind, extra in (
		("Indeks Layanan", "Angka", {}),
		("Persentase Selesai", "Persen", {"satuan": "Persen"}),
		("Nilai SAKIP", "Predikat", {"skala": "D, C, CC, B, BB, A, AA"}),
		("Waktu Layanan", "Rentang", {"satuan": "Bulan"}),
		("Tanggal Penetapan", "Tanggal", {}),
	):
		make(
			"Indikator Kinerja", nama=f"{name} {SHORT[opd]}", opd=opd, tipe_nilai=kind, sasaran=goal, **extra
		)
	for code, name in (
		("9.99.01", "PROGRAM UJI"),
		("9.99.01.2.01", "Kegiatan Uji"),
		("9.99.01.2.01.0001", "Sub Kegiatan Uji"),
	):
		if not frappe.db.exists("Nomenklatur", code):
			make("Nomenklatur", kode=code, nama=name, berlaku_mulai=2020)


def indicator(name: str, opd: str = A) -> str:
	return frappe.db.get_value("Indikator Kinerja", {"nama": f"{name} {SHORT[opd]}"})


def make(doctype: str, **values) -> str:
	return frappe.get_doc(doctype=doctype, **values).insert().name


# ------------------------------------------------------------------------------------------------------------ chains

SIMPLE = [
	dict(kegiatan="Menyusun draf", status="Draf", jenis="Tugas", peran="PK Penyusun", waktu=1, satuan_waktu="hari"),
	dict(kegiatan="Memaraf", status="Uji Paraf", jenis="Paraf", peran="PK Kasubbag Perencanaan", jika_tidak="Draf", waktu=2, satuan_waktu="jam"),
	dict(kegiatan="Menandatangani", status="Uji Tanda Tangan", jenis="Tanda Tangan", peran="PK Kepala OPD", sebagai="Pihak Pertama", jika_tidak="Uji Paraf", waktu=15, satuan_waktu="menit"),
	dict(kegiatan="Mengirim", status="Uji Kirim", jenis="Kirim", peran="PK Penyusun", waktu=1, satuan_waktu="jam"),
]  # fmt: skip


# for levels below the head of an OPD: whoever is pihak pertama signs
BELOW = [dict(row, peran="PK Pegawai") if row["jenis"] == "Tanda Tangan" else row for row in SIMPLE]


def publish(
	rows=SIMPLE,
	opd: str = A,
	jenjang: str = "JPT",
	name: str = "SOP Uji",
	replaces: str | None = None,
	papers=(),
) -> str:
	"""Publish a chain for `jenjang` of `opd`; returns its name."""
	from perjankin_app.perjankin_app.doctype.alur_persetujuan import alur_persetujuan as alur

	frappe.set_user("Administrator")
	doc = frappe.get_doc(doctype="Alur Persetujuan", nama=name, opd=opd)
	doc.flags.replaces = replaces
	for row in rows:
		doc.append("langkah", dict(row))
	for state, direction, kind, *optional in papers:
		row = {"langkah": state, "arah": direction, "jenis_dokumen": kind, "wajib": int(not optional)}
		doc.append("dokumen", row)
	doc.insert()
	alur.publish(doc.name, jenjang)
	return doc.name


def publish_example(example: str, opd: str = A, jenjang: str = "JPT") -> str:
	from perjankin_app.perjankin_app.doctype.alur_persetujuan import alur_persetujuan as alur

	frappe.set_user("Administrator")
	name = alur.from_example(example, opd)
	alur.publish(name, jenjang)
	return name


# ---------------------------------------------------------------------------------------------------------------- PK


def pk(key: str = "kepala", opd: str = A, by: str = "penyusun", filled: bool = True, **values):
	"""A PK of the holder of `key`, made by the user of `by`."""
	frappe.set_user(user(by, opd if by not in ("bupati", "pemda", "pembina") else PEMDA))
	jabatan = post(key, opd)
	doc = frappe.get_doc(
		doctype="Perjanjian Kinerja",
		unit=frappe.db.get_value("Jabatan", jabatan, "unit"),
		jabatan=jabatan,
		periode=str(YEAR),
		**values,
	)
	if filled:
		fill(doc)
	return doc.insert()


def fill(doc):
	opd = doc.opd or frappe.db.get_value("Jabatan", doc.jabatan, "opd")
	doc.set("target", [])
	for name, target in (
		("Indeks Layanan", "82,7"),
		("Persentase Selesai", "100"),
		("Nilai SAKIP", "BB"),
		("Waktu Layanan", "7 - 8"),
		("Tanggal Penetapan", "31 Desember 2026"),
	):
		doc.append("target", {"indikator": indicator(name, opd), "target": target})
	doc.set("program", [])
	level = frappe.db.get_value("Jabatan", doc.jabatan, "jenjang")
	code = {"JPT": "9.99.01", "Administrator": "9.99.01.2.01", "Pengawas": "9.99.01.2.01.0001"}.get(level)
	if code:
		doc.append("program", {"nomenklatur": code, "anggaran": 1500000})


def act(doc, action: str, by: str | None = None, reason: str | None = None):
	"""`action` by the login `by`, as the desk does it; returns the document anew."""
	from frappe.model.workflow import apply_workflow
	from perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja import store_reason

	if by:
		frappe.set_user(by)
	if reason:
		store_reason(doc.name, reason)
	apply_workflow({"doctype": doc.doctype, "name": doc.name}, action)
	return frappe.get_doc(doc.doctype, doc.name)


def at_once(*calls) -> list:
	"""Answers in the order of the calls."""
	answers, ready = [None] * len(calls), threading.Barrier(len(calls))

	def run(index, call):
		ready.wait()
		answers[index] = call()

	threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	return answers


def waiting_for(doc) -> list[str]:
	"""Logins of those whose turn it is."""
	return [h.user for h in frappe.get_doc(doc.doctype, doc.name).current_turn().holders]


def forward(doc, until: str | None = None):
	"""Walk the chain by whoever it waits for, until the state `until` or the end."""
	from perjankin_app.workflow.composer import DONE

	while doc.workflow_state != until and doc.current_step():
		step = doc.current_step()
		supply(doc.name)
		doc = act(doc, DONE[step.jenis], by=waiting_for(doc)[0])
	return doc


OF_A_PK = (
	"Perjanjian Kinerja", "Riwayat Alur", "Naskah Dinas", "Register Naskah", "Seri Nomor", "Rapat Pembahasan",
	"Permintaan Data", "Data Bidang", "Catatan Asistensi", "Arsip PK", "Dokumen Pendukung", "Dokumen Final",
	"Bundel PK",
)  # fmt: skip


def purge():
	"""Remove what tests that commit have made: PKs, chains, the Workflow. The world stays."""
	purge_documents()
	for doctype in ("Alur Persetujuan", *(t for t, of in TABLES.items() if of == ("Alur Persetujuan",))):
		frappe.db.delete(doctype)
	frappe.db.delete("Alur Unit Kerja", {"parenttype": "Unit Kerja"})
	for doctype in ("Workflow", "Workflow Document State", "Workflow Transition"):
		frappe.db.delete(doctype, {"name" if doctype == "Workflow" else "parent": "Perjanjian Kinerja"})
	frappe.cache.hdel("workflow", "Perjanjian Kinerja")
	frappe.clear_cache(doctype="Perjanjian Kinerja")
	frappe.db.commit()


def purge_documents():
	"""Remove the PKs that tests have committed, and their traces; the chains stay in force."""
	frappe.set_user("Administrator")
	for doctype in OF_A_PK:
		frappe.db.delete(doctype)
		for table in (table for table, of in TABLES.items() if doctype in of):
			frappe.db.delete(table, {"parenttype": doctype})
	frappe.db.delete("Workflow Action", {"reference_doctype": "Perjanjian Kinerja"})
	for doctype, field in (("Version", "ref_doctype"), ("Comment", "reference_doctype")):
		frappe.db.delete(doctype, {field: "Perjanjian Kinerja"})
	for file in frappe.get_all("File", {"attached_to_doctype": ("in", OF_A_PK)}, pluck="name"):
		frappe.delete_doc("File", file, force=True)
	frappe.db.commit()


def papers(doc):
	"""One record of each kind that is about a PK or kept beside it, for tests of who sees them."""
	from perjankin_app.perjankin_app.doctype.naskah_dinas import naskah_dinas

	frappe.set_user(waiting_for(doc)[0])
	common = dict(perjanjian_kinerja=doc.name)
	letter = make("Naskah Dinas", **common, jenis_dokumen="Surat Pengantar", kepada="Sekda", perihal="PK")
	make(
		"Rapat Pembahasan",
		**common,
		judul="Rapat",
		mulai="2026-03-02 09:00",
		selesai="2026-03-02 11:00",
		tempat="Aula",
	)
	make("Permintaan Data", **common, tenggat=frappe.utils.today())
	file = frappe.get_doc(doctype="File", file_name="uji.txt", content="uji", is_private=1).insert()
	make("Dokumen Pendukung", jenis_dokumen="Renstra", opd=doc.opd, periode=doc.periode, berkas=file.file_url)
	frappe.db.set_value("Naskah Dinas", letter, "status", "Ditetapkan")
	naskah_dinas.give_number(letter)
	# written in steps that this PK is not in
	for doctype, values in (
		("Catatan Asistensi", {"catatan": "Periksa"}),
		("Arsip PK", {"nomor_berkas": "1"}),
		("Dokumen Final", {"kode": "X"}),
		("Bundel PK", {"periode": doc.periode}),
	):
		row = frappe.get_doc(doctype=doctype, **common, opd=doc.opd, **values)
		row.set_new_name()
		row.db_insert()
