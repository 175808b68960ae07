"""Who asks: one client is one address, as far as others can tell."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network

from starlette.requests import Request

_OWN_BITS = 64
"""Of an address of IPv6, what comes after these bits anybody chooses for themselves."""


def client_of(request: Request) -> str:
    """The name under which the questions of a client are counted together."""
    host = request.client.host if request.client else ""
    try:
        address = IPv6Address(host.partition("%")[0])
    except ValueError:
        return host
    return str(address.ipv4_mapped or IPv6Network((int(address), _OWN_BITS), strict=False))
