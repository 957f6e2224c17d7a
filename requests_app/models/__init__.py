"""The tables of requests, a module for each subject."""

from requests_app.models.boards import WipLimit
from requests_app.models.people import Supporter, Watcher
from requests_app.models.request import NEED_TEXT, REASON_TEXT, Label, Request
from requests_app.models.talk import COMMENT_TEXT, Comment
from requests_app.models.templates import GUIDANCE_TEXT, RequestTemplate
from requests_app.models.words import WORD_LENGTH, Word

__all__ = [
    "COMMENT_TEXT",
    "GUIDANCE_TEXT",
    "NEED_TEXT",
    "REASON_TEXT",
    "WORD_LENGTH",
    "Comment",
    "Label",
    "Request",
    "RequestTemplate",
    "Supporter",
    "Watcher",
    "WipLimit",
    "Word",
]
