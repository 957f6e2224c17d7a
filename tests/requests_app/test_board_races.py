"""Boards under many hands: cards moved, inserted, declined and their board edited, all at the same moment.

`TANDEM_TORTURE=1` runs the same assertions in full size; each race then tells its row of the table.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from activity import clock
from activity.models import Event, FanOut
from requests_app.boards import rank
from requests_app.boards.board import get_board, show
from requests_app.boards.making import edit_board
from requests_app.boards.move import move
from requests_app.choices import Status
from requests_app.importing.history import History, Step, enter_history
from requests_app.models import Board, Request, WipLimit
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.inputs import Explainer, Inputs
from requests_app.workflow.perform import perform
from teams.models import Side, Team
from tests.factories import make_admin, make_person, make_team
from tests.processes import PATIENCE
from tests.requests_app.scenes import Scene, make_scene
from tests.requests_app.test_races import FULL, REPETITIONS, at_once, cards_of, kinds, ranks_are_unique

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.torture]

LIMIT = 5
COMERS = 20
# Of the races of a crowd, each of which takes seconds.
CROWDS = 20 if FULL else 2
PEOPLE, MOVES_EACH, INSERTED = (50, 20, 5) if FULL else (8, 5, 2)
WHY = Inputs(reason="Because the numbers say so")
EXPLAINED = Inputs(explainer=Explainer("Mail robot", "It sends the mails that you write."))


def told(pair: str, times: int, outcomes: Counter[str]) -> None:
    """One row of the table, for the reader of a torture run."""
    came_to = ", ".join(f"{outcome} {number}" for outcome, number in sorted(outcomes.items()))
    print(f"| {pair} | {times} | {came_to} |")


def history_is_legal(number: int, began: str) -> None:
    """Replay the events of a request from the status and version 1 that it began with."""
    status, version, before = began, 1, ""
    for event in Event.objects.filter(object_type="request", object_id=number).order_by("id"):
        data = event.data
        version += 1
        assert (data["from"], data["version"]) == (status, version), (number, event.kind)
        action = ACTIONS.get(data["action"])
        if action is None:
            assert (event.kind, data["to"]) == ("request.moved", status)
        elif action.name == "undo":
            assert data["to"] == before
        else:
            assert status in action.sources
            assert data["to"] == (action.target or status)
        before, status = status, data["to"]
    row = Request.objects.values_list("status", "version").get(number=number)
    assert row == (status, version)


def numbers_in(status: str) -> list[int]:
    return list(Request.objects.filter(status=status).values_list("number", flat=True))


@contextmanager
def watched(team: Team) -> Iterator[list[int]]:
    """What another connection counts in progress, again and again while the block runs."""
    counted: list[int] = []
    over = threading.Event()

    def look() -> None:
        while not counted or not over.is_set():
            counted.append(Request.objects.filter(serving_team=team, status=Status.IN_PROGRESS).count())
        connection.close()

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield counted
    finally:
        over.set()
        watcher.join(timeout=PATIENCE)


# One card ---------------------------------------------------------------------------------------------
def test_two_people_move_the_same_card_and_one_hears_that_it_changed() -> None:
    outcomes: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene = make_scene("ready")
        number, member, lead = scene.request.number, scene.it_member, scene.it_lead
        others = cards_of(scene.it_team, "ready", 3)
        found = at_once(
            partial(move, number, by=member, status="ready", after=others[0].number, version=1),
            partial(move, number, by=lead, status="ready", after=others[2].number, version=1),
        )
        assert kinds(found) == {"Request": 1, "StaleVersion": 1}
        (winner,) = [one for one in found if isinstance(one, Request)]
        assert (scene.fresh().rank, scene.fresh().version) == (winner.rank, 2)
        history_is_legal(number, "ready")
        outcomes += kinds(found)
    told("two move one card, same version", REPETITIONS, outcomes)


def reorders(scene: Scene, below: int, version: int | None) -> Any:
    return move(scene.request.number, by=scene.it_member, status="ready", after=below, version=version)


def starts(scene: Scene, below: int, version: int | None) -> Any:
    return move(scene.request.number, by=scene.it_owner, status="in_progress", version=version)


@pytest.mark.parametrize(
    ("moves", "version", "possible"),
    [
        (reorders, 1, [{"Request": 1, "StaleVersion": 1}]),
        (starts, 1, [{"Request": 1, "StaleVersion": 1}]),
        # Without a version both may be legal, one after the other; what comes too late is told why.
        (
            reorders,
            None,
            [{"Request": 2}, {"Request": 1, "StaleVersion": 1}, {"Request": 1, "wrong_status": 1}],
        ),
        (starts, None, [{"Request": 2}, {"Request": 1, "wrong_status": 1}]),
    ],
)
def test_a_move_against_a_decline_ends_in_one_legal_history(
    moves: Callable[[Scene, int, int | None], Any], version: int | None, possible: list[dict[str, int]]
) -> None:
    outcomes: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene = make_scene("ready")
        number, below = scene.request.number, cards_of(scene.it_team, "ready", 2)[1].number
        people = scene.it_lead, scene.it_member, scene.it_owner
        assert all(people)
        found = at_once(
            partial(moves, scene, below, version),
            partial(perform, "decline", number, by=scene.it_lead, inputs=WHY, version=version),
        )
        assert kinds(found) in possible
        history_is_legal(number, "ready")
        assert all(ranks_are_unique(status) for status in ("ready", "in_progress", "declined"))
        outcomes += kinds(found)
    said = "with" if version else "without"
    told(f"{moves.__name__} against decline, {said} version", REPETITIONS, outcomes)


# The limit --------------------------------------------------------------------------------------------
def test_of_twenty_comers_five_find_a_slot() -> None:
    outcomes: Counter[str] = Counter()
    for _round in range(CROWDS):
        team = make_team()
        lead = make_person(lead_of=team)
        WipLimit.objects.create(team=team, status="in_progress", limit=LIMIT)
        events, fan_outs = Event.objects.count(), FanOut.objects.count()
        cards = cards_of(team, "ready", COMERS)
        ways = [
            partial(move, card.number, by=lead, status="in_progress")
            if n % 2
            else partial(perform, "start", card.number, by=lead)
            for n, card in enumerate(cards)
        ]
        with watched(team) as counted:
            found = at_once(*ways)
        assert kinds(found) == {"Request": LIMIT, "wip_full": COMERS - LIMIT}
        assert counted
        assert max(counted) <= LIMIT
        held = Request.objects.filter(serving_team=team, status="in_progress")
        assert (held.count(), held.filter(over_wip=True).count()) == (LIMIT, 0)
        assert Event.objects.count() - events == FanOut.objects.count() - fan_outs == LIMIT
        assert ranks_are_unique("in_progress")
        for card in cards:
            history_is_legal(card.number, "ready")
        outcomes += kinds(found)
    told(f"limit {LIMIT}, {COMERS} comers", CROWDS, outcomes)


# The crowd --------------------------------------------------------------------------------------------
class Crowd:
    """A team whose columns are rearranged while cards come in by every way that there is."""

    def __init__(self) -> None:
        self.team, self.admin = make_team(), make_admin()
        self.lead = make_person(lead_of=self.team)
        self.began: dict[int, str] = {}
        self.stay = {status: self._cards(status, 12) for status in ("in_progress", "shaping")}
        self.come = {
            action: self._cards(status, INSERTED)
            for action, status in {
                "start": "ready",
                "send_back": "in_review",
                "reopen": "done",
                "shape": "submitted",
                "undo": "in_progress",
                "move": "ready",
            }.items()
        }

    def _cards(self, status: str, count: int) -> list[Request]:
        cards = cards_of(self.team, status, count)
        if status == Status.SUBMITTED:
            owner = make_person(make_team(Side.MARKETING))
            Request.objects.filter(pk__in=[card.pk for card in cards]).update(marketing_owner=owner)
        self.began |= {card.number: status for card in cards}
        return cards

    def rearrange(self, seed: int) -> str:
        chance = random.Random(seed)
        for _ in range(MOVES_EACH):
            status = chance.choice(list(self.stay))
            card, neighbour = chance.sample(self.stay[status], 2)
            beside = {chance.choice(["before", "after"]): neighbour.number}
            move(card.number, by=self.admin, status=status, **beside)  # type: ignore[arg-type]
        return "rearranged"

    def insert(self, action: str) -> str:
        for card in self.come[action]:
            owner = card.marketing_owner if action in ("send_back", "reopen") else card.it_owner
            owner = owner or self.lead
            if action == "undo":
                # Away and back to the place that it had, where others may lie by now.
                perform("hand_over", card.number, by=owner, inputs=EXPLAINED)
            if action == "move":
                below = random.Random(card.number).choice(self.stay["in_progress"]).number
                move(card.number, by=owner, status="in_progress", after=below)
            else:
                perform(action, card.number, by=owner, inputs=WHY)
        return action

    def enter(self) -> str:
        """Import cards into both columns."""
        then = clock.now() - timedelta(days=90)
        first = Step("submit", then, Status.SUBMITTED)
        for n in range(INSERTED):
            steps = (
                first,
                Step("start", then + timedelta(days=1), (Status.IN_PROGRESS, Status.SHAPING)[n % 2]),
            )
            key = f"race:{self.team.slug}:{n}"
            enter_history([History(key, {"title": f"Import {n}", "type": "other"}, steps)])
        return "import"

    def all_at_once(self) -> list[Any]:
        calls: list[Callable[[], str]] = [partial(self.rearrange, seed) for seed in range(PEOPLE)]
        calls += [partial(self.insert, action) for action in self.come]
        return at_once(*calls, self.enter)

    def is_whole(self) -> None:
        """No card lost or doubled, and every history legal."""
        imported = set(Request.objects.filter(import_key__startswith=f"race:{self.team.slug}:"))
        assert len(imported) == INSERTED
        assert set(self.began) == set(
            Request.objects.filter(serving_team=self.team).values_list("number", flat=True)
        )
        for status in ("in_progress", "shaping"):
            found, came = numbers_in(status), {card.number for card in imported if card.status == status}
            assert len(found) == len(set(found))
            assert came <= set(found)
            assert ranks_are_unique(status)
        arrived = {n for action in self.come for n in (card.number for card in self.come[action])}
        there = Request.objects.filter(number__in=arrived, status__in=["in_progress", "shaping"])
        assert set(there.values_list("number", flat=True)) == arrived
        for number, status in self.began.items():
            history_is_legal(number, status)


@pytest.mark.parametrize("longest", [rank.LONGEST_KEY, 1], ids=["as usual", "always rebalancing"])
def test_a_crowd_rearranges_columns_while_cards_come_in_by_every_way(
    longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rank, "LONGEST_KEY", longest)
    outcomes: Counter[str] = Counter()
    crowds, seconds = CROWDS if longest > 1 else min(CROWDS, 3), 0.0
    for _round in range(crowds):
        crowd = Crowd()
        began = time.monotonic()
        found = crowd.all_at_once()
        seconds += time.monotonic() - began
        # Neither a deadlock nor a refusal has reached anybody.
        assert [outcome for outcome in found if not isinstance(outcome, str)] == []
        crowd.is_whole()
        outcomes += Counter(found)
    told(
        f"{PEOPLE} × {MOVES_EACH} moves, inserts by every way, {seconds / crowds:.1f} s each",
        crowds,
        outcomes,
    )


def test_steps_whose_columns_are_rebalanced_never_lock_each_other_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards that cross, and seats and slots that are held meanwhile: the rows come after all other locks."""
    monkeypatch.setattr(rank, "LONGEST_KEY", 1)
    outcomes: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene, team = make_scene("ready"), make_team()
        scene = make_scene("ready", serving_team=scene.it_team)
        owner, lead = scene.it_owner, scene.it_lead
        there = cards_of(scene.it_team, "in_progress", 4)
        filed = make_scene("submitted", serving_team=scene.it_team).request
        (shaped,) = cards_of(scene.it_team, "shaping", 1)
        number = scene.request.number
        found = at_once(
            partial(move, number, by=owner, status="in_progress", after=there[3].number),
            partial(move, there[1].number, by=lead, status="in_review", inputs=EXPLAINED),
            partial(perform, "assign", there[2].number, by=lead, inputs=Inputs(it_owner=lead)),
            partial(move, filed.number, by=lead, status="shaping", after=shaped.number),
            partial(perform, "assign", shaped.number, by=lead, inputs=Inputs(it_owner=lead)),
            partial(move, there[0].number, by=lead, status="in_progress", after=there[2].number),
        )
        assert kinds(found) == {"Request": 6}
        assert team.pk
        outcomes += kinds(found)
    told("crossing steps, always rebalancing", REPETITIONS, outcomes)


