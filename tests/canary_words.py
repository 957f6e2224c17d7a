"""Words that occur nowhere else, one for each column that can hold a text of a request, and unusual numbers.

The columns are found by enumeration of the tables: whoever adds one plants a canary in ``canary_world`` or
says here why it holds none.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import CharField, F
from django.db.models.functions import Cast

WORD = re.compile(r"zqx[a-j]{3}kvyw")
# Never planted: what a search for it answers is what a search for something hidden has to answer.
NOWHERE = "zqxjjjkvyw"
ROOMS = ("activity", "teams", "knowhow", "requests_app", "notifications")

LETTERS = str.maketrans("0123456789", "abcdefghij")

_planted: dict[str, str] = {}


def word(place: str) -> str:
    """The one word that stands at ``place`` and nowhere else; of letters, so that every search takes it."""
    letters = f"{len(_planted):03d}".translate(LETTERS)
    return _planted.setdefault(place, f"zqx{letters}kvyw")


def words() -> dict[str, str]:
    """All words that were planted, by their places."""
    return dict(_planted)


# Unusual enough to be found whatever the language: their digits, with or without separators.
NUMBERS = {
    "baseline": Decimal("48613.27"),
    "target": Decimal("59327.41"),
    "proposed baseline": Decimal("47113.59"),
    "proposed target": Decimal("61957.83"),
    "measured": Decimal("53171.69"),
    "one-off cost": Decimal("82937.61"),
    "yearly cost": Decimal("73459.27"),
    "best": Decimal("1173.25"),
    "likely": Decimal("1957.75"),
    "worst": Decimal("2713.25"),
}


def found_in(text: str) -> set[str]:
    """The planted words in ``text``, and the places of the numbers."""
    return {*WORD.findall(text.lower()), *(place for place, number in DIGITS.items() if number.search(text))}


def _digits(number: Decimal) -> re.Pattern[str]:
    whole, _point, cents = f"{number}".partition(".")
    return re.compile(rf"(?<!\d){whole[:-3]}[.,\s]?{whole[-3:]}[.,]{cents}")


DIGITS = {place: _digits(number) for place, number in NUMBERS.items()}

# Tables, or columns, that hold no words or numbers of a request, each with its reason.
WITHOUT: dict[str, str] = {
    "teams.*": "people, teams, goals, touchpoints and the company are known to every member",
    "knowhow.Solution.*": "written for everybody: whoever hands over explains it to those who use it",
    **dict.fromkeys(
        (f"knowhow.{table}.*" for table in ("SkillGroup", "Skill", "SkillWord")),
        "the directory of skills, which every member reads",
    ),
    "knowhow.RoleProfile.*": "postings, drafted from what everybody may see and written for the world",
    "knowhow.Exchange.*": "every member sees every exchange",
    "knowhow.ExchangeMaterial.*": "links that a host adds for everybody",
    "knowhow.ExchangeProposal.*": "wished for before everybody's eyes",
    "knowhow.CalendarFeed.token_hash": "the hash of a random secret",
    "requests_app.RequestTemplate.*": "kept by leads for everybody who files a request",
    "requests_app.SavedReply.*": "kept by IT's leads for everybody in IT who answers",
    "requests_app.Lesson.*": "counts by team and type: statistics name nothing",
    "requests_app.Clue.*": "learnt from open requests alone; shown only where they stand in the text itself",
    "requests_app.Word.*": "learnt from open requests alone; lists and pages show none of them",
    "requests_app.TeamForecasts.*": "dates and counts, by number; read through visible requests",
    "requests_app.Calibration.*": "counts by team: statistics name nothing",
    "requests_app.ScoringRound.weights": "the company's own percentages",
    "requests_app.SideScore.blind": "six numbers from 1 to 5",
    "requests_app.Request.rank": "a place among all requests",
    "requests_app.Request.effort": "a half from 1 to 5",
    "requests_app.Request.import_key": "set by the import alone, and shown nowhere",
    "requests_app.Attachment.file": "a random name in the storage",
    "requests_app.Attachment.preview": "a random name in the storage",
    "requests_app.Attachment.content_type": "one of the allowed types",
    "requests_app.Board.*": "every member sees every board; its label is its keeper's own word",
    "requests_app.BoardColumn.*": "titles and policies of boards, which every member sees",
    "requests_app.Round.scope": "the id of a board or goal, or nothing",
    "requests_app.Round.scope_title": "the name of a board or goal, which every member knows",
    "requests_app.TurnPeriod.side": "marketing or it",
    "activity.Event.kind": "the name of a kind",
    "activity.Event.object_type": "the name of a kind",
    "requests_app.Escalation.*": "the name of a cause, and an instant, a day or an id",
    "requests_app.EscalationRule.*": "set by administrators for all requests",
    "notifications.Delivery.together": "made of ids and instants",
    "notifications.InboxEntry.object_type": "the name of a kind",
    "notifications.Delivery.dedupe_key": "made of ids",
    "notifications.Delivery.last_error": "what a mail server or a receiver answered, for administrators",
    "notifications.Delivery.message_id": "made of the dedupe key",
    "notifications.Digest.week": "a week",
    "notifications.Digest.selection": "ids alone, looked up when they are shown",
    "notifications.DigestFeed.token_hash": "the hash of a random secret",
    "notifications.TeamWord.*": "said by a lead before everybody's eyes",
    "notifications.ChatChannel.*": "names and addresses of a team's channels, for its leads",
    "notifications.IncomingMail.*": "what became of a mail, never what it says",
    "notifications.Heartbeat.*": "names of processes, and what is wrong with a mailbox",
    "notifications.Slot.*": "moments of schedules",
    "notifications.DemoMail.recipient": "an address of a person",
}

KINDS = (models.CharField, models.TextField, models.JSONField, models.FileField, models.DecimalField)


def columns() -> Iterator[tuple[type[models.Model], Any]]:
    """Every column of every table of the house that can hold words or numbers which somebody enters."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                if isinstance(_content(field), KINDS) and not field.choices:
                    yield model, field


def _content(field: Any) -> Any:
    return field.output_field if isinstance(field, models.GeneratedField) else field


def name_of(model: type[models.Model], field: Any) -> str:
    return f"{model._meta.app_label}.{model.__name__}.{field.name}"


def excused(name: str) -> bool:
    room, table, _column = name.split(".")
    return any(pattern in WITHOUT for pattern in (name, f"{room}.{table}.*", f"{room}.*"))


def without_canary() -> list[str]:
    """The columns that hold neither a canary nor a reason why not."""
    names = [(name_of(model, field), model, field) for model, field in columns()]
    return [name for name, model, field in names if not excused(name) and not _holds_one(model, field)]


def _holds_one(model: type[models.Model], field: Any) -> bool:
    texts = model._default_manager.annotate(text_=Cast(F(field.name), CharField()))
    return any(found_in(text or "") for text in texts.values_list("text_", flat=True))


def unknown_excuses() -> list[str]:
    """Reasons for tables and columns that are no longer there."""
    names = {name_of(model, field) for model, field in columns()}
    tables = {f"{name.rpartition('.')[0]}.*" for name in names} | {f"{room}.*" for room in ROOMS}
    return [name for name in WITHOUT if name not in names | tables]
