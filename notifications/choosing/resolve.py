"""What holds for each of many people: their own choice, else the company's, else the portal's."""

from collections.abc import Callable, Iterable, Mapping

from notifications.choosing.kinds import START, Choice, Kind, Standing
from notifications.choosing.models import Chosen, CompanyDefault
from teams.models import Membership, Person, Role

Choices = Callable[[int, str], Choice]


def choices_of(people: Iterable[Person]) -> Choices:
    """The answer to "how does news of this kind come to that person (id)?". Three queries."""
    people = list(people)
    ids = [person.pk for person in people]
    own = {(row.person_id, row.kind): choice(row) for row in Chosen.objects.filter(person__in=ids)}
    defaults = company_defaults()
    leads = set(Membership.objects.filter(person__in=ids, role=Role.LEAD).values_list("person", flat=True))
    standing = {person.pk: _standing(person, leads) for person in people}
    return lambda person, kind: own.get((person, kind)) or defaults[standing[person]][Kind(kind)]


def holds_for(person: Person) -> tuple[dict[str, Choice], bool]:
    """What holds for ``person`` by kind, and whether any of it is their own choice. Three queries, or two
    where their teams are kept.
    """
    own = {row.kind: choice(row) for row in Chosen.objects.filter(person=person)}
    default = company_defaults()[standing_of(person)]
    return {kind: own.get(kind) or default[Kind(kind)] for kind in Kind.values}, bool(own)


def company_defaults() -> Mapping[str, Mapping[str, Choice]]:
    """What holds for those who have not chosen, by standing and kind. One query."""
    found = {standing: dict(kinds) for standing, kinds in START.items()}
    for row in CompanyDefault.objects.all():
        found[row.standing][row.kind] = choice(row)
    return found


def choice(row: Chosen | CompanyDefault) -> Choice:
    """What a row says."""
    return Choice(row.inbox, row.mail)


def standing_of(person: Person) -> Standing:
    """What ``person`` is, as far as defaults depend on it. One query, or none where their teams are kept."""
    leads = any(team.role == Role.LEAD for team in person.own_teams())
    return _standing(person, {person.pk} if leads else set())


def _standing(person: Person, leads: set[int]) -> Standing:
    if person.pk in leads:
        return Standing.LEAD
    return Standing.ADMIN if person.is_admin else Standing.MEMBER
