"""Mentions: ``@[Tom Reiter](person:12)`` in a text names a person, who is told and must see the request.

Pages write this form when one chooses from the list. Who only types ``@tom@company.example`` or
``@Tom Reiter`` is understood as well; what fits nobody, or several, stays text.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from requests_app.markdown import people_in
from requests_app.models import COMMENT_TEXT, Comment, Request
from requests_app.workflow.merge import audience
from teams.models import Person
from teams.rules import InvalidFields, Missing
from teams.texts import clean_text

# Who has to tell more people than these at once writes to nobody in particular.
MOST = 50
OFFERED = 8
LONGEST_NAME = 4
CODE = re.compile(r"(`+)")
WRITTEN = re.compile(r"@\[((?:\\.|[^\[\]\\\n]){0,400})\]\(person:([1-9]\d{0,17})\)", re.ASCII)
ADDRESS = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"
WORD = r"[^\s@\[\]()<>`,;:!?\"]{1,60}"
TYPED = re.compile(rf"(?<![\w@\\])@(?:({ADDRESS})|({WORD}(?: {WORD}){{0,{LONGEST_NAME - 1}}}))")
SPECIAL = re.compile(r"([\\`*_\[\]<>~&!])")
ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Text:
    """A text as it is kept, and the people whom it names anew."""

    text: str
    people: tuple[int, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        """What the event says of it: ids, never words."""
        return {"mentions": list(self.people)} if self.people else {}


def settled(request: Request, text: str, before: str = "") -> Text:
    """``text`` with every mention in its kept form and under the person's real name.

    Who was named in ``before``, the earlier text, is not told again.

    :raises InvalidFields: naming those who may not see the request or are gone; too many; too long.
    """
    if "@" not in text:
        return Text(text)
    text = _with_typed_ones(text)
    named = people_in(text)
    if len(named) > MOST:
        words = _("Mention at most %(most)d people in a comment.") % {"most": MOST}
        raise InvalidFields([Missing("too_many", words, "body")])
    people = Person.objects.in_bulk(named)
    new = [pk for pk in named if pk not in people_in(before)]
    _refuse_outsiders(request, new, people)
    text = _outside_code(text, lambda part: WRITTEN.sub(lambda found: _renamed(found, people), part))
    return Text(clean_text(text, "body", COMMENT_TEXT), tuple(new))


def offered(request: Request, words: str, by: Person) -> list[Person]:
    """The first whom all ``words`` fit of those who may see ``request``, those who take part in it first."""
    people = Person.objects.filter(is_active=True).exclude(pk=by.pk)
    if request.restricted:
        people = people.filter(Q(pk__in=audience(request)) | Q(is_admin=True))
    for word in words.split()[:5]:
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    near = Case(When(pk__in=_near(request), then=Value(0)), default=Value(1))
    found = list(people.order_by(near, "sort_key", "pk")[:OFFERED])
    seen = Request.objects.filter(pk=request.pk).seen_by_each(found)
    return [person for person in found if (person.pk, request.pk) in seen]


def mention(person: Person) -> str:
    """The kept form."""
    name = SPECIAL.sub(r"\\\1", person.name)
    return f"@[{name}](person:{person.pk})"


def plain(text: str) -> str:
    """``text`` with mentions as people read them: ``@Tom Reiter``."""
    return WRITTEN.sub(lambda found: "@" + ESCAPED.sub(r"\1", found[1]), text)


def _near(request: Request) -> set[int | None]:
    """Those who hold a seat or have said something."""
    authors = Comment.objects.filter(request=request, author__isnull=False).values_list("author", flat=True)
    seats = {request.requester_id, request.marketing_owner_id, request.it_owner_id}
    return {*authors.distinct(), *seats} - {None}


def _refuse_outsiders(request: Request, named: list[int], people: dict[int, Person]) -> None:
    there = [people[pk] for pk in named if pk in people]
    if len(there) < len(named):
        raise InvalidFields([Missing("invalid", _("You mention somebody whom there is not."), "body")])
    seen = Request.objects.filter(pk=request.pk).seen_by_each(there)
    outside = [person.name for person in there if (person.pk, request.pk) not in seen]
    if outside:
        words = _("Not everybody whom you mention may see this request: %(names)s.")
        raise InvalidFields([Missing("not_visible", words % {"names": ", ".join(outside)}, "body")])


def _renamed(found: re.Match[str], people: dict[int, Person]) -> str:
    person = people.get(int(found[2]))
    return mention(person) if person else found[0]


def _with_typed_ones(text: str) -> str:
    typed = [found for part in _prose(text) for found in TYPED.finditer(part)][:MOST]
    if not typed:
        return text
    by_address, by_name = _people_typed(typed)

    def kept(found: re.Match[str]) -> str:
        if found[1]:
            person = by_address.get(found[1].lower())
            return mention(person) if person else found[0]
        for name in _names_in(found[2]):
            if name.lower() in by_name:
                return mention(by_name[name.lower()]) + found[2][len(name) :]
        return found[0]

    return _outside_code(text, lambda part: TYPED.sub(kept, part))


def _people_typed(typed: Iterable[re.Match[str]]) -> tuple[dict[str, Person], dict[str, Person]]:
    """Active people by address and, where only one is called so, by name; both in small letters."""
    addresses = {found[1].lower() for found in typed if found[1]}
    names = {name.lower() for found in typed if found[2] for name in _names_in(found[2])}
    active = Person.objects.filter(is_active=True).annotate(called=Lower("name"))
    by_address: dict[str, Person] = {}
    by_name: dict[str, list[Person]] = {}
    for person in active.filter(Q(email__in=addresses) | Q(called__in=names)):
        by_address[person.email.lower()] = person
        by_name.setdefault(person.name.lower(), []).append(person)
    return by_address, {name: found[0] for name, found in by_name.items() if len(found) == 1}


def _names_in(words: str) -> list[str]:
    """What of ``words`` may be a name, the longest first: "Tom Reiter knows", "Tom Reiter", "Tom"."""
    parts = words.split(" ")
    longest = [" ".join(parts[:n]) for n in range(len(parts), 0, -1)]
    return [name for words in longest for name in dict.fromkeys((words, words.rstrip(".'’")))]


def _prose(text: str) -> Iterator[str]:
    return (part for part, is_code in _parts(text) if not is_code)


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    return "".join(part if is_code else change(part) for part, is_code in _parts(text))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """``text`` in pieces, and whether each stands between backticks."""
    pieces = CODE.split(text)
    # Each run of backticks opens code where a later run is as long.
    last = {run: place for place, run in enumerate(pieces) if place % 2}
    opened = ""
    for place, piece in enumerate(pieces):
        is_run = bool(place % 2)
        if is_run and not opened and last[piece] > place:
            opened = piece
        elif is_run and piece == opened:
            opened = ""
        yield piece, is_run or bool(opened)
