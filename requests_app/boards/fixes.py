"""What would mend a refused move: a button for each condition that is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import BooleanField, Case, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activity import clock
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Person
from teams.rules import RuleViolation

# So many of those at work are named when a column is full.
HELPABLE = 3
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Fix:
    """A button, and where it leads."""

    label: str
    url: str


def fixes_for(violation: RuleViolation, request: Request, person: Person) -> list[Fix]:
    """The buttons for what is missing, each once; only of requests that ``person`` may see."""
    found: list[Fix] = []
    for missing in violation.missing:
        if missing.code == "wip_full":
            found += _who_could_be_helped(request, person)
        elif fix := _fix(missing.code, request):
            found.append(fix)
    return list(dict.fromkeys(found))


def _fix(code: str, request: Request) -> Fix | None:
    number = request.number
    edit, page = reverse("requests:edit", args=[number]), reverse("requests:detail", args=[number])
    known = {
        "goal_missing": Fix(_("Name the goal"), f"{edit}#id_goal"),
        "result_missing": Fix(_("Complete the expected result"), f"{edit}#id_metric"),
        "personal_data_unsigned": Fix(_("Sign the personal data off"), f"{edit}#id_personal_data_signed_by"),
        "score_missing": Fix(_("Score the request"), f"{page}#scores"),
        "divergence_open": Fix(_("Talk about the divergence"), f"{page}#scores"),
        "below_gate": Fix(_("Park it"), _step(number, "park")),
        "owner_missing": Fix(_("Fill the empty seat"), _step(number, "assign")),
        "team_missing": Fix(_("Choose the team"), _step(number, "assign")),
        "explainer_missing": Fix(_("Name the solution"), _step(number, "hand_over")),
        "already_done": Fix(_("Look at the request"), page),
    }
    return known.get(code)


def _step(number: int, action: str) -> str:
    return reverse("requests:act", args=[number, action])


def _who_could_be_helped(request: Request, person: Person) -> Iterator[Fix]:
    """What the team is at work on: the blocked first, then what has lasted longest."""
    blocked = Case(When(waiting_for="", then=Value(False)), default=Value(True), output_field=BooleanField())
    rows = Request.objects.visible_to(person).filter(
        serving_team=request.serving_team_id, status=Status.IN_PROGRESS
    )
    now = clock.now()
    for row in rows.select_related("it_owner").order_by(blocked.desc(), "status_since")[:HELPABLE]:
        yield Fix(_help(row, (now - row.status_since) // DAY), row.get_absolute_url())


def _help(row: Request, days: int) -> str:
    since = ngettext("for %(count)d day", "for %(count)d days", days) % {"count": days}
    told = {"key": row.key, "name": row.it_owner.name if row.it_owner else "?", "since": since}
    if row.is_blocked:
        return _("Help with %(key)s: blocked, %(name)s, %(since)s") % told
    return _("Help with %(key)s: %(name)s, %(since)s") % told
