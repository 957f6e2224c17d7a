"""Until both sides are in, nothing that anybody else can read depends on what one side has scored.

The proof is by comparison: everything is read twice, before and after the hidden values are exchanged for
quite different ones. A single character that follows them fails, or a place in a sorting.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from activity import clock
from activity.models import Event
from notifications.digest.weeks import Week
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.models import Delivery
from requests_app.choices import Status
from requests_app.models import Request, ScoringRound, SideScore
from requests_app.scoring.enter import Given, enter_scores
from teams.models import Person
from tests.factories import make_goal, make_request, make_scores, scores
from tests.permission_world import World, build_world
from tests.requests_app.test_races import FULL
from tests.test_permissions import addresses, ask, asked, body

pytestmark = pytest.mark.django_db

# Stands for an estimate that occurs nowhere else.
RARE = {"best": Decimal("917.25"), "likely": Decimal("918.25"), "worst": Decimal("919.25")}
OTHER_RARE = {"best": Decimal("0.25"), "likely": Decimal("0.50"), "worst": Decimal("9555.75")}
HIGH, LOW = scores(5, effort=1, comprehension_burden=1), scores(1, effort=5, comprehension_burden=5)
# Random in every answer, or the machine's own figures.
TOKENS = re.compile(r"[A-Za-z0-9]{64}|[A-Za-z0-9+/=_-]{22,43}(?=\")")
MACHINE = {"notifications:metrics", "notifications:operations", "notifications:operations_state"}
# The first see the most: whoever could enter for the other side, and for both. The others read in full size.
READERS = {
    "marketing": ("it.lead", "bridge", "admin", "outsider", "it"),
    "it": ("marketing.lead", "bridge", "admin", "outsider", "marketing"),
}
IN_SMALL = {"marketing": 1, "it": 1}


@dataclass
class Blind:
    world: World
    request: Request

    def person(self, name: str) -> Person:
        found = self.world.people[name]
        assert found is not None
        return found

    def owner(self, side: str) -> Person:
        return self.person(side)

    def enter(self, side: str, values: dict[str, int]) -> None:
        given = Given(values, RARE if side == "it" else {})
        enter_scores(self.request.number, side, given, by=self.owner(side))

    def exchange(self, side: str) -> None:
        """Put quite other values in the place of the hidden ones, leaving no trace."""
        other = OTHER_RARE if side == "it" else {}
        SideScore.objects.filter(round__request=self.request, side=side).update(**LOW, **other)


@pytest.fixture
def blind() -> Blind:
    """One request in shaping among others that have been scored, on every board and in every list."""
    world = build_world()
    request = world.requests["open"]
    request.status = Status.SHAPING
    request.marketing_owner, request.it_owner = world.people["marketing"], world.people["it"]
    request.goal = make_goal(world.campaigns)
    request.save()
    # Leads both sides: sees neither until they have entered for one.
    for team in (world.campaigns, world.crm):
        bridge = world.people["bridge"]
        assert bridge is not None
        bridge.memberships.filter(team=team).update(role="lead")
    for points in (1, 3, 5):
        other = make_request(Status.SHAPING, serving_team=world.crm, requesting_team=world.campaigns)
        make_scores(other, scores(points), scores(points))
    return Blind(world, Request.objects.get(pk=request.pk))


def paths(blind: Blind, reader: str) -> Iterator[str]:
    number = blind.request.number
    for name, kind, path in addresses(blind.world):
        if kind in ("", "open") and name not in MACHINE and asked(name, reader):
            yield path
    yield from (
        f"/digests/{Week.of(timezone.localdate(clock.now())).key}/",
        "/requests/?ordering=-updated_at",
        f"/requests/?q=T-{number}",
        f"/triage/?request={number}",
        f"/requests/{number}/?all=1",
        "/matrix/?status=shaping",
        "/api/v1/requests/?status=shaping",
        f"/search/?q=T-{number}",
    )
    yield from in_order()
    yield from (f"/palette/?on={number}", f"/palette/?q=T-{number}", "/api/v1/events/?limit=200")
    if reader == "admin":
        rounds, events = ScoringRound.objects.values_list("pk"), Event.objects.values_list("pk")
        yield from (f"/admin/requests_app/scoringround/{pk}/change/" for (pk,) in rounds)
        yield from (f"/admin/activity/event/{pk}/change/" for (pk,) in events)
        yield f"/admin/requests_app/request/{number}/change/"


def in_order() -> Iterator[str]:
    """Lists, files and the API in every order and grouping that scores could decide."""
    shown = "columns=difference,effort,turn,status"
    for order in ("difference", "-difference", "effort", "-effort", "-effort,difference", "turn_since"):
        yield f"/requests/?ordering={order}&{shown}"
    yield from (f"/requests/export/{form}/?ordering=-difference&{shown}" for form in ("csv", "json"))
    yield from (f"/requests/?group={group}&ordering=-difference" for group in ("status", "turn"))
    yield from (f"/api/v1/requests/?ordering={order}" for order in ("rank", "-updated_at", "deadline"))
    yield from (f"/matrix/?status={status}" for status in ("open", "submitted", "ready"))


def everything(blind: Blind, reader: str) -> dict[str, str]:
    """All that the reader gets to read, by address; errors of refused changes too."""
    client = client_of(blind, reader)
    found = read(client, sorted(set(paths(blind, reader))))
    return found | {name: clean(text) for name, text in refusals(blind, client)}


def client_of(blind: Blind, reader: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(blind.person(reader))
    return client


def read(client: Client, wanted: Iterable[str]) -> dict[str, str]:
    return {path: clean(body(ask(client, "get", path))) for path in wanted}


def scores_shown(blind: Blind, reader: str) -> dict[str, str]:
    """The two places of ``everything`` that show scores as soon as they may."""
    number = blind.request.number
    return read(client_of(blind, reader), [f"/requests/{number}/", f"/api/v1/requests/{number}/scores/"])


def refusals(blind: Blind, client: Client) -> Iterator[tuple[str, str]]:
    number = blind.request.number
    api = f"/api/v1/requests/{number}"
    for path, data in (
        (f"{api}/scores/agreed/reach/", {"value": 3, "note": "So be it."}),
        (f"{api}/scores/marketing/", dict.fromkeys(HIGH, 6)),
        (f"{api}/scores/it/", {}),
    ):
        answer = client.put(path, json.dumps(data), content_type="application/json")
        assert answer.status_code >= 400
        yield f"PUT {path}", answer.content.decode()
    accept = client.post(
        f"{api}/transitions/", json.dumps({"action": "accept"}), content_type="application/json"
    )
    yield "accept", accept.content.decode()
    for page in (f"/requests/{number}/actions/accept/", f"/requests/{number}/scores/agreed/reach/"):
        yield f"POST {page}", ask(client, "post", page).content.decode()


def clean(text: str) -> str:
    return TOKENS.sub("TOKEN", text)


def differing(first: dict[str, str], second: dict[str, str]) -> list[str]:
    assert first.keys() == second.keys()
    return [address for address in first if first[address] != second[address]]


@pytest.mark.torture
@pytest.mark.parametrize("side", ["marketing", "it"])
def test_before_the_reveal_nothing_depends_on_the_hidden_values(blind: Blind, side: str) -> None:
    readers = READERS[side] if FULL else READERS[side][: IN_SMALL[side]]
    with clock.moved_to(timezone.now()):
        blind.enter(side, HIGH)
        fan_out()
        deliver_inbox()
        before = {reader: everything(blind, reader) for reader in readers}
        blind.exchange(side)
        after = {reader: everything(blind, reader) for reader in readers}
    for reader in readers:
        assert differing(before[reader], after[reader]) == [], reader
        assert len(before[reader]) > 60
    whole = "".join(text for texts in before.values() for text in texts.values())
    assert not re.search(r"91[789][.,]25", whole)


def test_the_comparison_finds_what_is_shown(blind: Blind) -> None:
    """After the reveal the same reading does find the values: it is not blind itself."""
    with clock.moved_to(timezone.now()):
        blind.enter("it", HIGH)
        blind.enter("marketing", HIGH)
        before = scores_shown(blind, "outsider")
        blind.exchange("it")
        after = scores_shown(blind, "outsider")
    number = blind.request.number
    changed = differing(before, after)
    assert f"/requests/{number}/" in changed
    assert f"/api/v1/requests/{number}/scores/" in changed
    assert re.search(r"917[.,]25", before[f"/requests/{number}/"])
    assert f"{HIGH['reach']}" in before[f"/api/v1/requests/{number}/scores/"]


def test_the_own_side_does_see_what_it_has_entered(blind: Blind) -> None:
    with clock.moved_to(timezone.now()):
        blind.enter("it", HIGH)
        before = scores_shown(blind, "it.lead")
        blind.exchange("it")
        after = scores_shown(blind, "it.lead")
    assert f"/requests/{blind.request.number}/" in differing(before, after)


@pytest.mark.parametrize("side", ["marketing", "it"])
def test_nothing_is_kept_or_sent_that_would_tell(blind: Blind, side: str) -> None:
    blind.enter(side, HIGH)
    event = Event.objects.latest("id")
    assert set(event.data) == {"side", "round", "first", "version"}
    # A sentence of why would tell as much as the values; before the reveal there is none.
    given = Given(LOW, OTHER_RARE if side == "it" else {})
    enter_scores(blind.request.number, side, given, by=blind.owner(side), reason="Zwetschgenkuchen")
    changed = Event.objects.latest("id")
    assert set(changed.data) == set(event.data)
    assert not Event.objects.filter(data__icontains="Zwetschgenkuchen").exists()
    request = Request.objects.get(pk=blind.request.pk)
    assert (request.difference, request.effort, request.difference_provisional) == (None, None, False)
    fan_out()
    deliver_inbox()
    assert not Delivery.objects.filter(event=event).exists()
    assert not mail.outbox


def test_its_place_in_an_order_by_impact_says_nothing(blind: Blind) -> None:
    blind.enter("marketing", HIGH)
    rows = list(Request.objects.order_by("-difference", "-number").values_list("number", "difference"))
    blind.exchange("marketing")
    assert rows == list(
        Request.objects.order_by("-difference", "-number").values_list("number", "difference")
    )


def test_a_round_that_was_decided_half_blind_stays_hidden_for_ever(blind: Blind) -> None:
    blind.enter("it", HIGH)
    Request.objects.filter(pk=blind.request.pk).update(status=Status.PARKED, revisit_on="2027-01-01")
    Request.objects.filter(pk=blind.request.pk).update(
        scoring_round=2, status=Status.SUBMITTED, revisit_on=None
    )
    path = f"/requests/{blind.request.number}/scores/earlier/"
    for reader in ("it", "marketing", "admin"):
        client = Client()
        client.force_login(blind.person(reader))
        answer = client.get(path)
        assert answer.status_code == 200
        assert not re.search(r"917[.,]25|class=\"handle", answer.content.decode())
