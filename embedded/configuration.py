"""What a site's folder holds beside the database: its configuration and its logs."""

import json
import logging
import os
import sys
import types
from logging.handlers import RotatingFileHandler

from monoframe import config
from monoframe.utils import logger

from embedded.patching import rebind

PORT = 8000  # the Makefile's
address = f"http://127.0.0.1:{PORT}"  # of the site: signed PKs carry it; `server` sets the one it serves at


def create_handler(module, site=None, max_size=100_000, file_count=20, stream_only=False):
	"""Log to the site's own ./logs; the engine's needs a bench's ../logs and ./<site>/logs."""
	if stream_only:
		handler = logging.StreamHandler()
	else:
		os.makedirs("logs", exist_ok=True)
		handler = RotatingFileHandler(f"logs/{module}.log", maxBytes=max_size, backupCount=file_count)
	handler.setFormatter(logging.Formatter(f"%(asctime)s %(levelname)s {module} %(message)s"))
	return [handler]


def install():
	rebind(logger.create_handler, create_handler)

	engine_load = config._load_config

	def load_config():
		"""The engine writes site_config.json (encryption key, ...), but reads the environment only."""
		conf = engine_load()
		conf.host_name = address
		conf.perjankin_embedded = 1  # the app installs itself on SQLite nowhere else
		if os.path.exists("site_config.json"):
			with open("site_config.json") as file:
				stored = json.load(file)
			conf.update({key: value for key, value in stored.items() if not key.startswith("db_")})
		return conf

	rebind(engine_load, load_config)

	# utils/install.py calls this one; the wheel has no module for it
	generators = types.ModuleType("monoframe.tests.utils.generators")
	generators._clear_test_log = lambda: None
	sys.modules[generators.__name__] = generators
