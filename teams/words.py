"""How texts are indexed for searching: in German and English at once."""

from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import F


def weighted_words(*fields: tuple[str, str]) -> Any:
    """The search vector of ``(field, weight)`` pairs in German and English, as the database computes it."""
    vectors = [
        SearchVector(F(field), config=config, weight=weight)
        for field, weight in fields
        for config in ("german", "english")
    ]
    whole: Any = vectors[0]
    for vector in vectors[1:]:
        whole = whole + vector
    return whole


# Indexed as they stand here: another expression would not use the index.
WORDS_OF_NAMES = SearchVector("name", config="simple")
WORDS_OF_TEAMS = weighted_words(("name", "A"), ("brief", "B"))
WORDS_OF_GOALS = weighted_words(("title", "A"), ("brief", "B"))
