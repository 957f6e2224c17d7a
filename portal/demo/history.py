"""What happened to the demo's requests: each story as steps with their moments."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import cycle
from zoneinfo import ZoneInfo

from activity import clock
from knowhow.models import Solution
from portal.demo.calendar import Calendar
from portal.demo.cast import Cast, cast
from portal.demo.preparing import prepare, tick
from portal.demo.stories import Story, Talked, ToDo, read_stories
from portal.demo.views import views_of
from requests_app.discussion import answer, comment, support, watch
from requests_app.intake.fields import RequestFields
from requests_app.intake.submit import create
from requests_app.models import OPEN_QUESTION, Comment, Request
from requests_app.outcomes.record import record_outcome
from requests_app.scoring.agreement import propose
from requests_app.scoring.enter import enter_scores
from requests_app.workflow.inputs import UNSET, Inputs
from requests_app.workflow.perform import perform
from teams.models import Goal, Person, Side, Team, Touchpoint

ZONE = ZoneInfo("Europe/Berlin")
MEASURED_AFTER = timedelta(days=150)
MEASURED_AFTER_DELIVERY = timedelta(days=15)
# How much of the way from baseline to target deliveries came, in turn.
SHARES_REACHED = (Decimal("1.2"), Decimal("0.6"), Decimal("-0.1"), Decimal(1), Decimal("1.1"), Decimal("0.8"))
# Of so many requests one arrives without a serving team.
WITHOUT_TEAM = 3
STAGES_OF_SHAPING = 4
SCORED_BY = {"score_it": 1, "score_marketing": 2}


@dataclass(order=True)
class Happening:
    """One thing that is done when the clock stands ``at`` its moment."""

    at: datetime
    order: int
    do: Callable[[], object] = field(compare=False)


class History:
    """All that happened to the requests, as steps with their moments."""

    def __init__(
        self,
        calendar: Calendar,
        staff: dict[str, Person],
        teams: dict[str, Team],
        goals: dict[str, Goal],
        solutions: dict[str, Solution],
    ) -> None:
        self.calendar, self.staff, self.teams, self.goals = calendar, staff, teams, goals
        self.solutions = solutions
        self.touchpoints = {touchpoint.slug: touchpoint for touchpoint in Touchpoint.objects.all()}
        self.numbers: dict[str, int] = {}
        self.left: dict[int, Request] = {}
        self.order = 0
        self.shares = cycle(SHARES_REACHED)

    def happenings(self) -> Iterator[Happening]:
        for n, story in enumerate(read_stories()):
            players = cast(story, n, self.staff)
            moments = self.calendar.moments(story, n)
            for name, at in zip(story.course, moments, strict=True):
                if self._happens(name, story, n):
                    yield self._at(at, self._step(name, story, players, n))
            yield from self._agree(story, players, moments)
            yield from self._prepared(story, players, moments)
            yield from self._talk(story, players, moments)
            yield from self._support(story, players, moments, n)
            yield from self._measured(story, players, moments, n)

    def _happens(self, name: str, story: Story, n: int) -> bool:
        if name == "take":
            return self._must_be_taken(story, n)
        # Of what is still being shaped, some wait for one side's view, some for both.
        still_open = SCORED_BY.get(name, 0) > n % STAGES_OF_SHAPING
        return not (story.fate == "shaping" and still_open)

    def _must_be_taken(self, story: Story, n: int) -> bool:
        """Whether team or Marketing's seat are still open; else who begins to shape takes the seat."""
        return story.team == "stores" or not self._names_team(story, n)

    def _names_team(self, story: Story, n: int) -> bool:
        return story.restricted or bool(n % WITHOUT_TEAM)

    def _at(self, at: datetime, do: Callable[[], object]) -> Happening:
        self.order += 1
        return Happening(at, self.order, do)

    def _step(self, name: str, story: Story, players: Cast, n: int) -> Callable[[], object]:
        if name in ("submit", "draft"):
            return lambda: self._file(story, players, n, submit=name == "submit")
        if name in SCORED_BY:
            return lambda: self._score(name, story, players, n)
        return lambda: self._perform(name, story, players)

    def _file(self, story: Story, players: Cast, n: int, *, submit: bool) -> None:
        filed = create(self._fields(story, n), by=players.requester, submit=submit)
        self.numbers[story.title] = filed.number
        self.left[filed.number] = filed

    def _fields(self, story: Story, n: int) -> RequestFields:
        today = clock.now().astimezone(ZONE).date()
        return {
            "title": story.title,
            "customer_need": story.need,
            "outcome": story.outcome,
            "type": story.type,
            "metric": story.metric,
            "unit": story.unit,
            "baseline": story.baseline,
            "target": story.target,
            "measured_on": today + MEASURED_AFTER if story.metric else None,
            "touchpoints": [self.touchpoints[slug] for slug in story.touchpoints],
            "goal": self.goals.get(story.goal),
            "deadline": self._deadline(story, n),
            "deadline_reason": story.deadline,
            "requesting_team": self.teams[story.team],
            "serving_team": self.teams[story.serving] if self._names_team(story, n) else None,
            "restricted": story.restricted,
        }

    def _deadline(self, story: Story, n: int) -> date | None:
        days = -4 if n % 5 == 0 else 6 + n % 60
        return (self.calendar.monday + timedelta(days=days)).date() if story.deadline else None

    def _perform(self, name: str, story: Story, players: Cast) -> None:
        action = "assign" if name == "take" else name
        by = players.it_owner
        if name in ("accept", "deliver"):
            by = players.marketing_owner
        if name == "withdraw":
            by = players.requester
        number, inputs = self.numbers[story.title], self._inputs(name, story, players)
        # What a step left is what the next one finds, but for what happened between: then it is read again.
        seen = self.left.get(number)
        self.left[number] = perform(action, number, by=by, inputs=inputs, seen=seen)

    def _score(self, name: str, story: Story, players: Cast, n: int) -> None:
        views, number = views_of(story, n), self.numbers[story.title]
        if name == "score_it":
            enter_scores(number, Side.IT, views.it, by=players.it_owner)
        else:
            enter_scores(number, Side.MARKETING, views.marketing, by=players.marketing_owner)

    def _agree(self, story: Story, players: Cast, moments: list[datetime]) -> Iterator[Happening]:
        """What was talked about between the second side's scores and the decision."""
        if not story.joint:
            return
        scored = moments[story.course.index("score_marketing")]
        decided = next((at for at in moments if at > scored), self.calendar.now)
        step = (decided - scored) / (2 * len(story.joint) + 1)
        for n, talked in enumerate(story.joint):
            first, second = players.it_owner, players.marketing_owner
            if talked.side == Side.MARKETING:
                first, second = second, first
            yield self._at(scored + step * (2 * n + 1), partial(self._propose, story, talked, first))
            if talked.agreed:
                yield self._at(scored + step * (2 * n + 2), partial(self._propose, story, talked, second))

    def _propose(self, story: Story, talked: Talked, by: Person) -> None:
        propose(self.numbers[story.title], talked.dimension, talked.value, talked.note, by=by)

    def _prepared(self, story: Story, players: Cast, moments: list[datetime]) -> Iterator[Happening]:
        """What both sides prepared while they shaped it, and then did one by one."""
        if not story.checklist:
            return
        shaped = moments[story.course.index("shape")]
        scored = moments[story.course.index("score_it")]
        begun, ended = shaped + (scored - shaped) / 2, self.calendar.now
        yield self._at(begun, partial(self._prepare, story, players))
        if "hand_over" in story.course:
            ended = moments[story.course.index("hand_over")]
        done = [to_do for to_do in story.checklist if to_do.done]
        for n, to_do in enumerate(done, start=1):
            at = begun + (ended - begun) * n / (len(done) + 1)
            yield self._at(at, partial(self._tick, story, to_do, players))

    def _prepare(self, story: Story, players: Cast) -> None:
        today = clock.now().astimezone(ZONE).date()
        number, monday = self.numbers[story.title], self.calendar.monday.date()
        prepare(number, story, players, monday=monday, today=today)

    def _tick(self, story: Story, to_do: ToDo, players: Cast) -> None:
        tick(self.numbers[story.title], to_do, players)

    def _inputs(self, name: str, story: Story, players: Cast) -> Inputs:
        today = clock.now().astimezone(ZONE).date()
        marketing = players.marketing_owner if story.team == "stores" else UNSET
        by_step = {
            "take": Inputs(
                serving_team=self.teams[story.serving], it_owner=players.it_owner, marketing_owner=marketing
            ),
            "accept": Inputs(reason=story.because),
            "block": Inputs(reason=story.why, waiting_for=story.waiting),
            "hand_over": Inputs(solution=self.solutions.get(story.solution)),
            "deliver": Inputs(measured_on=today + MEASURED_AFTER_DELIVERY),
            "park": Inputs(reason=story.why, revisit_on=today + timedelta(days=120)),
            "decline": Inputs(reason=story.why),
            "withdraw": Inputs(reason=story.why),
            "merge": Inputs(reason=story.why, into=self.numbers.get(story.into)),
        }
        return by_step.get(name, Inputs())

    def _talk(self, story: Story, players: Cast, moments: list[datetime]) -> Iterator[Happening]:
        if not story.comments:
            return
        start, end = moments[-1], self.calendar.monday - timedelta(hours=30)
        step = max(end - start, timedelta(hours=3)) / (len(story.comments) + 1)
        for n, said in enumerate(story.comments, start=1):
            side, _, text = said.partition(": ")
            author = players.it_owner if side == "it" else players.marketing_owner
            at = min(start + step * n, self.calendar.now)
            yield self._at(at, partial(self._say, story, side, text, author))

    def _say(self, story: Story, side: str, text: str, author: Person) -> None:
        """A question goes to the other side; what that side says next is its answer."""
        number = self.numbers[story.title]
        asked = Comment.objects.filter(OPEN_QUESTION, request=number, question_to=side).first()
        if asked is not None:
            answer(number, asked.pk, text, by=author)
            return
        other = Side.MARKETING if side == Side.IT else Side.IT
        comment(number, text, by=author, question_to=other if text.endswith("?") else "")

    def _measured(self, story: Story, players: Cast, moments: list[datetime], n: int) -> Iterator[Happening]:
        """What came of a delivery, on the day after its measuring date; of some it is still asked."""
        at = moments[-1] + MEASURED_AFTER_DELIVERY + timedelta(days=1)
        if story.fate != "done" or at > self.calendar.monday or n % 7 == 0:
            return
        if story.baseline is None or story.target is None:
            return
        measured = story.baseline + (story.target - story.baseline) * next(self.shares)
        yield self._at(at, partial(self._record, story, measured.quantize(Decimal("0.1")), players))

    def _record(self, story: Story, measured: Decimal, players: Cast) -> None:
        record_outcome(self.numbers[story.title], measured, by=players.marketing_owner)

    def _support(self, story: Story, players: Cast, moments: list[datetime], n: int) -> Iterator[Happening]:
        if story.restricted or story.fate == "draft":
            return
        others = [person for person in self.staff.values() if person not in vars(players).values()]
        for k in range(n * 7 % 4):
            person = others[(n * 3 + k * 5) % len(others)]
            follow = watch if k == 2 else support
            at = self.calendar.between(moments[0], self.calendar.monday)
            yield self._at(at, partial(self._follow, follow, story, person))

    def _follow(self, follow: Callable[..., object], story: Story, person: Person) -> None:
        follow(self.numbers[story.title], by=person)
