"""The desk's own words in Indonesian: the snapshot's translations were left out of the wheel."""

from pathlib import Path

from monoframe import translate

from embedded.patching import FRAMEWORK, rebind

TRANSLATIONS = Path(__file__).parent / "translations"


def install():
	def get_translations_from_csv(lang, app):
		folder = TRANSLATIONS if app == FRAMEWORK else translate.monoframe.get_app_path(app, "translations")
		return translate.get_translation_dict_from_file(f"{folder}/{lang}.csv", lang, app)

	rebind(translate.get_translations_from_csv, get_translations_from_csv)
