"""Teams: what they are called and what their brief says. A team's side never changes."""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from activity import clock, log
from teams import fields, locks, rights
from teams.days_off import check_place
from teams.models import PLAIN_LINE, PLAIN_TEXT, Person, Team
from teams.models.teams import EXPECTS_TEXT
from teams.rules import Missing, RuleViolation
from teams.texts import clean_line, clean_text
from teams.understanding.reviewing import begin, changed

# What of a team is its brief.
BRIEF = {"brief", "expects", "contact", "office_hour"}

CLEANED: dict[str, Callable[[str], str]] = {
    "name": lambda text: fields.needed_line(text, "name", fields.NAME_LENGTH),
    "brief": lambda text: clean_text(text, "brief", PLAIN_TEXT),
    "expects": lambda text: clean_text(text, "expects", EXPECTS_TEXT),
    "contact": lambda text: clean_line(text, "contact", PLAIN_LINE),
    "office_hour": lambda text: clean_line(text, "office_hour", PLAIN_LINE),
    "country": lambda text: text.strip().upper(),
    "region": lambda text: text.strip().upper(),
}


def create_team(name: str, side: str, *, by: Person | None, brief: str = "", slug: str = "") -> Team:
    """Create a team; its slug follows from its name unless one is given.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but admins, ``already_done`` for a name that is taken.
    """
    with transaction.atomic():
        rights.require_admin(by)
        team = write_team(name, side, brief=brief, slug=slug)
        log.record("team.created", team, by=by, data={"name": team.name, "side": team.side})
        return team


def write_team(name: str, side: str, *, brief: str = "", slug: str = "") -> Team:
    """Write the row alone, for a change whose own event tells of the team (the first start).

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``already_done`` for a name that is taken.
    """
    name = fields.needed_line(name, "name", fields.NAME_LENGTH)
    team = Team(name=name, side=fields.clean_side(side), brief=clean_text(brief, "brief", PLAIN_TEXT))
    team.slug, team.created_at = slug or fields.free_slug(name), clock.now()
    try:
        with transaction.atomic():
            team.save(force_insert=True)
    except IntegrityError as error:
        raise _name_taken() from error
    begin(team.understanding_id)
    return team


def edit_team(
    team: Team,
    *,
    by: Person,
    name: str | None = None,
    brief: str | None = None,
    expects: str | None = None,
    contact: str | None = None,
    office_hour: str | None = None,
    country: str | None = None,
    region: str | None = None,
    in_substance: bool = False,
    what_changed: str = "",
    version: int | None = None,
    seen_version: int | None = None,
) -> Team:
    """Change name, brief, or where it works; what is left out stays, and nothing new changes nothing.

    ``version`` refuses any change since; ``seen_version`` is what a form was built from and refuses only
    where both changed the same field. ``in_substance``: the brief means something else now; ``what_changed``
    tells it to everybody who is asked again.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but leads and admins, ``already_done`` for a taken name.
    :raises StaleVersion: where somebody else changed what this changes.
    """
    given = {"name": name, "brief": brief, "expects": expects, "contact": contact}
    given |= {"office_hour": office_hour, "country": country, "region": region}
    wanted = {field: CLEANED[field](text) for field, text in given.items() if text is not None}
    with transaction.atomic():
        team = locks.lock_team(team.pk)
        rights.require_lead(by, team)
        fields.check_version(team.version, version)
        now = {name: getattr(team, name) for name in CLEANED}
        changes = fields.own_changes(team, ["team.edited"], wanted, now, seen_version)
        if changes or in_substance:
            places = now | changes
            check_place(places["country"], places["region"])
            _write(team, changes)
            data = {"changes": fields.told(changes, now), "version": team.version}
            if in_substance or BRIEF & changes.keys():
                changed(team.understanding, in_substance=in_substance, what=what_changed, reviewer=by)
                data["in_substance"] = in_substance
            log.record("team.edited", team, by=by, data=data)
        return team


def _write(team: Team, changed: dict[str, str]) -> None:
    for field, value in changed.items():
        setattr(team, field, value)
    team.version += 1
    try:
        with transaction.atomic():
            team.save(update_fields=[*changed, "version"])
    except IntegrityError as error:
        raise _name_taken() from error


def _name_taken() -> RuleViolation:
    return RuleViolation([Missing("already_done", _("There is a team of this name already."), "name")])
