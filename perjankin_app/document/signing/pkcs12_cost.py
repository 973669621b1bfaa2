"""What a PKCS#12 file costs to open, found out before it is opened. Pure: no frappe import; also a program of its own.

Such a file says itself how often its password is to be hashed (RFC 7292, Appendix B; RFC 8018, 5.2): 2 KB may ask for
minutes, and whoever opens it holds up everybody else who is served by that process.
"""

import subprocess
import sys

from asn1crypto import pkcs12 as asn1
from asn1crypto.cms import ContentInfo

LARGEST_COUNT = 2_000_000  # OpenSSL writes 2,048, Java 10,000, Firefox 600,000
SECONDS = 4  # of one core, for everything in it
MEMORY = 512 * 2**20  # bytes
OPENED = 0


def counts(content: bytes) -> list[int]:
	"""Every iteration count that the file shows before its password is known; raises ValueError for what is no PKCS#12."""
	try:
		pfx = asn1.Pfx.load(content, strict=True)
		found = [pfx["mac_data"]["iterations"].native] if pfx["mac_data"].native else []
		for part in pfx.authenticated_safe:
			found += _counts_of(part)
	except (TypeError, KeyError, AttributeError) as error:  # asn1crypto's, for what is something else
		raise ValueError("no PKCS#12") from error
	return [int(count) for count in found]


def _counts_of(part: ContentInfo) -> list[int]:
	if part["content_type"].native == "encrypted_data":
		info = part["content"]["encrypted_content_info"]
		return _of_algorithm(info["content_encryption_algorithm"])
	if part["content_type"].native == "data":
		bags = asn1.SafeContents.load(part["content"].native)
		return [
			count
			for bag in bags
			if bag["bag_id"].native == "pkcs8_shrouded_key_bag"
			for count in _of_algorithm(bag["bag_value"]["encryption_algorithm"])
		]
	return []


def _of_algorithm(algorithm) -> list[int]:
	try:
		return [algorithm.kdf_iterations]
	except (ValueError, KeyError):  # scrypt and others: only the time limit holds them
		return []


def opens(content: bytes, password: bytes) -> bool | None:
	"""Whether the password opens it, tried in a process of its own; None: not within SECONDS and MEMORY."""
	command = [sys.executable, "-I", __file__, str(SECONDS), str(MEMORY)]
	try:
		done = subprocess.run(
			command,
			input=len(password).to_bytes(4, "big") + password + content,
			stdout=subprocess.DEVNULL,
			stderr=subprocess.DEVNULL,
			timeout=5 * SECONDS,  # by the clock: a busy machine gives it less than a whole core
		)
	except subprocess.TimeoutExpired:
		return None
	return None if done.returncode < 0 else done.returncode == OPENED


def main(seconds: str, memory: str):
	import resource

	resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
	resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
	from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

	given = sys.stdin.buffer.read()
	end = 4 + int.from_bytes(given[:4], "big")
	load_pkcs12(given[end:], given[4:end])


if __name__ == "__main__":
	main(*sys.argv[1:])
