"""The forms of choosing: a matrix of kinds and ways, quiet times, and how much of a team one hears."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.choosing.chats import ToldThere
from notifications.choosing.kinds import ByMail, Choice, Kind
from notifications.models import TeamAttention
from teams.choosing import TeamField
from teams.forms import WEEKDAYS, DomainForm
from teams.models import Team

INPUT = {"class": "form-check-input"}


@dataclass(frozen=True)
class Row:
    """One kind of the matrix, with its two fields, and the chats that tell of it anyway."""

    kind: str
    label: str
    inbox: forms.BoundField
    mail: forms.BoundField
    chats: Sequence[ToldThere]


class MatrixForm(DomainForm):
    """For each kind of news whether it stands in the inbox, and when it comes by mail."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        choices: Mapping[str, Choice],
        is_own: bool = False,
        chats: Mapping[str, Sequence[ToldThere]] | None = None,
    ) -> None:
        initial: dict[str, Any] = {f"inbox_{kind}": one.inbox for kind, one in choices.items()}
        initial |= {f"mail_{kind}": one.mail for kind, one in choices.items()}
        super().__init__(data, initial=initial)
        # Whether any of it is somebody's own choice.
        self.is_own = is_own
        # Only shown; whether there are any decides whether they have a column.
        self.chats = chats or {}
        for kind, label in Kind.choices:
            self.fields[f"inbox_{kind}"] = forms.BooleanField(
                required=False, label=label, widget=forms.CheckboxInput(attrs=INPUT)
            )
            self.fields[f"mail_{kind}"] = forms.ChoiceField(
                choices=ByMail.choices, widget=forms.RadioSelect(attrs=INPUT), label=label
            )

    def rows(self) -> Iterator[Row]:
        """The kinds in their order."""
        for kind, label in Kind.choices:
            inbox, mail = self[f"inbox_{kind}"], self[f"mail_{kind}"]
            yield Row(kind, str(label), inbox, mail, self.chats.get(kind, ()))

    @property
    def chosen(self) -> dict[str, Choice]:
        """What was sent."""
        data = self.cleaned_data
        return {kind: Choice(data[f"inbox_{kind}"], data[f"mail_{kind}"]) for kind in Kind.values}


class QuietForm(DomainForm):
    """From when to when no mail comes, and on which days none at all."""

    starts = forms.TimeField(
        label=pgettext_lazy("quiet hours", "From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    ends = forms.TimeField(
        label=pgettext_lazy("quiet hours", "until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    days_off = forms.TypedMultipleChoiceField(
        label=_("Days off"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class TeamForm(DomainForm):
    """How much of a team's requests one hears, beside what one is to each of them."""

    team = TeamField(Team.objects.all(), label=_("Team"))
    level = forms.ChoiceField(label=_("Tell me"), choices=TeamAttention.Level.choices)
