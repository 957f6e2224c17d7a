"""JSON taken at its word: what is ambiguous, oversized or invisible is refused at the door."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

from teams.rules import InvalidFields, Missing

# Well above a request with every text at its limit, each character escaped.
LARGEST_BODY = 1_048_576
DEEPEST = 12
# No number of ours needs more; longer ones cost quadratic time.
LONGEST_NUMBER = 40
# Control characters but tab and line ends, and surrogates without their other half.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class BodyTooLarge(APIException):
    status_code = 413


class StrictJSONParser(BaseParser):
    """One JSON object in UTF-8, at most LARGEST_BODY bytes long and DEEPEST levels deep.

    Decimal fractions are read exactly. Refused are duplicate keys, NaN, Infinity, and texts with NUL, lone
    surrogates or control characters.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise BodyTooLarge(_("The body is larger than %(limit)d bytes.") % {"limit": LARGEST_BODY})
        found = decoded(body)
        if not isinstance(found, dict):
            raise ParseError(_("Send one JSON object."))
        wrong = [Missing("control_character", _control_words(), name) for name in unclean(found)]
        if wrong:
            raise InvalidFields(wrong)
        return found


def decoded(body: bytes) -> Any:
    """What the JSON says.

    :raises ParseError: where it is no JSON, ambiguous, or too deep.
    """
    try:
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_float=_fraction,
            parse_int=_whole,
        )
    except UnicodeDecodeError as error:
        raise ParseError(_("The body is not UTF-8.")) from error
    except RecursionError as error:
        raise ParseError(_too_deep()) from error
    except ValueError as error:
        raise ParseError(_("The body is not valid JSON.")) from error
    if _deeper_than(found, DEEPEST):
        raise ParseError(_too_deep())
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ParseError(_("A key occurs twice in the body."))
        found[name] = value
    return found


def _no_constant(name: str) -> None:
    raise ParseError(_("NaN and Infinity are no numbers here."))


def _fraction(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        raise ParseError(_("A number in the body is too long."))
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ParseError(_("A number in the body is too long.")) from error


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ParseError(_("A number in the body is too long."))
    return int(text)


def _too_deep() -> str:
    return _("The body is nested too deeply.")


def _deeper_than(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_deeper_than(one, levels - 1) for one in inner)


def _control_words() -> str:
    return _("Remove the invisible control characters from this text.")


def unclean(value: Any, name: str = "") -> Iterator[str]:
    """The dotted names of all texts, and the places of all keys, that hold what no text may hold."""
    if isinstance(value, str):
        if FORBIDDEN.search(value):
            yield name
    elif isinstance(value, dict):
        for key, inner in value.items():
            if FORBIDDEN.search(key):
                yield name
            else:
                yield from unclean(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for inner in value:
            yield from unclean(inner, name)
