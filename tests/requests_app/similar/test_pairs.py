"""The committed pairs: what somebody types finds its twin among the first five, amid the demo's requests."""

import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.demo.stories import read_stories
from requests_app import vocabulary
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.similar.search import SHOWN_REQUESTS, similar
from teams.models import Person, Side
from tests.factories import make_person, make_team

WANTED = 0.8


@dataclass(frozen=True)
class Pair:
    kind: str
    typed: str
    title: str
    need: str
    text: str = ""


PAIRS = [Pair(**one) for one in tomllib.loads(Path(__file__).with_name("pairs.toml").read_text())["pair"]]


def fill(size: int = 1) -> dict[str, int]:
    """All twins and, ``size`` times, the demo's requests; the number of each twin by its title."""
    team, asking = make_team(Side.IT), make_team(Side.MARKETING)
    person = make_person(asking)
    texts = [(pair.title, pair.need, "Es geht schneller.") for pair in PAIRS]
    texts += [(one.title, one.need, one.outcome) for one in read_stories()] * size
    template = {
        "status": Status.SUBMITTED,
        "type": "automation",
        "requester": person,
        "requesting_team": asking,
        "serving_team": team,
        "created_at": person.joined_at,
        "updated_at": person.joined_at,
        "status_since": person.joined_at,
    }
    rows = [
        Request(title=title, customer_need=need, outcome=outcome, rank=f"a{n:06}", **template)
        for n, (title, need, outcome) in enumerate(texts)
    ]
    made = Request.objects.bulk_create(rows)
    vocabulary.recount()
    return {request.title: request.number for request in made[: len(PAIRS)]}


def found_by(pair: Pair, twins: dict[str, int], person: Person) -> bool:
    hits = similar(pair.typed, pair.text, to=person)
    return twins[pair.title] in [hit.request.number for hit in hits.requests]


def test_there_are_forty_pairs_of_every_kind() -> None:
    assert len(PAIRS) >= 40
    assert len({pair.title for pair in PAIRS}) == len(PAIRS)
    kinds = Counter(pair.kind for pair in PAIRS)
    assert min(kinds.values()) >= 2
    assert set(kinds) >= {"compound", "inflection", "umlaut", "word order", "english in german", "english"}


@pytest.mark.django_db
def test_the_twin_is_among_the_first_five() -> None:
    twins, person = fill(), make_person()
    lost = [f"{pair.kind}: {pair.typed}" for pair in PAIRS if not found_by(pair, twins, person)]
    assert SHOWN_REQUESTS == 5
    print(len(PAIRS) - len(lost), "of", len(PAIRS), lost)
    assert len(PAIRS) - len(lost) >= WANTED * len(PAIRS), lost
