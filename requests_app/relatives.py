"""The relatives of a word: its stems, longer words that hold it, and the parts that it is put together from.

*Anmeldung* has the relative *Newsletteranmeldung*, as far as the portal's own vocabulary knows that word, and
the other way round. German compounds are split by this vocabulary alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection

WORD = re.compile(r"[^\W\d_]{3,40}")
SPELLINGS = (("ae", "ä"), ("oe", "ö"), ("ue", "ü"), ("ss", "ß"))
# How many longer words stand for one.
LONGER_WORDS = 40

# Of typed words with their positions and worth: what stands for each. Brackets are doubled for str.format.
RELATIVES = """
spelled AS MATERIALIZED (
  SELECT position, worth, word,
         ts_lexize('german_stem', word) AS german, ts_lexize('english_stem', word) AS english
  FROM unnest(%(positions)s::int[], %(worths)s::float[], %(words)s::text[]) AS t (position, worth, word)
), typed AS MATERIALIZED (
  -- What is a stop word in either language, however it is spelled, is left out.
  SELECT position, worth, word, german[1] AS german, english[1] AS english
  FROM spelled
  WHERE position NOT IN (SELECT position FROM spelled WHERE german = '{{}}' OR english = '{{}}')
), stems AS MATERIALIZED (
  SELECT DISTINCT position, worth, stem
  FROM typed CROSS JOIN LATERAL (VALUES (german), (english)) AS both_ (stem)
), cuts AS MATERIALIZED (
  SELECT position, worth, word, back, front, (ts_lexize('german_stem', back))[1] AS head,
         ARRAY[(ts_lexize('german_stem', front))[1],
               (ts_lexize('german_stem', regexp_replace(front, '(e?s|e?n|er|e)$', '')))[1]] AS fronts
  FROM typed
  CROSS JOIN LATERAL generate_series(3, length(word) - 3) AS n
  CROSS JOIN LATERAL (SELECT left(word, n) AS front, substr(word, n + 1) AS back) AS cut
), parts AS MATERIALIZED (
  SELECT position, worth, front, head, modifier.text AS modifier,
         bool_or(modifier.text IS NOT NULL) OVER (PARTITION BY position, word) AS some_known,
         row_number() OVER (PARTITION BY position, word ORDER BY length(back) DESC) AS n
  FROM cuts
  -- LIMIT keeps the database from reading the whole vocabulary instead of looking up each word.
  CROSS JOIN LATERAL (SELECT FROM requests_app_word WHERE text = head LIMIT 1) AS known
  LEFT JOIN LATERAL (SELECT text FROM requests_app_word WHERE text = ANY (fronts) LIMIT 2) AS modifier ON true
), longer AS MATERIALIZED (
  SELECT position, worth, text, texts FROM (
    SELECT position, worth, known.text, known.texts,
           row_number() OVER (PARTITION BY position ORDER BY known.texts DESC, known.text) AS n
    FROM stems
    CROSS JOIN LATERAL (
      SELECT text, texts FROM requests_app_word
      WHERE text > stem AND text < stem || chr(1114111) AND length(text) >= length(stem) + 3
      UNION
      SELECT whole.text, whole.texts FROM requests_app_word AS whole
      CROSS JOIN LATERAL (SELECT left(whole.text, length(whole.text) - length(stem)) AS front) AS cut
      WHERE whole.backwards > reverse(stem) AND whole.backwards < reverse(stem) || chr(1114111)
        AND length(front) >= 3
        AND (length(stem) >= 6 OR EXISTS (SELECT FROM requests_app_word AS modifier WHERE modifier.text IN (
          (ts_lexize('german_stem', front))[1],
          (ts_lexize('german_stem', regexp_replace(front, '(e?s|e?n|er|e)$', '')))[1])))
    ) AS known
    WHERE length(stem) >= 4
  ) AS ordered WHERE n <= %(longer_words)s
)
"""

ASKED = """
SELECT position, stem, NULL FROM stems
UNION SELECT position, text, NULL FROM longer
UNION SELECT position, modifier, head FROM parts WHERE modifier IS NOT NULL
"""


def spellings(word: str) -> Iterator[str]:
    """``word`` and the other ways to write it: *ueber* for *über*, *Strasse* for *Straße*."""
    yield word
    for plain, umlaut in SPELLINGS:
        if plain in word:
            yield word.replace(plain, umlaut)
        if umlaut in word:
            yield word.replace(umlaut, plain)


def relatives(words: Sequence[str]) -> Mapping[str, set[tuple[str, ...]]]:
    """What the index must hold of a text about each of ``words``: any one of the tuples, whole.

    A word that says nothing in either language has none. One query; none without words.
    """
    if not words:
        return {}
    spelled = [(n, spelling) for n, word in enumerate(words) for spelling in spellings(word.lower())]
    positions, written = zip(*spelled, strict=True)
    values: dict[str, Any] = {
        "positions": list(positions),
        "worths": [1.0] * len(written),
        "words": list(written),
        "longer_words": LONGER_WORDS,
    }
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {RELATIVES}{ASKED}".format(), values)
        for position, *lexemes in cursor.fetchall():
            found[words[position]].add(tuple(lexeme for lexeme in lexemes if lexeme))
    return found
