"""What the tests with processes of their own share."""

import pytest


@pytest.fixture
def environment(process_environment: dict[str, str]) -> dict[str, str]:
    """For programs with the portal's own settings; those of the tests would start servers of their own."""
    return {**process_environment, "DJANGO_SETTINGS_MODULE": "portal.settings"}
