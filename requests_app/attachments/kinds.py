"""Which kinds of files are taken, told by their content and never by what their name says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import filetype
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from filetype.types import archive, document, image, video

# Signatures stand at the beginning; the listing of a container stands at its end.
HEAD_BYTES = 8_192
TAIL_BYTES = 262_144
CHUNK_BYTES = 262_144
OOXML = "application/vnd.openxmlformats-officedocument."
# Control characters but tab, line ends and form feed: no text in any encoding of one byte holds them.
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f")) + b"\x7f"
# Text that a browser or an image viewer would take for a document with scripts.
MARKUP = (b"<!", b"<?xml", b"<html", b"<svg", b"<head", b"<body", b"<script", b"<iframe")


class Content(Protocol):
    """A file as far as it is looked at here: Django's or Python's."""

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def tell(self) -> int: ...


@dataclass(frozen=True)
class Kind:
    """``extensions``: how names of such files end, the usual one first."""

    content_type: str
    words: str | Promise
    extensions: tuple[str, ...]


PNG = Kind("image/png", _("a PNG image"), ("png",))
JPEG = Kind("image/jpeg", _("a JPEG image"), ("jpg", "jpeg", "jpe", "jfif"))
GIF = Kind("image/gif", _("a GIF image"), ("gif",))
WEBP = Kind("image/webp", _("a WebP image"), ("webp",))
PDF = Kind("application/pdf", _("a PDF document"), ("pdf",))
DOCX = Kind(f"{OOXML}wordprocessingml.document", _("a Word document"), ("docx",))
XLSX = Kind(f"{OOXML}spreadsheetml.sheet", _("an Excel workbook"), ("xlsx",))
PPTX = Kind(f"{OOXML}presentationml.presentation", _("a PowerPoint presentation"), ("pptx",))
ODT = Kind("application/vnd.oasis.opendocument.text", _("an OpenDocument text"), ("odt",))
ODS = Kind("application/vnd.oasis.opendocument.spreadsheet", _("an OpenDocument spreadsheet"), ("ods",))
ODP = Kind("application/vnd.oasis.opendocument.presentation", _("an OpenDocument presentation"), ("odp",))
ZIP = Kind("application/zip", _("a ZIP archive"), ("zip",))
MP4 = Kind("video/mp4", _("an MP4 video"), ("mp4", "m4v"))
MOV = Kind("video/quicktime", _("a QuickTime video"), ("mov",))
WEBM = Kind("video/webm", _("a WebM video"), ("webm",))
TEXT = Kind("text/plain", _("a text"), ("txt", "csv", "tsv", "md", "json", "log", "ics"))
# Known only to be told by its name: it can carry scripts.
MARKED_UP = Kind("text/html", _("a web page or an SVG drawing"), ("svg", "html", "htm", "xml"))

IMAGES = (PNG, JPEG, GIF, WEBP)
TAKEN = (*IMAGES, PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, ZIP, MP4, MOV, WEBM, TEXT)

SIGNATURES = (
    (image.Png(), PNG),
    (image.Jpeg(), JPEG),
    (image.Gif(), GIF),
    (image.Webp(), WEBP),
    (archive.Pdf(), PDF),
    (document.Odt(), ODT),
    (document.Ods(), ODS),
    (document.Odp(), ODP),
    (archive.Zip(), ZIP),
    (video.Mp4(), MP4),
    (video.M4v(), MP4),
    (video.Mov(), MOV),
    (video.Webm(), WEBM),
)
OFFICE_FOLDERS = ((b"word/", DOCX), (b"xl/", XLSX), (b"ppt/", PPTX))


def kind_of(content: Content) -> Kind | None:
    """The kind of ``content``, None where it is none of those that are known here."""
    content.seek(0)
    head = content.read(HEAD_BYTES)
    found = dict(SIGNATURES).get(
        filetype.match(head, matchers=[signature for signature, _kind in SIGNATURES])
    )
    if found is ZIP:
        return _office(head, content) or ZIP
    return found or _text(head, content)


def _office(head: bytes, content: Content) -> Kind | None:
    """The kind of an Office document by the names in its listing; nothing of it is unpacked."""
    content.seek(0, 2)
    content.seek(max(0, content.tell() - TAIL_BYTES))
    listing = head + content.read(TAIL_BYTES)
    if b"[Content_Types].xml" not in listing:
        return None
    return next((kind for folder, kind in OFFICE_FOLDERS if folder in listing), None)


def _text(head: bytes, content: Content) -> Kind | None:
    content.seek(0)
    if not all(chunk == chunk.translate(None, CONTROLS) for chunk in _chunks(content)):
        return None
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return MARKED_UP if start.startswith(MARKUP) else TEXT


def _chunks(content: Content) -> Iterable[bytes]:
    while chunk := content.read(CHUNK_BYTES):
        yield chunk


def fits(kind: Kind, name: str) -> bool:
    """Whether ``name`` ends as files of this kind do."""
    return extension(name) in kind.extensions


def extension(name: str) -> str:
    """What stands behind the last dot of ``name``, in small letters; "" without one."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def all_extensions() -> str:
    """All endings that are taken, as people read them: "png, jpg, …"."""
    return ", ".join(ending for kind in TAKEN for ending in kind.extensions if ending not in HARDLY_KNOWN)


HARDLY_KNOWN = {"jpe", "jfif", "m4v", "tsv", "log"}
