"""Examples of what the API takes and answers, for its OpenAPI document.

They stand in `examples.json` under the names of the serializers; a text "@Name" there is the example of that
name.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from drf_spectacular.utils import OpenApiExample

FILE = Path(__file__).with_name("examples.json")
REFERENCE = "@"


@cache
def _all() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text())
    return found


def example_of(name: str) -> list[OpenApiExample]:
    """The example of the serializer with this name; none where there is none."""
    written = _all()
    return [OpenApiExample("For example", value=_filled(written[name]))] if name in written else []


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner) for inner in value]
    if isinstance(value, str) and value.startswith(REFERENCE):
        return _filled(_all()[value.removeprefix(REFERENCE)])
    return value
