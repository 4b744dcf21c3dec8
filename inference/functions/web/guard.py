"""Keeps requests that users write out of one's own network: which addresses may be asked, held where names become
addresses, so that what was checked is what is connected to."""

from __future__ import annotations

import asyncio
import re
import socket
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from weakref import WeakKeyDictionary

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from inference.errors import ForbiddenAddress, InvalidInput, NotAvailableHere

URL_CHARACTERS = 8192

CONNECT_SECONDS = 10.0
SILENT_SECONDS = 60.0
"""How long a server may send nothing."""

# Ports of other protocols, from the Fetch standard's list of bad ports: a body that a user writes can be made to read
# as commands of line-based protocols such as SMTP. What is not on the list may be a web server and is asked.
_OTHER_PROTOCOLS = frozenset((
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530,
    531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190,
    5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
))  # fmt: skip

# https://www.iana.org/assignments/ipv6-address-space: what is not in 2000::/3 is not global unicast.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# Within the global ranges, and yet a way to somewhere else: 6to4 and its relays, Teredo and the other protocol
# assignments, documentation. Named here, as Python's own table differs from one version to the next.
_DETOURS_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_DETOURS_4 = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10", "198.18.0.0/15")))

_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_NOT_IN_URLS = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")

Address = IPv4Address | IPv6Address


def is_public(address: Address) -> bool:
    """Whether it is a single machine's address on the internet. IPv4 within IPv6 (mapped, NAT64) counts as what is
    within; other forms that carry an IPv4 address are not public."""
    if isinstance(address, IPv6Address):
        if address.scope_id:
            return False
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        return address in _GLOBAL_UNICAST and not any(address in net for net in _DETOURS_6) and address.is_global
    return address.is_global and not address.is_multicast and not any(address in net for net in _DETOURS_4)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be asked though it is not public: hosts by name, and networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def permits(self, host: str, address: Address) -> bool:
        """Whether the host may be asked at this address of its."""
        return host in self.hosts or any(address in network for network in self.networks) or is_public(address)


@lru_cache(maxsize=16)
def read_allowance(text: str) -> Allowance:
    """From `PENSTOCK_HTTP_ALLOW`: names, addresses and CIDRs, separated by commas. Raises NotAvailableHere."""
    hosts: set[str] = set()
    networks: list[IPv4Network | IPv6Network] = []
    for entry in filter(None, (part.strip().lower() for part in text.split(","))):
        try:
            networks.append(ip_network(entry))
        except ValueError:
            if not _NAME.fullmatch(entry) or _NUMBER.fullmatch(entry.rpartition(".")[2]):
                raise NotAvailableHere(
                    f"PENSTOCK_HTTP_ALLOW has {entry!r}, which is neither a host name nor an address nor a CIDR such "
                    "as 10.1.0.0/16. Whoever runs Penstock has to correct it."
                ) from None
            hosts.add(entry)
    return Allowance(frozenset(hosts), tuple(networks))


def read_url(text: object, *, log_in: str = "send an `authorization` header") -> URL:
    """A web address that can be asked. `log_in`: what somebody can do who has a name and password for it. Raises
    InvalidInput."""
    if not isinstance(text, str) or not text or len(text) > URL_CHARACTERS:
        raise InvalidInput(f"`url` must be text of 1 to {URL_CHARACTERS} characters.", field="url")
    if _NOT_IN_URLS.search(text):
        raise InvalidInput("`url` has spaces or control characters: encode them as %20 and the like.", field="url")
    try:
        url = URL(text)
    except ValueError as error:
        raise InvalidInput(f"`url` is not a web address: {error}.", field="url") from None
    if url.scheme not in ("http", "https") or not url.raw_host or not url.port:
        raise InvalidInput("`url` must begin with http:// or https:// and a host.", field="url")
    if url.raw_user is not None or url.raw_password is not None:
        raise InvalidInput(f"`url` must not hold a name or password: {log_in}.", field="url")
    return url.with_fragment(None)


def check_address(url: URL, allowance: Allowance) -> None:
    """Raises ForbiddenAddress where it can be told without a name server: addresses, and other protocols' ports."""
    host = _plain(url)
    if url.port in _OTHER_PROTOCOLS:
        raise ForbiddenAddress(f"{host} may not be asked on port {url.port}: it is another protocol's.", field="url")
    if address := _address(host):
        check_resolved(host, address, allowance)
    # Names end in no number: 2130706433, 0x7f.1 and 127.1 are addresses in disguise.
    elif not _NAME.fullmatch(host) or _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise ForbiddenAddress(f"{host!r} is neither a host name nor an address as usually written.", field="url")


def _address(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _plain(url: URL) -> str:
    return (url.raw_host or "").lower().removesuffix(".")


def check_resolved(host: str, address: Address, allowance: Allowance) -> None:
    """Raises ForbiddenAddress when a host may not be asked at this address of its."""
    if not allowance.permits(host, address):
        raise ForbiddenAddress(
            f"{host} is not on the internet but in a private network, which may not be asked. "
            "Whoever runs Penstock can allow it with PENSTOCK_HTTP_ALLOW.",
            field="url",
        )


class GuardedResolver(AbstractResolver):
    """Gives the addresses of a name, all of which may be asked. One that may not be refuses the name as a whole: public
    names do not have it, and who mixes them wants to slip by."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._names = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises ForbiddenAddress, and OSError for a name that is not known."""
        found = await self._names.resolve(host, port, family)
        for result in found:
            check_resolved(host.lower().removesuffix("."), ip_address(result["host"]), self._allowance)
        return found

    async def close(self) -> None:
        await self._names.close()


_sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Allowance, aiohttp.ClientSession]] = WeakKeyDictionary()


def guarded_session(allowance: Allowance) -> aiohttp.ClientSession:
    """The event loop's session, whose connections go to checked addresses only. It keeps no cookies, as it serves many
    users, takes no proxy from the environment, and leaves bodies as they are packed. `check_address` comes first: an
    address in the URL itself is never resolved."""
    sessions = _sessions.setdefault(asyncio.get_running_loop(), {})
    session = sessions.get(allowance)
    if session is None or session.closed:
        session = sessions[allowance] = aiohttp.ClientSession(
            # Every connection resolves anew, so that no name outlives its check.
            connector=aiohttp.TCPConnector(resolver=GuardedResolver(allowance), use_dns_cache=False),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS),
            headers={"User-Agent": "Penstock", "Accept-Encoding": "gzip"},
        )
    return session


async def close_web() -> None:
    """Closes the running event loop's sessions. The next request opens one anew."""
    for session in _sessions.pop(asyncio.get_running_loop(), {}).values():
        await session.close()
