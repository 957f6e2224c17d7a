"""The search page."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from portal.searching.asked import MOST_RANKED, Asked, read
from portal.searching.find import BY_KEY, Found, find
from portal.searching.kinds import Filters
from portal.searching.narrowing import narrow
from portal.searching.suggest import suggestion
from requests_app.search import clean_query, number_in
from teams.http import AuthedRequest
from teams.models import Person
from teams.rules import InvalidFields


@require_GET
def search_page(request: AuthedRequest) -> HttpResponse:
    """Hits for ``q``, the best first, of all kinds or of ``kind``; else words why there are none."""
    try:
        text = clean_query(request.GET.get("q", ""))
    except InvalidFields as refusal:
        refused = [missing.message for missing in refusal.missing]
        return render(request, "portal/search.html", {"query": "", "notes": refused}, status=400)
    kind = request.GET.get("kind", "")
    context = _context(text, kind if kind in BY_KEY else "", _page(request.GET.get("page", "")), request.user)
    return render(request, "portal/search.html", {"query": text, **context})


def _context(text: str, kind: str, page: int, person: Person) -> dict[str, Any]:
    asked = read(text)
    if not asked:
        return {"notes": [_("Add a word that should be there.")] if asked.unwanted else []}
    narrowed = narrow(asked, person)
    found = _found(asked, narrowed.filters, text, kind, page, person)
    return {
        "asked": asked,
        "notes": narrowed.notes,
        "found": found,
        "total": total_in_words(found.total, more=found.more),
        "tabs": _tabs(found, text, kind),
        "suggestion": _suggested(text, asked, found),
        "new_request": f"{reverse('requests:new')}?{urlencode({'title': ' '.join(asked.words)})}",
        **_ways(found, text, kind),
    }


def _found(asked: Asked, filters: Filters, text: str, kind: str, page: int, person: Person) -> Found:
    return find(asked, filters, person, kind=kind, page=page, number=number_in(text) or 0)


def _suggested(text: str, asked: Asked, found: Found) -> dict[str, str] | None:
    better = "" if found.total else suggestion(text, asked.words)
    return {"text": better, "url": _address(better)} if better else None


def _page(value: str) -> int:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else 1


def _tabs(found: Found, text: str, kind: str) -> list[dict[str, Any]]:
    """All hits, and each kind that has some, with its number."""
    if not found.total:
        return []
    every = {"label": _("Everything"), "url": _address(text), "count": _count(found.total, found.more)}
    some = [
        {
            "label": facet.kind.label,
            "url": _address(text, kind=facet.kind.key),
            "count": _count(facet.count, facet.more),
            "is_current": facet.kind.key == kind,
        }
        for facet in found.facets
        if facet.count or facet.kind.key == kind
    ]
    return [{**every, "is_current": not kind}, *some]


def _count(count: int, more: bool) -> str:
    number = number_format(count, force_grouping=True)
    return _("more than %(number)s") % {"number": number} if more else number


def total_in_words(total: int, *, more: bool) -> str:
    """How many hits, as a person would say it."""
    number = number_format(MOST_RANKED, force_grouping=True)
    if more:
        return _("More than %(number)s hits; the newest of them are sorted by how well they fit.") % {
            "number": number
        }
    return ngettext("%(number)d hit", "%(number)d hits", total) % {"number": total}


def _ways(found: Found, text: str, kind: str) -> dict[str, str]:
    return {
        "previous": _address(text, kind=kind, page=found.page - 1) if found.page > 1 else "",
        "next": _address(text, kind=kind, page=found.page + 1) if found.page < found.pages else "",
    }


def _address(text: str, *, kind: str = "", page: int = 1) -> str:
    wanted = {"q": text, "kind": kind, "page": page if page > 1 else ""}
    return f"{reverse('portal:search')}?{urlencode({key: value for key, value in wanted.items() if value})}"
