"""Comments on a request, questions to a side, and their answers."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.api import inputs
from requests_app.api.answers import CommentOut
from requests_app.api.etags import IF_MATCH, IF_NONE_MATCH
from requests_app.api.output import Body, Row, person_in
from requests_app.discussion import answer, comment, delete_comment, edit_comment
from requests_app.models import Comment, Request
from requests_app.querysets import HIGHEST_NUMBER
from teams.api import PAGING, me_of, refuse_unknown
from teams.etags import answer_one, version_expected
from teams.models import Person

PLAIN = ("body", "created_at", "answered_at", "edited_at", "deleted_at", "version")
PEOPLE = ("author", "answered_by")
COLUMNS = (
    *("id", *PLAIN, "question_to", "answer_to_id"),
    *(f"{who}{part}" for who in PEOPLE for part in ("_id", "__name", "__side")),
)


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

    @extend_schema(
        operation_id="comments_create",
        request=inputs.CommentIn,
        responses={201: CommentOut},
    )
    def post(self, request: ApiRequest, number: int) -> Response:
        """Say something, or ask a side by `question_to`.

        Mention people as `@[Name](person:ID)`, `@address` or `@Full Name`; each has to see the request.
        """
        refuse_unknown(request)
        me = me_of(request)
        about = Request.objects.get_visible(me, number)
        given = inputs.read(inputs.CommentIn, request.data)
        made = comment(about.number, given["body"], by=me, question_to=given.get("question_to") or "")
        return Response(comment_out(row_of(me, made.pk)), status=201)


class CommentView(APIView):
    """One comment. Its ETag is the version of the comment, not of the request."""

    @extend_schema(operation_id="comments_retrieve", parameters=[IF_NONE_MATCH], responses=CommentOut)
    def get(self, request: ApiRequest, number: int, comment_id: int) -> Response:
        refuse_unknown(request)
        row = seen(request, number, comment_id)
        return answer_one(request, comment_out(row), row["version"])

    @extend_schema(
        operation_id="comments_update", parameters=[IF_MATCH], request=inputs.TextIn, responses=CommentOut
    )
    def patch(self, request: ApiRequest, number: int, comment_id: int) -> Response:
        """Change your own comment within 15 minutes; what stood there before stays readable on the page."""
        refuse_unknown(request)
        me, version = me_of(request), expected(request, seen(request, number, comment_id))
        body = inputs.read(inputs.TextIn, request.data)["body"]
        made = edit_comment(number, comment_id, body, by=me, version=version)
        return answer_one(request, comment_out(row_of(me, made.pk)), made.version)

    @extend_schema(operation_id="comments_destroy", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: ApiRequest, number: int, comment_id: int) -> Response:
        """Take its text away for good; a question is withdrawn by it. Author, leads and admins."""
        refuse_unknown(request)
        version = expected(request, seen(request, number, comment_id))
        delete_comment(number, comment_id, by=me_of(request), version=version)
        return Response(status=204)


class AnswerView(APIView):
    @extend_schema(
        operation_id="comments_answer",
        parameters=[IF_MATCH],
        request=inputs.TextIn,
        responses={201: CommentOut},
    )
    def post(self, request: ApiRequest, number: int, comment_id: int) -> Response:
        """Answer a question for the side that it asks; `If-Match`: as you have read the question.

        The same answer again is the same comment; a second one is refused by `already_done`.
        """
        refuse_unknown(request)
        me, version = me_of(request), expected(request, seen(request, number, comment_id))
        body = inputs.read(inputs.TextIn, request.data)["body"]
        made = answer(number, comment_id, body, by=me, version=version)
        return Response(comment_out(row_of(me, made.pk)), status=201)


def seen(request: ApiRequest, number: int, comment_id: int) -> Row:
    """The comment as the caller may see it.

    :raises Http404: where it is hidden or absent, or of another request.
    """
    me = me_of(request)
    about = Request.objects.get_visible(me, number)
    rows = Comment.objects.visible_to(me).filter(request=about, pk=min(comment_id, HIGHEST_NUMBER))
    row: Any = rows.values(*COLUMNS).first()
    if row is None:
        raise Http404
    found: Row = row
    return found


def expected(request: ApiRequest, row: Row) -> int | None:
    """The version of the comment that the caller wants to change."""
    return version_expected(request.headers.get("If-Match"), row["version"])


def row_of(me: Person, pk: int) -> Row:
    row: Any = Comment.objects.visible_to(me).values(*COLUMNS).get(pk=pk)
    found: Row = row
    return found


def comment_out(row: Row) -> Body:
    return {
        "id": row["id"],
        **{name: row[name] for name in PLAIN},
        **{who: person_in(row, who) for who in PEOPLE},
        "question_to": row["question_to"] or None,
        "answer_to": row["answer_to_id"],
    }
