"""A served site works in the background as a bench does: workers, scheduler, and pages that tell the truth about both."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timedelta
from http.cookiejar import CookieJar

import frappe
import pytest

from embedded import ROOT, background, in_process, sites
from embedded.apps import APP
from embedded.patching import rebind

PATIENCE = 60  # seconds; the machine may be busy


def until(question):
	"""The first true answer."""
	for _ in range(PATIENCE * 10):
		if answer := question():
			return answer
		time.sleep(0.1)
	raise AssertionError("never true")


# --- in this process


@pytest.fixture(scope="module")
def working():
	"""A worker in this process; jobs go to it, not to the end of the transaction."""
	background.start_worker()
	yield
	rebind(in_process.engine_enqueue, in_process.enqueue)


def ended(job):
	until(lambda: job.get_status() not in ("queued", "started"))
	frappe.db.rollback()  # see what the worker wrote
	return job.get_status()


def doze():
	time.sleep(2)


def endless():
	while True:
		time.sleep(0.01)


def refuse():
	frappe.throw("so not")


def test_enqueue_does_not_wait_for_the_job(working):
	began = time.monotonic()
	slow = frappe.enqueue(doze, job_id="slow", deduplicate=True)
	assert time.monotonic() - began < 1
	assert not frappe.enqueue(doze, job_id="slow", deduplicate=True), "it is in the queue already"
	assert ended(slow) == "finished"


def test_a_job_is_its_user_s(working):
	frappe.set_user("Guest")
	job = frappe.enqueue("frappe.new_doc", doctype="ToDo")
	frappe.set_user("Administrator")
	assert ended(job) == "finished"
	assert job.return_value().owner == "Guest"


def test_a_failed_job_is_shown(working):
	job = frappe.enqueue(refuse)
	assert ended(job) == "failed"
	assert "so not" in frappe.get_last_doc("Error Log", {"method": ["like", "%refuse"]}).error
	(shown,) = frappe.get_list("RQ Job", filters={"status": "failed"})
	assert shown.job_id == job.id and "so not" in shown.exc_info


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_job_ends_by_hand_or_by_its_time_limit(working, by_hand):
	job = frappe.enqueue(endless, timeout=600 if by_hand else 1)
	if by_hand:
		until(lambda: job.get_status() == "started")
		frappe.get_doc("RQ Job", job.id).stop_job()
	assert ended(job) == ("stopped" if by_hand else "failed")
	assert ("Stopped" if by_hand else "maximum timeout") in job.latest_result().exc_string
	assert ended(frappe.enqueue("frappe.ping")) == "finished", "the worker goes on"


# --- a site that is served


@pytest.fixture(scope="module")
def served():
	"""Address of a site of its own, whose scheduler looks every second."""
	folder = sites.SITES / f"test-{os.getpid()}-served"
	sites.copy(sites.template("app"), folder)
	(config,) = folder.glob("site_config.json")
	config.write_text(json.dumps({**json.loads(config.read_text()), "scheduler_tick_interval": 1}))
	make_due(folder)
	line = [sys.executable, "-W", "ignore", "-m", "embedded", "serve", str(folder), "--port", "0"]
	with open(folder / "logs" / "server.log", "w") as log:
		server = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
	try:
		yield server.stdout.readline().strip(), folder
	finally:
		server.terminate()
		server.wait()
		sites.remove(folder)


def make_due(folder):
	"""Our scheduled jobs ran last a week ago."""
	import sqlite3

	(file,) = (folder / "db").glob("*.db")
	with sqlite3.connect(file) as database:
		database.execute(
			"update `tabScheduled Job Type` set last_execution = ? where method like ?",
			(str(datetime.now() - timedelta(7)), f"{APP}.%"),
		)


class Visitor:
	"""Somebody with a session, and the token that the desk's page carries."""

	def __init__(self, url, user="Administrator", password=sites.ADMINISTRATOR[1]):
		self.url = url
		self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open
		self.call("login", usr=user, pwd=password)
		page = self.open(f"{url}/app").read().decode()
		self.token = page.split('csrf_token = "')[1].split('"')[0]

	def call(self, method, **values):
		data = urllib.parse.urlencode(
			{k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}
		)
		headers = {"X-Frappe-CSRF-Token": getattr(self, "token", "")}
		request = urllib.request.Request(f"{self.url}/api/method/{method}", data.encode(), headers)
		return json.load(self.open(request)).get("message")

	def upload(self, **headers):
		"""As the desk's uploader does it, in several parts of one form."""
		edge, name = uuid.uuid4().hex, f"{uuid.uuid4().hex}.txt"
		body = (
			f'--{edge}\r\nContent-Disposition: form-data; name="is_private"\r\n\r\n1\r\n'
			f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
			f"Content-Type: text/plain\r\n\r\nisi\r\n--{edge}--\r\n"
		)
		headers["Content-Type"] = f"multipart/form-data; boundary={edge}"
		request = urllib.request.Request(f"{self.url}/api/method/upload_file", body.encode(), headers)
		try:
			return json.load(self.open(request))["message"]["file_name"] == name
		except urllib.error.HTTPError as error:
			return error.code


@pytest.fixture(scope="module")
def visitor(served):
	return Visitor(served[0])


def test_an_upload_needs_the_token_by_either_name(visitor):
	assert visitor.upload(**{"X-Frappe-CSRF-Token": visitor.token}) is True
	assert visitor.upload(**{"X-Monoframe-CSRF-Token": visitor.token}) is True
	assert visitor.upload() == 400
	assert visitor.upload(**{"X-Frappe-CSRF-Token": "guessed"}) == 400


def test_scheduled_jobs_run(served):
	query = sites.reader(served[1])
	hooks = frappe.get_hooks("scheduler_events", app_name=APP)
	ours = {method for methods in hooks.values() for method in methods}
	assert ours

	def all_complete():
		rows = query(
			"select t.method, l.status, l.details from `tabScheduled Job Log` l, `tabScheduled Job Type` t"
			" where t.name = l.scheduled_job_type and t.method like %s",
			f"{APP}.%",
		)
		assert not [row["details"] for row in rows if row["status"] == "Failed"]
		return {row["method"] for row in rows if row["status"] == "Complete"} == ours

	until(all_complete)


def test_the_health_report_is_true(visitor):
	report = visitor.call("frappe.client.get", doctype="System Health Report", name="System Health Report")
	assert report["scheduler_status"] == "Active"
	assert report["background_jobs_check"] == "queued"
	assert report["total_background_workers"] == 1
	assert report["database_version"] and report["top_db_tables"][0]["size"] > 0
	(workers,) = report["background_workers"]
	assert workers["queues"] == "short,default,long"
	method = "frappe.desk.doctype.system_health_report.system_health_report.get_job_status"
	until(lambda: visitor.call(method, job_id=report["test_job_id"]) == "finished")
	(worker,) = visitor.call("frappe.client.get_list", doctype="RQ Worker", fields=["*"])
	assert worker["pid"] and worker["successful_job_count"]
