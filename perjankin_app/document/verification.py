"""The code on a signed PK by which anybody who holds the paper can check it."""

import secrets

from frappe.utils import get_url

from perjankin_app.document.images import qr

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look alike on paper: 0 and O, 1 and I
LENGTH, GROUP = 20, 5  # 32 letters: 100 bits


def new_code() -> str:
	return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def readable(code: str) -> str:
	"""In groups, as people type it: `ABCDE-FGHJK-...`."""
	return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def address(code: str) -> str:
	return get_url(f"/verifikasi/{code}")


def mark(code: str) -> dict:
	"""What is printed of it."""
	url = address(code)
	return {"kode": readable(code), "tautan": url, "qr": qr(url)}
