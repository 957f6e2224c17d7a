"""The icon of the installed portal, drawn while building."""

from io import BytesIO

import pytest
from PIL import Image

from portal import icons


def drawn(size: int, part: float) -> Image.Image:
    return Image.open(BytesIO(icons.png(size, part)))


@pytest.mark.parametrize("size", [180, 192, 512])
def test_it_is_square_and_without_transparency_which_phones_paint_black(size: int) -> None:
    icon = drawn(size, 0.86)
    assert (icon.format, icon.size, icon.mode) == ("PNG", (size, size), "RGB")


def test_left_stands_marketing_right_it_and_between_them_what_both_share() -> None:
    icon, middle = drawn(512, 0.86), 256
    assert [icon.getpixel((x, middle)) for x in (90, middle, 420)] == [
        (0xE8, 0x59, 0x0C),
        (0x5F, 0x3D, 0xC4),
        (0x1C, 0x6D, 0xD0),
    ]
    assert icon.getpixel((2, 2)) == (255, 255, 255)


def test_a_mask_that_keeps_the_middle_four_fifths_cuts_nothing_of_the_logo() -> None:
    icon = drawn(512, 0.62)
    white = (255, 255, 255)
    outside = ((x, y) for x in range(0, 512, 4) for y in range(0, 512, 4))
    cut = [(x, y) for x, y in outside if (x - 256) ** 2 + (y - 256) ** 2 > (0.4 * 512) ** 2]
    assert {icon.getpixel(place) for place in cut} == {white}


def test_the_same_measures_give_the_same_file() -> None:
    assert icons.png(192, 0.86) == icons.png(192, 0.86)
