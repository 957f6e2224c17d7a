"""How a list looks: its columns, orders, groups and density; all of it in the address, and in one query."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.templatetags.cells import DRAWN, cell
from requests_app.choices import Status
from requests_app.lists.columns import ALWAYS, COLUMNS, columns_of, rows_for
from requests_app.lists.filters import canonical
from requests_app.lists.sorting import GROUPS, SORTS, sorted_by
from requests_app.models import Label, Request
from teams.models import Person, Side
from tests.factories import make_goal, make_person, make_request, make_scores, make_team, scores

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira() -> Person:
    return make_person(make_team(Side.MARKETING), name="Mira Brandt", language="en")


def get(person: Person, query: str = "", status: int = 200) -> str:
    client = Client()
    client.force_login(person)
    answer: Any = client.get(f"/requests/{query}")
    assert answer.status_code == status
    text: str = answer.content.decode()
    return text


def heads(html: str) -> list[str]:
    row = html.partition("<thead>")[2].partition("</thead>")[0]
    cells = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", row, re.DOTALL)[1:]
    return [re.sub(r"<[^>]+>", "", one).strip() for one in cells]


def numbers(html: str) -> list[int]:
    return [int(found) for found in re.findall(r'class="number">T-(\d+)<', html)]


# Columns ------------------------------------------------------------------------------------------
def test_the_usual_columns_come_without_asking(mira: Person) -> None:
    make_request()
    assert heads(get(mira)) == [
        *("Number", "Title", "Status", "Turn", "Impact", "Effort", "Teams", "Tandem", "Goal", "Deadline"),
    ]


@pytest.mark.parametrize("query", ["?columns=deadline,type", "?columns=deadline&columns=type&columns="])
def test_columns_come_in_the_order_that_is_asked_for(mira: Person, query: str) -> None:
    make_request()
    assert heads(get(mira, query)) == ["Number", "Title", "Deadline", "Type"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?columns=secret", "Columns: "),
        ("?columns=type,type", "Columns: Name each of them only once."),
        ("?group=secret", "Group by: "),
        ("?group=status&group=type", "Group by: Give this filter only once."),
        ("?density=tiny", "Density: "),
        ("?ordering=title,-title", "Order: Name each of them only once."),
        ("?ordering=title,deadline,rank,number", "Order: Name at most 3 of them."),
    ],
)
def test_a_look_that_does_not_exist_is_told(mira: Person, query: str, words: str) -> None:
    make_request()
    html = get(mira, query, status=400)
    assert words in html
    assert numbers(html) == []


def test_every_column_shows_every_request_in_one_query(mira: Person) -> None:
    full = make_request(
        Status.DONE,
        restricted=False,
        goal=make_goal(title="More consent"),
        deadline=date(2027, 2, 1),
        deadline_reason="Spring.",
        turn_since=datetime(2026, 11, 1, tzinfo=UTC),
    )
    full.labels.add(Label.objects.create(name="spring"), Label.objects.create(name="fair"))
    make_request(
        requesting_team=None,
        requester=None,
        marketing_owner=None,
        serving_team=None,
        origin="import",
        type="",
    )
    columns = columns_of(list(COLUMNS))
    with CaptureQueriesContext(connection) as captured, translation.override("en"):
        rows = list(rows_for(Request.objects.all(), columns))
        shown = {(column.name, row.number): str(cell(column, row)) for column in columns for row in rows}
        written = [part.value(row) for column in columns for part in column.parts for row in rows]
    assert len(captured) == 1
    assert len(written) > len(columns)
    assert "fair, spring" in shown["labels", full.number]
    assert "More consent" in shown["goal", full.number]


def test_every_column_is_known_by_its_own_name() -> None:
    assert set(DRAWN) <= set(COLUMNS) | {column.name for column in ALWAYS}
    sorts = {column.sort for column in (*ALWAYS, *COLUMNS.values()) if column.sort}
    assert sorts <= set(SORTS)
    assert all(column.parts for column in COLUMNS.values())


def test_texts_of_cells_are_escaped(mira: Person) -> None:
    row = make_request(
        title="<b>T",
        blocked_reason="<b>R",
        waiting_for="it",
        goal=make_goal(title="<b>G"),
        serving_team=make_team(name="<b>S"),
    )
    row.labels.add(Label.objects.create(name="<b>L"))
    html = get(mira, "?columns=goal,teams,blocked,labels")
    table = html.partition("<tbody")[2].partition("</tbody>")[0]
    assert "<b>" not in table
    for letter in "TRGSL":
        assert f"&lt;b&gt;{letter}" in table


# Orders -------------------------------------------------------------------------------------------
def test_heads_say_how_the_list_is_sorted_and_sort_it_anew(mira: Person) -> None:
    make_request()
    html = get(mira, "?status=open&ordering=deadline,-updated_at&cursor=")
    assert 'aria-sort="ascending"><a href="?status=open&amp;ordering=-deadline"' in html
    assert 'data-besides="?status=open&amp;ordering=-deadline%2C-updated_at"' in html
    assert 'aria-sort="none"><a href="?status=open&amp;ordering=title"' in html
    assert 'data-besides="?status=open&amp;ordering=deadline%2C-updated_at%2Ctitle"' in html


def test_a_fourth_order_pushes_the_first_out(mira: Person) -> None:
    make_request()
    html = get(mira, "?ordering=deadline,-updated_at,rank")
    assert 'data-besides="?ordering=-updated_at%2Crank%2Ctitle"' in html


def test_the_order_that_is_in_force_is_shown_in_its_places(mira: Person) -> None:
    make_request()
    html = get(mira, "?ordering=deadline,-title")
    chosen = re.findall(r'<select[^>]+name="ordering"[^>]*>.*?</select>', html, re.DOTALL)
    found = [re.findall(r'value="([^"]*)" selected', one) for one in chosen]
    assert found == [["deadline"], ["-title"], []]


@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("column", ["deadline", "done_at"])
def test_what_has_no_value_comes_last_in_either_direction(mira: Person, column: str, direction: str) -> None:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    without = make_request()
    make_request(deadline=moment.date(), deadline_reason="Season.", done_at=moment)
    assert numbers(get(mira, f"?ordering={direction}{column},title"))[-1] == without.number


def test_impact_tells_nothing_before_both_sides_have_scored(mira: Person) -> None:
    secret = make_request(Status.SHAPING)
    make_scores(secret, scores(5), None)
    low, high = (
        make_scores(make_request(Status.SHAPING), scores(points), scores(points)) for points in (2, 5)
    )
    look = "columns=difference,effort&ordering="
    assert numbers(get(mira, f"?{look}difference")) == [low.number, high.number, secret.number]
    assert numbers(get(mira, f"?{look}-difference")) == [high.number, low.number, secret.number]
    assert numbers(get(mira, f"?{look}-effort,title"))[-1] == secret.number
    html = get(mira, f"?{look}-difference")
    assert html.count('class="dial "') == 2
    assert "provisional" not in html
    make_scores(make_request(Status.SHAPING), scores(5), scores(2))
    assert "provisional" in get(mira, f"?{look}-difference")


# Groups -------------------------------------------------------------------------------------------
def groups(html: str) -> dict[str, list[int]]:
    bodies = html.split("<tbody>")[1:]
    titles = [re.search(r'scope="rowgroup">([^<]+)<', body) for body in bodies]
    return {found[1]: numbers(body) for found, body in zip(titles, bodies, strict=True) if found}


def test_status_groups_stand_in_the_order_of_life(mira: Person) -> None:
    made = [
        make_request(status).number for status in (Status.DONE, Status.READY, Status.SUBMITTED, Status.READY)
    ]
    found = groups(get(mira, "?group=status&ordering=number"))
    assert list(found.items()) == [
        ("Submitted", [made[2]]),
        ("Ready", [made[1], made[3]]),
        ("Done", [made[0]]),
    ]


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_has_words_and_what_has_no_value_comes_last(mira: Person, group: str) -> None:
    make_request(Status.READY, goal=make_goal(title="Consent"), serving_team=make_team(name="CRM"))
    make_request(
        requesting_team=None,
        requester=None,
        marketing_owner=None,
        serving_team=None,
        origin="import",
        type="",
    )
    found = groups(get(mira, f"?group={group}"))
    assert sum(len(rows) for rows in found.values()) == 2
    assert all(found)
    if group in ("team", "goal"):
        assert list(found)[-1].startswith("Without")


def test_a_group_goes_on_on_the_next_page(mira: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("requests_app.views.listing.PAGE_SIZE", 2)
    made = [make_request(Status.READY).number for _ in range(3)]
    first = get(mira, "?group=status&ordering=number")
    (link,) = re.findall(r'rel="next" href="([^"]+)"', first)
    assert groups(first) == {"Ready": made[:2]}
    assert groups(get(mira, link.replace("&amp;", "&"))) == {"Ready": made[2:]}


def test_the_index_of_life_serves_the_group(mira: Person) -> None:
    """The expression of the index and that of the query must stay the same, or groups cost a whole sort."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = sorted_by(Request.objects.all(), ["-number"], "status")[:26].explain()
    assert "request_life_place" in plan


