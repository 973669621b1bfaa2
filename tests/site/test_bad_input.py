"""What nobody types and everybody can send: never an error 500, never a leak, never half a document.

FUZZ is the number of requests for each role and target; a release is tested with FUZZ=200.
"""

import ast
import importlib
import inspect
import json
import os
import re
from pathlib import Path
from urllib.parse import quote

import factory
import frappe
import pytest
from factory import A, B, act, forward, pk, user
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import perjankin_app
from perjankin_app.document import pdf

PK, ALUR, SEND = "Perjanjian Kinerja", "Alur Persetujuan", "Uji Kirim"
FUZZ = int(os.environ.get("FUZZ") or 5)
PACKAGE = Path(perjankin_app.__file__).parent


# --------------------------------------------------------------------------------------------------------------------
# our surface


def module_name(path: Path) -> str:
	"""As Frappe imports it: what a DocType or report brings lies below the module's shim."""
	parts = path.relative_to(PACKAGE).with_suffix("").parts
	shim = ["perjankin_app"] if parts[0] in ("doctype", "report") else []
	return ".".join(["perjankin_app", *shim, *parts])


WITH_METHODS = [path for path in sorted(PACKAGE.rglob("*.py")) if "frappe.whitelist(" in path.read_text()]


def methods() -> dict:
	for path in WITH_METHODS:
		importlib.import_module(module_name(path))
	ours = (f for f in frappe.whitelisted if f.__module__.startswith("perjankin_app."))
	return {f"{f.__module__}.{f.__name__}": inspect.unwrap(f) for f in ours}


METHODS = methods()


@pytest.mark.parametrize("path", WITH_METHODS, ids=lambda path: path.stem)
def test_annotations_of_what_a_client_may_call_are_types(path):
	"""As strings they check nothing: Frappe checks arguments against them."""
	imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
	assert "__future__" not in [node.module for node in imports]


def test_every_parameter_of_what_a_client_may_call_has_a_type():
	for name, method in METHODS.items():
		for parameter in inspect.signature(method).parameters.values():
			variadic = parameter.kind is parameter.VAR_KEYWORD
			assert variadic or parameter.annotation is not parameter.empty, f"{name}: {parameter.name}"


# --------------------------------------------------------------------------------------------------------------------
# what is sent

NASTY = [
	"", " ", "\x00", "a\x00b", "\ud800", "x" * 200, "y" * 100_000, "'", '"', "`", "\\", "%", "_",
	"' OR '1'='1", "1; DROP TABLE `tabUser`; --", "`name` from `tabUser`--", "{{ 7*7 }}", "{% for x in [] %}",
	"{0}", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "../../site_config.json",
	"१९८००१०१२००५०१११११", "٣", "½", "1e309", "NaN", "-1", "99999999999999999999", "1,5", "2026-02-30", "0000-00-00",
	"\u202eabc", "🏛" * 40, "null", "[]", "{}", '{"a": 1}', "[[", "Draf", "Selesai", "Berlaku", "Perubahan", "Guest",
	"Administrator", "__class__", "name", "doctype", "frappe.db.sql", "new-perjanjian-kinerja-1",
]  # fmt: skip
LETTERS = "aZ9 <>&'`\"{}%_;\\\u0661\u202eé🏛\x7f\t\n"  # of all there are, hypothesis would make a table first
SCALARS = st.one_of(
	st.sampled_from(NASTY),
	st.sampled_from(NASTY),
	st.none(),
	st.booleans(),
	st.sampled_from(
		[0, -1, 1, 2, 2**31, 2**63, -(2**64), 10**30, 0.5, -0.0, 1e308, float("nan"), float("inf")]
	),
	st.text(LETTERS, max_size=20),
)


def values(names):
	"""Anything, names of existing records among it."""
	scalar = st.one_of(SCALARS, st.sampled_from(names))
	return st.one_of(
		scalar,
		scalar,
		scalar,
		st.lists(scalar, max_size=3),
		st.dictionaries(st.sampled_from(["name", "doctype", "idx", "a"]), scalar, max_size=3),
		st.lists(st.dictionaries(st.sampled_from(["name", "doctype", "status", "indikator"]), scalar, max_size=2), max_size=2),
	)  # fmt: skip


