"""The three bodies, checked against the shapes that the vendors publish, and what people's texts cannot do.

Slack: blocks of Block Kit (section text at most 3,000 characters, context at most ten elements). Microsoft:
a message with one Adaptive Card in it, as the Workflows app takes it. Mattermost: message attachments with
their required fallback.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from notifications.chat.models import Vendor
from notifications.chat.wording import Told, payload

NASTY = "<!channel> @all [x](https://evil.example) ![i](https://evil.example/i.png) *b* & <b>"
TOLD = Told(
    "T-12 Newsletter topics", "https://t.example/requests/12/", "Mira accepted this request.", "Good."
)


def slack_of(told: Told) -> dict[str, Any]:
    """The body, after it was looked at as Slack does."""
    body = payload(Vendor.SLACK, told)
    assert set(body) <= {"text", "blocks", "unfurl_links", "unfurl_media"}
    assert isinstance(body["text"], str)
    assert body["text"]
    assert 0 < len(body["blocks"]) <= 50
    for block in body["blocks"]:
        assert block["type"] in ("section", "context")
        texts = [block["text"]] if block["type"] == "section" else block["elements"]
        assert 0 < len(texts) <= 10
        for text in texts:
            assert text["type"] in ("mrkdwn", "plain_text")
            assert 0 < len(text["text"]) <= 3_000
    return body


def card_of(told: Told) -> dict[str, Any]:
    """The Adaptive Card, after it was looked at as Teams does."""
    body = payload(Vendor.TEAMS, told)
    assert body["type"] == "message"
    (attachment,) = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attachment["contentUrl"] is None
    card: dict[str, Any] = attachment["content"]
    assert card["type"] == "AdaptiveCard"
    assert card["$schema"] == "http://adaptivecards.io/schemas/adaptive-card.json"
    assert card["version"] in ("1.2", "1.3", "1.4", "1.5")
    for block in card["body"]:
        assert block["type"] == "RichTextBlock"
        assert all(inline["type"] == "TextRun" and inline["text"] for inline in block["inlines"])
    assert [action["type"] for action in card["actions"]] == ["Action.OpenUrl"]
    assert len(json.dumps(body)) < 28_000
    return card


def attachment_of(told: Told) -> dict[str, Any]:
    """The attachment, after it was looked at as Mattermost does."""
    body = payload(Vendor.MATTERMOST, told)
    (attachment,) = body["attachments"]
    known = {"fallback", "color", "title", "title_link", "text", "footer"}
    assert set(attachment) == known
    assert all(isinstance(value, str) for value in attachment.values())
    assert attachment["fallback"]
    assert attachment["color"].startswith("#")
    return attachment  # type: ignore[no-any-return]


def test_slack_gets_the_title_as_a_link_and_the_words_as_they_are() -> None:
    first, second = slack_of(TOLD)["blocks"]
    assert first["text"]["text"] == (
        "*<https://t.example/requests/12/|T-12 Newsletter topics>*\nMira accepted this request."
    )
    assert second["text"] == {"type": "plain_text", "text": "Good."}


def test_nothing_that_people_write_calls_a_channel_or_makes_a_link_in_slack() -> None:
    told = Told(NASTY, TOLD.url, NASTY, NASTY, (NASTY,))
    for block in slack_of(told)["blocks"]:
        for text in [block["text"]] if block["type"] == "section" else block["elements"]:
            if text["type"] == "mrkdwn":
                assert "<!channel>" not in text["text"]
                assert "<b>" not in text["text"]
                assert text["text"].count("<") == text["text"].count(f"<{TOLD.url}|")


def test_a_bar_in_a_title_does_not_end_the_link_in_slack() -> None:
    (block,) = slack_of(Told("A|B", TOLD.url, "Said."))["blocks"]
    assert block["text"]["text"].count("|") == 1


def test_teams_gets_a_card_with_a_button() -> None:
    card = card_of(TOLD)
    texts = [block["inlines"][0]["text"] for block in card["body"]]
    assert texts == ["T-12 Newsletter topics", "Mira accepted this request.", "Good."]
    assert card["actions"][0]["url"] == TOLD.url


def test_texts_in_a_card_stand_where_no_markdown_is_read() -> None:
    texts = [block["inlines"][0]["text"] for block in card_of(Told(NASTY, TOLD.url, NASTY, NASTY))["body"]]
    assert set(texts) == {NASTY}


def test_mattermost_gets_an_attachment_with_its_link() -> None:
    attachment = attachment_of(
        Told(TOLD.title, TOLD.url, "Mira accepted it.", "Good\nidea", ("Ready", "CRM"))
    )
    assert attachment["title_link"] == TOLD.url
    assert attachment["text"] == "Mira accepted it\\.\n> Good\n> idea"
    assert attachment["footer"] == "Ready · CRM"


def test_nobody_is_called_and_nothing_is_loaded_in_mattermost() -> None:
    attachment = attachment_of(Told(NASTY, TOLD.url, NASTY, NASTY, (NASTY,)))
    for value in (attachment[name] for name in ("fallback", "title", "text", "footer")):
        assert "@all" not in value
    assert "![" not in attachment["text"].replace("\\!\\[", "")
    assert "](" not in attachment["text"]


@pytest.mark.parametrize("check", [slack_of, card_of, attachment_of])
def test_long_texts_are_shortened(check: Any) -> None:
    check(Told("T" * 10_000, TOLD.url, "S" * 200, "Q" * 10_000_000, ("F" * 100,)))


@pytest.mark.parametrize("check", [slack_of, card_of, attachment_of])
@hypothesis_settings(max_examples=15, deadline=None)
@given(st.text(min_size=1, max_size=300), st.text(max_size=300))
def test_any_text_makes_a_body_of_the_right_shape(check: Any, title: str, quote: str) -> None:
    check(Told(title, TOLD.url, "Said.", quote.strip()))
