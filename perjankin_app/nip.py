"""NIP, the civil servant's number: birth date (8), TMT year and month or PPPK year and code (6), sex (1), serial (3). Pure."""

from datetime import date


def check_nip(nip: str, civil_servant: bool, today: date):
	"""Raise ValueError (an Indonesian sentence without full stop) unless `nip` is plausible.

	Only a PNS's digits 9-14 are a month of appointment (Peraturan BKN 22/2007); a PPPK's are year + 2 digits of another
	meaning, so there only the year is looked at.
	"""
	if len(nip) != 18 or not (nip.isascii() and nip.isdigit()):
		raise ValueError("harus 18 angka")
	try:
		born = date(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))
	except ValueError:
		raise ValueError("delapan angka pertama harus tanggal lahir (TTTTBBHH)") from None
	if not 15 <= today.year - born.year <= 80:
		raise ValueError("tanggal lahir pada delapan angka pertama tidak wajar")
	appointed = int(nip[8:12])
	if not born.year + 15 <= appointed <= today.year + 1:
		raise ValueError("tahun pengangkatan pada angka ke-9 sampai ke-12 tidak wajar")
	if civil_servant and not 1 <= int(nip[12:14]) <= 12:
		raise ValueError("bulan pengangkatan pada angka ke-13 dan ke-14 harus 01 sampai 12")
	if nip[14] not in "12":
		raise ValueError("angka ke-15 harus 1 (laki-laki) atau 2 (perempuan)")


def masked(nip: str) -> str:
	"""What tells two officials of one name apart: appointment and serial number, without date of birth and sex."""
	return f"********{nip[8:14]}*{nip[15:]}" if nip else ""
