from django.urls import URLPattern, path

from knowhow.exchanges.views import calendar, looking, planning, taking_part, wishing

app_name = "exchanges"
urlpatterns: list[URLPattern] = [
    path("exchanges/", looking.index, name="exchanges"),
    path("exchanges/new/", planning.new, name="new"),
    path("exchanges/calendar/", calendar.feed, name="feed"),
    path("exchanges/calendar/close/", calendar.close, name="feed_close"),
    path("exchanges/proposals/new/", wishing.propose, name="propose"),
    path("exchanges/proposals/<int:pk>/", wishing.proposal, name="proposal"),
    path("exchanges/proposals/<int:pk>/wish/", wishing.wish, name="wish"),
    path("exchanges/proposals/<int:pk>/unwish/", wishing.unwish, name="unwish"),
    path("exchanges/proposals/<int:pk>/withdraw/", wishing.withdraw, name="withdraw"),
    path("exchanges/<int:pk>/", looking.detail, name="exchange"),
    path("exchanges/<int:pk>/exchange.ics", looking.file, name="file"),
    path("exchanges/<int:pk>/edit/", planning.edit, name="edit"),
    path("exchanges/<int:pk>/move/", planning.move, name="move"),
    path("exchanges/<int:pk>/cancel/", planning.cancel, name="cancel"),
    path("exchanges/<int:pk>/sign-up/", taking_part.sign_up, name="sign_up"),
    path("exchanges/<int:pk>/sign-off/", taking_part.sign_off, name="sign_off"),
    path("exchanges/<int:pk>/attendance/", taking_part.attendance, name="attendance"),
    path("exchanges/<int:pk>/feedback/", taking_part.feedback, name="feedback"),
    path("exchanges/<int:pk>/materials/", taking_part.add_material, name="material_add"),
    path(
        "exchanges/<int:pk>/materials/<int:material>/remove/",
        taking_part.remove_material,
        name="material_remove",
    ),
]
