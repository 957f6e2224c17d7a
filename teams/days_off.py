"""The public holidays of a team, by the country and the region in which it works."""

from datetime import date
from functools import lru_cache

import holidays
from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from teams.fields import wrong
from teams.words import letters

# What ISO 3166 needs: two letters, and at most three signs for a part of a country.
COUNTRY_LENGTH, REGION_LENGTH = 2, 12


@lru_cache(maxsize=1)
def regions() -> dict[str, list[str]]:
    """The countries whose holidays are known, and of each the codes of its regions."""
    known = holidays.list_supported_countries(include_aliases=False)
    return {code: list(parts) for code, parts in known.items() if len(code) == COUNTRY_LENGTH}


def countries() -> list[tuple[str, str]]:
    """The countries by their names in the reader's language, for choosing."""
    names = Locale.parse(get_language() or "en", sep="-").territories
    return sorted(((code, names.get(code, code)) for code in regions()), key=lambda one: letters(one[1]))


@lru_cache(maxsize=512)
def days_off(country: str, region: str, year: int) -> frozenset[date]:
    """The public holidays of a year; none where no country is set, or it is no longer known."""
    if country not in regions() or (region and region not in regions()[country]):
        return frozenset()
    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))


def check_place(country: str, region: str) -> None:
    """:raises InvalidFields: where there is no such country, or it has no such region."""
    if not country and not region:
        return
    if country not in regions():
        raise wrong("country", _("Choose one of the countries."))
    if region and region not in regions()[country]:
        known = ", ".join(regions()[country])
        words = _("Write one of these codes, or nothing: %(codes)s") if known else _("Leave this empty.")
        raise wrong("region", words % {"codes": known} if known else words)
