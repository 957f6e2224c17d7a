"""The situations of the domain functions of chat channels."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from notifications.chat import setting
from tests.factories import make_admin, make_team
from tests.notifications.chat.channels import make_channel
from tests.notifications.chat.test_setting import GOOD

Change = Callable[[], Any]


def adding() -> Change:
    team, admin = make_team(), make_admin()
    return lambda: setting.add_channel(team, GOOD, by=admin)


def of_channel(change: Callable[..., Any], *more: Any) -> Callable[[], Change]:
    """An admin changes a channel."""

    def prepared() -> Change:
        channel, admin = make_channel(make_team()), make_admin()
        return lambda: change(channel, *more, by=admin)

    return prepared


CHAT: dict[str, Callable[[], Change]] = {
    "notifications.chat.setting.add_channel": adding,
    "notifications.chat.setting.change_channel": of_channel(
        setting.change_channel, replace(GOOD, name="#it", url="")
    ),
    "notifications.chat.setting.switch_channel": of_channel(setting.switch_channel, False),
    "notifications.chat.setting.remove_channel": of_channel(setting.remove_channel),
}
