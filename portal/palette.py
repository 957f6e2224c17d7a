"""The command palette: wherever a person may go, and what they can do with the request that is open."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, CharField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from activity import clock
from knowhow.exchanges.models import Exchange
from knowhow.models import Skill, SkillWord, Solution
from knowhow.skills.words import plain
from portal.context import ENTRIES, address
from requests_app.choices import Status
from requests_app.intake.edit import may_edit_in
from requests_app.models import Board, Request, SavedView
from requests_app.search import clean_query, matching, number_in
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.situation import look
from requests_app.workflow.verdicts import verdict
from teams.http import AuthedRequest
from teams.models import Goal, Person, Side, Team
from teams.rules import InvalidFields

# Of each kind so many are offered; whoever wants more goes on typing.
MOST = 6
# One letter stands in nearly every request and says nothing.
SHORTEST = 2
# Reached by a button that sends, not by a link.
NO_PAGES = ("language", "logout")


@dataclass(frozen=True)
class Option:
    """One line: where it leads, and in grey what it is."""

    label: str | Promise
    url: str
    icon: str
    note: str | Promise = ""


@dataclass(frozen=True)
class Section:
    label: str
    options: list[Option]


@never_cache
@require_GET
def palette(request: AuthedRequest) -> HttpResponse:
    """What fits ``q``, as options; ``on`` is the number of the open request, whose steps come first."""
    try:
        text = clean_query(request.GET.get("q", ""))
    except InvalidFields:
        return render(request, "portal/_palette.html", {"sections": []}, status=400)
    found = [
        Section(_("This request"), list(_steps(request.user, request.GET.get("on", ""), text))),
        Section(_("Requests"), list(_requests(request.user, text))),
        Section(_("Pages"), list(_pages(request.user, text))),
        Section(_("Goals, teams, people, know-how"), list(_things(request.user, text))),
    ]
    sections = [section for section in found if section.options]
    if text:
        url = f"{reverse('portal:search')}?{urlencode({'q': text})}"
        everything = Option(_("Search all texts for “%(words)s”") % {"words": text}, url, "search")
        sections.append(Section(_("Search"), [everything]))
    count = sum(len(section.options) for section in sections)
    return render(request, "portal/_palette.html", {"sections": sections, "count": count})


def _fits(text: str, label: str | Promise) -> bool:
    return text.casefold() in str(label).casefold()


def _steps(person: Person, number: str, text: str) -> Iterator[Option]:
    """The actions that ``person`` can take now; a hidden request has none, like one that does not exist."""
    if not number:
        return
    found = Request.objects.with_people().get_visible(person, number)
    if found.status == Status.DRAFT:
        return
    situation = look(found, person)
    verdicts = [verdict(action, situation) for action in ACTIONS.values()]
    for one in verdicts:
        if (one.allowed or one.may_override) and _fits(text, one.label):
            yield Option(
                one.label, reverse("requests:act", args=[found.number, one.action]), "bolt", found.key
            )
    if may_edit_in(situation) and _fits(text, _("Change")):
        yield Option(_("Change"), reverse("requests:edit", args=[found.number]), "edit", found.key)


def _requests(person: Person, text: str) -> Iterator[Option]:
    number = number_in(text)
    if len(text) < SHORTEST and number is None:
        return
    rows = matching(Request.objects.visible_to(person).submitted(), text)
    if number is not None:
        asked_for = ExpressionWrapper(Q(number=number), output_field=BooleanField())
        rows = rows.annotate(asked_for=asked_for).order_by("-asked_for", "-number")
    else:
        rows = rows.order_by("-number")
    for found, title, status in rows.values_list("number", "title", "status")[:MOST]:
        url = reverse("requests:detail", args=[found])
        yield Option(title or f"T-{found}", url, "list-details", f"T-{found} · {Status(status).label}")


def _pages(person: Person, text: str) -> Iterator[Option]:
    for entry in ENTRIES:
        if entry.key in NO_PAGES or (entry.for_admins and not person.is_admin):
            continue
        url = address(entry.route)
        if url and _fits(text, entry.label):
            yield Option(entry.label, url, entry.icon)


def _things(person: Person, text: str) -> Iterator[Option]:
    """What has a name: goals, teams with their boards, people, skills, exchanges, saved views. One query."""
    if not text:
        return
    views = SavedView.objects.offered_to(person).filter(name__icontains=text)
    coming = Exchange.objects.visible_to(person).planned().filter(ends_at__gt=clock.now())
    parts = [
        _named("view", views, "query", "name"),
        _named("board", Board.objects.filter(team=None, name__icontains=text), "slug", "name"),
        _named("goal", Goal.objects.filter(title__icontains=text, is_archived=False), "pk", "title"),
        _named("solution", Solution.objects.filter(title__icontains=text), "slug", "title"),
        _named("team", Team.objects.filter(name__icontains=text), "slug", "name", "side"),
        _named("person", Person.objects.filter(name__icontains=text, is_active=True), "pk", "name"),
        _named("skill", _skills(text), "pk", "name_de" if _speaks_german() else "name_en"),
        _named("exchange", coming.filter(title__icontains=text), "pk", "title"),
    ]
    for kind, key, label, more in parts[0].union(*parts[1:], all=True):
        yield from OPTIONS[kind](key, label, more)


def _skills(text: str) -> "QuerySet[Any]":
    """The listed skills of which a name or a synonym holds ``text``."""
    words = SkillWord.objects.filter(skill=OuterRef("pk"), text__contains=plain(text))
    return Skill.objects.filter(Exists(words), state=Skill.State.LISTED)


def _speaks_german() -> bool:
    return (get_language() or "").startswith("de")


def _named(kind: str, rows: "QuerySet[Any]", key: str, label: str, more: str = "") -> "QuerySet[Any, Any]":
    """Rows of (kind, key, label, more), by label."""
    as_text = CharField()
    columns = {
        "kind_": Value(kind, output_field=as_text),
        "key_": Cast(key, as_text),
        "label_": Cast(label, as_text),
        "more_": Cast(more, as_text) if more else Value("", output_field=as_text),
    }
    named = rows.order_by(label, "pk").annotate(**columns)
    found: QuerySet[Any, Any] = named.values_list(*columns)[:MOST]
    return found


def _view(key: str, label: str, more: str) -> Iterator[Option]:
    yield Option(label, f"{reverse('requests:list')}?{key}", "bookmark", _("Saved view"))


def _board(key: str, label: str, more: str) -> Iterator[Option]:
    yield Option(label, reverse("requests:board", args=[key]), "layout-kanban", _("Board"))


def _goal(key: str, label: str, more: str) -> Iterator[Option]:
    yield Option(label, reverse("teams:goal", args=[key]), "target-arrow", _("Goal"))


def _solution(key: str, label: str, more: str) -> Iterator[Option]:
    yield Option(label, reverse("solutions:solution", args=[key]), "puzzle", _("Solution"))


def _team(key: str, label: str, more: str) -> Iterator[Option]:
    yield Option(label, reverse("teams:team", args=[key]), "users-group", _("Team"))
    if more == Side.IT:
        yield from _board(key, label, "")


def _person(key: str, label: str, more: str) -> Iterator[Option]:
    yield Option(label, reverse("teams:person", args=[key]), "user", _("Person"))


def _skill(key: str, label: str, more: str) -> Iterator[Option]:
    yield Option(label, reverse("knowhow:skill", args=[key]), "sparkles", _("Skill"))


def _exchange(key: str, label: str, more: str) -> Iterator[Option]:
    yield Option(label, reverse("exchanges:exchange", args=[key]), "calendar", _("Exchange"))


OPTIONS = {
    "view": _view,
    "board": _board,
    "goal": _goal,
    "solution": _solution,
    "team": _team,
    "person": _person,
    "skill": _skill,
    "exchange": _exchange,
}
