"""Lets the open pages of people count their inbox anew."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from activity import bell
from activity.broadcast import MOST_AT_ONCE, Message

ABOUT = "inbox"
CHANGED = "inbox.changed"


def inboxes_changed(people: Iterable[int]) -> None:
    """Tell the pages of ``people`` (ids) once the running transaction is committed."""
    news = [Message(CHANGED, ABOUT, person) for person in sorted(set(people))]
    for start in range(0, len(news), MOST_AT_ONCE):
        part = news[start : start + MOST_AT_ONCE]
        transaction.on_commit(partial(bell.announce, part), robust=True)
