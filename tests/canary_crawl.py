"""Reads everything that a person gets: from every address and every link on, without changing anything."""

import html
import logging
import os
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from requests_app.choices import BOARD_COLUMNS, Status
from requests_app.filters import STATUS_CHOICES
from requests_app.lists.columns import CHOICES as COLUMNS
from requests_app.lists.sorting import CHOICES as ORDERS
from requests_app.lists.sorting import GROUPS
from requests_app.models import Attachment, Comment, Link
from teams.models import Person
from tests.canary_world import HIDDEN, ONCE, OTHERS, Canaries
from tests.test_permissions import addresses, ask, asked

# Everything in quotes that begins like an address of the portal: attributes of HTML and values of JSON.
LINKED = re.compile(r"""(hx-get)?=?"((?:https?://[^"/\s]+)?/(?!/)[^"\s<>]*|\?[^"\s<>]*)\"""")
# The machine's own figures, files that are the same for everybody, and the way out.
LEFT_OUT = re.compile(r"^/(static/|metrics$|healthz|readyz|accounts/(logout|demo)/)")
# Patterns that answer nobody who only reads: found by the first who asks.
ONLY_SENT_TO: set[str] = set()
HTMX = {"HX-Request": "true"}
FULL = os.environ.get("TANDEM_TORTURE") == "1"
# Of each page so many queries, and of each pattern so many rows, are followed.
VARIANTS = 40 if FULL else 2
ALL_COLUMNS = ",".join(name for name, _label in COLUMNS)


@dataclass(frozen=True)
class Address:
    path: str
    htmx: bool = False


