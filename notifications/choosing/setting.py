"""Choosing: a person for themselves, which is no event, and an administrator for all who have not chosen."""

from collections.abc import Iterable, Mapping
from datetime import time

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import log
from notifications.choosing.hours import WEEK, Quiet
from notifications.choosing.kinds import ByMail, Choice, Kind, Standing
from notifications.choosing.models import Chosen, CompanyDefault, QuietTimes, TeamAttention
from notifications.choosing.resolve import choices_of, company_defaults
from teams import locks
from teams.fields import wrong
from teams.models import Company, Person, Team
from teams.rights import require_admin


def choose(person: Person, choices: Mapping[str, Choice]) -> None:
    """Keep what ``person`` chose for each kind of news.

    :raises InvalidFields: naming the kind, where it or the way is unknown.
    """
    for kind, choice in choices.items():
        _check(kind, choice)
    rows = [Chosen(person=person, kind=kind, inbox=one.inbox, mail=one.mail) for kind, one in choices.items()]
    Chosen.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person", "kind"], update_fields=["inbox", "mail"]
    )


def choose_default(person: Person) -> None:
    """Let the company's defaults hold for ``person`` again, also where they change."""
    Chosen.objects.filter(person=person).delete()


def stop_mail(person: Person, kind: str) -> None:
    """No more mail of ``kind``; whether it stands in the inbox stays as it is."""
    _check(kind, Choice(inbox=True, mail=ByMail.DIGEST))
    kept = choices_of([person])(person.pk, kind)
    choose(person, {kind: Choice(kept.inbox, ByMail.DIGEST)})


def _check(kind: str, choice: Choice) -> None:
    if kind not in Kind.values or choice.mail not in ByMail.values:
        raise wrong(kind, _("Choose one of the ways that are offered."))


def set_quiet_times(person: Person, starts: time | None, ends: time | None, days_off: Iterable[int]) -> None:
    """Keep when ``person`` wants no mail; without hours and days, mail comes at any time.

    :raises InvalidFields: naming ``starts``, ``ends`` or ``days_off``, where one of the hours is missing, or
        no moment of the week would be left.
    """
    days = frozenset(days_off)
    if (starts is None) != (ends is None):
        raise wrong("ends" if ends is None else "starts", _("Give both hours, or none."))
    if not days <= WEEK:
        raise wrong("days_off", _("Choose days of the week."))
    if days == WEEK:
        words = _("These days off cover the whole week, and no mail could ever reach you. Leave a day.")
        raise wrong("days_off", words)
    if not Quiet(starts, ends, days).leaves_time:
        words = _(
            "These hours cover the whole day, and no mail could ever reach you. Leave at least one hour."
        )
        raise wrong("ends", words)
    defaults = {"starts": starts, "ends": ends, "days_off": sorted(days)}
    QuietTimes.objects.update_or_create(person=person, defaults=defaults)


def heed_team(person: Person, team: Team, level: str) -> None:
    """Keep how much of the requests of ``team`` the person wants to hear; "" is what they are to each.

    :raises InvalidFields: naming ``level``, where it is unknown.
    """
    if not level:
        TeamAttention.objects.filter(person=person, team=team).delete()
        return
    if level not in TeamAttention.Level.values:
        raise wrong("level", _("Choose one of the ways that are offered."))
    TeamAttention.objects.update_or_create(person=person, team=team, defaults={"level": level})


def set_company_defaults(standing: str, choices: Mapping[str, Choice], *, by: Person) -> Company:
    """Set what those of ``standing`` are told who have not chosen; from the next news on.

    :raises Http404: before the first start.
    :raises InvalidFields: where standing, kind or way is unknown.
    :raises RuleViolation: ``not_yours`` for all but admins.
    """
    if standing not in Standing.values:
        raise wrong("standing", _("Choose one of the ways that are offered."))
    for kind, choice in choices.items():
        _check(kind, choice)
    with transaction.atomic():
        company = locks.lock_company()
        if company is None:
            raise Http404
        require_admin(by)
        before = company_defaults()[standing]
        changed = {kind: one for kind, one in choices.items() if before[Kind(kind)] != one}
        for kind, one in changed.items():
            CompanyDefault.objects.update_or_create(
                standing=standing, kind=kind, defaults={"inbox": one.inbox, "mail": one.mail}
            )
        if changed:
            company.version += 1
            company.save(update_fields=["version"])
            data = {"standing": standing, "kinds": sorted(changed)}
            log.record("company.news_defaults_set", company, by=by, data=data)
        return company
