"""What a digest tells: pure selection, the same for mail, page and preview.

Everything is ids; texts are fetched when it is shown, through what the reader may see then.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any, Self, TypeVar

from knowhow.exchanges.fitting import Coming, Learner, fitting
from notifications.digest.period import Period
from notifications.digest.ranking import Concerning, Ordered, Point, Ranked

# More than that per section is counted, not listed: in the mail, and on the page; more is not even kept.
LISTED = 8
LISTED_ON_PAGE = 30
KEPT = 100
# What happened to one goal is told in so many sentences; so many exchanges are offered to one reader.
SAID_OF_A_GOAL = 3
OFFERED = 3
# Of what other teams have not looked at for long so much is named; one's own is named in any case.
UNSEEN_OF_OTHERS = 3
# So many other teams are named with how many requests moved there.
OTHERS_NAMED = 12


@dataclass(frozen=True)
class Happening:
    """An event on a request, or on a goal (whose id is its ``number``), with the teams that it concerns.

    ``goal_teams`` own the goal that the request serves.
    """

    event: int
    kind: str
    number: int
    position: int | None
    at: datetime
    teams: Set[int]
    goal_teams: Set[int] = frozenset()


@dataclass(frozen=True)
class Held:
    """A round that was closed: the requests on its agenda, their teams, and who took part."""

    round: int
    position: int | None
    at: datetime
    numbers: Sequence[int]
    teams: Set[int]
    present: Set[int]


@dataclass(frozen=True)
class Standing:
    """Where an open request stands."""

    number: int
    status: str
    turn: str
    since: str
    teams: Set[int]
    goal_teams: Set[int] = frozenset()


@dataclass(frozen=True)
class Moved:
    """What happened to a goal (its id is the ``number``) in a period: events, the newest first."""

    number: int
    teams: Set[int]
    events: tuple[int, ...]


@dataclass(frozen=True)
class Unseen:
    """A brief (its id is the ``number``) that nobody of its ``teams`` has looked at ``since`` long ago."""

    number: int
    teams: Set[int]
    since: str


@dataclass(frozen=True)
class Question:
    """An open question: about the request ``number``, or about a brief, where that is None."""

    pk: int
    number: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {"question": self.pk} if self.number is None else {"comment": self.pk, "number": self.number}


Row = TypeVar("Row", bound=Concerning)


@dataclass(frozen=True)
class Facts:
    """What the whole company's log and requests say, read once for many readers."""

    moved: Sequence[Happening]
    decided: Sequence[Happening]
    delivered: Sequence[Happening]
    stalled: Sequence[Standing]
    for_everyone: Set[int] = frozenset()
    held: Sequence[Held] = ()
    goals: Sequence[Happening] = ()
    unseen: Sequence[Unseen] = ()
    coming: Sequence[Coming] = ()
    achieved: Sequence[Happening] = ()
    # What was chosen of a kind for a period, which most readers share.
    chosen: dict[tuple[str, Period], Ranked[Happening]] = field(
        default_factory=dict, compare=False, repr=False
    )
    moved_goals: dict[Period, Ordered[Moved]] = field(default_factory=dict, compare=False, repr=False)
    counted: dict[Period, Counter[int]] = field(default_factory=dict, compare=False, repr=False)
    # Those of ``numbers`` that somebody filed or owns, by person; read with the first readers.
    seats: dict[int, set[int]] = field(default_factory=dict, compare=False, repr=False)

    def latest(self, kind: str, period: Period) -> Ranked[Happening]:
        """For each request the last thing of ``kind`` that happened in the period, newest first."""
        if (kind, period) not in self.chosen:
            last = {row.number: row for row in getattr(self, kind) if period.tells_of(row)}
            newest = sorted(last.values(), key=lambda row: (row.at, row.event), reverse=True)
            self.chosen[kind, period] = Ranked(newest)
        return self.chosen[kind, period]

    def goals_moved(self, period: Period) -> Ordered[Moved]:
        """What happened in the period to each goal to which something did, the newest first."""
        if period not in self.moved_goals:
            told: dict[int, list[Happening]] = defaultdict(list)
            newest = sorted(self.goals, key=lambda row: (row.at, row.event), reverse=True)
            for row in newest:
                if period.tells_of(row):
                    told[row.number].append(row)
            rows = (
                Moved(goal, of[0].teams, tuple(row.event for row in of[:SAID_OF_A_GOAL]))
                for goal, of in told.items()
            )
            self.moved_goals[period] = Ordered(list(rows))
        return self.moved_goals[period]

    def moved_by_team(self, period: Period) -> Counter[int]:
        """In how many requests that every member may see something moved in the period, by team."""
        if period not in self.counted:
            rows = self.latest("moved", period).rows
            seen = (row for row in rows if row.number in self.for_everyone)
            self.counted[period] = Counter(team for row in seen for team in row.teams)
        return self.counted[period]

    @cached_property
    def not_looked_at(self) -> Ordered[Unseen]:
        return Ordered(self.unseen)

    @cached_property
    def standing_still(self) -> Ranked[Standing]:
        return Ranked(self.stalled)

    @cached_property
    def numbers(self) -> Set[int]:
        """The requests to which something happened, or that stand still."""
        happened = (*self.moved, *self.decided, *self.delivered, *self.achieved)
        return {row.number for row in happened} | {row.number for row in self.stalled}

    def of_team(self, team: int) -> Self:
        """What of it concerns one team, for those who are no reader of their own."""
        kinds = ("moved", "decided", "delivered", "achieved", "stalled", "held", "goals", "unseen")
        mine: dict[str, Any] = {
            kind: [row for row in getattr(self, kind) if team in row.teams] for kind in kinds
        }
        return replace(self, **mine, coming=(), chosen={}, moved_goals={}, counted={})

    @cached_property
    def restricted(self) -> Set[int]:
        """The requests that not everybody may see."""
        talked_about = {number for row in self.held for number in row.numbers}
        return (self.numbers | talked_about) - self.for_everyone


