"""What is measured: each scenario gives the calls that people and scripts make."""

import itertools
import json
import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db.models import Count
from django.test import Client

from activity import clock
from bench.client import Call
from requests_app.choices import BOARD_COLUMNS, Status
from requests_app.models import Request
from requests_app.seeding.people import MAIL_DOMAIN
from teams.models import ApiToken, Person, Role, Side, Team
from teams.tokens import create_token

COMMENTS = 20
TYPED = 20


@dataclass(frozen=True)
class Scenario:
    """``calls`` may end where each takes something that is there only once."""

    name: str
    calls: Callable[[], Iterator[Call]]
    writes: bool = False


class Actor:
    """A signed-in person, as the browser and as a script."""

    def __init__(self, person: Person) -> None:
        client = Client()
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        csrf = secrets.token_hex(16)
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={csrf}"
        self.person = person
        self.reads = {"Cookie": cookies, "Accept": "text/html", "Accept-Language": "de"}
        self.writes = {
            **self.reads,
            "X-CSRFToken": csrf,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        token = create_token(person, "bench", ApiToken.Scope.WRITE, by=person).secret
        self.api = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def get(self, path: str) -> Call:
        return Call(path, headers=self.reads)

    def post(self, path: str, fields: dict[str, object], ends: int = 200) -> Call:
        body = urlencode(fields).encode()
        return Call(path, "POST", body, self.writes, frozenset({ends}))

    def call(self, path: str, body: dict[str, object] | None = None, ends: int = 200) -> Call:
        if body is None:
            return Call(path, headers=self.api)
        return Call(path, "POST", json.dumps(body).encode(), self.api, frozenset({ends}))


def lead() -> Person:
    """The lead of the IT team that serves most, made a lead of nothing else."""
    return Person.objects.get(memberships__team=biggest_team(), memberships__role=Role.LEAD)


def biggest_team() -> Team:
    teams = Team.objects.filter(slug__startswith="seed-", side=Side.IT)
    served = Request.objects.values_list("serving_team").annotate(n=Count("number")).order_by("-n")
    return teams.get(pk=served.exclude(serving_team=None)[0][0])


def scenarios(words: Sequence[str]) -> list[Scenario]:
    """All of them, for the data that is there; ``words`` are searched for."""
    me, team = Actor(lead()), biggest_team()
    marketer = Person.objects.filter(email__endswith=f"@{MAIL_DOMAIN}", side=Side.MARKETING).earliest("pk")
    asking = Actor(marketer)
    return [*_pages(me, team, words), _similar(asking), *_writing(me, asking, team), *_api(me, asking, team)]


def _pages(me: Actor, team: Team, words: Sequence[str]) -> list[Scenario]:
    pages = {
        "list": ["/requests/"],
        "search": [f"/search/?q={quote(word)}" for word in words],
        "board of 300 cards": [f"/boards/{team.slug}/"],
        "request page, 20 comments": [f"/requests/{number}/" for number in much_discussed(me.person)],
        "home": ["/"],
        "triage": ["/triage/"],
        "inbox": ["/inbox/"],
        "matrix": ["/matrix/"],
    }
    return [Scenario(name, _again([me.get(path) for path in paths])) for name, paths in pages.items()]


def _similar(asking: Actor) -> Scenario:
    """What is sent while somebody types: a title and a need that somebody else has written before."""
    texts = Request.objects.for_everyone().order_by("-number").values_list("title", "customer_need")
    typed: list[dict[str, object]] = [
        {"title": title, "customer_need": need} for title, need in texts[:TYPED]
    ]
    return Scenario(
        "similar while typing", _again([asking.post("/requests/new/help/", one) for one in typed])
    )


def _writing(me: Actor, asking: Actor, team: Team) -> list[Scenario]:
    own = asking.person.teams.exclude(side=Side.IT).earliest("pk")

    def intake() -> Iterator[Call]:
        for n in itertools.count(1):
            fields = {**_fields(n), "requesting_team": own.pk, "serving_team": team.pk, "action": "submit"}
            yield asking.post("/requests/new/", {**fields, "submission_id": uuid.uuid4()}, 302)

    def transitions() -> Iterator[Call]:
        for number in _numbers(team, Status.READY):
            yield me.post(f"/requests/{number}/actions/rethink/", {"reason": "Needs another look."}, 302)

    def moves() -> Iterator[Call]:
        cards = Request.objects.visible_to(me.person).filter(serving_team=team, status=Status.SHAPING)
        for number, version in cards.order_by("-rank").values_list("number", "version"):
            fields = {"number": number, "version": version, "status": Status.SHAPING.value}
            yield me.post(f"/boards/{team.slug}/move/", fields)

    return [
        Scenario("intake POST", intake, writes=True),
        Scenario("transition", transitions, writes=True),
        Scenario("move", moves, writes=True),
    ]


def _api(me: Actor, asking: Actor, team: Team) -> list[Scenario]:
    own = asking.person.teams.exclude(side=Side.IT).earliest("pk")

    def create() -> Iterator[Call]:
        for n in itertools.count(1):
            body: dict[str, object] = {**_fields(n), "requesting_team": own.slug, "submit": True}
            yield asking.call("/api/v1/requests/", {**body, "serving_team": team.slug}, 201)

    listed = [me.call("/api/v1/requests/?limit=50")]
    return [Scenario("API list of 50", _again(listed)), Scenario("API create", create, writes=True)]


def _again(calls: Iterable[Call]) -> Callable[[], Iterator[Call]]:
    kept = list(calls)
    return lambda: itertools.cycle(kept)


def _fields(n: int) -> dict[str, object]:
    return {
        "title": f"Reminder before the voucher ends {n}",
        "customer_need": f"Customers forget their voucher until it is too late; branch {n} hears it daily.",
        "outcome": f"They are reminded a week before, in the channel they chose ({n}).",
        "type": "automation",
        "deadline": (clock.now() + timedelta(days=90)).date().isoformat(),
        "deadline_reason": f"The spring campaign of branch {n} is booked.",
    }


def _numbers(team: Team, status: Status) -> Iterator[int]:
    found = Request.objects.filter(serving_team=team, status=status).order_by("number")
    yield from list(found.values_list("number", flat=True))


def much_discussed(person: Person) -> list[int]:
    """Open requests with exactly 20 comments."""
    found = Request.objects.visible_to(person).filter(status__in=BOARD_COLUMNS)
    counted = found.annotate(talk=Count("comments")).filter(talk=COMMENTS).order_by("-number")
    return list(counted.values_list("number", flat=True)[:20])
