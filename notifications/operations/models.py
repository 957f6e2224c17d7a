from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy


class Process(models.TextChoices):
    WORKER = "worker", pgettext_lazy("process", "Worker")
    BEAT = "beat", pgettext_lazy("process", "Beat")
    MAILBOX = "mailbox", pgettext_lazy("process", "Mailbox")


class Heartbeat(models.Model):
    """That a process lives, said by itself every few seconds, in the database: so it holds without Redis.

    ``mailbox`` is no process but the last look into the mailbox that mail comes in by; ``trouble`` is what
    was wrong at the last beat, or empty.
    """

    process = models.CharField(max_length=10, choices=Process.choices)
    name = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    beaten_at = models.DateTimeField()
    trouble = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["process", "name"], name="heartbeat_once"),
            models.CheckConstraint(condition=Q(process__in=Process.values), name="heartbeat_process_known"),
        ]

    def __str__(self) -> str:
        return f"{self.process} {self.name}"
