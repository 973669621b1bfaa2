"""The desk as its users handle it: fields, grids, messages, the menu of a document's actions.

Every step ends by waiting for a state of the page that a user would see too.
"""

import base64

from playwright.sync_api import TimeoutError, expect

PK = "/app/perjanjian-kinerja"
# a form or list is there, and the page has been waiting for no answer for a moment
QUIET = """() => {
	const now = performance.now();
	if (!(window.cur_frm?.doc || window.cur_list) || jQuery.active) window.busyAt = now;
	return now - window.busyAt > 80;
}"""
# what the mouse carries
DROPPED = """({name, kind, content}) => {
	const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
	const carried = new DataTransfer();
	carried.items.add(new File([bytes], name, {type: kind}));
	return carried;
}"""


def field(scope, name):
	"""The control of a field: of the form, not the cell of a grid; `scope` is a page or a dialog."""
	return scope.locator(f'.form-column > form > div[data-fieldname="{name}"]:visible').first


def write(scope, name, text):
	box = field(scope, name).locator("input, textarea").first
	box.fill(text)
	box.press("Tab")  # core takes a value when its field is left


def pick(scope, name, text):
	"""Type into a link field, and take what is offered."""
	_pick(field(scope, name), text)


def choose(scope, name, option):
	field(scope, name).locator("select").select_option(option)


def shows(scope, name, text):
	"""Wait for it: core fetches what depends on another field."""
	expect(field(scope, name).locator(".control-value")).to_have_text(text)


def value(scope, name):
	"""What the field shows, whether it can be written to or not."""
	control = field(scope, name)
	box = control.locator("input:visible, textarea:visible, select:visible")
	return box.first.input_value() if box.count() else control.locator(".control-value").inner_text().strip()


def _pick(control, text):
	box = control.locator("input").first
	box.click()
	offered = box.page.locator("[role=option]:visible").first  # in a grid the list is moved out of the cell
	for attempt in (1, 2, 3):
		box.fill(text)
		try:
			expect(offered).to_contain_text(
				text, timeout=attempt * 5_000
			)  # until now it may be the first of all
			break
		except AssertionError:  # core lets an earlier answer come last: type it again, as a user would
			if attempt == 3:
				raise
			box.fill("")
	box.press("Enter")
	for _ in range(3):
		loaded(
			box.page
		)  # what is fetched for it draws a row anew, and would take away what is being typed there
		if not offered.is_visible():
			return
		box.press("Escape")  # an answer that came late has opened the list again, over the next field
	expect(offered).to_be_hidden()


# --- grids


def add_row(page, table, **cells):
	"""A row typed into the grid; a value in a tuple is picked from what its link field offers."""
	grid = field(page, table)
	number = grid.locator(".grid-body .grid-row").count() + 1
	grid.get_by_role("button", name="Tambah baris").click()
	for name, content in cells.items():
		write_cell(page, table, number, name, content)


def write_cell(page, table, number, name, content):
	row = field(page, table).locator(f'.grid-body .grid-row[data-idx="{number}"]')
	cell = row.locator(f'.data-row > [data-fieldname="{name}"]')
	box = cell.locator("input:enabled, textarea:enabled, select:enabled").first
	for _time in range(5):  # a form that realtime loads anew closes its cells
		cell.click()
		try:
			box.wait_for(timeout=3000)
			break
		except TimeoutError:
			continue
	if isinstance(content, tuple):
		return _pick(cell, *content)
	if box.get_attribute("type") == "checkbox":
		box.set_checked(content)
		return
	if box.evaluate("box => box.tagName") == "SELECT":
		box.select_option(content)
		return
	box.fill(content)
	box.blur()  # not Tab: in the last column core adds a row


def open_row(page, table, number):
	"""The row as a form, for what the grid has no column for."""
	field(page, table).locator(f'.grid-row[data-idx="{number}"] .btn-open-row').click()
	form = page.locator(".grid-row-open .form-in-grid")
	expect(form).to_be_visible()
	return form


def close_row(page):
	page.keyboard.press("Escape")
	expect(page.locator(".grid-row-open")).to_have_count(0)


# --- files


def attach(page, control, file, drop=False):
	"""By the desk's own dialog; `control` is an Attach field, or what else has a button that opens the dialog.

	`file` is (name, MIME type, content). It is chosen on the device, or dropped into the dialog.
	"""
	name, kind, content = file
	control.get_by_role("button").first.click()
	box = page.locator(".modal.show:has(.file-uploader)").last
	expect(box.locator(".file-upload-area")).to_be_visible()
	if drop:
		values = {"name": name, "kind": kind, "content": base64.b64encode(content).decode()}
		dropped = page.evaluate_handle(DROPPED, values)
		box.locator(".file-uploader").dispatch_event("drop", {"dataTransfer": dropped})
	else:
		with page.expect_file_chooser() as chooser:
			box.locator(".btn-file-upload").first.click()
		chooser.value.set_files({"name": name, "mimeType": kind, "buffer": content})
	expect(box.locator(".file-preview")).to_contain_text(name)
	with page.expect_response(lambda answer: "upload_file" in answer.url) as answer:
		box.get_by_role("button", name="Unggah", exact=True).click()
	assert answer.value.ok, answer.value.text()
	expect(box).to_have_count(0)
	return answer.value.json()["message"]["file_url"]


