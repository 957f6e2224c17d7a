"""Who should understand what is explained, and what its page shows of that."""

from requests_app.understanding.coverages import coverages, those_who_should

__all__ = ["coverages", "those_who_should"]
