"""A request's whole life, from a vague wish to a measured effect, in the language of its people."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Later, Visit
from tests.e2e.visitor import Visitor, days_ahead
from tests.requests_app.attachments.samples import PDF

# The earliest day on which a result may be measured, and one more, whatever zone the machine is in.
MEASURED_AFTER = 15
# Found on no page but where it may be read.
WORST_CASE = {"de": "417,25", "en": "417.25"}


@dataclass(frozen=True)
class Told:
    """What the people write; ``twin`` is a request of the demo that resembles the ``first`` title."""

    language: str
    first: str
    twin: str
    title: str
    tool: str
    need: str
    vague: str
    outcome: str
    why: str
    question: str
    answer: str
    note: str
    metric: str
    to_do: str
    data: str
    agreed_because: str
    explainer: str
    limits: str
    what_to_do: str
    learnt: tuple[str, str]


GERMAN = Told(
    language="de",
    first="Newsletter-Themen wählen",
    twin="Newsletter-Themen selbst wählen",
    title="Ein Anlass statt aller Themen",
    tool="Wir brauchen ein neues Tool.",
    need="Leserinnen melden sich ab, weil zu viel Unpassendes kommt; 41 von 100 sagen das beim Abmelden.",
    vague="Alles wird besser.",
    outcome="Mit zwei Klicks ist gewählt, was kommt.",
    why="Sonst erreicht die Frühjahrskampagne die Neukundschaft nicht mehr.",
    question="Gilt das auch für Menschen, die schon vor zwei Jahren zugesagt haben?",
    answer="Ja, sie behalten zunächst alle Themen.",
    note="Ohne die Altabos trifft es vier von fünf Leserinnen.",
    metric="Abmeldungen je Ausgabe",
    to_do="Texte für sechs Themen schreiben",
    data="E-Mail-Adresse und die gewählten Themen.",
    agreed_because="Der Datenschutz hat unterschrieben.",
    explainer="In jeder Mail steht, welche Themen kommen und wie man sie abwählt.",
    limits="Mails zu Bestellungen kommen weiterhin.",
    what_to_do="Jemand bekommt zu viel: die Themen gemeinsam ansehen.",
    learnt=("Wenige Themen genügen.", "Die alten Verteiler hätten wir früher zählen sollen."),
)
ENGLISH = Told(
    language="en",
    first="Archive of repair guides",
    twin="Searchable archive of repair guides",
    title="Old manuals in the workshop",
    tool="We need a new tool.",
    need="Customers break the zip because they do not find our guide; 20 wrote so last month.",
    vague="Everything gets better.",
    outcome="They type what is broken and read our guide after 2 clicks.",
    why="Otherwise the winter season passes without it.",
    question="Does that include guides which are older than ten years?",
    answer="Yes, as long as the part can still be ordered.",
    note="Without the oldest guides it concerns four of five customers.",
    metric="complaints per week",
    to_do="Sort the guides by product",
    data="The words that people search for.",
    agreed_because="Data protection has signed.",
    explainer="The search knows every guide by product, part and what may break.",
    limits="It knows no guides of other makers.",
    what_to_do="A guide is missing: tell the service team its name.",
    learnt=("Short titles are found first.", "We should have counted the old addresses earlier."),
)


@dataclass
class Life:
    """One run of the story: its people and, once it is filed, its number."""

    told: Told
    title: str
    marketing: Visitor
    it: Visitor
    number: int = 0

    @property
    def path(self) -> str:
        return f"/requests/{self.number}/"

    def people(self) -> tuple[Visitor, Visitor]:
        return self.marketing, self.it


@pytest.fixture(params=[GERMAN, ENGLISH], ids=lambda told: told.language)
def life(request: pytest.FixtureRequest, visit: Visit) -> Iterator[Life]:
    told: Told = request.param
    life = Life(told, f"{told.title} {secrets.token_hex(4)}", visit("marketing"), visit("it"))
    for person in life.people():
        person.open("/")
        person.choose_language(told.language)
    yield life
    for person in life.people():
        person.open("/")
        person.choose_language("de")


def test_a_wish_becomes_a_measured_effect(life: Life, later: Later) -> None:
    writes_it_with_help(life)
    is_taken_asked_and_answered(life)
    scores_blindly(life)
    closes_the_divergence(life)
    completes_and_prepares_it(life)
    accepts_and_starts_it(life)
    attaches_and_delivers(life)
    measures_it(life, later(MEASURED_AFTER + 1, life.number))


def section(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(f"section#{name}")


def stands_at(visitor: Visitor, stage: str) -> None:
    expect(visitor.page.locator(".life [aria-current=step]")).to_have_text(visitor.reads(stage))


def types(visitor: Visitor, name: str, text: str) -> None:
    """As a person does, so that what listens to typing hears it."""
    field = visitor.page.locator(f"form#intake [name={name}]")
    field.fill("")
    field.press_sequentially(text)


def writes_it_with_help(life: Life) -> None:
    marketing, told, page = life.marketing, life.told, life.marketing.page
    marketing.open("/requests/new/")
    types(marketing, "title", told.first)
    twin = page.locator("#similar li").filter(has_text=told.twin)
    expect(twin).to_be_visible()
    expect(marketing.button("Support this instead", within=twin)).to_be_visible()
    # Theirs is another one after all, and says so.
    types(marketing, "title", life.title)
    for name, first, better in (
        ("customer_need", told.tool, told.need),
        ("outcome", told.vague, told.outcome),
    ):
        types(marketing, name, first)
        expect(page.locator(f"#hint-{name} .hint")).to_be_visible()
        types(marketing, name, better)
        expect(page.locator(f"#hint-{name} .hint")).to_have_count(0)
    marketing.choose("type", "website_app")
    marketing.fill("serving_team", "CRM-Plattform")
    marketing.fill("deadline", days_ahead(120))
    types(marketing, "deadline_reason", told.why)
    marketing.press("Submit request")
    life.number = marketing.submitted()
    stands_at(marketing, "Submitted")


def is_taken_asked_and_answered(life: Life) -> None:
    marketing, it, told = life.marketing, life.it, life.told
    it.open(life.path)
    it.press("Take IT's seat")
    expect(it.button("Take IT's seat")).to_have_count(0)
    it.fill("body", told.question, within=it.page.locator("#comment-form"))
    it.choose("question_to", "marketing")
    it.press("Send", "button")
    expect(section(it, "talk").locator("li.question.to-marketing")).to_contain_text(told.question)
    marketing.open(life.path)
    expect(marketing.page.locator(".next .turn.marketing")).to_be_visible()
    asked = section(marketing, "talk").locator("li.question")
    asked.locator("summary").click()
    marketing.fill("body", told.answer, within=asked)
    marketing.press("Answer", "button", within=asked.locator("form"))
    expect(section(marketing, "talk").locator("li.question")).to_have_count(0)
    expect(section(marketing, "talk")).to_contain_text(told.answer)
    it.open(life.path)
    it.press("Start shaping")
    stands_at(it, "Shaping")


def scores(visitor: Visitor, side: str, reach: str, days: dict[str, str]) -> None:
    """Everything a four but the reach."""
    form = visitor.page.locator(f"#score-{side}")
    for four in form.locator("input[type=radio][value='4']").all():
        four.check(force=True)
    form.locator(f"input[name=reach][value='{reach}']").check(force=True)
    for name, value in days.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("button[type=submit]").click()


def scores_blindly(life: Life) -> None:
    marketing, it = life.marketing, life.it
    worst = WORST_CASE[life.told.language]
    scores(it, "it", "2", {"best": "2", "likely": "3", "worst": worst})
    expect(section(it, "scores").locator(".own-scores")).to_contain_text(worst)
    for path in (life.path, f"{life.path}timeline/", "/matrix/?status=shaping", f"{life.path}scores/it/"):
        marketing.open(path)
        assert worst not in marketing.page.content()
        expect(marketing.page.locator(".duel, .own-scores, #score-it")).to_have_count(0)
    assert worst not in marketing.page.request.get(f"/api/v1{life.path}scores/").text()
    marketing.open(life.path)
    expect(section(marketing, "scores").locator("li.met")).to_have_count(1)
    scores(marketing, "marketing", "5", {})
    expect(section(marketing, "scores").locator(".duel")).to_have_count(6)
    it.open(life.path)
    for person in life.people():
        duels = section(person, "scores").locator(".duel")
        expect(duels).to_have_count(6)
        expect(duels.locator(".handle.marketing, .handle.it")).to_have_count(12)
        expect(duels.locator(".gap.from2.to5.apart")).to_have_count(1)
        expect(section(person, "scores")).to_contain_text(worst)


def closes_the_divergence(life: Life) -> None:
    """One owner proposes, the other assents; before that, nothing is agreed."""
    marketing, it, told = life.marketing, life.it, life.told
    form = it.page.locator("#joint-reach")
    form.locator("xpath=ancestor::details").locator("summary").click()
    form.locator("input[name=value][value='4']").check(force=True)
    it.fill("note", told.note, within=form)
    it.press("Propose", "button", within=form)
    expect(section(it, "scores").locator(".duel-talk")).to_contain_text(told.note)
    expect(section(it, "scores").locator(".pill.shared")).to_have_count(0)
    marketing.open(life.path)
    agree = marketing.reads("Agree to %(value)s") % {"value": 4}
    section(marketing, "scores").get_by_role("button", name=agree).click()
    expect(section(marketing, "scores").locator(".pill.shared")).to_have_text(marketing.reads("agreed"))
    expect(section(marketing, "scores").locator(".apart")).to_have_count(0)


def completes_and_prepares_it(life: Life) -> None:
    marketing, told, page = life.marketing, life.told, life.marketing.page
    expect(page.locator("#next-checks .missing")).to_have_count(2)
    marketing.press("Change")
    page.locator("[name=goal]").select_option(index=1)
    result = {"metric": told.metric, "baseline": "40", "target": "20"}
    prepared = {"personal_data_which": told.data, "one_off_cost": "9500"}
    for name, value in (result | prepared).items():
        marketing.fill(name, value)
    marketing.fill("measured_on", days_ahead(MEASURED_AFTER))
    marketing.choose("personal_data", "yes")
    marketing.press("Save changes")
    expect(page).to_have_url(re.compile(rf"{life.path}(#.*)?$"))
    expect(page.locator("#next-checks .missing")).to_have_count(0)
    marketing.press("Put on the checklist", within=section(marketing, "before-work"))
    dialog = page.get_by_role("dialog")
    marketing.fill("text", told.to_do, within=dialog)
    marketing.fill("person", "Tom Reiter", within=dialog)
    marketing.press("Put on the list", within=dialog)
    expect(page.locator("#item-add")).to_be_focused()
    item = section(marketing, "before-work").locator(".todo li")
    expect(item).to_contain_text("Tom Reiter")
    item.locator("button[aria-pressed=false]").click()
    expect(item.locator("button[aria-pressed=true]")).to_be_focused()


def accepts_and_starts_it(life: Life) -> None:
    """Without the sign-off of the personal data, a *yes* does not start."""
    marketing, it, told = life.marketing, life.it, life.told
    marketing.press("Accept", within=marketing.page.locator(".next"))
    stands_at(marketing, "Ready")
    forecast = marketing.page.locator(".forecast")
    expect(forecast).to_contain_text(re.compile(r"50\s%"))
    expect(forecast.locator(".hope")).to_be_visible()
    it.open(life.path)
    expect(it.button("Start", "action", it.page.locator(".next"))).to_be_disabled()
    expect(it.page.locator("#next-checks .missing")).to_have_count(1)
    it.press("Change")
    it.fill("personal_data_signed_by", "Dr. Nele Arndt")
    it.fill("personal_data_signed_on", days_ahead(0))
    it.fill("agreed_on", days_ahead(60))
    it.fill("reason", told.agreed_because)
    it.press("Save changes")
    expect(section(it, "before-work")).to_contain_text("Dr. Nele Arndt")
    it.press("Start", "action", it.page.locator(".next"))
    stands_at(it, "In progress")


def attaches_and_delivers(life: Life) -> None:
    marketing, it, told = life.marketing, life.it, life.told
    it.page.locator("#upload-files").set_input_files(
        {"name": "Test.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    expect(section(it, "attachments").get_by_role("link", name="Test.pdf")).to_be_visible()
    it.press("Hand over for review", within=it.page.locator(".next"))
    dialog = it.page.get_by_role("dialog")
    it.fill("explainer_title", life.title, within=dialog)
    it.fill("explainer_text", told.explainer, within=dialog)
    it.fill("explainer_limits", told.limits, within=dialog)
    it.fill("explainer_what_to_do", told.what_to_do, within=dialog)
    it.press("Hand over for review", within=dialog)
    stands_at(it, "In review")
    marketing.open(life.path)
    expect(section(marketing, "attachments").get_by_role("link", name="Test.pdf")).to_be_visible()
    marketing.press("Confirm delivery", within=marketing.page.locator(".next"))
    marketing.press("Confirm delivery", within=marketing.page.get_by_role("dialog"))
    stands_at(marketing, "Done")
    expect(section(marketing, "outcome").locator(".pill.warn")).to_have_count(0)


def measures_it(life: Life, later: str) -> None:
    marketing, it, told = life.marketing, life.it, life.told
    marketing.open(later + life.path)
    expect(section(marketing, "outcome").locator(".pill.warn")).to_have_text(
        marketing.reads("to be measured now")
    )
    marketing.press("Record the result", within=section(marketing, "outcome"))
    dialog = marketing.page.get_by_role("dialog")
    marketing.fill("measured", "30", within=dialog)
    marketing.fill("learnt", told.learnt[0], within=dialog)
    marketing.press("Record", within=dialog)
    # Half of the way down from 40 to 20.
    expect(section(marketing, "outcome").locator(".pill.warn")).to_have_text(
        marketing.reads("Partly reached", "outcome")
    )
    it.open(later + life.path)
    it.press("Write down what you have learnt", within=section(it, "outcome"))
    it.fill("learnt", told.learnt[1], within=it.page.get_by_role("dialog"))
    it.press("Save", within=it.page.get_by_role("dialog"))
    for lesson in told.learnt:
        expect(section(it, "outcome")).to_contain_text(lesson)
    it.open(f"{later}/matrix/?status=done")
    expect(it.page.locator(f"#dot-{life.number}")).to_contain_text(life.title)
    tells_the_whole_story(it, f"{later}{life.path}timeline/?all=1")


# In the order of their happening.
STORY = (
    *("submitted the request", "took IT's seat", "asked Marketing a question"),
    *("answered the question to Marketing", "started shaping", "accepted the request"),
    *("started the work", "confirmed the delivery", "asked Marketing what was achieved"),
    "wrote down what was learnt",
)


def tells_the_whole_story(visitor: Visitor, address: str) -> None:
    visitor.open(address)
    text = section(visitor, "timeline").inner_text()
    places = [text.rfind(visitor.reads(words)) for words in STORY]
    assert -1 not in places, [words for words, place in zip(STORY, places, strict=True) if place < 0]
    # The newest stands on top.
    assert places == sorted(places, reverse=True)
