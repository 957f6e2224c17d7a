from django.urls import path

from notifications.api.digests import (
    CompanyDigestView,
    DigestPreviewView,
    DigestsView,
    DigestView,
    TeamDigestView,
)
from notifications.api.notifications import (
    NotificationArchiveView,
    NotificationLaterView,
    NotificationReadView,
    NotificationsView,
    NotificationView,
    UnreadView,
)

urlpatterns = [
    path("notifications/", NotificationsView.as_view(), name="notifications"),
    path("notifications/unread/", UnreadView.as_view(), name="notifications_unread"),
    path("notifications/<int:entry>/", NotificationView.as_view(), name="notification"),
    path("notifications/<int:entry>/read/", NotificationReadView.as_view(), name="notification_read"),
    path(
        "notifications/<int:entry>/archive/", NotificationArchiveView.as_view(), name="notification_archive"
    ),
    path("notifications/<int:entry>/later/", NotificationLaterView.as_view(), name="notification_later"),
    path("digests/", DigestsView.as_view(), name="digests"),
    path("digests/preview/", DigestPreviewView.as_view(), name="digest_preview"),
    path("digests/<str:week>/", DigestView.as_view(), name="digest"),
    path("digests/<str:week>/company/", CompanyDigestView.as_view(), name="company_digest"),
    path("digests/<str:week>/teams/<slug:slug>/", TeamDigestView.as_view(), name="team_digest"),
]
