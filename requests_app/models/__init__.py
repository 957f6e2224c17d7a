"""The tables of requests, a module for each subject."""

from requests_app.models.boards import WipLimit
from requests_app.models.forecast import Calibration, SharedHistory, TeamForecasts
from requests_app.models.people import Supporter, Watcher
from requests_app.models.request import NEED_TEXT, REASON_TEXT, Label, Request
from requests_app.models.talk import COMMENT_TEXT, Comment

__all__ = [
    "COMMENT_TEXT",
    "NEED_TEXT",
    "REASON_TEXT",
    "Calibration",
    "Comment",
    "Label",
    "Request",
    "SharedHistory",
    "Supporter",
    "TeamForecasts",
    "Watcher",
    "WipLimit",
]
