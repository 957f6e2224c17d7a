"""The events of scoring in words. Before the reveal an event carries no values, so none can be told."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.choices import Dimension
from teams.models import Side

Data = dict[str, Any]

LABELS = {
    **{dimension.value: dimension.label for dimension in Dimension},
    "best": gettext_lazy("Best case"),
    "likely": gettext_lazy("Likely"),
    "worst": gettext_lazy("Worst case"),
}


@dataclass(frozen=True)
class View:
    """What both sides said about one dimension when their scores were revealed."""

    label: str
    marketing: int
    it: int


def views(data: Data) -> list[View]:
    """The values that this event revealed, if it did."""
    both = data.get("scores")
    if not data.get("revealed") or not isinstance(both, dict):
        return []
    marketing, it = both[Side.MARKETING], both[Side.IT]
    return [View(str(one.label), marketing[one], it[one]) for one in Dimension if one in marketing]


def changes(data: Data) -> Iterator[tuple[str, str, str]]:
    """What a side changed after the reveal: label, from, to."""
    for name, both in data["score_changes"].items():
        yield str(LABELS.get(name, name)), _number(both.get("from")), _number(both.get("to"))


def _number(value: Any) -> str:
    if value is None:
        return "–"
    plain = Decimal(str(value)).normalize()
    return number_format(plain, decimal_pos=max(0, -int(plain.as_tuple().exponent)), use_l10n=True)


def scored(data: Data) -> str:
    """Who scored first, who completed the pair, who changed something."""
    if data.get("revealed"):
        text = _("scored for %(side)s; now both sides are in")
    elif data.get("first"):
        text = _("scored for %(side)s")
    else:
        text = _("changed what %(side)s has scored")
    return text % {"side": _side(data)}


def proposed(data: Data) -> str:
    return _("proposed a joint value for “%(point)s”: %(value)s") % _point(data)


def agreed(data: Data) -> str:
    return _("agreed on a joint value for “%(point)s”: %(value)s") % _point(data)


def reopened(data: Data) -> str:
    if data.get("agreed"):
        return _("opened “%(point)s” again") % _point(data)
    return _("took the proposal for “%(point)s” away") % _point(data)


def _point(data: Data) -> dict[str, Any]:
    name = data.get("dimension", "")
    return {"point": LABELS.get(name, name), "value": data.get("value", "?")}


def _side(data: Data) -> str:
    side = data.get("side", "")
    return str(Side(side).label) if side in Side.values else ""
