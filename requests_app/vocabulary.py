"""The portal's own vocabulary: which words its requests use, and about how often.

Learnt from unrestricted, submitted requests only. A request adds its words when it is handed in and when it
is changed; what it alone says is forgotten when it is restricted. Once a day everything is counted anew,
which also forgets what no request says any more.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max, Min

from activity import clock
from requests_app.models import WORD_LENGTH, Request, Word

# A word has so many letters at least, and no digits: numbers, keys and addresses are no words.
SHORTEST = 3
IS_WORD = f"^[[:alpha:]]{{{SHORTEST},{WORD_LENGTH}}}$"
# Requests that are counted by one statement, well below the time that a statement may take.
AT_ONCE = 20_000

# In the order of the words, so that two who learn at once wait for each other instead of blocking.
LEARN = """
INSERT INTO requests_app_word AS known (text, texts, learnt_at)
SELECT word, 1, %(now)s
FROM requests_app_request, unnest(tsvector_to_array(words)) AS word
WHERE number = %(number)s AND status <> 'draft' AND NOT restricted AND word ~ %(is_word)s
ORDER BY word COLLATE "C"
ON CONFLICT (text) DO UPDATE SET texts = known.texts + 1, learnt_at = excluded.learnt_at
"""
FORGET = """
WITH doomed AS (
  SELECT text
  FROM requests_app_word AS known
  JOIN requests_app_request AS hidden
    ON hidden.number = %(number)s AND known.text = ANY (tsvector_to_array(hidden.words))
  WHERE NOT EXISTS (
    SELECT FROM requests_app_request AS other
    WHERE other.words @@ quote_literal(known.text)::tsquery
      AND other.status <> 'draft' AND NOT other.restricted AND other.number <> hidden.number
  )
  ORDER BY text COLLATE "C"
  FOR UPDATE OF known
)
DELETE FROM requests_app_word USING doomed WHERE requests_app_word.text = doomed.text
"""
COUNT = """
SELECT word, ndoc FROM ts_stat(format(
  'SELECT words FROM requests_app_request
   WHERE number BETWEEN %%s AND %%s AND status <> ''draft'' AND NOT restricted', %(first)s, %(last)s))
WHERE word ~ %(is_word)s
"""
KEEP = """
INSERT INTO requests_app_word AS known (text, texts, learnt_at)
SELECT word, texts, %(now)s FROM unnest(%(words)s, %(texts)s) AS counted (word, texts)
ORDER BY word COLLATE "C"
ON CONFLICT (text) DO UPDATE SET texts = excluded.texts, learnt_at = excluded.learnt_at
WHERE known.texts <> excluded.texts OR known.learnt_at < excluded.learnt_at
"""


def learn(request: Request) -> None:
    """Add the words of ``request`` as the database has it; a draft or restricted one teaches nothing."""
    with connection.cursor() as cursor:
        cursor.execute(LEARN, {"number": request.pk, "now": clock.now(), "is_word": IS_WORD})


def forget(request: Request) -> None:
    """Take out the words that ``request`` alone says as the database has it, before it is hidden."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"number": request.pk})


def recount(_now: datetime | None = None) -> int:
    """Count all words anew and forget those that stand nowhere any more; returns how many there are.

    Words that are learnt while this counts are kept.
    """
    began = clock.now()
    counted: dict[str, int] = {}
    for first in _starts():
        for word, texts in _count(first):
            counted[word] = counted.get(word, 0) + texts
    words = sorted(counted)
    for start in range(0, len(words), AT_ONCE):
        some = words[start : start + AT_ONCE]
        _keep(some, [counted[word] for word in some], began)
    Word.objects.filter(learnt_at__lt=began).delete()
    return len(words)


def _starts() -> Iterator[int]:
    ends = Request.objects.submitted().aggregate(first=Min("number"), last=Max("number"))
    if ends["first"] is not None:
        yield from range(ends["first"], ends["last"] + 1, AT_ONCE)


def _count(first: int) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"first": first, "last": first + AT_ONCE - 1, "is_word": IS_WORD})
        counted: list[tuple[str, int]] = cursor.fetchall()
        return counted


def _keep(words: list[str], texts: list[int], began: datetime) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(KEEP, {"words": words, "texts": texts, "now": began})
