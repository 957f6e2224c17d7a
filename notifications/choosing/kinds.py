"""The kinds of news that people choose by, the ways in which each comes, and what holds until they choose."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activity.models import Event
from notifications import audience
from notifications.concerned import MENTORING
from notifications.words import ABOUT_EXCHANGES


class Kind(models.TextChoices):
    """What people choose by; the events behind each are in ``kind_of``."""

    MENTION = "mention", _("Somebody mentions me")
    QUESTION = "question", _("Questions and answers")
    DECISION = "decision", _("Decisions and deliveries")
    STEP = "step", _("All other steps")
    TALK = "talk", _("Comments")
    REMINDER = "reminder", _("Reminders and what stands still")
    GOAL = "goal", _("Goals and explanations")
    KNOW_HOW = "know_how", _("Know-how: exchanges and mentors")


class ByMail(models.TextChoices):
    """When news of a kind comes by mail."""

    NOW = "now", pgettext_lazy("mail", "At once")
    BUNDLED = "bundled", pgettext_lazy("mail", "Bundled for ten minutes")
    DIGEST = "digest", pgettext_lazy("mail", "Only in the weekly digest")


class Standing(models.TextChoices):
    """What somebody is in the company, as far as it decides what they are told unless they choose."""

    MEMBER = "member", _("Members")
    LEAD = "lead", _("Leads of a team")
    ADMIN = "admin", _("Administrators who lead no team")


@dataclass(frozen=True)
class Choice:
    """Whether news of a kind stands in the inbox, and when it comes by mail."""

    inbox: bool
    mail: str


NOW, BUNDLED, ONLY_DIGEST = (Choice(inbox=True, mail=mail) for mail in ByMail.values)
_MEMBER: dict[str, Choice] = {
    Kind.MENTION: NOW,
    Kind.QUESTION: NOW,
    Kind.DECISION: NOW,
    Kind.STEP: BUNDLED,
    Kind.TALK: BUNDLED,
    Kind.REMINDER: NOW,
    Kind.GOAL: BUNDLED,
    Kind.KNOW_HOW: NOW,
}
# Leads answer for goals and explanations; who only runs the portal is no part of the daily talk.
START: Mapping[str, Mapping[str, Choice]] = {
    Standing.MEMBER: _MEMBER,
    Standing.LEAD: _MEMBER | {Kind.GOAL: NOW},
    Standing.ADMIN: _MEMBER | {Kind.STEP: ONLY_DIGEST, Kind.TALK: ONLY_DIGEST, Kind.GOAL: ONLY_DIGEST},
}

_QUESTIONS = frozenset({audience.ASKED, audience.ANSWERED, "brief.asked", "brief.answered"})
DECISIONS = audience.DECISIONS | audience.OUTCOME | {audience.DELIVERED, "request.reconsidered"}
_TALK = frozenset({audience.COMMENTED, audience.COMMENT_EDITED})
_REMINDERS = audience.REMINDING | {"brief.review_asked"}
KNOW_HOW = ABOUT_EXCHANGES | MENTORING


def kind_of(event: Event, reader: int) -> Kind:
    """As which kind of news ``event`` comes to the person with the id ``reader``."""
    if is_mentioned(event, reader):
        return Kind.MENTION
    for kind, events in _BY_EVENT.items():
        if event.kind in events:
            return kind
    return Kind.GOAL if event.object_type in ("goal", "brief", "solution") else Kind.STEP


def is_mentioned(event: Event, reader: int) -> bool:
    """Whether what is told of in ``event`` names the person with the id ``reader``."""
    return reader in event.data.get("mentions", ())


_BY_EVENT: Mapping[Kind, frozenset[str]] = {
    Kind.QUESTION: _QUESTIONS,
    Kind.DECISION: DECISIONS,
    Kind.TALK: _TALK,
    Kind.REMINDER: _REMINDERS,
    Kind.KNOW_HOW: KNOW_HOW,
}
