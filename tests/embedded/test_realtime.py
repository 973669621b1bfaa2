"""Realtime events reach the browsers that may know of them, and no others."""

import os
import queue
import threading
import urllib.parse
import urllib.request
from contextlib import contextmanager

import frappe
import pytest
import socketio

from embedded import server, sites

NAMESPACE = "/monoframe"
STRANGER, PASSWORD = "realtime@example.com", "Uji-Realtime-2026"
PATIENCE = 30  # seconds


@pytest.fixture(scope="module")
def url():
	running = server.make(os.getcwd(), port=0)
	threading.Thread(target=running.serve_forever, daemon=True).start()
	yield f"http://{running.host}:{running.port}"
	running.shutdown()


@pytest.fixture
def stranger():
	"""A user of the desk who may read no ToDo but the own."""
	if not frappe.db.exists("User", STRANGER):
		user = frappe.get_doc(doctype="User", email=STRANGER, first_name="Realtime", send_welcome_email=0)
		user.append("roles", {"role": "Report Manager"})
		user.new_password = PASSWORD
		user.flags.no_welcome_mail = True
		user.insert()
		frappe.db.commit()
	return STRANGER


@contextmanager
def tab(url, user, password):
	"""A queue of the events (name, message) that a browser of that user gets, and what sends its own."""
	form = urllib.parse.urlencode({"usr": user, "pwd": password}).encode()
	cookies = urllib.request.urlopen(f"{url}/api/method/login", form).headers.get_all("Set-Cookie")
	client, events = socketio.Client(), queue.Queue()
	client.on("*", lambda event, data=None: events.put((event, data)), namespace=NAMESPACE)
	client.connect(
		url,
		headers={"Cookie": "; ".join(cookie.split(";")[0] for cookie in cookies)},
		namespaces=[NAMESPACE],
		transports=["polling"],
		wait_timeout=PATIENCE,
	)
	send = lambda *args: client.emit(args[0], args[1:], namespace=NAMESPACE)  # noqa: E731
	try:
		yield events, send
	finally:
		client.disconnect()


def answered(events, send):
	"""Whatever was sent before has been dealt with."""
	send("ping")
	assert events.get(timeout=PATIENCE)[0] == "pong"


def test_nobody_enters_without_a_session(url):
	client = socketio.Client()
	with pytest.raises(socketio.exceptions.ConnectionError):
		client.connect(url, namespaces=["/somewhere"], transports=["polling"], wait_timeout=2)
	client.disconnect()


def test_events_of_records_that_one_may_read(url, stranger):
	note = frappe.get_doc(doctype="Note", title="rahasia realtime", public=0).insert()
	frappe.db.commit()
	with tab(url, *sites.ADMINISTRATOR[:2]) as mine, tab(url, stranger, PASSWORD) as others:
		for _events, send in (mine, others):
			send("doc_subscribe", "Note", note.name)
			send("doctype_subscribe", "Error Log")
		wait_for_rooms(mine, note)
		frappe.publish_realtime("about_note", {"x": 1}, doctype="Note", docname=note.name)
		frappe.publish_realtime("list_update", {"doctype": "Error Log"})
		frappe.publish_realtime("hello", {}, user=stranger)
		assert sorted([mine[0].get(timeout=PATIENCE)[0], mine[0].get(timeout=PATIENCE)[0]]) == [
			"about_note",
			"list_update",
		]
		assert others[0].get(timeout=PATIENCE)[0] == "hello"
		assert others[0].empty() and mine[0].empty()
	note.delete()
	frappe.db.commit()


def wait_for_rooms(mine, note):
	"""Events are dealt with side by side: ask until both subscriptions are in force."""
	events, send = mine
	for probe in ({"doctype": "Note", "docname": note.name}, {"doctype": "Error Log"}):
		for _ in range(PATIENCE * 5):
			event = "about_note" if "docname" in probe else "list_update"
			frappe.publish_realtime(
				event, {"doctype": probe["doctype"]}, **(probe if "docname" in probe else {})
			)
			try:
				assert events.get(timeout=0.2)[0] == event
				break
			except queue.Empty:
				continue
		else:
			raise AssertionError(f"never in the room of {probe}")
	while not events.empty():
		events.get()
	answered(events, send)


def test_an_event_waits_for_the_transaction_that_it_is_about(url):
	with tab(url, *sites.ADMINISTRATOR[:2]) as (events, send):
		answered(events, send)
		frappe.get_doc(doctype="ToDo", description="x").insert()
		frappe.publish_realtime("changed", {}, user="Administrator")
		frappe.publish_realtime("import_progress", {}, user="Administrator")
		assert events.get(timeout=PATIENCE)[0] == "import_progress"
		frappe.db.rollback()
		assert events.get(timeout=PATIENCE)[0] == "changed"
