"""Whitelisted methods check and convert their arguments again (security).

`from __future__ import annotations` was put into every module of the engine. It turns annotations into strings, which the
check skips: "0" stayed "0", which is true where a bool is asked for, and nothing was ever refused.
"""

import inspect

from monoframe.utils import typing_validations

from embedded.patching import rebind


def resolve_annotations(function):
	scope = inspect.unwrap(function).__globals__
	for name, hint in function.__annotations__.items():
		if isinstance(hint, str):
			try:
				function.__annotations__[name] = eval(hint, scope)
			except Exception:
				pass  # a name that is imported for type checkers only
	function.annotations_resolved = True


def install():
	transform = typing_validations.transform_parameter_types

	def transform_parameter_types(function, args, kwargs):
		if not hasattr(function, "annotations_resolved"):
			resolve_annotations(function)
		return transform(function, args, kwargs)

	rebind(transform, transform_parameter_types)
