"""The company: its first start, and the settings that hold for the whole portal."""

from dataclasses import dataclass
from typing import TypedDict
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from activity import log
from teams import fields, locks, rights
from teams.models import Company, Person, Role, Side, Team
from teams.people import join
from teams.rules import Missing, RuleViolation
from teams.teams import write_team

HOURS_A_YEAR = 366 * 24
PERCENT = (0, 100)
WEIGHTS = ("weight_value", "weight_urgency", "weight_ease")
LIMITS = {
    "stalled_after_hours": (1, HOURS_A_YEAR),
    "digest_weekday": (0, 6),
    "digest_hour": (0, 23),
    **dict.fromkeys((*WEIGHTS, "gate"), PERCENT),
    "first_response_hours": (1, HOURS_A_YEAR),
    "brief_stale_days": (1, 366),
}


class CompanyFields(TypedDict, total=False):
    """What an administrator can set."""

    name: str
    time_zone: str
    stalled_after_hours: int
    digest_weekday: int
    digest_hour: int
    weight_value: int
    weight_urgency: int
    weight_ease: int
    gate: int
    first_response_hours: int
    brief_stale_days: int


@dataclass(frozen=True)
class FirstStart:
    """What the first-start page asks; ``join_side`` is the side of the team that the admin joins, or ""."""

    name: str
    time_zone: str
    it_team: str
    marketing_team: str
    join_side: str = ""


def is_started() -> bool:
    """Whether the first start is done."""
    return Company.objects.exists()


def company() -> Company | None:
    """The company, or None before the first start."""
    return Company.objects.first()


def portal_zone() -> ZoneInfo:
    """The zone of the company; before the first start that of the environment."""
    name = Company.objects.values_list("time_zone", flat=True).first()
    return ZoneInfo(name or settings.TIME_ZONE)


def start(first: FirstStart, *, by: Person | None) -> Company:
    """Write the company with its first two teams; the admin joins one of them as its lead if they like.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but admins, ``already_done`` the second time.
    """
    clean = _clean({"name": first.name, "time_zone": first.time_zone})
    with transaction.atomic():
        rights.require_admin(by)
        made, is_new = Company.objects.get_or_create(pk=1, defaults=dict(clean))
        if not is_new:
            raise RuleViolation([Missing("already_done", _("The company has been set up already."))])
        teams = _first_teams(first)
        if by is not None and first.join_side in teams:
            team = locks.lock_team(teams[first.join_side].pk)
            join(team, locks.lock_people([by.pk])[by.pk], Role.LEAD)
        data = {"name": made.name, "teams": sorted(team.slug for team in teams.values())}
        log.record("company.created", made, by=by, data=data)
        return made


def _first_teams(first: FirstStart) -> dict[str, Team]:
    names = {Side.IT: ("it_team", first.it_team), Side.MARKETING: ("marketing_team", first.marketing_team)}
    if first.it_team.strip().casefold() == first.marketing_team.strip().casefold():
        raise fields.wrong("marketing_team", _("Give the two teams different names."))
    clean = {
        side: fields.needed_line(name, field, fields.NAME_LENGTH) for side, (field, name) in names.items()
    }
    return {str(side): write_team(name, side) for side, name in clean.items()}


def edit_company(
    changes: CompanyFields,
    *,
    by: Person | None,
    version: int | None = None,
    seen_version: int | None = None,
) -> Company:
    """Change settings; what is left out stays, and nothing new changes nothing.

    Weights and gate are changed through ``requests_app.scoring.setting``, which calls this and brings the
    requests up to date.

    ``version`` refuses any change since; ``seen_version`` is what a form was built from and refuses only
    where both changed the same field.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but admins, ``wrong_status`` before the first start.
    :raises StaleVersion: where somebody else changed what this changes.
    """
    clean = _clean(changes)
    with transaction.atomic():
        found = locks.lock_company()
        rights.require_admin(by)
        if found is None:
            raise RuleViolation([Missing("wrong_status", _("Set the company up first."))])
        fields.check_version(found.version, version)
        now = {field: getattr(found, field) for field in clean}
        told = fields.own_changes(found, ["company.edited"], dict(clean), now, seen_version)
        if told:
            for field, value in told.items():
                setattr(found, field, value)
            _check_weights(found)
            found.version += 1
            found.save()
            data = {"changes": fields.told(told, now), "version": found.version}
            log.record("company.edited", found, by=by, data=data)
        return found


def _clean(changes: CompanyFields) -> CompanyFields:
    clean = changes.copy()
    if "name" in clean:
        clean["name"] = fields.needed_line(clean["name"], "name", fields.NAME_LENGTH)
    if "time_zone" in clean:
        fields.clean_zone(clean["time_zone"])
    for field, (lowest, highest) in LIMITS.items():
        value = clean.get(field)
        if value is not None and not lowest <= int(str(value)) <= highest:
            text = _("Enter a number from %(lowest)d to %(highest)d.")
            raise fields.wrong(field, text % {"lowest": lowest, "highest": highest})
    return clean


def _check_weights(found: Company) -> None:
    whole = sum(getattr(found, name) for name in WEIGHTS)
    if whole != PERCENT[1]:
        text = _("Together the three weights make 100 %%; now they make %(whole)d %%.") % {"whole": whole}
        raise fields.wrong(WEIGHTS[0], text)
