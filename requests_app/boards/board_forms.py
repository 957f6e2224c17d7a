"""The editor of a board; whether its content may be kept is decided by the domain functions."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.boards.lanes import LANES
from requests_app.boards.wanted import OF_BOARD, SET, SHOWN, BoardFields
from requests_app.choices import BOARD_COLUMNS, RequestType, Status
from requests_app.models import BOARD_NAME, COLUMN_TITLE, LABEL_LINE, LONGEST_AGE_MARK, POLICY_TEXT, Board
from teams.choosing import TeamField
from teams.forms import DomainForm
from teams.models import Goal, Side, Team, Touchpoint


class ColumnsForm(DomainForm):
    """How each column is set: all that can be edited of a team's own board."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    lanes = forms.ChoiceField(
        label=_("Lanes across the columns"),
        help_text=_(
            "Everybody sees the board in these lanes; whoever looks may choose others for themselves."
        ),
        choices=[("", _("No lanes")), *((name, kind.label) for name, kind in LANES.items())],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, status in enumerate(BOARD_COLUMNS, start=1):
            for name, field in _column_fields(status, place):
                self.fields[f"{status}_{name}"] = field

    def columns(self) -> Iterator[tuple[str, list[BoundField], bool]]:
        """The fields of each column with its status in words, and whether one is set or wrong."""
        for place, status in enumerate(BOARD_COLUMNS, start=1):
            fields = [self[f"{status}_{name}"] for name in SET]
            usual = {f"{status}_place": place}
            is_set = any(
                one.errors or str(one.value() or "") != str(usual.get(one.name, "")) for one in fields
            )
            yield str(status.label), fields, is_set

    def wanted(self) -> BoardFields:
        """The valid content as the domain functions take it."""
        data = self.cleaned_data
        columns = {
            status.value: {name: data[f"{status}_{name}"] for name in SET if _is_given(data, status, name)}
            for status in BOARD_COLUMNS
        }
        shown = {name: data[name] for name in OF_BOARD if name in data}
        return cast(BoardFields, {**shown, "columns": columns})


def _is_given(data: dict[str, Any], status: Status, name: str) -> bool:
    # Without a place a column stays where it is.
    return f"{status}_{name}" in data and (name != "place" or data[f"{status}_{name}"] is not None)


def _column_fields(status: Status, place: int) -> Iterator[tuple[str, forms.Field]]:
    yield (
        "title",
        forms.CharField(
            label=_("Title"),
            max_length=COLUMN_TITLE,
            required=False,
            widget=forms.TextInput(attrs={"placeholder": status.label}),
        ),
    )
    yield (
        "age_mark",
        forms.IntegerField(
            label=_("Old after how many days"),
            help_text=_("Empty: after as long as 85 of 100 cards of the team stood here."),
            min_value=1,
            max_value=LONGEST_AGE_MARK,
            required=False,
        ),
    )
    yield (
        "policy",
        forms.CharField(
            label=_("What must be true to enter"),
            max_length=POLICY_TEXT,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        ),
    )
    yield "hidden", forms.BooleanField(label=_("Hide this column"), required=False)
    yield (
        "place",
        forms.IntegerField(
            label=_("Place from the left"),
            min_value=1,
            max_value=len(BOARD_COLUMNS),
            required=False,
            initial=place,
        ),
    )


class OwnBoardForm(ColumnsForm):
    """A team's own board."""

    operations_share = forms.IntegerField(
        label=_("How much of the week running operations take, in percent"),
        help_text=_("Everybody sees it at the top of the board. Empty: nothing is said."),
        min_value=0,
        max_value=100,
        required=False,
    )


class BoardForm(ColumnsForm):
    """A board that somebody makes."""

    name = forms.CharField(label=_("What is the board called?"), max_length=BOARD_NAME)
    goal = forms.ModelChoiceField(
        Goal.objects.none(), label=_("Goal"), empty_label=_("All goals"), required=False
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.filter(side=Side.IT),
        label=_("Serving teams"),
        help_text=_("Choose none to show the requests of all teams."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    touchpoints = forms.ModelMultipleChoiceField(
        Touchpoint.objects.none(),
        label=_("Touchpoints"),
        help_text=_("A request that customers notice at one of them stands on the board."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    type = forms.ChoiceField(
        label=_("Type"), choices=[("", _("All types")), *RequestType.choices], required=False
    )
    label = forms.CharField(label=_("Label"), max_length=LABEL_LINE, required=False)
    requesting_side = forms.ChoiceField(
        label=_("Asking side"),
        choices=[("", pgettext_lazy("sides", "All")), *Side.choices],
        required=False,
    )
    requesting_team = TeamField(Team.objects.all(), label=_("Requesting team"), required=False)

    def __init__(self, *args: Any, board: Board | None = None, **kwargs: Any) -> None:
        """``board`` keeps a goal and touchpoints that were archived since."""
        super().__init__(*args, **kwargs)
        goal = board.goal_id if board else None
        points = [row["id"] for row in board.touchpoint_rows] if board else []
        for name, model, kept in (("goal", Goal, [goal]), ("touchpoints", Touchpoint, points)):
            offered: Any = model
            self.fields[name].queryset = offered.objects.filter(  # type: ignore[attr-defined]
                Q(is_archived=False) | Q(pk__in=kept)
            )

    field_order = ("name", "goal", "teams", "touchpoints", "type", "label", "requesting_side")

    def filters(self) -> list[BoundField]:
        """The fields that say what the board shows."""
        return [self[name] for name in SHOWN if name != "name"]


def initial_of(board: Board) -> dict[str, Any]:
    """What the editor of a board shows at first."""
    start: dict[str, Any] = {"version": board.version, "lanes": board.lanes}
    for place, row in enumerate(board.column_rows, start=1):
        start |= {f"{row['status']}_{name}": row[name] for name in SET if name != "place"}
        start[f"{row['status']}_place"] = place
    if board.team_id is not None:
        start["operations_share"] = board.operations_share
    else:
        start |= {name: getattr(board, name) for name in ("name", "type", "label", "requesting_side")}
        start |= {"goal": board.goal_id, "requesting_team": board.requesting_team_id}
        start |= {"teams": [row["id"] for row in board.team_rows]}
        start |= {"touchpoints": [row["id"] for row in board.touchpoint_rows]}
    return start
