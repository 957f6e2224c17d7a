"""The form of a chat channel."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notifications.chat.kinds import Kind
from notifications.chat.models import NAME_LENGTH, ChatChannel, Vendor
from notifications.chat.setting import ChannelFields
from notifications.outgoing import LONGEST_URL
from teams.forms import DomainForm, VersionedForm


class NewChannelForm(DomainForm):
    """Which program, which channel, what it is told; the address is written and never read."""

    vendor = forms.ChoiceField(label=_("Program"), choices=Vendor.choices)
    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        help_text=_("What your team calls the channel, such as #crm."),
    )
    url = forms.CharField(
        label=_("Address of the incoming webhook"),
        max_length=LONGEST_URL,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Who knows it can write into the channel, so it is never shown again."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What it is told"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    @property
    def entered(self) -> ChannelFields:
        """What was entered, once the form is valid."""
        return ChannelFields(**{name: self.cleaned_data[name] for name in ChannelFields.__dataclass_fields__})


class ChannelForm(NewChannelForm, VersionedForm):
    """The same for a channel that is there: without an address it keeps the one that is known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].required = False
        self.fields["url"].help_text = _(
            "Who knows it can write into the channel, so it is never shown again. Leave it empty to keep the"
            " one that is known."
        )


def initial_of(channel: ChatChannel) -> dict[str, Any]:
    """What stands in the form of a channel."""
    return {name: getattr(channel, name) for name in ("vendor", "name", "kinds", "language", "version")}
