"""Asks one site all calls of the guest test, in this process, through Frappe's own WSGI application. Run by guest.py.

env/bin/python guest_answers.py SITE ACCOUNT ...     (in the bench's folder `sites`; prints one JSON per answer)
"""

import io
import json
import re
import sys
import zipfile
from types import SimpleNamespace

import frappe
import frappe.app
from guest_calls import METHOD, SECTIONS
from guest_site import PASSWORD, login
from werkzeug.test import Client

APP, MODULE = "perjankin_app", "Perjankin App"


class Facts(SimpleNamespace):
	"""What the calls name: `it["Lead"]` is the name of a Lead, `it.login` who asks."""

	def __getitem__(self, key):
		return self.names[key]


def facts(account: str) -> Facts:
	def first(doctype, **filters):
		return frappe.get_all(doctype, filters, pluck="name", order_by="creation, name", limit=1)[0]

	names = {
		doctype: first(doctype)
		for doctype in "Company Customer Employee Lead Task Event Contact Address".split()
	}
	names["Sales Order"] = first("Sales Order", docstatus=0)
	names["submitted"] = first("Sales Order", docstatus=1)
	names["Sales Invoice"] = first("Sales Invoice", docstatus=1)
	names["Note"] = first("Note", title="Umum")
	names["secret"] = first("Note", title="Rahasia manager")
	names["ToDo"] = first("ToDo", allocated_to=login("sales"))
	names["File"] = first("File", file_name="tamu-tertutup.txt")
	names["Web Page"] = first("Web Page", route="halaman-tamu")
	names["User"] = login(account)
	names["colleague"] = login("employee" if account != "employee" else "sales")
	customer, item = frappe.get_doc("Customer", names["Customer"]), frappe.get_doc("Item", "JASA-UJI")
	return Facts(
		account=account,
		login=login(account),
		names=names,
		groups={field: customer.get(field) for field in ("customer_type", "customer_group", "territory")},
		item={field: item.get(field) for field in ("item_group", "stock_uom")},
		desk="/desk" if int(frappe.__version__.split(".")[0]) != 15 else "/app",
	)


class Browser:
	def __init__(self, site: str, user: str):
		self.site, self.token = site, None
		self.client = Client(frappe.app.application)
		if user != "Guest":
			status, answer, _kind = self.ask("POST", METHOD + "login", {"usr": user, "pwd": PASSWORD})
			assert status == 200, f"{user} can't log in: {answer[:500]}"

	def ask(self, method, path, args, content=None):
		headers = {"Host": self.site, "Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}
		if self.token:
			headers["X-Frappe-CSRF-Token"] = self.token
		options = {"headers": headers, "method": method, "base_url": f"http://{self.site}"}
		if content is not None:
			name = f"{abs(hash_of(content))}.txt"
			options["data"] = {**args, "file": (io.BytesIO(content), args.get("file_name") or name)}
		elif method == "GET":
			options["query_string"] = args
		elif path.startswith(METHOD):
			options["data"] = args
		else:
			options["json"] = args
		try:
			response = self.client.open(path, **options)
		except Exception as error:  # whatever Frappe doesn't catch itself: the web server says 500
			return 500, f"{type(error).__name__}: {error}", ""
		body, kind = response.get_data(), response.mimetype
		text = readable(body, kind)
		if found := re.search(r'csrf_token = "(\w{20,})"', text):
			self.token = found[1]
		response.close()  # what core does after it has answered
		return response.status_code, text, kind


def hash_of(content: bytes) -> int:
	return int.from_bytes(content[-8:], "big")  # `hash` differs from process to process


def readable(body: bytes, kind: str) -> str:
	if body.startswith(b"%PDF"):
		from pypdf import PdfReader

		return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
	if body.startswith(b"PK\x03\x04"):
		with zipfile.ZipFile(io.BytesIO(body)) as packed:
			return "\n".join(packed.read(name).decode(errors="replace") for name in sorted(packed.namelist()))
	return body.decode(errors="replace")


def battery(it):
	for section in SECTIONS:
		calls, answer = section(it), None
		while True:
			try:
				call = calls.send(answer)
			except StopIteration:
				break
			answer = yield section.__name__, call


def ours() -> list[str]:
	"""Names of what the app's installation has brought: as they may stand in lists of such things."""
	if APP not in frappe.get_installed_apps():
		return []
	names = {APP, MODULE, *frappe.get_all("DocType", {"module": MODULE}, pluck="name")}
	for doctype in frappe.get_all(
		"DocField", {"fieldname": "module", "options": "Module Def"}, pluck="parent"
	):
		if not frappe.get_meta(doctype).issingle:
			names.update(frappe.get_all(doctype, {"module": MODULE}, pluck="name"))
	names.update(frappe.get_all("DefaultValue", {"parent": "__perjankin"}, pluck="defvalue"))
	names.update(frappe.get_all("Role", {"name": ("like", "PK %")}, pluck="name"))
	names.update(frappe.get_all("Scheduled Job Type", {"method": ("like", f"{APP}.%")}, pluck="name"))
	return sorted(names)


def about(site: str) -> dict:
	return {"site": site, "db": frappe.conf.db_name, "ours": ours()}


def connected(site, function, *args):
	frappe.init(site)
	frappe.connect()
	try:
		return function(*args)
	finally:
		frappe.destroy()


def main(site, *accounts):
	say = sys.stdout.write
	sys.stdout = sys.stderr  # what core prints
	say(json.dumps(connected(site, about, site)) + "\n")
	for account in accounts:
		it = connected(site, facts, account)
		browser = Browser(site, it.login)
		calls, answer = battery(it), None
		while True:
			try:
				section, call = calls.send(answer)
			except StopIteration:
				break
			status, answer, kind = browser.ask(call.method, call.path, call.args, call.content)
			found = {
				"account": account,
				"section": section,
				"call": str(call),
				"status": status,
				"kind": kind,
			}
			say(json.dumps({**found, "body": answer}) + "\n")


if __name__ == "__main__":
	main(*sys.argv[1:])
