"""What a batch of digests lists of what readers are asked and offered, read at once as it stands now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from activity import clock
from knowhow.exchanges.models import Exchange
from knowhow.models import Mentoring, Skill
from notifications.digest.select import Selection
from requests_app.models import Comment
from teams.models import BriefQuestion


@dataclass(frozen=True)
class AskedShelf:
    """Exchanges, proposals of mentors and learners, questions; only what is still as it was told."""

    exchanges: Mapping[int, Exchange] = field(default_factory=dict)
    skills: Mapping[int, Skill] = field(default_factory=dict)
    pairs: Mapping[int, Mentoring] = field(default_factory=dict)
    comments: Mapping[int, Comment] = field(default_factory=dict)
    questions: Mapping[int, BriefQuestion] = field(default_factory=dict)


def fill_asked(listed: Sequence[Selection]) -> AskedShelf:
    """Read what ``listed`` names; one query for each kind that it names.

    Exchanges that were called off or are over, pairs of whom one has left, and questions that were answered
    or deleted are left out. Who of the readers may see a question's request was asked before.
    """
    named = [row for one in listed for row in one.know_how]
    asked = [row for one in listed for row in one.questions]
    return AskedShelf(
        exchanges=_exchanges(_ids(named, "exchange"), clock.now()),
        skills=Skill.objects.in_bulk(_ids(named, "skill")),
        pairs=_pairs(_ids(named, "pair")),
        comments=_comments(_ids(asked, "comment")),
        questions=_questions(_ids(asked, "question")),
    )


def _ids(rows: Sequence[Mapping[str, int | None]], name: str) -> list[int]:
    return list({pk for row in rows if (pk := row.get(name)) is not None})


def _exchanges(pks: list[int], now: datetime) -> dict[int, Exchange]:
    coming = Exchange.objects.planned().filter(starts_at__gt=now, host__is_active=True)
    return coming.select_related("host").in_bulk(pks)


def _pairs(pks: list[int]) -> dict[int, Mentoring]:
    there = Mentoring.objects.filter(mentor__is_active=True, learner__is_active=True)
    found = there.select_related("mentor", "learner", "skill").in_bulk(pks)
    return {pk: pair for pk, pair in found.items() if pair.is_open}


def _comments(pks: list[int]) -> dict[int, Comment]:
    still = Comment.objects.filter(answered_at=None, deleted_at=None)
    return still.select_related("author").defer("words").in_bulk(pks)


def _questions(pks: list[int]) -> dict[int, BriefQuestion]:
    open_ones = BriefQuestion.objects.filter(answered_at=None).exclude(brief__goal__is_archived=True)
    things = ("brief__goal", "brief__team", "brief__solution")
    found: dict[int, BriefQuestion] = open_ones.select_related("asker", *things).in_bulk(pks)
    return found
