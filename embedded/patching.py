"""How a function of the engine is replaced."""

import sys

FRAMEWORK = "monoframe"  # the engine's name, as package and as installed app


def rebind(old, new):
	"""Put `new` in the place of `old` in every module of the engine that imported it by name."""
	for name, module in list(sys.modules.items()):
		if module is not None and name.split(".")[0] == FRAMEWORK:
			for key, value in list(vars(module).items()):
				if value is old:
					setattr(module, key, new)