@dataclass(frozen=True)
class Reader:
    """One reader: their teams, what waits for them, and which requests they may see.

    ``own`` are the requests that they filed, own or watch; ``pairs`` the proposals of mentors and learners,
    ``questions`` the open ones, that wait for them.
    """

    teams: Set[int]
    turns: Sequence[Standing]
    sees: Callable[[int], bool]
    pk: int = 0
    learner: Learner | None = None
    pairs: Sequence[int] = ()
    questions: Sequence[Question] = ()
    own: Set[int] = frozenset()

    @property
    def point(self) -> Point:
        return Point(frozenset(row.number for row in self.turns), self.own, self.teams)


Turns = list[dict[str, Any]]


@dataclass
class Selection:
    """The chosen ids, kept with the digest as JSON."""

    your_turn: Turns
    your_teams: list[dict[str, Any]]
    decided: list[int]
    delivered: list[int]
    stalled: Turns
    # The rounds with what of their agendas was seen; digests that were made before there were any have none.
    rounds: list[dict[str, Any]] = field(default_factory=list)
    # Older digests have none of these either.
    goals: list[dict[str, Any]] = field(default_factory=list)
    unseen: list[dict[str, Any]] = field(default_factory=list)
    know_how: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    achieved: list[int] = field(default_factory=list)
    # How many requests moved in other teams until "at": "teams" as pairs, the most first, and "more" teams.
    others: dict[str, Any] = field(default_factory=dict)
    # Only once it is shown: what of ``decided`` is a parking.
    parked: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        return cls(**kept)

    def numbers(self) -> set[int]:
        """The requests that are named by number; those of events are found through the events."""
        asked = (row for row in self.questions if "number" in row)
        return {row["number"] for row in [*self.your_turn, *self.stalled, *asked]}

    def talked_about(self) -> set[int]:
        """The requests on the agendas of its rounds; they are counted, not named."""
        return {number for row in self.rounds for number in row["numbers"]}

    def events(self) -> set[int]:
        teams = {event for row in self.your_teams for event in row["events"]}
        return {*self.decided, *self.parked, *self.delivered, *self.achieved, *teams}

    def seen(
        self, sees: Callable[[int], bool], about: Mapping[int, int], parked: Collection[int] = ()
    ) -> Self:
        """What is left of it for whom ``sees`` these requests; ``about`` gives the request of each event.

        Those of ``parked`` among the decisions stand by themselves.
        """

        def told(events: Iterable[int]) -> list[int]:
            return [event for event in events if event in about and sees(about[event])]

        return type(self)(
            your_turn=[row for row in self.your_turn if sees(row["number"])],
            your_teams=[{**row, "events": told(row["events"])} for row in self.your_teams],
            decided=told(event for event in self.decided if event not in parked),
            parked=told(event for event in self.decided if event in parked),
            delivered=told(self.delivered),
            achieved=told(self.achieved),
            others=self.others,
            stalled=[row for row in self.stalled if sees(row["number"])],
            rounds=_with_agenda(self.rounds, sees),
            goals=self.goals,
            unseen=self.unseen,
            know_how=self.know_how,
            questions=[row for row in self.questions if "number" not in row or sees(row["number"])],
        )

    def listed(self, most: int = LISTED) -> Self:
        """What of each section is listed, not only counted: the first ``most``."""
        rows: dict[str, Any] = {
            name: value[:most] for name, value in vars(self).items() if isinstance(value, list)
        }
        teams = [{**row, "events": row["events"][:most]} for row in self.your_teams]
        return replace(self, **{**rows, "your_teams": teams})


