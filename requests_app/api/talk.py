"""Comments on a request."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from requests_app.api import inputs
from requests_app.api.answers import CommentOut
from requests_app.api.output import Body, Row, person_in
from requests_app.discussion import comment
from requests_app.models import Comment, Request
from teams.api import PAGING, me_of, refuse_unknown

COLUMNS = ("id", "body", "created_at", "author_id", "author__name", "author__side")


class CommentsView(GenericAPIView[Comment]):
    """The talk about a request, the oldest first; texts are Markdown."""

    serializer_class = CommentOut

    @extend_schema(operation_id="comments_list", responses=CommentOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        refuse_unknown(request, *PAGING)
        me = me_of(request)
        about = Request.objects.get_visible(me, number)
        comments = Comment.objects.visible_to(me).filter(request=about).order_by("created_at", "id")
        rows: Any = comments.values(*COLUMNS)
        return self.get_paginated_response([comment_out(row) for row in self.paginate_queryset(rows) or []])

    @extend_schema(operation_id="comments_create", request=inputs.CommentIn, responses={201: CommentOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Say something."""
        refuse_unknown(request)
        me = me_of(request)
        about = Request.objects.get_visible(me, number)
        given = inputs.read(inputs.CommentIn, request.data)
        made = comment(about.number, given["body"], by=me)
        row = Comment.objects.visible_to(me).values(*COLUMNS).get(pk=made.pk)
        return Response(comment_out(row), status=201)


def comment_out(row: Row) -> Body:
    return {
        "id": row["id"],
        "author": person_in(row, "author"),
        "body": row["body"],
        "created_at": row["created_at"],
    }
