"""What is kept of the name that a file comes with."""

import unicodedata

from requests_app.models.attachments import FILE_NAME

NAMELESS = "file"


def clean_name(given: str) -> str:
    """``given`` without folders, line breaks and invisible signs, at most FILE_NAME characters long.

    Signs that turn the direction of reading would let ``fdp.exe`` be read as ``exe.pdf``, so they go, too.
    """
    last = given.replace("\\", "/").rpartition("/")[2]
    visible = "".join(" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", last))
    plain = "".join(sign for sign in visible if sign.isprintable())
    return _shortened(" ".join(plain.split()).strip(". ")) or NAMELESS


def _shortened(name: str) -> str:
    """The beginning of ``name``, with the ending that says what it is."""
    if len(name) <= FILE_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:FILE_NAME]
    return f"{stem[: FILE_NAME - len(ending) - 1]}.{ending}"
