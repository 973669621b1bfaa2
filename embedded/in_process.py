"""Cache and queues inside this one process: no Redis server, and nobody outside is asked."""

import monoframe as frappe
import redis.exceptions
from fakeredis import FakeRedis, FakeServer
from monoframe import utils
from monoframe.desk.doctype.changelog_feed import changelog_feed
from monoframe.utils import background_jobs, change_log, connections, redis_wrapper
from monoframe.utils.redis_queue import RedisQueue

from embedded.patching import rebind

SERVER = FakeServer()


class Cache(FakeRedis, redis_wrapper.RedisWrapper):
	def client_id(self):
		"""Keeps ClientCache from listening to a real server for what other processes change: there are none."""
		raise redis.exceptions.ConnectionError

	def execute_command(self, *command, **options):
		"""A real server would tell ClientCache which of its keys are no longer true, and how much memory it uses."""
		if command[0] == "INFO":
			return {}
		answer = super().execute_command(*command, **options)
		if (held := frappe.client_cache) and command[0] in ("SET", "SETEX", "DEL", "UNLINK"):
			with held.lock:
				for key in command[1:]:
					held.cache.pop(key, None)
		elif held and command[0] in ("FLUSHALL", "FLUSHDB"):
			held.clear_cache()
		return answer


class ClientCache(redis_wrapper.ClientCache):
	"""Holds what is read most (meta, hooks, settings) as objects, as a bench's does; else each reading unpickles it."""

	def __init__(self, *args, **kwargs):
		super().__init__(*args, **kwargs)
		self.healthy = True


def connect(*args, **kwargs):
	return FakeRedis(server=SERVER)


engine_enqueue = background_jobs.enqueue  # into RQ's queues, for the workers of background.py


# every parameter of Frappe's, so that they do not reach the job
def enqueue(
	method,
	queue="default",
	timeout=None,
	event=None,
	is_async=True,
	job_name=None,
	now=False,
	enqueue_after_commit=False,
	*,
	on_success=None,
	on_failure=None,
	at_front=False,
	job_id=None,
	deduplicate=False,
	at_front_when_starved=False,
	**kwargs,
):
	"""Where nobody works on the queues: run the job right after the caller's transaction.

	A failing job cannot spoil that, and what a test finds then does not depend on how fast another thread is.
	"""
	if now:
		return frappe.call(method, **kwargs)

	def run():
		try:
			frappe.call(method, **kwargs)
		except Exception:
			frappe.db.rollback()
			frappe.log_error(f"Job {method} failed")
		frappe.db.commit()

	frappe.db.after_commit.add(run)


def install():
	rebind(redis_wrapper.setup_cache, lambda: Cache(server=SERVER))
	rebind(redis_wrapper.ClientCache, ClientCache)
	rebind(background_jobs.enqueue, enqueue)
	rebind(background_jobs.get_redis_connection_without_auth, connect)
	rebind(connections.check_redis, lambda *args, **kwargs: {})
	RedisQueue.get_connection = classmethod(connect)
	# it sends the hash of every new user's address to gravatar.com, and offline each user waits for the answer
	rebind(utils.has_gravatar, lambda email: "")
	# weekly jobs
	rebind(change_log.check_for_update, lambda: None)
	rebind(changelog_feed.get_feed, lambda since: [])
