"""Small files of each kind, made on the spot."""

import struct
import zlib
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n\x00\xff\n%%EOF\n"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64
WEBM = (
    b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm"
    + b"\0" * 64
)
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 200


def picture(form: str = "PNG", size: tuple[int, int] = (30, 20), **options: Any) -> bytes:
    """An image of one colour; ``form`` is one of Pillow's words for formats."""
    content = BytesIO()
    Image.new("RGB", size, (232, 89, 12)).save(content, form, **options)
    return content.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says of itself that it is that large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def archive(*names: str, **contents: str) -> bytes:
    """A ZIP with these entries in this order."""
    made = BytesIO()
    with ZipFile(made, "w") as written:
        for name in names:
            written.writestr(name, contents.get(name, "<x/>"))
    return made.getvalue()


def office(folder: str, *before: str) -> bytes:
    """What the listing of an Office document looks like."""
    return archive(*before, "[Content_Types].xml", "_rels/.rels", f"{folder}/document.xml")


def open_document(kind: str) -> bytes:
    return archive("mimetype", "content.xml", mimetype=f"application/vnd.oasis.opendocument.{kind}")


def upload(name: str = "plan.png", content: bytes | None = None) -> SimpleUploadedFile:
    """A file as it comes with a form."""
    sent = SimpleUploadedFile("x", picture() if content is None else content)
    # Django cleans names on the way in; the domain must not rely on that.
    vars(sent)["_name"] = name
    return sent
