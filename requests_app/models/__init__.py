"""The tables of requests, a module for each subject."""

from requests_app.models.agreeing import ChecklistItem, ResultProposal, TurnPeriod
from requests_app.models.attachments import Attachment
from requests_app.models.boards import (
    BOARD_NAME,
    COLUMN_TITLE,
    LONGEST_AGE_MARK,
    POLICY_TEXT,
    Board,
    BoardColumn,
    WipLimit,
)
from requests_app.models.escalations import Escalation, EscalationRule
from requests_app.models.forecast import Calibration, SharedHistory, TeamForecasts
from requests_app.models.learnt import Clue, Lesson
from requests_app.models.links import Link, LinkKind, Relation
from requests_app.models.outcome import Outcome
from requests_app.models.people import Mute, Supporter, Watcher
from requests_app.models.replies import REPLY_NAME, REPLY_TEXT, SavedReply
from requests_app.models.request import LABEL_LINE, NEED_TEXT, REASON_TEXT, Label, Request
from requests_app.models.rounds import LEAST_MINUTES, MOST_MINUTES, NOTE_TEXT, Presence, Round, RoundItem
from requests_app.models.scores import AgreedScore, Scorer, ScoringRound, SideScore
from requests_app.models.talk import ASKABLE, COMMENT_TEXT, OPEN_QUESTION, Comment, CommentVersion
from requests_app.models.templates import GUIDANCE_TEXT, RequestTemplate
from requests_app.models.views import VIEW_NAME, VIEW_QUERY, SavedView
from requests_app.models.words import WORD_LENGTH, Word

__all__ = [
    "ASKABLE",
    "BOARD_NAME",
    "COLUMN_TITLE",
    "COMMENT_TEXT",
    "GUIDANCE_TEXT",
    "LABEL_LINE",
    "LEAST_MINUTES",
    "LONGEST_AGE_MARK",
    "MOST_MINUTES",
    "NEED_TEXT",
    "NOTE_TEXT",
    "OPEN_QUESTION",
    "POLICY_TEXT",
    "REASON_TEXT",
    "REPLY_NAME",
    "REPLY_TEXT",
    "VIEW_NAME",
    "VIEW_QUERY",
    "WORD_LENGTH",
    "AgreedScore",
    "Attachment",
    "Board",
    "BoardColumn",
    "Calibration",
    "ChecklistItem",
    "Clue",
    "Comment",
    "CommentVersion",
    "Escalation",
    "EscalationRule",
    "Label",
    "Lesson",
    "Link",
    "LinkKind",
    "Mute",
    "Outcome",
    "Presence",
    "Relation",
    "Request",
    "RequestTemplate",
    "ResultProposal",
    "Round",
    "RoundItem",
    "SavedReply",
    "SavedView",
    "Scorer",
    "ScoringRound",
    "SharedHistory",
    "SideScore",
    "Supporter",
    "TeamForecasts",
    "TurnPeriod",
    "Watcher",
    "WipLimit",
    "Word",
]
