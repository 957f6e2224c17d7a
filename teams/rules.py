"""How a refused rule is told, in one shape for pages and API alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Missing:
    """One condition that does not hold: a stable code, words for a person, and the field it belongs to."""

    code: str
    message: str | Promise
    field: str = ""


class RuleViolation(Exception):
    """A domain function refuses; ``missing`` says everything that stands in the way."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(", ".join(condition.code for condition in missing))
        self.missing = tuple(missing)


class InvalidFields(RuleViolation):
    """What was entered is wrong: each entry names its field (API: 400 with ``errors``)."""


class StaleVersion(Exception):
    """Somebody else changed the row since the version the caller had seen (API: 412).

    Where it is known, ``clash`` names the fields that both changed, ``theirs`` those that only the other did.
    """

    def __init__(self, current_version: int, clash: Iterable[str] = (), theirs: Iterable[str] = ()) -> None:
        super().__init__(f"the row is at version {current_version}")
        self.current_version = current_version
        self.clash = tuple(clash)
        self.theirs = tuple(theirs)
