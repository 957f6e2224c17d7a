"""The open questions that wait for each reader: about requests, and about what their teams explain."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from django.db.models import Q

from notifications.digest.places import Place
from notifications.digest.select import KEPT, Question
from requests_app.choices import OPEN
from requests_app.models import OPEN_QUESTION, Comment
from teams.models import BriefQuestion, Person, Side

FIELDS = (
    *("question_to", "request__marketing_owner", "request__it_owner", "request__requester"),
    *("request__requesting_team", "request__serving_team"),
)


@dataclass(frozen=True)
class Asked:
    """Questions by those who are asked, the oldest first; ``about``: the requests, and if restricted."""

    waiting: Mapping[int, Sequence[Question]]
    about: Set[tuple[int, bool]]

    def of(self, person: int, sees: Callable[[int], bool]) -> list[Question]:
        """What waits for ``person``, of the requests that they may see."""
        mine = self.waiting.get(person, ())
        return [one for one in mine if one.number is None or sees(one.number)][:KEPT]


def questions_for(people: Sequence[Person], place: Mapping[int, Place]) -> Asked:
    """What waits for any of ``people``; seeing is asked later. Two queries."""
    waiting: dict[int, list[Question]] = defaultdict(list)
    about = _about_requests(people, place, waiting)
    _about_briefs(place, waiting)
    return Asked(waiting, about)


def _about_requests(
    people: Sequence[Person], place: Mapping[int, Place], waiting: dict[int, list[Question]]
) -> set[tuple[int, bool]]:
    """As ``Comment.objects.waiting_for`` says of one person, for many; tests compare the two."""
    members = _members(place)
    it_leads = {pk for pk, row in place.items() if any(side == Side.IT for _team, side in row.led)}
    found = Comment.objects.filter(OPEN_QUESTION, _near(people, members), request__status__in=OPEN)
    rows = found.order_by("created_at", "pk").values_list("pk", "request", "request__restricted", *FIELDS)
    about = set()
    for pk, number, restricted, side, marketing, it, requester, requesting, serving in rows:
        if side == Side.IT:
            theirs = members.get(serving, set()) if serving else it_leads
            asked = ({it} | theirs) - {marketing}
        else:
            asked = ({marketing, requester} | members.get(requesting, set())) - {it}
        about.add((number, restricted))
        for person in asked & place.keys():
            waiting[person].append(Question(pk, number))
    return about


def _near(people: Sequence[Person], members: Mapping[int, Set[int]]) -> Q:
    """Whatever could wait for one of them."""
    ids, teams = [person.pk for person in people], list(members)
    seats = Q(request__it_owner__in=ids) | Q(request__marketing_owner__in=ids) | Q(request__requester__in=ids)
    own = Q(request__serving_team__in=teams) | Q(request__requesting_team__in=teams)
    return seats | own | Q(request__serving_team=None)


def _members(place: Mapping[int, Place]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for person, row in place.items():
        for team in row.teams:
            found[team].add(person)
    return found


def _about_briefs(place: Mapping[int, Place], waiting: dict[int, list[Question]]) -> None:
    """What others asked about the goals, teams and solutions that the teams of ``place`` answer for."""
    members = _members(place)
    owners = ("brief__team", "brief__goal__teams", "brief__solution__team")
    theirs = Q()
    for owner in owners:
        theirs |= Q(**{f"{owner}__in": list(members)})
    rows = BriefQuestion.objects.filter(theirs, answered_at=None).exclude(brief__goal__is_archived=True)
    found: dict[int, set[int]] = defaultdict(set)
    askers: dict[int, int] = {}
    for pk, asker, *teams in rows.order_by("asked_at", "pk").values_list("pk", "asker", *owners):
        askers[pk] = asker
        found[pk] |= {person for team in teams if team for person in members.get(team, ())}
    for pk, asked in found.items():
        for person in asked - {askers[pk]}:
            waiting[person].append(Question(pk))
