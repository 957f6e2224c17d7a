"""A mail as it came over the wire, read as far as it can be trusted: bounded in size, depth and parts."""

import codecs
import email
import hashlib
import logging
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parseaddr
from typing import Any

from notifications.incoming.page_text import text_of

logger = logging.getLogger(__name__)

# A file of 25 MB, written as mail writes files, and some words.
LARGEST_MAIL = 35 * 1024 * 1024
MOST_HEADER_BYTES = 128 * 1024
# A field of a part, such as the name of a file; Python takes the square of the time to read one.
LONGEST_FIELD = 16 * 1024
FIELD = re.compile(rb"(?i)(?<![^\r\n])content-(?:[^\r\n]|(?:\r\n|\r|\n)[ \t])*+")
DEEPEST = 20
MOST_PARTS = 200
LONGEST_BODY = 400_000
# Small pictures in the text are logos of signatures.
SMALL_PICTURE = 10_000
# Where mail servers write for whom it was.
RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To", "To", "Cc")
SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}
MACHINES = {"bulk", "junk", "list", "auto_reply"}
# What Python knows beside charsets: they fail, or take the square of the time.
NO_CHARSETS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"}
ENHANCED_STATUS = re.compile(r"\d\.\d{1,3}\.\d{1,3}")


class Unreadable(Exception):
    """No mail, or one that is built to hurt; ``code`` says which limit it breaks."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Enclosed:
    """A file that came with a mail."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Failed:
    """What a mail server says of a mail of ours that it could not deliver."""

    status: str
    words: str

    @property
    def is_for_good(self) -> bool:
        """Whether the address takes no mail; a full mailbox or a refused content says nothing of it."""
        return self.status.startswith("5.") and not self.status.startswith(("5.2.2", "5.3.4", "5.6.", "5.7."))


@dataclass(frozen=True)
class Incoming:
    """What is known of a mail."""

    key: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str = ""
    files: tuple[Enclosed, ...] = ()
    is_from_machine: bool = False
    failed: Failed | None = None
    size: int = 0


@dataclass
class _Found:
    """What the parts of a mail hold, in their order."""

    texts: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    files: list[Enclosed] = field(default_factory=list)


def key_of(raw: bytes) -> str:
    """What makes a mail one, however often it comes: its Message-ID, else its bytes."""
    try:
        marked = _line(_head_alone(raw), "Message-ID")
    except Unreadable:
        marked = ""
    return hashlib.sha256(marked.encode() if marked else raw).hexdigest()


def _head_alone(raw: bytes) -> Message:
    """The header as fields; what they say of the parts is not looked at.

    :raises Unreadable: where they are none, or too many.
    """
    return BytesHeaderParser().parsebytes(head_of(raw))


def head_of(raw: bytes) -> bytes:
    """The header fields alone.

    :raises Unreadable: where they are none, or too many.
    """
    ends = [place for place in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if place >= 0]
    head = raw[: min(ends)] if ends else raw
    if len(head) > MOST_HEADER_BYTES:
        raise Unreadable("header_too_long")
    return head


def read_head(raw: bytes) -> Incoming:
    """Who writes to whom, without looking at what.

    :raises Unreadable: where it is no mail.
    """
    message = _head_alone(raw)
    try:
        return Incoming(
            key_of(raw),
            sender_of(message),
            _recipients(message),
            _line(message, "Subject"),
            is_from_machine=is_from_machine(message),
            size=len(raw),
        )
    except RecursionError:
        # Comments within comments in an address.
        raise Unreadable("header_too_deep") from None


def read(raw: bytes) -> Incoming:
    """The whole mail.

    :raises Unreadable: where it is no mail, or breaks a limit.
    """
    head = read_head(raw)
    if len(raw) > LARGEST_MAIL:
        raise Unreadable("too_large")
    if any(len(field[0]) > LONGEST_FIELD for field in FIELD.finditer(raw)):
        raise Unreadable("header_too_long")
    try:
        message = email.message_from_bytes(raw)
        parts = list(_parts(message))
        found = _looked_at(parts)
    except RecursionError:
        raise Unreadable("too_deep") from None
    except Unreadable:
        raise
    except Exception as error:
        # Python's own reader fails at broken mail in ever new ways, and the next time it would do so again.
        logger.warning("A mail from %s cannot be read", head.sender or "nobody", exc_info=error)
        raise Unreadable("broken") from error
    text = "\n".join(found.texts).strip() or "\n".join(text_of(page) for page in found.pages)
    return Incoming(
        head.key,
        head.sender,
        head.recipients,
        head.subject,
        text,
        tuple(found.files),
        head.is_from_machine,
        _failed(message, parts),
        len(raw),
    )


