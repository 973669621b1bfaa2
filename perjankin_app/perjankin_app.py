"""The module "Perjankin App" as a file: Frappe looks for `perjankin_app.perjankin_app.doctype.*`, and finds it in
`perjankin_app/doctype`. Import controllers by that long path only; the short one makes a second class."""

import os

__path__ = [os.path.dirname(__file__)]
