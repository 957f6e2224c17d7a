from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

PLAIN_LINE = 200
PLAIN_TEXT = 10_000


def not_blank(field: str, name: str) -> models.CheckConstraint:
    """A constraint that refuses the empty text in ``field``."""
    return models.CheckConstraint(condition=~Q(**{field: ""}), name=name)


def text_limit(field: str, limit: int, name: str) -> models.CheckConstraint:
    """A constraint on the characters in ``field``, which PostgreSQL's text does not limit by itself."""
    return models.CheckConstraint(condition=LessThanOrEqual(Length(field), limit), name=name)