def sender_of(message: Message) -> str:
    """The one address that a mail says it is from; "" where there is none, or several."""
    senders = [address for _name, address in getaddresses(message.get_all("From", [])) if address]
    is_one = len(senders) == 1 and "@" in senders[0] and senders[0].isprintable()
    return senders[0].lower()[:254] if is_one else ""


def is_from_machine(message: Message) -> bool:
    """Whether nobody has written this by hand: out-of-office notes, lists, receipts, bounces."""
    auto = _line(message, "Auto-Submitted").lower()
    if (auto and not auto.startswith("no")) or _line(message, "Precedence").lower() in MACHINES:
        return True
    marks = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id", "X-Loop")
    if any(mark in message for mark in marks) or message.get_content_type() == "multipart/report":
        return True
    return "Return-Path" in message and not parseaddr(_line(message, "Return-Path"))[1]


def _line(message: Message, name: str) -> str:
    """A header field as one line of text."""
    value = message.get(name)
    if value is None:
        return ""
    return _on_one_line(_decoded(str(value)))


def _on_one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _decoded(written: str) -> str:
    """``written`` with its encoded words (RFC 2047) as they are read; as it is where nobody can read them."""
    try:
        words = decode_header(written)
        unknown = any(charset and _charset(charset) is None for _word, charset in words)
        return written if unknown else str(make_header(words))
    except (ValueError, LookupError, MessageError):
        return written


def _charset(name: str) -> str | None:
    """What Python calls the charset ``name``; None where it is none."""
    try:
        known = codecs.lookup(name).name.replace("-", "_")
    except (ValueError, LookupError):
        return None
    return None if known in NO_CHARSETS else known


def _recipients(message: Message) -> tuple[str, ...]:
    written = [str(value) for name in RECIPIENTS for value in message.get_all(name, [])]
    found = (address for _name, address in getaddresses(written))
    return tuple(address for address in found if address and address.isprintable())[:100]


def _parts(message: Message) -> Iterator[Message]:
    """The parts that hold something, in their order.

    :raises Unreadable: where they are too many, or too deep within each other.
    """
    waiting = [(message, 0)]
    seen = 0
    while waiting:
        part, level = waiting.pop()
        seen += 1
        if level > DEEPEST:
            raise Unreadable("too_deep")
        if seen > MOST_PARTS:
            raise Unreadable("too_many_parts")
        inner = _inner(part)
        if inner and part.get_content_maintype() == "multipart":
            waiting += [(one, level + 1) for one in reversed(inner)]
        else:
            yield part


def _looked_at(parts: list[Message]) -> _Found:
    found = _Found()
    for part in parts:
        kind, name = part.get_content_type(), _file_name(part)
        if kind in SIGNATURES or kind == "text/calendar" or kind.startswith("message/delivery"):
            continue
        is_text = part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"
        if is_text and not name and kind in ("text/plain", "text/html"):
            (found.texts if kind == "text/plain" else found.pages).append(_text(part))
            continue
        content = _content(part)
        is_logo = "Content-ID" in part and part.get_content_maintype() == "image"
        if content and not (is_logo and len(content) < SMALL_PICTURE):
            found.files.append(Enclosed("winmail.dat" if kind in TNEF else name or "file", content))
    return found


def _file_name(part: Message) -> str:
    try:
        return _on_one_line(_decoded(part.get_filename() or ""))[:200]
    except (ValueError, LookupError, TypeError):
        return ""


def _content(part: Message) -> bytes:
    inner = part.get_payload(decode=True)
    if isinstance(inner, bytes):
        return inner
    return next((_as_file(nested) for nested in _inner(part)), b"")


def _as_file(mail: Message) -> bytes:
    """A mail within the mail; nothing of one whose header is broken so that Python cannot write it again."""
    try:
        return mail.as_bytes()
    except (MessageError, ValueError, LookupError):
        return b""


def _inner(part: Message) -> list[Message]:
    """What ``part`` is made of; nothing where it is words or a file, which are not decoded to ask that."""
    inner: Any = part.get_payload() if part.is_multipart() else ()
    return [one for one in inner if isinstance(one, Message)]


def _text(part: Message) -> str:
    content = _content(part)[:LONGEST_BODY]
    charset = _charset(part.get_content_charset() or "utf-8")
    try:
        text = content.decode(charset or "utf-8", "replace")
    except LookupError:
        # One that is for bytes alone, such as "zip".
        text = content.decode("utf-8", "replace")
    # What no text of the portal may hold.
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))


def _failed(message: Message, parts: list[Message]) -> Failed | None:
    """What a delivery report (RFC 3464) says, where the mail is one about a failure."""
    if message.get_content_type() != "multipart/report":
        return None
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in _inner(part):
            if _line(block, "Action").lower() == "failed":
                status = ENHANCED_STATUS.search(_line(block, "Status"))
                return Failed(status[0] if status else "", _line(block, "Diagnostic-Code")[:200])
    return None
