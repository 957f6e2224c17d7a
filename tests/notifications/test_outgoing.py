"""The one way out by HTTP: which addresses it refuses, that it goes where it looked, and that it ends."""

import ipaddress
import socket
import time
from typing import Any

import pytest
from django.conf import settings as portal_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from notifications import outgoing
from notifications.outgoing import MOST_READ, AddressRefused, NoAnswer, checked, is_public, post, resolved
from tests.notifications.receivers import Said, deaf_port, receiver

# Seconds: longer than a loaded machine takes for anything here.
LONG = 30.0


@pytest.fixture(autouse=True)
def _in_house(settings: Settings) -> None:
    settings.OUTGOING_ALLOWED_HOSTS = ["127.0.0.1"]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7"),
        *("203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.88.99.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "2001:db8::1"),
        *("::ffff:8.8.8.8", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b:1::1"),
        *("2002:7f00:1::", "2002:808:808::1", "2001::1", "100::1", "3fff::1", "5f00::1", "no address", ""),
    ],
)
def test_what_not_everybody_reaches_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001:800::200e"])
def test_what_everybody_reaches_is_not(address: str) -> None:
    assert is_public(address)


@hypothesis_settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_inner_address_of_four_bytes_passes_however_it_is_wrapped(number: int) -> None:
    inner = ipaddress.IPv4Address(number)
    if is_public(str(inner)):
        assert inner.is_global
        assert not inner.is_multicast
    for wrapped in (f"::ffff:{inner}", f"64:ff9b::{inner}", f"::{inner}"):
        assert not is_public(wrapped)
    assert not is_public(str(ipaddress.IPv6Address((0x2002 << 112) | (number << 80))))


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.org/", "file:///etc/passwd", "gopher://example.org", "//example.org", "example.org"),
        *(
            "http://example.org/",
            "https://",
            "https:///x",
            "https://user:secret@example.org/",
            "https://u@a.b/",
        ),
        *("https://[::1]/", "https://10.0.0.1/", "https://169.254.169.254/latest", "https://[fe80::1]/", ""),
        *("https://example.org:0/", "https://example.org:99999/", "https://[::1/", "https://exa mple.org/"),
        *("https://example.org/\r\nX: y", "https://example.org/\x00", "https://exämple.org/"),
        *("https://127.1/", "https://2130706433/", "https://0x7f.1/", "https://017700000001/", "https://0/"),
        *("https://localhost/", "https://LOCALHOST./", "https://a.localhost/"),
        "https://example.org/" + "x" * 2_001,
    ],
)
def test_an_address_that_is_none_or_leads_inside_is_refused_at_the_form(url: str) -> None:
    with pytest.raises(AddressRefused):
        checked(url)


def test_a_usual_address_and_one_of_the_house_are_taken() -> None:
    assert checked("https://hooks.example.org/services/T0/B0/x").hostname == "hooks.example.org"
    assert checked("http://127.0.0.1:8065/hooks/x").port == 8065


@pytest.mark.parametrize(
    ("named", "port", "allowed"),
    [
        ("chat.house", 80, True),
        ("CHAT.house.", 80, True),
        ("chat.house:8065", 8065, True),
        ("chat.house:8065", 80, False),
        ("house", 80, False),
        ("*.house", 80, False),
        ("", 80, False),
    ],
)
def test_the_operator_names_hosts_with_or_without_a_port(
    named: str, port: int, allowed: bool, settings: Settings
) -> None:
    settings.OUTGOING_ALLOWED_HOSTS = [named]
    assert outgoing.is_allowed_host("chat.house", port) is allowed


def name_means(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def found(_host: str, port: int, **_kind: Any) -> list[Any]:
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def test_a_name_with_one_inner_address_among_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    name_means(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(AddressRefused, match="inner\\.example"):
        resolved("inner.example", 443)
    name_means(monkeypatch, "8.8.8.8", "1.1.1.1")
    assert resolved("outer.example", 443) == (socket.AF_INET, ("8.8.8.8", 443))


def test_numbers_that_browsers_take_for_addresses_are_looked_up_and_refused(settings: Settings) -> None:
    settings.OUTGOING_ALLOWED_HOSTS = []
    for host in ("127.1", "2130706433", "0x7f000001", "017700000001", "localhost"):
        with pytest.raises((AddressRefused, NoAnswer)):
            post(f"https://{host}/", b"{}")


@pytest.mark.parametrize(
    ("port", "is_secure", "said"), [(443, True, b"Host: a.example"), (8443, True, b"Host: a.example:8443")]
)
def test_a_receiver_is_named_as_browsers_do(port: int, is_secure: bool, said: bytes) -> None:
    call = outgoing._Call(checked("https://a.example/"), b"", {}, 0.0)
    connection = outgoing._Pinned("a.example", port, is_secure, socket.AF_INET, ("8.8.8.8", port), call)
    connection.putrequest("POST", "/")
    assert said in connection._buffer  # type: ignore[attr-defined]


def test_the_name_is_looked_up_once_and_spoken_to_at_that_address(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    with receiver() as there:

        def found(host: str, _port: int, **_kind: Any) -> list[Any]:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", there.port))]

        monkeypatch.setattr(socket, "getaddrinfo", found)
        monkeypatch.setattr(portal_settings, "OUTGOING_ALLOWED_HOSTS", ["chat.house"])
        answer = post("http://chat.house:9/hook?a=1", b'{"x": 1}', {"Content-Type": "application/json"})
    assert (answer.status, answer.body) == (200, b"ok")
    assert asked == ["chat.house"]
    assert there.paths == ["/hook?a=1"]
    assert there.headers[0]["Host"] == "chat.house:9"
    assert there.bodies == [b'{"x": 1}']


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with receiver() as there:
        assert post(there.url, b"{}").status == 200


def test_no_redirect_is_followed() -> None:
    with receiver() as inner, receiver(Said(302, b"", {"Location": inner.url})) as there:
        assert post(there.url, b"{}").status == 302
    assert inner.bodies == []


def test_no_more_is_read_than_needed() -> None:
    with receiver(Said(body=b"x" * (MOST_READ * 4))) as there:
        assert len(post(there.url, b"{}").body) == MOST_READ


def test_who_never_answers_is_left_after_the_time() -> None:
    started = time.monotonic()
    with deaf_port() as port, pytest.raises(NoAnswer):
        post(f"http://127.0.0.1:{port}/", b"{}", seconds=0.3)
    assert time.monotonic() - started < LONG


def test_who_answers_by_and_by_is_left_after_the_time() -> None:
    with receiver(Said(after=LONG)) as there, pytest.raises(NoAnswer):
        post(there.url, b"{}", seconds=0.3)


def test_a_name_that_takes_forever_is_left_after_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_args: Any, **_kind: Any) -> list[Any]:
        time.sleep(LONG)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(NoAnswer):
        post("https://slow.example/", b"{}", seconds=0.2)


def test_nothing_listening_is_no_answer() -> None:
    with deaf_port() as port:
        pass
    with pytest.raises(NoAnswer):
        post(f"http://127.0.0.1:{port}/", b"{}")


def test_a_receiver_that_speaks_no_http_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        import threading

        def babble() -> None:
            sock, _address = listening.accept()
            sock.sendall(b"\x00\xff" * 100 + b"\r\n\r\n")
            sock.close()

        threading.Thread(target=babble, daemon=True).start()
        with pytest.raises(NoAnswer):
            post(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"{}")
