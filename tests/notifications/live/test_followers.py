"""Streams that follow a board through its fragments, as browsers do, end in the order of the database."""

import asyncio
import json
import random
import re
from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.test import Client

from notifications.live import endpoint
from requests_app.boards import rank
from requests_app.boards.board import get_board, show
from requests_app.boards.move import move
from requests_app.models import Request
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person, Team
from tests.factories import make_admin, make_person, make_request, make_team
from tests.notifications.live.browser import LIMIT, Browser, arrives, run, said, subscribed
from tests.requests_app.test_races import FULL, at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_hub"),
    pytest.mark.torture,
]

STREAMS, MOVERS = 5, 4
STORMS, MOVES_EACH = (20, 10) if FULL else (2, 4)
ENDS = " ".join(
    f"{status}::" for status in ("shaping", "ready", "in_progress", "in_review", "done", "parked")
)


class Follower:
    """A board as one browser knows it: by what was sent at first, and by the fragments since."""

    def __init__(self, team: Team, person: Person, browser: Browser) -> None:
        self.path, self.browser, self.read = f"/boards/{team.slug}/fresh/", browser, 0
        self.client = Client()
        self.client.force_login(person)
        columns = show(get_board(team.slug), person).columns
        self.cards = {card.number: (card.status, card.rank) for column in columns for card in column.cards}
        self.versions = {card.number: card.version for column in columns for card in column.cards}
        self.asked: Counter[str] = Counter()

    def take(self, last: int) -> bool:
        """Look at what was said since; whether the change of ``last`` was among it."""
        text, self.read = self.browser.text[self.read :], len(self.browser.text)
        numbers = {json.loads(row)["number"] for row in re.findall(r"^data: (\{.*\})$", text, re.M)}
        if "event: resync" in text:
            self.asked["whole"] += 1
            have = (f"{n}:{self.versions[n]}:{self.cards[n][1]}" for n in self.cards)
            self._draw(self.client.post(self.path, {"cards": " ".join(have), "ends": ENDS}).json())
        if numbers:
            self.asked["cards"] += 1
            self._draw(self.client.get(self.path, {"n": sorted(numbers)}).json())
        return last in numbers

    def _draw(self, answer: dict[str, Any]) -> None:
        for number, card in answer["cards"].items():
            if card is None:
                self.cards.pop(int(number), None)
                continue
            place, version = (
                re.search(r"data-r=(\w+)", card["html"]),
                re.search(r"data-v=(\d+)", card["html"]),
            )
            assert place
            assert version
            self.cards[int(number)] = (card["status"], place[1])
            self.versions[int(number)] = int(version[1])

    @property
    def order(self) -> list[tuple[str, int]]:
        return [(status, number) for status, _, number in sorted((*at, n) for n, at in self.cards.items())]


def storm(cards: list[int], by: Person) -> None:
    """Everybody rearranges the column and sends one card to another, all at the same moment."""
    stay, goes = cards[:-MOVERS], cards[-MOVERS:]

    def part(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(MOVES_EACH):
            card, below = chance.sample(stay, 2)
            move(card, by=by, status="ready", after=below)
        perform("rethink", goes[seed], by=by, inputs=Inputs(reason="Once more"))

    found = at_once(*(partial(part, seed) for seed in range(MOVERS)))
    assert found == [None] * MOVERS


class Scene:
    """A board with a full column, its readers, and the request whose change ends the storm."""

    def __init__(self) -> None:
        self.team, self.admin = make_team(), make_admin()
        self.cards = [make_request("ready", serving_team=self.team).number for _ in range(10 + MOVERS)]
        self.last = make_request("parked", serving_team=self.team)
        self.readers = [make_person() for _ in range(STREAMS)]

    def true_order(self) -> list[tuple[str, int]]:
        rows = Request.objects.filter(serving_team=self.team).order_by("status", "rank")
        return list(rows.values_list("status", "number"))


async def through_a_storm(scene: Scene) -> list[Follower]:
    """What each reader's browser knows when all is over."""
    followers = []
    for reader in scene.readers:
        browser = await arrives(reader, f"board={scene.team.slug}")
        await subscribed(browser)
        followers.append(await endpoint.hub.ask(Follower, scene.team, reader, browser))

    async def blow() -> None:
        await asyncio.to_thread(storm, scene.cards, scene.admin)
        # Everybody has spoken: nothing is said after this.
        await said(scene.last)

    async def follow(follower: Follower) -> None:
        async with asyncio.timeout(LIMIT):
            while not await endpoint.hub.ask(follower.take, scene.last.number):
                await asyncio.sleep(0.02)
        await follower.browser.leaves()

    await asyncio.gather(blow(), *map(follow, followers))
    return followers


@pytest.mark.parametrize("longest", [rank.LONGEST_KEY, 2], ids=["as usual", "often rebalancing"])
def test_five_streams_end_in_the_order_of_the_database(longest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rank, "LONGEST_KEY", longest)
    asked: Counter[str] = Counter()

    async def story() -> None:
        for _storm in range(STORMS):
            scene = await endpoint.hub.ask(Scene)
            followers = await through_a_storm(scene)
            true_order = await endpoint.hub.ask(scene.true_order)
            assert {number for _, number in true_order} == {*scene.cards, scene.last.number}
            assert [follower.order for follower in followers] == [true_order] * STREAMS
            for follower in followers:
                asked.update(follower.asked)

    run(story)
    assert asked["cards"] >= STORMS * STREAMS
    # A rebalancing changes keys of which no message tells: the whole board is looked at.
    assert bool(asked["whole"]) == (longest == 2)
    told = ", ".join(f"{name} {times}" for name, times in sorted(asked.items()))
    print(
        f"| {STREAMS} streams follow {MOVERS} × {MOVES_EACH} moves | {STORMS} | all in order; asked: {told} |"
    )
