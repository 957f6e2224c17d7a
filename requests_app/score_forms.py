"""The forms of scoring: six scales, IT's estimate, and the joint value of a divergence."""

from decimal import Decimal
from typing import Any, Self, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.choices import Dimension
from requests_app.forms import long_text
from requests_app.models import REASON_TEXT
from requests_app.scoring.arithmetic import HIGHEST, LOWEST
from requests_app.scoring.enter import Given
from requests_app.scoring.reading import ESTIMATE, Entered
from requests_app.scoring.scales import SCALES, WHOLE, Scale
from teams.form_fields import NumberField
from teams.forms import DomainForm
from teams.models import Person, Side

POINTS = [(str(point), str(point)) for point in range(LOWEST, HIGHEST + 1)]
# No version of a side's scores: nobody has scored for it yet.
NOTHING_SEEN = 0


class PointField(forms.TypedChoiceField):
    """One of the five points of a scale, as radio buttons."""

    def __init__(self, **options: Any) -> None:
        wrong = {"required": WHOLE, "invalid_choice": WHOLE}
        super().__init__(
            choices=POINTS, coerce=int, widget=forms.RadioSelect, error_messages=wrong, **options
        )


class ScoreForm(DomainForm):
    """What one side thinks; ``seen_version`` is that of the side's scores from which the form was built."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=NOTHING_SEEN)
    reason = forms.CharField(
        label=gettext_lazy("Why do you change it?"),
        help_text=gettext_lazy("Both sides have seen these scores. Everybody reads your reason."),
        max_length=REASON_TEXT,
        # Whether it is needed is decided by the domain function.
        required=False,
        widget=long_text(2),
    )
    estimate_labels = {
        "best": gettext_lazy("Best case"),
        "likely": gettext_lazy("Likely"),
        "worst": gettext_lazy("Worst case"),
    }

    def __init__(self, data: QueryDict | None = None, *, side: str, person: Person, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"id_{side}_%s", **kwargs)
        self.side, self.person, self.asks_reason = side, person, False
        for dimension in Dimension:
            self.fields[dimension] = PointField(label=dimension.label)
        if side == Side.IT:
            for name, label in self.estimate_labels.items():
                self.fields[name] = NumberField(label=label)
        self.order_fields(["seen_version", *Dimension.values, *ESTIMATE, "reason"])

    @classmethod
    def of(
        cls,
        side: str,
        entered: Entered | None,
        person: Person,
        *,
        revealed: bool,
        typed: QueryDict | None = None,
    ) -> Self:
        """A form of what the side has entered, as far as ``person`` sees it, or of what was typed."""
        initial: dict[str, Any] = {"seen_version": entered.version if entered else NOTHING_SEEN}
        if entered:
            initial |= entered.values | {name: _plain(days) for name, days in entered.estimate.items()}
        form = cls(typed, side=side, person=person, initial=initial)
        form.asks_reason = revealed
        return form

    @property
    def is_first(self) -> bool:
        """Whether the side enters for the first time."""
        return not self.initial.get("seen_version")

    @property
    def scales(self) -> list[tuple[forms.BoundField, Scale]]:
        """Each dimension's field with what its ends mean."""
        return [(self[name], SCALES[name]) for name in Dimension.values]

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[name] for name in ESTIMATE if name in self.fields]

    def given(self) -> Given:
        """What was entered, for ``enter_scores``."""
        data = self.cleaned_data
        estimate = {name: data[name] for name in ESTIMATE if name in data}
        return Given({name: data[name] for name in Dimension.values}, estimate)

    def show_colleagues(self, present: Entered | None, version: int) -> None:
        """Put what a colleague entered meanwhile beside each scale; saving again keeps what is chosen here.

        ``present`` is None where the person may not see it.
        """
        for name, value in (present.values if present else {}).items():
            if value != self.cleaned_data.get(name):
                text = _("Somebody on your side changed this to %(value)d. Save again to keep yours.")
                self.add_error(name, text % {"value": value})
        if not self.errors:
            text = _("Somebody on your side scored meanwhile. Save again to keep your version.")
            self.add_error(None, text)
        typed = cast(QueryDict, self.data).copy()
        typed["seen_version"] = str(version)
        self.data = typed


def _plain(days: float | None) -> Decimal | None:
    """As it was written: the database keeps two decimals."""
    return None if days is None else Decimal(format(Decimal(str(days)).normalize(), "f"))


class JointForm(DomainForm):
    """A joint value for a divergence, and how it was arrived at."""

    value = PointField(label=gettext_lazy("Joint value"))
    note = forms.CharField(
        label=gettext_lazy("How do you arrive at it?"),
        help_text=gettext_lazy("One or two sentences that both sides still understand in a year."),
        max_length=REASON_TEXT,
        required=False,
        widget=long_text(2),
    )

    def __init__(self, data: QueryDict | None = None, *, dimension: str, person: Person) -> None:
        super().__init__(data, auto_id=f"id_{dimension}_%s")
        self.dimension, self.person = dimension, person

    @classmethod
    def of(cls, dimension: str, person: Person) -> Self:
        """An untouched form."""
        return cls(dimension=dimension, person=person)

    @property
    def scale(self) -> Scale:
        return SCALES[self.dimension]
