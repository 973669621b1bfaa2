"""The development server: this machine only, without a debugger."""

import logging
import os
import re
from logging.handlers import RotatingFileHandler

from monoframe.app import application
from monoframe.middlewares import StaticDataMiddleware
from werkzeug.exceptions import NotFound
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.serving import make_server

from embedded import configuration, realtime

HOST = "127.0.0.1"


class PublicFiles(StaticDataMiddleware):
	def get_directory_loader(self, directory):
		load = super().get_directory_loader(directory)

		def loader(path):
			try:
				return load(path)
			except NotFound:  # the engine lets it escape, as an error 500
				return None, None

		return loader


def make(folder, port):
	"""A server of the site in `folder`; its requests are logged to the site's logs/requests.log."""
	os.chdir(folder)
	os.makedirs("logs", exist_ok=True)
	log = logging.getLogger("werkzeug")
	log.setLevel(logging.INFO)
	log.propagate = False
	log.addHandler(RotatingFileHandler("logs/requests.log", maxBytes=1_000_000, backupCount=1))
	log.addFilter(lambda record: not re.search("GET /assets/|/socket.io/", record.getMessage()))
	assets = SharedDataMiddleware(application, {"/assets": os.path.abspath("assets")}, cache=False)
	app = realtime.around(PublicFiles(assets, {"/files": os.getcwd()}))
	server = make_server(HOST, port, app, threaded=True)
	configuration.address = f"http://{HOST}:{server.port}"
	return server
