"""The talk about a request: comments, questions to a side, mentions, "me too", and who is told."""

from requests_app.discussion.comments import comment, delete_comment, edit_comment
from requests_app.discussion.people import (
    may_name_watchers,
    mute,
    support,
    unmute,
    unwatch,
    watch,
    withdraw_support,
)
from requests_app.discussion.questions import answer

__all__ = [
    "answer",
    "comment",
    "delete_comment",
    "edit_comment",
    "may_name_watchers",
    "mute",
    "support",
    "unmute",
    "unwatch",
    "watch",
    "withdraw_support",
]
