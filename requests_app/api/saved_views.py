"""Saved views: names for the addresses of lists."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api.etags import IF_MATCH, IF_NONE_MATCH
from requests_app.api.fields import BySlug, StrictSerializer, Text
from requests_app.api.inputs import read
from requests_app.api.output import Body
from requests_app.lists.saved import Wanted, change_view, get_view, remove_view, save_view
from requests_app.lists.view_forms import LONGEST_ADDRESS
from requests_app.models import VIEW_NAME, Board, SavedView
from teams.api import PAGING, PersonOut, me_of, refuse_unknown
from teams.etags import answer_one, version_expected
from teams.models import Team


class ViewPatchIn(StrictSerializer):
    """Only what is sent is changed; `team: null` takes it back from the team."""

    name = Text(max_length=VIEW_NAME)
    query = Text(max_length=LONGEST_ADDRESS)
    team = BySlug(Team.objects.all, required=False, allow_null=True)


class ViewIn(ViewPatchIn):
    """`query` is what stands behind `?` in the address of the list, or of the board that `board` names.

    `team` shares the view with that team.
    """

    name = Text(max_length=VIEW_NAME, required=True)
    board = BySlug(Board.objects.all, required=False, allow_null=True)


class ViewOut(serializers.Serializer[Any]):
    """A view. `url` is the list or board that it shows, to each reader what they may see of it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    query = serializers.CharField(allow_blank=True)
    team = serializers.SlugField(allow_null=True)
    board = serializers.SlugField(allow_null=True)
    owner = PersonOut()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    url = serializers.URLField()


class ViewsView(GenericAPIView[SavedView]):
    """Your own views, and those shared with your teams."""

    serializer_class = ViewOut

    @extend_schema(operation_id="views_list", responses=ViewOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, *PAGING)
        rows = SavedView.objects.visible_to(me_of(request)).select_related("owner", "team", "board")
        rows = rows.order_by("id")
        return self.get_paginated_response([view_out(view) for view in self.paginate_queryset(rows) or []])

    @extend_schema(operation_id="views_create", request=ViewIn, responses={201: ViewOut})
    def post(self, request: ApiRequest) -> Response:
        """Keep the address of a list, or of a board."""
        refuse_unknown(request)
        given = read(ViewIn, request.data)
        places = {"team": given.get("team"), "board": given.get("board")}
        made = save_view(given["name"], given.get("query", ""), by=me_of(request), **places)
        response = answer_one(request, view_out(made), made.version, 201)
        response.headers["Location"] = request.build_absolute_uri(reverse("api:view", args=[made.pk]))
        return response


class ViewView(APIView):
    """One view."""

    @extend_schema(operation_id="views_retrieve", parameters=[IF_NONE_MATCH], responses=ViewOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        refuse_unknown(request)
        view = get_view(me_of(request), pk)
        return answer_one(request, view_out(view), view.version)

    @extend_schema(
        operation_id="views_partial_update", parameters=[IF_MATCH], request=ViewPatchIn, responses=ViewOut
    )
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Rename it, let it show something else, share it or take it back."""
        refuse_unknown(request)
        me = me_of(request)
        seen = get_view(me, pk)
        given = read(ViewPatchIn, request.data)
        wanted = Wanted(given.get("name"), given.get("query"), given.get("team"), moves="team" in given)
        view = change_view(pk, wanted, by=me, version=_expected(request, seen))
        return answer_one(request, view_out(view), view.version)

    @extend_schema(operation_id="views_destroy", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """Throw it away."""
        refuse_unknown(request)
        me = me_of(request)
        seen = get_view(me, pk)
        remove_view(pk, by=me, version=_expected(request, seen))
        return Response(status=204)


def _expected(request: ApiRequest, seen: SavedView) -> int | None:
    return version_expected(request.headers.get("If-Match"), seen.version)


def view_out(view: SavedView) -> Body:
    return {
        "id": view.pk,
        "name": view.name,
        "query": view.query,
        "team": view.team.slug if view.team else None,
        "board": view.board.slug if view.board else None,
        "owner": {"id": view.owner_id, "name": view.owner.name, "side": view.owner.side},
        "version": view.version,
        "created_at": view.created_at,
        "url": f"{settings.BASE_URL}{view.get_absolute_url()}",
    }
