from django.urls import URLPattern, path

from notifications.views import demo_mail, digests, inbox, presence

app_name = "notifications"
urlpatterns: list[URLPattern] = [
    path("inbox/", inbox.show, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read_all"),
    path("inbox/<int:entry>/", inbox.read, name="inbox_read"),
    path("digests/", digests.archive, name="digests"),
    path("digests/rhythm/", digests.rhythm, name="digest_rhythm"),
    path("digests/unsubscribe/<str:token>/", digests.unsubscribe, name="unsubscribe"),
    path("digests/<str:week>/", digests.week, name="digest"),
    path("presence/", presence.presence, name="presence"),
    path("demo/mail/", demo_mail.show, name="demo_mail"),
    path("demo/mail/<int:mail>/", demo_mail.body, name="demo_mail_body"),
]
