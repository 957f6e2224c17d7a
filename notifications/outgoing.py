"""The one way out by HTTP to addresses that people enter.

A host is resolved once; unless the operator has named it in OUTGOING_ALLOWED_HOSTS, all its addresses must
be reachable for everybody, and it must be spoken to by https. The connection goes to exactly the address that
was looked at, follows no redirect, knows no proxy variables, and ends hard.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

# For everything together: looking the host up, connecting, sending, reading.
HARD_SECONDS = 10.0
MOST_READ = 64 * 1024
LONGEST_URL = 2_000
PORTS = {"http": 80, "https": 443}
# What is_global does not tell: addresses that carry another one inside, or lead to many.
CARRIERS = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::ffff:0:0/96", "::/96"),
        *("ff00::/8", "224.0.0.0/4", "240.0.0.0/4", "192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10"),
        *("2001:db8::/32", "3fff::/20", "5f00::/16", "fec0::/10", "100::/64", "0.0.0.0/8"),
    )
)

Address = tuple[int, Any]


class AddressRefused(Exception):
    """The portal does not speak to this address; the words are for the person who entered it."""


class NoAnswer(Exception):
    """The receiver could not be reached, or did not answer in time."""


@dataclass(frozen=True)
class Answer:
    """What the receiver said, cut at MOST_READ bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class _Call:
    """A request on its way: what the thread that makes it has reached."""

    url: SplitResult
    body: bytes
    headers: Mapping[str, str]
    ends: float
    answer: Answer | None = None
    error: Exception | None = None
    connection: http.client.HTTPConnection | None = None
    is_over: threading.Event = field(default_factory=threading.Event)

    def left(self) -> float:
        """Seconds until the hard end.

        :raises TimeoutError: after it; what nobody waits for any more is not sent.
        """
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("too late")
        return left


def checked(url: str) -> SplitResult:
    """The parts of ``url``, as far as they can be judged without looking its host up.

    :raises AddressRefused: where the portal will never speak to it.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressRefused(_("This is no address.")) from None
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise AddressRefused(_("This is no address."))
    if parts.scheme not in PORTS or not host or port == 0:
        raise AddressRefused(_("Enter an address that begins with https://."))
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(_("The address must not contain a user name or a password."))
    if not is_allowed_host(host, port or PORTS[parts.scheme]):
        _check_public_name(parts.scheme, host)
    return parts


def _check_public_name(scheme: str, host: str) -> None:
    if scheme != "https":
        raise AddressRefused(_("Enter an address that begins with https://."))
    literal = _literal(host)
    is_this_machine = f".{host.lower().rstrip('.')}".endswith(".localhost")
    if is_this_machine or (literal is not None and not is_public(literal)):
        raise AddressRefused(_inner(host))


def is_allowed_host(host: str, port: int) -> bool:
    """Whether the operator has named ``host``, or ``host:port``, as one of the house."""
    named = {name.strip().lower().rstrip(".") for name in settings.OUTGOING_ALLOWED_HOSTS}
    plain = host.lower().rstrip(".")
    return plain in named or f"{plain}:{port}" in named or f"[{plain}]:{port}" in named


def is_public(address: str) -> bool:
    """Whether everybody on the internet reaches ``address``, and it is what it seems to be."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.scope_id:
        return False
    if any(found.version == net.version and found in net for net in CARRIERS):
        return False
    special = found.is_multicast or found.is_reserved or found.is_unspecified or found.is_loopback
    return found.is_global and not special and not found.is_link_local


def post(
    url: str, body: bytes, headers: Mapping[str, str] | None = None, *, seconds: float = HARD_SECONDS
) -> Answer:
    """Send ``body`` to ``url`` and read what comes back; it takes at most about ``seconds``.

    :raises AddressRefused: where the portal does not speak to it.
    :raises NoAnswer: where nothing came back.
    """
    call = _Call(checked(url), body, headers or {}, time.monotonic() + seconds)
    # A thread of its own: looking a name up cannot be interrupted otherwise, and an answer that trickles in
    # would begin each wait anew.
    threading.Thread(target=_make, args=[call], name="outgoing", daemon=True).start()
    if not call.is_over.wait(seconds):
        _hang_up(call.connection)
        raise NoAnswer(f"no answer within {seconds:.0f} s")
    if call.error is not None:
        raise call.error
    if call.answer is None:
        raise NoAnswer("nothing came back")
    return call.answer


def _hang_up(connection: http.client.HTTPConnection | None) -> None:
    sock = connection.sock if connection is not None else None
    if sock is not None:
        # Only shutting it down wakes a thread that still reads from it.
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
        sock.close()


def _make(call: _Call) -> None:
    try:
        call.answer = _made(call)
    except AddressRefused as error:
        call.error = error
    except (OSError, http.client.HTTPException, ValueError) as error:
        call.error = NoAnswer(str(error) or type(error).__name__)
    finally:
        _hang_up(call.connection)
        call.is_over.set()


def _made(call: _Call) -> Answer:
    host, scheme = call.url.hostname or "", call.url.scheme
    port = call.url.port or PORTS[scheme]
    family, address = resolved(host, port)
    call.connection = _Pinned(host, port, scheme == "https", family, address, call)
    path = call.url.path or "/"
    target = f"{path}?{call.url.query}" if call.url.query else path
    headers = {"User-Agent": "Tandem", "Accept": "*/*", "Connection": "close", **call.headers}
    call.connection.request("POST", target, body=call.body, headers=headers)
    response = call.connection.getresponse()
    return Answer(response.status, dict(response.getheaders()), response.read(MOST_READ))


def resolved(host: str, port: int) -> Address:
    """The one address of ``host`` that is spoken to: family and socket address.

    :raises AddressRefused: where any of its addresses is not public, and the host not of the house.
    :raises OSError: where there is none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    if not found:
        raise OSError("the host has no address")
    if not is_allowed_host(host, port):
        inner = [address for *_rest, address in found if not is_public(str(address[0]))]
        if inner:
            raise AddressRefused(_inner(host))
    family, *_kind, address = found[0]
    return family, address


def _literal(host: str) -> str | None:
    """The address that ``host`` is without looking it up, also where it is written as "127.1" or "0x7f.1"."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None


def _inner(host: str) -> str:
    words = _(
        "“%(host)s” lies in an inner network. The operator can allow it with the setting"
        " OUTGOING_ALLOWED_HOSTS."
    )
    return words % {"host": host}


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that is known already; the name is for the certificate alone."""

    def __init__(self, host: str, port: int, is_secure: bool, family: int, address: Any, call: _Call) -> None:
        super().__init__(host, port)
        # What stands in the Host header without its number.
        self.default_port = PORTS["https" if is_secure else "http"]
        self._is_secure, self._family, self._address, self._call = is_secure, family, address, call

    def connect(self) -> None:
        self.sock = socket.socket(self._family, socket.SOCK_STREAM)
        self.sock.settimeout(self._call.left())
        self.sock.connect(self._address)
        if self._is_secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
