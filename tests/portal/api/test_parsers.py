"""JSON taken at its word."""

import io
import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from portal.api.parsers import DEEPEST, LARGEST_BODY, StrictJSONParser, decoded
from requests_app.models import Request
from tests.api_client import API, JSON, PROBLEM, machine
from tests.factories import make_person

BAD_BODIES = {
    "nothing": b"",
    "no JSON": b"{title: 1}",
    "cut off": b'{"title": "x"',
    "a list": b"[]",
    "a text": b'"title"',
    "a number": b"1",
    "null": b"null",
    "two documents": b"{} {}",
    "NaN": b'{"title": NaN}',
    "Infinity": b'{"title": -Infinity}',
    "a key twice": b'{"title": "a", "title": "b"}',
    "a key twice, escaped": b'{"title": "a", "\\u0074itle": "b"}',
    "a key twice, further in": b'{"expected_result": {"unit": "a", "unit": "b"}}',
    "no UTF-8": b'{"title": "\xff"}',
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"title": "x"}',
    "deep": b'{"a":' * 50 + b"1" + b"}" * 50,
    "very deep": b'{"a":' * 100_000,
    "very deep lists": b'{"a":' + b"[" * 100_000,
    "a long number": b'{"expected_result": {"target": ' + b"9" * 5_000 + b"}}",
    "a long fraction": b'{"expected_result": {"target": 0.' + b"9" * 5_000 + b"}}",
    "a bare control character": b'{"title": "a\x01b"}',
}
BAD_TEXTS = {
    "NUL": "\\u0000",
    "a control character": "\\u0007",
    "a control character of the second row": "\\u0085",
    "a lone high surrogate": "\\ud800",
    "a lone low surrogate": "\\udfff",
    "escape": "\\u001b[31m",
}


@pytest.fixture
def client(db: None) -> Client:
    return machine(make_person())


def post(client: Client, body: bytes) -> Any:
    return client.post(f"{API}requests/", body, content_type=JSON)


@pytest.mark.parametrize("name", BAD_BODIES)
def test_what_is_no_plain_object_is_refused(client: Client, name: str) -> None:
    response = post(client, BAD_BODIES[name])
    assert (response.status_code, response.headers["Content-Type"]) == (400, PROBLEM)
    assert response.json()["detail"]
    assert not Request.objects.exists()


@pytest.mark.parametrize("name", BAD_TEXTS)
def test_invisible_characters_are_refused_at_the_door(client: Client, name: str) -> None:
    bad = BAD_TEXTS[name].encode()
    cases = {
        b'{"submit": false, "title": "a%sb"}' % bad: "title",
        b'{"submit": false, "expected_result": {"unit": "%s"}}' % bad: "expected_result.unit",
        b'{"submit": false, "touchpoints": ["%s"]}' % bad: "touchpoints",
        b'{"submit": false, "ti%stle": 1}' % bad: "",
    }
    for body, field in cases.items():
        response = post(client, body)
        assert response.status_code == 400
        assert [(e["field"], e["code"]) for e in response.json()["errors"]] == [(field, "control_character")]


def test_line_breaks_tabs_and_paired_surrogates_are_welcome(client: Client) -> None:
    response = post(client, b'{"submit": false, "customer_need": "a\\r\\n\\tb \\ud83d\\ude00"}')
    assert response.json()["customer_need"] == "a\n\tb 😀"


def test_too_large_a_body_is_refused_before_it_is_read(client: Client) -> None:
    fits = b'{"submit": false, "title": "x"' + b" " * (LARGEST_BODY - 31) + b"}"
    assert len(fits) == LARGEST_BODY
    assert post(client, fits).status_code == 201
    response = post(client, fits + b" ")
    assert (response.status_code, response.headers["Content-Type"]) == (413, PROBLEM)
    assert response.json()["type"] == "urn:tandem:problem:too-large"


def test_only_as_much_is_read_as_is_allowed() -> None:
    stream = io.BytesIO(b" " * (3 * LARGEST_BODY))
    with override("en"), pytest.raises(Exception, match="larger"):
        StrictJSONParser().parse(stream)
    assert stream.tell() == LARGEST_BODY + 1


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


def test_the_depth_ends_where_it_is_said_to() -> None:
    assert decoded(nested(DEEPEST))
    with pytest.raises(ParseError):
        decoded(nested(DEEPEST + 1))


def test_fractions_are_read_exactly() -> None:
    assert decoded(b'{"a": 0.1, "b": 1e2, "c": 3}') == {"a": Decimal("0.1"), "b": Decimal("1E+2"), "c": 3}
    with pytest.raises(ParseError):
        decoded(b'{"a": 1e9999999999999999999}')


@given(st.binary(max_size=60))
def test_no_bytes_do_more_harm_than_a_parse_error(body: bytes) -> None:
    try:
        decoded(body)
    except ParseError:
        return
    json.loads(body)


keys = st.text(max_size=5)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(keys, values, max_size=4))
def test_what_is_plain_json_is_read_as_json_reads_it(body: dict[str, Any]) -> None:
    assert decoded(json.dumps(body).encode()) == body
