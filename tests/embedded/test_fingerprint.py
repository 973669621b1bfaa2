import pytest

from embedded import WORK
from embedded.fingerprint import build_folder, fingerprint


@pytest.fixture
def folder(tmp_path):
	return tmp_path / "built"


def write(content):
	def build(folder):
		folder.mkdir()
		(folder / "file").write_text(content)

	return build


def test_built_once_per_stamp(folder):
	build_folder(folder, "one", write("first"))
	build_folder(folder, "one", write("second"))
	assert (folder / "file").read_text() == "first"
	build_folder(folder, "two", write("third"))
	assert (folder / "file").read_text() == "third"


def test_what_was_interrupted_leaves_the_old_one(folder):
	def interrupted(temporary):
		write("half")(temporary)
		raise KeyboardInterrupt

	build_folder(folder, "one", write("first"))
	with pytest.raises(KeyboardInterrupt):
		build_folder(folder, "two", interrupted)
	assert (folder / "file").read_text() == "first"
	build_folder(folder, "two", write("second"))
	assert (folder / "file").read_text() == "second"


def test_names_and_contents_count():
	folder = WORK / "fingerprint-test"
	folder.mkdir(parents=True, exist_ok=True)
	file, other = folder / "a.py", folder / "b.py"
	try:
		file.write_text("x")
		before = fingerprint(folder, suffix=".py")
		(folder / "c.txt").write_text("not counted")
		assert fingerprint(folder, suffix=".py") == before
		file.rename(other)
		assert fingerprint(folder, suffix=".py") != before
	finally:
		for entry in folder.iterdir():
			entry.unlink()
		folder.rmdir()
