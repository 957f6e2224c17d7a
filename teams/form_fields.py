"""Fields of forms that read numbers and days as people write them."""

import re
from typing import Any

from django import forms
from django.utils.formats import get_format


class DateField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)


class NumberField(forms.DecimalField):
    """A number written as the reader's language writes it."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(max_digits=18, decimal_places=4, localize=True, widget=widget, **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(without_grouping(value) if isinstance(value, str) else value)


def without_grouping(text: str) -> str:
    """``text`` without what groups thousands in the active language: 1.250,5 is no 1.25 in German."""
    text = re.sub(r"(?<=\d)[ \u00a0\u2009\u202f’'](?=\d{3}\b)", "", text.strip())
    group, decimal = (re.escape(get_format(f"{name}_SEPARATOR")) for name in ("THOUSAND", "DECIMAL"))
    if re.fullmatch(rf"[-+]?\d{{1,3}}({group}\d{{3}})+({decimal}\d*)?", text):
        return re.sub(group, "", text)
    return text
