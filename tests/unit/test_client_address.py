"""Who asks: what a client writes into X-Forwarded-For changes nothing."""

import pytest

from perjankin_app.access.client_address import client_address


@pytest.mark.parametrize(
	("peer", "forwarded", "proxies", "address"),
	[
		("198.51.100.7", None, (), "198.51.100.7"),
		("198.51.100.7", "203.0.113.1", (), "198.51.100.7"),  # no proxy wrote this
		("127.0.0.1", "203.0.113.1", (), "203.0.113.1"),
		(
			"127.0.0.1",
			"8.8.8.8, 203.0.113.1",
			(),
			"203.0.113.1",
		),  # the client's lie stands left of the proxy's word
		("127.0.0.1", "8.8.8.8, 203.0.113.1, 10.1.2.3", (), "10.1.2.3"),
		("127.0.0.1", "8.8.8.8, 203.0.113.1, 10.1.2.3", ("10.0.0.0/8",), "203.0.113.1"),
		("127.0.0.1", "nobody", (), "127.0.0.1"),
		("127.0.0.1", "", (), "127.0.0.1"),
		(None, None, (), "127.0.0.1"),
		("", "203.0.113.1", (), "203.0.113.1"),
		("::1", "2001:db8:1:2:3:4:5:6", (), "2001:db8:1:2::/64"),
		("2001:db8:1:2::9", None, (), "2001:db8:1:2::/64"),
		("::ffff:198.51.100.7", None, (), "198.51.100.7"),
	],
)
def test_the_clients_address(peer, forwarded, proxies, address):
	assert client_address(peer, forwarded, proxies) == address
