"""Templates of requests, one for each type, kept by leads: guidance, example, what a form starts with."""

from typing import Any, TypedDict, cast

from django.db import transaction
from django.utils.translation import gettext as _

from activity import log
from requests_app.choices import RequestType
from requests_app.intake.fields import RequestFields, clean_fields
from requests_app.intake.plain import plain
from requests_app.kept_texts import require_keeper, write
from requests_app.models import GUIDANCE_TEXT, RequestTemplate
from teams.fields import check_version, told, wrong
from teams.models import Goal, Membership, Person, Role, Team
from teams.rights import is_admin
from teams.rules import InvalidFields, Missing, StaleVersion
from teams.texts import clean_text

# What a form takes over from a template into fields that are still empty.
PRESET = ("title", "customer_need", "outcome", "metric", "unit", "goal", "serving_team")
WORDS = ("guidance", "example")


class TemplateFields(TypedDict, total=False):
    guidance: str
    example: str
    title: str
    customer_need: str
    outcome: str
    metric: str
    unit: str
    goal: Goal | None
    serving_team: Team | None


def may_keep_templates(person: Person) -> bool:
    """Whether ``person`` leads any team or is an admin."""
    leads = Membership.objects.filter(person=person, person__is_active=True, role=Role.LEAD)
    return leads.exists() or is_admin(person)


def keep_template(
    type_: str, fields: TemplateFields, *, by: Person, version: int | None = None
) -> RequestTemplate:
    """Write the template of a type, whether there is one yet or not; nothing new changes nothing.

    ``version`` is the one that a form was built from, 0 where there was no template.

    :raises InvalidFields: naming each field that cannot be kept, or ``guidance`` where all are empty.
    :raises RuleViolation: ``not_yours`` for all but leads and admins.
    :raises StaleVersion: where somebody else wrote it meanwhile.
    """
    if type_ not in RequestType.values:
        raise wrong("type", _("Choose one of the types."))
    clean = _clean(fields)
    with transaction.atomic():
        _require_keeper(by)
        template = _held(type_)
        check_version(template.version, version)
        now = {name: getattr(template, name) for name in clean}
        changes = {name: value for name, value in clean.items() if value != now[name]}
        if changes:
            # Taken: somebody else wrote the first one of this type since.
            write(template, changes, by, taken=StaleVersion(1))
            kept = told({name: plain(value) for name, value in changes.items()}, _plain(now))
            data = {"type": type_, "changes": kept, "version": template.version}
            kind = "request_template.edited" if template.version > 1 else "request_template.created"
            log.record(kind, template, by=by, data=data)
        return template


def remove_template(type_: str, *, by: Person, version: int | None = None) -> None:
    """Take the template of a type away; where there is none, nothing changes.

    :raises RuleViolation: ``not_yours`` for all but leads and admins.
    :raises StaleVersion: where somebody else wrote it meanwhile.
    """
    with transaction.atomic():
        _require_keeper(by)
        template = _held(type_)
        if template.pk is None:
            return
        check_version(template.version, version)
        log.record("request_template.removed", template, by=by, data={"type": type_})
        template.delete()


def presets(template: RequestTemplate) -> dict[str, str]:
    """What the form's controls take over, as they hold it; an archived goal is left out."""
    values = {name: getattr(template, name) for name in PRESET}
    if template.goal and template.goal.is_archived:
        values["goal"] = None
    return {name: str(plain(value)) for name, value in values.items() if value}


def _clean(fields: TemplateFields) -> dict[str, Any]:
    wanted = cast("dict[str, Any]", fields)
    clean: dict[str, Any] = dict(
        clean_fields(cast(RequestFields, {name: value for name, value in wanted.items() if name in PRESET}))
    )
    clean |= {name: clean_text(wanted[name], name, GUIDANCE_TEXT) for name in WORDS if name in wanted}
    if not any(clean.values()):
        text = _("Write some guidance, an example or a text to begin with.")
        raise InvalidFields([Missing("required", text, "guidance")])
    return clean


def _require_keeper(by: Person) -> None:
    text = _("Only leads and administrators keep the templates of requests.")
    require_keeper(may_keep_templates(by), text)


def _held(type_: str) -> RequestTemplate:
    """The template with its row held; a new one at version 0 where there is none."""
    found = RequestTemplate.objects.select_for_update(no_key=True, of=("self",)).filter(type=type_)
    kept = found.select_related("goal", "serving_team").first()
    return kept or RequestTemplate(type=type_, version=0)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items()}