# --------------------------------------------------------------------------------------------------------------------
# what may not come back


def title(file_name: str) -> str:
	return re.sub(r"\bPk\b", "PK", file_name.title())


DOCTYPES = [
	title(path.stem.replace("_", " "))
	for path in sorted(PACKAGE.glob("doctype/*/*.json"))
	if path.stem == path.parent.name
]
ROLES = {
	"penyusun": (B, "penyusun"),
	"admin OPD": (B, "admin"),
	"admin Pemda": (factory.PEMDA, "pemda"),
	"tamu": None,
}
INSIDES = re.compile(
	r"Traceback|File \\?\"/|site-packages|\bSELECT\b|\bINSERT INTO\b|sqlite3|[pP]y[mM]y[sS][qQ][lL]|site_config\.json\b.*db_"
)


class World:
	"""What is stored before the attack, and what of it the attacker may not learn."""

	def __init__(self):
		frappe.set_user("Administrator")
		self.names, self.fields, self.good = {}, {}, {}
		for doctype in DOCTYPES:
			meta = frappe.get_meta(doctype)
			self.names[doctype] = (
				[] if meta.issingle else list(map(str, frappe.get_all(doctype, pluck="name", limit=6)))
			)
			plain = [df.fieldname for df in meta.fields if df.fieldtype not in frappe.model.no_value_fields]
			tables = [df.fieldname for df in meta.get_table_fields()]
			self.fields[doctype] = [
				*plain,
				*tables,
				"name",
				"docstatus",
				"modified",
				"idx",
				"amended_from",
			]
			if self.names[doctype]:
				last = frappe.get_doc(doctype, self.names[doctype][-1]).as_dict(no_default_fields=True)
				self.good[doctype] = json.loads(frappe.as_json(last))
		self.all_names = sorted({name for names in self.names.values() for name in names})
		self.secrets = {
			value
			for doctype, field in (("Sasaran Kinerja", "nama"), ("Indikator Kinerja", "nama"), ("Pejabat", "nama"), ("Pejabat", "nip"), (ALUR, "nama"))
			for value in frappe.get_all(doctype, {"opd": A}, pluck=field)
			if value
		}  # fmt: skip


def tables() -> dict[str, list[dict]]:
	"""What an accepted request may change: our records, and what a Penugasan gives to a user."""
	ours = [doctype for doctype in DOCTYPES if not frappe.get_meta(doctype).issingle]
	names = (*ours, "Has Role", "User Permission", "Singles")
	return {name: frappe.db.sql(f"select * from `tab{name}`", as_dict=True) for name in names}


def put_back(before: dict[str, list[dict]]):
	"""The world as other tests know it: some of the attacks were within somebody's rights."""
	for name, rows in before.items():
		if rows != frappe.db.sql(f"select * from `tab{name}`", as_dict=True):
			frappe.db.delete(name)
			if rows:
				frappe.db.bulk_insert(name, list(rows[0]), [tuple(row.values()) for row in rows])
	frappe.db.commit()
	frappe.clear_cache()


@pytest.fixture(scope="module")
def world_with_pk(in_force):
	"""Both OPD with a chain and a PK on its way; errors as a production site gives them, without tracebacks."""
	before = tables()
	frappe.db.set_single_value("System Settings", "allow_error_traceback", 0)
	for opd in (A, B):
		act(pk(opd=opd), "Selesai", by=user("penyusun", opd))
	frappe.set_user("Administrator")
	frappe.db.commit()
	yield World()
	frappe.db.rollback()
	frappe.set_user("Administrator")
	factory.purge_documents()
	put_back(before)


@pytest.fixture
def crashes(monkeypatch):
	"""Exceptions that reached the web application's error handler."""
	from frappe import app

	found, handle = [], app.handle_exception

	def handled(error):
		found.append(error)
		return handle(error)

	monkeypatch.setattr(app, "handle_exception", handled)
	return found


