"""*Did you mean?*: the nearest word that unrestricted texts of the portal use.

Words come from the vocabulary, which is learnt from unrestricted, submitted requests alone and keeps stems.
What is shown is the word as such a request writes it.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Length
from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.searching.asked import Kept
from requests_app.highlights import MARKED, joined, with_headlines
from requests_app.models import Request, Word
from requests_app.relatives import WORD

# One slip changes, drops, adds or swaps a letter; a long word may hold two, a short one is another word then.
SHORTEST, LONG = 4, 7
# A word that stands in a single text may be a slip itself.
LEAST_TEXTS = 2
MOST_WORDS, MOST_KNOWN = 3, 50_000
STEMS = (
    "SELECT DISTINCT stem FROM unnest(ts_lexize('german_stem', %s) || ts_lexize('english_stem', %s)) AS stem"
)


def suggestion(typed: str, words: Sequence[str]) -> str:
    """``typed`` with what nobody writes exchanged for the nearest known word; "" where nothing is near.

    Three queries for each of the first ``words``: for searches that found nothing.
    """
    better = typed
    for word in words[:MOST_WORDS]:
        if WORD.fullmatch(word) and len(word) >= SHORTEST and (near := _nearest(word.lower())):
            better = re.sub(rf"\b{re.escape(word)}\b", near, better, count=1)
    return better if better != typed else ""


def _nearest(word: str) -> str:
    slips = 2 if len(word) >= LONG else 1
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [word, word])
        stems: list[str] = [stem for (stem,) in cursor.fetchall()]
    if not stems:
        return ""
    lengths = (min(map(len, stems)) - slips, max(map(len, stems)) + slips)
    rows: QuerySet[Any] = Word.objects.annotate(length=Length("text"))
    rows = rows.filter(length__range=lengths, texts__gte=LEAST_TEXTS)
    known = list(rows.order_by("-texts", "text").values_list("text", flat=True)[:MOST_KNOWN])
    if set(stems) & set(known):
        return ""
    found = [process.extractOne(stem, known, scorer=OSA.distance, score_cutoff=slips) for stem in stems]
    near = min((one for one in found if one), key=lambda one: one[1], default=None)
    return _as_written(near[0], word) if near else ""


def _as_written(lexeme: str, like: str) -> str:
    """The form of ``lexeme`` in an unrestricted request that is nearest to ``like``."""
    query = Kept(f"'{lexeme}'")
    rows = Request.objects.for_everyone().filter(words=query).order_by("-number")
    body = joined("title", "customer_need", "outcome")
    for row in with_headlines(rows.only("number"), "title", body, query)[:1]:
        texts = (row.title_german, row.title_english, row.body_german, row.body_english)
        forms = [form.lower() for text in texts for form in MARKED.findall(text or "")]
        if forms:
            nearest: str = min(forms, key=lambda form: OSA.distance(form, like))
            return nearest
    return ""
