"""Exchanges, for machines. They stand in this room for its strict input fields."""

from collections.abc import Sequence
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from activity import clock
from knowhow.exchanges import afterwards, places, planning, reads, rights
from knowhow.exchanges.models import Exchange, ExchangeMaterial
from knowhow.exchanges.session_fields import SessionFields
from knowhow.exchanges.wall_time import Span
from requests_app.api.etags import IF_MATCH, IF_NONE_MATCH
from requests_app.api.exchange_shapes import (
    WORDS,
    AttendanceIn,
    CancellationIn,
    ExchangeIn,
    ExchangeOut,
    FeedbackIn,
    HoursIn,
    MaterialIn,
    MaterialOut,
    PlannedOut,
    WordsIn,
    exchange_out,
    material_out,
)
from requests_app.api.inputs import NothingIn, read
from teams.api import PAGING, me_of, refuse_unknown
from teams.etags import answer_one, version_expected
from teams.fields import clean_zone, wrong
from teams.models import Person

WHENS = ("coming", "past", "mine")
WHEN = OpenApiParameter("when", str, enum=WHENS, description="Without it all, the latest first.")
WORD = OpenApiParameter("q", str, description="Words of title, topic, promise or host.")


class ExchangesView(GenericAPIView[Exchange]):
    """Exchanges and days of job shadowing."""

    serializer_class = ExchangeOut

    @extend_schema(
        operation_id="exchanges_list",
        parameters=[WHEN, WORD],
        responses=ExchangeOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, *PAGING, "when", "q")
        rows = reads.matching(_asked(request), request.query_params.get("q", "").replace("\0", "")[:200])
        return self.get_paginated_response([exchange_out(row) for row in self.paginate_queryset(rows) or []])

    @extend_schema(
        operation_id="exchanges_create",
        request=ExchangeIn,
        responses={201: PlannedOut},
    )
    def post(self, request: ApiRequest) -> Response:
        """Plan one, or a series; your own, or as lead somebody's of your team."""
        refuse_unknown(request)
        me, given = me_of(request), read(ExchangeIn, request.data)
        zone = ZoneInfo(clean_zone(given.get("time_zone") or timezone.get_current_timezone_name()))
        span = Span(given["starts_at"], given["ends_at"])
        rhythm = planning.Rhythm(given["every_weeks"], given["times"])
        host = given.get("host") or me
        planned = planning.plan(
            _words(given),
            span,
            zone,
            by=me,
            host=host,
            kind=given["kind"],
            rhythm=rhythm,
            proposal_id=given.get("proposal"),
        )
        return _planned(request, me, planned)


def _asked(request: ApiRequest) -> Any:
    me, now, when = me_of(request), clock.now(), request.query_params.get("when", "")
    if when and when not in WHENS:
        raise wrong("when", _("Choose one of: %(choices)s.") % {"choices": ", ".join(WHENS)})
    if when == "coming":
        return reads.coming(me, now)
    if when == "past":
        return reads.past(me, now)
    return (
        reads.of_person(me, now) if when == "mine" else reads.exchanges_of(me).order_by("-starts_at", "-pk")
    )


def _planned(request: ApiRequest, me: Person, planned: Sequence[Exchange]) -> Response:
    own = [one.pk for one in planned]
    busy = planning.overlapping(planned[0].host, [planning.span_of(one) for one in planned], own)
    words = _("The host also holds “%(title)s” at this time.")
    first = _one(me, planned[0].pk)
    warnings = [{"code": "host_busy", "message": words % {"title": one.title}} for one in busy]
    body = {**exchange_out(first), "sessions": own, "warnings": warnings}
    response = answer_one(request, body, first.version, 201)
    response.headers["Location"] = body["url"]
    return response


def _words(given: dict[str, Any]) -> SessionFields:
    return cast(SessionFields, {name: given[name] for name in WORDS if name in given})


def _one(me: Person, pk: int) -> Exchange:
    return rights.get_exchange(me, pk, reads.exchanges_of(me))


def _answer(request: ApiRequest, pk: int) -> Response:
    found = _one(me_of(request), pk)
    return answer_one(request, exchange_out(found), found.version)


def _expected(request: ApiRequest, seen: Exchange) -> int | None:
    return version_expected(request.headers.get("If-Match"), seen.version)


