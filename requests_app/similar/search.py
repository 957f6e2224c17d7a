"""What resembles a text: open, parked and delivered requests, and solutions, found while somebody types.

One statement does it all. Each typed word is looked for as it is written and stemmed in German and English;
as a part of longer words of the portal's vocabulary (*Anmeldung* finds *Newsletteranmeldung*); and where it
is itself such a longer word, by its parts. Rare words say more than frequent ones, so each hit gets the sum
of the weights of what it shares with the text; words that stand in too many texts count only together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from knowhow.models import Solution
from requests_app.choices import OPEN, Status
from requests_app.models import Request
from requests_app.relatives import LONGER_WORDS, WORD, spellings
from requests_app.similar.statement import SEARCH
from teams.models import Person

if TYPE_CHECKING:
    from django.db.models import QuerySet

FINDABLE = (*OPEN, Status.PARKED, Status.DONE)
SHOWN_REQUESTS, SHOWN_SOLUTIONS = 5, 3
# Of a long text the first words; a title is worth more than what follows it.
MOST_WORDS = 24
TITLE_WORTH, TEXT_WORTH = 1.0, 0.5
COLUMNS = [field.attname for field in Request._meta.concrete_fields if field.name != "words"]

# Hits of all words together: the rarest words come first until so many texts are looked at.
MOST_TEXTS = 1_500
# Words beyond that, which count two by two.
FREQUENT_WORDS = 3
MOST_TOGETHER = 300
# The best by the sum of weights; among these, it counts how much stands in the title (the database's rank).
CANDIDATES = 40
FIT = 2.0
# What a part of a word weighs beside the whole word.
PART_WORTH = 0.8


def typed(title: str, text: str) -> list[tuple[int, float, str]]:
    """Position, worth and each spelling of the words to look for, those of the title first."""
    words: dict[str, float] = {}
    for source, worth in ((title, TITLE_WORTH), (text, TEXT_WORTH)):
        for word in WORD.findall(source.lower()):
            if len(words) < MOST_WORDS:
                words.setdefault(word, worth)
    return [
        (position, worth, spelling)
        for position, (word, worth) in enumerate(words.items())
        for spelling in spellings(word)
    ]


@dataclass(frozen=True)
class SimilarRequest:
    """A found request that the person may see; the names of its teams come with it."""

    request: Request
    requesting_team: str
    serving_team: str


@dataclass(frozen=True)
class SimilarSolution:
    pk: int
    slug: str
    title: str
    explainer: str
    team: str


@dataclass(frozen=True)
class Similar:
    """What resembles a text, the most similar first."""

    requests: list[SimilarRequest]
    solutions: list[SimilarSolution]

    def __bool__(self) -> bool:
        return bool(self.requests or self.solutions)


def similar(
    title: str,
    text: str = "",
    *,
    to: Person,
    statuses: Sequence[str] = FINDABLE,
    besides: int | None = None,
) -> Similar:
    """What resembles ``title`` and ``text``, among what ``to`` may see and without the request ``besides``.

    One query; none where there is no word to look for. Drafts are never found.
    """
    words = typed(title, text)
    if not words:
        return Similar([], [])
    requests = Request.objects.visible_to(to).submitted().filter(status__in=statuses)
    if besides is not None:
        requests = requests.exclude(pk=besides)
    inner, values = _inside(requests.filter(_shares("requests_app_request")).values("number"), "request")
    others, more = _inside(Solution.objects.filter(_shares("knowhow_solution")).values("id"), "solution")
    columns = ", ".join(f'r."{name}"' for name in COLUMNS)
    sql = SEARCH.format(requests=inner, solutions=others, columns=columns)
    with connection.cursor() as cursor:
        cursor.execute(sql, {**_limits(), **_asked(words), **values, **more})
        return _told(cursor.fetchall())


def _shares(table: str) -> RawSQL:
    """The condition that a row of ``table`` holds words of the text, inside the statement."""
    # `table` is one of our own two names.
    return RawSQL(  # noqa: S611
        f'"{table}"."words" @@ "chosen"."query"', (), output_field=BooleanField()
    )


def _inside(rows: "QuerySet[Any]", name: str) -> tuple[str, dict[str, Any]]:
    """A queryset as a part of the statement, with its parameters under names of their own."""
    sql, values = rows.order_by().query.sql_with_params()
    named = {f"{name}_{n}": value for n, value in enumerate(values)}
    return sql % tuple(f"%({key})s" for key in named), named


def _limits() -> dict[str, Any]:
    return {
        "most_texts": MOST_TEXTS,
        "frequent_words": FREQUENT_WORDS,
        "most_together": MOST_TOGETHER,
        "candidates": CANDIDATES,
        "fit": FIT,
        "part_worth": PART_WORTH,
        "longer_words": LONGER_WORDS,
        "most_requests": SHOWN_REQUESTS,
        "most_solutions": SHOWN_SOLUTIONS,
    }


def _asked(words: Sequence[tuple[int, float, str]]) -> dict[str, Any]:
    positions, worths, spelled = zip(*words, strict=True)
    return {"positions": list(positions), "worths": list(worths), "words": list(spelled)}


def _told(rows: Sequence[Sequence[Any]]) -> Similar:
    requests, solutions = [], []
    for row in rows:
        values, (asking, serving), solution = row[:-7], row[-7:-5], row[-5:]
        if solution[0] is None:
            found = Request.from_db("default", COLUMNS, values)
            requests.append(SimilarRequest(found, asking or "", serving or ""))
        else:
            solutions.append(SimilarSolution(*solution))
    return Similar(requests, solutions)
