"""What the page frame needs on every page: the menu and its counters, looked up only where drawn."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.counters import COUNTED, shown
from teams.models import Person


@dataclass(frozen=True)
class Entry:
    key: str
    route: str
    label: str | Promise
    icon: str
    group: str = "work"
    for_admins: bool = False


ENTRIES = (
    Entry("home", "portal:home", _("My work"), "home"),
    Entry("triage", "requests:triage", _("Triage"), "inbox"),
    Entry("boards", "requests:boards", _("Boards"), "layout-kanban"),
    Entry("requests", "requests:list", _("Requests"), "list-details"),
    Entry("matrix", "requests:matrix", _("Matrix"), "chart-dots"),
    Entry("round", "requests:rounds", _("Round"), "messages"),
    Entry("goals", "teams:goals", _("Goals"), "target-arrow", "together"),
    Entry("teams", "teams:teams", _("Teams"), "users-group", "together"),
    Entry("people", "knowhow:people", _("People"), "users", "together"),
    Entry("solutions", "solutions:solutions", _("Solutions"), "puzzle", "together"),
    Entry("touchpoints", "requests:touchpoints", _("Touchpoints"), "map-2", "together"),
    Entry("knowhow", "knowhow:index", _("Know-how"), "bulb", "together"),
    Entry("exchanges", "exchanges:exchanges", _("Exchanges"), "calendar", "together"),
    Entry("digests", "notifications:digests", _("Weekly digests"), "mail", "together"),
    Entry("inbox", "notifications:inbox", _("Inbox"), "bell", "bar"),
    Entry("new", "requests:new", _("New request"), "plus", "bar"),
    Entry("search", "portal:search", _("Search"), "search", "bar"),
    Entry("settings", "teams:settings", _("Settings"), "settings", "person", for_admins=True),
    Entry("profile", "teams:profile", _("My profile"), "user", "person"),
    Entry("tokens", "teams:tokens", _("API tokens"), "key", "person"),
    Entry("preferences", "notifications:preferences", _("What I am sent"), "mail-opened", "person"),
    Entry("password", "account_change_password", _("Change password"), "lock", "person"),
    Entry("language", "teams:language", _("Language"), "language", "bar"),
    Entry("logout", "account_logout", _("Sign out"), "logout", "bar"),
)


@dataclass(frozen=True)
class Link:
    """A menu entry that leads to a page that exists; ``count`` is empty where nothing waits."""

    key: str
    url: str
    label: str | Promise
    icon: str
    count: str
    is_current: bool

    @property
    def counts(self) -> bool:
        """Whether a number stands beside it, as soon as there is something to count."""
        return self.key in COUNTED


class Frame:
    """The menu of one request; nothing is looked up before a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def counts(self) -> dict[str, str]:
        person = getattr(self._request, "user", None)
        if not isinstance(person, Person):
            return {}
        return shown(person)

    @cached_property
    def work(self) -> list[Link]:
        return self._links("work")

    @cached_property
    def together(self) -> list[Link]:
        return self._links("together")

    @cached_property
    def person(self) -> list[Link]:
        return self._links("person")

    @cached_property
    def bar(self) -> dict[str, Link]:
        """What stands in the top bar, by its key."""
        return {link.key: link for link in self._links("bar")}

    def _links(self, group: str) -> list[Link]:
        is_admin = getattr(getattr(self._request, "user", None), "is_admin", False)
        mine = (entry for entry in ENTRIES if entry.group == group and (is_admin or not entry.for_admins))
        return [self._link(entry, url) for entry in mine if (url := address(entry.route))]

    def _link(self, entry: Entry, url: str) -> Link:
        path = self._request.path
        current = path == url or (url != "/" and path.startswith(url))
        return Link(entry.key, url, entry.label, entry.icon, self.counts.get(entry.key, ""), current)


def address(route: str) -> str:
    """The page's address; empty where there is no such page."""
    return _address(route, get_urlconf() or settings.ROOT_URLCONF)


@cache
def _address(route: str, urlconf: Any) -> str:
    # The addresses of the menu stand on every page.
    try:
        return reverse(route, urlconf)
    except NoReverseMatch:
        return ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``frame`` for templates/base.html."""
    return {"frame": Frame(request)}
