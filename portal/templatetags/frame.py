"""What every page is drawn from: icons, people, turns, times; in templates ``{% load frame %}``."""

from datetime import UTC, date, datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Select
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from activity import clock
from activity.times import ago_words, day_words, exact, short_age, since_words
from requests_app.choices import Status
from teams.models import PersonSide

register = template.Library()

SIDES = ("marketing", "it")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """The icon ``name`` of the sprite; with ``label`` where it alone bears the meaning."""
    address = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.filter
def key(number: int) -> str:
    """How people name a request: T-12."""
    return f"T-{number}"


@register.filter
def initials(name: str) -> str:
    """Two letters at most, of the first and the last word."""
    words = [word for word in str(name).split() if word[0].isalnum()] or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def side_word(side: str) -> str:
    """The side's name; also for "both" and "other"."""
    return str(PersonSide(side).label)


@register.simple_tag
def avatar(person: Any, size: str = "") -> SafeString:
    """The person's initials in the colour of their side, or in both; ``size`` is "", "sm" or "lg"."""
    name = f"{person.name}, {side_word(person.side)}"
    return _face(initials(person.name), name, f"{person.side} {size}")


def _face(letters: str, name: str, classes: str) -> SafeString:
    return format_html(
        '<span class="face {}" role="img" aria-label="{}" title="{}">{}</span>',
        classes.strip(),
        name,
        name,
        letters,
    )


@register.simple_tag
def tandem(marketing_owner: Any, it_owner: Any, size: str = "") -> SafeString:
    """Two overlapping avatars; an empty seat is a dashed circle with a question mark."""
    seats = (
        _seat(marketing_owner, "marketing", _("Marketing's seat is empty"), size),
        _seat(it_owner, "it", _("IT's seat is empty"), size),
    )
    return format_html('<span class="tandem">{}{}</span>', *seats)


def _seat(person: Any, side: str, empty: str, size: str) -> SafeString:
    if person is None:
        return _face("?", empty, f"nobody {size}")
    return _face(initials(person.name), f"{person.name}, {side_word(side)}", f"{side} {size}")


@register.simple_tag
def side_badge(side: str) -> SafeString:
    """The side's word in its colour."""
    return format_html('<span class="pill {}">{}</span>', side, side_word(side))


@register.simple_tag
def turn(side: str, since: datetime | None = None) -> SafeString:
    """Whose turn it is, in the side's colour, and for how long."""
    words = {"marketing": _("Marketing's turn"), "it": _("IT's turn")}.get(side, _("Nobody's turn"))
    lasting = format_html(" {}", since_tag(since)) if since else ""
    return format_html('<span class="pill turn {}">{}{}</span>', side, words, lasting)


@register.simple_tag
def status_badge(status: str) -> SafeString:
    """The status in words, with a shape that tells open, finished and put aside apart."""
    return format_html('<span class="status {}">{}</span>', status, Status(status).label)


@register.simple_tag
def dial(value: int | None, size: str = "") -> SafeString:
    """The impact, 0 to 100, as a violet ring; a dash where there is none yet."""
    if value is None:
        name = _("No impact yet")
        return format_html('<span class="dial none {}" role="img" aria-label="{}">–</span>', size, name)
    return format_html(
        '<span class="dial {}" role="img" aria-label="{}"><svg viewBox="0 0 36 36" aria-hidden="true">'
        '<circle cx="18" cy="18" r="15.9"/>'
        '<circle class="on" cx="18" cy="18" r="15.9" pathLength="100" stroke-dasharray="{} 100"/>'
        "</svg><b>{}</b></span>",
        size,
        _("Impact %(value)d of 100") % {"value": value},
        value,
        value,
    )


@register.simple_tag
def ago(moment: datetime) -> SafeString:
    """How long ago, in words: "2 hours ago"; the exact time stands in the title."""
    return _time(moment, ago_words(moment, clock.now()))


@register.simple_tag(name="since")
def since_tag(moment: datetime) -> SafeString:
    """For how long, in words: "for 2 days"."""
    return _time(moment, since_words(moment, clock.now()))


@register.simple_tag
def age(moment: datetime) -> SafeString:
    """For how long, in the fewest letters: "2 d"."""
    return _time(moment, short_age(moment, clock.now()))


@register.simple_tag
def moment(value: datetime) -> SafeString:
    """Day and time in the reader's zone: "1 Feb, 13:05"."""
    local = timezone.localtime(value)
    return _time(value, f"{day_words(local.date(), clock.now())}, {local:%H:%M}")


@register.simple_tag
def day(value: date) -> SafeString:
    """A day: "1 Feb"; with its year where that is not the present one."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_words(value, clock.now()))


@register.filter(name="day_words")
def day_in_words(value: date) -> str:
    """Like ``day``, as bare words."""
    return day_words(value, clock.now())


@register.simple_tag
def control(field: BoundField, example: str = "") -> SafeString:
    """The field's input alone, in our look, told to screen readers with its guidance, example and errors."""
    theirs = getattr(field.field, "theirs", "")
    # Beside another text an example would be a third one.
    parts = {"guide": field.help_text, "example": example and not theirs, "error": field.errors}
    parts["theirs"] = theirs
    described = " ".join(f"{field.auto_id}_{part}" for part, there in parts.items() if there)
    attrs: dict[str, Any] = {"class": _look(field)}
    if described:
        attrs["aria-describedby"] = described
    return field.as_widget(attrs={key: value for key, value in attrs.items() if value})


def _look(field: BoundField) -> str:
    widget = field.field.widget
    own = str(widget.attrs.get("class", ""))
    if widget.use_fieldset or isinstance(widget, CheckboxInput):
        return own
    return f"{own} {'form-select' if isinstance(widget, Select) else 'form-control'}".strip()


def _time(value: datetime, words: str) -> SafeString:
    stamp = value.astimezone(UTC).isoformat(timespec="seconds")
    return format_html('<time datetime="{}" title="{}">{}</time>', stamp, exact(value), words)
