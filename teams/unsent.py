"""What was sent after a session had ended: kept until its author has signed in again, and for them alone."""

from django.http import HttpRequest, QueryDict

from teams.http import AuthedRequest

UNSENT = "unsent"
# A form says in this field for whom it was drawn; what does not say so is not kept.
AUTHOR = "author"
# A whole form with every text at its limit, percent-encoded, stays below this.
LONGEST = 150_000


def keep(request: HttpRequest) -> bool:
    """Whether the form that ``request`` sends is kept, in the session that the sign-in goes on with.

    Nothing of it is performed: after the sign-in it stands filled in where it stood, see ``typed``.
    """
    if not request.POST.get(AUTHOR):
        return False
    body = request.POST.urlencode()
    if len(body) > LONGEST:
        return False
    request.session[UNSENT] = {"path": request.path, "body": body}
    return True


def typed(request: AuthedRequest, at: str = "") -> QueryDict | None:
    """What the form that is sent to ``at`` (to this page, where not given) shall hold; None: nothing yet.

    That is what is being sent, or once what its author had sent when their session had ended.
    """
    if request.method == "POST":
        return request.POST
    kept = request.session.get(UNSENT)
    if kept is None or kept["path"] != (at or request.path):
        return None
    del request.session[UNSENT]
    found = QueryDict(kept["body"])
    return found if found.get(AUTHOR) == str(request.user.pk) else None
