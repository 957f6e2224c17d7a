from django.urls import URLPattern, path

from notifications.views import demo_mail, digest_feed, digests, inbox, open_digests, presence

app_name = "notifications"
urlpatterns: list[URLPattern] = [
    path("inbox/", inbox.show, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read_all"),
    path("inbox/<int:entry>/", inbox.read, name="inbox_read"),
    path("digests/", digests.archive, name="digests"),
    path("digests/rhythm/", digests.rhythm, name="digest_rhythm"),
    path("digests/unsubscribe/<str:token>/", digests.unsubscribe, name="unsubscribe"),
    path("digests/feed/", digest_feed.page, name="digest_feed"),
    path("digests/feed/close/", digest_feed.close, name="digest_feed_close"),
    path("digests/feed/<str:secret>.atom", digest_feed.file, name="digest_feed_file"),
    path("digests/<str:week>/", digests.week, name="digest"),
    path("digests/<str:week>/company/", open_digests.company, name="company_digest"),
    path("digests/<str:week>/teams/<slug:slug>/", open_digests.team, name="team_digest"),
    path("digests/<str:week>/teams/<slug:slug>/word/", open_digests.word, name="team_word"),
    path("settings/digest/", open_digests.use, name="digest_use"),
    path("presence/", presence.presence, name="presence"),
    path("demo/mail/", demo_mail.show, name="demo_mail"),
    path("demo/mail/<int:mail>/", demo_mail.body, name="demo_mail_body"),
]
