"""The list of requests: filters that work without JavaScript, pages by cursor, never a total."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from requests_app.lists.bulk_kinds import KINDS
from requests_app.lists.columns import rows_for
from requests_app.lists.filters import CURSOR, ListFilters, canonical, filters_of
from requests_app.lists.sorting import GROUPS
from requests_app.models import Request
from requests_app.paging import BadCursor, Page, page_of
from requests_app.views.list_controls import controls, heads
from teams.http import AuthedRequest

PAGE_SIZE = 25
NOTHING: Page[Request] = Page([])


@dataclass(frozen=True)
class Group:
    """Rows that stand together, and the words above them; without words where the list has no groups."""

    words: str | Promise
    rows: list[Request]


@require_GET
def request_list(request: AuthedRequest) -> HttpResponse:
    """What the person may see, filtered and ordered; a wrong filter is told, never ignored."""
    filters = filters_of(request.GET, request.user)
    page, errors = NOTHING, filters.errors_in_words()
    if not errors:
        try:
            rows = rows_for(filters.qs, filters.shown)
            page = page_of(rows, request.GET.get(CURSOR, ""), PAGE_SIZE)
        except BadCursor:
            errors = [_("This page of the list cannot be found. Start again at the first one.")]
    context = {
        "errors": errors,
        "next": _address(request.GET, page.next),
        "previous": _address(request.GET, page.previous),
        **(_table(page.rows, request.GET, filters) if filters.is_valid() else {}),
        **controls(request.GET, filters),
    }
    return render(request, "requests_app/list.html", context, status=400 if errors else 200)


def _table(rows: Sequence[Request], given: QueryDict, filters: ListFilters) -> dict[str, Any]:
    return {
        "groups": grouped(rows, filters.group_asked),
        "columns": filters.shown,
        "heads": heads(given, filters),
        "density": filters.form.cleaned_data["density"],
        "here": canonical(given),
        "kinds": KINDS.values(),
    }


def grouped(rows: Sequence[Request], group: str) -> list[Group]:
    """``rows``, which are in the order of ``group``, in groups."""
    if not group:
        return [Group("", list(rows))] if rows else []
    words = GROUPS[group].words
    return [Group(said, list(found)) for said, found in groupby(rows, key=words)]


def _address(given: QueryDict, cursor: str) -> str:
    if not cursor:
        return ""
    query = given.copy()
    query[CURSOR] = cursor
    return f"?{query.urlencode()}"
