"""Answering in the inbox: an open question is answered, anything else that was said gets a comment."""

from collections.abc import Sequence

from django.http import Http404

from activity.models import Event
from notifications.audience import ASKING, QUOTING
from notifications.inboxes.acting import mark_read
from notifications.inboxes.page import Group
from notifications.models import InboxEntry
from notifications.things import REQUEST
from requests_app.discussion import answer, comment
from requests_app.discussion.questions import may_answer
from requests_app.models import OPEN_QUESTION, Comment, Request
from requests_app.querysets import HIGHEST_NUMBER
from requests_app.workflow.situation import roles_of
from teams.models import Person


def answerable(person: Person, groups: Sequence[Group]) -> set[int]:
    """The newest entries of those groups that are about requests in which something was said. No query."""
    return {
        group.newest
        for group in groups
        if group.place.kind == REQUEST and group.lines and _tells_of_words(group.first.entry.event)
    }


def _tells_of_words(event: Event) -> bool:
    return event.kind in QUOTING and "comment" in event.data


def answer_here(person: Person, entry: int, said: str) -> Comment:
    """Answer the open question that the entry tells of, where it is put to their side, or else comment.

    The thing counts as read then.

    :raises Http404: where the entry is none of the person's about a request that they may see.
    :raises InvalidFields: naming ``body``, for what cannot be said.
    :raises RuleViolation: ``already_done`` where somebody answered at the same moment.
    """
    mine = InboxEntry.objects.visible_to(person).filter(pk=min(entry, HIGHEST_NUMBER))
    found = mine.select_related("event").first()
    if found is None or found.request_id is None:
        raise Http404
    asked = found.event.data.get("comment") if found.event.kind in ASKING else None
    if asked is not None and _may_answer(person, found.request_id, asked):
        made = answer(found.request_id, asked, said, by=person)
    else:
        made = comment(found.request_id, said, by=person)
    mark_read(person, entry)
    return made


def _may_answer(person: Person, number: int, question: int) -> bool:
    asked = Comment.objects.visible_to(person).filter(OPEN_QUESTION, request=number, pk=question)
    found = asked.first()
    if found is None:
        return False
    request = Request.objects.get_visible(person, number)
    return may_answer(request, roles_of(request, person), found.question_to)
