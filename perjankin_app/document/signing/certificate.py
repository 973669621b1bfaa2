"""Sertifikat: a PAdES signature (ETSI EN 319 142) with the party's own PKCS#12, each an increment of the file before it.

The password lives as long as the request. What an error says comes from here, never from the libraries, which may quote
what they were given.
"""

import hashlib
import io
import re
from datetime import datetime, timezone

import frappe
from frappe import _
from frappe.utils import escape_html, get_datetime
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.stamp import TextStampStyle

from perjankin_app.document import signed
from perjankin_app.document.provider import Request, Signed
from perjankin_app.document.signing import pkcs12_cost

CERTIFICATE = "Sertifikat Elektronik"
LONGEST_PASSWORD = 500
# on the first page, within its bottom margin: points from the lower left corner. Pihak Kedua stands left, as in print.
BOXES = {"Pihak Kedua": (71, 6, 291, 40), "Pihak Pertama": (318, 6, 538, 40)}
STAMP = "Ditandatangani secara elektronik oleh\n%(signer)s\n%(ts)s"


def sign(request: Request) -> Signed:
	"""`given`: `password`, of the newest certificate of the session's user. Raises ValidationError, in words."""
	(party,) = request.parties
	signer = open_certificate(_own_certificate(), request.given.get("password"))
	_require_name(signer, request.holder)
	before = signed.content_of(_latest(request.document))
	metadata = signers.PdfSignatureMetadata(
		field_name=party.replace(" ", ""),
		md_algorithm="sha256",
		subfilter=fields.SigSeedSubFilter.PADES,
		reason=_("Perjanjian Kinerja {0}").format(request.doc.name),
		name=request.holder.nama,
	)
	timestamper = _timestamper()
	try:
		after = signers.PdfSigner(
			metadata,
			signer,
			timestamper=timestamper,
			new_field_spec=fields.SigFieldSpec(metadata.field_name, on_page=0, box=BOXES[party]),
			stamp_style=TextStampStyle(
				stamp_text=STAMP, border_width=1, timestamp_format="%d-%m-%Y %H:%M:%S %Z"
			),
		).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(before)))
	except (timestamps.TimestampRequestError, ValueError, OSError):  # or it answered something else
		if not timestamper:
			raise
		frappe.throw(
			_(
				"Otoritas cap waktu tidak menjawab, jadi PK belum ditandatangani. Coba lagi, atau hubungi admin."
			)
		)
	content = after.getvalue()
	number = 1 + sum(row.cara == "Sertifikat" for row in request.document.tanda_tangan)
	file = signed.store(request.doc, f"{request.doc.name}-ttd-{number}.pdf", content)
	return Signed(
		mencakup=hashlib.sha256(before).hexdigest(),
		berkas=file.file_url,
		sidik=hashlib.sha256(content).hexdigest(),
		keterangan=_("Sertifikat {0}, diterbitkan {1}.").format(
			signer.subject_name, signer.signing_cert.issuer.human_friendly
		),
	)


def _latest(document) -> str:
	"""The file on which the next signature stands: the one before it, or the frozen one."""
	return next(
		(row.berkas for row in reversed(document.tanda_tangan) if row.cara == "Sertifikat"), document.berkas
	)


def _own_certificate():
	names = frappe.get_all(
		CERTIFICATE, {"owner": frappe.session.user}, pluck="name", order_by="creation desc", limit=1
	)
	if not names:
		frappe.throw(
			_("Anda belum memasang sertifikat. Buka Sertifikat Elektronik, lalu unggah berkas .p12 Anda."),
			title=_("Sertifikat belum ada"),
		)
	return frappe.get_doc(CERTIFICATE, names[0])


def open_certificate(record, password: str | None):
	"""A pyHanko Signer. Refuses a wrong password, something else than PKCS#12, and what is expired or not valid yet."""
	try:
		content = signed.content_of(record.berkas)
	except OSError:
		frappe.throw(
			_("Berkas sertifikat {0} tidak ada lagi. Unggah lagi pada Sertifikat Elektronik.").format(
				record.name
			)
		)
	require_affordable(content)
	signer, opened = None, False
	if isinstance(password, str) and 0 < len(password) <= LONGEST_PASSWORD:
		opened = pkcs12_cost.opens(content, password.encode())
	if opened is None:
		_refuse_cost()
	if opened:
		try:
			signer = signers.SimpleSigner.load_pkcs12_data(content, [], password.encode())
		except Exception:  # of whatever kind: it may quote the password
			signer = None
	if not signer:
		frappe.throw(
			_("Kata sandi salah, atau {0} bukan sertifikat PKCS#12 yang utuh.").format(record.name),
			title=_("Sertifikat tidak dapat dibuka"),
		)
	now, certificate = datetime.now(timezone.utc), signer.signing_cert
	if not certificate.not_valid_before <= now <= certificate.not_valid_after:
		frappe.throw(
			_("Sertifikat ini berlaku {0} sampai {1}. Pasang sertifikat yang masih berlaku.").format(
				certificate.not_valid_before.date(), certificate.not_valid_after.date()
			),
			title=_("Sertifikat tidak berlaku"),
		)
	return signer


