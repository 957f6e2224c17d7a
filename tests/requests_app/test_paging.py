"""Cursors: every row exactly once, forwards and backwards, in every order."""

import base64
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from requests_app.choices import Status
from requests_app.lists.filters import filters_of
from requests_app.lists.sorting import GROUPS, SORTS, columns_of
from requests_app.models import Request
from requests_app.paging import BadCursor, Key, Page, Place, decode, encode, keys_of, page_of
from teams.models import Person
from tests.factories import make_goal, make_person, make_request, make_team

pytestmark = pytest.mark.django_db
ALL_ORDERINGS = [
    *(f"{sign}{name}" for name in SORTS for sign in ("", "-")),
    *(f"&group={name}" for name in GROUPS),
    "deadline,-updated_at",
    "-deadline&ordering=title",
    "-updated_at,deadline,-title",
    "-deadline&group=status",
    "title,-number&group=team",
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


def ordered(person: Person, ordering: str) -> QuerySet[Request]:
    asked = filters_of(QueryDict(f"ordering={ordering}"), person)
    assert asked.is_valid(), asked.errors
    rows: QuerySet[Request] = asked.qs
    return rows


def page(person: Person, ordering: str, cursor: str = "", size: int = 2) -> Page[Request]:
    return page_of(ordered(person, ordering), cursor, size)


def forwards(person: Person, ordering: str) -> list[Page[Request]]:
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
    pages = forwards(reader, "-number")
    assert pages[0].previous == pages[-1].next == ""
    assert [len(one.rows) for one in pages] == [2, 2, 2, 1]


def test_a_row_that_comes_in_meanwhile_moves_no_other(reader: Person, seven: list[Request]) -> None:
    first = page(reader, "-number")
    make_request()
    second = page(reader, "-number", first.next)
    assert [row.number for row in second.rows] == [seven[4].number, seven[3].number]


def test_a_full_last_page_offers_no_empty_one(reader: Person) -> None:
    for _ in range(2):
        make_request()
    assert page(reader, "number").next == ""


def test_behind_the_end_there_is_an_empty_page(reader: Person) -> None:
    row = make_request()
    assert page(reader, "number", encode(Place((row.number,)), NUMBER)) == Page([])


def test_rows_of_plain_values_are_paged_alike(reader: Person, seven: list[Request]) -> None:
    first = page_of(ordered(reader, "-updated_at").values("number", "updated_at"), "", 3)
    second = page_of(ordered(reader, "-updated_at").values("number", "updated_at"), first.next, 3)
    shown = [row["number"] for row in (*first.rows, *second.rows)]
    assert shown == [row.number for row in page(reader, "-updated_at", size=6).rows]


def test_it_never_counts_and_never_skips(reader: Person, seven: list[Request]) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(reader, "updated_at", page(reader, "updated_at").next)
    for query in queries:
        assert "OFFSET" not in query["sql"]
        assert "COUNT(" not in query["sql"]


@pytest.mark.parametrize("ordering", ALL_ORDERINGS)
def test_a_cursor_survives_the_address(reader: Person, seven: list[Request], ordering: str) -> None:
    rows = ordered(reader, ordering)
    keys = keys_of(rows)
    for row in rows:
        place = Place(tuple(getattr(row, key.name) for key in keys), back=True)
        assert decode(encode(place, keys), keys, Request) == place


NUMBER = (Key("number", descending=False, nullable=False),)
KEYS = {
    name: (Key(name, descending=False, nullable=bool(Request._meta.get_field(name).null)), *NUMBER)
    for name in SORTS
    if name != "number"
} | {"number": NUMBER}


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("", "number"),
        ("{}", "number"),
        ("null", "number"),
        ("[1,1]", "number"),
        ('["number",[1],0]', "number"),
        ('["-number",[1],false]', "number"),
        ('["number",[1,1],false]', "number"),
        ('["number",[9223372036854775808],false]', "number"),
        ('["number",[true],false]', "number"),
        ('["number",["a"],false]', "number"),
        ('["updated_at,number",["yesterday",1],false]', "updated_at"),
        ('["updated_at,number",["2026-11-01T12:00:00",1],false]', "updated_at"),
        ('["deadline,number",["2026-13-01",1],false]', "deadline"),
        ('["rank,number",["a\\u0000b",1],false]', "rank"),
        ('["created_at,number",[null,1],false]', "created_at"),
        ('["difference,number",["many",1],false]', "difference"),
        ('["difference,number",[70000,1],false]', "difference"),
        ('["effort,number",["NaN",1],false]', "effort"),
        ('["effort,number",["1e999999",1],false]', "effort"),
        ("[" * 500, "number"),
    ],
)
def test_a_cursor_made_by_somebody_else_is_refused(content: str, field: str) -> None:
    with pytest.raises(BadCursor):
        decode(base64.urlsafe_b64encode(content.encode()).decode(), KEYS[field], Request)


@pytest.mark.parametrize("cursor", ["ü", "a", "===", "%", "x" * 10_000])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode(cursor, NUMBER, Request)


def test_a_cursor_serves_no_other_order(reader: Person, seven: list[Request]) -> None:
    cursor = page(reader, "deadline,title").next
    for other in ("", "title,deadline", "-deadline,title", "deadline&group=turn"):
        with pytest.raises(BadCursor):
            page(reader, other, cursor)


def test_a_computed_column_reads_only_its_own_values(reader: Person, seven: list[Request]) -> None:
    keys = keys_of(ordered(reader, "&group=status"))
    for value in ('"ready"', "null", "99999"):
        content = f'["status_place,-number",[{value},1],false]'
        with pytest.raises(BadCursor):
            decode(base64.urlsafe_b64encode(content.encode()).decode(), keys, Request)


def test_the_number_closes_every_order_once() -> None:
    assert columns_of([]) == ["-number"]
    assert columns_of(["-deadline", "title"]) == ["-deadline", "title", "-number"]
    assert columns_of(["title"], "goal") == ["goal_id", "title", "number"]
    assert columns_of(["number", "title"]) == ["number"]