def select(reader: Reader, period: Period, facts: Facts) -> Selection:
    """Choose what ``reader`` is told about ``period``."""
    mine = {turn.number for turn in reader.turns}
    moved, decided, delivered = (facts.latest(kind, period) for kind in ("moved", "decided", "delivered"))
    achieved, point = facts.latest("achieved", period), reader.point
    still = (row for row in facts.standing_still.nearest_first(point) if row.number not in mine)
    return Selection(
        your_turn=[_standing(row) for row in reader.turns[:KEPT]],
        your_teams=_your_teams(reader, moved, mine),
        decided=_ids(reader, decided.nearest_first(point)),
        delivered=_ids(reader, delivered.nearest_first(point)),
        achieved=_ids(reader, achieved.nearest_first(point)),
        others=_others(reader, period, facts),
        stalled=[_standing(row) for row in _kept(reader, still)],
        rounds=_rounds(reader, period, facts),
        goals=_goals(reader, facts.goals_moved(period)),
        unseen=_unseen(reader, facts.not_looked_at),
        know_how=_know_how(reader, facts.coming),
        questions=[row.as_json() for row in reader.questions[:KEPT]],
    )


def _your_teams(reader: Reader, moved: Ranked[Happening], mine: Set[int]) -> list[dict[str, Any]]:
    """What moved in each team; what waits for the reader, or stands with another team, is not said twice."""
    told, rows = set(mine), []
    for team in sorted(reader.teams):
        events = list(_kept(reader, (row for row in moved.of_team(team) if row.number not in told)))
        told |= {row.number for row in events}
        rows.append({"team": team, "events": [row.event for row in events]})
    return rows


def _others(reader: Reader, period: Period, facts: Facts) -> dict[str, Any]:
    """What moved in all teams that are not the reader's, so that nobody lacks sight of what teams do."""
    counted = facts.moved_by_team(period)
    others = sorted((-count, team) for team, count in counted.items() if team not in reader.teams)
    named = [[team, -count] for count, team in others[:OTHERS_NAMED]]
    more = len(others) - len(named)
    return {"at": period.end.isoformat(), "teams": named, "more": more} if named else {}


def _goals(reader: Reader, moved: Ordered[Moved]) -> list[dict[str, Any]]:
    """Goals are open to everybody; those of one's own teams come first."""
    rows = islice(moved.own_first(reader.teams), KEPT)
    return [{"goal": row.number, "events": list(row.events)} for row in rows]


def _unseen(reader: Reader, rows: Ordered[Unseen]) -> list[dict[str, Any]]:
    in_order = enumerate(islice(rows.own_first(reader.teams), KEPT))
    told = (row for place, row in in_order if row.teams & reader.teams or place < UNSEEN_OF_OTHERS)
    return [{"brief": row.number, "since": row.since} for row in told]


def _know_how(reader: Reader, coming: Sequence[Coming]) -> list[dict[str, Any]]:
    """Whom the reader could learn from or teach, where they have to answer; and exchanges that fit them."""
    fits = fitting(reader.learner, coming)[:OFFERED] if reader.learner else []
    pairs: list[dict[str, Any]] = [{"pair": pk} for pk in reader.pairs]
    return [*pairs, *({"exchange": fit.exchange, "skill": fit.skill} for fit in fits)][:KEPT]


def _rounds(reader: Reader, period: Period, facts: Facts) -> list[dict[str, Any]]:
    """Those that the reader took part in, and those about requests of their teams, newest first."""
    theirs = (row for row in facts.held if reader.pk in row.present or row.teams & reader.teams)
    told = sorted((row for row in theirs if period.tells_of(row)), key=lambda row: row.at, reverse=True)
    rows = [{"round": row.round, "numbers": list(row.numbers)} for row in told]
    return _with_agenda(rows, reader.sees)[:KEPT]


def _with_agenda(rows: Iterable[dict[str, Any]], sees: Callable[[int], bool]) -> list[dict[str, Any]]:
    """``rows`` of rounds with what is seen of their agendas; who sees nothing of one is not told of it."""
    seen = ({**row, "numbers": [number for number in row["numbers"] if sees(number)]} for row in rows)
    return [row for row in seen if row["numbers"]]


def _kept(reader: Reader, rows: Iterable[Row]) -> Iterator[Row]:
    return islice((row for row in rows if reader.sees(row.number)), KEPT)


def _ids(reader: Reader, rows: Iterable[Happening]) -> list[int]:
    return [row.event for row in _kept(reader, rows)]


def _standing(row: Standing) -> dict[str, Any]:
    return {"number": row.number, "status": row.status, "turn": row.turn, "since": row.since}
