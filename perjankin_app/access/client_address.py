"""From which address a request comes: what its connection says, or the proxies that the site trusts.

Core takes the first entry of `X-Forwarded-For`, which any client may write. Pure: no frappe import.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

LOOPBACK = ("127.0.0.0/8", "::1/128")  # where bench puts its nginx
HOME = (
	64  # bits of an IPv6 address that a provider gives to one customer: below them anybody has 2^64 addresses
)


def client_address(peer: str | None, forwarded: str | None, proxies: Iterable[str] = ()) -> str:
	"""The client's address as text, of IPv6 its network (`2001:db8::/64`).

	peer: who opened the connection; forwarded: the header `X-Forwarded-For`, to which each proxy appends whom it was asked
	by; proxies: networks of trusted proxies besides this machine, such as `10.0.0.0/8`. Entries are read from the right,
	as long as those who wrote them are trusted; what can't be read ends the reading.
	"""
	trusted = [ip_network(network, strict=False) for network in (*LOOPBACK, *proxies)]
	address = _read(peer) or IPv4Address("127.0.0.1")  # a Unix socket has no address
	for entry in reversed((forwarded or "").split(",")):
		if not any(address in network for network in trusted) or not (before := _read(entry)):
			break
		address = before
	return str(address if address.version == 4 else ip_network((address, HOME), strict=False))


def _read(text: str | None) -> IPv4Address | IPv6Address | None:
	try:
		address = ip_address((text or "").strip())
	except ValueError:
		return None
	return getattr(address, "ipv4_mapped", None) or address
