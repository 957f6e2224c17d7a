"""A round as those who take part see it. Nobody sees, in a round, what not all of them may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from requests_app.choices import Status
from requests_app.models import Request, Round, RoundItem
from requests_app.querysets import HIGHEST_NUMBER
from teams.models import Person


@dataclass(frozen=True)
class Meeting:
    """A round, who is present, and what of its agenda all of them may see."""

    round: Round
    present: Sequence[Person]
    items: Sequence[RoundItem]

    @property
    def current(self) -> RoundItem | None:
        """What is talked about; None at the end. An item that became hidden is passed over."""
        return next((item for item in self.items if item.position >= self.round.position), None)

    @property
    def previous(self) -> RoundItem | None:
        """What was talked about before."""
        at = self.current.position if self.current else self.round.position
        return next((item for item in reversed(self.items) if item.position < at), None)

    @property
    def place(self) -> int:
        """Which of the items it is, from 1."""
        return 1 + sum(item.position < self.round.position for item in self.items)

    def has(self, person: Person) -> bool:
        """Whether ``person`` takes part."""
        return any(one.pk == person.pk for one in self.present)


def get_round(pk: int) -> Round:
    """:raises Http404: where there is no such round. That one takes place, everybody may know."""
    rows = Round.objects.select_related("opened_by", "closed_by")
    found = rows.filter(pk=pk).first() if 0 < pk <= HIGHEST_NUMBER else None
    if found is None:
        raise Http404
    return found


def meeting_of(round: Round) -> Meeting:
    """The round as it stands. Two queries; three more where restricted requests are on the agenda."""
    there = round.presences.filter(person__is_active=True).select_related("person")
    present = [one.person for one in there.order_by("joined_at", "pk")]
    items = list(round.items.select_related("request").defer("request__words"))
    return Meeting(round, present, _seen_by_all(items, present))


def _seen_by_all(items: Sequence[RoundItem], present: Sequence[Person]) -> list[RoundItem]:
    hidden = {item.request_id for item in items if item.request.restricted or _is_draft(item)}
    if not hidden:
        return list(items)
    pairs = Request.objects.filter(number__in=hidden).seen_by_each(present)
    seen = {number for number in hidden if all((person.pk, number) in pairs for person in present)}
    return [item for item in items if item.request_id not in hidden or item.request_id in seen]


def _is_draft(item: RoundItem) -> bool:
    return item.request.status == Status.DRAFT
