"""What both sides of a story prepare before work starts: date, cost, personal data, and the checklist."""

from datetime import date, timedelta

from portal.demo.cast import Cast
from portal.demo.stories import Story, ToDo
from requests_app.before_work.checklist import add_item, change_item
from requests_app.choices import PersonalData
from requests_app.intake.edit import edit
from requests_app.intake.fields import RequestFields
from requests_app.models import ChecklistItem
from teams.models import Person, Side

# Needs no account; what is still being shaped waits for her.
SIGNED_OFF_BY = "Dr. Nele Arndt, Datenschutz"


def prepare(number: int, story: Story, players: Cast, *, monday: date, today: date) -> None:
    """Write down what was agreed on, and put up the checklist, of which nothing is done yet."""
    edit(number, _agreed(story, monday, today), by=players.it_owner)
    for to_do in story.checklist:
        add_item(number, to_do.text, _who(to_do, players), by=players.it_owner)


def tick(number: int, to_do: ToDo, players: Cast) -> None:
    """Say that what a side has to do is done."""
    item = ChecklistItem.objects.get(request=number, text=to_do.text)
    change_item(number, item.pk, done=True, by=_who(to_do, players) or players.it_owner)


def _agreed(story: Story, monday: date, today: date) -> RequestFields:
    fields: RequestFields = {}
    if story.agreed is not None:
        fields["agreed_on"] = monday + timedelta(days=story.agreed)
    for name, euros in zip(("one_off_cost", "yearly_cost"), story.cost, strict=False):
        fields[name] = euros  # type: ignore[literal-required]
    if story.personal_data:
        fields |= {"personal_data": PersonalData.YES, "personal_data_which": story.personal_data}
        if story.fate != "shaping":
            fields |= {"personal_data_signed_by": SIGNED_OFF_BY, "personal_data_signed_on": today}
    return fields


def _who(to_do: ToDo, players: Cast) -> Person | None:
    owners = {Side.MARKETING.value: players.marketing_owner, Side.IT.value: players.it_owner}
    return owners.get(to_do.side)