class ExchangeView(APIView):
    """One exchange."""

    @extend_schema(
        operation_id="exchanges_retrieve",
        parameters=[IF_NONE_MATCH],
        responses=ExchangeOut,
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        refuse_unknown(request)
        return _answer(request, pk)

    @extend_schema(
        operation_id="exchanges_partial_update", parameters=[IF_MATCH], request=WordsIn, responses=ExchangeOut
    )
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change what is sent, as its host; with more seats those who wait move up."""
        refuse_unknown(request)
        me = me_of(request)
        seen, given = _one(me, pk), read(WordsIn, request.data)
        planning.edit(pk, _words(given), by=me, version=_expected(request, seen))
        return _answer(request, pk)


class HoursView(APIView):
    @extend_schema(
        operation_id="exchanges_move", parameters=[IF_MATCH], request=HoursIn, responses=ExchangeOut
    )
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Move it to other hours; whoever comes gets a new invitation."""
        refuse_unknown(request)
        me = me_of(request)
        seen, given = _one(me, pk), read(HoursIn, request.data)
        span, version = Span(given["starts_at"], given["ends_at"]), _expected(request, seen)
        planning.move(pk, span, by=me, following=given["following"], version=version)
        return _answer(request, pk)


class CancellationView(APIView):
    @extend_schema(
        operation_id="exchanges_cancel", parameters=[IF_MATCH], request=CancellationIn, responses=ExchangeOut
    )
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Call it off; calendars take it out."""
        refuse_unknown(request)
        me = me_of(request)
        seen, given = _one(me, pk), read(CancellationIn, request.data)
        version = _expected(request, seen)
        planning.cancel(pk, given["reason"], by=me, following=given["following"], version=version)
        return _answer(request, pk)


class SignUpView(APIView):
    @extend_schema(operation_id="exchanges_sign_up", request=NothingIn, responses=ExchangeOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        """Take a seat; where none is free, a place on the waiting list, which moves up by itself."""
        refuse_unknown(request)
        read(NothingIn, request.data)
        places.sign_up(pk, by=me_of(request))
        return _answer(request, pk)

    @extend_schema(operation_id="exchanges_sign_off", responses=ExchangeOut)
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """Give seat or place back."""
        refuse_unknown(request)
        places.sign_off(pk, by=me_of(request))
        return _answer(request, pk)


class AttendanceView(APIView):
    @extend_schema(operation_id="exchanges_attendance", request=AttendanceIn, responses=ExchangeOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        """Say who was there, as its host."""
        refuse_unknown(request)
        given = read(AttendanceIn, request.data)
        afterwards.record_attendance(pk, given["present"], by=me_of(request))
        return _answer(request, pk)


class FeedbackView(APIView):
    @extend_schema(operation_id="exchanges_feedback", request=FeedbackIn, responses=ExchangeOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        """Answer the one question, as one who was there."""
        refuse_unknown(request)
        given = read(FeedbackIn, request.data)
        afterwards.give_feedback(pk, given["answer"], by=me_of(request))
        return _answer(request, pk)


class MaterialsView(GenericAPIView[ExchangeMaterial]):
    """Links to what is shown."""

    serializer_class = MaterialOut

    @extend_schema(operation_id="exchange_materials_list", responses=MaterialOut(many=True))
    def get(self, request: ApiRequest, pk: int) -> Response:
        refuse_unknown(request, *PAGING)
        rows = rights.get_exchange(me_of(request), pk).materials.order_by("added_at", "pk")
        return self.get_paginated_response([material_out(row) for row in self.paginate_queryset(rows) or []])

    @extend_schema(operation_id="exchange_materials_create", request=MaterialIn, responses={201: MaterialOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Add a link, as its host."""
        refuse_unknown(request)
        given = read(MaterialIn, request.data)
        added = afterwards.add_material(pk, given["title"], given["link"], by=me_of(request))
        return Response(material_out(added), status=201)


class MaterialView(APIView):
    @extend_schema(operation_id="exchange_materials_destroy", responses={204: None})
    def delete(self, request: ApiRequest, pk: int, material: int) -> Response:
        """Take a link away, as its host."""
        refuse_unknown(request)
        afterwards.remove_material(pk, material, by=me_of(request))
        return Response(status=204)
