"""Reads a table of text from a file: compressed or not, in the encodings and with the delimiters people have.

A file is read twice: ``open_table`` reads it to the end once and refuses it as a whole, before anything of
it is imported; ``Table.rows`` reads it again. Neither holds more than one row.
"""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from django.utils.translation import gettext as _

from requests_app.importing.problems import FileRefused

ENCODINGS = ("utf-8-sig", "cp1252")
DELIMITERS = (",", ";", "\t")
GZIP = b"\x1f\x8b"
# More than any text we keep, so that a long text fails its row alone; a bound, because a row is held at once.
LONGEST_CELL = 5_000_000
CHUNK = 1 << 16


@dataclass(frozen=True)
class Row:
    """``number`` counts as in a spreadsheet: the header is row 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file that was found readable to its end."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    row_count: int

    def rows(self) -> Iterator[Row]:
        """The rows below the header, without empty ones.

        :raises FileRefused: where the file has changed since it was opened.
        """
        found = _records(self.path, self.encoding, self.delimiter)
        if next(found, None) != Row(1, self.header):
            raise FileRefused(_("The file was changed while it was being read."))
        return found


def open_table(path: Path) -> Table:
    """Read the file once, to its end.

    :raises FileRefused: where it cannot be read, is empty, or is no table.
    """
    encoding = _encoding_of(path)
    delimiter = _delimiter_of(path, encoding)
    records = _records(path, encoding, delimiter)
    header = next(records, None)
    if header is None:
        raise FileRefused(_("The file is empty."))
    return Table(path, encoding, delimiter, header.cells, sum(1 for _row in records))


@contextmanager
def _reading(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, uncompressed; what goes wrong with them is told in words."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP
            raw.seek(0)
            yield cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise FileRefused(_("The file's compression is damaged; perhaps it was not copied whole.")) from None
    except OSError as error:
        words = _("The file cannot be read: %(reason)s.")
        raise FileRefused(words % {"reason": error.strerror or str(error)}) from None


def _encoding_of(path: Path) -> str:
    """UTF-8 where the whole file is that, else Windows-1252."""
    readers = {name: codecs.getincrementaldecoder(name)() for name in ENCODINGS}
    with _reading(path) as source:
        empty = True
        while chunk := source.read(CHUNK):
            if b"\0" in chunk:
                raise FileRefused(_("The file contains the character NUL, so it is no text (or UTF-16)."))
            empty = empty and not chunk.strip()
            for name in list(readers):
                if not _decodes(readers[name], chunk):
                    del readers[name]
    if empty:
        raise FileRefused(_("The file is empty."))
    for name, reader in readers.items():
        if _decodes(reader, b"", final=True):
            return name
    raise FileRefused(_("The file's encoding is neither UTF-8 nor Windows-1252. Save it as UTF-8."))


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter_of(path: Path, encoding: str) -> str:
    """The delimiter that cuts the header into the most columns."""
    return max(DELIMITERS, key=lambda delimiter: _columns(path, encoding, delimiter))


def _columns(path: Path, encoding: str, delimiter: str) -> int:
    try:
        header = next(_records(path, encoding, delimiter), None)
    except FileRefused:
        return 0
    return len(header.cells) if header else 0


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    with _reading(path) as source, io.TextIOWrapper(source, encoding=encoding, newline="") as text:
        yield from _parsed(text, delimiter)


def _parsed(text: TextIO, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                number += 1
                yield Row(number, tuple(cells))
            elif number:
                number += 1
    except csv.Error as error:
        words = _("Line %(line)d is no proper CSV (%(reason)s). Is a quotation mark missing?")
        raise FileRefused(words % {"line": reader.line_num, "reason": error}) from None
