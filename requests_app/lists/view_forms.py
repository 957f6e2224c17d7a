"""The form of a saved view."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.models import VIEW_NAME, Board, SavedView
from teams.forms import DomainForm
from teams.models import Person, Team

# As much as an address may hold before it is made short.
LONGEST_ADDRESS = 8_000


class ViewForm(DomainForm):
    """A name for an address; whether it can be kept is decided by the domain function."""

    name = forms.CharField(label=_("Name of the view"), max_length=VIEW_NAME)
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=_("Share with"),
        help_text=_(
            "Everybody in the team then sees the view. It shows each of them only what they may see."
        ),
        empty_label=_("Nobody, only I see it"),
        required=False,
    )
    board = forms.ModelChoiceField(
        Board.objects.all(), to_field_name="slug", required=False, widget=forms.HiddenInput
    )
    query = forms.CharField(max_length=LONGEST_ADDRESS, required=False, widget=forms.HiddenInput)
    # Of a view that is there already, what the form was built from.
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Person, view: SavedView | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Q(pk__in=person.team_ids())
        # Whoever leads the team of somebody else's view leaves it there.
        kept = Q(pk=view.team_id) if view else Q(pk__in=[])
        self.fields["team"].queryset = Team.objects.filter(mine | kept)  # type: ignore[attr-defined]
