"""What the house lacks: skills that open requests need and hardly anybody masters."""

from knowhow.bridges.posting import Draft, Lack, draft
from knowhow.models import Skill
from requests_app.bridging.subjects import coming, masters
from teams.company import company

# Where so few do it on their own, one who leaves takes it along.
FEW = 1


def lacks() -> list[Lack]:
    """Skills that open requests need and at most FEW people do on their own. Four queries."""
    needed = coming()
    known = masters(needed)
    listed = Skill.objects.filter(pk__in=needed, state=Skill.State.LISTED).select_related("group")
    return [
        Lack(one.name_de, one.name_en, one.side, needed[one.pk], known.get(one.pk, 0))
        for one in listed.order_by("pk")
        if known.get(one.pk, 0) <= FEW
    ]


def drafted(found: list[Lack]) -> Draft:
    """A posting for what is lacking, in the company's name."""
    own = company()
    return draft(own.name if own else "Tandem", found)
