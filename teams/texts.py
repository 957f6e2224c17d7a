"""What every text that people or machines hand in must fulfil before it is kept."""

import unicodedata

from django.utils.translation import gettext as _

from teams.rules import InvalidFields, Missing

ALLOWED_CONTROLS = {"\n", "\t"}


def clean_text(value: str, field: str, limit: int) -> str:
    """``value`` with plain line ends and without outer white space.

    :raises InvalidFields: on control characters, lone surrogates, or more than ``limit`` characters.
    """
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if any(_forbidden(character) for character in text):
        message = _("Remove the invisible control characters from this text.")
        raise InvalidFields([Missing("control_character", message, field)])
    if len(text) > limit:
        message = _("Shorten this text to at most %(limit)d characters; it has %(length)d.")
        raise InvalidFields([Missing("too_long", message % {"limit": limit, "length": len(text)}, field)])
    return text


def clean_line(value: str, field: str, limit: int) -> str:
    """Like ``clean_text`` for a text of one line: line breaks and tabs become spaces."""
    return clean_text(" ".join(value.split()) if not _broken(value) else value, field, limit)


def _broken(value: str) -> bool:
    return any(_forbidden(character) for character in value if character != "\r")


def _forbidden(character: str) -> bool:
    return character not in ALLOWED_CONTROLS and unicodedata.category(character) in {"Cc", "Cs"}
