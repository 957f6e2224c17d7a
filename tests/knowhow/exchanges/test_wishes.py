"""Wishing for an exchange: five who would come find it a host."""

from typing import Any

import pytest
from django.http import Http404

from activity.models import Event
from knowhow.exchanges.models import ExchangeProposal, Wish
from knowhow.exchanges.wishes import WISHES_NEEDED, propose, unwish, wish, withdraw
from teams.models import Person, Side
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_admin, make_person, make_team
from tests.knowhow.exchanges.making import make_exchange, make_proposal, seat

pytestmark = pytest.mark.django_db


def taught(topic: str, host: Person | None = None) -> Person:
    """Somebody who has hosted an exchange about it."""
    return make_exchange(host, days=-5, topic=topic).host


def test_who_proposes_would_come() -> None:
    person = make_person()
    proposal = propose("Read SQL", "I read what a query asks.", topic="SQL", by=person)
    assert Wish.objects.get().person == person
    assert Event.objects.get().data == {"title": "Read SQL", "kind": "session", "told": []}
    assert proposal.hosts_asked_at is None


def test_the_fifth_who_would_come_lets_hosts_be_asked_and_only_once() -> None:
    host = taught("sql")
    proposal = make_proposal(topic="SQL", voices=WISHES_NEEDED - 2)
    wish(proposal.pk, by=make_person())
    assert Event.objects.get().data == {"told": [host.pk]}
    wish(proposal.pk, by=make_person())
    assert Event.objects.latest("pk").data == {"told": []}


def test_those_who_left_the_company_are_not_counted() -> None:
    taught("SQL")
    proposal = make_proposal(topic="SQL", voices=WISHES_NEEDED - 2)
    Person.objects.filter(pk=proposal.wishes.latest("pk").person_id).update(is_active=False)
    wish(proposal.pk, by=make_person())
    assert Event.objects.get().data == {"told": []}


def test_a_wish_for_a_day_asks_the_other_side_at_once_and_is_for_one() -> None:
    it, marketing = make_team(Side.IT), make_team(Side.MARKETING)
    host, asking = taught("CRM", make_person(it)), make_person(marketing)
    taught("CRM", make_person(marketing))
    proposal = propose("A day in CRM", "I know what you do.", topic="CRM", kind="shadowing", by=asking)
    assert Event.objects.get().data["told"] == [host.pk]
    with pytest.raises(RuleViolation, match="one_to_one"):
        wish(proposal.pk, by=make_person())


def test_wishing_twice_and_taking_back_what_was_not_said_change_nothing() -> None:
    proposal = make_proposal()
    wish(proposal.pk, by=proposal.proposer)
    unwish(proposal.pk, by=make_person())
    assert not Event.objects.exists()


def test_a_wish_is_taken_back_but_not_ones_own_proposal() -> None:
    proposal, person = make_proposal(), make_person()
    wish(proposal.pk, by=person)
    unwish(proposal.pk, by=person)
    assert Wish.objects.get().person == proposal.proposer
    with pytest.raises(RuleViolation, match="not_yours"):
        unwish(proposal.pk, by=proposal.proposer)


def test_a_proposal_is_withdrawn_by_who_made_it_and_then_closed() -> None:
    proposal = make_proposal()
    with pytest.raises(RuleViolation, match="not_yours"):
        withdraw(proposal.pk, by=make_person())
    withdraw(proposal.pk, by=proposal.proposer)
    withdraw(make_proposal().pk, by=make_admin())
    for change in (wish, unwish, withdraw):
        with pytest.raises(RuleViolation, match="wrong_status"):
            change(proposal.pk, by=proposal.proposer)


@pytest.mark.parametrize(
    "wanted",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"ability": " "},
        {"topic": "x" * 81},
        {"kind": "party"},
        {"title": "x" * 10_000},
        {"ability": "\x07"},
    ],
)
def test_what_cannot_be_kept_is_refused(wanted: dict[str, Any]) -> None:
    whole = {"title": "Read SQL", "ability": "I read it.", **wanted}
    with pytest.raises(InvalidFields):
        propose(whole.pop("title"), whole.pop("ability"), by=make_person(), **whole)
    assert not ExchangeProposal.objects.exists()


def test_whoever_has_left_wishes_for_nothing() -> None:
    gone = make_person(is_active=False)
    with pytest.raises(RuleViolation, match="not_yours"):
        propose("Read SQL", "I read it.", by=gone)
    with pytest.raises(RuleViolation, match="not_yours"):
        wish(make_proposal().pk, by=gone)
    with pytest.raises(Http404):
        wish(2**70, by=make_person())


def test_a_seat_taken_in_an_exchange_is_no_wish() -> None:
    seat(make_exchange())
    assert not Wish.objects.exists()
