"""What stands on a page about how well it is understood."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Q, When
from django.http import Http404

from activity import clock
from requests_app.understanding.coverages import audiences
from teams.models import Brief, BriefQuestion, Confirmation, Person, Role
from teams.models.understanding import Explained
from teams.understanding import Coverage, coverage, is_stale
from teams.understanding.reviewing import STALE_AFTER_DAYS, stale_days

# More names help nobody; the rest are counted.
MOST_NAMES = 60
MOST_QUESTIONS = 100


@dataclass(frozen=True)
class Understanding:
    """How well a brief is understood, for one reader."""

    brief: Brief
    thing: Explained
    coverage: Coverage
    missing: list[Person]
    confirmations: list[Confirmation]
    questions: list[BriefQuestion]
    # What the reader confirmed last, maybe before it changed.
    mine: Confirmation | None
    is_own: bool
    may_answer: bool
    may_review: bool
    stale_since: datetime | None

    @property
    def open_questions(self) -> list[BriefQuestion]:
        return [question for question in self.questions if question.is_open]

    @property
    def answered(self) -> list[BriefQuestion]:
        """Questions and answers, the newest answer first."""
        return [question for question in reversed(self.questions) if not question.is_open]

    @property
    def is_confirmed(self) -> bool:
        """Whether the reader confirmed what stands there now."""
        return self.mine is not None and self.mine.substance == self.brief.substance

    @property
    def may_confirm(self) -> bool:
        return not self.is_own and not self.is_confirmed and self.thing.is_explained()

    @property
    def has_changed(self) -> bool:
        """Whether the reader confirmed something that means something else by now."""
        return self.mine is not None and not self.is_confirmed


def get_brief(pk: int) -> Brief:
    """:raises Http404: where there is no such brief."""
    rows = Brief.objects.select_related("goal", "team", "solution", "reviewed_by")
    found: Brief | None = rows.annotate(stale_days=stale_days()).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def understanding_of(brief: Brief, reader: Person) -> Understanding:
    """What ``reader`` sees of how well ``brief`` is understood. A fixed number of queries."""
    audience = audiences([brief])[brief.pk]
    roles = {team.role for team in reader.own_teams() if team.pk in audience.owners}
    current, mine = _confirmations(brief, reader)
    confirmed = Confirmation.objects.visible_to(reader).filter(_of_now(brief), brief=brief)
    covered = coverage(audience.should, set(confirmed.values_list("person", flat=True)))
    return Understanding(
        brief=brief,
        thing=brief.thing,
        coverage=covered,
        missing=list(Person.objects.filter(pk__in=covered.missing).order_by("sort_key", "pk")[:MOST_NAMES]),
        confirmations=current,
        questions=_questions(brief, reader),
        mine=mine,
        is_own=bool(roles),
        may_answer=bool(roles) or reader.is_admin,
        may_review=(reader.is_admin or Role.LEAD in roles) and brief.thing.is_explained(),
        stale_since=_stale_since(brief),
    )


def _stale_since(brief: Brief) -> datetime | None:
    """When somebody last looked at a brief that is stale by the company's setting."""
    days = getattr(brief, "stale_days", STALE_AFTER_DAYS)
    return brief.reviewed_at if is_stale(brief, clock.now(), days) else None


def _confirmations(brief: Brief, reader: Person) -> tuple[list[Confirmation], Confirmation | None]:
    """The newest of what stands there now; and the last of ``reader``, whatever it was of."""
    rows = Confirmation.objects.visible_to(reader).filter(brief=brief).select_related("person")
    found = rows.filter(_of_now(brief) | Q(person=reader))
    own_first = Case(When(person=reader, then=0), default=1)
    shown = list(found.order_by(own_first, "-substance", "-at", "pk")[: MOST_NAMES + 1])
    mine = shown[0] if shown and shown[0].person_id == reader.pk else None
    current = [one for one in shown if one.substance == brief.substance]
    return sorted(current, key=lambda one: one.at, reverse=True)[:MOST_NAMES], mine


def _of_now(brief: Brief) -> Q:
    """The condition on confirmations of ``brief`` that they are of what stands there now."""
    return Q(substance=brief.substance, person__is_active=True)


def _questions(brief: Brief, reader: Person) -> list[BriefQuestion]:
    rows = BriefQuestion.objects.visible_to(reader).filter(brief=brief).select_related("asker", "answered_by")
    # However much was asked since, what nobody has answered stays in sight.
    waiting = Case(When(answered_at=None, then=0), default=1)
    found = rows.order_by(waiting, "-asked_at", "-pk")[:MOST_QUESTIONS]
    return sorted(found, key=lambda one: (one.asked_at, one.pk))
