"""Labels of many requests at once."""

from collections.abc import Iterable, Sequence

from requests_app.models import Label, Request


def put_labels(labelled: Iterable[tuple[Request, Sequence[str]]]) -> None:
    """Put labels, made where they do not exist, on requests that have none."""
    pairs = [(request, name) for request, names in labelled for name in dict.fromkeys(names)]
    names = {name for _request, name in pairs}
    Label.objects.bulk_create([Label(name=name) for name in sorted(names)], ignore_conflicts=True)
    ids = dict(Label.objects.filter(name__in=names).values_list("name", "pk"))
    through = Request.labels.through
    through.objects.bulk_create(
        [through(request_id=request.pk, label_id=ids[name]) for request, name in pairs], batch_size=5000
    )
