"""Personal data: which, and its sign-off, which holds only for what was signed."""

from typing import Any, cast

from django.utils.translation import gettext as _

from requests_app.choices import PersonalData
from requests_app.intake.fields import RequestFields
from requests_app.models import Request
from teams.rules import InvalidFields, Missing

WHICH = ("personal_data", "personal_data_which")
SIGNATURE = ("personal_data_signed_by", "personal_data_signed_on")
DETAILS: dict[str, Any] = {
    "personal_data_which": "",
    "personal_data_signed_by": "",
    "personal_data_signed_on": None,
}


def with_consequences(request: Request, changed: RequestFields) -> RequestFields:
    """``changed`` with what follows from it: other data need another sign-off, no data need none.

    :raises InvalidFields: for details without personal data, data without which, half a sign-off.
    """
    if not any(name in changed for name in (*WHICH, *SIGNATURE)):
        return changed
    wanted: dict[str, Any] = dict(changed)
    after = {name: wanted.get(name, getattr(request, name)) for name in (*WHICH, *SIGNATURE)}
    gone = _falls_away(request, after, wanted)
    wrong = _wrong({**after, **gone}, wanted)
    if wrong:
        raise InvalidFields(wrong)
    wanted |= {name: empty for name, empty in gone.items() if getattr(request, name) != empty}
    return cast(RequestFields, wanted)


def _falls_away(request: Request, after: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    if after["personal_data"] != PersonalData.YES:
        return {name: empty for name, empty in DETAILS.items() if not wanted.get(name)}
    other_data = any(after[name] != getattr(request, name) for name in WHICH)
    if other_data and not any(name in wanted for name in SIGNATURE):
        return {name: DETAILS[name] for name in SIGNATURE}
    return {}


def _wrong(after: dict[str, Any], wanted: dict[str, Any]) -> list[Missing]:
    if after["personal_data"] != PersonalData.YES:
        details = any(wanted.get(name) for name in DETAILS)
        words = _("Say first that it handles personal data.")
        return [Missing("required", words, "personal_data")] if details else []
    wrong = []
    if not after["personal_data_which"]:
        wrong.append(Missing("required", _("Name the personal data."), "personal_data_which"))
    by, on = (bool(after[name]) for name in SIGNATURE)
    if by != on:
        words = _("A sign-off has a name and a date.")
        wrong.append(Missing("required", words, SIGNATURE[0] if on else SIGNATURE[1]))
    return wrong
