"""Boards: their columns with the first cards, and the way on."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api.answers import BOARD_STATUSES, BoardOut, BoardWithColumnsOut, CardOut
from requests_app.api.output import CARD_COLUMNS, Body, card_bodies, card_body
from requests_app.boards.board import Column, boards, column_cards, get_board, show
from requests_app.models import Board, Request
from teams.api import PAGING, me_of, name_out, refuse_unknown
from teams.etags import answer_one
from teams.models import Person
from teams.rules import InvalidFields, Missing

BELOW = OpenApiParameter(
    "below", str, description="Taken from `next` of a column: the cards behind that place."
)
STATUS = OpenApiParameter(
    "status", str, OpenApiParameter.PATH, enum=[value for value, _label in BOARD_STATUSES]
)


class BoardsView(GenericAPIView[Board]):
    """All boards: every IT team has one of its own, others were made by leads and administrators."""

    serializer_class = BoardOut

    @extend_schema(operation_id="boards_list", responses=BoardOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, *PAGING)
        page = self.paginate_queryset(boards().order_by("slug")) or []
        return self.get_paginated_response([board_out(board) for board in page])


def board_out(board: Board) -> Body:
    return {
        "slug": board.slug,
        "name": board.title,
        "team": board.team.slug if board.team else None,
        "owner": name_out(board.owner) if board.owner else None,
        "url": f"{settings.BASE_URL}/boards/{board.slug}/",
    }


def shown_out(board: Board) -> Body:
    """Which requests a board shows; what is empty does not narrow it."""
    teams = [row["slug"] for row in board.team_rows] if board.team is None else [board.team.slug]
    return {
        "teams": teams,
        "goal": board.goal_id,
        "touchpoints": [row["slug"] for row in board.touchpoint_rows],
        "type": board.type,
        "label": board.label,
        "requesting_side": board.requesting_side,
        "requesting_team": board.requesting_team.slug if board.requesting_team else None,
    }


class BoardView(APIView):
    """One board with the first cards of each column."""

    @extend_schema(operation_id="boards_retrieve", responses=BoardWithColumnsOut)
    def get(self, request: ApiRequest, slug: str) -> Response:
        refuse_unknown(request)
        me = me_of(request)
        board = get_board(slug)
        shown = show(board, me)
        cards = cards_by_number((card.number for column in shown.columns for card in column.cards), me)
        body = board_out(board) | {
            "shows": shown_out(board),
            "columns": [column_out(request, slug, one, cards) for one in shown.columns],
            "hidden": [{"status": one.status, "count": one.total} for one in shown.hidden],
        }
        return answer_one(request, body, board.version)


def cards_by_number(numbers: Iterable[int], person: Person) -> dict[int, Body]:
    rows = Request.objects.visible_to(person).filter(number__in=list(numbers)).values(*CARD_COLUMNS)
    return {row["number"]: card_body(row) for row in rows}


def column_out(request: ApiRequest, slug: str, column: Column, cards: dict[int, Body]) -> Body:
    return {
        "status": column.status,
        "label": column.label,
        "policy": column.policy,
        "age_mark": column.age_mark,
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
        below = request.query_params.get(BELOW.name)
        if below is not None and "\0" in below:
            words = _("This page of the list cannot be found. Start again at the first one.")
            raise InvalidFields([Missing("invalid", words, BELOW.name)])
        rows = column_cards(get_board(slug), status, me_of(request), below)
        values: Any = rows.values(*CARD_COLUMNS)
        return self.get_paginated_response(card_bodies(self.paginate_queryset(values) or []))
