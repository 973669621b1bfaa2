"""Background jobs and the scheduler, as threads of the process that serves a site.

A bench has a process for each; here the cache and RQ's queues are in the memory of this one. What runs is the engine's
and RQ's own: queues, results, failures, time limits, the list of jobs, the health report. A process without workers
(tests, install, migrate) runs a job right after the caller's transaction, see in_process.enqueue.
"""

import ctypes
import logging
import os
import threading
from logging.handlers import RotatingFileHandler

from monoframe.utils import background_jobs, scheduler
from rq import SimpleWorker
from rq.timeouts import TimerDeathPenalty

from embedded import in_process
from embedded.patching import rebind


class Stopped(BaseException):
	"""Ends a job that a user stops. No Exception: a job that is killed has no time to handle it either."""


class Worker(SimpleWorker):
	"""Runs the jobs in its own thread. RQ's forks, and stops and times out jobs by signals to the process."""

	death_penalty_class = TimerDeathPenalty

	def _install_signal_handlers(self):
		pass  # only a main thread may

	def work(self, *args, **kwargs):
		self.thread = threading.get_ident()
		return super().work(*args, **kwargs)

	def kill_horse(self, *args):
		"""RQ calls it from another thread, for `Stop` in the list of jobs and `Cancel` of a Data Import."""
		ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.thread), ctypes.py_object(Stopped))


def start_worker():
	"""Begin to work on the jobs of this process, as `bench worker` does."""
	os.makedirs("logs", exist_ok=True)
	for name in ("rq.worker", "rq.job"):
		log = logging.getLogger(name)
		log.propagate = False
		log.addHandler(RotatingFileHandler("logs/worker.log", maxBytes=1_000_000, backupCount=1))
	queues = [background_jobs.generate_qname(queue) for queue in background_jobs.get_queues_timeout()]
	worker = Worker(queues, connection=in_process.connect())
	rebind(in_process.enqueue, in_process.engine_enqueue)
	threading.Thread(target=worker.work, name="worker", daemon=True).start()


def start_scheduler():
	"""Look every four minutes which scheduled jobs are due, as `bench schedule` does."""
	threading.Thread(target=scheduler.start_scheduler, name="scheduler", daemon=True).start()
