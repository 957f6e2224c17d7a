"""Versions of rows as HTTP tells them: ETag, If-None-Match, If-Match."""

import hashlib
import re
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from teams.rules import StaleVersion

OURS = re.compile(r'"(\d{1,9})-[0-9a-f]{16}"', re.ASCII)
ANY = "*"
# No row has this version, so it is stale whatever happened.
NEVER = 0
# What keeps no version of its own is told apart by the digest alone.
UNVERSIONED = 1


def etag_of(version: int, body: Any) -> str:
    """The strong ETag of ``body``: the row's version and a digest, as it tells of other rows too."""
    content = DjangoJSONEncoder(sort_keys=True).encode(body).encode()
    return f'"{version}-{hashlib.sha256(content).hexdigest()[:16]}"'


def is_fresh(etag: str, if_none_match: str | None) -> bool:
    """Whether the client holds the body of ``etag`` already."""
    if if_none_match is None:
        return False
    known = _tags(if_none_match)
    return ANY in known or etag in known


def _tags(header: str) -> list[str]:
    """The tags of a header, weak ones too: whoever compresses an answer on its way marks its tag as weak.

    The portal itself does that, and proxies do; the tag still names the version that the client has read.
    """
    return [tag.removeprefix("W/") for tag in parse_etags(header)]


def version_expected(if_match: str | None, current: int) -> int | None:
    """The version that a change may start from, None for any.

    Of several the current one counts, where it is among them. A tag that is none of ours fits none.
    What counts is the row's version: a changed name of an owner is no conflict.
    """
    if if_match is None or if_match.strip() == ANY:
        return None
    found = [OURS.fullmatch(tag) for tag in _tags(if_match)]
    versions = [int(match[1]) for match in found if match]
    return current if current in versions else max(versions, default=NEVER)


def refuse_stale(request: Request, body: Any) -> None:
    """Check that who wants to change something without a version holds it as it is now: ``body``.

    :raises StaleVersion: where they sent the tag of something else.
    """
    if_match = request.headers.get("If-Match")
    if if_match is None or if_match.strip() == ANY:
        return
    if etag_of(UNVERSIONED, body) not in _tags(if_match):
        raise StaleVersion(UNVERSIONED)


def answer_one(request: Request, body: Any, version: int = UNVERSIONED, status: int = 200) -> Response:
    """One object with its ETag, or 304 where a reader holds it already."""
    etag = etag_of(version, body)
    headers = {"ETag": etag}
    if request.method in ("GET", "HEAD") and is_fresh(etag, request.headers.get("If-None-Match")):
        return Response(status=304, headers=headers)
    return Response(body, status=status, headers=headers)
