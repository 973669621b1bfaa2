"""The development server: this machine only, without a debugger."""

import logging
import os
from logging.handlers import RotatingFileHandler

from monoframe.app import application
from monoframe.middlewares import StaticDataMiddleware
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.serving import make_server

HOST = "127.0.0.1"


def make(folder, port):
	"""A server of the site in `folder`; its requests are logged to the site's logs/requests.log."""
	os.chdir(folder)
	os.makedirs("logs", exist_ok=True)
	log = logging.getLogger("werkzeug")
	log.setLevel(logging.INFO)
	log.propagate = False
	log.addHandler(RotatingFileHandler("logs/requests.log", maxBytes=1_000_000, backupCount=1))
	assets = SharedDataMiddleware(application, {"/assets": os.path.abspath("assets")}, cache=False)
	return make_server(HOST, port, StaticDataMiddleware(assets, {"/files": os.getcwd()}), threaded=True)
