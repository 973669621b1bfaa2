"""Numbers of letters: a pattern, and a register in which no number is missing or there twice.

The order of the paper (domain.md section 6): initials, signature, number and date, expedition, archive. So a number is given
after the signature, from one series per OPD (and kind) and year.
"""

import string

import frappe
from frappe import _
from frappe.utils import cint, getdate

from perjankin_app import locks

DEFAULT_PATTERN = "{klasifikasi}/{urut}/{unit}/{tahun}"
NONE = ("is", "not set")
PARTS = ("klasifikasi", "urut", "unit", "bulan", "bulan_romawi", "tahun")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def write(
	pattern: str, *, urut: int, tahun: int, bulan: int, unit: str, klasifikasi: str, lebar: int = 3
) -> str:
	"""A number as printed: `write("{urut}/Dpk-Set.1/{tahun}", urut=7, ...)` is `007/Dpk-Set.1/2021`. Pure.

	Raises ValueError (Indonesian) for an unknown part and for a pattern without {urut}.
	"""
	values = {
		"klasifikasi": klasifikasi,
		"urut": f"{urut:0{lebar}d}",
		"unit": unit,
		"bulan": f"{bulan:02d}",
		"bulan_romawi": ROMAN[bulan - 1],
		"tahun": str(tahun),
	}
	used = []
	try:
		for _text, name, spec, conversion in string.Formatter().parse(pattern or ""):
			if name is None:
				continue
			if name not in PARTS or spec or conversion:
				raise ValueError(
					f"unsur {{{name}}} tidak dikenal; pakai {', '.join('{%s}' % p for p in PARTS)}."
				)
			used.append(name)
	except ValueError as e:
		if "tidak dikenal" in str(e):
			raise
		raise ValueError("tanda kurung kurawal tidak lengkap.") from e
	if "urut" not in used:
		raise ValueError("harus memuat {urut}.")
	return pattern.format(**values)


def require_own_code(code: str, opd: str):
	"""Numbers say by their code which OPD wrote the letter."""
	if code.upper() != code.lower():  # not a number or a year, which many series have
		locks.alone("Kode Naskah", kode=code.casefold())
	others = {"jenis": "OPD", "name": ("!=", opd or "")}
	if code.casefold() in {
		(short or "").casefold() for short in frappe.get_all("Unit Kerja", others, pluck="singkatan")
	}:
		frappe.throw(
			_("Kode {0} sudah dipakai unit lain. Pakai kode yang hanya milik unit ini.").format(code)
		)


def sample(series) -> str:
	"""The first number of a Seri Nomor in some month: two series that agree in it give the same numbers."""
	return _number(series, series.opd, 1, getdate("2026-01-01"), "")


def give(letter, on=None) -> str:
	"""The next number for a Naskah Dinas on a date (default today); writes its line in the register.

	Whoever numbers in the same series waits at the series' row until this transaction ends, and finds there what was given
	last. Looking for it in the register with a lock would also lock the place of other agencies' next lines. A rollback
	leaves no gap.
	"""
	on = getdate(on)
	series = series_for(letter.opd, letter.jenis_dokumen)
	last = _last(series, on.year)
	number = last + 1 if last else max(cint(series.mulai), 1)
	text = _number(series, letter.opd, number, on, letter.klasifikasi)
	if frappe.db.exists("Register Naskah", {"opd": letter.opd, "tahun": on.year, "nomor": text}):
		_refuse_used(text, series)
	line = frappe.new_doc("Register Naskah")
	line.update(
		dict(
			seri=series.name,
			tahun=on.year,
			urut=number,
			nomor=text,
			opd=letter.opd,
			status="Terpakai",
			naskah_dinas=letter.name,
			jenis_dokumen=letter.jenis_dokumen,
			tanggal=on,
			kepada=letter.kepada,
			perihal=letter.perihal,
			pencatat=frappe.session.user,
		)
	)
	line.name = f"{series.name}-{on.year}-{number:06d}"  # of two writers the database refuses one
	line.flags.numbering = line.flags.ignore_permissions = line.flags.ignore_links = True
	try:
		line.insert(set_name=line.name)
	except frappe.UniqueValidationError:  # by the register's own key: given by another series meanwhile
		frappe.clear_last_message()
		_refuse_used(text, series)
	series.db_set({"tahun_terakhir": on.year, "urut_terakhir": number}, update_modified=False)
	return line.nomor


def _last(series, year: int) -> int:
	if cint(series.tahun_terakhir) == year:
		return cint(series.urut_terakhir)
	lines = {"seri": series.name, "tahun": year}
	return cint(frappe.db.get_value("Register Naskah", lines, "urut", order_by="urut desc"))


def _refuse_used(text: str, series):
	frappe.throw(
		_(
			"Nomor {0} sudah ada di buku agenda. Minta PK Admin OPD mengubah Pola Nomor {1}, supaya berbeda dari seri lain."
		).format(text, series.name),
		frappe.DuplicateEntryError,
	)


def _number(series, opd: str, urut: int, on, classification: str | None) -> str:
	return write(
		series.pola,
		urut=urut,
		tahun=on.year,
		bulan=on.month,
		unit=series.unit or frappe.db.get_value("Unit Kerja", opd, "singkatan") or "",
		klasifikasi=classification or series.klasifikasi or "",
		lebar=cint(series.lebar) or 1,
	)


def void(letter, reason: str):
	"""The number of a letter that was given up stays in the register, with the reason."""
	# an update meets the line that was written since the request began; reading its name first would not
	frappe.db.set_value(
		"Register Naskah", {"naskah_dinas": letter.name}, {"status": "Batal", "alasan": reason}
	)


def series_for(opd: str, kind: str):
	"""The OPD's series of that kind, else its common one, locked; the first number of an OPD makes the common one."""
	for condition in (kind, NONE):
		if name := frappe.db.get_value("Seri Nomor", {"opd": opd, "jenis_dokumen": condition}):
			return locks.latest("Seri Nomor", name)
	frappe.db.get_value("Unit Kerja", opd, "name", for_update=True)
	if name := frappe.db.get_value("Seri Nomor", {"opd": opd, "jenis_dokumen": NONE}, for_update=True):
		return locks.latest("Seri Nomor", name)  # somebody was faster: seen only by a lock
	series = frappe.get_doc(doctype="Seri Nomor", opd=opd, pola=DEFAULT_PATTERN)
	return series.insert(ignore_permissions=True)
