"""TLS before the mail server of a test, with a certificate that nobody knows."""

import ipaddress
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.notifications.incoming.mail_house import MailHouse


@dataclass
class Tls:
    """Where it listens, its certificate, and what clients said through it."""

    port: int
    certificate: Path
    heard: bytearray = field(default_factory=bytearray)


def _self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of the test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "mail.crt", folder / "mail.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


@contextmanager
def tls_before(house: MailHouse, folder: Path, *, is_greeting: bool) -> Iterator[Tls]:
    """TLS for the IMAP of ``house``; with ``is_greeting`` the client asks for it first (STARTTLS)."""
    certificate, secret = _self_signed(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        tls = Tls(listening.getsockname()[1], certificate)

        def serve() -> None:
            # Ends when the listening socket is closed.
            with suppress(OSError):
                while True:
                    _answer(listening.accept()[0], house, context, tls, is_greeting)

        threading.Thread(target=serve, daemon=True).start()
        yield tls
        # Closing alone does not wake who accepts.
        listening.shutdown(socket.SHUT_RDWR)


def _answer(
    plain: socket.socket, house: MailHouse, context: ssl.SSLContext, tls: Tls, is_greeting: bool
) -> None:
    with suppress(OSError), plain:
        plain.settimeout(10)
        if is_greeting:
            _agree_on_tls(plain)
        with (
            context.wrap_socket(plain, server_side=True) as client,
            socket.create_connection(("127.0.0.1", house.imap), timeout=10) as server,
        ):
            if is_greeting:
                # The client has been greeted.
                server.recv(4_096)
            _pass_on(client, server, tls.heard)


def _agree_on_tls(client: socket.socket) -> None:
    """The few lines of IMAP before TLS begins."""
    client.sendall(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
    while True:
        tag, _blank, command = client.recv(1_024).strip().partition(b" ")
        if command.upper() == b"CAPABILITY":
            client.sendall(b"* CAPABILITY IMAP4rev1 STARTTLS\r\n")
        if not command:
            return
        client.sendall(tag + b" OK done\r\n")
        if command.upper() == b"STARTTLS":
            return


def _pass_on(client: ssl.SSLSocket, server: socket.socket, heard: bytearray) -> None:
    """What either says, to the other, until one of them ends; in one thread, as TLS wants it."""
    while ready := select.select([client, server], [], [], 10)[0]:
        for giver in ready:
            said = giver.recv(65_536)
            if not said:
                return
            if giver is client:
                heard += said
            (server if giver is client else client).sendall(said)
