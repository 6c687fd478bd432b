"""Decides which addresses may be connected to: the public web and what the owner allows by name."""

from __future__ import annotations

import re
import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import BlockedAddressError
from bot.links import normalise, with_normal_host

WEB_PORTS = frozenset({80, 443, 8080, 8443})

#: IANA's special-purpose registry, multicast, and what clouds answer on (168.63.129.16 is Azure's).
#: `ipaddress.is_global` lets several of these through and differs between Python versions.
_CLOSED_IPV4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
#: Only global unicast is open, so that mapped, translated, local and yet unassigned addresses need no list.
_OPEN_IPV6 = IPv6Network("2000::/3")
_CLOSED_IPV6 = tuple(
    IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)

#: Names that never lead to the public web (RFC 6761, 6762, 7686, 8375, 9476; ICANN's name collisions; what
#: routers, containers and clusters use).
_CLOSED_SUFFIXES = frozenset(
    {
        "alt",
        "arpa",
        "cluster",
        "consul",
        "corp",
        "docker",
        "domain",
        "home",
        "i2p",
        "internal",
        "intra",
        "intranet",
    }
    | {
        "invalid",
        "kube",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "mail",
        "onion",
        "private",
        "svc",
        "test",
    }
    | {"workgroup"}
)

#: Addresses that are passwords: whoever knows them can write somewhere. Neither fetched nor logged.
_SECRETS = (
    re.compile(r"(?:[^/]+\.)?discord(?:app)?\.com/+api(?:/|\Z)", re.IGNORECASE),
    re.compile(r"(?:hooks\.slack\.com|hooks\.zapier\.com|maker\.ifttt\.com)/", re.IGNORECASE),
    re.compile(r"(?:[^/]+\.webhook\.office\.com|outlook\.office(?:365)?\.com/+webhook)/", re.IGNORECASE),
    re.compile(r"api\.telegram\.org/", re.IGNORECASE),
    re.compile(r"chat\.googleapis\.com/", re.IGNORECASE),
)

AddressInfo = tuple[int, int, int, str, Any]


class AddressRefusedError(OSError):
    """Raised below aiohttp, which hands OSErrors of resolver and socket on with their cause."""

    def __init__(self) -> None:
        # One text for all: happy eyeballs raises the first error when all read the same.
        super().__init__("address refused")


class AddressGuard:
    """Checks every URL before it is asked for and every address before it is dialled.

    *ports* may be connected to anywhere. *allow* names exceptions as "host:port", "ip:port", "host" or "ip"
    (IPv6 in brackets where a port follows); for those, private addresses and other ports are open too.
    """

    def __init__(self, ports: Collection[int] = WEB_PORTS, allow: Collection[str] = frozenset()) -> None:
        self._ports = frozenset(ports)
        self._allow = frozenset(entry.strip().lower() for entry in allow)
        self._opened: set[tuple[str, int]] = set()  # what allowed names resolved to

    def check_url(self, url: str) -> str:
        """Return *url* with its host in normal spelling.

        Raises LinkError when it is no web address at all and BlockedAddressError when it may not be opened.
        """
        normal = with_normal_host(url)
        split = urlsplit(normal)
        host = split.hostname or ""
        port = split.port or (443 if split.scheme == "https" else 80)
        # As servers read it: dots resolved, escaped letters plain.
        plain = urlsplit(normalise(normal))
        if any(secret.match(f"{plain.hostname}{plain.path}") for secret in _SECRETS):
            raise BlockedAddressError(f"{split.scheme}://{host}/", "the address is a secret")
        if self._is_allowed(host, port):
            return normal
        if port not in self._ports:
            raise BlockedAddressError(normal, f"port {port}")
        try:
            address = ip_address(host)
        except ValueError:
            if not _is_public_name(host):
                raise BlockedAddressError(normal, "not a public name") from None
        else:
            if not is_public(address):
                raise BlockedAddressError(normal, "not a public address")
        return normal

    def check_answers(self, host: str, port: int, addresses: Collection[str]) -> None:
        """Raise AddressRefusedError unless all *addresses*, to which *host* resolved, may be dialled."""
        if self._is_allowed(host, port):
            self._opened.update((address, port) for address in addresses)
        elif not all(self._may_dial(address, port) for address in addresses):
            raise AddressRefusedError

    def socket(self, info: AddressInfo) -> socket.socket:
        """Return a socket for the address in *info* (as getaddrinfo gives it); aiohttp's `socket_factory`.

        The last word: this address and no other is dialled next. Raises AddressRefusedError.
        """
        family, kind, protocol, _, target = info
        address, port = target[:2]
        zoned = family == socket.AF_INET6 and target[3] != 0
        if zoned or not ((address, port) in self._opened or self._may_dial(address, port)):
            raise AddressRefusedError
        return socket.socket(family, kind, protocol)

    def _is_allowed(self, host: str, port: int) -> bool:
        bracketed = f"[{host}]" if ":" in host else host
        return not self._allow.isdisjoint({host, bracketed, f"{bracketed}:{port}"})

    def _may_dial(self, address: str, port: int) -> bool:
        if self._is_allowed(address, port):
            return True
        try:
            return port in self._ports and is_public(ip_address(address))
        except ValueError:
            return False


class GuardedResolver(AbstractResolver):
    """Asks *resolver* and refuses a name when one of its addresses may not be dialled."""

    def __init__(self, resolver: AbstractResolver, guard: AddressGuard) -> None:
        self._resolver = resolver
        self._guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve *host*; raises OSError when it has no address, AddressRefusedError when one is closed."""
        results = await self._resolver.resolve(host, port, family)
        if not results:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        self._guard.check_answers(host, port, [result["host"] for result in results])
        return results

    async def close(self) -> None:
        """Close the resolver inside."""
        await self._resolver.close()


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether *address* belongs to a host on the public Internet.

    >>> is_public(IPv4Address("93.184.215.14")), is_public(IPv6Address("64:ff9b::7f00:1"))
    (True, False)
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_IPV4)
    if address.scope_id is not None:
        return False
    return address in _OPEN_IPV6 and not any(address in network for network in _CLOSED_IPV6)


def _is_public_name(host: str) -> bool:
    labels = host.split(".")
    return len(labels) > 1 and labels[-1] not in _CLOSED_SUFFIXES
