"""The texts of the demo's requests, and the course that each of them takes."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

TEAMS = ("campaigns", "loyalty", "brand", "stores")
SHAPED = ("submit", "take", "shape", "score_it", "score_marketing")
# What leads to each fate, in order; a blocked request is one in progress that waits.
COURSES: dict[str, tuple[str, ...]] = {
    "draft": ("draft",),
    "submitted": ("submit",),
    "shaping": SHAPED,
    "ready": (*SHAPED, "accept"),
    "in_progress": (*SHAPED, "accept", "start"),
    "blocked": (*SHAPED, "accept", "start", "block"),
    "in_review": (*SHAPED, "accept", "start", "hand_over"),
    "done": (*SHAPED, "accept", "start", "hand_over", "deliver"),
    "parked": (*SHAPED, "park"),
    "declined": ("submit", "take", "shape", "decline"),
    "withdrawn": ("submit", "withdraw"),
    "merged": ("submit", "take", "merge"),
}


@dataclass(frozen=True)
class Talked:
    """A divergence that was talked about: who proposed which joint value, and whether the others agreed."""

    side: str
    dimension: str
    value: int
    agreed: bool
    note: str


def _talked(text: str) -> Talked:
    """Of "side: dimension value agreed|proposed: note"."""
    side, point, note = text.split(": ", 2)
    dimension, value, outcome = point.split()
    return Talked(side, dimension, int(value), outcome == "agreed", note)


@dataclass(frozen=True)
class ToDo:
    """An item of a checklist: which side's owner does it ("" for nobody yet), and whether it is done."""

    side: str
    done: bool
    text: str


def _to_do(text: str) -> ToDo:
    """Of "side|nobody done|open: text"."""
    head, words = text.split(": ", 1)
    side, state = head.split()
    return ToDo("" if side == "nobody" else side, state == "done", words)


@dataclass(frozen=True)
class Story:
    """One request as its file tells it: ``because`` is why it was accepted, ``why`` why it ended so.

    ``agreed`` counts days from the Monday of set-up; ``cost`` is one-off and yearly, in euros.
    """

    team: str
    title: str
    need: str
    outcome: str
    type: str
    serving: str
    fate: str
    touchpoints: tuple[str, ...]
    metric: str = ""
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    goal: str = ""
    deadline: str = ""
    why: str = ""
    because: str = ""
    waiting: str = ""
    solution: str = ""
    into: str = ""
    restricted: bool = False
    comments: tuple[str, ...] = field(default=())
    joint: tuple["Talked", ...] = field(default=())
    agreed: int | None = None
    cost: tuple[Decimal, ...] = field(default=())
    personal_data: str = ""
    checklist: tuple[ToDo, ...] = field(default=())

    @property
    def course(self) -> tuple[str, ...]:
        return COURSES[self.fate]


def read_stories() -> list[Story]:
    """All stories, those of the teams in turn, so that neighbours in time come from different teams."""
    by_team = [list(_of_team(team)) for team in TEAMS]
    longest = max(len(stories) for stories in by_team)
    return [stories[n] for n in range(longest) for stories in by_team if n < len(stories)]


def _of_team(team: str) -> Iterator[Story]:
    with Path(__file__).with_name(f"{team}.toml").open("rb") as file:
        for row in tomllib.load(file, parse_float=Decimal)["request"]:
            yield Story(team=team, **_typed(row))


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    numbers: dict[str, Any] = {name: Decimal(row[name]) for name in ("baseline", "target") if name in row}
    lists: dict[str, Any] = {name: tuple(row[name]) for name in ("touchpoints", "comments") if name in row}
    readers: dict[str, Callable[[Any], Any]] = {"joint": _talked, "checklist": _to_do, "cost": Decimal}
    read = {name: tuple(map(reader, row[name])) for name, reader in readers.items() if name in row}
    return {**row, **numbers, **lists, **read}
