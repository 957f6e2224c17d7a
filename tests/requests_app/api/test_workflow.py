"""Steps, moves and what refuses them, through the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext
from pytest_django import DjangoAssertNumQueries

from activity import clock
from activity.models import Event, Origin
from requests_app.boards.making import make_board
from requests_app.boards.wip import set_wip_limit
from requests_app.choices import Dimension, Status
from requests_app.models import Request
from requests_app.workflow.actions import ACTIONS
from teams.models import Person, Team
from tests.api_client import PROBLEM, machine, send
from tests.factories import (
    make_admin,
    make_goal,
    make_person,
    make_request,
    make_scores,
    make_solution,
    make_touchpoint,
    scores,
)

pytestmark = pytest.mark.django_db

RESULT = {"metric": "sign-ups", "baseline": 1, "target": 3, "measured_on": "2027-05-01"}


def step(client: Client, request: Request, action: str, **body: Any) -> Any:
    return send(client, "post", f"requests/{request.number}/transitions/", {"action": action, **body})


def move(client: Client, request: Request, status: str, **body: Any) -> Any:
    return send(client, "post", f"requests/{request.number}/position/", {"status": status, **body})


def codes(response: Any) -> list[str]:
    assert response.status_code == 409, response.content
    assert response.headers["Content-Type"] == PROBLEM
    return [one["code"] for one in response.json()["missing"]]


def wrong(response: Any) -> dict[str, str]:
    assert response.status_code == 400, response.content
    return {error["field"]: error["code"] for error in response.json()["errors"]}


@pytest.fixture
def shaped(mira: Person, ivo: Person, crm: Team) -> Request:
    """A request in shaping with its tandem, without goal and result."""
    return make_request(Status.SHAPING, requester=mira, it_owner=ivo, serving_team=crm)


# Transitions ----------------------------------------------------------------------------------------------


def test_it_tells_of_every_action_whether_it_is_allowed_and_what_is_missing(
    marketing: Client, shaped: Request
) -> None:
    verdicts = send(marketing, "get", f"requests/{shaped.number}/transitions/").json()
    by_action = {verdict["action"]: verdict for verdict in verdicts}
    assert set(by_action) == set(ACTIONS)
    assert by_action["accept"]["allowed"] is False
    found = [one["code"] for one in by_action["accept"]["missing"]]
    assert found == ["goal_missing", "result_missing", "score_missing"]
    assert by_action["park"]["allowed"] is True
    assert by_action["park"]["inputs"] == [
        {"name": "reason", "required": True},
        {"name": "revisit_on", "required": True},
    ]


def test_a_refused_step_names_the_same_that_get_told(marketing: Client, shaped: Request) -> None:
    told = send(marketing, "get", f"requests/{shaped.number}/transitions/").json()
    expected = next(verdict["missing"] for verdict in told if verdict["action"] == "accept")
    assert step(marketing, shaped, "accept").json()["missing"] == expected


@pytest.mark.parametrize(
    ("language", "required"),
    [("en", "Fill in this field."), ("de", "Füllen Sie dieses Feld aus.")],
)
def test_codes_stay_while_words_come_in_the_language_asked_for(
    mira: Person, shaped: Request, language: str, required: str
) -> None:
    client = machine(mira, **{"accept-language": language})
    refused = step(client, shaped, "accept")
    assert codes(refused) == ["goal_missing", "result_missing", "score_missing"]
    with translation.override(language):
        words = gettext("Name the goal that the request serves.")
    assert refused.json()["missing"][0]["message"] == words
    assert refused.headers["Content-Language"] == language
    invalid = send(client, "post", f"requests/{shaped.number}/transitions/", {})
    assert invalid.json()["errors"] == [{"field": "action", "code": "required", "message": required}]


def test_a_request_goes_its_whole_way_by_api(
    marketing: Client, it: Client, campaigns: Team, crm: Team
) -> None:
    body = {
        "title": "Topics",
        "customer_need": "Choose",
        "outcome": "They choose",
        "type": "automation",
        "requesting_team": "campaigns",
        "goal": make_goal(campaigns).pk,
        "expected_result": RESULT,
    }
    request = Request.objects.get(pk=send(marketing, "post", "requests/", body).json()["number"])
    later = (timezone.localdate(clock.now()) + timedelta(days=60)).isoformat()
    assert step(it, request, "assign", serving_team="crm-platform").json()["serving_team"] == "crm-platform"
    assert step(it, request, "shape").json()["it_owner"]["name"] == "Ivo IT"
    view: dict[str, float] = dict.fromkeys(Dimension.values, 4)
    assert send(marketing, "put", f"requests/{request.number}/scores/marketing/", view).status_code == 200
    view |= {"best": 2, "likely": 3.5, "worst": 8}
    assert send(it, "put", f"requests/{request.number}/scores/it/", view).json()["difference"] == 68
    assert step(marketing, request, "accept").json()["status"] == "ready"
    assert step(it, request, "start").json()["status"] == "in_progress"
    explainer = {"title": "Preference centre", "text": "Readers choose topics."}
    handed = step(it, request, "hand_over", explainer=explainer).json()
    assert (handed["status"], handed["turn"], handed["solution"]) == (
        "in_review",
        "marketing",
        "preference-centre",
    )
    done = step(marketing, request, "deliver", measured_on=later).json()
    assert (done["status"], done["expected_result"]["measured_on"]) == ("done", later)
    events = Event.objects.filter(object_type="request", object_id=request.pk)
    assert {event.origin for event in events} == {Origin.API}


def test_parking_keeps_reason_and_date(marketing: Client, shaped: Request) -> None:
    day = (timezone.localdate(clock.now()) + timedelta(days=90)).isoformat()
    body = step(marketing, shaped, "park", reason="Nice to have", revisit_on=day).json()
    assert (body["status"], body["revisit_on"]) == ("parked", day)


def test_declining_names_the_solution_to_use(it: Client, crm: Team) -> None:
    solution = make_solution(crm)
    request = make_request(serving_team=crm)
    body = step(it, request, "decline", reason="We have it", solution=solution.slug).json()
    assert (body["status"], body["solution"]) == ("declined", solution.slug)


def test_blocking_says_who_must_act(it: Client, shaped: Request) -> None:
    body = step(it, shaped, "block", reason="No texts", waiting_for="marketing").json()
    assert (body["blocked"], body["waiting_for"], body["turn"]) == (True, "marketing", "marketing")
    assert step(it, shaped, "unblock").json()["blocked"] is False


def test_a_seat_is_filled_by_id_and_emptied_by_null(it: Client, ivo: Person, shaped: Request) -> None:
    assert step(it, shaped, "assign", it_owner=None).json()["it_owner"] is None
    filled = step(it, shaped, "assign", it_owner=ivo.pk).json()["it_owner"]
    assert filled == {"id": ivo.pk, "name": "Ivo IT", "side": "it"}


def test_a_duplicate_is_merged_into_what_one_sees_alone(it: Client, crm: Team) -> None:
    request, original, hidden = make_request(serving_team=crm), make_request(), make_request(restricted=True)
    for number in (hidden.number, 999_999, 2**63 - 1):
        assert wrong(step(it, request, "merge", into=number)) == {"into": "invalid"}
    body = step(it, request, "merge", into=original.number).json()
    assert (body["status"], body["duplicate_of"]) == ("declined", original.number)


@pytest.mark.parametrize("days", [0, -1, -4000])
def test_a_request_is_parked_until_a_day_to_come(marketing: Client, shaped: Request, days: int) -> None:
    day = timezone.localdate(clock.now() + timedelta(days=days)).isoformat()
    answer = step(marketing, shaped, "park", reason="Nice to have", revisit_on=day)
    assert answer.status_code == 409
    (missing,) = answer.json()["missing"]
    assert missing["code"] == "date_missing"
    assert "future day" in missing["message"]


def test_requests_are_not_merged_into_themselves_or_in_a_ring(it: Client, shaped: Request, crm: Team) -> None:
    other = make_request(serving_team=crm)
    assert step(it, other, "merge", into=shaped.number).status_code == 200
    for into in (shaped.number, other.number):
        assert wrong(step(it, shaped, "merge", into=into)) == {"into": "invalid"}


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "action", "required"),
        ({"action": "explode"}, "action", "invalid_choice"),
        ({"action": ["park"]}, "action", "invalid_choice"),
        ({"action": "park", "colour": "red"}, "colour", "unknown_field"),
        ({"action": "start", "revisit_on": "2027-01-01"}, "revisit_on", "unknown_field"),
        ({"action": "shape", "status": "done"}, "status", "unknown_field"),
        ({"action": "park", "reason": ["a"]}, "reason", "invalid"),
        ({"action": "park", "revisit_on": "soon"}, "revisit_on", "invalid"),
        ({"action": "accept", "override": "yes"}, "override", "invalid"),
        ({"action": "assign"}, "serving_team", "required"),
        ({"action": "assign", "it_owner": 2**64}, "it_owner", "invalid"),
        ({"action": "assign", "it_owner": 2**62}, "it_owner", "does_not_exist"),
        ({"action": "assign", "it_owner": {"id": 1}}, "it_owner", "invalid"),
        ({"action": "merge", "into": 2**63}, "into", "max_value"),
        ({"action": "merge", "into": "T-1"}, "into", "invalid"),
        ({"action": "block", "reason": "x", "waiting_for": "god"}, "waiting_for", "invalid_choice"),
        ({"action": "decline", "reason": "x", "solution": "none"}, "solution", "does_not_exist"),
        ({"action": "hand_over", "explainer": "text"}, "explainer", "invalid"),
        ({"action": "hand_over", "explainer": {"title": "x"}}, "explainer.text", "required"),
        (
            {"action": "hand_over", "explainer": {"title": "x", "text": "y", "z": 1}},
            "explainer.z",
            "unknown_field",
        ),
    ],
)
def test_a_wrong_input_is_named_with_its_field(
    it: Client, shaped: Request, body: dict[str, Any], field: str, code: str
) -> None:
    response = send(it, "post", f"requests/{shaped.number}/transitions/", body)
    assert wrong(response) == {field: code}
    before = shaped.version
    shaped.refresh_from_db()
    assert shaped.version == before


def test_everybody_else_is_told_that_it_has_just_been_done(
    it: Client, marketing: Client, shaped: Request
) -> None:
    Request.objects.filter(pk=shaped.pk).update(
        goal=make_goal(), metric="m", baseline=1, target=2, measured_on="2027-05-01"
    )
    make_scores(Request.objects.get(pk=shaped.pk), scores(), scores())
    first = step(marketing, shaped, "accept")
    again = step(marketing, shaped, "accept")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["version"] == first.json()["version"]
    assert codes(step(it, shaped, "accept")) == ["already_done"]


def test_a_stale_step_is_refused_but_a_repeat_of_the_own_one_succeeds(it: Client, shaped: Request) -> None:
    path = f"requests/{shaped.number}/"
    etag = send(it, "get", path).headers["ETag"]
    body = {"action": "withdraw", "reason": "Over"}
    assert shaped.requester
    owner = machine(shaped.requester)
    first = send(owner, "post", f"{path}transitions/", body, if_match=etag)
    assert first.status_code == 200
    repeat = send(owner, "post", f"{path}transitions/", body, if_match=etag)
    assert (repeat.status_code, repeat.headers["ETag"]) == (200, first.headers["ETag"])
    other = {"action": "reconsider", "reason": "After all"}
    assert send(owner, "post", f"{path}transitions/", other, if_match=etag).status_code == 412
    fresh = first.headers["ETag"]
    assert send(owner, "post", f"{path}transitions/", other, if_match=fresh).status_code == 200


def test_transitions_take_few_queries(
    it: Client, shaped: Request, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    send(it, "get", "me/")
    with django_assert_max_num_queries(7):
        assert send(it, "get", f"requests/{shaped.number}/transitions/").status_code == 200


# Position -------------------------------------------------------------------------------------------------


@pytest.fixture
def column(crm: Team, ivo: Person) -> list[Request]:
    return [make_request(Status.READY, serving_team=crm, it_owner=ivo) for _ in range(3)]


def order(status: str) -> list[int]:
    return list(Request.objects.filter(status=status).order_by("rank").values_list("number", flat=True))


def test_a_card_goes_below_above_or_on_top(it: Client, column: list[Request]) -> None:
    a, b, c = column
    assert move(it, c, "ready", after=a.number).status_code == 200
    assert order("ready") == [a.number, c.number, b.number]
    assert move(it, b, "ready", before=a.number).status_code == 200
    assert order("ready") == [b.number, a.number, c.number]
    assert move(it, c, "ready", before=None, after=None).status_code == 200
    assert order("ready") == [c.number, b.number, a.number]


def test_another_column_is_a_step_with_what_it_asks_for(it: Client, column: list[Request]) -> None:
    body = move(it, column[0], "in_progress").json()
    assert body["status"] == "in_progress"
    day = (timezone.localdate(clock.now()) + timedelta(days=30)).isoformat()
    assert codes(move(it, column[1], "parked")) == ["reason_missing", "date_missing"]
    parked = move(it, column[1], "parked", reason="Later", revisit_on=day).json()
    assert (parked["status"], parked["revisit_on"]) == ("parked", day)


def test_a_full_column_refuses_and_a_lead_may_override(it: Client, crm: Team, column: list[Request]) -> None:
    lead = make_person(lead_of=crm)
    set_wip_limit(crm, Status.IN_PROGRESS, 1, by=lead)
    assert move(it, column[0], "in_progress").status_code == 200
    assert codes(move(it, column[1], "in_progress")) == ["wip_full"]
    overridden = move(machine(lead), column[1], "in_progress", override=True, reason="The fair")
    assert overridden.json()["status"] == "in_progress"


def test_a_way_that_is_no_step_is_refused(it: Client, column: list[Request]) -> None:
    assert codes(move(it, column[0], "done")) == ["wrong_status"]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "status", "required"),
        ({"status": "declined"}, "status", "invalid_choice"),
        ({"status": "nowhere"}, "status", "invalid_choice"),
        ({"status": "ready", "index": 0}, "index", "unknown_field"),
        ({"status": "ready", "rank": "a0"}, "rank", "unknown_field"),
        ({"status": "ready", "after": "3"}, "after", "invalid"),
        ({"status": "ready", "after": [3]}, "after", "invalid"),
        ({"status": "ready", "after": 2**64}, "after", "max_value"),
        ({"status": "ready", "after": 2**63 - 1}, "after", "invalid"),
    ],
)
def test_a_wrong_place_is_named_with_its_field(
    it: Client, column: list[Request], body: dict[str, Any], field: str, code: str
) -> None:
    before = order("ready")
    response = send(it, "post", f"requests/{column[0].number}/position/", body)
    assert wrong(response) == {field: code}
    assert order("ready") == before


def test_a_hidden_neighbour_is_the_same_as_none(it: Client, column: list[Request]) -> None:
    hidden = make_request(Status.READY, restricted=True)
    answers = [move(it, column[0], "ready", after=number) for number in (hidden.number, 999_999)]
    assert [wrong(answer) for answer in answers] == [{"after": "invalid"}] * 2
    assert answers[0].content == answers[1].content


def test_a_stale_move_is_refused_but_a_repeat_of_the_own_one_succeeds(
    it: Client, column: list[Request]
) -> None:
    a, _b, c = column
    etag = send(it, "get", f"requests/{c.number}/").headers["ETag"]
    path = f"requests/{c.number}/position/"
    to_top = {"status": "ready", "before": a.number, "after": None}
    first = send(it, "post", path, to_top, if_match=etag)
    assert first.status_code == 200
    assert send(it, "post", path, to_top, if_match=etag).status_code == 200
    elsewhere = {"status": "ready", "after": a.number}
    assert send(it, "post", path, elsewhere, if_match=etag).status_code == 412
    assert send(it, "post", path, elsewhere, if_match=first.headers["ETag"]).status_code == 200


# Boards ---------------------------------------------------------------------------------------------------


def board(client: Client, slug: str = "crm-platform") -> dict[str, Any]:
    response = send(client, "get", f"boards/{slug}/")
    assert response.status_code == 200, response.content
    return {column["status"]: column for column in response.json()["columns"]}


def test_each_team_of_it_has_a_board_with_its_address(marketing: Client, campaigns: Team, crm: Team) -> None:
    results = send(marketing, "get", "boards/").json()["results"]
    assert [(row["slug"], row["name"], row["team"]) for row in results] == [
        ("crm-platform", "CRM platform", "crm-platform")
    ]
    for slug in ("campaigns", "nowhere", "crm-platform/columns/declined", "crm-platform/columns/x"):
        assert send(marketing, "get", f"boards/{slug}/").status_code == 404


def test_a_board_has_six_columns_with_cards_counts_and_limits(
    marketing: Client, crm: Team, column: list[Request]
) -> None:
    set_wip_limit(crm, Status.READY, 3, by=make_admin())
    make_request(Status.READY)
    columns = board(marketing)
    assert list(columns) == ["shaping", "ready", "in_progress", "in_review", "done", "parked"]
    ready = columns["ready"]
    assert (ready["count"], ready["limit"], ready["full"], ready["next"]) == (3, 3, True, None)
    assert [card["number"] for card in ready["cards"]] == [card.number for card in column]
    whole = send(marketing, "get", f"requests/{column[0].number}/").json()
    assert ready["cards"][0] == {name: whole[name] for name in ready["cards"][0]}


def test_a_made_board_says_what_it_shows_and_who_keeps_it(
    marketing: Client, crm: Team, column: list[Request]
) -> None:
    keeper = make_admin(name="Ada Berg")
    columns = {"ready": {"title": "Next", "policy": "Scored", "age_mark": 5}, "parked": {"hidden": True}}
    slug = make_board(
        {"name": "Growth", "teams": [crm], "type": "automation", "columns": columns},  # type: ignore[typeddict-item]
        by=keeper,
    ).slug
    make_request(Status.PARKED, serving_team=crm, type="automation")
    listed = send(marketing, "get", "boards/").json()["results"]
    assert [(row["slug"], row["team"], row["owner"] and row["owner"]["name"]) for row in listed] == [
        ("_growth", None, "Ada Berg"),
        ("crm-platform", "crm-platform", None),
    ]
    body = send(marketing, "get", f"boards/{slug}/").json()
    assert (body["name"], body["shows"]["teams"], body["shows"]["type"]) == (
        "Growth",
        ["crm-platform"],
        "automation",
    )
    assert body["hidden"] == [{"status": "parked", "count": 1}]
    ready = next(one for one in body["columns"] if one["status"] == "ready")
    assert (ready["label"], ready["policy"], ready["age_mark"]) == ("Next", "Scored", 5)
    assert ready["limit"] is None


def test_hidden_cards_stand_on_no_board_and_in_no_count(marketing: Client, it: Client, crm: Team) -> None:
    make_request(Status.READY, serving_team=crm, restricted=True)
    assert (board(marketing)["ready"]["count"], board(marketing)["ready"]["cards"]) == (0, [])
    assert board(it)["ready"]["count"] == 1
    path = "boards/crm-platform/columns/ready/"
    assert send(marketing, "get", path).json()["results"] == []
    assert len(send(it, "get", path).json()["results"]) == 1


def test_a_long_column_goes_on_where_the_board_ends(marketing: Client, crm: Team) -> None:
    made = [make_request(Status.READY, serving_team=crm, goal=None).number for _ in range(53)]
    ready = board(marketing)["ready"]
    assert ready["count"] == 53
    shown = [card["number"] for card in ready["cards"]]
    rest = marketing.get(ready["next"]).json()
    assert shown + [card["number"] for card in rest["results"]] == made
    assert rest["next"] is None
    wrong = send(marketing, "get", "boards/crm-platform/columns/ready/?below=a0%00")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "below")
    first = send(marketing, "get", "boards/crm-platform/columns/ready/?limit=20").json()
    second = marketing.get(first["next"]).json()
    assert [card["number"] for page in (first, second) for card in page["results"]] == made[:40]


def test_a_board_is_not_sent_again_before_it_changes(it: Client, column: list[Request]) -> None:
    etag = send(it, "get", "boards/crm-platform/").headers["ETag"]
    assert send(it, "get", "boards/crm-platform/", if_none_match=etag).status_code == 304
    move(it, column[2], "ready")
    assert send(it, "get", "boards/crm-platform/", if_none_match=etag).status_code == 200


@pytest.mark.parametrize("rows", [1, 12])
def test_a_board_takes_few_queries_whatever_its_length(
    it: Client, crm: Team, ivo: Person, django_assert_max_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _ in range(rows):
        make_request(Status.READY, serving_team=crm, it_owner=ivo).touchpoints.add(make_touchpoint())
    send(it, "get", "me/")
    with django_assert_max_num_queries(8):
        board(it)
    with django_assert_max_num_queries(4):
        assert len(send(it, "get", "boards/crm-platform/columns/ready/").json()["results"]) == rows
