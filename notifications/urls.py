from django.urls import URLPattern, path

from notifications.views import chat, choosing, demo_mail, digests, inbox, mail, operations, presence

app_name = "notifications"
urlpatterns: list[URLPattern] = [
    path("inbox/", inbox.show, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read_all"),
    path("inbox/act/", inbox.act, name="inbox_act"),
    path("inbox/undo/", inbox.undo, name="inbox_undo"),
    path("inbox/<int:entry>/less/", choosing.stop_here, name="stop_here"),
    path("settings/notifications/", choosing.show, name="choosing"),
    path("settings/notifications/quiet/", choosing.quiet, name="quiet"),
    path("settings/notifications/teams/", choosing.team, name="heed_team"),
    path("settings/notifications/defaults/", choosing.defaults, name="defaults"),
    path("settings/notifications/defaults/<slug:standing>/", choosing.defaults, name="defaults_of"),
    path("inbox/<int:entry>/", inbox.read, name="inbox_read"),
    path("digests/", digests.archive, name="digests"),
    path("digests/rhythm/", digests.rhythm, name="digest_rhythm"),
    path("digests/unsubscribe/<str:token>/", digests.unsubscribe, name="unsubscribe"),
    path("digests/<str:week>/", digests.week, name="digest"),
    path("presence/", presence.presence, name="presence"),
    path("settings/operations/", operations.show, name="operations"),
    path("settings/operations/state/", operations.state, name="operations_state"),
    path("settings/operations/retry/", operations.retry, name="operations_retry"),
    path("settings/operations/test-mail/", operations.send_test, name="operations_test_mail"),
    path("metrics", operations.show_metrics, name="metrics"),
    path("teams/<slug:slug>/chat/", chat.index, name="chats"),
    path("teams/<slug:slug>/chat/new/", chat.new, name="chat_new"),
    path("teams/<slug:slug>/chat/<int:pk>/", chat.edit, name="chat"),
    path("teams/<slug:slug>/chat/<int:pk>/<slug:action>/", chat.act, name="chat_act"),
    path("teams/<slug:slug>/mail-address/", mail.team_address, name="team_address"),
    path("mail/mute/<str:token>/", mail.mute_by_mail, name="mute_by_mail"),
    path("mail/incoming/", mail.hand_in, name="mail_incoming"),
    path("demo/mail/", demo_mail.show, name="demo_mail"),
    path("demo/mail/<int:mail>/", demo_mail.body, name="demo_mail_body"),
]
