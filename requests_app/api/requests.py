"""Requests: the list, one, filing and changing."""

from typing import Any

from django.urls import reverse
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api import inputs
from requests_app.api.answers import RequestOut
from requests_app.api.etags import IF_MATCH, IF_NONE_MATCH, expected_of
from requests_app.api.output import COLUMNS, request_bodies, request_body
from requests_app.filters import RequestFilters
from requests_app.intake.edit import edit
from requests_app.intake.submit import create
from requests_app.models import Request
from teams.api import PAGING, me_of, refuse_unknown
from teams.etags import answer_one


class ApiFilters(RequestFilters):
    besides = PAGING


class RequestsView(GenericAPIView[Request]):
    """What you may see of the requests; drafts are left out unless asked for by `status=draft`."""

    queryset = Request.objects.none()
    serializer_class = RequestOut
    filter_backends = (DjangoFilterBackend,)
    filterset_class = ApiFilters

    @extend_schema(operation_id="requests_list", responses=RequestOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        me = me_of(request)
        rows: Any = self.filter_queryset(Request.objects.visible_to(me)).values(*COLUMNS)
        return self.get_paginated_response(request_bodies(self.paginate_queryset(rows) or [], me))

    @extend_schema(
        operation_id="requests_create", filters=False, request=inputs.RequestIn, responses={201: RequestOut}
    )
    def post(self, request: ApiRequest) -> Response:
        """File a request, or keep it as a draft."""
        refuse_unknown(request)
        me = me_of(request)
        given = inputs.read(inputs.RequestIn, request.data)
        with inputs.told_in_our_words():
            made = create(inputs.request_fields(given), by=me, submit=given["submit"])
        response = answer_one(request, request_body(made.number, me), made.version, 201)
        response.headers["Location"] = request.build_absolute_uri(reverse("api:request", args=[made.number]))
        return response


class RequestView(APIView):
    """One request."""

    @extend_schema(operation_id="requests_retrieve", parameters=[IF_NONE_MATCH], responses=RequestOut)
    def get(self, request: ApiRequest, number: int) -> Response:
        refuse_unknown(request)
        body = request_body(number, me_of(request))
        return answer_one(request, body, body["version"])

    @extend_schema(
        operation_id="requests_partial_update",
        parameters=[IF_MATCH],
        request=inputs.RequestPatchIn,
        responses=RequestOut,
    )
    def patch(self, request: ApiRequest, number: int) -> Response:
        """Change the fields that are sent, and no other."""
        refuse_unknown(request)
        me = me_of(request)
        seen = Request.objects.get_visible(me, number)
        given = inputs.read(inputs.RequestPatchIn, request.data)
        version = expected_of(request, seen)
        with inputs.told_in_our_words():
            edit(number, inputs.request_fields(given), by=me, reason=given.get("reason", ""), version=version)
        return changed(request, number)


def changed(request: ApiRequest, number: int) -> Response:
    """The answer after a change: the request as it now is."""
    body = request_body(number, me_of(request))
    return answer_one(request, body, body["version"])