@dataclass
class Reading:
    """What a person has read: the answers by their addresses."""

    answers: dict[Address, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def pages(self) -> int:
        """How many answers showed something."""
        return self.statuses[200]

    def __iter__(self) -> Iterator[tuple[Address, str]]:
        return iter(self.answers.items())


@contextmanager
def quiet() -> Iterator[None]:
    """Without a line in the log for each of the hundreds of answers that are refused."""
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def clients_of(person: Person) -> dict[bool, Client]:
    """A browser's whole pages, and the parts of them that htmx asks for."""
    clients = {
        htmx: Client(raise_request_exception=False, headers=HTMX if htmx else {}) for htmx in (False, True)
    }
    for client in clients.values():
        client.force_login(person)
    return clients


def crawl(person: Person, start: Iterable[str], variants: int) -> Reading:
    """Everything from ``start`` on; of each page at most ``variants`` queries, of each pattern as many rows.

    What stands in ``start`` is read in any case.
    """
    clients, reading = clients_of(person), Reading()
    waiting = deque(Address(path) for path in start)
    known, taken = set(waiting), Counter[str]()
    while waiting:
        address = waiting.popleft()
        if _route(address) in ONLY_SENT_TO:
            continue
        answer = ask(clients[address.htmx], "get", address.path)
        assert answer.status_code < 500, f"{address.path}: {answer.status_code}"
        reading.statuses[answer.status_code] += 1
        if answer.status_code == 405:
            ONLY_SENT_TO.add(_route(address))
        text = reading.answers[address] = text_of(answer)
        for found in links_in(text, address.path, answer.get("Location", "")):
            if found not in known:
                known.add(found)
                if _is_wanted(found, taken, variants):
                    waiting.append(found)
    return reading


def text_of(answer: HttpResponse) -> str:
    """The whole answer with its headers, as people read it."""
    pieces = answer.streaming_content if answer.streaming else [answer.content]  # type: ignore[attr-defined]
    content = b"".join(pieces).decode(errors="replace")
    headers = "\n".join(f"{name}: {unquote(value)}" for name, value in answer.items())
    return f"{headers}\n\n{content}"


def links_in(text: str, page: str, location: str) -> Iterator[Address]:
    if location:
        yield Address(_path(location, page))
    for attribute, link in LINKED.findall(text):
        yield Address(_path(html.unescape(link), page), htmx=bool(attribute))


def _path(link: str, page: str) -> str:
    parts = urlsplit(urljoin(page, link))
    own = ("", "testserver", urlsplit(settings.BASE_URL).netloc)
    if parts.netloc not in own:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _route(address: Address) -> str:
    """The pattern of an address, "" where there is none."""
    try:
        return resolve(address.path.partition("?")[0]).route
    except Resolver404:
        return ""


def _is_wanted(found: Address, taken: Counter[str], variants: int) -> bool:
    path = found.path.partition("?")[0]
    if not path.startswith("/") or LEFT_OUT.match(path):
        return False
    route = _route(found)
    if not route:
        return False
    for what in (f"{route} of {path}", route) if "?" in found.path else (route,):
        taken[what] += 1
        if taken[what] > variants:
            return False
    return True


def start_of(c: Canaries, name: str) -> list[str]:
    """Every address that there is, about the open request and the hidden ones, and every kind of list."""
    return sorted({path for path in (*_patterns(c, name), *lists(c)) if not LEFT_OUT.match(path)})


def _patterns(c: Canaries, person: str) -> Iterator[str]:
    # In small, those who get nothing but 404 ask only about one of each kind.
    whole = FULL or person == "outsider" or person not in (*OTHERS, *ONCE)
    asked_about = HIDDEN if whole else ("main", "private")
    about = {kind: c.world.requests[kind] for kind in ("open", *asked_about) if kind in c.world.requests}
    # The page of /admin/ about a request asks for this one.
    about["foreign"] = c.world.requests["foreign"]
    numbers = {kind: one.pk for kind, one in about.items()}
    world = replace(
        c.world,
        requests=about,
        comments={kind: said for kind, n in numbers.items() if (said := _comment(n))},
        attachments={kind: file for kind, n in numbers.items() if (file := _file(n))},
        links={kind: link for kind, n in numbers.items() if (link := _link(n))},
    )
    # Whoever is not asked about Django's own pages elsewhere need not be here either.
    kind = "it.lead" if person == "it.lead" else "admin" if person == "admin" else "somebody"
    for name, about_kind, path in addresses(world):
        if asked(name, kind) and (FULL or about_kind != "foreign"):
            yield path
    for number in (one.number for one in c.hidden.values()):
        yield from (f"/requests/{number}/?own=1", f"/requests/{number}/?all=1", f"/palette/?on={number}")
        yield f"/triage/?request={number}"
    for pk in Comment.objects.filter(request__in=[one.pk for one in c.hidden.values()]).values_list("pk"):
        yield f"/requests/{c.main.number}/comments/{pk[0]}/versions/"


def _comment(number: int) -> Comment | None:
    return Comment.objects.filter(request=number).first()


def _file(number: int) -> Attachment | None:
    return Attachment.objects.filter(request=number).first()


def _link(number: int) -> Link | None:
    return Link.objects.filter(source=number).first() or Link.objects.filter(target=number).first()


def lists(c: Canaries) -> Iterator[str]:
    """Lists in every order, status and grouping, on pages, as files and in the API."""
    number = c.world.requests["open"].number
    yield from (f"/requests/{number}/?all=1", f"/palette/?on={number}", f"/requests/{number}/mentions/?q=p")
    yield from ("/choices/people/?q=p", "/choices/teams/?q=t", "/api/v1/events/?after=0&limit=200")
    yield from _looks()
    yield from _narrowed(c)
    yield from (path.format(words=words, number=number) for words in WORDS for path in SEARCHES)


def _looks() -> Iterator[str]:
    """In small every third of them, in full all."""
    yield from (f"/requests/export/{form}/?columns={ALL_COLUMNS}" for form in ("csv", "json"))
    yield f"/requests/?columns={ALL_COLUMNS}"
    yield from (f"/requests/?group={group}" for group in GROUPS)
    each = 1 if FULL else 3
    yield from (f"/requests/?ordering={order}" for order, _words in ORDERS[::each])
    yield from (f"/api/v1/requests/?ordering={order}" for order in ("rank", "-deadline", "updated_at"))
    for status, _label in STATUS_CHOICES[::each]:
        yield from (f"/requests/?status={status}", f"/matrix/?status={status}")
        yield f"/api/v1/requests/?status={status}&limit=200"


def _narrowed(c: Canaries) -> Iterator[str]:
    teams = [f"team={team.slug}" for team in (c.asking, c.serving, c.world.crm)]
    for narrowed in (*teams, "turn=me", "blocked=true", "requester=me", "owner=me"):
        yield from (f"/requests/?{narrowed}", f"/api/v1/requests/?{narrowed}")
    for slug in (c.serving.slug, c.world.crm.slug):
        yield f"/boards/{slug}/"
        for status in BOARD_COLUMNS if FULL else (Status.IN_PROGRESS,):
            yield from (f"{api}/boards/{slug}/columns/{status}/" for api in ("", "/api/v1"))


# What stands in the open requests, and in the hidden ones.
WORDS = ("Newsletter", "Request")
# Everything that looks for words.
SEARCHES = (
    "/requests/?q={words}",
    "/requests/?label={words}",
    "/requests/export/csv/?q={words}",
    "/requests/export/json/?q={words}",
    "/search/?q={words}",
    "/palette/?q={words}",
    "/matrix/?q={words}",
    "/choices/people/?q={words}",
    "/choices/teams/?q={words}",
    "/requests/{number}/mentions/?q={words}",
    "/api/v1/requests/?q={words}",
    "/api/v1/requests/?label={words}",
    "/api/v1/similar/?q={words}",
)
