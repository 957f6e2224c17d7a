"""What a lead says to the readers of their team at the head of its part, before the digests go out."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from notifications.digest.models import WORD_LENGTH, TeamWord
from notifications.digest.weeks import Rhythm, Week, due_at, last_finished_week, running_week
from teams import locks, rights
from teams.models import Person, Team
from teams.rules import Missing, RuleViolation
from teams.texts import clean_line
from teams.zones import company as the_company
from teams.zones import zone_of


def coming_week(now: datetime) -> Week:
    """The week whose digests go out next, by the company's day and hour."""
    company = the_company()
    zone, finished = zone_of(Person(), company), last_finished_week(now, zone_of(Person(), company))
    rhythm = Rhythm(company.digest_weekday, company.digest_hour)
    return finished if now < due_at(finished, zone, rhythm) else running_week(now, zone)


def word_of(team: Team, week: Week) -> TeamWord | None:
    """What is said to the readers of ``team`` in the digests of ``week``."""
    return TeamWord.objects.filter(team=team, week=week.key).select_related("author").first()


def say(team: Team, week: Week, text: str, *, by: Person) -> TeamWord | None:
    """Say one sentence to the readers of ``team`` in the digests of ``week``; an empty one takes it back.

    :raises InvalidFields: for a sentence that is too long or holds control characters.
    :raises RuleViolation: ``not_yours`` for all but the team's leads and admins, ``wrong_status`` for a week
        whose digests have gone out, or one that comes later.
    """
    text = clean_line(text, "text", WORD_LENGTH)
    with transaction.atomic():
        team = locks.lock_team(team.pk)
        rights.require_lead(by, team)
        if week != coming_week(clock.now()):
            message = _("A sentence can only be said for the digests that go out next.")
            raise RuleViolation([Missing("wrong_status", message)])
        present = word_of(team, week)
        if (present.text if present else "") == text:
            return present
        if text:
            return _write(team, week, text, by)
        _take_back(present, by)
        return None


def _write(team: Team, week: Week, text: str, by: Person) -> TeamWord:
    said = {"text": text, "author": by, "written_at": clock.now()}
    word, _is_new = TeamWord.objects.update_or_create(team=team, week=week.key, defaults=said)
    log.record("team_word.said", word, by=by, data={"team": team.pk, "week": week.key})
    return word


def _take_back(word: TeamWord | None, by: Person) -> None:
    if word is not None:
        log.record("team_word.taken_back", word, by=by, data={"team": word.team_id, "week": word.week})
        word.delete()
