"""PKs that were on their way before a step's beginning and deadline were stored."""

from perjankin_app.workflow import deadlines


def execute():
	deadlines.fill()
