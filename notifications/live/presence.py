"""Who else looks at a board or a request at this moment, and who is answering which question.

Kept in Redis alone, for seconds: where Redis is away nobody is seen, and nothing else happens.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import redis

from activity import bell, broadcast
from activity.broadcast import Message
from teams.models import Person

ABOUT = "presence"
AT_REQUEST = "presence.request"
# Open pages say twice as often that somebody is there.
HERE_SECONDS = 30
ANSWERING_SECONDS = 20
# More faces than these say no more.
MOST_SHOWN = 20

Kind = Literal["request", "board"]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Place:
    """A board (``number``: its id) or a request, where people can be seen."""

    kind: Kind
    number: int

    @property
    def key(self) -> str:
        return f"{broadcast.channel()}:here:{self.kind}:{self.number}"

    @property
    def changed(self) -> Message:
        """Tells those who may know of this place that others are there now."""
        return Message(f"presence.{self.kind}", ABOUT, self.number)


@dataclass(frozen=True)
class Present:
    """Who is at a place, by name, and who of them answers which question (id of the comment)."""

    people: list[Person] = field(default_factory=list)
    answering: dict[int, list[Person]] = field(default_factory=dict)


def arrive(place: Place, person: Person, answering: int | None = None) -> None:
    """Let others see ``person`` at ``place`` for half a minute, and that they write an answer."""
    wanted = {_here(person.pk): HERE_SECONDS}
    if answering is not None:
        wanted[_answers(person.pk, answering)] = ANSWERING_SECONDS
    _put(place, person, wanted)


def leave(place: Place, person: Person) -> None:
    """Let others no longer see ``person`` at ``place``."""
    _put(place, person, {})


def present(place: Place, person: Person) -> Present:
    """Who is at ``place`` beside ``person``. One query where somebody is."""
    marks: list[str] = _asked(lambda client: _held(client, place.key), [])
    here, answers = set(), defaultdict(set)
    for kind, pk, question in map(_parts, marks):
        here.add(pk)
        if kind == "answers":
            answers[question].add(pk)
    others = here - {person.pk}
    if not others:
        return Present()
    found = Person.objects.filter(pk__in=others, is_active=True).order_by("sort_key", "pk")
    people = {one.pk: one for one in found[:MOST_SHOWN]}
    writing = {question: [people[pk] for pk in people if pk in by] for question, by in answers.items()}
    return Present(list(people.values()), {question: by for question, by in writing.items() if by})


def _here(person: int) -> str:
    return f"here:{person}:0"


def _answers(person: int, question: int) -> str:
    return f"answers:{person}:{question}"


def _parts(mark: str) -> tuple[str, int, int]:
    kind, person, question = mark.split(":")
    return kind, int(person), int(question)


def _put(place: Place, person: Person, wanted: dict[str, int]) -> None:
    """Hold exactly ``wanted`` of the person, for so many seconds each; others hear where that is new."""
    if _asked(lambda client: _is_news(client, place.key, person.pk, wanted), False):
        bell.announce([place.changed])


def _is_news(client: "redis.Redis", key: str, person: int, wanted: dict[str, int]) -> bool:
    own = [mark for mark in _held(client, key) if _parts(mark)[1] == person]
    moment = time.time()
    with client.pipeline(transaction=True) as pipe:
        pipe.zremrangebyscore(key, "-inf", moment)
        if gone := set(own) - wanted.keys():
            pipe.zrem(key, *gone)
        if wanted:
            pipe.zadd(key, {mark: moment + seconds for mark, seconds in wanted.items()})
            pipe.expire(key, HERE_SECONDS)
        pipe.execute()
    return set(own) != wanted.keys()


def _held(client: "redis.Redis", key: str) -> list[str]:
    found: Any = client.zrangebyscore(key, time.time(), "+inf")
    return [mark.decode() for mark in found]


def _asked(question: Callable[["redis.Redis"], Answer], instead: Answer) -> Answer:
    words = "It cannot be seen who else is there (%s)."
    return bell.asked(lambda: question(broadcast.client()), instead, words)
