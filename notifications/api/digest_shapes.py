"""Digests as they are answered: the same sheet that the page and the mail draw."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from notifications.digest.archive import Hit
from notifications.digest.open_pages import OpenLeaf
from notifications.digest.page import Leaf
from notifications.digest.sheet import Row, Section
from notifications.models import Digest
from requests_app.api.output import Body


class DigestHitOut(serializers.Serializer[Any]):
    title = serializers.CharField()
    url = serializers.URLField()


class IssueOut(serializers.Serializer[Any]):
    """One of your digests; `hits` is what it tells of that fits `q`, as far as you may see it now."""

    week = serializers.CharField()
    period_start = serializers.DateTimeField()
    period_end = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    hits = DigestHitOut(many=True)
    url = serializers.URLField()


class FigureOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]


class RowOut(serializers.Serializer[Any]):
    """One line. Of a goal `percent` is how far it has come, `wanted` how much of its time has passed."""

    key = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    line = serializers.CharField(allow_blank=True)
    quote = serializers.CharField(allow_blank=True)
    side = serializers.CharField(allow_blank=True)
    action = serializers.CharField(allow_blank=True)
    percent = serializers.IntegerField(allow_null=True)
    wanted = serializers.IntegerField(allow_null=True)
    url = serializers.URLField()


class SectionOut(serializers.Serializer[Any]):
    """`rows` are the first of `total`; `word` is what a lead says first, `note` a sum of the rows."""

    slug = serializers.CharField()
    heading = serializers.CharField()
    word = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    total = serializers.IntegerField()
    rows = RowOut(many=True)


class DigestOut(serializers.Serializer[Any]):
    """A week in words, through what you may see now. Sections in which nothing is are left out.

    `preview`: so far, and never mailed. `others` says in one line what else moved, by team.
    """

    week = serializers.CharField()
    preview = serializers.BooleanField()
    period_start = serializers.DateTimeField()
    period_end = serializers.DateTimeField()
    heading = serializers.CharField()
    figures = FigureOut(many=True)
    sections = SectionOut(many=True)
    others = serializers.CharField(allow_blank=True)
    url = serializers.URLField()


def issue_out(digest: Digest, hits: list[Hit]) -> Body:
    return {
        "week": digest.week,
        "period_start": digest.period_start,
        "period_end": digest.period_end,
        "sent_at": digest.sent_at,
        "hits": [{"title": hit.title, "url": f"{settings.BASE_URL}{hit.path}"} for hit in hits],
        "url": f"{settings.BASE_URL}/digests/{digest.week}/",
    }


def digest_out(leaf: Leaf | OpenLeaf, path: str) -> Body:
    """``leaf``, whose page has the address ``path``."""
    sheet = leaf.sheet
    return {
        "week": sheet.week.key,
        "preview": leaf.is_preview,
        "period_start": leaf.start,
        "period_end": leaf.end,
        "heading": sheet.heading,
        "figures": [{"number": figure.number, "label": figure.label} for figure in sheet.figures],
        "sections": [section_out(section) for section in sheet.sections],
        "others": sheet.others,
        "url": f"{settings.BASE_URL}{path}",
    }


def section_out(section: Section) -> Body:
    return {
        "slug": section.slug,
        "heading": section.heading,
        "word": section.word,
        "note": section.note,
        "total": section.total,
        "rows": [row_out(row) for row in section.rows],
    }


def row_out(row: Row) -> Body:
    plain = ("key", "title", "line", "quote", "side", "action", "percent", "wanted")
    return {**{name: getattr(row, name) for name in plain}, "url": f"{settings.BASE_URL}{row.path}"}
