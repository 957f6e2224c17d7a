from django.urls import URLPattern, path

from portal import health, installable
from portal.counters import counters_page
from portal.home import home
from portal.palette import palette
from portal.searching.page import search_page

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("manifest.webmanifest", installable.manifest, name="manifest"),
    path("sw.js", installable.worker, name="worker"),
    path("offline/", installable.offline, name="offline"),
    path("counters/", counters_page, name="counters"),
    path("palette/", palette, name="palette"),
    path("search/", search_page, name="search"),
]
