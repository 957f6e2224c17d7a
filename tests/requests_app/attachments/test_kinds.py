"""What a file is follows from its content."""

from io import BytesIO

import pytest

from requests_app.attachments import kinds
from requests_app.attachments.kinds import Kind, extension, fits, kind_of
from tests.requests_app.attachments.samples import (
    EXE,
    MP4,
    PDF,
    SVG,
    WEBM,
    archive,
    office,
    open_document,
    picture,
)


def of(content: bytes) -> Kind | None:
    return kind_of(BytesIO(content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("PNG"), kinds.PNG),
        (picture("JPEG"), kinds.JPEG),
        (picture("GIF"), kinds.GIF),
        (picture("WEBP"), kinds.WEBP),
        (PDF, kinds.PDF),
        (MP4, kinds.MP4),
        (WEBM, kinds.WEBM),
        (office("word"), kinds.DOCX),
        (office("xl"), kinds.XLSX),
        (office("ppt"), kinds.PPTX),
        (open_document("text"), kinds.ODT),
        (open_document("spreadsheet"), kinds.ODS),
        (open_document("presentation"), kinds.ODP),
        (archive("a.txt", "b.txt"), kinds.ZIP),
        (b"plain words", kinds.TEXT),
        ("Größe;Straße\n1;2\r\n".encode(), kinds.TEXT),
        # As spreadsheets of this country write it.
        ("Größe;Straße\n".encode("cp1252"), kinds.TEXT),
        (b"\xef\xbb\xbfwith a mark", kinds.TEXT),
        (b"5 < 6 and <3", kinds.TEXT),
        (SVG, kinds.MARKED_UP),
        (b"\xef\xbb\xbf \n" + SVG, kinds.MARKED_UP),
        (b"<!DOCTYPE html><p>", kinds.MARKED_UP),
        (b"<?xml version='1.0'?><svg/>", kinds.MARKED_UP),
        (b"<ScRiPt>alert(1)</script>", kinds.MARKED_UP),
    ],
)
def test_each_kind_is_known_by_its_content(content: bytes, kind: Kind) -> None:
    assert of(content) is kind


@pytest.mark.parametrize(
    "content", [EXE, b"\x7fELF" + b"\0" * 99, b"text with \x00", b"\x1b[31mred", bytes(range(256))]
)
def test_what_is_neither_text_nor_known_is_of_no_kind(content: bytes) -> None:
    assert of(content) is None


def test_a_control_character_far_behind_is_found() -> None:
    assert of(b"x" * (kinds.CHUNK_BYTES * 2) + b"\x00") is None


def test_an_office_document_is_known_whatever_its_entries_order() -> None:
    padding = [f"docProps/{n:04d}.xml" for n in range(400)]
    assert of(office("word", *padding)) is kinds.DOCX
    assert of(office("xl", "docProps/app.xml", "docProps/core.xml")) is kinds.XLSX


def test_an_archive_with_a_folder_of_that_name_is_no_office_document() -> None:
    assert of(archive("word/letter.txt")) is kinds.ZIP


def test_nothing_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def unpacked(*args: object) -> None:
        raise AssertionError("an archive was opened")

    monkeypatch.setattr("zipfile.ZipFile.__init__", unpacked)
    monkeypatch.setattr("zlib.decompressobj", unpacked)
    with pytest.raises(AssertionError):
        archive("a.txt")
    assert of(b"PK\x03\x04" + b"\0" * 60) is kinds.ZIP


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.PDF", "pdf"), ("a.b.png", "png"), ("noending", ""), (".hidden", "hidden"), ("dot.", "")],
)
def test_the_ending_of_a_name(name: str, ending: str) -> None:
    assert extension(name) == ending


def test_names_fit_by_their_ending() -> None:
    assert fits(kinds.JPEG, "photo.JPEG")
    assert not fits(kinds.JPEG, "photo.png")
    assert not fits(kinds.TEXT, "text")


def test_no_ending_belongs_to_two_kinds_and_none_to_what_carries_scripts() -> None:
    endings = [ending for kind in kinds.TAKEN for ending in kind.extensions]
    assert len(endings) == len(set(endings))
    assert not {"svg", "html", "htm", "xml", "js", "docm", "xlsm", "exe"} & set(endings)
    assert "svg" not in kinds.all_extensions()