def is_ours(error) -> bool:
	"""Whether our code took part. Where it did not, core answers the same for its own DocTypes: it reads filters and
	docstatus, and binds arguments, before any app is asked (`owner` is left out: core asks for its `lower` in whatever check of
	permission, ours in between or not). answers.py and conflict.py hand core's own arguments on to core."""
	while error:
		for frame in inspect.getinnerframes(error.__traceback__, context=0):
			path = Path(frame.filename)
			if PACKAGE in path.parents and path.name not in ("answers.py", "conflict.py"):
				return True
		error = error.__cause__
	return False


def stored() -> dict:
	frappe.db.rollback()
	return {
		doctype: frappe.db.sql(f"select count(*), max(modified) from `tab{doctype}`")
		for doctype in DOCTYPES
		if not frappe.get_meta(doctype).issingle
	}


class Attackers:
	def __init__(self, client, world, crashes):
		self.clients = {role: client(user(who[1], who[0]) if who else None) for role, who in ROLES.items()}
		self.world, self.crashes, self.before = world, crashes, stored()

	def send(self, role, verb, path, values):
		self.crashes.clear()
		client = self.clients[role]
		if verb == "GET":
			query = {k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}
			query = {k: v.encode("utf-8", "replace").decode() for k, v in query.items()}
			response = client.get(path, query_string=query)
		else:
			response = client.open(path, method=verb, json=values)
		what = f"{role} {verb} {path} {values!r:.500}: {response.status_code} {response.text[:500]}"
		before, self.before = self.before, stored()
		if response.status_code >= 500:
			assert not any(map(is_ours, self.crashes)), what
		assert not INSIDES.search(response.text), what
		if role != "admin Pemda":
			sent = json.dumps(values, ensure_ascii=False)
			text = response.text.replace("SOP Uji B", "")
			assert not [s for s in self.world.secrets if s in text and s not in sent], what
		if response.status_code >= 400 or verb == "GET":
			assert self.before == before, what


@pytest.fixture
def attackers(client, world_with_pk, crashes):
	return Attackers(client, world_with_pk, crashes)


def fuzzed(test):
	"""The same examples in every run."""
	quiet = settings(
		max_examples=FUZZ,
		derandomize=True,
		deadline=None,
		database=None,
		suppress_health_check=list(HealthCheck),
	)
	quiet(given(st.data())(test))()


@pytest.mark.parametrize("name", METHODS)
def test_methods(attackers, world_with_pk, name):
	parameters = [p for p in inspect.signature(METHODS[name]).parameters if p != "filters"]

	def attack(data):
		sent = {
			p: data.draw(values(world_with_pk.all_names)) for p in parameters if data.draw(st.integers(0, 9))
		}
		attackers.send(data.draw(st.sampled_from(list(ROLES))), "POST", f"/api/method/{name}", sent)

	fuzzed(attack)


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_documents(attackers, world_with_pk, doctype):
	def attack(data):
		names = world_with_pk.all_names
		fields = data.draw(st.lists(st.sampled_from(world_with_pk.fields[doctype]), max_size=4, unique=True))
		sent = {field: data.draw(values(names)) for field in fields}
		verb = data.draw(st.sampled_from(["POST", "PUT", "PUT", "DELETE", "GET"]))
		if verb == "POST":
			attackers.send(
				data.draw(st.sampled_from(list(ROLES))),
				"POST",
				f"/api/resource/{doctype}",
				{**world_with_pk.good.get(doctype, {}), **sent},
			)
			return
		name = data.draw(st.sampled_from([*world_with_pk.names[doctype], *names[:5], "tidak ada"]))
		attackers.send(
			data.draw(st.sampled_from(list(ROLES))),
			verb,
			f"/api/resource/{doctype}/{quote(name, safe='')}",
			sent,
		)

	fuzzed(attack)


WRONG = (["x"], {"a": 1}, True, -1, 10**30, "x", "a\x00b", "\ud800")


@pytest.mark.parametrize("doctype", [doctype for doctype in DOCTYPES if doctype != "Riwayat Alur"])
def test_one_wrong_value_in_a_good_document(attackers, world_with_pk, doctype):
	"""By who may write nearly everything, and by who makes PKs."""
	good, role = world_with_pk.good.get(doctype, {}), "penyusun" if doctype == PK else "admin Pemda"
	fields = [field for field in world_with_pk.fields[doctype] if field in good]
	for number, field in enumerate(fields):
		for value in WRONG if FUZZ >= 50 else [WRONG[number % len(WRONG)]]:
			attackers.send(role, "POST", f"/api/resource/{doctype}", {**good, field: value})
			for name in world_with_pk.names[doctype][:1]:
				attackers.send(role, "PUT", f"/api/resource/{doctype}/{quote(name, safe='')}", {field: value})


