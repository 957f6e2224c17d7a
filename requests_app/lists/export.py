"""Lists as files: CSV that no spreadsheet runs as a program, and the JSON of the API."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils.formats import number_format
from rest_framework.utils.encoders import JSONEncoder

from requests_app.api.answers import RequestOut, ResultOut
from requests_app.api.output import COLUMNS, Body, request_bodies
from requests_app.lists.columns import Cell, Column
from requests_app.querysets import RequestQuerySet
from teams.models import Person

# So many rows are read and written together.
BATCH = 500
# Tells Excel that the file is UTF-8.
BOM = "\ufeff"
# A cell that begins with one of these is a formula, or hides one, to some spreadsheet.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
RESULT = "expected_result"
SEATS = ("requester", "marketing_owner", "it_owner")
HEAD = [*(name for name in dict(RequestOut().fields) if name != RESULT), *dict(ResultOut().fields)]


def delimiter_for(language: str) -> str:
    """What Excel takes for the end of a cell: in German, where the comma is in numbers, the semicolon."""
    return ";" if language.startswith("de") else ","


def guarded(text: str) -> str:
    """``text`` so that a spreadsheet shows it and never runs it: an apostrophe stands before a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text


def csv_of(rows: RequestQuerySet, columns: Sequence[Column], delimiter: str) -> Iterator[str]:
    """The list as CSV with a head, piece by piece, in the words of the active language."""
    parts = [part for column in columns for part in column.parts]
    yield BOM + _csv([[str(part.label) for part in parts]], delimiter)
    for batch in batched_rows(rows):
        yield _csv(([cell(part.value(row)) for part in parts] for row in batch), delimiter)


def batched_rows(rows: Any) -> Iterator[list[Any]]:
    """``rows`` as they come from the database, which keeps the rest."""
    coming = iter(rows.iterator(chunk_size=BATCH))
    while batch := list(islice(coming, BATCH)):
        yield batch


def cell(value: Cell) -> str:
    """A value as a cell: days and moments as spreadsheets of every language read them."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal | float):
        return number_format(value, use_l10n=True, force_grouping=False)
    return guarded(value)


def _csv(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    text = io.StringIO()
    # Quotes around everything: what stands between them cannot become a cell of its own.
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


def bodies_of(rows: RequestQuerySet, person: Person | None) -> Iterator[Body]:
    """What the API answers for each of ``rows``; without a person for the operator, who sees all of it."""
    for batch in batched_rows(rows.values(*COLUMNS)):
        yield from request_bodies(batch, person)


def json_of(rows: RequestQuerySet, person: Person | None) -> Iterator[str]:
    """The list as a JSON array, piece by piece."""
    encoder = JSONEncoder(ensure_ascii=False)
    before = "["
    for body in bodies_of(rows, person):
        yield f"{before}\n{encoder.encode(body)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def plain_csv_of(rows: RequestQuerySet) -> Iterator[str]:
    """All fields as CSV under the API's names, which ``import_requests`` knows; for the operator."""
    yield _csv([HEAD], ",")
    for body in bodies_of(rows, None):
        flat = _flat(body)
        yield _csv([[_plain(flat[name]) for name in HEAD]], ",")


def _flat(body: Body) -> dict[str, Any]:
    flat: Body = {name: value for name, value in body.items() if name != RESULT} | body[RESULT]
    for seat in SEATS:
        flat[seat] = (body[seat] or {}).get("name")
    return flat


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return guarded(", ".join(value))
    if value is None or isinstance(value, str):
        return guarded(value or "")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return json.dumps(value)
