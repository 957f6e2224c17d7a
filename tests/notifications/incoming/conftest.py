import pytest
from pytest_django import Settings

from tests.notifications.incoming.mails import MAILBOX


@pytest.fixture(autouse=True)
def _mailbox(settings: Settings) -> None:
    settings.INCOMING_MAIL_ADDRESS = MAILBOX
