from django.urls import URLPattern, URLResolver, include, path, re_path

from portal.api import docs

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("requests_app.api.urls")),
    path("", include("teams.api")),
    path("schema/", docs.SchemaView.as_view(), name="schema"),
    path("docs/", docs.docs, name="docs"),
    re_path(r"", docs.UnknownView.as_view(), name="unknown"),
]
