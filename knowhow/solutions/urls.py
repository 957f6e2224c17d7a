from django.urls import URLPattern, path

from knowhow.solutions import views

app_name = "solutions"
urlpatterns: list[URLPattern] = [
    path("solutions/", views.index, name="solutions"),
    path("solutions/new/", views.new, name="new"),
    path("solutions/readable/", views.readable, name="readable"),
    path("solutions/<slug:slug>/", views.detail, name="solution"),
    path("solutions/<slug:slug>/edit/", views.edit, name="edit"),
    path("solutions/<slug:slug>/experts/", views.expert, name="expert"),
    path("solutions/<slug:slug>/experts/<int:person_id>/remove/", views.expert_off, name="expert_off"),
    path("solutions/<slug:slug>/affected/", views.affect, name="affect"),
    path("solutions/<slug:slug>/affected/<slug:team_slug>/remove/", views.affect_not, name="affect_not"),
]
