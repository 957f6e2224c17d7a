"""How solutions get into the catalogue."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from activity import clock, log
from knowhow.models import Solution
from teams.models import PLAIN_LINE, PLAIN_TEXT, Membership, Person, Team
from teams.rules import InvalidFields, Missing, RuleViolation
from teams.texts import clean_line, clean_text

SLUG_LENGTH = 50


def create_solution(title: str, explainer: str, team: Team, *, by: Person) -> Solution:
    """Put a solution into the catalogue, owned by ``team``.

    :raises InvalidFields: where title or explainer is empty, too long or holds control characters.
    :raises RuleViolation: ``not_yours`` for all but the team's members and admins.
    """
    title = clean_line(title, "title", PLAIN_LINE)
    explainer = clean_text(explainer, "text", PLAIN_TEXT)
    texts = {"title": title, "text": explainer}
    empty = [Missing("required", _("Fill in this field."), name) for name, text in texts.items() if not text]
    if empty:
        raise InvalidFields(empty)
    with transaction.atomic():
        if not _may_create(team, by):
            raise RuleViolation([Missing("not_yours", _("Only members of the team describe its solutions."))])
        solution = add_to_catalogue(title, explainer, team)
        log.record("solution.created", solution, by=by, data={"title": title, "team": team.slug})
        return solution


def _may_create(team: Team, by: Person) -> bool:
    active = Person.objects.filter(pk=by.pk, is_active=True)
    member = Membership.objects.filter(team=team, person=by)
    return active.filter(is_admin=True).exists() or (active.exists() and member.exists())


def add_to_catalogue(title: str, explainer: str, team: Team) -> Solution:
    """Write the row alone, for a change whose own event tells of the solution (*hand over*)."""
    stem = slugify(title)[:SLUG_LENGTH].strip("-") or "solution"
    taken = set(Solution.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    n = 1
    while True:
        slug = stem if n == 1 else f"{stem}-{n}"
        n += 1
        if slug in taken:
            continue
        try:
            with transaction.atomic():
                return Solution.objects.create(
                    slug=slug, title=title, explainer=explainer, team=team, created_at=clock.now()
                )
        except IntegrityError:
            # Somebody else took this slug since; any other violation would come again.
            if not Solution.objects.filter(slug=slug).exists():
                raise
