"""Pictures in print as data URIs, so that no PDF engine has to fetch one."""

import base64
import mimetypes

import frappe
import segno

from perjankin_app.document import handed_in, signed


def qr(text: str) -> str:
	"""A QR code (ISO/IEC 18004) that survives a photocopy: level M, with its quiet zone."""
	return segno.make(text, error="m", micro=False).png_data_uri(scale=4, border=4)


def logo(unit) -> str:
	"""The emblem as a data URI, so that no PDF engine has to fetch it. Only a file that belongs to the unit, or a
	public one of this site: what a letterhead names must not open somebody's private file, nor another host. And only
	one that is small, whenever it was chosen: the engine decodes every pixel of it."""
	url = unit.logo or ""
	if url.startswith("/assets/"):
		return url
	mime = mimetypes.guess_type(url)[0] or ""
	own = {"file_url": url, "attached_to_doctype": unit.doctype, "attached_to_name": unit.name}
	public = url.startswith("/files/") and {"file_url": url}
	if not mime.startswith("image/") or not (
		frappe.db.exists("File", own) or (public and frappe.db.exists("File", public))
	):
		return ""
	try:
		content = signed.content_of(url)
	except OSError:
		return ""
	if not handed_in.is_logo(content):
		return ""
	return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def watermark(text: str) -> str:
	"""A tile with `text` across it, as a data URI for a repeated background; empty for no text."""
	if not text:
		return ""
	svg = (
		'<svg xmlns="http://www.w3.org/2000/svg" width="340" height="300">'
		'<text x="170" y="165" transform="rotate(-35 170 150)" text-anchor="middle" font-family="sans-serif" '
		f'font-weight="bold" font-size="{64 if len(text) < 8 else 44}" fill="#000" fill-opacity="0.09">{text}</text></svg>'
	)
	return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
