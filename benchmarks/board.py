"""The status board of a large Pemda, beside the plain grouped SQL that it cannot do without."""

from datetime import timedelta
from statistics import median

import factory
import frappe
from frappe.utils import now_datetime
from perjankin_app.perjankin_app.report.papan_status import papan_status

from benchmarks.measures import timed, verdict

AGENCIES, EACH, LIMIT_RATIO = 50, 300, 3
PERIOD = str(factory.YEAR)
STATES = (
	"Draf",
	"Susun Naskah",
	"Paraf Kasubbag",
	"Paraf Sekretaris",
	"Asistensi",
	"Tanda Tangan",
	"Kirim",
	"Selesai",
)
PLAIN = """
	select opd, workflow_state, count(*), sum(case when tenggat_langkah < %(now)s then 1 else 0 end), min(langkah_sejak)
	from `tabPerjanjian Kinerja`
	where docstatus < 2 and periode = %(period)s
	group by opd, workflow_state
"""


def run(repeat: int) -> bool:
	factory.world()
	frappe.set_user("Administrator")
	names = [insert_agency(number) for number in range(AGENCIES)]
	frappe.set_user(factory.user("pemda", factory.PEMDA))
	values = {"now": str(now_datetime().replace(microsecond=0)), "period": PERIOD}
	board, plain = [], []
	for _ in range(repeat):
		board.append(timed(lambda: papan_status.execute({"periode": PERIOD})))
		plain.append(timed(lambda: frappe.db.sql(PLAIN, values)))
	rows = papan_status.execute({"periode": PERIOD})[1]
	assert sum(row["jumlah"] for row in rows if row["opd"] in names) == AGENCIES * EACH
	ratio = median(board) / median(plain)
	line = f"board {median(board):6.1f} ms   plain SQL {median(plain):6.1f} ms   ratio {ratio:.2f}"
	return verdict(
		f"status board, {AGENCIES} OPD x {EACH} PK, {frappe.db.db_type}",
		line,
		ratio <= LIMIT_RATIO,
		LIMIT_RATIO,
	)


def insert_agency(number: int) -> str:
	"""An OPD with its DPA and its PKs, these as rows only: through the chain they would take an hour."""
	name = factory.make(
		"Unit Kerja", nama=f"Dinas Uji {number:02d}", singkatan=f"UJI-{number:02d}", jenis="OPD",
		parent_unit_kerja=factory.PEMDA,
	)  # fmt: skip
	factory.make(
		"Dokumen Anggaran", opd=name, periode=PERIOD, jenis="DPA", nomor=f"Uji/{number}",
		tanggal_pengesahan=f"{factory.YEAR}-01-02",
	)  # fmt: skip
	now = now_datetime().replace(microsecond=0)
	rows = [row(f"PK-UJI-{number:02d}-{pk:03d}", name, pk, now) for pk in range(EACH)]
	frappe.db.bulk_insert("Perjanjian Kinerja", list(rows[0]), [tuple(row.values()) for row in rows])
	return name


def row(name: str, opd: str, number: int, now) -> dict:
	state = STATES[number % len(STATES)]
	return {
		"name": name,
		"creation": now,
		"modified": now,
		"docstatus": int(state in STATES[-2:]),
		"unit": opd,
		"opd": opd,
		"jenjang": "Pelaksana" if number else "JPT",
		"periode": PERIOD,
		"jenis": "Murni",
		"jabatan": "Analis Uji",
		"pihak_pertama_nama": "Uji Pihak Pertama",
		"pihak_pertama_jabatan": "Analis Perencanaan Uji pada Subbagian Perencanaan dan Keuangan",
		"pihak_kedua_nama": "Uji Pihak Kedua",
		"pihak_kedua_jabatan": "Kepala Subbagian Perencanaan dan Keuangan Uji",
		"workflow_state": state,
		"langkah_sejak": now - timedelta(hours=number),
		"tenggat_langkah": None if state == STATES[-1] else now + timedelta(hours=150 - number),
	}
