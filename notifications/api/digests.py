"""One's digests, those of teams and of the company, for machines: what the pages show, as JSON."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.api.digest_shapes import DigestOut, IssueOut, digest_out, issue_out
from notifications.digest import page
from notifications.digest.archive import archive
from notifications.digest.open_pages import company_leaf, team_leaf
from notifications.models import Digest
from requests_app.api.etags import IF_NONE_MATCH
from teams.api import PAGING, me_of, refuse_unknown
from teams.etags import answer_one
from teams.models import Team

WORDS = OpenApiParameter("q", str, description="Only those that tell of what fits these words.")


class DigestsView(GenericAPIView[Digest]):
    """Your digests, the newest first."""

    serializer_class = IssueOut

    @extend_schema(operation_id="digests_list", parameters=[WORDS], responses=IssueOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, *PAGING, WORDS.name)
        me, query = me_of(request), request.query_params.get(WORDS.name, "")
        rows = Digest.objects.filter(person=me).order_by("-period_end", "-id")
        hits = {row.week.key: list(row.hits) for row in archive(me, query).rows} if query else {}
        if query:
            rows = rows.filter(week__in=hits)
        found = self.paginate_queryset(rows.defer("selection")) or []
        return self.get_paginated_response([issue_out(row, hits.get(row.week, [])) for row in found])


class DigestPreviewView(APIView):
    """Your digest of the week that runs, as it would be now."""

    @extend_schema(operation_id="digests_preview", parameters=[IF_NONE_MATCH], responses=DigestOut)
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request)
        leaf = page.preview(me_of(request))
        return answer_one(request, digest_out(leaf, leaf.sheet.path))


class DigestView(APIView):
    """Your digest of one week; of the week that runs, and the one before until it is sent, a preview."""

    @extend_schema(operation_id="digests_retrieve", parameters=[IF_NONE_MATCH], responses=DigestOut)
    def get(self, request: ApiRequest, week: str) -> Response:
        refuse_unknown(request)
        leaf = page.leaf(me_of(request), week)
        return answer_one(request, digest_out(leaf, leaf.sheet.path))


class CompanyDigestView(APIView):
    """The company's week, from Monday to Sunday: what every member may see."""

    @extend_schema(operation_id="digests_company", parameters=[IF_NONE_MATCH], responses=DigestOut)
    def get(self, request: ApiRequest, week: str) -> Response:
        refuse_unknown(request)
        path = reverse("notifications:company_digest", args=[week])
        return answer_one(request, digest_out(company_leaf(week, me_of(request)), path))


class TeamDigestView(APIView):
    """A team's week, from Monday to Sunday: what every member may see."""

    @extend_schema(operation_id="digests_team", parameters=[IF_NONE_MATCH], responses=DigestOut)
    def get(self, request: ApiRequest, week: str, slug: str) -> Response:
        refuse_unknown(request)
        leaf = team_leaf(get_object_or_404(Team, slug=slug), week, me_of(request))
        path = reverse("notifications:team_digest", args=[week, slug])
        return answer_one(request, digest_out(leaf, path))
