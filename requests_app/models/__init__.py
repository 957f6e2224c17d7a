"""The tables of requests, a module for each subject."""

from requests_app.models.attachments import Attachment
from requests_app.models.boards import WipLimit
from requests_app.models.links import Link, LinkKind, Relation
from requests_app.models.people import Mute, Supporter, Watcher
from requests_app.models.request import NEED_TEXT, REASON_TEXT, Label, Request
from requests_app.models.talk import COMMENT_TEXT, Comment

__all__ = [
    "COMMENT_TEXT",
    "NEED_TEXT",
    "REASON_TEXT",
    "Attachment",
    "Comment",
    "Label",
    "Link",
    "LinkKind",
    "Mute",
    "Relation",
    "Request",
    "Supporter",
    "Watcher",
    "WipLimit",
]
