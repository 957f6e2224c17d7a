"""How solutions get into the catalogue, and how they are kept true there."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.text import slugify
from django.utils.translation import gettext as _

from activity import clock, log
from knowhow.solutions.fields import (
    RELATIONS,
    SolutionFields,
    as_told,
    cleaned,
    empty_sections,
    slugs,
    wanted,
)
from knowhow.solutions.models import REQUIRED_SECTIONS, SECTIONS, Solution
from teams import fields, rights
from teams.models import Brief, Membership, Person, Team
from teams.rules import InvalidFields, Missing, RuleViolation
from teams.understanding.reviewing import begin, changed

SLUG_LENGTH = 50
# An address below /solutions/ that is no solution.
RESERVED_SLUGS = {"new", "readable"}
EDITED = ["solution.edited"]
# What of a solution is explained to others.
BRIEF = frozenset({"title", *SECTIONS})
REST = frozenset(REQUIRED_SECTIONS[1:])


def create_solution(team: Team, given: SolutionFields, *, by: Person) -> Solution:
    """Put a solution into the catalogue, owned by ``team`` and explained in sections.

    :raises InvalidFields: naming each field that cannot be kept, title and the needed sections where empty.
    :raises RuleViolation: ``not_yours`` for all but the team's members and admins.
    """
    given = cleaned(given)
    _require_sections({**given})
    with transaction.atomic():
        require_keeper(team, by)
        solution = add_to_catalogue(team, given, reviewer=by)
        log.record("solution.created", solution, by=by, data={"title": solution.title, "team": team.slug})
        return solution


def edit_solution(
    solution: Solution,
    given: SolutionFields,
    *,
    by: Person,
    in_substance: bool = False,
    what_changed: str = "",
    version: int | None = None,
    seen_version: int | None = None,
) -> Solution:
    """Change what the catalogue says of ``solution``; what is left out stays, nothing new changes nothing.

    With ``team`` its members hand the solution on to another owner team, which then answers for it.
    ``in_substance``: the explainer means something else now; ``what_changed`` tells it to everybody who is
    asked again.
    ``version`` refuses any change since; ``seen_version`` is what a form was built from and refuses only
    where both changed the same field.

    :raises InvalidFields: naming each field that cannot be kept, and each needed section that was emptied.
    :raises RuleViolation: ``not_yours`` for all but the owner team's members and admins.
    :raises StaleVersion: where somebody else changed what this changes.
    """
    given = cleaned(given)
    with transaction.atomic():
        solution = held(solution.pk, by)
        fields.check_version(solution.version, version)
        now = as_told(solution)
        changes = fields.own_changes(solution, EDITED, wanted(given), now, seen_version)
        _require_kept(changes, now)
        if changes or in_substance:
            _write(solution, {name: value for name, value in given.items() if name in changes})
            data = {"changes": fields.told(changes, now), "version": solution.version}
            if in_substance or changes.keys() & BRIEF:
                changed(solution.understanding, in_substance=in_substance, what=what_changed, reviewer=by)
                data["in_substance"] = in_substance
            log.record("solution.edited", solution, by=by, data=data)
        return solution


def set_affected(solution: Solution, team: Team, *, is_affected: bool, by: Person) -> Solution:
    """Say whether ``solution`` shapes the work of ``team``, whose people then should understand it.

    :raises RuleViolation: ``not_yours``, or ``already_done`` where it is said already.
    """
    with transaction.atomic():
        solution = held(solution.pk, by)
        before = set(solution.affected_teams.all())
        after = before | {team} if is_affected else before - {team}
        if before == after:
            raise RuleViolation([Missing("already_done", _("This is how it is already."))])
        _write(solution, {"affected_teams": after})
        changes = {"affected_teams": {"from": slugs(before), "to": slugs(after)}}
        log.record("solution.edited", solution, by=by, data={"changes": changes, "version": solution.version})
        return solution


def may_keep(team: Team, person: Person) -> bool:
    """Whether ``person`` is an active member of ``team``, or an admin."""
    member = Membership.objects.filter(team=team, person=person, person__is_active=True)
    return rights.is_admin(person) or member.exists()


def require_keeper(team: Team, by: Person) -> None:
    """:raises RuleViolation: ``not_yours`` for all but members of ``team`` and admins."""
    if not may_keep(team, by):
        raise RuleViolation([Missing("not_yours", _("Only members of the team describe its solutions."))])


def held(pk: int, by: Person) -> Solution:
    """The solution with its row held, for somebody who may change it.

    :raises Http404: where there is no such solution.
    :raises RuleViolation: ``not_yours``.
    """
    solution = hold(pk)
    require_keeper(solution.team, by)
    return solution


def hold(pk: int) -> Solution:
    """:raises Http404: where there is no such solution."""
    found = Solution.objects.select_for_update(no_key=True, of=("self",)).select_related("team")
    solution = found.filter(pk=pk).first()
    if solution is None:
        raise Http404
    return solution


def add_to_catalogue(team: Team, given: SolutionFields, *, reviewer: Person | None = None) -> Solution:
    """Write the row alone, for a change whose own event tells of the solution (*hand over*).

    ``reviewer`` is who wrote the explainer.
    """
    plain: dict[str, Any] = {name: value for name, value in given.items() if name not in RELATIONS}
    solution = _with_free_slug(Solution(team=team, created_at=clock.now(), **plain))
    _relate(solution, given)
    begin(solution.understanding_id, reviewer=reviewer)
    return solution


def drop_unused(pk: int) -> None:
    """Take back ``add_to_catalogue``, unless somebody works with the solution already."""
    fresh = Solution.objects.filter(
        pk=pk, version=1, understanding__confirmations=None, understanding__questions=None
    )
    found = fresh.first()
    if found is not None:
        found.delete()
        Brief.objects.filter(pk=found.understanding_id).delete()


def _with_free_slug(solution: Solution) -> Solution:
    stem = slugify(solution.title.replace("ß", "ss"))[:SLUG_LENGTH].strip("-") or "solution"
    taken = set(Solution.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    n = 1
    while True:
        solution.slug = stem if n == 1 else f"{stem}-{n}"
        n += 1
        if solution.slug in taken | RESERVED_SLUGS:
            continue
        try:
            with transaction.atomic():
                solution.save(force_insert=True)
                return solution
        except IntegrityError:
            # Somebody else took this slug since; any other violation would come again.
            if not Solution.objects.filter(slug=solution.slug).exists():
                raise


def _write(solution: Solution, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name not in RELATIONS:
            setattr(solution, name, value)
    solution.version += 1
    solution.save(update_fields=[*(name for name in values if name not in RELATIONS), "version"])
    _relate(solution, values)


def _relate(solution: Solution, values: Any) -> None:
    for name in RELATIONS:
        if name in values:
            rows: Iterable[Any] = values[name]
            getattr(solution, name).set(rows)


def _require_sections(texts: dict[str, Any]) -> None:
    if empty := empty_sections(texts):
        raise InvalidFields(empty)


def _require_kept(changes: dict[str, Any], now: dict[str, Any]) -> None:
    """Nothing that is needed is emptied; an explainer in one piece may stay one until sections are begun."""
    after = {**now, **changes}
    is_begun = changes.keys() & REST or any(after[name] for name in REST)
    may_be_empty = frozenset() if is_begun else REST
    if empty := [missing for missing in empty_sections(after) if missing.field not in may_be_empty]:
        raise InvalidFields(empty)
