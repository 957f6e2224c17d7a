"""What is new in an answer, as the programs of the world quote and sign; and that hostile text is cheap."""

import time

import pytest

from notifications.incoming.cutting import LONGEST_TEXT, new_words

ANSWER = "Gute Idee.\n\n- eins\n- zwei"
MARKED = "##- Write your answer above this line -##"

GMAIL = "Am Mo., 23. Nov. 2026 um 10:12 Uhr schrieb Tandem <t@x.example>:"
OUTLOOK = "From: Tandem <t@x.example>\nSent: Monday, November 23, 2026 10:12\nTo: Tom\nSubject: T-12\n\nold"
VON = "Von: Tandem <t@x.example>\nGesendet: Montag, 23. November 2026 10:12\nAn: Tom\n\nold"
THUNDERBIRD = "Am 23.11.26 um 10:12 schrieb Tandem:\n>\n> old"
BROKEN = "On Mon, 23 Nov 2026 at 10:12, Tandem via Long Company Name\n<t@x.example> wrote:\n\n> old"
FOREIGN = "Pirmd., 23. nov. 2026 Tandem <t@x.example> rakstija:"
# What follows the answer, by the program that it was written with.
AFTER = {
    "Gmail, German": f"\n\n{GMAIL}\n\n> {MARKED}\n> old",
    "Gmail, broken line": f"\n\n{BROKEN}",
    "Apple Mail": f"\n\n> On 23. Nov 2026, at 10:12, Tandem <t@x.example> wrote:\n> \n> {MARKED}\n> old",
    "Apple Mail, German": "\n\n> Am 23.11.2026 um 10:12 schrieb Tandem <t@x.example>:\n> \n> old",
    "Thunderbird": f"\n\n{THUNDERBIRD}",
    "Outlook": f"\n\n{OUTLOOK}",
    "Outlook, German": f"\n\n{VON}",
    "Outlook, starred": "\n\n*Von:* Tandem <t@x.example>\n*Gesendet:* Montag\n*An:* Tom\n\nold",
    "Outlook, rule": f"\n\n________________________________\n{OUTLOOK}",
    "Outlook, original": "\n\n-----Original Message-----\nFrom: Tandem\n\nold",
    "Outlook, Ursprüngliche": "\n\n-----Ursprüngliche Nachricht-----\nVon: Tandem\n\nold",
    "unknown language, marked": f"\n\n{FOREIGN}\n\n> {MARKED}\n> old",
    "signature": f"\n\n-- \nTom Reiter\nNordlicht GmbH\n\n{THUNDERBIRD}",
    "telephone": f"\n\nVon meinem iPhone gesendet\n\n> {GMAIL}\n> old",
    "telephone, English": "\n\nSent from my iPhone",
    "Outlook for phones": f"\n\nGet Outlook for iOS\n________________________________\n{OUTLOOK}",
    "marker alone": f"\n{MARKED}\nold",
    "nothing quoted": "",
    "windows": f"\n\n{THUNDERBIRD}".replace("\n", "\r\n"),
}


@pytest.mark.parametrize("program", AFTER)
def test_only_the_answer_stays(program: str) -> None:
    assert new_words(ANSWER + AFTER[program]) == ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "Am Montag schrieb ich es auf.\nDann kam Tom: es geht.",
        "On second thought: no.\nWe should wait.",
        "Von: hier bis dort sind es drei Tage.",
        "From: us\nwith love",
        "Das ist wichtig:\n\n- eins\n- zwei",
        "> quoted above\n\nand answered below",
        "a -- b",
    ],
)
def test_words_of_the_author_are_not_taken_for_a_quote(text: str) -> None:
    assert new_words(text) == text


@pytest.mark.parametrize("above", ["", "Am 23.11.26 um 10:12 schrieb Tandem:\n"])
def test_an_answer_below_the_quote_is_found(above: str) -> None:
    assert new_words(f"{above}> {MARKED}\n> old\n\nGut so.\n-- \nTom") == "Gut so."


def test_a_long_line_is_kept_whole() -> None:
    assert new_words("word " * 10_000) == ("word " * 10_000).strip()


@pytest.mark.parametrize("text", ["", "\n\n", "> only a quote", f"{MARKED}\nold", "-- \nTom"])
def test_where_nothing_is_new_nothing_stays(text: str) -> None:
    assert new_words(text) == ""


@pytest.mark.parametrize(
    "piece",
    [
        *(
            " \n",
            "Am ",
            "On a\n",
            "Von: x\n",
            ">",
            "- ",
            "_",
            "Best regards\n",
            "##-",
            "*",
            "wrote ",
            "On x wrote\n",
        )
    ],
)
def test_hostile_text_costs_little(piece: str) -> None:
    started = time.process_time()
    new_words(piece * (LONGEST_TEXT // len(piece)))
    assert time.process_time() - started < 2
