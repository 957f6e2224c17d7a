"""The API's lists: pages by cursor, with addresses of their neighbours."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from requests_app.paging import LONGEST_CURSOR, BadCursor, page_of
from teams.rules import InvalidFields, Missing

if TYPE_CHECKING:
    from rest_framework.views import APIView

CURSOR, LIMIT = "cursor", "limit"
DEFAULT_LIMIT, HIGHEST_LIMIT = 50, 200


class CursorPages(BasePagination):
    """`{"next", "previous", "results"}`; the view's queryset says the order, whose last column is unique."""

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[Any], request: Request, view: "APIView | None" = None
    ) -> list[Any]:
        self.address = request.build_absolute_uri()
        limit = limit_asked(request)
        try:
            page = page_of(queryset, request.query_params.get(CURSOR, ""), limit)
        except BadCursor:
            words = _("This cursor does not belong to this list. Start again at the first page.")
            raise InvalidFields([Missing("invalid", words, CURSOR)]) from None
        self.next, self.previous = self._link(page.next), self._link(page.previous)
        return list(page.rows)

    def _link(self, cursor: str) -> str | None:
        return replace_query_param(self.address, CURSOR, cursor) if cursor else None

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        # With an example, those of lists are shown as a whole page.
        link = {"type": "string", "format": "uri", "nullable": True, "example": None}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": [*properties], "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": HIGHEST_LIMIT, "default": DEFAULT_LIMIT}
        cursor = {"type": "string", "maxLength": LONGEST_CURSOR}
        return [
            {"name": LIMIT, "in": "query", "description": "Results on a page.", "schema": limit},
            {
                "name": CURSOR,
                "in": "query",
                "description": "Taken from `next` or `previous`.",
                "schema": cursor,
            },
        ]


def limit_asked(request: Request) -> int:
    """How many results the page has.

    :raises InvalidFields: for anything but a number from 1 to HIGHEST_LIMIT.
    """
    given = request.query_params.getlist(LIMIT)
    if not given:
        return DEFAULT_LIMIT
    text = given[0]
    fits = len(given) == 1 and text.isascii() and text.isdecimal() and len(text) <= 3
    if not fits or not 1 <= int(text) <= HIGHEST_LIMIT:
        words = _("Give a number from 1 to %(highest)d.") % {"highest": HIGHEST_LIMIT}
        raise InvalidFields([Missing("invalid", words, LIMIT)])
    return int(text)
