"""The tables of requests, a module for each subject."""

from requests_app.models.boards import WipLimit
from requests_app.models.people import Supporter, Watcher
from requests_app.models.request import LABEL_LINE, NEED_TEXT, REASON_TEXT, Label, Request
from requests_app.models.scores import AgreedScore, Scorer, ScoringRound, SideScore
from requests_app.models.talk import COMMENT_TEXT, OPEN_QUESTION, Comment
from requests_app.models.views import VIEW_NAME, VIEW_QUERY, SavedView

__all__ = [
    "COMMENT_TEXT",
    "LABEL_LINE",
    "NEED_TEXT",
    "OPEN_QUESTION",
    "REASON_TEXT",
    "VIEW_NAME",
    "VIEW_QUERY",
    "AgreedScore",
    "Comment",
    "Label",
    "Request",
    "SavedView",
    "Scorer",
    "ScoringRound",
    "SideScore",
    "Supporter",
    "Watcher",
    "WipLimit",
]
