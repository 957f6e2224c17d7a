"""What the talk works on, held until the end of the transaction."""

from django.http import Http404
from django.utils.translation import gettext as _

from requests_app.boards import locks
from requests_app.choices import Status
from requests_app.models import Comment, Request
from requests_app.querysets import HIGHEST_NUMBER
from teams.models import Person
from teams.rules import Missing, RuleViolation


def hold_request(number: int, by: Person) -> Request:
    """The request with its row held, so that it is not merged or restricted under the hands.

    :raises Http404: where ``by`` may not see the request.
    :raises RuleViolation: ``wrong_status`` in a draft.
    """
    request = locks.lock_request(number, by)
    if request.status == Status.DRAFT:
        raise RuleViolation([Missing("wrong_status", _("Submit the request first."))])
    return request


def hold_comment(number: int, comment: int, by: Person) -> tuple[Request, Comment]:
    """A request and one of its comments: whoever changes a comment holds the row of its request.

    :raises Http404: where ``by`` may not see the request, or the comment is not there (any more).
    """
    request = hold_request(number, by)
    rows = Comment.objects.filter(request=request, pk=min(comment, HIGHEST_NUMBER))
    found = rows.select_related("author", "answered_by", "answer_to").first()
    if found is None:
        raise Http404
    return request, found
