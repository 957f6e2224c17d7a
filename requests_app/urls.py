from django.urls import URLPattern, path

from requests_app.views import (
    acting,
    boards,
    bulk,
    detail,
    exports,
    intake,
    listing,
    saved_views,
    seats,
    talking,
    triage,
)

app_name = "requests"
urlpatterns: list[URLPattern] = [
    path("requests/", listing.request_list, name="list"),
    path("requests/new/", intake.new, name="new"),
    path("requests/bulk/", bulk.bulk, name="bulk"),
    path("requests/export/<slug:form>/", exports.export, name="export"),
    path("requests/views/", saved_views.views, name="views"),
    path("requests/views/<int:pk>/", saved_views.view, name="view"),
    path("requests/views/<int:pk>/throw-away/", saved_views.throw_away, name="view_throw_away"),
    path("requests/<int:number>/", detail.detail, name="detail"),
    path("requests/<int:number>/actions/<slug:action>/", acting.act, name="act"),
    path("requests/<int:number>/comments/", talking.comment, name="comment"),
    path("requests/<int:number>/support/", talking.support, name="support"),
    path("requests/<int:number>/watch/", talking.watch, name="watch"),
    path("requests/<int:number>/watchers/", talking.watchers, name="watchers"),
    path("requests/<int:number>/edit/", intake.edit_request, name="edit"),
    path("requests/<int:number>/throw-away/", intake.throw_draft_away, name="throw_away"),
    path("settings/people/<int:pk>/deactivate/", seats.deactivate_person, name="person_deactivate"),
    path("teams/<slug:slug>/members/<int:person_id>/remove/", seats.remove_member, name="member_remove"),
    path("triage/", triage.triage, name="triage"),
    path("boards/", boards.board_list, name="boards"),
    path("boards/<slug:slug>/", boards.board, name="board"),
    path("boards/<slug:slug>/move/", boards.move_card, name="move"),
    path("boards/<slug:slug>/limits/", boards.set_limit, name="limit"),
    path("boards/<slug:slug>/columns/<slug:status>/", boards.column, name="column"),
]
