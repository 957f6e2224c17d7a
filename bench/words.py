"""Words to search for, of which it is known how many texts hold them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from portal.searching.asked import queries, read
from requests_app.models import Comment, Request

# Searched for are words in at most this share of the texts.
RARE = 0.01
SHORTEST = 6
# So many words are counted, out of the texts of so many requests.
COUNTED, READ = 80, 200
# Counted no further than is asked for.
HOLDING = """
SELECT count(*) FROM (
  SELECT FROM requests_app_request WHERE words @@ %(query)s::tsquery
  UNION ALL SELECT FROM requests_app_comment WHERE words @@ %(query)s::tsquery
  LIMIT %(limit)s
) AS holding
"""


@dataclass(frozen=True)
class Known:
    """A word and the share of all requests and comments that the search finds for it."""

    text: str
    share: float


def rare_words(count: int) -> list[Known]:
    """Words from the rarest to those in RARE of the texts, the same ones for the same texts; never none.

    A word is searched for with its other forms, in all fields and as a beginning: that is what is counted.
    """
    texts = Request.objects.count() + Comment.objects.count()
    words = _evenly(_written(), COUNTED)
    # Without the data beside the repository texts have so few words that none is rare: then the rarest.
    return _evenly(_known(words, texts, int(RARE * texts)) or _known(words, texts, texts)[:count], count)


def _known(words: Sequence[str], texts: int, most: int) -> list[Known]:
    """Those of ``words`` that at most ``most`` of the ``texts`` hold, the rarest first."""
    counted = ((word, _holding(word, most + 1)) for word in words)
    rare = (Known(word, n / texts) for word, n in counted if 0 < n <= most)
    return sorted(rare, key=lambda one: one.share)


def _written() -> list[str]:
    """Long words of some requests."""
    needs = Request.objects.for_everyone().order_by("number").values_list("customer_need", flat=True)[:READ]
    words = {word.strip(".").lower() for need in needs for word in need.split()}
    return sorted(word for word in words if len(word) >= SHORTEST and word.isalpha())


def _evenly(every: Sequence[Any], count: int) -> list[Any]:
    """``count`` of them, from the first to the last; all where there are fewer."""
    if len(every) <= count:
        return list(every)
    return [every[n * (len(every) - 1) // (count - 1)] for n in range(count)]


def _holding(word: str, limit: int) -> int:
    asked = queries(read(word))
    if asked is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(HOLDING, {"query": asked.texts.text, "limit": limit})
        return int(cursor.fetchone()[0])
