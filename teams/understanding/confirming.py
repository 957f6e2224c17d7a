"""Saying that one has understood something."""

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from teams import locks
from teams.models import Brief, Confirmation, Person
from teams.models.understanding import WORDS_LINE
from teams.rules import Missing, RuleViolation
from teams.texts import clean_line
from teams.understanding.rules import belongs, require_active


def confirm(brief: Brief, words: str = "", *, by: Person, seen: int | None = None) -> Confirmation:
    """Confirm that ``by`` understands ``brief`` as it stands, in ``words`` of their own or none.

    ``seen`` is the substance that was read. Who confirms again changes their words, or nothing.

    :raises Http404: where there is no such brief.
    :raises InvalidFields: naming ``words``, where they are too long.
    :raises RuleViolation: ``own_brief`` for members of the teams that answer for it, ``not_written`` where
        there is nothing to understand yet, ``brief_changed`` where its meaning changed since it was read,
        ``not_yours`` for who was deactivated.
    """
    words = clean_line(words, "words", WORDS_LINE)
    with transaction.atomic():
        brief = locks.lock_brief(brief.pk)
        require_active(by)
        _check(brief, by, seen)
        rows = Confirmation.objects.filter(brief=brief, person=by, substance=brief.substance)
        kept: Confirmation = rows.first() or Confirmation(brief=brief, person=by, substance=brief.substance)
        if kept.pk and words in ("", kept.words):
            return kept
        kept.words, kept.at = words, clock.now()
        kept.save()
        log.record("brief.confirmed", brief, by=by, data={"substance": brief.substance, "words": words})
        return kept


def _check(brief: Brief, by: Person, seen: int | None) -> None:
    if belongs(by, brief):
        words = _("You are in a team that answers for this yourself. Others say whether they understand it.")
        raise RuleViolation([Missing("own_brief", words)])
    if not brief.thing.is_explained():
        words = _("This is not explained yet. Ask for it instead.")
        raise RuleViolation([Missing("not_written", words)])
    if seen is not None and seen != brief.substance:
        words = _("What this means changed while you were reading: %(what)s. Please read it once more.")
        raise RuleViolation([Missing("brief_changed", words % {"what": brief.what_changed})])
