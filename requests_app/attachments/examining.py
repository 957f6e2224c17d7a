"""Whether a file that somebody sends is taken, and what is known of it then."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from requests_app.attachments import kinds, previews
from requests_app.attachments.names import clean_name
from requests_app.models.attachments import LARGEST_FILE
from teams.rules import InvalidFields, Missing

FIELD = "file"


@dataclass(frozen=True)
class Examined:
    """A file that is taken; ``preview`` is a small image, or empty."""

    file: "File[Any]"
    name: str
    content_type: str
    size: int
    preview: bytes = b""


def examine(files: Iterable["File[Any]"]) -> list[Examined]:
    """Look at all that was sent.

    :raises InvalidFields: naming each file that is not taken, with its reason.
    """
    taken: list[Examined] = []
    wrong: list[Missing] = []
    for file in files:
        name = clean_name(str(file.name or ""))
        try:
            taken.append(_examined(file, name))
        except InvalidFields as refused:
            wrong += refused.missing
    if wrong:
        raise InvalidFields(wrong)
    return taken


def _examined(file: "File[Any]", name: str) -> Examined:
    size = file.size
    if not size:
        raise _refused("empty", _("“%(name)s” is empty."), name)
    if size > LARGEST_FILE:
        words = _("“%(name)s” has %(size)s; a file may have at most %(limit)s.")
        raise _refused(
            "too_large", words, name, size=filesizeformat(size), limit=filesizeformat(LARGEST_FILE)
        )
    kind = _kind(file, name)
    preview = _preview(file, name) if kind in kinds.IMAGES else b""
    return Examined(file, name, kind.content_type, size, preview)


def _kind(file: "File[Any]", name: str) -> kinds.Kind:
    kind = kinds.kind_of(file)
    if kind is kinds.MARKED_UP:
        words = _("“%(name)s” is a web page or an SVG drawing, which can carry scripts. Send a PNG or a PDF.")
        raise _refused("type_not_taken", words, name)
    known = any(kinds.fits(one, name) for one in kinds.TAKEN)
    if kind is None and known:
        words = _("The content of “%(name)s” is not what its name says.")
        raise _refused("content_differs", words, name)
    if kind is None or not known:
        words = _("“%(name)s” is of a kind that is not taken. These are: %(endings)s.")
        raise _refused("type_not_taken", words, name, endings=kinds.all_extensions())
    if not kinds.fits(kind, name):
        words = _("The content of “%(name)s” is not what its name says: it is %(kind)s.")
        raise _refused("content_differs", words, name, kind=str(kind.words))
    return kind


def _preview(file: "File[Any]", name: str) -> bytes:
    try:
        return previews.preview_of(file)
    except previews.TooManyPixels:
        words = _("“%(name)s” has more than %(most)d million pixels. Send it smaller.")
        most = previews.MOST_PIXELS // 1_000_000
        raise _refused("too_many_pixels", words, name, most=most) from None
    except previews.Damaged:
        words = _("“%(name)s” is damaged: the image cannot be opened.")
        raise _refused("damaged", words, name) from None


def _refused(code: str, words: str, name: str, **more: Any) -> InvalidFields:
    return InvalidFields([Missing(code, words % {"name": name, **more}, FIELD)])
