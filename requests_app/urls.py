from django.urls import URLPattern, path

from requests_app.views import intake, listing

app_name = "requests"
urlpatterns: list[URLPattern] = [
    path("requests/new/", intake.new, name="new"),
    path("requests/<int:number>/edit/", intake.edit_request, name="edit"),
    path("requests/<int:number>/throw-away/", intake.throw_draft_away, name="throw_away"),
]
