"""The forms of a round: opening it, putting something off, correcting its minutes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.choices import AgendaKind
from requests_app.forms import long_text
from requests_app.models import LEAST_MINUTES, MOST_MINUTES, NOTE_TEXT, REASON_TEXT, Board
from requests_app.rounds.agenda import DEFAULT_MINUTES, USUAL_MINUTES
from requests_app.rounds.minutes import Minutes
from requests_app.rounds.waiting import EVERYTHING, Scope
from teams.forms import DomainForm, VersionedForm
from teams.models import Goal

BOARD, GOAL = "board", "goal"


class OpeningForm(DomainForm):
    """What a round shall be about, and for how long; a page's address may hold a part of it."""

    about = forms.ChoiceField(label=_("What about"), required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=LEAST_MINUTES, max_value=MOST_MINUTES)

    def __init__(self, given: Mapping[str, str]) -> None:
        start = {"about": "", "minutes": str(DEFAULT_MINUTES)}
        usual = {kind: str(minutes) for kind, minutes in USUAL_MINUTES.items()}
        super().__init__({**start, **usual, **{name: given[name] for name in given}})
        self.boards = {
            board.slug: board for board in Board.objects.whole().order_by("team__sort_key", "name")
        }
        self.goals = {str(goal.pk): goal for goal in Goal.objects.filter(is_archived=False)}
        self._about().choices = self._offered()
        for kind in USUAL_MINUTES:
            label = AgendaKind(kind).label
            self.fields[kind] = forms.IntegerField(label=label, min_value=1, max_value=MOST_MINUTES)

    def _about(self) -> forms.ChoiceField:
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        return field

    def _offered(self) -> list[tuple[Any, Any]]:
        boards = [(f"{BOARD}:{slug}", board.title) for slug, board in self.boards.items()]
        goals = [(f"{GOAL}:{pk}", goal.title) for pk, goal in self.goals.items()]
        everything = ("", _("Everything that waits for both sides"))
        groups = ((_("Boards"), boards), (_("Goals"), goals))
        return [everything, *(group for group in groups if group[1])]

    @property
    def scope(self) -> Scope:
        """Only after validation."""
        kind, _colon, which = self.cleaned_data["about"].partition(":")
        if kind == BOARD:
            return Scope(board=self.boards[which])
        return Scope(goal=self.goals[which]) if kind == GOAL else EVERYTHING

    @property
    def each(self) -> dict[str, int]:
        """The minutes for a thing of each kind; only after validation."""
        return {kind: self.cleaned_data[kind] for kind in USUAL_MINUTES}

    @property
    def of_each_kind(self) -> list[forms.BoundField]:
        return [self[kind] for kind in USUAL_MINUTES]


class DeferralForm(DomainForm):
    """Why something is put off."""

    reason = forms.CharField(
        label=_("Why is it put off, and what is needed to decide it?"),
        max_length=REASON_TEXT,
        required=False,
        widget=long_text(4),
    )
    reason.is_needed = True  # type: ignore[attr-defined]
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class CorrectionForm(VersionedForm):
    """A text for each item of the agenda that the person sees."""

    def __init__(self, *args: Any, minutes: Minutes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for point in minutes.points:
            self.fields[f"note_{point.item.pk}"] = forms.CharField(
                label=f"{point.request.key} {point.request.title}",
                max_length=NOTE_TEXT,
                required=False,
                widget=long_text(3),
            )

    def notes(self) -> dict[int, str]:
        """The texts by the ids of their items; only after validation."""
        texts = {name: text for name, text in self.cleaned_data.items() if name.startswith("note_")}
        return {int(name.removeprefix("note_")): text for name, text in texts.items()}


def written(minutes: Minutes) -> dict[str, Any]:
    """What stands in the minutes now, as the form's ``initial``."""
    notes = {f"note_{point.item.pk}": point.item.note for point in minutes.points}
    return {"version": minutes.round.version, **notes}
