"""What the tests of rounds share: requests that wait for both sides, and people who sit together."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from activity import clock
from requests_app.choices import Status
from requests_app.models import Request, Round
from requests_app.rounds.running import join_round, open_round
from teams.models import Person
from tests.factories import holder, make_goal, make_request, make_scores, scores

COMPLETE = {"metric": "conversion", "unit": "%", "baseline": 1, "target": 3}


def make_divergent(**fields: Any) -> Request:
    """Both sides have scored and lie apart."""
    return make_scores(make_request(Status.SHAPING, **fields), scores(5), scores(5, reach=2))


def make_acceptable(**fields: Any) -> Request:
    """Everything that accepting needs is there."""
    result = {**COMPLETE, "measured_on": timezone.localdate(clock.now()) + timedelta(days=90)}
    request = make_request(Status.SHAPING, goal=make_goal(), **result, **fields)
    return make_scores(request, scores(5), scores(5))


def make_minor(**fields: Any) -> Request:
    """Both sides agree that it is nice to have."""
    return make_scores(make_request(Status.SHAPING, **fields), scores(1), scores(1))


@dataclass(frozen=True)
class Table:
    """A round about two requests in which both owners of the first sit."""

    round: Round
    first: Request
    second: Request
    marketing: Person
    it: Person

    def item(self, place: int) -> int:
        """The id of the item at ``place``."""
        return self.round.items.get(position=place).pk

    def fresh(self) -> Round:
        return Round.objects.get(pk=self.round.pk)


def make_table() -> Table:
    """The first request could be accepted, the second is below the gate."""
    first, second = make_acceptable(title="Choose topics"), make_minor(title="A new colour")
    marketing, it = holder(first.marketing_owner), holder(first.it_owner)
    opened = open_round(by=marketing)
    join_round(opened.pk, by=it)
    return Table(opened, first, second, marketing, it)
