"""What somebody is asked to do with what waits for them: the step, and where it is taken."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from activity import clock
from requests_app.asked_for import asked_of, asking, stood_for
from requests_app.choices import Status, Turn, WaitingFor
from requests_app.models import Request
from requests_app.scoring.agreement import propose
from teams.absences import announce_absence
from tests.factories import (
    holder,
    make_goal,
    make_person,
    make_request,
    make_scores,
    make_team,
    scores,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "fields", "path"),
    [
        (Status.SUBMITTED, {}, "actions/shape/"),
        (Status.SUBMITTED, {"serving_team": None}, "actions/assign/"),
        (Status.SUBMITTED, {"marketing_owner": None}, "actions/assign/"),
        (Status.SHAPING, {"goal": "one", "metric": "sign-ups"}, ""),
        (Status.SHAPING, {}, "edit/"),
        (Status.READY, {}, "actions/start/"),
        (Status.IN_PROGRESS, {}, "actions/hand_over/"),
        (Status.IN_REVIEW, {}, "actions/deliver/"),
        (
            Status.IN_PROGRESS,
            {"waiting_for": WaitingFor.MARKETING, "blocked_reason": "A decision."},
            "actions/unblock/",
        ),
    ],
)
def test_the_action_is_what_leads_on(status: Status, fields: dict[str, Any], path: str) -> None:
    if fields.get("goal"):
        fields = fields | {
            "goal": make_goal(),
            "baseline": 1,
            "target": 2,
            "measured_on": "2027-05-01",
        }
    row = make_request(status, **fields)
    if status == Status.SHAPING:
        make_scores(row, scores(), scores())
    assert asked_of(row).url == f"/requests/{row.number}/{path}"


def test_while_shaping_the_action_is_what_the_side_still_has_to_give() -> None:
    complete = {"goal": make_goal(), "metric": "sign-ups", "baseline": 1, "target": 2}
    rows = [make_request(Status.SHAPING, **complete, measured_on="2027-05-01") for _ in range(3)]
    unscored, apart, low = rows
    make_scores(apart, scores(5), scores(2))
    make_scores(low, scores(1), scores(1))
    number = unscored.number
    assert asked_of(unscored).url == f"/requests/{number}/scores/it/"
    make_scores(unscored, None, scores())
    assert asked_of(unscored).url == f"/requests/{number}/scores/marketing/"
    assert asked_of(apart).url == f"/requests/{apart.number}/#scores"
    assert asked_of(low).url == f"/requests/{low.number}/"


def test_a_proposed_joint_value_leads_to_the_scores() -> None:
    apart = make_request(Status.SHAPING)
    make_scores(apart, scores(5), scores(5, reach=2))
    propose(apart.pk, "reach", 3, "We counted.", by=holder(apart.it_owner))
    apart = Request.objects.get(pk=apart.pk)
    assert apart.turn == Turn.MARKETING
    assert asked_of(apart).label == "Auf den Vorschlag antworten"


def test_what_is_asked_of_somebody_in_the_place_of_who_is_away_names_whom() -> None:
    team = make_team()
    away, deputy = make_person(team), make_person(team)
    theirs, own, other = (
        make_request(Status.READY, serving_team=team, it_owner=owner, turn="it")
        for owner in (away, deputy, away)
    )
    make_request(Status.READY, serving_team=team, it_owner=make_person(team), turn="it")
    today = timezone.localdate(clock.now())
    assert stood_for(deputy, [theirs, own, other]) == {}
    announce_absence(away, today, today + timedelta(days=5), deputy, by=away)
    rows = list(asking(deputy, today))
    assert stood_for(deputy, rows) == {theirs.number: away, other.number: away}
    assert {row.number for row in rows} == {theirs.number, own.number, other.number}
