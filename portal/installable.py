"""What makes the portal an app on a phone: its manifest, its service worker, and the page for being offline.

The worker keeps static files and the offline page, and nothing that belongs to anybody.
"""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

GROUND = "#f4f5f8"
# What the offline page is made of.
SHELL = (
    "tabler.css",
    "tandem.css",
    "inter-latin.woff2",
    "logo.svg",
    "favicon.svg",
    "icons.svg",
    "js/theme.js",
)
ICONS = (
    ("app-192.png", "192x192", "any"),
    ("app-512.png", "512x512", "any"),
    ("app-maskable-512.png", "512x512", "maskable"),
)
HOUR = 3600


@login_not_required
@cache_control(public=True, max_age=HOUR)
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest in the language ``?language=``: browsers ask for it without cookies."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        return JsonResponse(_manifest(language), content_type="application/manifest+json")


def _manifest(language: str) -> dict[str, Any]:
    said = _("One front door between Marketing and IT")
    icons = [
        {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
        for name, sizes, purpose in ICONS
    ]
    shortcuts = [
        {"name": _("New request"), "url": reverse("requests:new")},
        {"name": _("Boards"), "url": reverse("requests:boards")},
        {"name": _("Inbox"), "url": reverse("notifications:inbox")},
    ]
    return {
        "id": "/",
        "name": _("Tandem: Marketing and IT"),
        "short_name": "Tandem",
        "description": said,
        "lang": language,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": icons,
        "shortcuts": shortcuts,
    }


@login_not_required
@cache_control(no_cache=True)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, for the whole portal. It differs, and is renewed, when a file of the shell does."""
    kept = [reverse("portal:offline"), *map(static, SHELL)]
    version = hashlib.sha256((_offline_page() + "".join(kept)).encode()).hexdigest()[:16]
    told = {"kept": json.dumps(kept), "offline": json.dumps(kept[0]), "version": json.dumps(version)}
    script = render_to_string("portal/sw.js", told)
    return HttpResponse(
        script, content_type="text/javascript; charset=utf-8", headers={"Service-Worker-Allowed": "/"}
    )


@login_not_required
@cache_control(no_cache=True)
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Says in both languages that the portal cannot be reached; the same for everybody."""
    return HttpResponse(_offline_page())


def _offline_page() -> str:
    # Without the request: nothing of a person or a session gets into what is kept.
    return render_to_string("portal/offline.html")
