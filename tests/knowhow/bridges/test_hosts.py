"""The skills directory finds hosts for exchanges that people wish for."""

import pytest

from activity import clock
from knowhow.bridges.openness import choose
from knowhow.exchanges.models import ExchangeKind, ExchangeProposal
from knowhow.exchanges.topics import could_host
from knowhow.models import Openness
from teams.models import Side
from tests.factories import give_skill, make_person, make_skill
from tests.knowhow.bridges.meetings import held

pytestmark = pytest.mark.django_db


def proposal(topic: str) -> ExchangeProposal:
    return ExchangeProposal.objects.create(
        kind=ExchangeKind.SESSION,
        title="SQL for all",
        ability="Ask for data myself.",
        topic=topic,
        proposer=make_person(),
        created_at=clock.now(),
    )


def test_who_taught_it_then_who_teaches_it_by_the_directory() -> None:
    skill = make_skill(Side.IT, "abfragen", name="SQL")
    teaches, taught, shy, knows = (make_person() for _n in range(4))
    for person in (teaches, shy):
        give_skill(person, skill, 4, teaches=True)
    give_skill(knows, skill, 4)
    choose({"skills": Openness.Readers.NOBODY}, by=shy)
    held(taught, topic="abfragen")
    found = [(one.person, one.taught, one.level) for one in could_host(proposal("Abfragen"))]
    assert found == [(taught, 1, 0), (teaches, 0, 4)]


def test_a_topic_that_no_skill_means_finds_nobody() -> None:
    give_skill(make_person(), make_skill(name="SQL"), 4, teaches=True)
    assert could_host(proposal("Juggling")) == []
