"""What the catalogue's pages show, in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Prefetch, Q, QuerySet

from knowhow.solutions.experts import ENOUGH, masters
from knowhow.solutions.models import Expert, Solution

PAGE = 50
MOST_PAGES = 2_000


@dataclass(frozen=True)
class Page:
    """One page of the catalogue; ``next`` and ``previous`` are page numbers or None."""

    solutions: list[Solution]
    number: int
    next: int | None
    previous: int | None


def catalogue() -> QuerySet[Any]:
    """All solutions by name, with owner team and how many ``masters`` each has."""
    counted = Count("experts", filter=masters(), distinct=True)
    return Solution.objects.select_related("team").annotate(masters=counted).order_by("title", "pk")


def chosen(wanted: Mapping[str, Any]) -> QuerySet[Any]:
    """What of the catalogue fits: ``q``, ``status``, ``touchpoint``, ``team`` (a slug), ``few`` experts."""
    found = catalogue()
    for name, condition in (("status", "status"), ("touchpoint", "touchpoints"), ("team", "team__slug")):
        if wanted.get(name):
            found = found.filter(**{condition: wanted[name]})
    if wanted.get("few"):
        found = found.filter(masters__lt=ENOUGH)
    if words := (wanted.get("q") or ""):
        found = found.filter(Q(title__icontains=words) | Q(words=_either_language(words)))
    return found


def _either_language(words: str) -> Any:
    german, english = (SearchQuery(words, config=config, search_type="websearch") for config in LANGUAGES)
    return german | english


LANGUAGES = ("german", "english")


def page_of(found: QuerySet[Any], number: int) -> Page:
    """Page ``number`` of ``found``, with the touchpoints of its solutions."""
    number = min(max(number, 1), MOST_PAGES)
    start = (number - 1) * PAGE
    rows = list(found.prefetch_related("touchpoints")[start : start + PAGE + 1])
    more = len(rows) > PAGE
    return Page(rows[:PAGE], number, number + 1 if more else None, number - 1 if number > 1 else None)


def whole(slug: str) -> QuerySet[Solution]:
    """The solution of a page with all that the page tells of it."""
    experts = Expert.objects.filter(person__is_active=True).select_related("person")
    return (
        Solution.objects.filter(slug=slug)
        .select_related("team")
        .prefetch_related(
            "touchpoints",
            "affected_teams",
            Prefetch("experts", experts.order_by("-level", "person__sort_key"), to_attr="shown_experts"),
        )
    )
