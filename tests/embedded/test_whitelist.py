"""Arguments of whitelisted methods are checked and converted by their annotations."""

import frappe
import pytest
from frappe.utils.typing_validations import validate_argument_types


@validate_argument_types
def ours(flag: bool, number: int = 0, names: list | None = None):
	return flag, number, names


@validate_argument_types
def as_in_the_engine(flag: "bool", number: "int" = 0, names: "list | None" = None):
	return flag, number, names


@pytest.mark.parametrize("method", [ours, as_in_the_engine])
def test_text_from_a_form_is_converted(method):
	assert method(flag="0", number="7") == (False, 7, None)
	assert method(flag="1")[0]


@pytest.mark.parametrize("method", [ours, as_in_the_engine])
@pytest.mark.parametrize(
	"arguments", [{"flag": "perhaps"}, {"flag": "1", "number": "x"}, {"flag": 1, "names": {}}]
)
def test_other_types_are_refused(method, arguments):
	with pytest.raises(frappe.FrappeTypeError):
		method(**arguments)


def test_a_method_of_the_engine(monkeypatch):
	"""has_permission(doctype: str, docname: str, ...)"""
	from frappe.client import has_permission

	monkeypatch.setattr(frappe, "in_test", True)  # outside requests, only tests check
	with pytest.raises(frappe.FrappeTypeError):
		has_permission(doctype="ToDo", docname={"owner": "Administrator"})
