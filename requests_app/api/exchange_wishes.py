"""What people wish for and nobody hosts yet, for machines."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from knowhow.exchanges import reads, wishes
from knowhow.exchanges.models import ExchangeProposal
from requests_app.api.exchange_shapes import ProposalIn, ProposalOut, proposal_out
from requests_app.api.inputs import NothingIn, read
from teams.api import PAGING, me_of, refuse_unknown
from teams.models import Person


class ProposalsView(GenericAPIView[ExchangeProposal]):
    """What people wish for and nobody hosts yet, the newest first."""

    serializer_class = ProposalOut

    @extend_schema(operation_id="exchange_proposals_list", responses=ProposalOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, *PAGING)
        rows = reads.open_proposals(me_of(request)).order_by("-id")
        return self.get_paginated_response([proposal_out(row) for row in self.paginate_queryset(rows) or []])

    @extend_schema(operation_id="exchange_proposals_create", request=ProposalIn, responses={201: ProposalOut})
    def post(self, request: ApiRequest) -> Response:
        """Wish for one; with five who would come, those who know the topic are asked to host it."""
        refuse_unknown(request)
        me, given = me_of(request), read(ProposalIn, request.data)
        topic, kind = given.get("topic", ""), given["kind"]
        made = wishes.propose(given["title"], given["ability"], topic=topic, kind=kind, by=me)
        return Response(proposal_out(_proposal(me, made.pk)), status=201)


class ProposalView(APIView):
    @extend_schema(operation_id="exchange_proposals_destroy", responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """Withdraw your own proposal."""
        refuse_unknown(request)
        wishes.withdraw(pk, by=me_of(request))
        return Response(status=204)


class WishView(APIView):
    @extend_schema(operation_id="exchange_proposals_wish", request=NothingIn, responses=ProposalOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        """Say that you would come."""
        refuse_unknown(request)
        read(NothingIn, request.data)
        wishes.wish(pk, by=me_of(request))
        return Response(proposal_out(_proposal(me_of(request), pk)))

    @extend_schema(operation_id="exchange_proposals_unwish", responses=ProposalOut)
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """Take it back."""
        refuse_unknown(request)
        wishes.unwish(pk, by=me_of(request))
        return Response(proposal_out(_proposal(me_of(request), pk)))


def _proposal(me: Person, pk: int) -> ExchangeProposal:
    found = reads.open_proposals(me).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
