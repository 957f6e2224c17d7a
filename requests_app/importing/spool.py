"""Sorts more rows than memory holds: sorted runs in temporary files, merged while they are read.

At most ``RUN`` rows, and one row of each run, are in memory at once.
"""

import heapq
import json
import tempfile
from collections.abc import Iterable, Iterator
from typing import TextIO

RUN = 20_000

# (sort key, number of the row, cells); the number keeps the file's order among equals.
Line = tuple[str, int, list[str]]


def in_order(lines: Iterable[Line], run: int = RUN) -> Iterator[Line]:
    """``lines`` sorted by key and number; reads all of them before it gives the first."""
    files: list[TextIO] = []
    try:
        held: list[Line] = []
        for line in lines:
            held.append(line)
            if len(held) >= run:
                files.append(_spooled(held))
                held = []
        held.sort()
        yield from heapq.merge(*(_read(file) for file in files), held)
    finally:
        for file in files:
            file.close()


def _spooled(lines: list[Line]) -> TextIO:
    lines.sort()
    # Closed by the caller, in whose loop it lives on.
    file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
    file.writelines(json.dumps(line) + "\n" for line in lines)
    file.seek(0)
    return file


def _read(file: TextIO) -> Iterator[Line]:
    for text in file:
        key, number, cells = json.loads(text)
        yield key, number, cells
