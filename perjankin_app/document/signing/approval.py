"""Persetujuan Sistem: the party approves in the app, by the own login. Not a certified signature (PP 71/2019 Ps. 60)."""

from perjankin_app.document.provider import Request, Signed


def sign(request: Request) -> Signed:
	return Signed(mencakup=request.document.sidik)
