"""The list that a person is looking at, as a file."""

from collections.abc import Callable, Iterator

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from activity import clock
from requests_app.lists.columns import rows_for
from requests_app.lists.export import csv_of, delimiter_for, json_of
from requests_app.lists.filters import ListFilters, filters_of
from requests_app.views.listing import request_list
from teams.http import AuthedRequest

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@never_cache
@require_GET
def export(request: AuthedRequest, form: str) -> HttpResponse | StreamingHttpResponse:
    """Everything that the list's address shows on all of its pages, in its order; CSV has its columns."""
    if form not in TYPES:
        raise Http404
    filters = filters_of(request.GET, request.user)
    if not filters.is_valid():
        # What is wrong with the address is told where it was made.
        return request_list(request)
    answer = StreamingHttpResponse(_pieces(form, filters), content_type=TYPES[form])
    day = timezone.localdate(clock.now()).isoformat()
    answer["Content-Disposition"] = f'attachment; filename="tandem-{day}.{form}"'
    return answer


def _pieces(form: str, filters: ListFilters) -> Iterator[str]:
    language, zone = translation.get_language() or "", timezone.get_current_timezone()
    return _in(language, zone, lambda: _content(form, filters, language))


def _content(form: str, filters: ListFilters, language: str) -> Iterator[str]:
    if form == "json":
        return json_of(filters.qs, filters.person)
    return csv_of(rows_for(filters.qs, filters.shown), filters.shown, delimiter_for(language))


def _in(language: str, zone: object, content: Callable[[], Iterator[str]]) -> Iterator[str]:
    """The pieces, each made in the reader's language and zone, as they are sent after the view returned."""
    pieces = content()
    while True:
        with translation.override(language), timezone.override(zone):  # type: ignore[arg-type]
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
