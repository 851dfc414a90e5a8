"""Connections that can be cut at a deadline and that never lead into a private network by surprise."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit
from weakref import WeakSet

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import ProxyManager

from synth.core.errors import SourceError

_NAT64 = IPv6Network("64:ff9b::/96")
Place = tuple[str, int]  # host and port


def place(url: str) -> Place:
    """Return host (lower case) and port of `url`. Raises ValueError for a port that is no number."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def check_address(url: str, trusted: frozenset[Place]) -> None:
    """Raise SourceError unless `url` is http(s) and, as far as it can be read, not in a private network.

    Names are looked at again when they are connected: only then is it certain where they lead.
    """
    try:
        parts, (host, port) = urlsplit(url), place(url)
    except ValueError:
        raise SourceError(f"{url[:200]!r} is no address.", "Report this to the source.", retryable=False) from None
    if parts.scheme not in ("http", "https") or not host:
        raise SourceError(f"{url[:200]!r} is no http(s) address.", "Only http and https are followed.", retryable=False)
    if (host, port) not in trusted and (_private(host) or host == "localhost" or host.endswith(".localhost")):
        raise _refused(host)


class GuardedAdapter(HTTPAdapter):
    """Refuses peers with a private address unless `trusted`, and can cut what is under way (`cut`)."""

    def __init__(self, trusted: frozenset[Place]) -> None:
        self._trusted = trusted
        self._sockets: WeakSet[socket.socket] = WeakSet()
        super().__init__(pool_connections=4, pool_maxsize=1)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: object) -> None:
        super().init_poolmanager(connections, maxsize, block, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._checked, self._sockets.add)

    def proxy_manager_for(self, proxy: str, **kwargs: object) -> ProxyManager:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _pools(self._checked, self._sockets.add)
        return manager

    def cut(self) -> None:
        """End every open connection; whoever reads from one sees it broken. For another thread to call."""
        for opened in list(self._sockets):
            with suppress(OSError, TypeError):
                socket.socket.shutdown(opened, socket.SHUT_RDWR)  # not TLS's own, which is not for other threads

    def _checked(self, connection: HTTPConnection, peer: socket.socket) -> socket.socket:
        """Look at who answers, before anything is said to them: a name may lead elsewhere than a moment ago."""
        if connection.proxy is None and (connection.host.lower(), connection.port) not in self._trusted:
            address = peer.getpeername()[0]
            if _private(address):
                peer.close()
                raise _refused(f"{connection.host} ({address})")
        return peer


def _pools(
    checked: Callable[[HTTPConnection, socket.socket], socket.socket], opened: Callable[[socket.socket], None]
) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return checked(self, super()._new_conn())

        def connect(self) -> None:
            super().connect()
            opened(self.sock)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return checked(self, super()._new_conn())  # before TLS greets

        def connect(self) -> None:
            super().connect()
            opened(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _private(host: str) -> bool:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    inner = _embedded(address)
    outer = [] if getattr(address, "ipv4_mapped", None) else [address]
    if address.version == 6 and address.is_site_local:
        return True
    return any(not part.is_global or part.is_multicast for part in (*outer, *inner))


def _embedded(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """Return the IPv4 addresses that an IPv6 one stands for: mapped, compatible, 6to4, Teredo, and
    NAT64's (RFC 6052).
    """
    if isinstance(address, IPv4Address):
        return []
    teredo = address.teredo or ()
    embedded = [part for part in (address.ipv4_mapped, address.sixtofour, *teredo) if part is not None]
    if address in _NAT64 or int(address) < 2**32:
        embedded.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return embedded


def _refused(host: str) -> SourceError:
    return SourceError(
        f"An answer led to {host}, an address inside a private network; it was not followed.",
        "If that is your own mirror, set it as the base address of the source.",
        retryable=False,
    )
