"""Whom the reader could learn from or teach, which exchanges fit, and which questions wait for their side."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from knowhow.exchanges.models import Exchange
from knowhow.models import Mentoring, Skill
from notifications.digest.select import Selection
from notifications.digest.sheet import Row, Section, day_words, some
from notifications.digest.shelf import Pen
from requests_app.discussion.mentions import plain
from requests_app.models import Comment, Request
from teams.models import BriefQuestion

LONGEST_QUOTE = 240


def sections(selection: Selection, pen: Pen) -> list[Section]:
    """Know-how, and questions to the reader's side; each only where there is something."""
    know_how = _drawn(_know_how_row(row, pen) for row in selection.know_how[: pen.most])
    questions = _drawn(_question_row(row, pen) for row in selection.questions[: pen.most])
    return [
        *some("know_how", _("Know-how for you"), know_how, _total(know_how, selection.know_how, pen)),
        *some(
            "questions", _("Questions to your side"), questions, _total(questions, selection.questions, pen)
        ),
    ]


def _total(drawn: Sequence[Row], chosen: Sequence[object], pen: Pen) -> int:
    """How many there are; of what is not listed nobody knows whether it still is as it was told."""
    return len(drawn) + max(len(chosen) - pen.most, 0)


def _drawn(rows: Iterable[Row | None]) -> list[Row]:
    return [row for row in rows if row is not None]


def _know_how_row(chosen: dict[str, Any], pen: Pen) -> Row | None:
    shelf = pen.shelf.asked
    if "pair" in chosen:
        pair = shelf.pairs.get(chosen["pair"])
        return pen.once((_pair_row, pair.pk), partial(_pair_row, pair)) if pair else None
    exchange = shelf.exchanges.get(chosen["exchange"])
    if exchange is None:
        return None
    skill = shelf.skills.get(chosen["skill"]) if chosen["skill"] else None
    key = (_exchange_row, exchange.pk, skill and skill.pk)
    return pen.once(key, partial(_exchange_row, exchange, skill))


def _pair_row(pair: Mentoring) -> Row:
    """The same words for both of the two, so that who reads it finds themselves in it."""
    words = {"mentor": pair.mentor.name, "learner": pair.learner.name}
    return Row(
        key="",
        title=str(pair.skill),
        path=reverse("knowhow:mentors"),
        line=_("%(learner)s could learn this from %(mentor)s. It begins once both agree.") % words,
        action=pgettext("next step", "Answer"),
    )


def _exchange_row(exchange: Exchange, skill: Skill | None) -> Row:
    words = {"host": exchange.host.name, "side": exchange.host.get_side_display(), "skill": str(skill)}
    if skill is None:
        line = _("%(host)s (%(side)s) shows how it is done on the other side") % words
    else:
        line = _("%(host)s shows it; you want to learn %(skill)s") % words
    return Row(
        key=day_words(exchange.starts_at),
        title=exchange.title,
        path=exchange.get_absolute_url(),
        line=line,
        action=pgettext("next step", "Sign up"),
    )


def _question_row(chosen: dict[str, Any], pen: Pen) -> Row | None:
    shelf = pen.shelf
    if "comment" in chosen:
        comment, request = shelf.asked.comments.get(chosen["comment"]), shelf.requests.get(chosen["number"])
        if comment is None or request is None or not request.is_open:
            return None
        return pen.once((_comment_row, comment.pk), partial(_comment_row, comment, request))
    question = shelf.asked.questions.get(chosen["question"])
    return pen.once((_brief_row, question.pk), partial(_brief_row, question)) if question else None


def _comment_row(comment: Comment, request: Request) -> Row:
    words = {"who": str(comment.author or "Tandem"), "day": day_words(comment.created_at)}
    return Row(
        key=request.key,
        title=request.title,
        path=f"{request.get_absolute_url()}#comment-{comment.pk}",
        line=_("%(who)s asked on %(day)s") % words,
        quote=Truncator(plain(comment.body)).chars(LONGEST_QUOTE),
        side=comment.question_to,
        side_name=str(comment.get_question_to_display()),
        action=pgettext("next step", "Answer"),
    )


def _brief_row(question: BriefQuestion) -> Row:
    thing = question.brief.thing
    words = {"who": question.asker.name, "day": day_words(question.asked_at)}
    return Row(
        key=question.brief.get_kind_display(),
        title=str(thing),
        path=f"{thing.get_absolute_url()}#understanding",
        line=_("%(who)s asked on %(day)s") % words,
        quote=Truncator(question.text).chars(LONGEST_QUOTE),
        action=pgettext("next step", "Answer"),
    )
