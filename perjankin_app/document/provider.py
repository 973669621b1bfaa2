"""What a way to sign is asked for, and what it gives."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SYSTEM, WET, CERTIFICATE = "Persetujuan Sistem", "Basah", "Sertifikat"


@dataclass(frozen=True)
class Request:
	"""`doc`: the PK; `document`: its Dokumen Final; `parties`: for whom; `holder`: the assignment of who asks (see
	`assignments.in_force`); `given`: what the way's dialog asked for."""

	doc: Any
	document: Any
	parties: tuple[str, ...]
	holder: Any
	given: dict = field(repr=False)  # may hold a password: never printed


@dataclass(frozen=True)
class Signed:
	"""`mencakup`: SHA-256 of what the signature stands on; `berkas`, `sidik`: the file that came of it, if one did."""

	mencakup: str
	berkas: str = ""
	sidik: str = ""
	keterangan: str = ""
	pada: datetime | None = None
