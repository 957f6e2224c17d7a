"""Scores by the API: what is wrong is named with its field, in words that say what to do."""

from typing import Any

import pytest
from django.test import Client

from requests_app.choices import Dimension, Status
from requests_app.models import AgreedScore, Request, SideScore
from teams.models import Person, Team
from tests.api_client import PROBLEM, machine, send
from tests.factories import make_request, make_scores, scores

pytestmark = pytest.mark.django_db
DAYS = {"best": 2, "likely": 3.5, "worst": 8}
WHOLE = {"en": "Choose a whole number from 1 to 5.", "de": "Wählen Sie eine ganze Zahl von 1 bis 5."}


@pytest.fixture
def shaped(campaigns: Team, crm: Team, mira: Person, ivo: Person) -> Request:
    """A request with both owners that nobody has scored yet."""
    owners = {"requester": mira, "marketing_owner": mira, "it_owner": ivo}
    return make_request(Status.SHAPING, requesting_team=campaigns, serving_team=crm, **owners)


def put(client: Client, request: Request, path: str, body: Any) -> Any:
    return send(client, "put", f"requests/{request.number}/scores/{path}/", body)


def errors(answer: Any) -> dict[str, str]:
    """Field and words of everything that is wrong."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, PROBLEM)
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


def test_both_sides_are_in_and_everybody_reads_the_same(
    marketing: Client, it: Client, shaped: Request
) -> None:
    assert put(marketing, shaped, "marketing", scores(4)).json()["it"]["scored"] is False
    told = put(it, shaped, "it", {**scores(4), **DAYS}).json()
    assert (told["revealed"], told["it"]["estimate"]) == (True, DAYS)
    assert send(marketing, "get", f"requests/{shaped.number}/scores/").json() == {
        **told,
        "marketing": {**told["marketing"], "may_enter": True},
        "it": {**told["it"], "may_enter": False},
    }


@pytest.mark.parametrize("language", WHOLE)
@pytest.mark.parametrize("value", [0, 6, -1, 2.5, "5 ", "5", True, [3], {}, 10**30])
def test_a_score_is_a_whole_number_from_1_to_5(
    mira: Person, shaped: Request, value: Any, language: str
) -> None:
    client = machine(mira, **{"accept-language": language})
    answer = put(client, shaped, "marketing", {**scores(), "reach": value})
    assert errors(answer) == {"reach": WHOLE[language]}
    assert not SideScore.objects.exists()


def test_all_six_are_needed_and_nothing_else(marketing: Client, shaped: Request) -> None:
    told = errors(put(marketing, shaped, "marketing", {"reach": None, "charm": 3, "best": 1}))
    missing = dict.fromkeys(Dimension.values, "Fill in this field.")
    unknown = dict.fromkeys(("charm", "best"), "There is no field with this name.")
    assert told == missing | unknown


@pytest.mark.parametrize(
    ("days", "field", "words"),
    [
        ({"best": 4}, "best", "best case takes at most as long"),
        ({"likely": 9}, "worst", "worst case takes at least as long"),
        ({"best": 8, "likely": 3, "worst": 2}, "best", "best case takes at most as long"),
        ({"best": 0}, "best", "person-days above 0"),
        ({"best": "2"}, "best", "number"),
        ({"worst": None}, "worst", "Fill in this field."),
        ({"worst": 1e300}, "worst", "smaller number"),
    ],
)
def test_an_estimate_is_three_rising_person_days(
    it: Client, shaped: Request, days: dict[str, Any], field: str, words: str
) -> None:
    told = errors(put(it, shaped, "it", {**scores(), **DAYS, **days}))
    assert words in told[field]
    assert not SideScore.objects.exists()


@pytest.mark.parametrize("value", [0, 6, 2.5, "5 ", True])
def test_a_joint_value_is_a_whole_number_from_1_to_5(marketing: Client, shaped: Request, value: Any) -> None:
    make_scores(shaped, scores(reach=5), scores(reach=2))
    answer = put(marketing, shaped, "agreed/reach", {"value": value, "note": "Half of them."})
    assert errors(answer) == {"value": WHOLE["en"]}
    assert not AgreedScore.objects.exists()