def test_a_number_from_a_spreadsheet_becomes_text(client, world_with_pk):
	name, nip = frappe.db.get_value("Pejabat", {"user": user("staf", B)}, ["name", "nip"])
	answer = client(user("admin", B)).put(
		f"/api/resource/Pejabat/{name}", json=dict(nip=int(nip), pangkat=12.5)
	)
	assert answer.status_code == 200, told(answer)
	assert frappe.db.get_value("Pejabat", name, ["nip", "pangkat"]) == (nip, "12,5")


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_lists(attackers, world_with_pk, doctype):
	options = (
		"filters or_filters fields order_by group_by limit_start limit_page_length parent as_dict".split()
	)

	def attack(data):
		names = world_with_pk.all_names
		chosen = data.draw(st.lists(st.sampled_from(options), max_size=3, unique=True))
		sent = {option: data.draw(values(names)) for option in chosen}
		if data.draw(st.booleans()):
			sent["filters"] = [
				[data.draw(st.sampled_from(world_with_pk.fields[doctype])), "like", data.draw(SCALARS)]
			]
		attackers.send(data.draw(st.sampled_from(list(ROLES))), "GET", f"/api/resource/{doctype}", sent)

	fuzzed(attack)


# --------------------------------------------------------------------------------------------------------------------
# foreign names


@pytest.fixture
def signed_pk(committed, in_force):
	factory.purge_documents()
	doc = forward(pk(), until=SEND)
	frappe.set_user("Administrator")
	values = dict(is_private=1, attached_to_doctype=PK, attached_to_name=doc.name)
	doc.dasar = (
		frappe.get_doc(doctype="File", file_name="dasar.txt", content="rahasia", **values).insert().file_url
	)
	frappe.db.commit()
	yield doc
	factory.purge_documents()


def test_a_file_is_not_read_by_making_another_with_its_url(client, signed_pk):
	"""Core lets anybody do that, and the names of signed files are easily guessed."""
	login, own = user("penyusun", B), dict(file_name="sendiri.txt", content="sendiri", is_private=1)
	c = client(login)
	own = c.post("/api/resource/File", json=own).json["data"]["name"]
	for url in (signed_pk.pdf_final, signed_pk.dasar):
		assert c.post("/api/resource/File", json=dict(file_url=url, is_private=1)).status_code == 403
		assert c.post("/api/method/upload_file", data=dict(file_url=url, is_private=1)).status_code == 403
		assert c.put(f"/api/resource/File/{own}", json=dict(file_url=url)).status_code == 403
		assert c.get(url).status_code == 403
	c.put(f"/api/resource/User/{login}", json=dict(user_image=signed_pk.pdf_final))  # core makes a File of it
	assert c.get(signed_pk.pdf_final).status_code == 403
	frappe.db.set_value("User", login, "user_image", None)
	assert client(user("penyusun")).get(signed_pk.pdf_final).status_code == 200


def of_a(doctype: str, **filters) -> str:
	return frappe.get_all(doctype, {"opd": A, **filters}, pluck="name", limit=1)[0]


