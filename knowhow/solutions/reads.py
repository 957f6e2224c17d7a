"""What the catalogue's pages show, in a fixed number of queries."""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Prefetch, Q, QuerySet

from knowhow.solutions.experts import ENOUGH, masters
from knowhow.solutions.models import Expert, Solution
from teams import numbered
from teams.numbered import Page
from teams.words import CONFIGS, by_letters


def catalogue() -> QuerySet[Any]:
    """All solutions by name, with owner team and how many ``masters`` each has."""
    counted = Count("experts", filter=masters(), distinct=True)
    return (
        Solution.objects.select_related("team").annotate(masters=counted).order_by(by_letters("title"), "pk")
    )


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
    german, english = (SearchQuery(words, config=config, search_type="websearch") for config in CONFIGS)
    return german | english


def page_of(found: QuerySet[Any], number: int) -> Page[Solution]:
    """Page ``number`` of ``found``, with the touchpoints of its solutions."""
    return numbered.page_of(found.prefetch_related("touchpoints"), number)


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
