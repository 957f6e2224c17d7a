"""The search page."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from requests_app.search import Found, clean_query, search, total_in_words
from teams.http import AuthedRequest
from teams.rules import InvalidFields


@require_GET
def search_page(request: AuthedRequest) -> HttpResponse:
    """Hits for ``q``, the best first; words say why where nothing can be searched for."""
    typed = request.GET.get("q", "")
    try:
        text = clean_query(typed)
    except InvalidFields as refusal:
        refused = [missing.message for missing in refusal.missing]
        return render(request, "portal/search.html", {"query": "", "refused": refused}, status=400)
    if not text:
        return render(request, "portal/search.html", {"query": ""})
    found = search(text, request.user, _page(request.GET.get("page", "")))
    context = {"query": text, "found": found, "total": total_in_words(found), **_ways(text, found)}
    return render(request, "portal/search.html", context)


def _page(value: str) -> int:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else 1


def _ways(text: str, found: Found) -> dict[str, Any]:
    return {
        "previous": _address(text, found.page - 1) if found.page > 1 else "",
        "next": _address(text, found.page + 1) if found.page < found.pages else "",
    }


def _address(text: str, page: int) -> str:
    return f"{reverse('portal:search')}?{urlencode({'q': text, 'page': page})}"
