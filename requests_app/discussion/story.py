"""The talk's events in the words of the timeline."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from teams.models import Side

Data = Mapping[str, Any]


def commented(data: Data, _names: object) -> str:
    if data.get("supports"):
        return _("needs this too, instead of asking for the same again, and wrote a comment")
    return _("wrote a comment")


def asked(data: Data, _names: object) -> str:
    if data.get("question_to") == Side.IT:
        return _("asked IT a question")
    return _("asked Marketing a question")


def answered(data: Data, _names: object) -> str:
    if data.get("question_to") == Side.IT:
        return _("answered the question to IT")
    return _("answered the question to Marketing")


def deleted(data: Data, _names: object) -> str:
    return _("withdrew a question") if data.get("question_to") else _("deleted a comment")
