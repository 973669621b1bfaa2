"""Demo data: one Pemda with the five agencies whose SOPs are shipped, for trying the app and for its browser tests.

On a bench: bench --site SITE execute perjankin_app.setup_demo.run
It refuses a site that has any Unit Kerja, and one that other people use unless it is told so twice (see `run`); no web
request reaches it. Its accounts have a published password: they are noted (`made`) and go when the app is uninstalled. The facts are in fixtures/demo/; every PK is
taken through its chain by the users whose turn it is, so the guard has seen each step.
"""

import json
from itertools import cycle

import frappe
from frappe import _
from frappe.model.workflow import apply_workflow
from frappe.utils import add_to_date, now_datetime
from frappe.utils.password import update_password

from perjankin_app import made
from perjankin_app.install import seed, seed_names
from perjankin_app.setup_papers import supply
from perjankin_app.workflow import deadlines, log

DOMAIN, PASSWORD = "demo.example", "Contoh-Kinerja-2026"
STANDARD_USERS = ("Administrator", "Guest")
SHORT_CHAIN = "berjenjang"
SHARES = cycle((0.5, 0.8, 1.6, 0.6, 0.9, 1.2, 0.4))  # of a step's standard time that was taken
STRUCTURAL = ("Kepala Daerah", "JPT", "Administrator", "Pengawas")


def run(force: bool = False, site: str | None = None):
	"""Enter the demo data, all or nothing; the caller commits.

	On a site that others use only with `force` and with that site's own name:
	bench --site SITE execute perjankin_app.setup_demo.run --kwargs '{"force": 1, "site": "SITE"}'
	"""
	if frappe.db.count("Unit Kerja"):
		frappe.throw(
			_("Situs ini sudah mempunyai Unit Kerja. Data contoh hanya untuk situs yang masih kosong.")
		)
	if (others := _others()) and not (force and site == frappe.local.site):
		frappe.throw(
			_(
				"Situs ini sudah dipakai ({0}). Data contoh membawa puluhan akun dengan kata sandi yang diumumkan, jadi hanya "
				"untuk situs percobaan. Bila tetap dikehendaki di sini, ulangi dengan --kwargs '{1}'."
			).format(", ".join(others), json.dumps({"force": 1, "site": frappe.local.site}))
		)
	caller, muted = frappe.session.user, frappe.flags.mute_emails
	try:
		frappe.flags.mute_emails = True
		frappe.set_user("Administrator")
		_enter()
	except Exception:
		frappe.db.rollback()
		raise
	finally:
		frappe.set_user(caller)
		frappe.flags.mute_emails = muted


def logins() -> list[tuple[str, str, str]]:
	"""(user, password, who that is) of everybody; needs no site."""
	agencies = _agencies()
	acting = {user: place["sebutan"] for place in agencies for user in place.get("plt", {}).values()}
	rows = []
	for place in (_pemda(), *agencies):
		for post in place["jabatan"]:
			if post["kunci"] in place.get("plt", {}):
				continue
			who, also = post["pejabat"], acting.get(_account(post, place))
			if place["sebutan"] not in who:
				who = f"{who} ({place['sebutan']})"
			rows.append((_login(post, place), PASSWORD, f"{who}, juga Plt. di {also}" if also else who))
	return rows


def _others() -> list[str]:
	"""What other people have on this site, in words."""
	people = frappe.get_all("User", {"name": ("not in", STANDARD_USERS)}, pluck="name", limit=3)
	companies = frappe.get_all("Company", pluck="name", limit=3) if frappe.db.table_exists("Company") else []
	found = ((_("pengguna {0}"), people), (_("perusahaan {0}"), companies))
	return [text.format(", ".join(names)) for text, names in found if names]


def _enter():
	pemda, agencies = _pemda(), _agencies()
	_codes()
	_make("Periode Kinerja", tahun=pemda["tahun"])
	posts = {}  # (agency, key) -> Jabatan
	for place in (pemda, *agencies):
		_units(place, pemda)
		_posts(place, pemda, posts)
	for place in agencies:
		for key, account in place.get("plt", {}).items():
			_assign(f"{account}@{DOMAIN}", posts[place["nama"], key], pemda, status="Plt.")
	_publish(SHORT_CHAIN, pemda["nama"])
	for place in agencies:
		_publish(place["sop"], place["nama"])
		goals = _Goals(place, posts)
		_budget(place, pemda)
		for pk in place["pk"]:
			_agreement(pk, place, pemda, posts, goals)


# ------------------------------------------------------------------------------------------------------------ the data


def _pemda() -> dict:
	data = seed("demo/pemda.json")
	return {
		**data,
		"nama": data["unit"][0]["nama"],
		"singkatan": data["unit"][0]["singkatan"],
		"sebutan": "Pemda",
	}


