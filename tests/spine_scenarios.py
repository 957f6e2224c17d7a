"""For each domain function a prepared situation and the call that changes it."""

from collections.abc import Callable
from typing import Any

from requests_app.intake.drafts import save_draft, throw_away
from requests_app.intake.edit import edit
from requests_app.intake.submit import create, hand_in
from teams.models import Side
from tests.factories import make_person, make_request, make_team
from tests.requests_app.test_intake import complete
from tests.teams.spine_scenarios import TEAMS, TEAMS_WITHOUT_EVENT

Change = Callable[[], Any]


def drafting() -> Change:
    person = make_person(make_team(Side.MARKETING))
    return lambda: save_draft({"title": "A thought"}, by=person)


def throwing_away() -> Change:
    person = make_person()
    draft = save_draft({"title": "A thought"}, by=person)
    return lambda: throw_away(draft.pk, by=person)


def filing() -> Change:
    team = make_team(Side.MARKETING)
    person = make_person(team)
    return lambda: create(complete(team), by=person, submit=True)


def handing_in() -> Change:
    team = make_team(Side.MARKETING)
    person = make_person(team)
    draft = create(complete(team), by=person, submit=False)
    return lambda: hand_in(draft.pk, by=person)


def editing() -> Change:
    request = make_request()
    return lambda: edit(request.pk, {"title": "A better title"}, by=request.requester)


def restricting() -> Change:
    request = make_request()
    return lambda: edit(request.pk, {"restricted": True}, by=request.requester)


WITHOUT_EVENT: dict[str, Callable[[], Change]] = {
    "requests_app.intake.drafts.save_draft": drafting,
    "requests_app.intake.drafts.throw_away": throwing_away,
    **TEAMS_WITHOUT_EVENT,
}
SCENARIOS: dict[str, Callable[[], Change]] = {
    "requests_app.intake.submit.create": filing,
    "requests_app.intake.submit.hand_in": handing_in,
    "requests_app.intake.edit.edit": editing,
    "requests_app.intake.edit.edit(restricted)": restricting,
    **TEAMS,
}
