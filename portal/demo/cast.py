"""Who plays which part in a story: requester, both owners, commenters."""

from dataclasses import dataclass

from portal.demo.company import STAFF
from portal.demo.stories import Story
from teams.models import Person

# Marketing's seat in a request of the branches.
FOR_STORES = "loyalty"


@dataclass(frozen=True)
class Cast:
    requester: Person
    marketing_owner: Person
    it_owner: Person


def members(staff: dict[str, Person], team: str) -> list[Person]:
    """The people of a team in the order in which they were hired."""
    return [staff[hire.email] for hire in STAFF if team in hire.teams or team == hire.leads]


def cast(story: Story, n: int, staff: dict[str, Person]) -> Cast:
    """The parts of the ``n``-th story; nobody plays two of them."""
    asking = members(staff, story.team)
    # The first of a team files what waits for acceptance now, so that the well-known accounts have work.
    requester = asking[0 if story.fate == "in_review" else n % len(asking)]
    marketing = requester
    if story.team == "stores":
        candidates = members(staff, FOR_STORES)
        marketing = candidates[n % len(candidates)]
    serving = [person for person in members(staff, story.serving) if person not in (requester, marketing)]
    return Cast(requester, marketing, serving[(n // 2) % len(serving)])
