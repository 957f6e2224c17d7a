"""The boards' pages: what they show, and how a card is moved."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from fractional_indexing import generate_n_keys_between
from pytest_django import DjangoAssertNumQueries

from activity import clock
from requests_app.boards.wip import set_wip_limit
from requests_app.choices import BOARD_COLUMNS, Status
from requests_app.models import Request, TeamForecasts, WipLimit
from teams.models import Person, Role, Side, Team
from tests.factories import (
    add_member,
    make_admin,
    make_comment,
    make_goal,
    make_person,
    make_request,
    make_scores,
    make_team,
    scores,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT, slug="crm-platform", name="CRM platform")


@pytest.fixture
def tom(team: Team) -> Person:
    return make_person(team, name="Tom Reiter", language="en")


@pytest.fixture
def signed_in(client: Client, tom: Person) -> Client:
    client.force_login(tom)
    return client


def move(client: Client, request: Request, status: str, **more: object) -> tuple[int, dict[str, str]]:
    data = {"number": request.number, "version": request.version, "status": status, **more}
    answer = client.post(reverse("requests:move", args=["crm-platform"]), data)
    return answer.status_code, json.loads(answer.content)


def test_it_lists_a_board_for_each_it_team(signed_in: Client, team: Team) -> None:
    make_team(Side.MARKETING, name="Campaigns")
    page = signed_in.get(reverse("requests:boards")).content.decode()
    assert "CRM platform" in page
    assert "Campaigns" not in page


def test_it_invites_where_there_is_no_team(client: Client) -> None:
    client.force_login(make_admin(language="en"))
    assert "No board yet" in client.get(reverse("requests:boards")).content.decode()


def test_it_shows_cards_in_their_columns(signed_in: Client, team: Team, tom: Person) -> None:
    make_request(Status.READY, serving_team=team, it_owner=tom, title="Choose topics")
    page = signed_in.get(reverse("requests:board", args=[team.slug])).content.decode()
    assert "Choose topics" in page
    assert 'title="Tom Reiter">TR</i>' in page


def test_it_is_404_for_a_team_without_board(signed_in: Client) -> None:
    campaigns = make_team(Side.MARKETING)
    for slug in (campaigns.slug, "nowhere"):
        assert signed_in.get(reverse("requests:board", args=[slug])).status_code == 404


def test_it_hides_restricted_cards_and_their_number(client: Client, team: Team) -> None:
    make_request(Status.READY, serving_team=team, restricted=True, title="Secret plan")
    client.force_login(make_person(language="en"))
    page = client.get(reverse("requests:board", args=[team.slug])).content.decode()
    assert "Secret plan" not in page
    assert "<h2>Ready</h2><span>0</span>" in page


def test_a_card_stays_small(signed_in: Client, team: Team, tom: Person) -> None:
    due = timezone.localdate(clock.now()) + timedelta(days=5)
    row = make_request(
        Status.READY,
        serving_team=team,
        it_owner=tom,
        title="Let readers choose their newsletter topics",
        deadline=due,
        deadline_reason="Spring",
    )
    make_scores(row, scores(5), scores(4))
    page = signed_in.get(reverse("requests:board", args=[team.slug])).content.decode()
    card = page[page.index("<li data-n=") : page.index("</ul>", page.index("<li data-n="))]
    assert "<var class=d17>86</var><var>4.5</var>" in card
    assert len(card.encode()) < 420


@pytest.mark.parametrize("cards", [1, 12])
def test_its_queries_do_not_grow_with_the_cards(
    signed_in: Client, team: Team, cards: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(cards):
        make_request(Status.READY, serving_team=team)
    # The first look of a day makes the team's forecasts.
    signed_in.get(reverse("requests:board", args=[team.slug]))
    with django_assert_max_num_queries(12):
        signed_in.get(reverse("requests:board", args=[team.slug]))


def test_a_long_column_goes_on_by_page(signed_in: Client, team: Team) -> None:
    asking, owner = make_team(Side.MARKETING), make_person(team)
    rows = [
        make_request(Status.READY, serving_team=team, requesting_team=asking, it_owner=owner)
        for _ in range(52)
    ]
    page = signed_in.get(reverse("requests:board", args=[team.slug])).content.decode()
    assert page.count("<li data-n=") == 50
    url = reverse("requests:column", args=[team.slug, "ready"])
    more = signed_in.get(url, {"below": str(rows[49].rank)}).content.decode()
    assert more.count("<li data-n=") == 2
    assert signed_in.get(url, {"below": "a0\0"}).status_code == 200


def test_it_moves_a_card_and_answers_with_it(signed_in: Client, team: Team, tom: Person) -> None:
    request = make_request(Status.READY, serving_team=team, it_owner=tom)
    status, answer = move(signed_in, request, "in_progress")
    assert status == 200
    assert f"data-n={request.number} data-v={request.version + 1} " in answer["card"]
    assert "<span>1</span>" in answer["heads"]["in_progress"]  # type: ignore[index]
    assert Request.objects.get(pk=request.pk).status == Status.IN_PROGRESS


def queries_of_move(client: Client, card: Request, status: str, **more: object) -> int:
    """How many queries the move takes; the test's own transaction makes savepoints of the portal's."""
    with CaptureQueriesContext(connection) as asked:
        answer, told = move(client, Request.objects.get(pk=card.pk), status, **more)
    assert answer == 200, told
    # Read again to move it.
    return sum("SAVEPOINT" not in row["sql"] for row in asked) - 1


def test_no_move_takes_more_than_twelve_queries(signed_in: Client, team: Team, tom: Person) -> None:
    make_scores(whole := make_request(Status.SHAPING, serving_team=team, it_owner=tom), scores(5), scores(5))
    Request.objects.filter(pk=whole.pk).update(
        goal=make_goal(),
        metric="conversion",
        baseline=1,
        target=2,
        measured_on=timezone.localdate(clock.now()),
    )
    new = make_request(Status.SUBMITTED, serving_team=team, marketing_owner=whole.marketing_owner)
    first, second, third = (make_request(Status.READY, serving_team=team, it_owner=tom) for _ in range(3))
    # The first look of a day makes the forecasts.
    signed_in.get(reverse("requests:board", args=[team.slug]))
    later = {
        "answered": "1",
        "reason": "Later",
        "revisit_on": timezone.localdate(clock.now()) + timedelta(days=30),
    }
    taken = {
        "places": queries_of_move(signed_in, third, "ready", after=first.number),
        "shape": queries_of_move(signed_in, new, "shaping"),
        "accept": queries_of_move(signed_in, whole, "ready"),
        "start": queries_of_move(signed_in, first, "in_progress"),
        "park": queries_of_move(signed_in, second, "parked", **later),
    }
    assert taken == {"places": 10, "shape": 11, "accept": 12, "start": 11, "park": 12}


def queries_of_undo(client: Client, card: Request) -> int:
    with CaptureQueriesContext(connection) as asked:
        version = Request.objects.get(pk=card.pk).version
        data = {"number": card.number, "version": version}
        assert client.post(reverse("requests:board_undo", args=["crm-platform"]), data).status_code == 200
    return sum("SAVEPOINT" not in row["sql"] for row in asked) - 1


def test_what_handing_over_writes_beside_the_card_takes_a_few_more(
    signed_in: Client, team: Team, tom: Person
) -> None:
    card = make_request(Status.READY, serving_team=team, it_owner=tom)
    signed_in.get(reverse("requests:board", args=[team.slug]))
    sections = {
        "title": "Mail robot",
        "text": "It sends.",
        "limits": "None.",
        "what_to_do": "Ask.",
        "terms": "",
    }
    explained = {f"explainer_{name}": text for name, text in sections.items()}
    taken = {
        "start": queries_of_move(signed_in, card, "in_progress"),
        "hand over": queries_of_move(signed_in, card, "in_review", answered="1", **explained),
        "hand over, taken back": queries_of_undo(signed_in, card),
    }
    # The solution with its brief is written, and deleted with all that may hang on it.
    assert taken == {"start": 11, "hand over": 19, "hand over, taken back": 29}
    other = make_request(Status.READY, serving_team=team, it_owner=tom)
    queries_of_move(signed_in, other, "in_progress")
    assert queries_of_undo(signed_in, other) <= 14


def test_it_puts_a_card_between_two_others(signed_in: Client, team: Team, tom: Person) -> None:
    first, second, third = (make_request(Status.READY, serving_team=team) for _ in range(3))
    assert move(signed_in, third, "ready", after=first.number, before=second.number)[0] == 200
    order = Request.objects.filter(status=Status.READY).order_by("rank").values_list("number", flat=True)
    assert list(order) == [first.number, third.number, second.number]


def test_it_asks_for_what_the_step_needs(signed_in: Client, team: Team, tom: Person) -> None:
    request = make_request(Status.IN_PROGRESS, serving_team=team, it_owner=tom)
    status, answer = move(signed_in, request, "parked")
    assert status == 422
    assert 'name="reason"' in answer["form"]
    assert 'name="revisit_on"' in answer["form"]
    later = timezone.localdate(clock.now() + timedelta(days=30)).isoformat()
    status, _ = move(signed_in, request, "parked", answered="1", reason="Later", revisit_on=later)
    assert status == 200
    assert Request.objects.get(pk=request.pk).status == Status.PARKED


def test_it_keeps_what_was_typed_when_something_is_still_missing(
    signed_in: Client, team: Team, tom: Person
) -> None:
    request = make_request(Status.IN_PROGRESS, serving_team=team, it_owner=tom)
    status, answer = move(signed_in, request, "parked", answered="1", reason="Spring comes first")
    assert status == 422
    assert "Spring comes first" in answer["form"]
    assert "error" in answer["form"]


@pytest.mark.parametrize("day", ["2020-01-01", "someday", "2027-02-30"])
def test_it_keeps_the_reason_when_the_day_is_wrong(
    signed_in: Client, team: Team, tom: Person, day: str
) -> None:
    request = make_request(Status.IN_PROGRESS, serving_team=team, it_owner=tom)
    typed = {"answered": "1", "reason": "Spring comes first", "revisit_on": day}
    status, answer = move(signed_in, request, "parked", **typed)
    assert status == 422
    assert "Spring comes first" in answer["form"]
    assert f'value="{day}"' in answer["form"]
    assert 'id="id_revisit_on_error"' in answer["form"]
    assert Request.objects.get(pk=request.pk).status == Status.IN_PROGRESS


def test_it_says_why_a_move_is_refused(signed_in: Client, team: Team, tom: Person) -> None:
    request = make_request(Status.READY, serving_team=team)
    status, answer = move(signed_in, request, "in_progress")
    assert status == 409
    assert "the IT owner" in answer["message"]
    status, answer = move(signed_in, request, "done")
    assert status == 409
    assert "Ready" in answer["message"]


def test_a_full_column_refuses_and_a_lead_goes_on_with_a_reason(
    client: Client, team: Team, tom: Person
) -> None:
    lead = make_person(lead_of=team, language="en")
    make_request(Status.IN_PROGRESS, serving_team=team)
    set_wip_limit(team, Status.IN_PROGRESS, 1, by=lead)
    request = make_request(Status.READY, serving_team=team, it_owner=tom)
    client.force_login(tom)
    assert move(client, request, "in_progress")[0] == 409
    client.force_login(lead)
    status, answer = move(client, request, "in_progress")
    assert status == 422
    assert 'name="override"' in answer["form"]
    status, _ = move(
        client, request, "in_progress", answered="1", override="on", reason="The fair is on Monday"
    )
    assert status == 200
    assert Request.objects.get(pk=request.pk).over_wip


def test_a_stale_card_goes_back(signed_in: Client, team: Team, tom: Person) -> None:
    request = make_request(Status.READY, serving_team=team, it_owner=tom, version=3)
    request.version = 2
    status, answer = move(signed_in, request, "in_progress")
    assert status == 409
    assert "Somebody else" in answer["message"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "x"},
        {"version": ""},
        {"before": "-1"},
        {"after": "9" * 30},
        {"number": "0"},
    ],
)
def test_it_refuses_what_is_no_move(signed_in: Client, team: Team, wrong: dict[str, str]) -> None:
    request = make_request(Status.READY, serving_team=team)
    assert move(signed_in, request, "in_progress", **wrong)[0] == 400


def test_unknown_column_and_neighbour_are_refused(signed_in: Client, team: Team, tom: Person) -> None:
    request = make_request(Status.READY, serving_team=team, it_owner=tom)
    other = make_request(Status.SHAPING, serving_team=team)
    assert move(signed_in, request, "nowhere")[0] == 409
    assert move(signed_in, request, "ready", after=other.number)[0] == 409


def test_a_hidden_card_is_404(client: Client, team: Team) -> None:
    request = make_request(Status.READY, serving_team=team, restricted=True)
    client.force_login(make_person())
    data = {"number": request.number, "version": 1, "status": "in_progress"}
    assert client.post(reverse("requests:move", args=[team.slug]), data).status_code == 404


def test_leads_set_limits_and_members_do_not(client: Client, team: Team, tom: Person) -> None:
    url = reverse("requests:limit", args=[team.slug])
    client.force_login(tom)
    client.post(url, {"status": "in_progress", "limit": "4"})
    assert not WipLimit.objects.exists()
    tom.memberships.all().delete()
    add_member(team, tom, Role.LEAD)
    client.post(url, {"status": "in_progress", "limit": "4"})
    assert WipLimit.objects.get().limit == 4
    client.post(url, {"status": "in_progress", "limit": "-4"})
    client.post(url, {"status": "done", "limit": "4"})
    assert WipLimit.objects.get().limit == 4
    client.post(url, {"status": "in_progress", "limit": ""})
    assert not WipLimit.objects.exists()


# As large as boards get ---------------------------------------------------------------------------
KIBIBYTE = 1024


def full_board(team: Team, columns: int, each: int) -> None:
    """Cards with everything on them, in the first ``columns`` columns."""
    asking = make_team(Side.MARKETING)
    pattern = {
        "serving_team": team,
        "requesting_team": asking,
        "marketing_owner": make_person(asking, name="Katharina Schönefeld"),
        "it_owner": make_person(team, name="Maximilian Oberhauser"),
        "goal": make_goal(title="Repeat purchases from 18 to 25 % by the autumn"),
        "deadline": timezone.localdate(clock.now() + timedelta(days=40)),
        "deadline_reason": "Spring",
        "difference": 86,
        "effort": "3.5",
        "turn": "it",
        "turn_since": clock.now(),
    }
    for status in BOARD_COLUMNS[:columns]:
        for n in range(each):
            row = make_request(
                status, title="Let readers choose the topics of their newsletter in spring", **pattern
            )
            if n % 5 == 0:
                make_comment(row, pattern["it_owner"], "Why?", question_to="marketing")  # type: ignore[arg-type]
            if n % 10 == 0:
                Request.objects.filter(pk=row.pk).update(waiting_for="it", blocked_reason="No test data yet")


def test_a_board_of_300_full_cards_stays_within_its_budgets(signed_in: Client, team: Team) -> None:
    full_board(team, 6, 50)
    TeamForecasts.objects.all().delete()
    url = reverse("requests:board", args=[team.slug])
    signed_in.get(url)
    TeamForecasts.objects.update(load={"ages": {"ready": 1, "shaping": 2}, "per_week": 2.5})
    with CaptureQueriesContext(connection) as captured:
        page = signed_in.get(url).content
    assert page.count(b"<li data-n=") == 300
    # The budget is 150 KB; some of it stays free for longer names.
    assert len(page) <= 144 * KIBIBYTE
    assert len(captured) <= 12


def test_a_move_on_a_full_board_stays_within_its_budgets(signed_in: Client, team: Team, tom: Person) -> None:
    full_board(team, 2, 50)
    request = make_request(Status.READY, serving_team=team, it_owner=tom)
    signed_in.get(reverse("requests:board", args=[team.slug]))
    data = {"number": request.number, "version": request.version, "status": "ready", "before": ""}
    answer = signed_in.post(reverse("requests:move", args=[team.slug]), data)
    assert (answer.status_code, len(answer.content) <= 5 * KIBIBYTE) == (200, True)


def test_a_page_of_3000_cards_is_as_long_as_one_of_50(signed_in: Client, team: Team) -> None:
    pattern = make_request(Status.READY, serving_team=team)
    keys = generate_n_keys_between(pattern.rank, None, 2_999)
    fields = [field.attname for field in Request._meta.concrete_fields if not field.generated]
    copied = {
        name: getattr(pattern, name) for name in fields if name not in ("number", "rank", "submission_id")
    }
    Request.objects.bulk_create([Request(**copied, rank=key) for key in keys], batch_size=1_000)
    url = reverse("requests:board", args=[team.slug])
    page = signed_in.get(url).content.decode()
    assert page.count("<li data-n=") == 50
    assert "<h2>Ready</h2><span>3000</span>" in page
    numbers = list(Request.objects.order_by("rank").values_list("number", "rank"))
    below = numbers[2_979][1]
    more = signed_in.get(reverse("requests:column", args=[team.slug, "ready"]), {"below": str(below)})
    assert more.content.decode().count("<li data-n=") == 20
    assert "More cards" not in more.content.decode()
    # Dropped behind the last card that is loaded, it stands there, whatever comes below.
    last, moved = numbers[49][0], Request.objects.get(pk=numbers[5][0])
    assert move(signed_in, moved, "ready", after=last)[0] == 200
    order = list(Request.objects.order_by("rank").values_list("number", flat=True))
    assert order[48:51] == [last, moved.number, numbers[50][0]]
