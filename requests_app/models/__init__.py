"""The tables of requests, a module for each subject."""

from requests_app.models.attachments import Attachment
from requests_app.models.boards import WipLimit
from requests_app.models.links import Link, LinkKind, Relation
from requests_app.models.people import Mute, Supporter, Watcher
from requests_app.models.request import LABEL_LINE, NEED_TEXT, REASON_TEXT, Label, Request
from requests_app.models.scores import AgreedScore, Scorer, ScoringRound, SideScore
from requests_app.models.talk import COMMENT_TEXT, OPEN_QUESTION, Comment

__all__ = [
    "COMMENT_TEXT",
    "LABEL_LINE",
    "NEED_TEXT",
    "OPEN_QUESTION",
    "REASON_TEXT",
    "AgreedScore",
    "Attachment",
    "Comment",
    "Label",
    "Link",
    "LinkKind",
    "Mute",
    "Relation",
    "Request",
    "Scorer",
    "ScoringRound",
    "SideScore",
    "Supporter",
    "Watcher",
    "WipLimit",
]
