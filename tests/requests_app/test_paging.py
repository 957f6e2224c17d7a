"""Cursors: every row exactly once, forwards and backwards, in every order."""

import base64
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from requests_app.choices import Status
from requests_app.lists.filters import filters_of
from requests_app.lists.sorting import GROUPS, SORTS, Key, keys_of
from requests_app.models import Request
from requests_app.paging import BadCursor, Page, Place, decode, encode, page_of
from teams.models import Person
from tests.factories import make_goal, make_person, make_request, make_team

pytestmark = pytest.mark.django_db
ALL_ORDERINGS = [
    *(f"ordering={sign}{name}" for name in SORTS for sign in ("", "-")),
    *(f"group={name}" for name in GROUPS),
    "ordering=deadline,-updated_at",
    "ordering=-deadline&ordering=title",
    "ordering=-updated_at,deadline,-title",
    "ordering=-deadline&group=status",
    "ordering=title,-number&group=team",
]


@pytest.fixture
def reader() -> Person:
    return make_person()


@pytest.fixture
def seven() -> list[Request]:
    """With ties in time and deadline, and with some that have none."""
    start = datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=UTC)
    teams, goal, rows = [make_team(), make_team()], make_goal(), []
    for n in range(7):
        moment = start + timedelta(hours=n // 2)
        deadline = None if n in (2, 5) else date(2027, 1, 1 + n // 3)
        rows.append(
            make_request(
                Status.READY if n % 2 else Status.SUBMITTED,
                created_at=moment,
                updated_at=moment,
                deadline=deadline,
                deadline_reason="The season begins.",
                title=f"Topic {n % 3}",
                difference=None if n == 3 else n // 2 * 10,
                effort=None if n == 3 else Decimal(f"{1 + n % 4}.5"),
                serving_team=None if n == 4 else teams[n % 2],
                goal=None if n % 2 == 0 else goal,
            )
        )
    return rows


def page(person: Person, query: str, cursor: str = "", size: int = 2) -> Page:
    asked = filters_of(QueryDict(query), person)
    assert asked.is_valid(), asked.errors
    return page_of(asked.qs, asked.keys, cursor, size)


def forwards(person: Person, ordering: str) -> list[Page]:
    pages = [page(person, ordering)]
    while pages[-1].next:
        pages.append(page(person, ordering, pages[-1].next))
    return pages


@pytest.mark.parametrize("ordering", ALL_ORDERINGS)
def test_going_on_shows_every_row_once_and_in_order(
    reader: Person, seven: list[Request], ordering: str
) -> None:
    shown = [row.number for one in forwards(reader, ordering) for row in one.rows]
    assert shown == [row.number for row in page(reader, ordering, size=50).rows]
    assert sorted(shown) == [row.number for row in seven]


@pytest.mark.parametrize("ordering", ALL_ORDERINGS)
def test_going_back_shows_the_same_pages(reader: Person, seven: list[Request], ordering: str) -> None:
    pages = forwards(reader, ordering)
    back = [pages[-1]]
    while back[-1].previous:
        back.append(page(reader, ordering, back[-1].previous))
    shown = [row.number for one in reversed(back) for row in one.rows]
    assert shown == [row.number for one in pages for row in one.rows]
    assert back[-1].next


def test_the_first_page_has_nothing_before_and_the_last_nothing_after(
    reader: Person, seven: list[Request]
) -> None:
    pages = forwards(reader, "")
    assert pages[0].previous == pages[-1].next == ""
    assert [len(one.rows) for one in pages] == [2, 2, 2, 1]


def test_a_row_that_comes_in_meanwhile_moves_no_other(reader: Person, seven: list[Request]) -> None:
    first = page(reader, "")
    make_request()
    second = page(reader, "", first.next)
    assert [row.number for row in second.rows] == [seven[4].number, seven[3].number]


def test_a_full_last_page_offers_no_empty_one(reader: Person) -> None:
    for _ in range(2):
        make_request()
    assert page(reader, "ordering=number").next == ""


def test_behind_the_end_there_is_an_empty_page(reader: Person) -> None:
    row = make_request()
    assert page(reader, "ordering=number", encode(Place((row.number,)), keys_of(["number"]))) == Page(
        [], "", ""
    )


def test_it_never_counts_and_never_skips(reader: Person, seven: list[Request]) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(reader, "ordering=updated_at,title", page(reader, "ordering=updated_at,title").next)
    for query in queries:
        assert "OFFSET" not in query["sql"]
        assert "COUNT(" not in query["sql"]


@pytest.mark.parametrize("column", SORTS)
def test_a_cursor_survives_the_address(seven: list[Request], column: str) -> None:
    keys = keys_of([column])
    for row in seven:
        place = Place(tuple(getattr(row, key.column) for key in keys), back=True)
        assert decode(encode(place, keys), keys) == place


def test_a_cursor_serves_no_other_order(reader: Person, seven: list[Request]) -> None:
    cursor = page(reader, "ordering=deadline,title").next
    for other in ("", "ordering=title,deadline", "ordering=-deadline,title", "ordering=deadline&group=turn"):
        with pytest.raises(BadCursor):
            page(reader, other, cursor)


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ([1], "updated_at"),
        ([9_223_372_036_854_775_808], "number"),
        ([-1], "number"),
        ([True], "number"),
        (["1"], "number"),
        ([None], "number"),
        ([[1]], "number"),
        (["yesterday", 1], "updated_at"),
        (["2026-11-01T12:00:00", 1], "updated_at"),
        (["2026-13-01", 1], "deadline"),
        ([5, 1], "rank"),
        (["a\x00b", 1], "rank"),
        ([None, 1], "created_at"),
        ([1, 1], "created_at"),
        (["5", 1], "difference"),
        ([5, 1], "effort"),
        (["NaN", 1], "effort"),
        (["1e999999", 1], "effort"),
        ([70_000, 1], "difference"),
        ([], "number"),
        ({}, "number"),
    ],
)
def test_a_cursor_with_other_values_is_refused(values: object, column: str) -> None:
    keys = keys_of([column])
    order = ",".join(key.column for key in keys)
    with pytest.raises(BadCursor):
        decode(cursor_of([order, values, 0]), keys)


@pytest.mark.parametrize("content", ["", "{}", "[1,1]", '["number",[1],2]', '["number",[1],"a"]', "[" * 5000])
def test_a_cursor_made_by_somebody_else_is_refused(content: str) -> None:
    with pytest.raises(BadCursor):
        decode(base64.urlsafe_b64encode(content.encode()).decode(), keys_of(["number"]))


def cursor_of(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


@pytest.mark.parametrize("cursor", ["ü", "a", "===", "%", "x" * 10_000])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode(cursor, keys_of(["number"]))


def test_the_number_closes_every_order_once() -> None:
    assert keys_of([]) == (Key("number", True),)
    assert keys_of(["-deadline", "title"])[-1] == Key("number", True)
    assert keys_of(["title"], "goal") == (Key("goal_id", False), Key("title", False), Key("number", False))
    assert keys_of(["number", "title"]) == (Key("number", False),)
