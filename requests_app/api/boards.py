"""Boards: their columns with the first cards, and the way on."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api.answers import BOARD_STATUSES, BoardOut, BoardWithColumnsOut, CardOut
from requests_app.api.output import CARD_COLUMNS, Body, card_bodies, card_body
from requests_app.boards.board import Column, board_team, boards, column_cards, team_board
from requests_app.models import Request
from teams.api import PAGING, me_of, refuse_unknown
from teams.etags import answer_one
from teams.models import Person, Team

BELOW = OpenApiParameter(
    "below", str, description="Taken from `next` of a column: the cards behind that place."
)
STATUS = OpenApiParameter(
    "status", str, OpenApiParameter.PATH, enum=[value for value, _label in BOARD_STATUSES]
)


class BoardsView(GenericAPIView[Team]):
    """All boards: every IT team has one."""

    serializer_class = BoardOut

    @extend_schema(operation_id="boards_list", responses=BoardOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, *PAGING)
        page = self.paginate_queryset(boards().order_by("name")) or []
        return self.get_paginated_response([board_out(team) for team in page])


def board_out(team: Team) -> Body:
    url = f"{settings.BASE_URL}/boards/{team.slug}/"
    return {"slug": team.slug, "name": team.name, "team": team.slug, "url": url}


class BoardView(APIView):
    """One board with the first cards of each column."""

    @extend_schema(operation_id="boards_retrieve", responses=BoardWithColumnsOut)
    def get(self, request: ApiRequest, slug: str) -> Response:
        refuse_unknown(request)
        me = me_of(request)
        team = board_team(slug)
        columns = team_board(team, me).columns
        cards = cards_by_number((card.number for column in columns for card in column.cards), me)
        body = board_out(team) | {"columns": [column_out(request, slug, one, cards) for one in columns]}
        return answer_one(request, body, team.version)


def cards_by_number(numbers: Iterable[int], person: Person) -> dict[int, Body]:
    rows = Request.objects.visible_to(person).filter(number__in=list(numbers)).values(*CARD_COLUMNS)
    return {row["number"]: card_body(row) for row in rows}


def column_out(request: ApiRequest, slug: str, column: Column, cards: dict[int, Body]) -> Body:
    return {
        "status": column.status,
        "label": column.label,
        "count": column.total,
        "limit": column.limit,
        "full": column.full,
        # Between the two reads somebody may have lost sight of one.
        "cards": [cards[card.number] for card in column.cards if card.number in cards],
        "next": below_url(request, slug, column),
    }


def below_url(request: ApiRequest, slug: str, column: Column) -> str | None:
    if column.below is None:
        return None
    path = reverse("api:column", args=[slug, column.status.value])
    return request.build_absolute_uri(f"{path}?below={column.below}")


class ColumnView(GenericAPIView[Request]):
    """The cards of one column in their order."""

    serializer_class = CardOut

    @extend_schema(
        operation_id="boards_columns_list", parameters=[STATUS, BELOW], responses=CardOut(many=True)
    )
    def get(self, request: ApiRequest, slug: str, status: str) -> Response:
        refuse_unknown(request, BELOW.name, *PAGING)
        rows = column_cards(board_team(slug), status, me_of(request), request.query_params.get(BELOW.name))
        values: Any = rows.values(*CARD_COLUMNS)
        return self.get_paginated_response(card_bodies(self.paginate_queryset(values) or []))
