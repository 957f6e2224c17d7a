"""Taking a request: IT's seat for oneself, in one press, and never over somebody else's head."""

from django.utils.translation import gettext as _

from requests_app.models import Request
from requests_app.workflow.inputs import UNSET, Inputs
from requests_app.workflow.perform import ATTEMPTS, perform
from teams.models import Person, Team
from teams.rules import Missing, RuleViolation, StaleVersion


def take(number: int, *, by: Person, team: Team | None = None) -> Request:
    """Put ``by`` into IT's empty seat, and ``team`` in charge where no team is; again, it changes nothing.

    Everything that *assign* demands holds. Of several who take it at once, one gets it.

    :raises Http404: where ``by`` may not see the request.
    :raises RuleViolation: ``already_done``, with the name of who has it; else as *assign*.
    """
    for _attempt in range(ATTEMPTS):
        seen = Request.objects.with_people().get_visible(by, number)
        if seen.it_owner_id == by.pk:
            return seen
        if seen.it_owner is not None:
            raise _taken(seen.it_owner, seen)
        chosen = team if team is not None and seen.serving_team_id is None else UNSET
        inputs = Inputs(it_owner=by, serving_team=chosen)
        try:
            return perform("assign", number, by=by, inputs=inputs, version=seen.version)
        except StaleVersion:
            # Somebody was faster with something: look who holds the seat now.
            continue
    raise StaleVersion(seen.version)


def _taken(holder: Person, request: Request) -> RuleViolation:
    words = _("%(name)s has taken %(key)s already.") % {"name": holder.name, "key": request.key}
    return RuleViolation([Missing("already_done", words, "it_owner")])
