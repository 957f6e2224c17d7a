"""Labels: short words that people put on requests to find them again."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from requests_app.models import LABEL_LINE, Label, Request
from teams.models import Person
from teams.rules import InvalidFields, Missing
from teams.texts import clean_line

MOST_LABELS = 20
# So many are offered while one types.
OFFERED = 200


def clean_labels(names: Iterable[str], field: str = "labels") -> list[str]:
    """The names as they are kept: each once, whatever its case, in the order of the alphabet.

    :raises InvalidFields: where one is too long, holds a comma or control characters, or there are too many.
    """
    found: dict[str, str] = {}
    for name in names:
        line = clean_line(name, field, LABEL_LINE)
        if "," in line:
            raise InvalidFields([Missing("invalid", _("A label holds no comma."), field)])
        if line:
            found.setdefault(line.casefold(), line)
    if len(found) > MOST_LABELS:
        words = _("Give at most %(most)d labels.") % {"most": MOST_LABELS}
        raise InvalidFields([Missing("too_many", words, field)])
    return sorted(found.values(), key=str.casefold)


def names_of(request: Request) -> list[str]:
    return list(request.labels.values_list("name", flat=True))


def named(names: Iterable[str]) -> Mapping[str, Label]:
    """The labels with these names, made where they do not exist."""
    wanted = sorted(set(names))
    Label.objects.bulk_create([Label(name=name) for name in wanted], ignore_conflicts=True)
    return {label.name: label for label in Label.objects.filter(name__in=wanted)}


def put_labels(labelled: Iterable[tuple[Request, Sequence[str]]]) -> None:
    """Put labels on many requests at once, which have none."""
    pairs = [(request, name) for request, names in labelled for name in dict.fromkeys(names)]
    labels = named(name for _request, name in pairs)
    through = Request.labels.through
    through.objects.bulk_create(
        [through(request_id=request.pk, label_id=labels[name].pk) for request, name in pairs],
        batch_size=5000,
    )


def seen_by(person: Person) -> "QuerySet[Label]":
    """The labels on requests that ``person`` may see; those of others' drafts alone are theirs."""
    seen = Request.objects.visible_to(person).filter(labels=OuterRef("pk"))
    return Label.objects.filter(Exists(seen))


def offered_to(person: Person) -> list[str]:
    """The names of ``seen_by``, as many as can be offered."""
    return list(seen_by(person).values_list("name", flat=True)[:OFFERED])