# Density and the page around ----------------------------------------------------------------------
def test_a_dense_list_says_so_to_the_style(mira: Person) -> None:
    make_request()
    assert 'class="list requests compact"' in get(mira, "?density=compact")
    assert 'class="list requests "' in get(mira)


def test_looks_are_no_filters_in_force(mira: Person) -> None:
    make_request()
    assert "filter-set" not in get(mira, "?group=status&density=compact&columns=type&ordering=title")


def test_the_tools_keep_the_address_of_the_list(mira: Person) -> None:
    make_request()
    html = get(mira, "?status=open&ordering=title")
    for path in ("/requests/views/", "/requests/export/csv/", "/requests/export/json/"):
        assert f'href="{path}?ordering=title&amp;status=open"' in html
    assert 'data-copy="/requests/?ordering=title&amp;status=open"' in html


def test_rows_can_be_chosen_without_javascript(mira: Person) -> None:
    row = make_request()
    html = get(mira, "?status=open")
    assert f'name="numbers" value="{row.number}"' in html
    assert '<option value="park">Park</option>' in html
    assert 'name="back" value="status=open"' in html


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("", ""),
        ("cursor=abc", ""),
        ("q=&status=", ""),
        ("status=ready&q=a b", "q=a+b&status=ready"),
        ("ordering=title&ordering=-number", "ordering=title%2C-number"),
        ("type=other&type=automation", "type=automation&type=other"),
    ],
)
def test_an_address_has_one_spelling(query: str, address: str) -> None:
    assert canonical(QueryDict(query)) == address