def _agencies() -> list[dict]:
	"""Each with the units and posts that all of them have, and its own."""
	pemda, agencies = _pemda(), []
	common = pemda["tiap_opd"]
	for name in seed_names("demo"):
		if name == "pemda":
			continue
		place = seed(f"demo/{name}.json")
		head = f"PEMERINTAH {pemda['nama'].upper()}\n{place['nama'].upper()}\n{place['alamat']}"
		root = {"nama": place["nama"], "singkatan": place["singkatan"], "jenis": "OPD", "induk": pemda["nama"], "kop": head,
			"kode_skpd": place["kode_skpd"], "kota": pemda["unit"][0]["kota"]}  # fmt: skip
		place["unit"] = [root, *common["unit"], *place["unit"]]
		place["jabatan"] = [
			{**post, "nama": post["nama"].format(**place), "pejabat": post["pejabat"].format(**place)}
			for post in (*common["jabatan"], *place["jabatan"])
		]
		agencies.append(place)
	return agencies


def _account(post: dict, place: dict) -> str:
	return post.get("akun") or f"{post['kunci']}.{place['singkatan'].lower()}"


def _login(post: dict, place: dict) -> str:
	return f"{_account(post, place)}@{DOMAIN}"


# --------------------------------------------------------------------------------------------------------- the records


def _make(doctype: str, **values) -> str:
	return frappe.get_doc(doctype=doctype, **values).insert().name


def _codes():
	for row in seed("nomenklatur.json")["baris"]:
		_make("Nomenklatur", **row, **validity(row["kode"]))


def validity(code: str) -> dict:
	"""The years of a code: a sub kegiatan had two digits until 2022 and has four since."""
	last = code.split(".")[5:]
	if last and len(last[0]) == 2:
		return {"berlaku_mulai": 2020, "berlaku_sampai": 2022}
	return {"berlaku_mulai": 2023 if last else 2020}


def _units(place: dict, pemda: dict):
	for row in place["unit"]:
		values = {k: v for k, v in row.items() if k != "induk"}
		_make("Unit Kerja", **values, is_group=1, parent_unit_kerja=_unit(row.get("induk"), place))


def _unit(name: str | None, place: dict) -> str | None:
	"""The record of a unit that the data call by its plain name, or "opd"."""
	if name == "opd":
		return place["nama"]
	return name and (
		frappe.db.exists("Unit Kerja", name)
		or frappe.db.get_value(
			"Unit Kerja", {"nama": name, "opd": ("in", [u["nama"] for u in place["unit"]])}
		)
	)


def _posts(place: dict, pemda: dict, posts: dict):
	for post in place["jabatan"]:
		key, unit = post["kunci"], _unit(post["unit"], place)
		scope = {"pemda": pemda["nama"], "unit": unit}.get(post.get("lingkup"))
		above = post.get("atasan")
		posts[place["nama"], key] = _make(
			"Jabatan",
			nama=post["nama"],
			unit=unit,
			jenjang=post["jenjang"],
			struktural=int(post["jenjang"] in STRUCTURAL),
			atasan=posts.get((place["nama"], above)) or posts.get((pemda["nama"], above)),
			lingkup=scope,
			peran=[{"peran": role} for role in post.get("peran", ())],
		)
		if key not in place.get("plt", {}):
			_person(post, place, pemda, unit)
			_assign(_login(post, place), posts[place["nama"], key], pemda)


def _person(post: dict, place: dict, pemda: dict, unit: str):
	"""User and Pejabat. The NIP is formally right and plainly made up: all the same but for the serial number."""
	login = _login(post, place)
	user = frappe.get_doc(
		doctype="User",
		email=login,
		first_name=post["pejabat"],
		language="id",
		send_welcome_email=0,
	)
	user.flags.no_welcome_mail = True
	user.insert()
	made.remember("User", login)
	update_password(login, PASSWORD)
	kind = "Pejabat Negara" if post["jenjang"] == "Kepala Daerah" else post.get("status", "PNS")
	rank, grade = pemda["pangkat"][post["jenjang"]] if kind == "PNS" else ("", "")
	serial = frappe.db.count("Pejabat") + 1
	_make(
		"Pejabat",
		nama=post["pejabat"],
		status_kepegawaian=kind,
		nip="" if kind == "Pejabat Negara" else f"198001012005011{serial:03d}",
		pangkat=rank,
		golongan=grade,
		opd=frappe.db.get_value("Unit Kerja", unit, "opd"),
		user=login,
	)


def _assign(login: str, jabatan: str, pemda: dict, status: str = "Definitif"):
	official = frappe.db.get_value("Pejabat", {"user": login})
	_make("Penugasan Jabatan", pejabat=official, jabatan=jabatan, status=status, mulai=pemda["mulai_tugas"])


def _publish(example: str, owner: str):
	from perjankin_app.perjankin_app.doctype.alur_persetujuan import alur_persetujuan

	levels = seed(f"sop/{example}.json").get("jenjang") or ["JPT"]
	alur_persetujuan.publish(alur_persetujuan.from_example(example, owner), ",".join(levels))


