"""What is taken, and in which words all else is refused, in both languages."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from requests_app.attachments.examining import examine
from requests_app.models.attachments import LARGEST_FILE
from teams.rules import InvalidFields, Missing
from tests.requests_app.attachments.samples import (
    EXE,
    MP4,
    PDF,
    SVG,
    archive,
    bomb,
    office,
    picture,
    upload,
)


def refused(*files: SimpleUploadedFile, language: str = "en") -> tuple[Missing, ...]:
    with translation.override(language), pytest.raises(InvalidFields) as error:
        examine(files)
    assert {missing.field for missing in error.value.missing} == {"file"}
    return error.value.missing


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("photo.jpg", picture("JPEG"), "image/jpeg"),
        ("PLAN.PDF", PDF, "application/pdf"),
        ("numbers.csv", b"a;b\n", "text/plain"),
        (
            "letter.docx",
            office("word"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("all.zip", archive("a"), "application/zip"),
        ("film.mp4", MP4, "video/mp4"),
    ],
)
def test_what_is_taken_has_its_type_by_content(name: str, content: bytes, content_type: str) -> None:
    (taken,) = examine([upload(name, content)])
    assert (taken.name, taken.size, taken.content_type) == (name, len(content), content_type)
    assert bool(taken.preview) == content_type.startswith("image/")


def test_the_type_that_the_sender_claims_counts_nothing() -> None:
    sent = upload("plan.pdf", PDF)
    sent.content_type = "text/html"
    assert examine([sent])[0].content_type == "application/pdf"


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("empty.txt", b"", "empty", "“empty.txt” is empty."),
        ("drawing.svg", SVG, "type_not_taken", "“drawing.svg” is a web page or an SVG drawing"),
        ("drawing.png", SVG, "type_not_taken", "“drawing.png” is a web page or an SVG drawing"),
        ("page.txt", b"<html><script>", "type_not_taken", "can carry scripts"),
        ("plan.pdf", picture(), "content_differs", "not what its name says: it is a PNG image."),
        ("photo.jpg", picture("PNG"), "content_differs", "not what its name says: it is a PNG image."),
        ("photo.png", EXE, "content_differs", "not what its name says."),
        ("tool.exe", EXE, "type_not_taken", "of a kind that is not taken. These are: png, jpg"),
        ("tool.exe", b"harmless", "type_not_taken", "of a kind that is not taken"),
        ("macros.docm", office("word"), "type_not_taken", "of a kind that is not taken"),
        ("archive.zip", office("word"), "content_differs", "it is a Word document."),
        ("no ending", PDF, "type_not_taken", "of a kind that is not taken"),
        ("huge.png", bomb(60_000, 60_000), "too_many_pixels", "more than 50 million pixels"),
        ("half.png", picture("PNG", (300, 300))[:-60], "damaged", "the image cannot be opened"),
        ("invoice\u202egnp.exe", picture(), "type_not_taken", "“invoicegnp.exe” is of a kind"),
    ],
)
def test_what_is_refused_and_why(name: str, content: bytes, code: str, words: str) -> None:
    (missing,) = refused(upload(name, content))
    assert missing.code == code
    assert words in str(missing.message)


def too_large() -> SimpleUploadedFile:
    sent = upload("film.mp4", MP4)
    sent.size = 26 * 1024 * 1024
    return sent


def test_26_mb_are_too_large() -> None:
    (missing,) = refused(too_large())
    assert missing.code == "too_large"
    assert (
        str(missing.message).replace("\xa0", " ")
        == "“film.mp4” has 26.0 MB; a file may have at most 25.0 MB."
    )


def test_exactly_25_mb_are_taken() -> None:
    sent = upload("notes.txt", b"x" * LARGEST_FILE)
    assert examine([sent])[0].size == LARGEST_FILE
    assert refused(upload("notes.txt", b"x" * (LARGEST_FILE + 1)))[0].code == "too_large"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (too_large, "höchstens"),
        (lambda: upload("bild.png", SVG), "Skripte"),
        (lambda: upload("plan.pdf", picture()), "PNG-Bild"),
        (lambda: upload("x.exe", EXE), "nicht angenommen"),
        (lambda: upload("leer.txt", b""), "leer"),
    ],
)
def test_it_is_said_in_german_too(sent: Any, words: str) -> None:
    (missing,) = refused(sent(), language="de")
    assert words in str(missing.message)


def test_of_several_each_that_is_wrong_is_named() -> None:
    wrong = refused(upload("a.png"), upload("b.svg", SVG), upload("c.pdf", EXE))
    assert [missing.code for missing in wrong] == ["type_not_taken", "content_differs"]