def test_open_boards_are_told_to_look_anew_where_a_column_is_rebalanced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    monkeypatch.setattr("activity.bell.announce", lambda news: said.extend(one.kind for one in news))
    cards = cards_of(make_team(), "ready", 3)
    with transaction.atomic():
        rank.rebalance("ready")
    assert said == ["resync"]
    monkeypatch.setattr(rank, "LONGEST_KEY", 1)
    said.clear()
    move(cards[0].number, by=make_admin(), status="ready", after=cards[2].number)
    assert set(said) == {"resync", "request.moved"}


# The board --------------------------------------------------------------------------------------------
def test_a_board_that_is_edited_while_cards_move_shows_every_card_once() -> None:
    outcomes: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene = make_scene("ready")
        team, lead, owner = scene.it_team, scene.it_lead, scene.it_owner
        cards = cards_of(team, "ready", 5)
        all_there = {scene.request.number, *(card.number for card in cards)}
        edits: list[dict[str, Any]] = [
            {"ready": {"title": "Next"}},
            {"ready": {"title": "Soon"}},
            {"in_progress": {"place": 1}, "parked": {"hidden": True}},
        ]

        def look(slug: str = team.slug, lead: Any = lead) -> set[int]:
            for _ in range(5):
                shown = show(get_board(slug), lead)
                numbers = [card.number for column in shown.columns for card in column.cards]
                assert sorted(numbers) == sorted(set(numbers))
            return set(numbers)

        found = at_once(
            *(
                partial(edit_board, team.slug, {"columns": columns}, by=lead, seen_version=1)
                for columns in edits
            ),
            partial(move, scene.request.number, by=owner, status="in_progress"),
            partial(move, cards[0].number, by=lead, status="ready", after=cards[4].number),
            look,
        )
        # Two named the same column: one of them is told. Everything else goes its way.
        assert kinds(found) == {"Board": 2, "StaleVersion": 1, "Request": 2, "set": 1}
        assert found[-1] == all_there
        assert look() == all_there
        board = Board.objects.get(team=team)
        assert board.version == 3
        positions = list(board.columns.values_list("position", flat=True))
        assert sorted(positions) == list(range(1, len(positions) + 1))
        outcomes += kinds(found)
    told("a board edited while cards move", REPETITIONS, outcomes)
