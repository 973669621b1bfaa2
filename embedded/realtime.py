"""Realtime as on a bench (progress bars, notifications, live lists and forms): socket.io in this process, without node.

The engine publishes events for rooms on its queue's Redis; a bench's node server hands them on to the browsers that are in
the room. So does this. Whether a browser may enter, and which rooms, the engine is asked by an ordinary request of that browser.
"""

import json
import threading

import monoframe as frappe
import socketio
from monoframe import realtime
from monoframe.app import application
from werkzeug.test import Client

from embedded import in_process
from embedded.patching import rebind


class Desk(socketio.Namespace):
	"""One browser tab each; events as in Frappe's realtime/handlers."""

	def ask(self, tab, method, **arguments):
		"""What the engine answers to that tab's user; None if it refuses."""
		cookie = self.server.get_environ(tab, self.namespace).get("HTTP_COOKIE", "")
		answer = Client(application, use_cookies=False).get(
			f"/api/method/monoframe.realtime.{method}",
			query_string=arguments,
			headers={"Cookie": cookie, "Accept": "application/json"},
		)
		return answer.json.get("message") if answer.status_code == 200 else None

	def on_connect(self, tab, environ, auth=None):
		who = self.ask(tab, "get_user_info")
		if not who:
			raise socketio.exceptions.ConnectionRefusedError("Unauthorized")
		self.save_session(tab, {"user": who["user"], "open": set()})
		self.enter_room(tab, realtime.get_user_room(who["user"]))
		self.enter_room(tab, realtime.get_website_room())
		if who["user_type"] == "System User":
			self.enter_room(tab, realtime.get_site_room())

	def on_ping(self, tab):
		self.emit("pong", to=tab)

	def on_task_subscribe(self, tab, task):
		self.enter_room(tab, realtime.get_task_progress_room(task))

	on_progress_subscribe = on_task_subscribe

	def on_task_unsubscribe(self, tab, task):
		self.leave_room(tab, realtime.get_task_progress_room(task))

	def on_doctype_subscribe(self, tab, doctype, name=None):
		if self.ask(tab, "has_permission", doctype=doctype, name=name or ""):
			self.enter_room(tab, realtime.get_doctype_room(doctype))

	def on_doctype_unsubscribe(self, tab, doctype):
		self.leave_room(tab, realtime.get_doctype_room(doctype))

	def on_doc_subscribe(self, tab, doctype, name):
		if self.ask(tab, "has_permission", doctype=doctype, name=name):
			self.enter_room(tab, realtime.get_doc_room(doctype, name))

	def on_doc_unsubscribe(self, tab, doctype, name):
		self.leave_room(tab, realtime.get_doc_room(doctype, name))

	def on_doc_open(self, tab, doctype, name):
		if self.ask(tab, "has_permission", doctype=doctype, name=name):
			self.get_session(tab)["open"].add((doctype, name))
			self.enter_room(tab, viewers_room(doctype, name))
			self.tell_viewers(doctype, name)

	def on_doc_close(self, tab, doctype, name):
		self.get_session(tab)["open"].discard((doctype, name))
		self.leave_room(tab, viewers_room(doctype, name))
		self.tell_viewers(doctype, name)

	def on_disconnect(self, tab, reason=None):
		for document in self.get_session(tab).get("open", ()):
			self.leave_room(tab, viewers_room(*document))
			self.tell_viewers(*document)

	def tell_viewers(self, doctype, name):
		room = viewers_room(doctype, name)
		tabs = [tab for tab, _ in self.server.manager.get_participants(self.namespace, room)]
		users = sorted({self.get_session(tab)["user"] for tab in tabs})
		self.emit("doc_viewers", {"doctype": doctype, "docname": name, "users": users}, room=room)


def viewers_room(doctype, name):
	return f"open_doc:{doctype}/{name}"


def pass_on(desk):
	"""From the engine to the browsers, without end."""
	published = in_process.connect().pubsub()
	published.subscribe("events")
	for event in published.listen():
		if event["type"] == "message":
			values = json.loads(event["data"])
			desk.emit(values["event"], values["message"], room=values["room"])


def after_the_transaction(emit):
	"""The engine tells at once what is about to be committed. Here a browser could be fast enough to read what was before."""

	def told(event, message, room):
		if event.endswith("progress") or not (frappe.db and frappe.db.transaction_writes):
			return emit(event, message, room)
		for ended in (frappe.db.after_commit, frappe.db.after_rollback):
			ended.add(lambda: emit(event, message, room))

	return told


def around(app):
	"""The WSGI application, and realtime beside it."""
	server = socketio.Server(async_mode="threading")
	desk = Desk(f"/{frappe.get_site_name()}")
	server.register_namespace(desk)
	threading.Thread(target=pass_on, args=[desk], name="realtime", daemon=True).start()
	return socketio.WSGIApp(server, app)


rebind(realtime.emit_via_redis, after_the_transaction(realtime.emit_via_redis))
