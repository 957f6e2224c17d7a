"""Five people do what they like with three requests, and the portal does what PRODUCT says.

A model in plain Python (`lives`, `rules`, `talk`) foretells of each step whether it is done, hidden or
refused and with which codes, and what stands afterwards; a replay of the event log (`log`) foretells whose
turn it is and since when.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.db.models import Case, When
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from activity import clock
from activity.models import Event
from requests_app.models import Comment, Request, Supporter, Watcher
from requests_app.querysets import visible
from requests_app.scoring.shown import shown_to
from requests_app.workflow.perform import evaluate
from tests.requests_app.life.lives import DONE, FIFTH, Life, Step
from tests.requests_app.life.log import Log
from tests.requests_app.life.portal import Portal
from tests.requests_app.life.rules import TABLE, in_the_way
from tests.requests_app.life.ways import TALK, gives, judge, onward, possible, take
from tests.requests_app.life.world import World, make_world
from tests.requests_app.test_races import FULL

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
RUNS = 300 if FULL else 8
STEPS = 40
# How often each step must have been done, and refused, in the full size; so that depths are reached.
DONE_AT_LEAST, REFUSED_AT_LEAST = 12, 3
# How far the first request is when a run begins: new, scored, and before each of the late steps.
STEPS_AHEAD = [0, 0, 6, 11, 12, 13, 14]
BACK = ("rethink", "send_back", "reopen", "reopen_point", "unmerge")
PAUSES = [timedelta(seconds=61), timedelta(minutes=16), timedelta(hours=25), timedelta(days=30)]
ROW = (
    *("number", "status", "turn", "turn_since", "restricted", "waiting_for", "over_wip", "title", "version"),
    *(
        "goal",
        "measured_on",
        "metric",
        "personal_data",
        "personal_data_signed_by",
        "solution",
        "duplicate_of",
    ),
    *("times_reconsidered", "difference", "effort", "difference_provisional"),
    *("serving_team", "marketing_owner", "it_owner"),
)


class Lives(RuleBasedStateMachine):
    world: ClassVar[World]
    counted: ClassVar[Counter[tuple[str, str]]] = Counter()
    runs: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.run = transaction.atomic()
        self.run.__enter__()
        self.world.numbers, self.world.said = [], []
        self.log, self.told = Log(), 0

    def teardown(self) -> None:
        # Everything of this run goes; people and teams stay.
        transaction.set_rollback(True)
        self.run.__exit__(None, None, None)

    @initialize(
        fifth=st.sampled_from(FIFTH), wip=st.sampled_from([None, 1]), ahead=st.sampled_from(STEPS_AHEAD)
    )
    def begin(self, fifth: str, wip: int | None, ahead: int) -> None:
        self.people = ["mira", "lena", "tom", "ivan", fifth]
        self.portal = Portal(START, wip)
        asks = {"olga": "stores", "ada": "campaigns", "bea": "campaigns"}[fifth]
        with clock.moved_to(START):
            self.world.limit(wip)
            for author, team, serving in (
                ("mira", "campaigns", "platform"),
                ("mira", "campaigns", "platform"),
                (fifth, asks, None),
            ):
                self.world.file(author, team, serving)
                self.portal.lives.append(Life(author, team, serving, title="A wish"))
        self.told = Event.objects.order_by("id").values_list("id", flat=True).last() or 0
        for _step in range(ahead):
            self.take(onward(self.portal, 0, self.people)[0])

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """The usual next step of the first request, mostly."""
        place = data.draw(st.sampled_from([0, 0, 0, 1, 2]))
        self._one_of(data, onward(self.portal, place, self.people))

    @rule(data=st.data())
    def go_further(self, data: st.DataObject) -> None:
        self._one_of(data, onward(self.portal, 0, self.people))

    @rule(data=st.data())
    def take_an_open_transition(self, data: st.DataObject) -> None:
        self._any_of(data, TABLE)

    @rule(data=st.data())
    def do_something_else_that_is_open(self, data: st.DataObject) -> None:
        self._any_of(data, TALK)

    @rule(data=st.data())
    def go_back(self, data: st.DataObject) -> None:
        self._any_of(data, self._possible(BACK) or ["undo"])

    @rule(data=st.data(), place=st.integers(0, 2))
    def try_anything(self, data: st.DataObject, place: int) -> None:
        self._try(data, (*TABLE, *TALK), place)

    @rule(data=st.data())
    def try_a_transition(self, data: st.DataObject) -> None:
        """Mostly one that is refused."""
        self._try(data, TABLE, 0)

    def _try(self, data: st.DataObject, names: Iterable[str], place: int) -> None:
        name = data.draw(st.sampled_from([one for one in names if gives(self.portal, one, place)]))
        given, by = gives(self.portal, name, place), data.draw(st.sampled_from(self.people))
        self.take(Step(name, by, place, data.draw(st.sampled_from(given))))

    @rule(data=st.data(), pause=st.sampled_from(PAUSES))
    def wait(self, data: st.DataObject, pause: timedelta) -> None:
        self.portal.now += pause
        self._any_of(data, TABLE)

    def _any_of(self, data: st.DataObject, names: Iterable[str]) -> None:
        """One of all that somebody may do now, each kind as likely as the other."""
        name = data.draw(st.sampled_from(self._possible(names) or self._possible(TABLE)))
        self._one_of(data, [*possible(self.portal, name, self.people)])

    def _one_of(self, data: st.DataObject, steps: list[Step]) -> None:
        if steps:
            self.take(data.draw(st.sampled_from(steps)))
        else:
            self._any_of(data, TABLE)

    def _possible(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if next(possible(self.portal, name, self.people), None)]

    def take(self, step: Step) -> None:
        """Let the model and the portal do the same, and compare."""
        self.portal.now += timedelta(seconds=7)
        foretold = judge(self.portal, step)
        with clock.moved_to(self.portal.now):
            became = self.world.do(step)
            assert became == foretold, step
            if became == DONE:
                take(self.portal, step)
            self.counted[step.name, became.kind] += 1
            self._compare(step)

    def _compare(self, step: Step) -> None:
        rows = {
            row["number"]: row for row in Request.objects.filter(number__in=self.world.numbers).values(*ROW)
        }
        self._read_log(rows)
        for place, number in enumerate(self.world.numbers):
            assert self._row(rows[number]) == self._foretold(place), (step, place)
        assert self._talk() == [
            (one.home, one.question_to, one.answered, one.deleted) for one in self.portal.said
        ]
        assert self._people(Supporter) == {n: life.supporters for n, life in enumerate(self.portal.lives)}
        assert self._people(Watcher) == {n: life.watchers for n, life in enumerate(self.portal.lives)}
        self._compare_sight(step)

    def _read_log(self, rows: dict[int, dict[str, Any]]) -> None:
        for event in Event.objects.filter(object_type="request", id__gt=self.told).order_by("id"):
            row = rows[event.object_id]
            filed = {name: row[name] for name in ("serving_team", "marketing_owner", "it_owner", "goal")}
            nothing = {"metric": "", "baseline": None, "target": None, "measured_on": None}
            self.log.take(event, {**nothing, **filed})
            self.told = event.pk

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        world = self.world
        teams = {team.pk: name for name, team in world.teams.items()}
        signed = row["personal_data_signed_by"] and "signed"
        into = row["duplicate_of"]
        return {
            **{name: row[name] for name in ("status", "turn", "turn_since", "restricted", "waiting_for")},
            **{name: row[name] for name in ("over_wip", "title", "version", "difference")},
            "provisional": row["difference_provisional"],
            "effort": row["effort"],
            "goal": row["goal"] is not None,
            "measured": row["measured_on"],
            "metric": bool(row["metric"]),
            "personal": signed or {"yes": "unsigned"}.get(row["personal_data"], row["personal_data"]),
            "solution": row["solution"] is not None,
            "duplicate_of": world.numbers.index(into) if into else None,
            "reconsidered": row["times_reconsidered"],
            "serving": teams.get(row["serving_team"]),
            "owners": (world.name_of(row["marketing_owner"]), world.name_of(row["it_owner"])),
        }

    def _foretold(self, place: int) -> dict[str, Any]:
        life, number = self.portal.lives[place], self.world.numbers[place]
        found, turns = life.round, self.log.turns.get(number, [("nobody", None)])
        assert turns[-1][0] == self.portal.turn(place)
        names = ("status", "restricted", "waiting_for", "over_wip", "title", "version", "goal", "measured")
        more = ("personal", "solution", "duplicate_of", "reconsidered", "serving")
        return {
            **{name: getattr(life, name) for name in (*names, *more)},
            "turn": self.portal.turn(place),
            "turn_since": turns[-1][1],
            "difference": found.difference(),
            "effort": found.of("effort") if found.revealed else None,
            "provisional": bool(found.left()),
            "metric": life.measured is not None,
            "owners": (life.marketing_owner, life.it_owner),
        }

    def _talk(self) -> list[tuple[int, str, bool, bool]]:
        rows = Comment.objects.filter(request__in=self.world.numbers).order_by("pk")
        found = rows.values_list("request", "question_to", "answered_at", "deleted_at")
        return [
            (self.world.numbers.index(home), to, answered is not None, deleted is not None)
            for home, to, answered, deleted in found
        ]

    def _people(self, model: type[Supporter] | type[Watcher]) -> dict[int, set[str | None]]:
        found: dict[int, set[str | None]] = {place: set() for place in range(len(self.world.numbers))}
        rows = model._default_manager.filter(request__in=self.world.numbers).values_list("request", "person")
        for number, person in rows:
            found[self.world.numbers.index(number)].add(self.world.name_of(person))
        return found

    def _compare_sight(self, step: Step) -> None:
        """Who sees which request, what each of the five reads of its scores, and what stands in their way."""
        world, number = self.world, self.world.numbers[step.on]
        seen = {
            name: Case(When(visible(world.people[name]), then=True), default=False) for name in self.people
        }
        rows = Request.objects.filter(number__in=world.numbers).annotate(**seen).order_by("number")
        assert list(rows.values(*self.people)) == [
            {name: life.sees(name) for name in self.people} for life in self.portal.lives
        ]
        life, by = self.portal.lives[step.on], world.people[step.by]
        if life.status == "draft" or not life.sees(step.by):
            return
        request = Request.objects.with_people().get(number=number)
        if life.round.scores:
            shown = shown_to(request, by)
            assert {one.side for one in shown.sides if one.entered} == life.shown(step.by)
            assert shown.difference == life.round.difference()
        for verdict in evaluate(request, by):
            told = sorted(missing.code for missing in verdict.missing)
            asked = Step(verdict.action, step.by, step.on)
            assert told == sorted(in_the_way(self.portal, asked)), asked


@pytest.mark.django_db
@pytest.mark.torture
def test_five_people_do_what_they_like_and_the_portal_does_what_the_product_says() -> None:
    with clock.moved_to(START):
        Lives.world = make_world()
    Lives.counted.clear()
    Lives.runs = 0
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not FULL,
            database=None,
            # Shrinking what was found takes up to five minutes.
            phases=[Phase.generate, Phase.shrink] if FULL else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    told_of(Lives.counted, Lives.runs)
    assert Lives.runs >= RUNS
    if FULL:
        assert Lives.counted.total() >= RUNS * STEPS
        assert_depths(Lives.counted)


def told_of(counted: Counter[tuple[str, str]], runs: int) -> None:
    """For the reader of a torture run: how often each step was done, changed nothing, was refused."""
    print(f"{runs} runs, {sum(counted.values())} steps compared")
    for name in (*TABLE, *TALK):
        print(f"{name:17}", {kind: n for (one, kind), n in sorted(counted.items()) if one == name})


def assert_depths(counted: Counter[tuple[str, str]]) -> None:
    done = {name: counted[name, "done"] for name in (*TABLE, *TALK)}
    assert {name: n for name, n in done.items() if n < DONE_AT_LEAST} == {}
    refused = {name: sum(counted[name, kind] for kind in ("refused", "invalid")) for name in TABLE}
    assert {name: n for name, n in refused.items() if n < REFUSED_AT_LEAST and name != "submit"} == {}
