"""The name `frappe` inside strings: Jinja templates, server scripts, conditions of workflows and notifications."""

import functools

from monoframe.email.doctype.notification import notification
from monoframe.model import workflow
from monoframe.utils import safe_exec

from embedded.patching import rebind


def with_frappe(function):
	@functools.wraps(function)
	def wrapper(*args, **kwargs):
		names = function(*args, **kwargs)
		names.setdefault("frappe", names["monoframe"])
		return names

	return wrapper


def install():
	for function in (
		notification.get_context,
		safe_exec.get_safe_globals,
		workflow.get_workflow_safe_globals,
	):
		rebind(function, with_frappe(function))
