"""What is being written, as the page of a request would show it."""

from typing import Any, cast

from activity import clock
from requests_app.intake.fields import RequestFields, clean_fields, write_fields
from requests_app.models import Request
from teams.models import Person, Side
from teams.rules import InvalidFields


def preview(fields: RequestFields, person: Person) -> Request:
    """A request that is never saved, filed by ``person``; what cannot be kept is left out."""
    kept = {name: value for name, value in fields.items() if _can_be_kept(name, value)}
    now = clock.now()
    shown = Request(requester=person, created_at=now, updated_at=now, status_since=now)
    write_fields(shown, cast(RequestFields, kept), kept)
    if person.on_side(Side.MARKETING):
        shown.marketing_owner = person
    names = [str(one) for one in fields.get("touchpoints", [])]
    shown.touchpoint_names = names  # type: ignore[attr-defined]
    return shown


def _can_be_kept(name: str, value: Any) -> bool:
    try:
        clean_fields(cast(RequestFields, {name: value}))
    except InvalidFields:
        return False
    return True
