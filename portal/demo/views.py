"""What the two sides think of a story: close together where it was decided, apart where they still talk."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from portal.demo.stories import Story
from requests_app.choices import Dimension
from requests_app.scoring.arithmetic import HIGHEST, LOWEST
from requests_app.scoring.enter import Given

# Between which points a side begins: what was parked was nice to have.
NICE_TO_HAVE, DECISIVE, ANY = (1, 2), (3, 5), (1, 5)
EASY = (1, 3)
# How far the other side lies from the first one: where it was decided nothing was left to talk about.
CLOSE, APART = 1, 3


@dataclass(frozen=True)
class Views:
    marketing: Given
    it: Given


def views_of(story: Story, n: int) -> Views:
    """The scores of the ``n``-th story, the same at each set-up."""
    chance = Random(n)  # noqa: S311 - the demo looks the same each time
    span = {"parked": NICE_TO_HAVE, "shaping": ANY}.get(story.fate, DECISIVE)
    marketing = {name: chance.randint(*span) for name in Dimension.values}
    marketing[Dimension.EFFORT] = chance.randint(*ANY)
    if span == DECISIVE:
        marketing[Dimension.COMPREHENSION_BURDEN] = chance.randint(*EASY)
    gap = APART if story.fate == "shaping" else CLOSE
    it = {name: _near(points, gap, chance) for name, points in marketing.items()}
    for talked in story.joint:
        marketing[talked.dimension] = min(talked.value + 1, HIGHEST)
        it[talked.dimension] = max(talked.value - 1, LOWEST)
    return Views(Given(marketing, {}), Given(it, _days(it[Dimension.EFFORT], chance)))


def _near(points: int, gap: int, chance: Random) -> int:
    return min(max(points + chance.randint(-gap, gap), LOWEST), HIGHEST)


def _days(effort: int, chance: Random) -> dict[str, Decimal]:
    likely = Decimal(effort * effort + chance.randint(1, 4))
    return {"best": likely - likely // 3, "likely": likely, "worst": likely * 2}
