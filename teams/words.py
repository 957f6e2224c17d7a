"""How texts are indexed for searching, in German and English at once; how names are sorted."""

from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import CharField, F, Func, GeneratedField, Value
from django.db.models.functions import Lower, Replace

# Every text is indexed and asked for in both languages, whichever its author wrote.
CONFIGS = ("german", "english")


def weighted_words(*fields: tuple[str, str]) -> Any:
    """The search vector of ``(field, weight)`` pairs in German and English, as the database computes it."""
    vectors = [
        SearchVector(F(field), config=config, weight=weight) for field, weight in fields for config in CONFIGS
    ]
    whole: Any = vectors[0]
    for vector in vectors[1:]:
        whole = whole + vector
    return whole


# Indexed as they stand here: another expression would not use the index.
WORDS_OF_NAMES = SearchVector("name", config="simple")
WORDS_OF_TEAMS = weighted_words(("name", "A"), ("brief", "B"))
WORDS_OF_GOALS = weighted_words(
    ("title", "A"),
    ("brief", "B"),
    ("customer_change", "B"),
    ("expected_of_it", "C"),
    ("expected_of_marketing", "C"),
)

# Letters with marks sort as those without (DIN 5007, variant 1). PostgreSQL needs ICU for such an order, and
# not every server has it; "lower" knows only ASCII where the database's own order is that of bytes.
MARKED = "ÄÖÜÁÀÂÃÅÉÈÊËÍÌÎÏÓÒÔÕØÚÙÛÇÑŠŽÝäöüáàâãåéèêëíìîïóòôõøúùûçñšžý"
PLAIN = "AOUAAAAAEEEEIIIIOOOOOUUUCNSZYaouaaaaaeeeeiiiiooooouuucnszy"


UNMARKED = str.maketrans(MARKED, PLAIN) | {ord("ß"): "ss", ord("ẞ"): "SS"}


def by_letters(field: str) -> Lower:
    """What rows are ordered by to stand where a German reader looks for them."""
    plain = Func(F(field), Value(MARKED), Value(PLAIN), function="translate", output_field=CharField())
    return Lower(Replace(Replace(plain, Value("ß"), Value("ss")), Value("ẞ"), Value("SS")))


def letters(text: str) -> str:
    """The same of a text at hand."""
    return text.translate(UNMARKED).lower()


def sorting_key(field: str, limit: int) -> GeneratedField:
    """The same kept by the database, for tables that are read in this order page by page."""
    kept = CharField(max_length=2 * limit, db_collation="C")
    return GeneratedField(expression=by_letters(field), output_field=kept, db_persist=True)
