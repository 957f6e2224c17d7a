"""Small images: drawn anew, without metadata, and never at the price of the memory."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from requests_app.attachments import previews
from requests_app.attachments.previews import LONGEST_EDGE, Damaged, TooManyPixels, preview_of
from tests.requests_app.attachments.samples import PDF, SVG, bomb, picture


def drawn(content: bytes) -> Image.Image:
    return Image.open(BytesIO(preview_of(BytesIO(content))))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_each_format_becomes_a_small_webp(form: str) -> None:
    image = drawn(picture(form, (2000, 1000)))
    assert (image.format, image.size) == ("WEBP", (LONGEST_EDGE, LONGEST_EDGE // 2))


def test_a_small_image_is_not_blown_up() -> None:
    assert drawn(picture("PNG", (30, 20))).size == (30, 20)


def test_place_and_camera_stay_behind() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Spy camera"
    content = preview_of(BytesIO(picture("JPEG", exif=exif)))
    assert b"Spy camera" not in content
    assert not Image.open(BytesIO(content)).getexif()


def test_a_turned_photograph_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert drawn(picture("JPEG", (40, 20), exif=exif)).size == (20, 40)


def test_what_can_be_seen_through_stays_so() -> None:
    content = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(content, "PNG")
    assert drawn(content.getvalue()).mode == "RGBA"


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (1_000_000, 51), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_header(width: int, height: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(*args: Any) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(previews, "_drawn_anew", decoded)
    with pytest.raises(TooManyPixels):
        preview_of(BytesIO(bomb(width, height)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        picture("PNG", (300, 300))[:-60],
        picture("JPEG")[:200],
        PDF,
        SVG,
        bomb(30, 30),
    ],
)
def test_what_is_no_whole_image_is_damaged(content: bytes) -> None:
    with pytest.raises(Damaged):
        preview_of(BytesIO(content))


def test_other_formats_are_not_even_tried() -> None:
    content = BytesIO()
    Image.new("RGB", (9, 9)).save(content, "TIFF")
    with pytest.raises(Damaged):
        preview_of(content)