def foreign_names():
	"""(doctype, what is sent, who sends it): each names a record of A where one of B belongs."""
	post = factory.post("kepala", B)
	place = frappe.db.get_value("Jabatan", post, "unit")
	of_pk = dict(jabatan=post, unit=place, periode=str(factory.YEAR))
	nip = frappe.db.get_value("Pejabat", {"user": user("kepala", A)}, "nip")
	official = dict(doctype="Pejabat", nama="Uji Baru", opd=B, status_kepegawaian="PNS", nip=nip)
	yield PK, {**of_pk, "jabatan": factory.post("kepala", A)}, "penyusun"
	yield PK, {**of_pk, "target": [{"indikator": of_a("Indikator Kinerja"), "target": "1"}]}, "penyusun"
	own = factory.indicator("Indeks Layanan", B)
	yield (
		PK,
		{**of_pk, "target": [{"indikator": own, "sasaran": of_a("Sasaran Kinerja"), "target": "1"}]},
		"penyusun",
	)
	yield "Sasaran Kinerja", dict(nama="x", tingkat="Sasaran Program", opd=B, parent_sasaran_kinerja=of_a("Sasaran Kinerja")), "penyusun"  # fmt: skip
	yield (
		"Indikator Kinerja",
		dict(nama="x", tipe_nilai="Angka", opd=B, sasaran=of_a("Sasaran Kinerja")),
		"penyusun",
	)
	yield "Pejabat", official, "admin"
	yield (
		"Penugasan Jabatan",
		dict(jabatan=factory.post("staf", B), pejabat=of_a("Pejabat"), mulai="2026-01-01"),
		"admin",
	)


def told(response) -> str:
	return " ".join(json.loads(m)["message"] for m in json.loads(response.json.get("_server_messages", "[]")))


def test_a_refusal_does_not_tell_what_a_foreign_record_is_called(client, world_with_pk):
	secrets = world_with_pk.secrets | {frappe.db.get_value("Jabatan", factory.post("kepala", A), "unit")}
	factory.purge_documents()
	for doctype, sent, login in list(foreign_names()):
		response = client(user(login, B)).post(f"/api/resource/{doctype}", json=sent)
		what = f"{doctype}: {told(response) or response.text}"
		assert response.status_code in (403, 417), what
		assert not [s for s in secrets if s in response.text and s not in json.dumps(sent)], what
	unit = dict(alur=[{"jenjang": "Fungsional", "alur": of_a(ALUR)}])
	response = client(user("admin", B)).put(f"/api/resource/Unit Kerja/{B}", json=unit)
	assert response.status_code in (403, 417) and "SOP Uji" not in response.text.replace("SOP Uji B", ""), (
		told(response)
	)


# --------------------------------------------------------------------------------------------------------------------
# what users write is shown as they wrote it

HOSTILE = "<script>alert('x')</script>{{ 7*7 }}\" onload=\"x"


def is_text(html: str) -> bool:
	"""Whether HOSTILE stands there as it was written, and does nothing."""
	inert = "<script>alert" not in html and 'onload="x' not in html
	return inert and "&lt;script&gt;" in html and "{{ 7*7 }}" in html


def store(doctype: str, name: str, **values):
	"""Past core, which takes scripts out of what is typed into a form, though not out of every import."""
	frappe.db.set_value(doctype, name, values, update_modified=False)


@pytest.fixture
def hostile(committed, world):
	"""A PK that waits for its signature, and its chain, with markup in all that a user can name."""
	alur = factory.publish(name="SOP <b>Uji</b>")
	doc = forward(pk(), until="Uji Tanda Tangan")
	frappe.set_user("Administrator")
	for row in frappe.get_all("Langkah Alur", {"parent": alur}, pluck="name"):
		store(
			"Langkah Alur", row, **dict.fromkeys(("kegiatan", "kelengkapan", "output", "keterangan"), HOSTILE)
		)
	store(ALUR, alur, **dict.fromkeys(("nama", "dasar_hukum", "peringatan"), HOSTILE))
	for row in doc.target:
		store("Target Kinerja", row.name, sasaran_teks=HOSTILE, indikator_teks=HOSTILE, target=HOSTILE)
	store(PK, doc.name, tempat=HOSTILE)
	post = factory.post("kepala")
	name = frappe.db.get_value("Jabatan", post, "nama")
	store("Jabatan", post, nama=HOSTILE)
	frappe.db.commit()
	frappe.clear_cache()
	yield frappe._dict(pk=frappe.get_doc(PK, doc.name), alur=alur)
	store("Jabatan", post, nama=name)
	factory.purge()


def test_print_views_show_markup_as_text(client, hostile):
	c = client(user("penyusun"))
	for doctype, name, print_format in (
		(PK, hostile.pk.name, PK),
		(ALUR, hostile.alur, "SOP Perjanjian Kinerja"),
	):
		page = c.get("/printview", query_string=dict(doctype=doctype, name=name, format=print_format))
		assert page.status_code == 200
		assert is_text(page.text[page.text.index('class="print-format') :]), doctype