def require_affordable(content: bytes):
	"""Raises ValidationError for a PKCS#12 that would hold up the server, and for what is none."""
	try:
		counts = pkcs12_cost.counts(content)
	except ValueError:
		frappe.throw(_("Berkas: ini bukan sertifikat PKCS#12 (.p12 atau .pfx)."))
	if max(counts, default=0) > pkcs12_cost.LARGEST_COUNT:
		_refuse_cost()


def _refuse_cost():
	frappe.throw(
		_(
			"Sertifikat ini dikunci dengan putaran yang terlalu banyak untuk dibuka server. Ekspor lagi sertifikat Anda dengan "
			"setelan biasa (paling banyak {0} putaran), lalu pasang sebagai catatan baru."
		).format(frappe.format(pkcs12_cost.LARGEST_COUNT, "Int")),
		title=_("Sertifikat tidak dapat dibuka"),
	)


def _require_name(signer, holder):
	"""Readers of the PDF show the certificate's name, not the account's."""
	nip = frappe.db.get_value("Pejabat", holder.pejabat, "nip")
	subject = " ".join(map(str, signer.signing_cert.subject.native.values()))
	if not (nip and nip in subject) and not names_agree(holder.nama, signer.subject_name):
		frappe.throw(
			_("Sertifikat ini atas nama {0}, bukan {1}. Pasang sertifikat Anda sendiri.").format(
				escape_html(signer.subject_name), holder.nama
			),
			title=_("Sertifikat atas nama lain"),
		)


def names_agree(one: str, two: str) -> bool:
	"""Whether two spellings may be one person's: without titles, every word of the shorter is in the longer, cut or whole.

	Pure. It finds the wrong certificate; whether the name is true is its issuer's to know.
	"""
	fewer, more = sorted((_bare_words(one), _bare_words(two)), key=len)
	return bool(fewer) and all(any(a.startswith(b) or b.startswith(a) for b in more) for a in fewer)


def _bare_words(name: str) -> set[str]:
	"""`Drs. H. Muh. Ali S.T., M.Si.` -> {"ali"}; of a name that is nothing but titles, all words."""
	name = name.casefold()
	bare = " ".join(word for word in name.split(",")[0].split() if "." not in word)
	return set(re.findall(r"\w+", bare) or re.findall(r"\w+", name))


def details(signer) -> dict:
	"""What people want to know about a certificate."""
	certificate = signer.signing_cert
	return {
		"subjek": signer.subject_name,
		"penerbit": certificate.issuer.human_friendly[:140],
		"nomor_seri": str(certificate.serial_number),
		"berlaku_mulai": get_datetime(certificate.not_valid_before.replace(tzinfo=None)),
		"berlaku_sampai": get_datetime(certificate.not_valid_after.replace(tzinfo=None)),
	}


def _timestamper():
	url = frappe.db.get_single_value("Pengaturan Perjankin", "alamat_tsa")
	return timestamps.HTTPTimeStamper(url, timeout=15) if url else None


def problems(content: bytes, frozen: bytes | None) -> list[str]:
	"""What is wrong with a signed file, in words: whether every signature holds, and stands on the frozen file.

	Whether an issuer is to be trusted is not asked here: that list is the reader's, see BSrE's own service.
	"""
	found = []
	if frozen is not None and not content.startswith(frozen):
		found.append(_("Berkas ini bukan lanjutan dari berkas yang dibekukan."))
	try:
		signatures = PdfFileReader(io.BytesIO(content)).embedded_regular_signatures
		if not signatures:
			found.append(_("Berkas ini tidak memuat tanda tangan digital."))
		for signature in signatures:
			status = validate_pdf_signature(signature, skip_diff=True)
			if not (status.intact and status.valid):
				found.append(_("Tanda tangan {0} tidak cocok dengan isinya.").format(signature.field_name))
	except Exception:  # a broken file makes its reader raise anything
		found.append(_("Tanda tangan di dalamnya tidak dapat dibaca: berkasnya rusak."))
	return found
