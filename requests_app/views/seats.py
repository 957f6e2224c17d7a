"""What people's changes mean for requests: deactivating somebody, and taking them out of a team."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app import seats
from teams.http import AuthedRequest
from teams.models import Person, Team
from teams.views.acting import attempt


@require_POST
def deactivate_person(request: AuthedRequest, pk: int) -> HttpResponse:
    """Shut somebody out; their seats become empty."""
    if not request.user.is_admin:
        raise PermissionDenied
    person = get_object_or_404(Person, pk=pk)
    done = _("%(name)s can no longer sign in, and holds no seat any more.") % {"name": person.name}
    attempt(request, lambda: seats.deactivate(person, by=request.user), done)
    return redirect("teams:settings_people")


@require_POST
def remove_member(request: AuthedRequest, slug: str, person_id: int) -> HttpResponse:
    """Take somebody out of the team; seats of a side that they lose become empty."""
    team, person = get_object_or_404(Team, slug=slug), get_object_or_404(Person, pk=person_id)
    done = _("%(name)s is no longer in the team.") % {"name": person.name}
    attempt(request, lambda: seats.remove_member(team, person, by=request.user), done)
    return redirect("teams:team", team.slug)
