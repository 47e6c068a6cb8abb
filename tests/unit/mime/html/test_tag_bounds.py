# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mime.html.tag_bounds import MAX_ATTRIBUTES, bound_tags

MANY = [f"a{number}" for number in range(3 * MAX_ATTRIBUTES)]
SPACED = " ".join(MANY)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "no marks < 3",
        "<a href=\"x>y\" title='<b'>z</a>",
        "<p " + " ".join(MANY[: MAX_ATTRIBUTES // 2]) + ">",
        '<img src="data:image/png;base64,' + "A/+b" * 10_000 + '">',
        f"<p>{SPACED}</p>",
        "<b>" * 10_000,
    ],
)
def test_what_is_left_as_it_is(source):
    assert bound_tags(source) == source


@pytest.mark.parametrize(
    "source",
    [
        f"<a {SPACED}>",
        f"<a {SPACED}",
        "<a " + "/".join(MANY) + ">",
        "<a " + " ".join(f"{name}={name}" for name in MANY) + ">",
        "<a " + "".join(f"{name}='{name}'" for name in MANY) + ">",
        # Some read attributes within these quotes, some do not.
        f'<a b"="{SPACED}">',
        # Some see a tag in what others take for a script.
        f"<script><a b=\"</script><c d='\">' {SPACED}>",
    ],
)
def test_tags_with_too_many_attributes(source):
    bounded = bound_tags(source)
    assert MANY[MAX_ATTRIBUTES // 2] in bounded
    assert MANY[MAX_ATTRIBUTES] not in bounded


def test_a_long_text_in_quotes_is_one_attribute():
    assert bound_tags(f"<a b='{SPACED}'>") == f'<a b="{SPACED}">'


def test_the_first_attributes_stay_as_they_were():
    source = f"x<a href='http://a.example/' title='\"<b>' {SPACED}>y</a>"
    assert bound_tags(source).startswith('x<a href="http://a.example/" title="&quot;&lt;b&gt;" a0="" a1="" a2=""')
    assert bound_tags(source).endswith(">y</a>")


def test_tags_within_tags_are_given_up():
    assert bound_tags('<a b="' * 20_000) is None