class _Goals:
	"""The tree of sasaran with its indicators; `indicator[name]` is the record's name."""

	def __init__(self, place: dict, posts: dict):
		self.place, self.posts, self.indicator = place, posts, {}
		self.enter(place["sasaran"])

	def enter(self, rows: list[dict], parent: str | None = None):
		for row in rows:
			goal = _make(
				"Sasaran Kinerja",
				nama=row["nama"],
				tingkat=row["tingkat"],
				opd=self.place["nama"],
				unit=_unit(row.get("unit"), self.place),
				parent_sasaran_kinerja=parent,
				is_group=int("anak" in row),
				tahun_mulai=2025,
				tahun_selesai=2029,
			)
			for indicator in row.get("indikator", ()):
				self.indicator[indicator["nama"]] = self.measure(indicator, goal)
			self.enter(row.get("anak", ()), goal)

	def measure(self, row: dict, goal: str) -> str:
		if row.get("satuan") and not frappe.db.exists("Satuan Kinerja", row["satuan"]):
			_make("Satuan Kinerja", nama=row["satuan"])
		owner = self.posts[self.place["nama"], row["penanggung_jawab"]]
		return _make(
			"Indikator Kinerja",
			**{**row, "penanggung_jawab": owner},
			opd=self.place["nama"],
			sasaran=goal,
			tahun_baseline=2024 if row.get("baseline") else None,
		)


def _budget(place: dict, pemda: dict):
	budget = place["dpa"]
	_make(
		"Dokumen Anggaran",
		opd=place["nama"],
		periode=str(pemda["tahun"]),
		nomor=budget["nomor"],
		tanggal_pengesahan=budget["tanggal"],
		pagu=[{"nomenklatur": code, "pagu": amount} for code, amount in budget["pagu"].items()],
	)


# ------------------------------------------------------------------------------------------------------------- the PKs


def _agreement(pk: dict, place: dict, pemda: dict, posts: dict, goals: _Goals):
	"""One PK, made by the post `oleh` and walked until the status `sampai`."""
	jabatan = posts[place["nama"], pk["jabatan"]]
	frappe.set_user(_holder(posts[place["nama"], pk["oleh"]]))
	doc = frappe.get_doc(
		doctype="Perjanjian Kinerja",
		unit=frappe.db.get_value("Jabatan", jabatan, "unit"),
		jabatan=jabatan,
		periode=str(pemda["tahun"]),
		program=[{"nomenklatur": code, "anggaran": amount} for code, amount in pk.get("program", {}).items()],
		**_change(pk, jabatan),
	)
	for name, target, weight, quarters in ([*row, None, None][:4] for row in pk["target"]):
		row = {"indikator": goals.indicator[name], "target": target, "bobot": weight}
		doc.append("target", {**row, **{f"tw{n}": value for n, value in enumerate(quarters or (), 1)}})
	_walk(doc.insert(), pk["sampai"], pk.get("kembali"))
	for remark in pk.get("asistensi", ()):
		frappe.set_user(frappe.get_doc(doc.doctype, doc.name).current_turn().holders[0].user)
		row = {**remark, "indikator": goals.indicator[remark["indikator"]]}
		_make("Catatan Asistensi", perjanjian_kinerja=doc.name, bagian="Target Kinerja", **row)
	if days := pk.get("sejak_hari"):
		started = add_to_date(now_datetime(), days=-days)
		frappe.db.set_value(
			doc.doctype, doc.name, {"creation": started, "langkah_sejak": started}, update_modified=False
		)
		deadlines.recompute(doc.opd)
	frappe.set_user("Administrator")


def _holder(jabatan: str) -> str:
	official = frappe.db.get_value("Penugasan Jabatan", {"jabatan": jabatan}, "pejabat")
	return frappe.db.get_value("Pejabat", official, "user")


def _change(pk: dict, jabatan: str) -> dict:
	change = pk.get("perubahan")
	if not change:
		return {}
	signed = frappe.db.get_value("Perjanjian Kinerja", {"jabatan": jabatan, "docstatus": 1})
	return {
		"jenis": "Perubahan",
		"perubahan_dari": signed,
		"alasan_perubahan": change["alasan"],
		"dasar_perubahan": change["dasar"],
	}


def _work(doc):
	"""Let the running step have begun so long ago that a share of its standard time is over: else none took any."""
	step, now = doc.current_step(), now_datetime()
	share, started = next(SHARES), now
	used, standard = log.minutes(step, started, now, doc.opd)
	while used < share * standard:
		started = add_to_date(started, minutes=-10)
		used, standard = log.minutes(step, started, now, doc.opd)
	frappe.db.set_value(doc.doctype, doc.name, "langkah_sejak", started, update_modified=False)


def _walk(doc, until: str, returned: dict | None):
	from perjankin_app.perjankin_app.doctype.perjanjian_kinerja.perjanjian_kinerja import store_reason
	from perjankin_app.workflow.composer import DONE, RETURN

	while returned or doc.workflow_state != until:
		supply(doc.name)
		_work(doc)
		frappe.set_user(doc.current_turn().holders[0].user)
		action = DONE[doc.current_step().jenis]
		if returned and doc.workflow_state == returned["dari"]:
			action = RETURN
			store_reason(doc.name, returned["alasan"])
			returned = None
		apply_workflow({"doctype": doc.doctype, "name": doc.name}, action)
		doc = frappe.get_doc(doc.doctype, doc.name)