# --- documents


def insert(api, doctype, **values):
	"""By REST, for records that are not what a test is about; `api` is a user's, of the fixture `rest`. Returns the name."""
	answer = api.post(f"/api/resource/{doctype}", data=values)
	assert answer.ok, answer.text()
	return answer.json()["data"]["name"]


def reload(page):
	"""What the menu's Muat Ulang does."""
	page.evaluate("() => void cur_frm.reload_doc()")
	loaded(page)


def loaded(page):
	"""Wait for the form: core has drawn it, and has asked which actions to offer."""
	page.evaluate("window.busyAt = performance.now()")
	page.wait_for_function(QUIET)


def save(page):
	page.get_by_role("button", name="Simpan", exact=True).click()
	page.wait_for_function("cur_frm.doc && !cur_frm.is_new() && !cur_frm.is_dirty()")
	loaded(page)
	return page.evaluate("cur_frm.doc.name")


def dialog(page):
	"""The one in front."""
	return page.locator(".modal.show").last


def message(page):
	"""The text of the message that is shown; it is closed."""
	shown = page.locator(".modal.show .msgprint")
	expect(shown).to_be_visible()
	text = shown.inner_text()
	dialog(page).locator(".btn-modal-close").click()
	expect(shown).to_be_hidden()
	return text


def names(page, doctype, **filters):
	"""Of the records that the page's user may see."""
	return page.evaluate(
		"([doctype, filters]) => frappe.db.get_list(doctype, {filters}).then(rows => rows.map(row => row.name))",
		[doctype, filters],
	)


# --- actions


def advance(api, name, action):
	"""By REST."""
	doc = api.get(f"/api/resource/Perjanjian Kinerja/{name}").json()["data"]
	answer = api.post("/api/method/frappe.model.workflow.apply_workflow", data={"doc": doc, "action": action})
	assert answer.ok, answer.text()


def menu(page):
	return page.locator(".actions-btn-group:visible")


def offers(page, *actions):
	"""Assert what the menu Tindakan offers, but for its help."""
	page.evaluate(
		"frappe.xcall('frappe.model.workflow.get_transitions', {doc: cur_frm.doc})"
	)  # so has the page
	expect(menu(page).locator("li.user-action a")).to_have_text(list(actions))


def press(page, action):
	item = menu(page).locator(".dropdown-menu").get_by_text(action, exact=True)
	menu(page).get_by_role("button").click()
	try:
		expect(item).to_be_visible(timeout=5_000)
	except AssertionError:  # the form was drawn anew, and the menu closed
		menu(page).get_by_role("button").click()
	item.click()


def act(page, action, then):
	"""Press an action, and wait until the form shows the next state."""
	press(page, action)
	arrived(page, then)


def arrived(page, state):
	page.wait_for_function("state => cur_frm.doc?.workflow_state === state", arg=state)
	usable(page)
	if state != "Selesai":
		expect(page.locator(".perjankin-step-title")).to_contain_text(state)


def usable(page):
	expect(page.locator("#freeze, .modal-backdrop")).to_have_count(0)
	loaded(page)


# --- the SOP's way


def walk(at, pk, steps, supply=None):
	"""Each step is (who, what the menu must offer, the state that follows); the first offered is pressed.

	`supply` makes the papers that a step requires, where they are not what the test is about.
	"""
	for who, offered, then in steps:
		if supply:
			supply(pk)
		page = at(who, pk)
		offers(page, *offered)
		act(page, offered[0], then)


def new_agreement(page, unit, post, year, program):
	"""A PK with the least that a PK needs, typed by the page's user; returns its address."""
	pick(page, "unit", unit)
	pick(page, "jabatan", post)
	pick(page, "periode", year)
	expect(field(page, "pihak_kedua_nama")).to_contain_text("Bupati")
	add_row(page, "target", indikator=("",), target="82,7")
	add_row(page, "program", nomenklatur=(program,), anggaran="1500000")
	return f"{PK}/{save(page)}"


def history(page):
	"""The rows of the history as the form shows them: [[when, step, action, who, time, reason], ...]."""
	panel = page.locator(".perjankin-step details")
	panel.locator("summary").click()
	rows = panel.locator("tbody tr")
	expect(rows.first).to_be_visible()
	return [row.locator("td").all_inner_texts() for row in rows.all()]


def signed_pdf(page):
	"""What the button of the signed document opens."""
	with page.expect_popup() as popup:
		page.get_by_role("button", name="Berkas Bertanda Tangan").click()
	popup.value.wait_for_url("**/private/files/*")
	return page.request.get(popup.value.url)