def test_the_drawing_of_a_chain_shows_markup_as_text(client, hostile):
	rows = [{"kegiatan": "<b>{{ 7*7 }}", "status": "<script>alert(1)</script>", "peran": '" onload="x'}]
	module = "perjankin_app.perjankin_app.doctype.alur_persetujuan.alur_persetujuan"
	answer = client(user("admin")).post(f"/api/method/{module}.diagram", json=dict(langkah=json.dumps(rows)))
	assert answer.status_code == 200 and is_text(answer.json["message"])


@pytest.mark.parametrize(
	"rows, words",
	[
		([{"kegiatan": "a" * 50_000}], "paling banyak 10000 huruf"),
		([{"status": "A", "jenis": "Periksa"}] * 201, "paling banyak 200 langkah"),
		([{"kegiatan": ["a"]}], "isi satu nilai saja"),
		("[" * 100_000, "tidak terbaca"),
	],
)
def test_the_drawing_of_unsaved_rows_has_the_bounds_of_stored_ones(client, world, rows, words):
	"""50 KB in one word cost 11 s, 200 KB 160 s."""
	module = "perjankin_app.perjankin_app.doctype.alur_persetujuan.alur_persetujuan"
	sent = rows if isinstance(rows, str) else json.dumps(rows)
	answer = client(user("staf")).post(f"/api/method/{module}.diagram", json=dict(langkah=sent))
	assert answer.status_code == 417 and words in answer.text


def test_the_signed_pdf_is_made_of_text(hostile, monkeypatch):
	pages, render = [], pdf.make_pdf
	monkeypatch.setattr(pdf, "make_pdf", lambda html: pages.append(html) or render(html))
	act(hostile.pk, "Tanda Tangani", by=user("kepala"))
	assert is_text(pages[0][pages[0].index("<body>") :])


def test_messages_show_markup_as_text(client, committed, world):
	"""The desk writes a message into the page as HTML. (Of a link that leads nowhere, core itself quotes the name.)"""
	factory.publish()
	doc, c = pk(), client(user("penyusun"))
	row = json.loads(frappe.as_json(doc.target[0]))
	indicator, code = (
		factory.indicator("Indeks Layanan"),
		frappe.get_all("Nomenklatur", pluck="name", limit=1)[0],
	)
	store("Indikator Kinerja", indicator, tipe_nilai="Angka")
	url = f"/api/resource/{PK}/{doc.name}"
	answers = [
		c.put(url, json=dict(target=[dict(row, **one)]))
		for one in (dict(target=HOSTILE), dict(tw1=HOSTILE), dict(bobot=HOSTILE))
	]
	answers.append(c.put(url, json=dict(program=[dict(nomenklatur=code, anggaran=HOSTILE)])))
	pemda = client(user("pemda", factory.PEMDA))
	answers.append(
		pemda.post("/api/resource/Nomenklatur", json=dict(kode=HOSTILE, nama="x", berlaku_mulai=2020))
	)
	answers.append(
		pemda.post("/api/resource/Pejabat", json=dict(nama="x", nip=HOSTILE, opd=A, status_kepegawaian="PNS"))
	)
	answers.append(pemda.put("/api/resource/Pengaturan Perjankin/Pengaturan Perjankin", json=dict(jam_kerja=[dict(hari="Senin", mulai=HOSTILE)])))  # fmt: skip
	frappe.set_user("Administrator")
	draft = frappe.get_doc(
		doctype=ALUR, nama="SOP Konsep", opd=A, langkah=[dict(row) for row in factory.SIMPLE]
	)
	module = "perjankin_app.perjankin_app.doctype.alur_persetujuan.alur_persetujuan"
	for method, sent in (
		("from_example", dict(example=HOSTILE, opd=A)),
		("publish", dict(name=draft.insert().name, jenjang=HOSTILE)),
	):
		answers.append(pemda.post(f"/api/method/{module}.{method}", json=sent))
	factory.purge()
	for answer in answers:
		assert answer.status_code in (403, 404, 417), answer.text
		assert "<script" not in told(answer), told(answer)
