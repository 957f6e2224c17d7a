from django.db import models

from requests_app.models.request import Request
from teams.models import Person


class Supporter(models.Model):
    """Somebody who needs the same ("me too")."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="supporters")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="supported")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "person"], name="supporter_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.request_id}"


class Watcher(models.Model):
    """Somebody who is told what happens to a request.

    Whom requester, tandem or a lead have named (``is_named``) sees it where it is restricted; who follows
    such a request of their own accord sees it only as long as something else lets them.
    """

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="watchers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="watched")
    since = models.DateTimeField()
    is_named = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "person"], name="watcher_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.request_id}"


class Mute(models.Model):
    """Somebody who wants to hear nothing more of a request, or only where they are mentioned."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="mutes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="muted")
    since = models.DateTimeField()
    keeps_mentions = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "person"], name="mute_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.request_id}"
