"""The scores of a request as its page draws them: two sides, six lines, the arithmetic, what can be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.choices import Dimension
from requests_app.models import Request
from requests_app.score_forms import JointForm, ScoreForm
from requests_app.scoring.agreement import closing_sides
from requests_app.scoring.reading import ESTIMATE, Round, earlier_rounds, round_of
from requests_app.scoring.scales import SCALES, Scale
from requests_app.scoring.seeing import scores_for
from requests_app.scoring.shown import Shown, ShownPoint, ShownSide, show
from requests_app.workflow.situation import Roles
from teams.models import Person, Side

HUNDRED = 100


@dataclass(frozen=True)
class Line:
    """One dimension: both handles, what was agreed or proposed, and what the person may do about it."""

    point: ShownPoint
    joint: Decimal
    may_assent: bool = False
    may_propose: bool = False
    may_reopen: bool = False
    form: JointForm | None = None

    @property
    def scale(self) -> Scale:
        return SCALES[self.point.dimension]

    @property
    def lower(self) -> int:
        return min(self.point.marketing, self.point.it)

    @property
    def upper(self) -> int:
        return max(self.point.marketing, self.point.it)

    @property
    def is_to_talk_about(self) -> bool:
        return self.point.is_divergence and not (self.point.agreement and self.point.agreement.is_agreed)


@dataclass(frozen=True)
class Own:
    """One value that the own side has entered, while nobody else may see it."""

    label: str
    value: int


@dataclass(frozen=True)
class SideView:
    """What is told of one side: whether it has scored, and what of it the person sees or may enter."""

    shown: ShownSide
    label: str
    own: list[Own]
    estimate: list[Decimal]
    form: ScoreForm | None


@dataclass(frozen=True)
class Term:
    """One of the three parts of the impact: its height from 0 to 1, its weight, and what it adds."""

    label: str | Promise
    words: str | Promise
    part: Decimal
    weight: Decimal
    adds: Decimal


@dataclass(frozen=True)
class Panel:
    shown: Shown
    sides: list[SideView]
    lines: list[Line]
    terms: list[Term]
    earlier: int = 0
    alignment: int | None = None

    @property
    def has_something(self) -> bool:
        """Whether there is anything to show or to enter; imported history has no scores."""
        return self.shown.is_open or self.earlier > 0 or any(side.shown.has_scored for side in self.sides)

    @property
    def estimate(self) -> list[Decimal]:
        """Best, likely and worst case in person-days; empty while it is hidden."""
        return self.sides[1].estimate

    @property
    def reaches_gate(self) -> bool:
        return self.shown.difference is not None and self.shown.difference >= self.shown.gate

    @property
    def may_choose_side(self) -> bool:
        """Whether the person could score for either side, and has not chosen yet."""
        return all(side.form for side in self.sides)

    @property
    def to_talk_about(self) -> int:
        return sum(line.is_to_talk_about for line in self.lines)


@dataclass(frozen=True)
class Earlier:
    """A round before the present one; ``panel`` is None where it was never revealed, and never will be."""

    number: int
    panel: Panel | None


def panel_of(request: Request, person: Person, roles: Roles) -> Panel:
    """The present round in the eyes of ``person``; no query where ``request`` comes ``with_scores``."""
    shown = show(request, roles, scores_for(request, person), round_of(request))
    return _panel(shown, person, roles, request.scoring_round - 1)


def earlier_of(request: Request, person: Person) -> list[Earlier]:
    """The rounds before the present one, newest first; what was never revealed stays hidden. One query."""
    return [_earlier(request, person, found) for found in earlier_rounds(request)]


def _earlier(request: Request, person: Person, found: Round) -> Earlier:
    # Nobody can change it any more, whoever they are.
    roles = Roles()
    if not found.is_revealed:
        return Earlier(found.number, None)
    shown = show(request, roles, "", found, is_past=True)
    return Earlier(found.number, _panel(shown, person, roles, earlier=0))


def _panel(shown: Shown, person: Person, roles: Roles, earlier: int) -> Panel:
    closing = closing_sides(roles) if shown.is_open else set()
    return Panel(
        shown=shown,
        sides=[_side(side, shown, person) for side in shown.sides],
        lines=[_line(point, closing, person) for point in shown.points],
        terms=list(_terms(shown)),
        earlier=earlier,
        alignment=None if shown.alignment is None else round(shown.alignment * HUNDRED),
    )


def _side(side: ShownSide, shown: Shown, person: Person) -> SideView:
    entered = side.entered
    form = ScoreForm.of(side.side, entered, person, revealed=shown.is_revealed) if side.may_enter else None
    return SideView(
        shown=side,
        label=str(Side(side.side).label),
        own=[Own(str(one.label), entered.values[one]) for one in Dimension] if entered else [],
        estimate=_days(entered.estimate) if entered and side.side == Side.IT else [],
        form=form,
    )


def _days(estimate: dict[str, float | None]) -> list[Decimal]:
    return [Decimal(str(estimate[name])) for name in ESTIMATE if estimate[name] is not None]


def _line(point: ShownPoint, closing: set[str], person: Person) -> Line:
    joint = _decimal(point.joint)
    if not point.is_divergence or not closing:
        return Line(point, joint)
    present = point.agreement
    if present and present.is_agreed:
        return Line(point, joint, may_reopen=True)
    form = JointForm.of(point.dimension, person)
    if present is None:
        return Line(point, joint, may_propose=True, form=form)
    # Who could act for both sides answers, unless the proposal is their own.
    answers = present.by != person.pk and bool(closing - {present.side})
    return Line(point, joint, answers, may_propose=True, may_reopen=not answers, form=form)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _terms(shown: Shown) -> Iterable[Term]:
    if shown.parts is None:
        return
    told = (
        ("value", _("Value"), _("the mean of customer value, reach and goal fit")),
        ("urgency", _("Urgency"), _("the time criticality")),
        ("ease", _("Ease"), _("6 minus the comprehension burden")),
    )
    for name, label, words in told:
        part, weight = _decimal(getattr(shown.parts, name)), Decimal(shown.weights[name])
        yield Term(label, words, part, weight / HUNDRED, part * weight)
