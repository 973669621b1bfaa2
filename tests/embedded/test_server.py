"""The server is for this machine only, has no debugger, and gives away nothing of the site's folder."""

import json
import os
import threading
import urllib.error
import urllib.request

import frappe
import pytest

from embedded import server


@pytest.fixture(scope="module")
def url():
	running = server.make(os.getcwd(), port=0)
	thread = threading.Thread(target=running.serve_forever)
	thread.start()
	yield f"http://{running.host}:{running.port}"
	running.shutdown()
	thread.join()
	running.server_close()


def status(url, **options):
	try:
		with urllib.request.urlopen(urllib.request.Request(url, **options)) as response:
			return response.status
	except urllib.error.HTTPError as error:
		return error.code


def test_it_listens_on_the_loopback_address_only():
	running = server.make(os.getcwd(), port=0)
	try:
		assert running.socket.getsockname()[0] == "127.0.0.1"
	finally:
		running.server_close()


def test_it_answers(url):
	with urllib.request.urlopen(f"{url}/api/method/ping") as response:
		assert json.load(response) == {"message": "pong"}


def test_there_is_no_debugger(url):
	with pytest.raises(urllib.error.HTTPError) as caught:
		urllib.request.urlopen(
			f"{url}/api/method/frappe.no_such_method?__debugger__=yes&cmd=resource&f=style.css"
		)
	assert "Werkzeug" not in caught.value.read().decode()
	assert status(f"{url}/console") == 404


@pytest.mark.parametrize(
	"path", ["site_config.json", "db/site.db", "files/../site_config.json", "assets/../db/site.db"]
)
def test_nothing_else_of_the_folder_is_served(url, path):
	assert status(f"{url}/{path}") in (403, 404)


def test_private_files_need_a_login(url):
	frappe.get_doc(doctype="File", file_name="rahasia.txt", content="rahasia", is_private=1).insert()
	frappe.db.commit()
	assert status(f"{url}/private/files/rahasia.txt") == 403


def test_a_huge_body_is_refused(url):
	body = b"x" * (26 * 1024 * 1024)
	try:
		code = status(f"{url}/api/method/login", data=body, method="POST")
	except (urllib.error.URLError, ConnectionError):
		return  # refused before it was read
	assert code in (400, 413)
