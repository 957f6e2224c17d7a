"""Asking about something that is explained, answering, and saying that the answer will do."""

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from teams import locks
from teams.fields import wrong
from teams.models import Brief, BriefQuestion, Person
from teams.models.understanding import QUESTION_TEXT
from teams.rules import Missing, RuleViolation
from teams.texts import clean_text
from teams.understanding.rules import require_active, require_member


def ask(brief: Brief, text: str, *, by: Person) -> BriefQuestion:
    """Ask those who answer for ``brief`` what is not clear.

    :raises Http404: where there is no such brief.
    :raises InvalidFields: naming ``text``, where it is empty or too long.
    :raises RuleViolation: ``not_yours`` for who was deactivated.
    """
    text = _needed(text)
    with transaction.atomic():
        brief = locks.lock_brief(brief.pk)
        require_active(by)
        asked = BriefQuestion(brief=brief, asker=by, text=text, asked_at=clock.now())
        asked.save(force_insert=True)
        log.record("brief.asked", brief, by=by, data={"question": asked.pk})
        return asked


def answer(question: BriefQuestion, text: str, *, by: Person) -> BriefQuestion:
    """Answer a question, or put another answer in place of one that is not settled.

    :raises Http404: where there is no such question.
    :raises InvalidFields: naming ``text``, where it is empty or too long.
    :raises RuleViolation: ``not_yours`` for all but members of the teams that answer for it, and admins;
        ``own_question`` for who asked it; ``already_done`` where it is settled.
    """
    text = _needed(text)
    with transaction.atomic():
        found = _held(question)
        require_member(by, found.brief)
        if found.asker_id == by.pk:
            words = _("You asked this yourself; somebody else answers it.")
            raise RuleViolation([Missing("own_question", words)])
        if found.answer == text and found.answered_by_id == by.pk:
            return found
        found.answer, found.answered_by, found.answered_at = text, by, clock.now()
        found.save(update_fields=["answer", "answered_by", "answered_at"])
        log.record("brief.answered", found.brief, by=by, data={"question": found.pk})
        return found


def settle(question: BriefQuestion, *, by: Person) -> BriefQuestion:
    """Say, as who asked, that the answer will do.

    :raises Http404: where there is no such question.
    :raises RuleViolation: ``not_yours`` for all but the asker; ``wrong_status`` where nobody has answered;
        ``already_done`` where it is settled.
    """
    with transaction.atomic():
        found = _held(question)
        require_active(by)
        if found.asker_id != by.pk:
            raise RuleViolation([Missing("not_yours", _("Only who asked can say that the answer will do."))])
        if found.is_open:
            raise RuleViolation([Missing("wrong_status", _("Nobody has answered this question yet."))])
        found.settled_at = clock.now()
        found.save(update_fields=["settled_at"])
        log.record("brief.settled", found.brief, by=by, data={"question": found.pk})
        return found


def _needed(text: str) -> str:
    text = clean_text(text, "text", QUESTION_TEXT)
    if not text:
        raise wrong("text", _("Fill in this field."), "required")
    return text


def _held(question: BriefQuestion) -> BriefQuestion:
    rows = BriefQuestion.objects.select_for_update(no_key=True, of=("self",)).select_related("brief")
    found: BriefQuestion | None = rows.filter(pk=question.pk).first()
    if found is None:
        raise Http404
    if found.settled_at is not None:
        raise RuleViolation([Missing("already_done", _("This question is settled already."))])
    return found
