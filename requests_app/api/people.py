"""Who follows a request, who needs it, too, and who wants to hear nothing of it."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api import inputs
from requests_app.api.answers import FollowerOut
from requests_app.api.output import Body, Row, person_in
from requests_app.discussion import mute, support, unmute, unwatch, watch, withdraw_support
from requests_app.models import Request, Supporter, Watcher
from requests_app.querysets import HIGHEST_NUMBER
from teams.api import PAGING, me_of, refuse_unknown
from teams.models import Person
from teams.rules import Missing, RuleViolation

COLUMNS = ("id", "since", "person_id", "person__name", "person__side")


class _PeopleView(GenericAPIView[Model]):
    serializer_class = FollowerOut
    rows: "QuerySet[Any]"

    def get(self, request: ApiRequest, number: int) -> Response:
        refuse_unknown(request, *PAGING)
        about = Request.objects.get_visible(me_of(request), number)
        rows: Any = self.rows.filter(request=about).order_by("since", "id").values(*COLUMNS)
        return self.get_paginated_response([follower_out(row) for row in self.paginate_queryset(rows) or []])

    def made(self, request: ApiRequest, number: int, person: Person) -> Response:
        # Whoever takes themselves out may lose sight; whoever comes in does not.
        about = Request.objects.get_visible(me_of(request), number)
        row = self.rows.values(*COLUMNS).get(request=about, person=person)
        return Response(follower_out(row), status=201)


class WatchersView(_PeopleView):
    """Who is told what happens; of a restricted request they may see all."""

    rows = Watcher.objects.all()

    @extend_schema(operation_id="watchers_list", responses=FollowerOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        return super().get(request, number)

    @extend_schema(operation_id="watchers_create", request=inputs.WatcherIn, responses={201: FollowerOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Follow it yourself, or as requester, tandem or lead let `person` follow."""
        refuse_unknown(request)
        me = me_of(request)
        person = inputs.read(inputs.WatcherIn, request.data).get("person")
        watch(number, person, by=me)
        return self.made(request, number, person or me)


class WatcherView(APIView):
    @extend_schema(operation_id="watchers_destroy", responses={204: None})
    def delete(self, request: ApiRequest, number: int, person_id: int) -> Response:
        """Let nobody be told any more: yourself, or as requester, tandem or lead somebody else."""
        refuse_unknown(request)
        me = me_of(request)
        unwatch(number, person_of(Watcher.objects.all(), me, number, person_id), by=me)
        return Response(status=204)


class SupportersView(_PeopleView):
    """Who needs it, too."""

    rows = Supporter.objects.all()

    @extend_schema(operation_id="supporters_list", responses=FollowerOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        return super().get(request, number)

    @extend_schema(operation_id="supporters_create", request=inputs.NothingIn, responses={201: FollowerOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Say "me too"; nobody says it for others."""
        refuse_unknown(request)
        me = me_of(request)
        inputs.read(inputs.NothingIn, request.data)
        support(number, by=me)
        return self.made(request, number, me)


class SupporterView(APIView):
    @extend_schema(operation_id="supporters_destroy", responses={204: None})
    def delete(self, request: ApiRequest, number: int, person_id: int) -> Response:
        """Take your own "me too" back."""
        refuse_unknown(request)
        me = me_of(request)
        if person_of(Supporter.objects.all(), me, number, person_id) != me:
            raise RuleViolation([Missing("not_yours", _("Everybody takes back only their own “me too”."))])
        withdraw_support(number, by=me)
        return Response(status=204)


class MuteView(APIView):
    @extend_schema(operation_id="mute_update", request=inputs.NothingIn, responses={204: None})
    def put(self, request: ApiRequest, number: int) -> Response:
        """Be told nothing more of the request, whatever you are to it."""
        refuse_unknown(request)
        inputs.read(inputs.NothingIn, request.data)
        mute(number, by=me_of(request))
        return Response(status=204)

    @extend_schema(operation_id="mute_destroy", responses={204: None})
    def delete(self, request: ApiRequest, number: int) -> Response:
        """Be told again."""
        refuse_unknown(request)
        unmute(number, by=me_of(request))
        return Response(status=204)


def person_of(rows: "QuerySet[Any]", me: Person, number: int, person_id: int) -> Person:
    """The person of one of ``rows`` of the request.

    :raises Http404: where ``me`` may not see the request, or the person is not among them.
    """
    about = Request.objects.get_visible(me, number)
    wanted = rows.filter(request=about, person=min(person_id, HIGHEST_NUMBER)).select_related("person")
    found = wanted.first()
    if found is None:
        raise Http404
    person: Person = found.person
    return person


def follower_out(row: Row) -> Body:
    return {"person": person_in(row, "person"), "since": row["since"]}
